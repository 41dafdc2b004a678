"""Encoder–decoders with and without attention against their formulas by hand, and the sentences they learn from."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from dlviz.data.sequences import IGNORED
from dlviz.labs.attention.bottleneck import data
from dlviz.labs.attention.bottleneck.model import EncoderDecoder
from dlviz.labs.attention.bottleneck.training import NETWORKS, Pair

LETTERS, SIZE = 9, 5
SOURCE, READ = [3, 4, 2, 5, 7, 3], [0, 6, 8, 2]
SCORES = ("none", "dot", "additive")


# --- the network, by hand ---------------------------------------------------------------------------


def gru(gate: dict[str, Any], x: Tensor, h: Tensor) -> Tensor:
    """One step of a GRU as its paper has it, with torch's names and order of gates."""
    fed = gate["weight_ih_l0"] @ x + gate["bias_ih_l0"]
    kept = gate["weight_hh_l0"] @ h + gate["bias_hh_l0"]
    (r, z, n), (ur, uz, un) = fed.split(len(h)), kept.split(len(h))
    reset, update = torch.sigmoid(r + ur), torch.sigmoid(z + uz)
    return (1 - update) * torch.tanh(n + reset * un) + update * h


def by_hand(network: EncoderDecoder, source: list[int], read: list[int]) -> tuple[Tensor, Tensor | None]:
    """Logits (output, letter) and weights (output, input), letter by letter."""
    values: dict[str, Tensor] = dict(network.named_parameters())
    gates = {part: {n.partition(".")[2]: v for n, v in values.items() if n.startswith(part)}
             for part in ("encoder", "decoder")}  # fmt: skip
    h, states = torch.zeros(SIZE, dtype=torch.float64), []
    for letter in source:
        h = gru(gates["encoder"], values["embedding.weight"][letter], h)
        states.append(h)
    logits, rows = [], []
    d = h
    for letter in read:
        d = gru(gates["decoder"], values["embedding.weight"][letter], d)
        told = d
        if network.score != "none":
            if network.score == "dot":
                scores = torch.stack([(d * s).sum() for s in states])
            else:
                query = values["query.weight"] @ d
                keys = [values["key.weight"] @ s + values["key.bias"] for s in states]
                scores = torch.stack([values["voice.weight"][0] @ torch.tanh(query + key) for key in keys])
            weights = scores.exp() / scores.exp().sum()
            context = torch.stack([w * s for w, s in zip(weights, states, strict=True)]).sum(0)
            rows.append(weights)
            told = torch.cat([context, d])
        combined = torch.tanh(values["combine.weight"] @ told + values["combine.bias"])
        logits.append(values["head.weight"] @ combined + values["head.bias"])
    return torch.stack(logits), torch.stack(rows) if rows else None


@pytest.mark.parametrize("score", SCORES)
def test_values_and_gradients_are_those_of_the_formulas(score: str) -> None:
    torch.manual_seed(4)
    network = EncoderDecoder(LETTERS, SIZE, score).double()
    logits, weights = network(torch.tensor([SOURCE]), torch.tensor([len(SOURCE)]), torch.tensor([READ]))
    wanted, rows = by_hand(network, SOURCE, READ)
    torch.testing.assert_close(logits[0], wanted, rtol=1e-12, atol=1e-12)
    assert (weights is None) is (score == "none")
    if weights is not None:
        torch.testing.assert_close(weights[0], rows, rtol=1e-12, atol=1e-12)
    pull = torch.randn(logits.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    found = torch.autograd.grad((logits * pull).sum(), list(network.parameters()))
    right = torch.autograd.grad((wanted * pull[0]).sum(), list(network.parameters()))
    for one, other in zip(found, right, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("score", SCORES)
def test_what_fills_up_a_batch_is_not_read(score: str) -> None:
    torch.manual_seed(4)
    network = EncoderDecoder(LETTERS, SIZE, score).double()
    inputs = torch.tensor([[*SOURCE, 8, 8], [5, 6, 7, 3, 3, 2, 4, 8]])
    logits, weights = network(inputs, torch.tensor([len(SOURCE), 8]), torch.tensor([READ, READ]))
    alone, own = network(torch.tensor([SOURCE]), torch.tensor([len(SOURCE)]), torch.tensor([READ]))
    torch.testing.assert_close(logits[0], alone[0], rtol=1e-12, atol=1e-12)
    if weights is not None and own is not None:
        assert weights[0, :, len(SOURCE) :].eq(0).all()
        torch.testing.assert_close(weights[0, :, : len(SOURCE)], own[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("score", SCORES)
def test_writing_is_reading_what_was_written(score: str) -> None:
    torch.manual_seed(4)
    network = EncoderDecoder(LETTERS, SIZE, score)
    source, length = torch.tensor([SOURCE]), torch.tensor([len(SOURCE)])
    written, weights = network.write(source, length, 7)
    logits, looks = network(source, length, torch.cat([torch.zeros(1, 1, dtype=torch.long), written[:, :-1]], 1))
    assert torch.equal(logits.argmax(-1), written)
    if weights is not None:
        torch.testing.assert_close(weights, looks)


def test_a_score_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="must be one of none, dot, additive"):
        EncoderDecoder(LETTERS, SIZE, "cosine")


def test_both_begin_alike_wherever_they_are_alike() -> None:
    pair = Pair(data.load("digits", 3, with_training=False), 3, 16, "additive")
    plain, attention = (dict(pair.networks[name].named_parameters()) for name in NETWORKS)
    alike = [name for name in plain if name.split(".")[0] in ("embedding", "encoder", "decoder", "head")]
    assert len(alike) == 11
    assert all(torch.equal(plain[name], attention[name]) for name in alike)


# --- the sentences ------------------------------------------------------------------------------------


def texts(vocabulary: tuple[str, ...], part: Any) -> list[tuple[str, str]]:
    sources = [
        "".join(vocabulary[i] for i in row[:n]) for row, n in zip(part.inputs.tolist(), part.lengths, strict=True)
    ]
    targets = ["".join(vocabulary[i] for i in row if i != IGNORED) for row in part.targets.tolist()]
    return list(zip(sources, targets, strict=True))


def test_rows_of_digits_are_held_back_by_length() -> None:
    pairs = data.load("digits", 1)
    train = texts(pairs.vocabulary, pairs.train)
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for count, part in pairs.by_length.items():
        held = texts(pairs.vocabulary, part)
        assert len(set(held)) == len(held) == {1: 10}.get(count, data.A_LENGTH)
        for source, target in held:
            assert "".join(str(words.index(word)) for word in source.split()) + "$" == target
            assert len(target) == count + 1
        if count > data.FEW:
            assert not set(held) & set(train)
        else:
            assert set(held) <= set(train), "too few to hold any back"
    assert {len(target) - 1 for _, target in train} == set(range(1, data.TRAINED + 1))
    shown = texts(pairs.vocabulary, pairs.shown)
    assert [len(target) - 1 for _, target in shown] == list(data.SHOWN)
    assert len(set(shown)) == 12


def test_dates_are_held_back() -> None:
    pairs = data.load("dates", 2)
    train = {source for source, _ in texts(pairs.vocabulary, pairs.train)}
    for length, part in pairs.by_length.items():
        for source, target in texts(pairs.vocabulary, part):
            assert len(source) == length
            assert source not in train
            assert len(target) == len("1987-03-05$")
    assert not train & {source for source, _ in texts(pairs.vocabulary, pairs.shown)}
