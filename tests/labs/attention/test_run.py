"""The run and its probes: what is measured, read, edited and refused, against torch by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.data.sequences import IGNORED
from dlviz.labs.attention import probe
from dlviz.labs.attention.model import parameters
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

SMALL: dict[str, Any] = {"examples": 200, "width": 16, "heads": 2, "feed_forward": 24, "length": 10}


def made(steps: int = 0, **changes: Any) -> AttentionRun:
    run = AttentionRun(AttentionSpec(**{**SMALL, **changes}))
    run.advance(steps)
    return run


def test_it_learns_to_go_on_with_a_passage() -> None:
    run = made(0, examples=2000, width=32, heads=4, feed_forward=0, length=16)
    before = run.measured()["validation_loss"]
    run.advance(260)
    run.measured_at = None
    after = run.measured()
    assert before > 3.2
    assert after["validation_loss"] < 1.5
    assert after["validation_accuracy"] > 0.5


def test_one_step_is_torchs_adam_on_the_clipped_gradient() -> None:
    run, twin = made(), made()
    order = torch.randperm(200, generator=torch.Generator().manual_seed(2))
    batch = twin.task.train[order[:32]]
    optimizer = torch.optim.Adam(twin.network.parameters(), lr=0.003)
    logits = twin.network(batch.inputs, batch.lengths)
    functional.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED).backward()
    norm = nn.utils.clip_grad_norm_(twin.network.parameters(), 1.0)
    optimizer.step()
    run.advance(1)
    assert run.gradient_norm == pytest.approx(float(norm), rel=1e-6)
    for ours, theirs in zip(run.network.parameters(), twin.network.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-7, rtol=0)


def test_measurements_are_those_of_torch() -> None:
    run = made(5, task="digit_words")
    run.measured_at = None  # also between two epochs
    found = run.measured()
    part = run.task.validation
    shifted = torch.cat([torch.zeros(len(part), 1, dtype=torch.long), part.targets[:, :-1].clamp(min=0)], 1)
    count = min(len(part), 6_000 // part.inputs.shape[1])
    with torch.no_grad():
        logits = run.network(part.inputs[:count], part.lengths[:count], shifted[:count])
    targets = part.targets[:count]
    wanted = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED)
    assert found["validation_loss"] == pytest.approx(float(wanted), rel=1e-5)
    asked = targets != IGNORED
    assert found["validation_accuracy"] == pytest.approx(float((logits.argmax(2) == targets)[asked].float().mean()))


def test_a_translator_writes_letter_by_letter_as_when_it_is_asked_for_each() -> None:
    run = made(60, task="digit_words", examples=1500, width=32)
    part = run.task.validation[torch.arange(5)]
    written = run.network.write(part.inputs, part.lengths, 5)
    for k in range(5):
        ids, length = part.inputs[k : k + 1, : part.lengths[k]], part.lengths[k : k + 1]
        read = [0]
        for _ in range(5):
            logits = run.network(ids, length, torch.tensor([read]))
            read.append(int(logits[0, -1].argmax()))
        assert written[k].tolist() == read[1:]


@pytest.mark.parametrize("task", ["repeats", "dates"])
def test_the_heads_can_be_computed_again_from_what_the_probe_gives(task: str) -> None:
    trace = probe.heads(made(4, task=task))
    pairs = [("", "")] if task == "repeats" else [("", ""), ("decoder_", ""), ("cross_", "")]
    for prefix, _ in pairs:
        query, key, value = (torch.tensor(trace[f"{prefix}{name}"]) for name in ("query", "key", "value"))
        scores = query @ key.transpose(-2, -1) / 8**0.5
        np.testing.assert_allclose(trace[f"{prefix}scores"], scores, atol=1e-6)
        weights = torch.tensor(trace[f"{prefix}weights"])
        torch.testing.assert_close(weights.sum(-1), torch.ones(weights.shape[:-1]), atol=1e-6, rtol=0)
        causal = (task == "repeats") or prefix == "decoder_"
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
        np.testing.assert_allclose(trace[f"{prefix}mixed"], mixed, atol=2e-6)
        if causal:
            ahead = torch.ones(weights.shape[-2:]).triu(1).bool()
            assert (weights[..., ahead] == 0).all()
    stack = "core" if task == "repeats" else "encoder"
    embedded = trace.state[f"{stack}.embedding.weight"][trace["tokens"]]
    embedded = embedded + trace.state[f"{stack}.positions.weight"][: len(embedded)]
    np.testing.assert_allclose(trace["embedded"], embedded, atol=1e-6)


def test_a_typed_sequence_is_read_cut_or_refused_in_words() -> None:
    run = made()
    run.set({"reading": "abcabc"})
    assert run.reading.inputs.tolist() == [[0, 1, 2, 0, 1]]
    assert run.reading.targets is not None
    assert run.reading.targets.tolist() == [[1, 2, 0, 1, 2]]
    run.set({"reading": "ab" * 100})
    assert run.reading.tokens == 64
    assert run.scene().numbers["cut"] == 200
    run.set({"reading": "ABC <b>"[:3]})  # large letters where only small ones are known
    assert run.reading.inputs.tolist() == [[0, 1]]
    before = run.reading
    with pytest.raises(InvalidInput, match=r"made of characters that the network has learned. Got '< > 3'. Try a b c"):
        run.set({"reading": "<b>3"})
    assert run.reading is before
    with pytest.raises(InvalidInput, match=r"must have some characters. Got 'none'"):
        run.set({"reading": "   "})
    with pytest.raises(InvalidInput, match=r"must be at most 400 characters"):
        run.set({"reading": "a" * 10_000})


def test_words_are_typed_with_spaces_between() -> None:
    run = made(task="who")
    run.set({"reading": "I love cats"})
    assert [run.task.vocabulary[i] for i in run.reading.inputs[0]] == ["I", "love", "cats"]
    assert run.reading.targets is None
    assert run.frame().arrays["said"].shape == (3,)


def test_parameter_rows_are_by_formula_and_add_up() -> None:
    for changes in ({}, {"task": "dates"}, {"norm": "none", "feed_forward": 0, "position": "rope"}):
        run = made(**changes)
        rows = {row["part"]: row["parameters"] for row in parameters(run.network)}
        assert sum(rows.values()) == sum(p.numel() for p in run.network.parameters())
        d, f, norm = 16, 24, 0 if changes.get("norm") == "none" else 32
        stack = "encoder" if changes.get("task") else "core"
        assert rows[f"{stack} 0 attention"] == 4 * (d * d + d) + norm
        if "feed_forward" not in changes:
            assert rows[f"{stack} 1 feed_forward"] == 2 * d * f + f + d + norm


def test_what_explodes_is_named() -> None:
    run = made(optimizer="sgd", learning_rate=10.0, clip_at=100.0, norm="none", layers=4)
    with pytest.raises(Diverged):
        run.advance(400)


def test_one_number_is_edited() -> None:
    run = made()
    run.edit("core.blocks.0.attention.part.query.weight", (3, 2), 0.5)
    assert run.network.core.blocks[0].attention.part.query.weight[3, 2].item() == 0.5
    with pytest.raises(InvalidInput, match=r"must be inside \(16, 16\)"):
        run.edit("core.blocks.0.attention.part.query.weight", (16, 0), 0.5)
