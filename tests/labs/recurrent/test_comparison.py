"""Costs of the three cells against torch's own layers, and races against runs that train alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.recurrent import gates
from dlviz.labs.recurrent.comparison import comparison, input_size
from dlviz.labs.recurrent.counting import ELEMENTWISE, multiplications, with_cell
from dlviz.labs.recurrent.measuring import measure
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.jobs import to_the_end

LAYERS: dict[str, Any] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def ask(run: RecurrentRun, **options: Any) -> Trace:
    trace: Trace = to_the_end(comparison(run, **options))
    return trace


SPECS = [
    RecurrentSpec(hidden_size=20),
    RecurrentSpec(hidden_size=9, layers=3, cell="rnn"),
    RecurrentSpec(task="sentiment", hidden_size=12, bidirectional=True, layers=2),
    RecurrentSpec(task="dates", hidden_size=16, cell="gru"),
    RecurrentSpec(task="adding", hidden_size=1),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.task}-{spec.layers}")
def test_parameters_and_multiplications_are_those_of_torchs_layers(spec: RecurrentSpec) -> None:
    run = RecurrentRun(spec)
    trace, width = ask(run), input_size(run)
    many = 2 if spec.task == "dates" else 1

    def torchs(cell: str, size: int) -> nn.RNNBase:
        core: nn.RNNBase = LAYERS[cell](width, size, spec.layers, bidirectional=spec.bidirectional, batch_first=True)
        return core

    def count(core: nn.Module) -> int:
        return many * sum(p.numel() for p in core.parameters())

    wanted = count(torchs("lstm", spec.hidden_size))
    for cell in LAYERS:
        assert trace[f"{cell}_hidden_size"] == spec.hidden_size
        assert trace[f"{cell}_parameters"] == count(torchs(cell, spec.hidden_size))
        # Of equal parameters: no size comes nearer.
        size = int(trace[f"{cell}_equal_hidden_size"])
        assert trace[f"{cell}_equal_parameters"] == count(torchs(cell, size))
        off = {n: abs(count(torchs(cell, n)) - wanted) for n in range(max(1, size - 2), size + 3)}
        assert off[size] == min(off.values())
        # The matrices' part by torch's own count of floating-point operations, two a multiplication.
        core = torchs(cell, spec.hidden_size)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            gates.unroll(core, torch.zeros(1, 1, width))
        products = ELEMENTWISE[cell] * spec.hidden_size * spec.layers * spec.directions
        assert trace[f"{cell}_multiplications"] == counter.get_total_flops() // 2 + products
    assert trace["lstm_equal_hidden_size"] == spec.hidden_size
    sizes = trace["rnn_parameters"], trace["gru_parameters"], trace["lstm_parameters"]
    assert [int(n) * 4 for n in sizes[:2]] == [int(sizes[2]), int(sizes[2]) * 3]


def test_the_products_of_gates_are_counted_as_they_are_written() -> None:
    """c' = f · c + i · g and h' = o · tanh c'; n = … + r · m and h' = (1 − z) · n + z · h: three vectors' each."""
    spec = RecurrentSpec(hidden_size=5)
    found = {cell: multiplications(with_cell(spec, cell, "hidden", 4), 4) for cell in LAYERS}
    assert found == {"rnn": 5 * 9, "gru": 3 * 5 * 9 + 15, "lstm": 4 * 5 * 9 + 15}


def test_as_many_parameters_as_a_spec_allows() -> None:
    trace = ask(RecurrentRun(RecurrentSpec(task="parity", hidden_size=256, lag=5)))
    assert trace["rnn_equal_hidden_size"] == 256


def test_the_network_on_the_screen_ismeasured_now() -> None:
    run = RecurrentRun(RecurrentSpec(task="copy", hidden_size=8))
    run.advance(3)
    now = measure(run.network, run.task)
    trace = ask(run)
    assert trace["validation_loss"] == pytest.approx(now["validation_loss"], rel=1e-6)
    assert trace["validation_accuracy"] == pytest.approx(now["validation_accuracy"], rel=1e-6)
    assert "validation_accuracy" not in ask(RecurrentRun(RecurrentSpec(task="sines", hidden_size=4))).arrays


@pytest.mark.parametrize("equal", ["hidden", "parameters"])
def test_a_racer_is_a_run_that_trains_alone(equal: str) -> None:
    spec = RecurrentSpec(task="brackets", hidden_size=6, seed=5, examples=60, lag=12)  # two epochs and more
    run = RecurrentRun(spec)
    trace = ask(run, steps=10, equal=equal, seeds=2)
    assert trace["steps"].tolist() == list(range(11))
    for cell in LAYERS:
        for k in range(2):
            alone = RecurrentRun(with_cell(RecurrentSpec(**{**vars(spec), "seed": 5 + k}), cell, equal, 16))
            for at in range(11):
                wanted = measure(alone.network, alone.task)
                assert trace[f"{cell}_loss"][k, at] == pytest.approx(wanted["validation_loss"], rel=1e-6)
                assert trace[f"{cell}_accuracy"][k, at] == pytest.approx(wanted["validation_accuracy"], rel=1e-6)
                if at < 10:
                    alone.advance(1)
            if k == 0:
                for name, value in alone.network.state_dict().items():
                    assert np.array_equal(trace.state[f"{cell}.{name}"], value.numpy())
            assert trace[f"{cell}_rate"][k] > 0


def test_a_race_goes_on_in_turns_and_leaves_the_run_alone() -> None:
    run, untouched = (RecurrentRun(RecurrentSpec(hidden_size=5, seed=3)) for _ in range(2))
    chance = torch.get_rng_state()
    seen = []
    moves = comparison(run, steps=30)
    for progress in moves:  # type: ignore[union-attr]
        run.advance(1)
        untouched.advance(1)
        if progress.trace is not None:
            seen.append([int(np.isfinite(progress.trace[f"{cell}_loss"]).sum()) for cell in ("rnn", "gru", "lstm")])
    assert max(max(each) - min(each) for each in seen) <= 1, "all are about as far at any time"
    assert sum(seen[-1]) == 3 * 21
    one, other = run.snapshot(), untouched.snapshot()
    assert all(torch.equal(one.tensors[name], other.tensors[name]) for name in other.tensors)
    assert torch.equal(torch.get_rng_state(), chance)


def test_a_cell_that_diverges_ends_its_own_race_alone() -> None:
    spec = RecurrentSpec(
        task="sines",
        hidden_size=4,
        optimizer="sgd",
        learning_rate=10.0,
        clipping="none",
        gain=3.0,
        initial="orthogonal",
    )
    trace = ask(RecurrentRun(spec), steps=40)
    ends = {cell: np.isfinite(trace[f"{cell}_loss"]).sum() for cell in LAYERS}
    assert min(ends.values()) < 21
    assert all(n >= 1 for n in ends.values())


def test_what_cannot_be_raced_is_said() -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=4))
    for options, words in (
        ({"steps": -1}, "whole number from 0 to 5000"),
        ({"steps": 5, "seeds": 9}, "whole number from 1 to 3"),
        ({"equal": "time"}, "must be hidden or parameters"),
    ):
        with pytest.raises(InvalidInput, match=words):
            ask(run, **options)
