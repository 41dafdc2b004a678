"""Masks and positions against their definitions, worked out again by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention import masks, position
from dlviz.labs.attention.spec import AttentionSpec


def test_each_mask_is_what_it_says() -> None:
    for q in range(6):
        for k in range(6):
            assert masks.hidden("causal", 6)[q, k] == (k > q)
            assert masks.hidden("window", 6, 2)[q, k] == (abs(k - q) > 2)
            assert not masks.hidden("none", 6)[q, k]
    assert masks.hidden("causal", 6).tolist() == torch.ones(6, 6).triu(1).bool().tolist()
    assert masks.of_padding(torch.tensor([2, 3]), 3).tolist() == [[[False, False, True]], [[False, False, False]]]


@given(st.integers(1, 9), st.integers(0, 1000), st.integers(1, 12))
def test_a_drawn_mask_is_read_as_it_was_written(side: int, seed: int, tokens: int) -> None:
    mask = torch.rand(side, side, generator=torch.Generator().manual_seed(seed)) < 0.5
    again = masks.read(masks.write(mask), tokens)
    size = min(side, tokens)
    assert again[:size, :size].tolist() == mask[:size, :size].tolist()
    assert not again[size:].any()
    assert not again[:, size:].any()
    AttentionSpec(mask="drawn", drawn=masks.write(mask))


def test_a_drawn_mask_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match=r"mask needs a mask that somebody has drawn. Got 'none drawn'"):
        AttentionSpec(mask="drawn")
    for broken in ("4.00", "0.", "65." + "0" * 1057, "4.00000"):
        with pytest.raises(InvalidInput, match=r"drawn must be"):
            AttentionSpec(drawn=broken)


def test_sinusoids_are_the_papers() -> None:
    found = position.sinusoidal(20, 6).numpy()
    for t in range(20):
        for i in range(3):
            angle = t / 10_000 ** (2 * i / 6)
            assert found[t, 2 * i] == pytest.approx(math.sin(angle), abs=1e-6)
            assert found[t, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-6)
    odd = position.sinusoidal(4, 5)
    assert odd.shape == (4, 5)
    # A dot product of two depends on their distance alone.
    products = found @ found.T
    for distance in range(5):
        assert np.ptp(np.diagonal(products, distance)) < 1e-5


def test_rope_turns_pairs_as_complex_numbers_and_knows_only_the_distance() -> None:
    x = torch.randn(9, 6, generator=torch.Generator().manual_seed(1))
    angles = torch.arange(9)[:, None] * 10_000 ** (-torch.arange(3) / 3)
    expected = torch.view_as_real(torch.view_as_complex(x.reshape(9, 3, 2)) * torch.polar(torch.ones(9, 3), angles))
    torch.testing.assert_close(position.rotated(x), expected.flatten(1), atol=1e-5, rtol=0)
    same = position.rotated(x[:1].expand(9, 6))
    products = same @ same.T
    for distance in range(5):
        assert float(products.diagonal(distance).max() - products.diagonal(distance).min()) < 1e-4


def test_alibi_has_the_slopes_of_the_paper() -> None:
    assert position.slopes(8).tolist() == [2.0**-k for k in range(1, 9)]
    bias = position.distance_bias(2, 5)
    assert bias[0, 1, 4] == -3 * 2**-4
    assert bias[1, 4, 0] == -4 * 2**-8
    assert (bias.diagonal(dim1=1, dim2=2) == 0).all()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"heads": 3}, r"heads must divide the width 32 into equal parts. Got 3. Try 1 or 2 or 4 or 8"),
        ({"width": 12, "heads": 4, "position": "rope"}, r"a head's width \(here 12/4\) must be even"),
        ({"width": 0}, r"width must be a whole number in \[2, 128\]"),
    ],
)
def test_sizes_that_do_not_go_together_are_refused_in_words(values: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        AttentionSpec(**values)  # type: ignore[arg-type]
