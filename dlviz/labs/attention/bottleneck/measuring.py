"""How good a network is on held-back sentences, by their length, and what it writes for those on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.data.sequences import IGNORED, Sequences
from dlviz.data.translations import shifted
from dlviz.labs.attention.bottleneck.data import Pairs
from dlviz.labs.attention.bottleneck.model import EncoderDecoder


@dataclass
class Measured:
    """Of one network at one moment, over the lengths that it was trained on: mean `loss` a letter in nats while it is
    told the right letters; the share of `letters` right when it writes by itself, and of whole sentences `right`.
    `by_length`: the share of whole sentences right of each length, those beyond training among them.
    """

    loss: float
    letters: float
    right: float
    by_length: dict[int, float]


def measured(network: EncoderDecoder, pairs: Pairs) -> Iterator[Measured | None]:
    """None after each length, so that others get their turn, and at last what was found."""
    losses, letters, by_length, counts = [], [], {}, {}
    for length, part in pairs.by_length.items():
        hits, asked = written_right(network, part)
        by_length[length], counts[length] = float(whole(hits, asked).float().mean()), len(part)
        if length <= pairs.trained:
            losses.append((loss_of(network, part), int(asked.sum())))
            letters.append((int((hits & asked).sum()), int(asked.sum())))
        yield None
    total = sum(count for _, count in losses)
    trained = [length for length in by_length if length <= pairs.trained]
    right = sum(by_length[n] * counts[n] for n in trained) / sum(counts[n] for n in trained)
    loss = sum(loss * count for loss, count in losses) / total
    yield Measured(loss, sum(hit for hit, _ in letters) / total, right, by_length)


@torch.no_grad()
def loss_of(network: EncoderDecoder, part: Sequences) -> float:
    """Mean cross entropy of the letters asked for, in nats."""
    logits, _ = network(part.inputs, part.lengths, shifted(part.targets))
    return float(nn.functional.cross_entropy(logits.flatten(0, 1), part.targets.flatten(), ignore_index=IGNORED))


@torch.no_grad()
def written_right(network: EncoderDecoder, part: Sequences) -> tuple[Tensor, Tensor]:
    """Which letters the network writes right by itself, and which are asked for: (sequence, output) each."""
    written, _ = network.write(part.inputs, part.lengths, part.targets.shape[1])
    return written == part.targets, part.targets != IGNORED


def whole(hits: Tensor, asked: Tensor) -> Tensor:
    """Which sentences are right to the last letter, the end sign included."""
    return (hits | ~asked).all(1)


def mean_loss(network: EncoderDecoder, pairs: Pairs) -> float:
    """Of all lengths trained on together, as `measured` has it."""
    parts = [part for length, part in pairs.by_length.items() if length <= pairs.trained]
    counts = [int((part.targets != IGNORED).sum()) for part in parts]
    return sum(loss_of(network, part) * n for part, n in zip(parts, counts, strict=True)) / sum(counts)
