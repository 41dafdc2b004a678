"""Formulas against operations that torch counts and bytes of real tensors; the cache against reading all anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.attention import costing, timing
from dlviz.labs.attention.caching import CachedReader, next_logits
from dlviz.labs.attention.costing import Sizes, formulas
from dlviz.labs.attention.model import Reader, build
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.jobs import to_the_end

CASES = [Sizes(24, 32, 4, 2, 64), Sizes(7, 12, 3, 1, 0), Sizes(50, 16, 2, 3, 48)]


def reader_of(sizes: Sizes, **settings: Any) -> tuple[AttentionRun, Reader]:
    spec = AttentionSpec(examples=60, width=sizes.width, heads=sizes.heads, layers=sizes.layers,
                         feed_forward=sizes.feed_forward, **settings)  # fmt: skip
    run = AttentionRun(spec)
    network = build(spec, run.task).eval()
    assert isinstance(network, Reader)
    return run, network


def multiplied(work: Any) -> int:
    """Multiplications of matrices, as torch counts them; it counts the additions too."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        work()
    assert counter.get_total_flops() % 2 == 0
    return int(counter.get_total_flops()) // 2


@pytest.mark.parametrize("sizes", CASES, ids=str)
def test_formulas_equal_what_torch_counts(sizes: Sizes) -> None:
    wanted = formulas(sizes)
    _, network = reader_of(sizes)
    tokens = torch.zeros(1, sizes.length, dtype=torch.long)
    hidden = torch.zeros(sizes.length, sizes.length, dtype=torch.bool)
    assert multiplied(lambda: network.core(tokens, hidden)) == wanted["attention"]
    assert wanted["attention"] == wanted["projections"] + wanted["mixing"] + wanted["feed_forward"]
    with recording(network) as seen, torch.no_grad():
        network.core(tokens, hidden)
    weights = [x for name, x in seen.items() if name.endswith(".weights")]
    assert sum(x.numel() for x in weights) == wanted["cells"]
    assert sum(x.element_size() * x.numel() for x in weights) == wanted["weights_bytes"]


@pytest.mark.parametrize("sizes", CASES[:2], ids=str)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_recurrent_steps_equal_what_torch_counts(sizes: Sizes, cell: str) -> None:
    kinds: dict[str, Any] = {"rnn": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}
    x = torch.zeros(1, sizes.width)
    one = kinds[cell](sizes.width, sizes.width)
    a_step = sum(p.numel() for name, p in one.named_parameters() if name.startswith("weight"))
    assert formulas(sizes)[cell] == sizes.layers * sizes.length * a_step
    if cell == "rnn":  # torch's other cells are fused on some machines, and then not counted
        assert multiplied(lambda: one(x)) == a_step


@pytest.mark.parametrize("sizes", CASES, ids=str)
def test_writing_equals_what_torch_counts(sizes: Sizes) -> None:
    wanted = formulas(sizes)
    run, network = reader_of(sizes)
    tokens = torch.arange(sizes.length)[None] % len(run.task.vocabulary)
    classes = sizes.width * run.task.output_size  # of the answering layer, which the formulas leave out
    anew = multiplied(lambda: [next_logits(network, tokens[:, :n]) for n in range(1, sizes.length + 1)])
    writer = CachedReader(network)
    kept = multiplied(lambda: [writer.read(tokens[:, n]) for n in range(sizes.length)])
    assert anew - sizes.length * classes == wanted["uncached"]
    assert kept - sizes.length * classes == wanted["cached"]
    assert writer.cache.bytes == wanted["cache_bytes"]
    assert writer.cache.tokens == sizes.length


@pytest.mark.parametrize("norm", ["pre", "post", "none"])
@pytest.mark.parametrize("position", ["none", "sinusoidal", "learned", "rope", "alibi"])
def test_a_cache_changes_no_answer(position: str, norm: str) -> None:
    run, network = reader_of(Sizes(24, 16, 2, 3, 24), position=position, norm=norm, scaled=norm != "none")
    tokens = torch.randint(len(run.task.vocabulary), (3, 30), generator=torch.Generator().manual_seed(4))
    writer = CachedReader(network)
    with torch.no_grad():
        whole = network(tokens, torch.full((3,), 30))
        for at in range(30):
            found = writer.read(tokens[:, at])
            torch.testing.assert_close(found, whole[:, at], atol=1e-5, rtol=0)
            torch.testing.assert_close(next_logits(network, tokens[:, : at + 1]), whole[:, at], atol=1e-5, rtol=0)


def test_a_cache_is_for_readers_that_do_not_look_ahead() -> None:
    _, network = reader_of(CASES[0], mask="none")
    with pytest.raises(InvalidInput, match=r"must be causal for keys and values to be kept. Got 'none'"):
        CachedReader(network)
    _, network = reader_of(CASES[0])
    writer = CachedReader(network)
    with torch.no_grad():
        for _ in range(64):
            writer.read(torch.tensor([0]))
        with pytest.raises(InvalidInput, match="has learned 64 places"):
            writer.read(torch.tensor([0]))


@pytest.mark.parametrize("task", ["repeats", "reverse", "pig_latin"])
def test_what_is_counted_in_the_runs_network(task: str) -> None:
    run = AttentionRun(AttentionSpec(task=task, examples=60, heads=2, width=8, layers=3))
    found = costing.cost(run)
    assert isinstance(found, Trace)
    n = run.reading.tokens
    assert found["own_length"] == n
    assert found["counted_cells"] == found["cells"] == n * n * 2 * 3
    assert found["counted_bytes"] == found["weights_bytes"] == 4 * n * n * 2 * 3
    other = costing.cost(run, length=2048, width=1024, heads=16, layers=24, feed_forward=4096)
    assert isinstance(other, Trace)
    assert other["cells"] == 2048**2 * 16 * 24
    assert other["attention"] == formulas(Sizes(2048, 1024, 16, 24, 4096))["attention"]
    assert other["counted_cells"] == found["counted_cells"]
    assert not costing.cost(run, parameters=False).state  # type: ignore[union-attr]


def test_measuring_goes_in_turns_and_counts_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "LENGTHS", (8, 16, 32))
    monkeypatch.setattr(timing, "WRITTEN", (4, 8))
    run = AttentionRun(AttentionSpec(examples=60))
    chance = torch.get_rng_state()
    turns = costing.cost(run, measure=True, width=16, heads=2, layers=2, feed_forward=0)
    assert not isinstance(turns, Trace)
    seen: list[Progress] = []
    found = to_the_end(turns, seen.append)
    assert torch.equal(torch.get_rng_state(), chance)
    assert any(progress.trace is not None for progress in seen)
    assert all(progress.done <= progress.total for progress in seen)
    assert found["lengths"].tolist() == [8, 16, 32]
    assert found["attention_bytes"].tolist() == [4 * 2 * n * n for n in (8, 16, 32)]
    assert found["cache_bytes"].tolist() == [2 * 2 * n * 16 * 4 for n in (4, 8)]
    for name in ("attention", "lstm", "gru", "uncached", "cached"):
        assert (found[f"{name}_ms"] > 0).all()
    # Never by the clock: that the exponents are of these points.
    slope = np.polyfit(np.log(found["lengths"]), np.log(found["attention_ms"]), 1)[0]
    assert float(found["attention_exponent"]) == pytest.approx(slope)


def test_the_exponent_of_a_power_is_found() -> None:
    at = np.array([8, 16, 32, 64])
    assert timing.exponent(at, 3e-6 * at**2.0) == pytest.approx(2)
    assert timing.exponent(at, np.array([np.nan, 2.0, 4.0, np.nan])) == pytest.approx(1)
    assert np.isnan(timing.exponent(at, np.array([1.0, np.nan, np.nan, np.nan])))


def test_what_takes_too_long_or_too_much_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "LENGTHS", (8, 16, 32, 64))
    monkeypatch.setattr(timing, "WRITTEN", (4,))
    monkeypatch.setattr(timing, "MOST_BYTES", 4 * 2 * 16 * 16)
    found = to_the_end(timing.timed(Sizes(1, 16, 2, 1, 0)))
    assert np.isfinite(found["attention_ms"]).tolist() == [True, True, False, False]
    assert np.isfinite(found["lstm_ms"]).all()
    monkeypatch.setattr(timing, "SECONDS", 0.0)
    found = to_the_end(timing.timed(Sizes(1, 16, 2, 1, 0)))
    assert not np.isfinite(found["gru_ms"]).any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"length": 0}, r"cost.length must be a whole number from 1 to 4096. Got 0. Try 64."),
        ({"width": 2.5}, "cost.width must be a whole number"),
        ({"layers": True}, "cost.layers must be a whole number"),
        ({"feed_forward": -1}, "cost.feed_forward must be a whole number from 0 to 8192"),
        ({"measure": "yes"}, "cost.measure must be true or false"),
        ({"measure": True, "heads": 5}, "must divide the width 32 into equal parts"),
        ({"measure": True, "width": 512}, "width must be"),
    ],
)
def test_bad_options_are_refused_in_words(options: dict[str, Any], words: str) -> None:
    run = AttentionRun(AttentionSpec(examples=60))
    with pytest.raises(InvalidInput, match=words):
        to_the_end(costing.cost(run, **options))
