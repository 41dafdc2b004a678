"""Writing token by token while the keys and values of what was read are kept (a KV cache): no token is read twice."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention import masks, position
from dlviz.labs.attention.layers import Added, Attention, Block
from dlviz.labs.attention.model import Reader
from dlviz.labs.attention.spec import MOST_TOKENS


class Cache:
    """What each layer has kept: keys and values (sequence, head, token, width/heads), None before the first token."""

    def __init__(self, layers: int) -> None:
        self.keys: list[Tensor | None] = [None] * layers
        self.values: list[Tensor | None] = [None] * layers

    @property
    def tokens(self) -> int:
        return 0 if self.keys[0] is None else self.keys[0].shape[2]

    @property
    def bytes(self) -> int:
        """Of all tensors that are kept."""
        return sum(kept.nbytes for kept in (*self.keys, *self.values) if kept is not None)

    def add(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """One more token's key and value; all that there are now."""
        keys, values = self.keys[layer], self.values[layer]
        keys = key if keys is None else torch.cat([keys, key], 2)
        values = value if values is None else torch.cat([values, value], 2)
        self.keys[layer], self.values[layer] = keys, values
        return keys, values


class CachedReader:
    """A causal `Reader` that is given one token at a time. Its answers equal those to the whole sequence.

    What a token's key and value are depends on the tokens before it alone, so they stay right when more tokens come.
    Raises `InvalidInput` for a reader with another mask: there an earlier token looks at later ones.
    """

    def __init__(self, reader: Reader) -> None:
        if reader.spec.masked != "causal":
            raise InvalidInput("AttentionSpec.mask", "must be causal for keys and values to be kept",
                               reader.spec.masked, "causal")  # fmt: skip
        self.reader, self.cache = reader, Cache(reader.spec.layers)

    def read(self, tokens: Tensor) -> Tensor:
        """The next token of each sequence, (sequence,) ids → logits (sequence, class) of what comes after it."""
        stack, at = self.reader.core, self.cache.tokens
        x = stack.embedding(tokens[:, None])
        if stack.positions is not None:
            if at >= MOST_TOKENS:
                raise InvalidInput("caching", f"has learned {MOST_TOKENS} places", f"token {at + 1}", "other positions")
            x = x + stack.positions(torch.tensor([at]))
        elif stack.kind == "sinusoidal":
            x = x + position.sinusoidal(at + 1, stack.width)[-1:]
        for layer, module in enumerate(stack.blocks):
            block = cast(Block, module)
            x = self._attended(block.attention, x, layer)
            if block.feed_forward is not None:
                x = block.feed_forward(x)
        logits: Tensor = self.reader.head(stack.norm(x))[:, 0]
        return logits

    def _attended(self, added: Added, x: Tensor, layer: int) -> Tensor:
        """`Added.forward` of an attention, for one token that looks at what was kept and at itself."""
        inside = added.norm(x) if added.place == "pre" else x
        assert isinstance(added.part, Attention)
        x = x + added.dropout(self._attention(added.part, inside, layer))
        return added.norm(x) if added.place == "post" else x

    def _attention(self, attention: Attention, x: Tensor, layer: int) -> Tensor:
        query, key, value = (_heads(each(x), attention.heads) for each in (attention.query, attention.key,
                                                                          attention.value))  # fmt: skip
        if attention.position == "rope":
            query, key = (_turned(each, self._place(layer)) for each in (query, key))
        keys, values = self.cache.add(layer, key, value)
        scores = query @ keys.transpose(-2, -1)
        if attention.scaled:
            scores = scores / math.sqrt(query.shape[-1])
        if attention.position == "alibi":
            away = torch.arange(keys.shape[2] - 1, -1, -1)
            scores = scores - position.slopes(attention.heads)[:, None, None] * away
        mixed = scores.softmax(-1) @ values
        output: Tensor = attention.out(mixed.transpose(1, 2).flatten(2))
        return output

    def _place(self, layer: int) -> int:
        """Where the token that is being read stands: how many this layer has kept."""
        keys = self.cache.keys[layer]
        return 0 if keys is None else keys.shape[2]


def _heads(x: Tensor, heads: int) -> Tensor:
    """(sequence, token, width) → (sequence, head, token, width/heads)."""
    return x.unflatten(2, (heads, -1)).transpose(1, 2)


def _turned(x: Tensor, at: int) -> Tensor:
    """One token turned as the one at place `at` is; x (…, 1, width)."""
    return position.rotated(x.expand(*x.shape[:-2], at + 1, x.shape[-1]))[..., -1:, :]


def next_logits(reader: Reader, tokens: Tensor) -> Tensor:
    """Without a cache: all of `tokens` (sequence, token) read anew → logits (sequence, class) of what comes next."""
    hidden = masks.of_spec(reader.spec, tokens.shape[1])
    head: nn.Linear = reader.head
    logits: Tensor = head(reader.core(tokens, hidden)[:, -1])
    return logits
