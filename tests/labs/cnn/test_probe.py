"""What every layer makes of the picture, against torch applied by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn.probe import feature_maps
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

SMALL = {"dataset": "digits", "channels": (3, 4), "dense_units": (5,), "examples": 100}


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(CnnSpec(**SMALL))  # type: ignore[arg-type]
    run.advance(6)
    return run


def by_hand(trace: Trace) -> dict[str, torch.Tensor]:
    """Every layer from `input` and `state/` alone, written with functions."""
    w = {name: torch.from_numpy(value) for name, value in trace.state.items()}
    x, found = torch.from_numpy(trace["input"])[None], {}
    for block in (1, 2):
        conv, norm = f"conv{block}", f"norm{block}"
        found[conv] = x = functional.conv2d(x, w[f"{conv}.weight"], w[f"{conv}.bias"], padding=1)
        mean, variance = w[f"{norm}.running_mean"], w[f"{norm}.running_var"]
        x = (x - mean[:, None, None]) / (variance[:, None, None] + 1e-5).sqrt()
        found[norm] = x = x * w[f"{norm}.weight"][:, None, None] + w[f"{norm}.bias"][:, None, None]
        found[f"act{block}"] = x = x.clamp(min=0)
        found[f"pool{block}"] = x = functional.max_pool2d(x, 2)
    found["flatten"] = x = x.reshape(1, -1)
    found["dense1"] = x = x @ w["dense1.weight"].T + w["dense1.bias"]
    found["dense_act1"] = found["dropout1"] = x = x.clamp(min=0)
    found["output"] = found["logits"] = x @ w["output.weight"].T + w["output.bias"]
    return {name: value[0] for name, value in found.items()}


def test_every_row_is_what_its_weights_make_of_the_picture(run: CnnRun) -> None:
    trace = feature_maps(run)
    expected = by_hand(trace)
    assert set(trace.arrays) == {"input", *expected}
    for name, values in expected.items():
        np.testing.assert_allclose(trace[name], values.numpy(), rtol=1e-4, atol=1e-5, err_msg=name)
        kind = ("channel", "height", "width") if values.ndim == 3 else ("class",) if name == "logits" else ("unit",)
        assert trace.dims[name] == kind
    assert {f"{row.name}" for row in run.spec.rows} - {"softmax"} == set(expected) - {"logits"}


def test_own_pictures_are_shown_to_the_network(run: CnnRun) -> None:
    own = np.random.default_rng(0).random((8, 8))
    flat, deep = feature_maps(run, input=own.tolist()), feature_maps(run, input=own[None])
    assert np.array_equal(flat["input"][0], own.astype(np.float32))
    np.testing.assert_allclose(flat["logits"], by_hand(flat)["logits"].numpy(), rtol=1e-4, atol=1e-5)
    assert np.array_equal(flat["logits"], deep["logits"])
    assert not np.array_equal(flat["logits"], feature_maps(run)["logits"])


@pytest.mark.parametrize(
    "row", ["conv1", "norm1", "act1", "pool1", "conv2", "dense1", "dense_act1", "dropout1", "output"]
)
def test_one_map_brings_all_that_it_is_made_of(run: CnnRun, row: str) -> None:
    whole, one = feature_maps(run), feature_maps(run, row=row, channel=2)
    assert np.array_equal(one["output"], whole[row][2:3])
    x = torch.from_numpy(one["input"])[None]
    number = {name: torch.from_numpy(one[name]) for name in one.arrays}
    if row.startswith("conv"):
        made = functional.conv2d(x, number["weight"], number["bias"], padding=1)
    elif row.startswith("norm"):
        scale = (number["running_var"] + number["eps"]).sqrt()
        made = ((x - number["running_mean"]) / scale * number["weight"] + number["bias"]).float()
    elif row.startswith("pool"):
        made = functional.max_pool2d(x, 2)
    elif row in ("dense1", "output"):
        made = functional.linear(x, number["weight"], number["bias"])
    else:
        made = x if row == "dropout1" else x.clamp(min=0)
    np.testing.assert_allclose(one["output"], made[0].numpy(), rtol=1e-4, atol=1e-5)


def test_a_row_without_a_channel_brings_all_of_it(run: CnnRun) -> None:
    trace = feature_maps(run, row="conv2")
    assert trace["weight"].shape == (4, 3, 3, 3)
    assert trace["output"].shape == (4, 4, 4)
    assert trace["input"].shape == (3, 4, 4)
    assert feature_maps(run, row="flatten")["output"].shape == (16,)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"input": np.zeros((7, 8))}, "1 × 8 × 8"),
        ({"input": np.zeros((3, 8, 8))}, "'3 × 8 × 8'"),
        ({"input": [[1.0], [1.0, 2.0]]}, "rows of the same length"),
        ({"input": "seven"}, "must be numbers"),
        ({"input": np.full((8, 8), np.nan)}, "Got nan"),
        ({"input": np.full((8, 8), 1e9)}, "between -1000 and 1000"),
        ({"row": "conv3"}, "conv1, norm1"),
        ({"row": "softmax"}, "must be one of"),
        ({"row": ["conv1"]}, "must be one of"),
        ({"row": "conv1", "channel": 3}, r"\[0, 2\]"),
        ({"row": "conv1", "channel": -1}, r"\[0, 2\]"),
        ({"row": "conv1", "channel": 0.5}, "whole number"),
        ({"row": "conv1", "channel": True}, "whole number"),
        ({"channel": 1}, "row"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(run: CnnRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        feature_maps(run, **options)
