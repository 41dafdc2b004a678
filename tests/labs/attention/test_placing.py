"""Positions: the kinds as numbers against numpy, what no order means against torch, races against runs of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.attention import masks, placing, position
from dlviz.labs.attention.layers import Attention
from dlviz.labs.attention.measuring import measure
from dlviz.labs.attention.model import Reader, build
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import POSITIONS, AttentionSpec
from dlviz.labs.attention.tasks import making
from dlviz.training.jobs import to_the_end

SMALL = AttentionSpec(examples=60, length=6, width=16, heads=2, layers=1, feed_forward=16)


def ask(run: AttentionRun, **options: Any) -> Trace:
    trace: Trace = to_the_end(placing.placing(run, **options))
    return trace


@pytest.fixture(scope="module")
def run() -> AttentionRun:
    return AttentionRun(SMALL)


def test_the_numbers_of_each_kind_are_those_of_the_papers(run: AttentionRun) -> None:
    trace = ask(run)
    t = np.arange(64)[:, None]
    k = np.arange(16)[None, :]
    angles = t / 10_000 ** ((k - k % 2) / 16)
    np.testing.assert_allclose(trace["sinusoidal"], np.where(k % 2, np.cos(angles), np.sin(angles)), atol=3e-6)
    np.testing.assert_allclose(trace["rope_angles"], t / 10_000 ** (2 * np.arange(4)[None, :] / 8), rtol=1e-6)
    np.testing.assert_allclose(trace["alibi_slopes"], [2**-4, 2**-8])
    apart = np.abs(t - t.T)
    np.testing.assert_allclose(trace["alibi_bias"], np.stack([-apart / 16, -apart / 256]), rtol=1e-6)
    learned = dict(run.network.named_parameters())["core.positions.weight"]
    assert (trace["learned"] == learned.detach().numpy()).all()
    assert "learned" not in ask(AttentionRun(AttentionSpec(examples=60, length=6, position="rope"))).arrays


def test_rope_turns_pairs_as_complex_numbers_and_knows_only_the_distance() -> None:
    x = torch.randn(5, 40, 8, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    pairs = np.asarray(x)[..., 0::2] + 1j * np.asarray(x)[..., 1::2]
    expected = pairs * np.exp(1j * np.arange(40)[:, None] / 10_000 ** (2 * np.arange(4) / 8))
    found = position.rotated(x).numpy()
    np.testing.assert_allclose(found[..., 0::2] + 1j * found[..., 1::2], expected, atol=2e-6)
    # The same query and key at every place: their product is that of their distance.
    q, key = (position.rotated(v.expand(40, 8)).numpy() for v in (x[0, 0], x[1, 0]))
    products = q @ key.T
    for d in range(-20, 21):
        assert np.ptp(np.diagonal(products, d)) < 1e-5
    assert abs(products[9, 4] - products[4, 9]) > 1e-2  # but on which side it knows


@pytest.mark.parametrize("seed", range(3))
def test_without_positions_a_permutation_goes_through_the_network(seed: int) -> None:
    """P · x in, P · y out, and not with any kind of position."""
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(9, generator=generator)
    rows = torch.randint(10, (4, 9), generator=generator)
    for kind in POSITIONS:
        spec = AttentionSpec(task="neighbours", length=9, examples=50, position=kind, seed=seed)
        network = build(spec, making.make(spec))
        assert isinstance(network, Reader)
        with torch.no_grad():
            plain, moved = network(rows, torch.full((4,), 9)), network(rows[:, order], torch.full((4,), 9))
        difference = float((plain[:, order] - moved).abs().max())
        assert (difference < 1e-6) == (kind == "none"), kind


def test_torchs_own_encoder_is_as_blind_to_order_as_ours() -> None:
    theirs = nn.TransformerEncoderLayer(16, 2, 16, dropout=0.0, batch_first=True).eval()
    x = torch.randn(1, 7, 16, generator=torch.Generator().manual_seed(1))
    order = torch.tensor([3, 0, 6, 2, 5, 1, 4])
    with torch.no_grad():
        torch.testing.assert_close(theirs(x)[:, order], theirs(x[:, order]), atol=1e-6, rtol=0)


def test_i_love_cats_and_cats_love_i(run: AttentionRun) -> None:
    trace = ask(run)
    words = [trace.state["vocabulary"][at] for at in trace["tokens"]]
    assert words == ["I", "love", "cats"]
    assert trace["order"].tolist() == [2, 1, 0]
    for kind in POSITIONS:
        spec = placing.small(run.spec, kind, "who")
        network = build(spec, making.make(spec))
        loaded = {name.removeprefix(f"{kind}."): torch.tensor(values) for name, values in trace.state.items()
                  if name.startswith(f"{kind}.")}  # fmt: skip
        network.load_state_dict(loaded)  # the state is all that it takes to work it out again
        ids = torch.tensor(trace["tokens"], dtype=torch.long)
        with torch.no_grad():
            one, two = (
                network(ids[None], torch.tensor([3]))[0],
                network(ids.flip(0)[None], torch.tensor([3]))[0].flip(0),
            )
        np.testing.assert_allclose(trace[f"{kind}_logits"], one.numpy(), atol=1e-6)
        np.testing.assert_allclose(trace[f"{kind}_reordered"], two.numpy(), atol=1e-6)
        same = np.abs(trace[f"{kind}_logits"] - trace[f"{kind}_reordered"]).max() < 1e-6
        assert same == (kind in ("none", "alibi"))  # ALiBi knows distances, and a mirror image keeps them
    turned = ask(run, text="I love cats", order=[2, 0, 1])
    assert np.abs(turned["alibi_logits"] - turned["alibi_reordered"]).max() > 1e-3


def test_alibis_bias_is_added_to_the_scores() -> None:
    spec = AttentionSpec(width=16, heads=2, position="alibi")
    ours = Attention(spec)
    x = torch.randn(1, 6, 16, generator=torch.Generator().manual_seed(4))
    q, k, v = (layer(x).unflatten(2, (2, 8)).transpose(1, 2) for layer in (ours.query, ours.key, ours.value))
    apart = (torch.arange(6)[:, None] - torch.arange(6)).abs()
    bias = -torch.tensor([2**-4, 2**-8])[:, None, None] * apart
    mixed = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=bias[None])
    torch.testing.assert_close(ours(x, x, masks.hidden("none", 6)), ours.out(mixed.transpose(1, 2).flatten(2)))


def test_a_race_is_what_runs_of_their_own_would_do(run: AttentionRun) -> None:
    trace = ask(run, steps=6)
    assert trace["steps"].tolist() == list(range(7))
    for kind in POSITIONS:
        alone = AttentionRun(placing.small(run.spec, kind, "who"))
        assert (alone.spec.task, alone.spec.position, alone.spec.seed) == ("who", kind, run.spec.seed)
        for at in range(7):
            wanted = measure(alone.network, alone.task)
            assert trace[f"{kind}_loss"][at] == pytest.approx(wanted["validation_loss"], rel=1e-5)
            assert trace[f"{kind}_accuracy"][at] == pytest.approx(wanted["validation_accuracy"], abs=1e-6)
            alone.advance(1)
    assert trace["chance"] == pytest.approx(np.log(2), rel=1e-6)


def test_the_task_of_the_page_keeps_its_settings_and_longer_sequences_are_asked(run: AttentionRun) -> None:
    own = ask(run, steps=2, task="own", parameters=False)
    assert not own.state
    alone = AttentionRun(placing.small(run.spec, "alibi", "own"))
    assert alone.spec.width == 16
    alone.advance(2)
    assert own["alibi_loss"][-1] == pytest.approx(measure(alone.network, alone.task)["validation_loss"], rel=1e-5)
    longer = ask(run, steps=1, task="neighbours", parameters=False)
    assert longer["lengths"].tolist() == [12, 16, 24, 32, 48, 64]
    trained = AttentionRun(placing.small(run.spec, "rope", "neighbours"))
    trained.advance(1)
    wide = making.make(AttentionSpec(task="neighbours", length=24, examples=50, seed=run.spec.seed))
    assert longer["rope_at_length"][2] == pytest.approx(measure(trained.network, wide)["validation_accuracy"], abs=1e-6)


def test_rope_is_left_out_where_heads_are_odd() -> None:
    odd = AttentionRun(AttentionSpec(examples=60, length=6, width=9, heads=3, layers=1))
    trace = ask(odd, steps=1, task="own", parameters=False)
    assert "rope_loss" not in trace.arrays
    assert "alibi_loss" in trace.arrays
    assert ask(odd)["rope_angles"].shape == (64, 1)


def test_positions_decide_what_can_be_learned(run: AttentionRun) -> None:
    trace = ask(run, steps=150)
    assert trace["none_accuracy"][-1] < 0.6
    for kind in ("sinusoidal", "learned", "rope"):
        assert trace[f"{kind}_accuracy"][-1] > 0.99


def test_vectors_of_places_that_never_come_are_never_trained() -> None:
    run = AttentionRun(SMALL)
    before = dict(run.network.named_parameters())["core.positions.weight"].detach().clone()
    run.advance(5)
    after = dict(run.network.named_parameters())["core.positions.weight"].detach()
    assert torch.equal(after[6:], before[6:])
    assert (after[:6] != before[:6]).any(1).all()


BAD: list[tuple[dict[str, Any], str]] = [
    ({"steps": -1}, "whole number from 0 to 3000"), ({"steps": 1.5}, "whole number"), ({"steps": True}, "whole number"),
    ({"task": "dates"}, "must be who"), ({"text": 7}, "must be a text"), ({"text": "zebras love I"}, "zebras"),
    ({"text": "  "}, "must have some words"), ({"order": [0, 0, 1]}, "each place from 0 to 2 once"),
    ({"order": "no"}, "once"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "words"), BAD, ids=str)
def test_bad_options_are_refused_in_words(run: AttentionRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        ask(run, **options)
