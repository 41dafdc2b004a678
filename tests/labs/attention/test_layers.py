"""Our attention and blocks against torch's own, with copied weights: values and gradients."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from dlviz.labs.attention import masks
from dlviz.labs.attention.layers import Added, Attention, Block
from dlviz.labs.attention.recording import changing, recording, taps
from dlviz.labs.attention.spec import AttentionSpec

SPEC = AttentionSpec(width=24, heads=4, feed_forward=40, position="none")
CLOSE = 1e-6


def some(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def made(module: nn.Module, seed: int = 5) -> Any:
    """The module with chance weights, gains and biases too, as large as trained ones: numbers of size 1 come out."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) / 6)
    return module


def twin_of(ours: Attention) -> nn.MultiheadAttention:
    """torch's attention with our weights."""
    theirs = nn.MultiheadAttention(24, 4, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
        theirs.in_proj_bias.copy_(torch.cat([ours.query.bias, ours.key.bias, ours.value.bias]))
        theirs.out_proj.weight.copy_(ours.out.weight)
        theirs.out_proj.bias.copy_(ours.out.bias)
    return theirs


@pytest.mark.parametrize("kind", ["none", "causal", "window"])
def test_attention_is_torchs_with_copied_weights_in_value_and_gradient(kind: str) -> None:
    ours = made(Attention(SPEC))
    theirs = twin_of(ours)
    hidden = masks.hidden(kind, 7, 2)
    x, same = some(3, 7, 24).requires_grad_(), some(3, 7, 24).requires_grad_()
    with recording(ours) as seen:
        output = ours(x, x, hidden)
    expected, weights = theirs(same, same, same, attn_mask=hidden, average_attn_weights=False)
    torch.testing.assert_close(output, expected, atol=CLOSE, rtol=0)
    torch.testing.assert_close(seen["weights"], weights, atol=CLOSE, rtol=0)
    pull = some(3, 7, 24, seed=1)
    (output * pull).sum().backward()
    (expected * pull).sum().backward()
    torch.testing.assert_close(x.grad, same.grad, atol=1e-5, rtol=0)
    gradients = torch.cat([ours.query.weight.grad, ours.key.weight.grad, ours.value.weight.grad])
    torch.testing.assert_close(gradients, theirs.in_proj_weight.grad, atol=1e-5, rtol=0)
    torch.testing.assert_close(ours.out.weight.grad, theirs.out_proj.weight.grad, atol=1e-5, rtol=0)


def test_across_two_sequences_too_with_padding() -> None:
    ours = made(Attention(SPEC, crosses=True))
    x, memory = some(3, 5, 24), some(3, 9, 24, seed=2)
    padding = masks.of_padding(torch.tensor([9, 4, 1]), 9)
    expected, _ = twin_of(ours)(x, memory, memory, key_padding_mask=padding[:, 0])
    torch.testing.assert_close(ours(x, memory, padding), expected, atol=CLOSE, rtol=0)


@pytest.mark.parametrize("scaled", [True, False])
def test_the_core_is_scaled_dot_product_attention(scaled: bool) -> None:
    ours = made(Attention(dataclasses.replace(SPEC, scaled=scaled)))
    with recording(ours) as seen:
        ours(some(2, 6, 24), some(2, 6, 24), masks.hidden("causal", 6))
    scale = 1 / 6**0.5 if scaled else 1.0
    expected = functional.scaled_dot_product_attention(
        seen["queries"], seen["keys"], seen["values"], is_causal=True, scale=scale
    )
    torch.testing.assert_close(seen["mixed"], expected, atol=CLOSE, rtol=0)


def test_rows_sum_to_one_and_nothing_ahead_is_seen() -> None:
    ours = made(Attention(SPEC))
    with recording(ours) as seen:
        ours(some(2, 9, 24), some(2, 9, 24), masks.hidden("causal", 9))
    weights = seen["weights"]
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 9), atol=CLOSE, rtol=0)
    assert (weights[..., masks.hidden("causal", 9)] == 0).all()


def test_a_query_from_which_all_is_hidden_gets_nothing_and_no_nan() -> None:
    ours = made(Attention(SPEC))
    hidden = torch.zeros(4, 4, dtype=torch.bool)
    hidden[2] = True
    x = some(1, 4, 24).requires_grad_()
    with recording(ours) as seen:
        output = ours(x, x, hidden)
    assert (seen["weights"][0, :, 2] == 0).all()
    torch.testing.assert_close(output[0, 2], ours.out.bias, atol=CLOSE, rtol=0)  # nothing is mixed; the bias is added
    output.sum().backward()
    assert torch.isfinite(x.grad).all()


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_block_is_torchs_encoder_layer(norm: str) -> None:
    ours = made(Block(dataclasses.replace(SPEC, norm=norm)))
    theirs = nn.TransformerEncoderLayer(24, 4, 40, dropout=0.0, batch_first=True, norm_first=norm == "pre")
    theirs.self_attn = twin_of(ours.attention.part)
    with torch.no_grad():
        pairs = {"linear1": ours.feed_forward.part.wider, "linear2": ours.feed_forward.part.back,
                 "norm1": ours.attention.norm, "norm2": ours.feed_forward.norm}  # fmt: skip
        for name, module in pairs.items():
            getattr(theirs, name).load_state_dict(module.state_dict())
    hidden = masks.hidden("causal", 8)
    x, same = some(2, 8, 24).requires_grad_(), some(2, 8, 24).requires_grad_()
    output, expected = ours(x, hidden, None, None), theirs(same, src_mask=hidden)
    torch.testing.assert_close(output, expected, atol=5e-6, rtol=0)
    output.pow(2).sum().backward()
    expected.pow(2).sum().backward()
    torch.testing.assert_close(x.grad, same.grad, atol=2e-4, rtol=1e-5)


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_decoder_block_is_torchs_decoder_layer(norm: str) -> None:
    ours = made(Block(dataclasses.replace(SPEC, norm=norm), crosses=True))
    theirs = nn.TransformerDecoderLayer(24, 4, 40, dropout=0.0, batch_first=True, norm_first=norm == "pre")
    theirs.self_attn, theirs.multihead_attn = twin_of(ours.attention.part), twin_of(ours.cross.part)
    with torch.no_grad():
        pairs = {"linear1": ours.feed_forward.part.wider, "linear2": ours.feed_forward.part.back,
                 "norm1": ours.attention.norm, "norm2": ours.cross.norm, "norm3": ours.feed_forward.norm}  # fmt: skip
        for name, module in pairs.items():
            getattr(theirs, name).load_state_dict(module.state_dict())
    hidden, padding = masks.hidden("causal", 5), masks.of_padding(torch.tensor([7, 3]), 7)
    x, memory = some(2, 5, 24), some(2, 7, 24, seed=3)
    output = ours(x, hidden, memory, padding)
    expected = theirs(x, memory, tgt_mask=hidden, memory_key_padding_mask=padding[:, 0])
    torch.testing.assert_close(output, expected, atol=5e-6, rtol=0)


def test_taps_are_named_seen_and_released_also_after_an_error() -> None:
    block = made(Block(SPEC))
    hidden = masks.hidden("none", 3)
    with recording(block) as seen:
        block(some(1, 3, 24), hidden, None, None)
    assert set(seen) == {name for name, _ in taps(block)}
    with pytest.raises(RuntimeError), recording(block):
        block(some(1, 3, 23), hidden, None, None)
    with (
        pytest.raises(KeyError),
        changing(block, {"attention.part.weights": torch.zeros_like, "no.such": torch.zeros_like}),
    ):
        pass
    assert not any(tap._forward_hooks for _, tap in taps(block))


def test_a_change_lasts_as_long_as_its_block() -> None:
    added: Added = made(Block(SPEC)).attention
    x, hidden = some(1, 4, 24), masks.hidden("none", 4)
    before = added(x, hidden)
    with changing(added, {"added": torch.zeros_like}):
        torch.testing.assert_close(added(x, hidden), x, atol=0, rtol=0)
    torch.testing.assert_close(added(x, hidden), before, atol=0, rtol=0)
