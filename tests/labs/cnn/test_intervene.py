"""Channels silenced and scaled: against forward hooks that multiply, and accuracies counted in one batch."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.cnn import ablation as ablating
from dlviz.labs.cnn import turns
from dlviz.labs.cnn.ablation import ablation
from dlviz.labs.cnn.intervening import intervene
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.jobs import to_the_end

SMALL = CnnSpec(dataset="digits", channels=(4, 6), dense_units=(8,), examples=400)
SEVERAL = [["conv1", 2, -1], ["act2", 0, 0], ["act2", 5, 2.5], ["dense1", 3, 0.5], ["dense_act1", 7, 0]]
CHANGES = ([], [["act1", 1, 0]], [["conv2", 3, 3.0]], [["dense1", 2, -0.5]], SEVERAL)


def trained(spec: CnnSpec = SMALL, steps: int = 40) -> CnnRun:
    run = CnnRun(spec)
    run.advance(steps)
    return run


@pytest.fixture(scope="module")
def run() -> CnnRun:
    return trained()


@contextmanager
def multiplied(network: nn.Sequential, changes: Any) -> Iterator[nn.Sequential]:
    """A copy of the network in evaluation mode whose hooks multiply channels, as torch's own manual has it."""
    network = copy.deepcopy(network).eval()
    for name, channel, gain in changes:

        def multiply(_module: nn.Module, _given: Any, output: Tensor, k: int = channel, by: float = gain) -> Tensor:
            output = output.clone()
            output[:, k] *= by
            return output

        network.get_submodule(name).register_forward_hook(multiply)
    with torch.no_grad():
        yield network


def accuracies(run: CnnRun, changes: Any) -> tuple[float, np.ndarray]:
    """Overall and of each class, all test pictures in one batch."""
    y = run.pictures.test_y
    with multiplied(run.network, changes) as network:
        right = (network(run.pictures.test_x).argmax(1) == y).double()
    return right.mean().item(), np.array([right[y == k].mean().item() for k in range(run.spec.class_count)])


@pytest.mark.parametrize("changes", CHANGES, ids=len)
def test_gains_are_what_a_hook_that_multiplies_makes(run: CnnRun, changes: Any) -> None:
    for row in ("conv1", "act1", "conv2", "act2", "dense1", "dense_act1"):
        trace = intervene(run, row, changes)
        below = [change for change in changes if change[0] != row]
        seen: list[Tensor] = []
        with multiplied(run.network, below) as network:
            network.get_submodule(row).register_forward_hook(lambda _m, _g, output, seen=seen: seen.append(output))
            network(run.picture[None])
        np.testing.assert_allclose(trace["output"], seen[0][0].numpy(), atol=1e-6)
        with multiplied(run.network, changes) as network, multiplied(run.network, []) as untouched:
            expected, before = network(run.picture[None])[0], untouched(run.picture[None])[0]
        np.testing.assert_allclose(trace["logits_changed"], expected.numpy(), atol=1e-5)
        np.testing.assert_allclose(trace["logits"], before.numpy(), atol=1e-6)
        np.testing.assert_allclose(trace["probabilities_changed"], expected.softmax(0).numpy(), atol=1e-6)
        np.testing.assert_allclose(trace["probabilities"], before.softmax(0).numpy(), atol=1e-6)
        own = {channel: gain for name, channel, gain in changes if name == row}
        assert trace["gains"].tolist() == [own.get(k, 1) for k in range(len(trace["gains"]))]
    assert bool(changes) == (not np.allclose(trace["logits"], trace["logits_changed"]))


def test_the_later_of_two_gains_holds_and_the_first_activation_is_looked_at(run: CnnRun) -> None:
    twice = intervene(run, changes=[["act1", 1, 0], ["act1", 1, 2]])
    np.testing.assert_array_equal(twice["logits_changed"], intervene(run, changes=[["act1", 1, 2]])["logits_changed"])
    assert twice.state["row"].tolist() == ["act1"]
    assert twice.dims["output"] == ("channel", "height", "width")
    assert intervene(run, "dense1", parameters=False).dims["output"] == ("unit",)
    assert list(intervene(run, parameters=False).state) == ["row"]
    part = intervene(run, "act2", channels=[2, 5])["output"]
    np.testing.assert_array_equal(part, intervene(run, "act2")["output"][2:5])
    assert intervene(run, channels=[0, 0])["output"].size == 0
    for channels, words in (([0, 5], r"must be a whole number in \[0, 4\]"), (3, r"must be \[start, stop\]")):
        with pytest.raises(InvalidInput, match=words):
            intervene(run, channels=channels)
    double = intervene(trained(CnnSpec(dataset="shapes", channels=(3,), convs=2, batch_norm=False, examples=50), 2))
    assert double.state["row"].tolist() == ["act1a"]


@pytest.mark.parametrize("changes", CHANGES, ids=len)
def test_accuracies_are_those_counted_in_one_batch(run: CnnRun, changes: Any) -> None:
    trace = to_the_end(ablation(run, changes))
    for name, expected in (("", accuracies(run, [])), ("_changed", accuracies(run, changes))):
        assert trace[f"accuracy{name}"] == pytest.approx(expected[0], abs=1e-6)
        np.testing.assert_allclose(trace[f"class_accuracy{name}"], expected[1], atol=1e-6)
    assert trace["count"].tolist() == np.bincount(run.pictures.test_y.numpy(), minlength=10).tolist()
    assert "silenced" not in trace.arrays


@pytest.mark.parametrize(("row", "channels"), [("conv1", 4), ("act2", 6), ("dense_act1", 8)])
@pytest.mark.parametrize("room", [0, 2**25])
def test_each_channel_silenced_in_turn(
    run: CnnRun, row: str, channels: int, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ablating, "ROOM", room)
    for changes in ([], [["act1", 0, 0.5], [row, 1, 2]]):
        trace = to_the_end(ablation(run, changes, each=row))
        assert trace["silenced"].shape == (channels,)
        for k in range(channels):
            overall, by_class = accuracies(run, [*(c for c in changes if c[:2] != [row, k]), [row, k, 0]])
            assert trace["silenced"][k] == pytest.approx(overall, abs=1e-6)
            np.testing.assert_allclose(trace["silenced_classes"][k], by_class, atol=1e-6)


def test_it_streams_what_is_done_and_measures_the_moment_at_which_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "TURN", 0.0)
    run = trained()
    work = ablation(run, each="act1")
    found: list[Progress] = []
    expected = to_the_end(ablation(run, each="act1"))
    while True:
        try:
            found.append(next(work))
        except StopIteration as end:
            final: Trace = end.value
            break
        run.advance(1)
    batches = len(run.pictures.test_y.split(turns.PICTURES))
    assert [progress.done for progress in found] == list(range(1, 5 * batches + 1))
    assert all(progress.total == 5 * batches for progress in found)
    streamed = [progress.trace for progress in found if progress.trace is not None]
    assert {len(trace["silenced"]) for trace in streamed} == {1, 2, 3}
    for trace in (*streamed, final):
        np.testing.assert_array_equal(trace["silenced"], expected["silenced"][: len(trace["silenced"])])
        assert trace["step"] == 40
    assert all(torch.equal(torch.from_numpy(v), trained().network.state_dict()[n]) for n, v in final.state.items())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"changes": [["act9", 0, 0]]}, "must be a layer of this network with channels: conv1, act1, conv2, act2,"),
        ({"changes": [["output", 0, 0]]}, "must be a layer of this network"),
        ({"changes": [["act1", 4, 0]]}, "The channel of act1 must be a whole number in [0, 3]. Got 4. Try 3."),
        ({"changes": [["act1", -1, 0]]}, "Got -1. Try 0."),
        ({"changes": [["act1", True, 0]]}, "The channel of act1 must be"),
        ({"changes": [["act1", 1, 3.5]]}, "The gain of channel 1 of act1 must be in [-1, 3]. Got 3.5. Try 3."),
        ({"changes": [["act1", 1, float("nan")]]}, "must be in [-1, 3]. Got nan."),
        ({"changes": [["act1", 1]]}, "must be a list of [layer, channel, gain]"),
        ({"changes": "act1"}, "must be a list of [layer, channel, gain]"),
        ({"changes": [[["act1"], 0, 0]]}, "must be a layer of this network"),
    ],
)
def test_what_cannot_be_is_said(run: CnnRun, options: dict[str, Any], words: str) -> None:
    for probe in (intervene, ablation):
        with pytest.raises(InvalidInput) as problem:
            probe(run, **options)
        assert words in str(problem.value)
    for probe, name in ((intervene, "row"), (ablation, "each")):
        with pytest.raises(InvalidInput, match=f"{name} must be a layer of this network"):
            probe(run, **{name: "pool1"})
