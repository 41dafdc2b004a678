"""The kernels on screen are the network's own, now and before any training."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.filters import filters
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

SMALL = CnnSpec(dataset="digits", channels=(3, 4), dense_units=(5,), examples=100)


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(SMALL)
    run.advance(9)
    return run


@pytest.mark.parametrize("row", ["conv1", "conv2"])
def test_kernels_are_those_of_the_state(run: CnnRun, row: str) -> None:
    trace, untrained = filters(run, row), CnnRun(SMALL)
    now = run.network.state_dict()[f"{row}.weight"].numpy()
    before = untrained.network.state_dict()[f"{row}.weight"].numpy()
    np.testing.assert_array_equal(trace["weight"], now)
    np.testing.assert_array_equal(trace["first"], before)
    np.testing.assert_array_equal(trace["bias"], run.network.state_dict()[f"{row}.bias"].numpy())
    np.testing.assert_array_equal(trace.state[f"{row}.weight"], now)
    assert trace["limit"] == np.abs(now).max()
    for k, (w, w0) in enumerate(zip(now, before, strict=True)):
        assert trace["norm"][k] == pytest.approx(np.linalg.norm(w.ravel()), rel=1e-6)
        assert trace["moved"][k] == pytest.approx(np.linalg.norm(w - w0) / np.linalg.norm(w0), rel=1e-6)
    whole = np.linalg.norm(now - before) / np.linalg.norm(before)
    assert trace["layer_moved"] == pytest.approx(whole, rel=1e-6)
    assert whole > 0


def test_the_strongest_cell_is_the_one_of_the_picture(run: CnnRun) -> None:
    heard: list[torch.Tensor] = []
    handle = run.network.conv2.register_forward_hook(lambda _module, _given, made: heard.append(made))
    run.network.eval()
    with torch.no_grad():
        run.network(run.picture[None])
    run.network.train()
    handle.remove()
    np.testing.assert_array_equal(filters(run, "conv2")["strongest"], heard[0][0].amax((1, 2)).numpy())


def test_nothing_has_moved_before_the_first_step() -> None:
    untrained = CnnRun(SMALL)
    for row in ("", "conv2"):
        trace = filters(untrained, row)
        np.testing.assert_array_equal(trace["first"], trace["weight"])
        assert not trace["moved"].any()
        assert trace["layer_moved"] == 0


def test_first_weights_follow_a_network_that_is_built_anew(run: CnnRun) -> None:
    other = CnnRun(SMALL)
    filters(other)
    kept = other.snapshot()
    other.set({"seed": 7})
    seven = CnnRun(dataclasses.replace(SMALL, seed=7)).network.state_dict()["conv1.weight"].numpy()
    np.testing.assert_array_equal(filters(other)["first"], seven)
    other.advance(2)
    other.restore(kept)
    np.testing.assert_array_equal(filters(other)["first"], filters(run)["first"])
    assert other.set({"learning_rate": 0.1}) is False
    np.testing.assert_array_equal(filters(other)["first"], filters(run)["first"])


def test_a_large_layer_comes_in_parts() -> None:
    large = CnnRun(CnnSpec(dataset="shapes", channels=(40, 70), kernel_sizes=(5,), dense_units=(), examples=50))
    weight = large.network.state_dict()["conv2.weight"].numpy()
    first = filters(large, "conv2")
    assert first["weight"].shape == (64, 32, 5, 5)
    np.testing.assert_array_equal(first["weight"], weight[:64, :32])
    rest = filters(large, "conv2", output_from=64, input_from=32)
    np.testing.assert_array_equal(rest["weight"], weight[64:, 32:])
    assert (rest["output_from"], rest["input_from"]) == (64, 32)
    np.testing.assert_allclose(rest["norm"], np.linalg.norm(weight[64:].reshape(6, -1), axis=1), rtol=1e-6)
    assert first["limit"] == rest["limit"] == np.abs(weight).max()
    assert filters(large)["weight"].shape == (40, 3, 5, 5)


def test_what_a_page_that_asks_often_leaves_out(run: CnnRun) -> None:
    trace = filters(run, first=False, parameters=False)
    assert "first" not in trace.arrays
    assert trace.state == {}


def test_bad_questions(run: CnnRun) -> None:
    with pytest.raises(InvalidInput, match=r"filters\.row must be one of conv1, conv2. Got 'pool1'. Try conv1"):
        filters(run, "pool1")
    with pytest.raises(InvalidInput, match=r"filters\.output_from .* from 0 to 3: conv2 has 4 filters. Got 4"):
        filters(run, "conv2", output_from=4)
    with pytest.raises(InvalidInput, match=r"filters\.input_from .* from 0 to 2: conv2 reads 3 maps. Got -1"):
        filters(run, "conv2", input_from=-1)
