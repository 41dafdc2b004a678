"""Every attention of a network for some sequences: where it sits, who asks whom there, and what is hidden from whom."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.data.sequences import IGNORED, Sequences
from dlviz.data.translations import shifted
from dlviz.labs.attention import masks
from dlviz.labs.attention.model import Reader, Translator


@dataclass(frozen=True)
class Attended:
    """One kind of attention, the same in every layer.

    `prefix` of its names in a Trace: nothing (a reader's, or the encoder's), `decoder_`, `cross_`. `stack` and `part`:
    where its taps are. `hidden` (sequence or 1, query, key); `queries` (sequence, query) and `keys` (sequence, key):
    token ids; `asked` (sequence, query): False for padding.
    """

    prefix: str
    stack: str
    part: str
    hidden: Tensor
    queries: Tensor
    keys: Tensor
    asked: Tensor

    @property
    def crosses(self) -> bool:
        """Whether queries and keys are of different sequences."""
        return self.part == "cross"

    def tap(self, layer: int, name: str) -> str:
        """The full name of a tap of that layer's attention."""
        return f"{self.stack}.blocks.{layer}.{self.part}.part.{name}"

    def even(self) -> Tensor:
        """(sequence or 1, query, key): the same weight for every key that is not hidden; 0 where all are."""
        allowed = (~self.hidden).float()
        return allowed / allowed.sum(-1, keepdim=True).clamp(min=1)


def attentions(network: Reader | Translator, part: Sequences) -> list[Attended]:
    """The attentions of a network that reads `part`; a translator's decoder is told the right letters."""
    tokens = part.inputs.shape[1]
    padding = masks.of_padding(part.lengths, tokens)
    hidden = masks.of_spec(network.spec, tokens) | padding
    within = torch.arange(tokens) < part.lengths[:, None]
    if not isinstance(network, Translator):
        return [Attended("", "core", "attention", hidden, part.inputs, part.inputs, within)]
    read, asked = shifted(part.targets), part.targets != IGNORED
    ahead = masks.hidden("causal", read.shape[1])[None]
    across = padding.expand(-1, read.shape[1], -1)
    return [
        Attended("", "encoder", "attention", hidden, part.inputs, part.inputs, within),
        Attended("decoder_", "decoder", "attention", ahead, read, read, asked),
        Attended("cross_", "decoder", "cross", across, read, part.inputs, asked),
    ]


def some_of(part: Sequences, name: str, count: object, tokens: int, most: int) -> Sequences:
    """The first `count` sequences; where nothing is said, as many as have about so many tokens, 8 at least.

    Raises `InvalidInput`, in which the option is called `name`.
    """
    longest = part.inputs.shape[1]
    if count is None:
        count = max(8, tokens // longest)
    elif isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
        raise InvalidInput(name, f"must be a whole number in [1, {most}]", count, "64")
    return part[torch.arange(min(count, most, len(part)))]
