"""Attention and what a Transformer is built of around it, written to be read.

Source: A. Vaswani et al., Attention Is All You Need, 2017.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from dlviz.labs.attention import position
from dlviz.labs.attention.spec import AttentionSpec


class Tap(nn.Module):
    """Gives back what it is given: a place in the flow where a hook can look, or put something else in."""

    def forward(self, x: Tensor) -> Tensor:
        return x


class Attention(nn.Module):
    """Each token asks (query), every token offers (key) and gives (value): how much, the softmax of q · k says.

        weights = softmax(Q Kᵀ / √d),  output = W_O · concat over heads (weights · V)

    x (sequence, query, width); memory (sequence, key, width), x itself for self-attention; hidden (…, query, key) True
    where a query may not look. A query from which everything is hidden gets nothing: weights 0, not NaN.
    """

    def __init__(self, spec: AttentionSpec, crosses: bool = False) -> None:
        super().__init__()
        self.heads, self.scaled = spec.heads, spec.scaled
        # Between two sequences there is no common place to count from.
        self.position = "none" if crosses else spec.position
        self.query, self.key, self.value, self.out = (nn.Linear(spec.width, spec.width) for _ in range(4))
        self.queries, self.keys, self.values, self.scores, self.weights, self.mixed = (Tap() for _ in range(6))

    def forward(self, x: Tensor, memory: Tensor, hidden: Tensor) -> Tensor:
        query, key = self._split(self.query(x)), self._split(self.key(memory))
        if self.position == "rope":
            query, key = position.rotated(query), position.rotated(key)
        query, key = self.queries(query), self.keys(key)
        value = self.values(self._split(self.value(memory)))
        scores = query @ key.transpose(-2, -1)
        if self.scaled:
            scores = scores / math.sqrt(query.shape[-1])
        if self.position == "alibi":
            scores = scores + position.distance_bias(self.heads, x.shape[1]).to(scores.dtype)
        scores = self.scores(scores)
        # The smallest number instead of −∞: a row of −∞ would be NaN, and its gradient too.
        hidden = hidden[..., None, :, :]
        weights = scores.masked_fill(hidden, torch.finfo(scores.dtype).min).softmax(-1).masked_fill(hidden, 0.0)
        mixed = self.mixed(self.weights(weights) @ value)
        output: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return output

    def _split(self, x: Tensor) -> Tensor:
        """(sequence, token, width) → (sequence, head, token, width/heads)."""
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    """Two layers with a ReLU between, the same for every token."""

    def __init__(self, spec: AttentionSpec) -> None:
        super().__init__()
        self.wider, self.back = nn.Linear(spec.width, spec.feed_forward), nn.Linear(spec.feed_forward, spec.width)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.back(self.wider(x).relu())
        return output


class Added(nn.Module):
    """What a part computes is added to what came in; layer norm before the part, after the sum, or not at all."""

    def __init__(self, spec: AttentionSpec, part: nn.Module) -> None:
        super().__init__()
        self.part, self.place = part, spec.norm
        self.norm = nn.LayerNorm(spec.width) if spec.norm != "none" else nn.Identity()
        self.dropout = nn.Dropout(spec.dropout)
        self.added, self.sum = Tap(), Tap()

    def forward(self, x: Tensor, *rest: Tensor) -> Tensor:
        """`rest` as the part wants it; where it attends to itself, `rest` is the mask alone."""
        inside = self.norm(x) if self.place == "pre" else x
        if isinstance(self.part, Attention) and len(rest) == 1:
            rest = (inside, *rest)
        x = self.sum(x + self.added(self.dropout(self.part(inside, *rest))))
        return self.norm(x) if self.place == "post" else x


class Block(nn.Module):
    """Self-attention, in a decoder attention to what the encoder read, and the feed-forward network."""

    def __init__(self, spec: AttentionSpec, crosses: bool = False) -> None:
        super().__init__()
        self.attention = Added(spec, Attention(spec))
        self.cross = Added(spec, Attention(spec, crosses=True)) if crosses else None
        self.feed_forward = Added(spec, FeedForward(spec)) if spec.feed_forward else None

    def forward(self, x: Tensor, hidden: Tensor, memory: Tensor | None, padding: Tensor | None) -> Tensor:
        x = self.attention(x, hidden)
        if self.cross is not None:
            x = self.cross(x, memory, padding)
        return x if self.feed_forward is None else self.feed_forward(x)
