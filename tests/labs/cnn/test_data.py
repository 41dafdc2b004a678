"""The pictures of the CNN lab: the parts share nothing, the classes are alike, fetched sets are read as kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.data import keeping
from dlviz.data.digits import mnist_5k
from dlviz.data.photos import FILES, photo
from dlviz.labs.cnn import data, online
from dlviz.labs.cnn.spec import SETS, CnnSpec

HERE = [name for name in SETS if name not in online.CLASSES]
PARTS = ("train", "validation", "test")


def hashes(pictures: torch.Tensor) -> set[str]:
    return {hashlib.sha256(picture.numpy().tobytes()).hexdigest() for picture in pictures}


@pytest.mark.parametrize("name", HERE)
def test_no_picture_is_in_two_parts_and_the_classes_are_alike(name: str) -> None:
    pictures = data.load(CnnSpec(dataset=name, examples=4000))
    known = {part: hashes(getattr(pictures, f"{part}_x")) for part in PARTS}
    assert not known["train"] & known["test"]
    assert not known["train"] & known["validation"]
    assert not known["validation"] & known["test"]
    channels, side, names = SETS[name]
    for part in PARTS:
        x, y = getattr(pictures, f"{part}_x"), getattr(pictures, f"{part}_y")
        assert x.shape == (len(y), channels, side, side)
        assert x.dtype == torch.float32
        assert 0 <= x.min() < x.max() <= 1
        counts = y.bincount(minlength=len(names))
        assert len(counts) == len(names)
        # Of the 1,797 small digits no two classes have equally many, 174 to 183.
        assert counts.max() - counts.min() <= (8 if name == "digits" else 1), part


def test_the_digits_are_split_at_7_1_2_and_keep_their_labels() -> None:
    pictures = data.load(CnnSpec())
    assert [len(getattr(pictures, f"{part}_y")) for part in PARTS] == [3500, 500, 1000]
    known, labels = mnist_5k()
    label_of = {
        hashlib.sha256(p.astype(np.float32).tobytes()).hexdigest(): y for p, y in zip(known, labels, strict=True)
    }
    for part in PARTS:
        x, y = getattr(pictures, f"{part}_x")[:200], getattr(pictures, f"{part}_y")[:200]
        found = [label_of[hashlib.sha256((p[0] * 255).round().numpy().tobytes()).hexdigest()] for p in x]
        assert found == y.tolist()


@pytest.mark.parametrize("examples", [50, 123, 500])
def test_fewer_pictures_are_as_even_as_can_be_and_leave_the_other_parts(examples: int) -> None:
    some, every = data.load(CnnSpec(examples=examples)), data.load(CnnSpec())
    counts = some.train_y.bincount(minlength=10)
    assert len(some.train_y) == examples
    assert counts.max() - counts.min() <= 1
    assert hashes(some.train_x) < hashes(every.train_x)
    assert torch.equal(some.test_x, every.test_x)
    assert torch.equal(some.validation_x, every.validation_x)


def test_patches_are_from_their_own_columns_of_the_photographs() -> None:
    """Found again in the photographs by comparing: no patch of one part reaches into another's columns."""
    pictures = data.load(CnnSpec(dataset="patches"))
    names = list(FILES)
    for part in PARTS:
        x, y = getattr(pictures, f"{part}_x"), getattr(pictures, f"{part}_y")
        low, high = data.COLUMNS[part]
        for k in range(0, 60):
            patch = (x[k] * 255).round().byte().permute(1, 2, 0).numpy()
            whole = photo(names[y[k]], data.PHOTO_SIDE)
            windows = np.lib.stride_tricks.sliding_window_view(whole[:, low:high], patch.shape)[:, :, 0]
            rough = (windows[..., ::8, ::8, 0] == patch[::8, ::8, 0]).all((-1, -2))
            assert any((windows[row, column] == patch).all() for row, column in np.argwhere(rough)), (part, k)
    edges = [data.COLUMNS[part] for part in PARTS]
    assert [edge for pair in edges for edge in pair] == sorted(edge for pair in edges for edge in pair)
    assert edges[0][0] == 0
    assert edges[-1][1] == data.PHOTO_SIDE


def test_masks_belong_to_the_test_shapes() -> None:
    pictures = data.load(CnnSpec(dataset="shapes"))
    assert pictures.masks is not None
    assert pictures.masks.shape == (len(pictures.test_y), 32, 32)
    # The ink is apart from the ground: what the mask covers has another mean than what it leaves.
    inside = pictures.masks[:, None] > 0.99
    means = [[(x[:, m[0]]).mean() for m in (cover, ~cover)] for x, cover in zip(pictures.test_x, inside, strict=True)]
    assert min(abs(a - b) for a, b in means) > 0.1


def test_a_set_that_was_not_fetched_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path))
    with pytest.raises(InvalidInput, match=r"CnnSpec\.dataset must be on this machine, .* has to be fetched first"):
        CnnSpec(dataset="cifar10")
    spec, ignored = specs.read_leniently(CnnSpec, {"dataset": "cifar10", "channels": "8"})
    assert (spec.dataset, spec.channels) == ("mnist", (8,))
    assert len(ignored) == 1
    with pytest.raises(InvalidInput, match="has to be fetched first"):
        online.read("fashion")
