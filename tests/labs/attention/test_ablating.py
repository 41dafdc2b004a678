"""Ablation against networks whose weights are set by hand: columns of W_O, rows of W_Q and whole layers made zero."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.sequences import IGNORED
from dlviz.labs.attention.ablating import ablate
from dlviz.labs.attention.measuring import answers_of
from dlviz.labs.attention.model import Reader, Translator
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.jobs import to_the_end

SMALL = {"width": 12, "heads": 3, "examples": 80, "feed_forward": 16}
SPECS = [
    AttentionSpec(task="repeats", length=12, **SMALL),
    AttentionSpec(task="who", norm="post", position="rope", **SMALL),
    AttentionSpec(task="neighbours", length=9, mask="window", window=1, **{**SMALL, "feed_forward": 0}),
    AttentionSpec(task="dates", layers=1, **SMALL),
]
COUNT = 20
KINDS = {"": ("core", "attention"), "decoder_": ("decoder", "attention"), "cross_": ("decoder", "cross")}


def trained(spec: AttentionSpec) -> AttentionRun:
    run = AttentionRun(spec)
    run.advance(12)
    return run


def measured(run: AttentionRun, network: Reader | Translator) -> tuple[float, float]:
    """Loss and share right, worked out answer by answer."""
    part = run.task.validation[torch.arange(COUNT)]
    with torch.no_grad():
        answers = answers_of(network.eval(), part).double().log_softmax(-1)
    asked = part.targets != IGNORED
    right = answers.argmax(-1) == part.targets
    chosen = answers.gather(-1, part.targets.clamp(min=0)[..., None])[..., 0]
    return -float(chosen[asked].mean()), float(right[asked].double().mean())


def check(run: AttentionRun, trace: Trace, name: str, place: tuple[int, int], network: Any) -> None:
    loss, accuracy = measured(run, network)
    assert trace[f"{name}_loss"][place] == pytest.approx(loss, abs=2e-6), (name, place)
    assert trace[f"{name}_accuracy"][place] == pytest.approx(accuracy, abs=1e-6), (name, place)


def attention_of(network: Any, prefix: str, layer: int) -> Any:
    stack, kind = KINDS[prefix]
    blocks = getattr(network, "encoder" if stack == "core" and isinstance(network, Translator) else stack).blocks
    return getattr(blocks[layer], kind).part


def zero(*tensors: Tensor) -> None:
    with torch.no_grad():
        for tensor in tensors:
            tensor.zero_()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.task)
def test_heads_against_zeroed_weights(spec: AttentionSpec) -> None:
    run = trained(spec)
    trace = to_the_end(ablate(run, count=COUNT))
    loss, accuracy = measured(run, copy.deepcopy(run.network))
    assert float(trace["loss"]) == pytest.approx(loss, abs=2e-6)
    assert float(trace["accuracy"]) == pytest.approx(accuracy, abs=1e-6)
    assert int(trace["step"]) == 12
    assert int(trace["sequences"]) == COUNT
    changes = []
    size = spec.width // spec.heads
    for prefix in KINDS if isinstance(run.network, Translator) else [""]:
        for layer in range(spec.layers):
            for head in range(spec.heads):
                its = slice(head * size, (head + 1) * size)
                silent = copy.deepcopy(run.network)
                zero(attention_of(silent, prefix, layer).out.weight[:, its])
                check(run, trace, f"{prefix}silent", (layer, head), silent)
                even = copy.deepcopy(run.network)
                query = attention_of(even, prefix, layer).query
                zero(query.weight[its], query.bias[its])  # all scores are 0 then, and the softmax is even
                check(run, trace, f"{prefix}even", (layer, head), even)
                changes.append(trace[f"{prefix}silent_loss"][layer, head] - loss)
    assert np.abs(changes).max() > 1e-4, "a check of nothing but zeros would prove nothing"


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.task)
def test_parts_and_layers_against_zeroed_weights(spec: AttentionSpec) -> None:
    run = trained(spec)
    trace = to_the_end(ablate(run, count=COUNT))

    def silence(block: Any, part: str) -> None:
        last = block.feed_forward.part.back if part == "feed_forward" else getattr(block, part).part.out
        zero(last.weight, last.bias)

    stacks = {"": "encoder", "decoder_": "decoder"} if isinstance(run.network, Translator) else {"": "core"}
    for prefix, stack in stacks.items():
        parts = trace.state[f"{prefix}parts"].tolist()
        named = {"attention": True, "cross": bool(prefix), "feed_forward": spec.feed_forward > 0, "layer": True}
        assert parts == [part for part, there in named.items() if there]
        for layer in range(spec.layers):
            for unit, part in enumerate(parts):
                network = copy.deepcopy(run.network)
                for each in parts[:-1] if part == "layer" else [part]:
                    silence(getattr(network, stack).blocks[layer], each)
                check(run, trace, f"{prefix}off", (layer, unit), network)


def hooks(network: torch.nn.Module) -> int:
    return sum(len(module._forward_hooks) for module in network.modules())


def test_it_measures_the_moment_it_was_asked_in_and_leaves_no_hook() -> None:
    run = trained(SPECS[0])
    expected = to_the_end(ablate(run, count=COUNT))
    moves = ablate(run, count=COUNT)
    before = {name: x.clone() for name, x in run.network.state_dict().items()}
    run.advance(5)  # training goes on while it waits for its turn
    found = to_the_end(moves)
    assert all(np.array_equal(found[name], expected[name]) for name in expected.arrays)
    for name, x in before.items():
        np.testing.assert_array_equal(found.state[name], x.numpy())
    assert hooks(run.network) == 0


def test_it_works_in_turns_and_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlviz.labs.attention.ablating.TURN", 0.0)
    run = trained(SPECS[0])
    moves = ablate(run, count=4, parameters=False)
    told = [next(moves) for _ in range(3)]
    assert [progress.done for progress in told] == [1, 2, 3]
    assert {progress.total for progress in told} == {2 * 3 * 2 + 2 * 3}
    moves.close()
    assert hooks(run.network) == 0
    assert set(to_the_end(ablate(run, count=4, parameters=False)).state) == {"parts"}


@pytest.mark.parametrize("count", [0, 301, 2.5, False, None.__class__])
def test_a_count_that_cannot_be_is_refused_in_words(count: Any) -> None:
    with pytest.raises(InvalidInput, match=r"ablate\.count must be a whole number in \[1, 300\].*Try 64"):
        ablate(trained(SPECS[0]), count=count)
