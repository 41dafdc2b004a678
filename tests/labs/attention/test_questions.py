"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

import torch
from torch import nn

from dlviz.labs.attention import probe
from dlviz.labs.attention.layers import Attention
from dlviz.labs.attention.presets import PRESETS
from dlviz.labs.attention.questions import QUESTIONS
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

BY_SLUG = {question.slug: question for question in QUESTIONS}


def answer(slug: str) -> str:
    return BY_SLUG[slug].options[BY_SLUG[slug].answer]


def test_there_are_twelve_and_the_right_one_stands_everywhere() -> None:
    assert len(QUESTIONS) == 12
    assert {question.answer for question in QUESTIONS} == {0, 1, 2, 3}
    known = {preset.slug for preset in PRESETS}
    assert all(not question.action or question.action in known for question in QUESTIONS)


def test_the_row_adds_up_in_its_first_ten_cells() -> None:
    weights = probe.heads(AttentionRun(AttentionSpec()))["weights"]
    assert weights.shape[-1] == 24
    assert abs(weights[..., 9, :10].sum(-1) - 1).max() < 1e-6
    assert answer("row-sum").startswith("1,")


def test_heads_do_not_change_the_number_of_parameters() -> None:
    counts = {heads: sum(p.numel() for p in Attention(AttentionSpec(heads=heads)).parameters()) for heads in (4, 8)}
    assert answer("parameters") == f"{counts[4]:,} and {counts[8]:,}"
    assert counts[4] == sum(p.numel() for p in nn.MultiheadAttention(32, 4).parameters())


def test_the_variance_of_a_product_is_d() -> None:
    q, k = torch.randn(2, 20_000, 64, generator=torch.Generator().manual_seed(1))
    assert abs((q * k).sum(1).var() / 64 - 1) < 0.05
    assert "variance of q · k is d" in answer("why-scale")


def test_four_times_as_long_has_sixteen_times_the_cells() -> None:
    cells = [probe.heads(AttentionRun(AttentionSpec(length=n, examples=50)))["weights"].size for n in (8, 32)]
    assert answer("quadratic") == f"{cells[1] // cells[0]} times as many."


def test_left_and_right_mixed_half_and_half_are_the_same() -> None:
    a, b = torch.randn(2, 8, generator=torch.Generator().manual_seed(2))
    assert torch.equal((a + b) / 2, (b + a) / 2)
    one, two = (AttentionRun(AttentionSpec(**preset.changes)) for preset in PRESETS if "neighbours" in preset.slug)
    assert sum(p.numel() for p in one.network.parameters()) == sum(p.numel() for p in two.network.parameters())


def test_with_every_part_off_only_the_same_place_counts() -> None:
    run = AttentionRun(AttentionSpec(examples=50))
    with torch.no_grad():
        for block in run.network.core.blocks:
            for part in (block.attention.part.out, block.feed_forward.part.back):
                part.weight.zero_()
                part.bias.zero_()
        tokens = run.reading.inputs
        other = tokens.roll(1, 1)
        other[:, 7] = tokens[:, 7]
        lengths = torch.tensor([tokens.shape[1]])
        first, second = run.network(tokens, lengths), run.network(other, lengths)
    torch.testing.assert_close(first[:, 7], second[:, 7], atol=0, rtol=0)
    assert not torch.allclose(first[:, 8], second[:, 8])
