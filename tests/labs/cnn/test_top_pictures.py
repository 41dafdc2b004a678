"""Activations of the test pictures, against hooks on the run's own network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn import top_pictures as module
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.labs.cnn.top_pictures import at_a_time, top_pictures
from dlviz.labs.cnn.units import rows_of
from dlviz.training.jobs import to_the_end

SMALL = CnnSpec(dataset="digits", channels=(3, 4), dense_units=(5,), examples=100)


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(SMALL)
    run.advance(9)
    return run


def heard(run: CnnRun, row: str) -> tuple[Tensor, Tensor]:
    """What a row gives for every test picture, and the logits, in one batch through the run's own network."""
    kept: list[Tensor] = []
    handle = run.network.get_submodule(row).register_forward_hook(lambda _module, _given, made: kept.append(made))
    run.network.eval()
    with torch.no_grad():
        logits = run.network(run.pictures.test_x)
    run.network.train()
    handle.remove()
    return kept[0], logits


@pytest.mark.parametrize("row", [row.name for row in rows_of(SMALL)])
@pytest.mark.parametrize("measure", ["cell", "map"])
def test_the_pictures_with_the_largest_activation(run: CnnRun, row: str, measure: str) -> None:
    trace = to_the_end(top_pictures(run, row, measure))
    made, logits = heard(run, row)
    maps = made.ndim == 4
    expected = made if not maps else made.flatten(2).max(2).values if measure == "cell" else made.flatten(2).mean(2)
    found = torch.from_numpy(trace["activation"])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    top = expected.topk(9, dim=0).values
    for channel in range(found.shape[1]):
        order = np.argsort(-trace["activation"][:, channel], kind="stable")[:9]
        torch.testing.assert_close(expected[order, channel], top[:, channel], rtol=1e-4, atol=1e-5)
    if maps:
        pictures, channels = torch.meshgrid(*(torch.arange(n) for n in found.shape), indexing="ij")
        y, x = (torch.from_numpy(trace[name].astype(np.int64)) for name in ("y", "x"))
        torch.testing.assert_close(made[pictures, channels, y, x], made.amax((2, 3)), rtol=1e-4, atol=1e-5)
    assert ("field" in trace.arrays) == ("y" in trace.arrays) == maps
    shares = logits.softmax(1)
    np.testing.assert_array_equal(trace["answer"], shares.argmax(1).numpy())
    np.testing.assert_allclose(trace["confidence"], shares.max(1).values.numpy(), rtol=1e-4)
    np.testing.assert_array_equal(trace["truth"], run.pictures.test_y.numpy())
    assert trace["at_step"] == 9
    np.testing.assert_array_equal(trace.state["conv1.weight"], run.network.state_dict()["conv1.weight"].numpy())


def test_what_is_there_already_is_shown_on_the_way(run: CnnRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARTIAL", -1)
    whole = to_the_end(top_pictures(run, "act1"))
    steps = list(top_pictures(run, "act1"))
    assert [step.done for step in steps] == [100, 200, 300]
    assert steps[0].text == "100 of 360 test pictures"
    for step in steps:
        assert step.trace is not None
        for name in ("activation", "y", "x", "truth", "answer", "confidence"):
            np.testing.assert_array_equal(step.trace[name], whole[name][: step.done])


def test_training_that_goes_on_changes_nothing() -> None:
    run, still = CnnRun(SMALL), CnnRun(SMALL)
    moving = top_pictures(run, "conv2")
    run.advance(3)
    next(moving)
    run.set({"channels": (2,)})
    trace, expected = to_the_end(moving), to_the_end(top_pictures(still, "conv2"))
    np.testing.assert_array_equal(trace["activation"], expected["activation"])
    assert trace["at_step"] == 0


def test_a_move_is_short_also_of_a_large_network() -> None:
    large = CnnSpec(dataset="shapes", channels=(512, 512), dense_units=())
    assert at_a_time(SMALL) == 100
    assert at_a_time(large) == 1


def test_bad_questions(run: CnnRun) -> None:
    with pytest.raises(InvalidInput, match=r"top_pictures\.row must be one of conv1, .*output. Got 'flatten'"):
        top_pictures(run, "flatten")
    with pytest.raises(InvalidInput, match=r"top_pictures\.measure must be one of cell, map. Got 'max'"):
        top_pictures(run, "conv1", "max")
