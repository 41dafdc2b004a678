"""BERT, written to be read: 6 layers of 12 heads, with the weights that arrive with a package.

Each token is a sum of three learned vectors (which piece, which place, which sentence); then every layer adds what its
heads found and what its feed-forward network made of it, with a layer norm after each sum.

Sources: J. Devlin et al., BERT: Pre-training of Deep Bidirectional Transformers, 2018; W. Wang et al., MiniLM, 2020.
The weights are those of all-MiniLM-L6-v2 (sentence-transformers, 2021): a BERT trained further to compare sentences.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from dlviz.labs.attention.layers import Tap

LAYERS, HEADS, WIDTH, INSIDE = 6, 12, 384, 1536
PIECES, PLACES, TYPES = 30_522, 512, 2
EPSILON = 1e-12  # of the layer norms, as it was trained


class Embedding(nn.Module):
    """(sequence, token) ids and types → (sequence, token, width): piece + place + sentence, normed."""

    def __init__(self) -> None:
        super().__init__()
        self.piece, self.place, self.sentence = (nn.Embedding(n, WIDTH) for n in (PIECES, PLACES, TYPES))
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.embedded = Tap()

    def forward(self, ids: Tensor, types: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1])
        embedded: Tensor = self.embedded(self.norm(self.piece(ids) + self.sentence(types) + self.place(places)))
        return embedded


class Attention(nn.Module):
    """weights = softmax(Q Kᵀ / √32), output = W_O · concat over heads (weights · V).

    x (sequence, token, width); hidden (sequence, token) True where a token may not be looked at, by anybody.
    """

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.queries, self.keys, self.values, self.scores, self.weights, self.mixed, self.added = (
            Tap() for _ in range(7)
        )

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        query, key = self.queries(self._split(self.query(x))), self.keys(self._split(self.key(x)))
        value = self.values(self._split(self.value(x)))
        scores = self.scores(query @ key.transpose(-2, -1) / math.sqrt(WIDTH // HEADS))
        weights = scores.masked_fill(hidden[:, None, None, :], torch.finfo(scores.dtype).min).softmax(-1)
        mixed = self.mixed(self.weights(weights) @ value)
        added: Tensor = self.added(self.out(mixed.transpose(1, 2).flatten(2)))
        return added

    def _split(self, x: Tensor) -> Tensor:
        """(sequence, token, width) → (sequence, head, token, width/heads)."""
        return x.unflatten(2, (HEADS, -1)).transpose(1, 2)


class Block(nn.Module):
    """One layer: attention, then two layers with a GELU between, each added to what came in and normed after."""

    def __init__(self) -> None:
        super().__init__()
        self.attention, self.attention_norm = Attention(), nn.LayerNorm(WIDTH, EPSILON)
        self.wider, self.back = nn.Linear(WIDTH, INSIDE), nn.Linear(INSIDE, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.state = Tap()

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        x = self.attention_norm(x + self.attention(x, hidden))
        state: Tensor = self.state(self.norm(x + self.back(gelu(self.wider(x)))))
        return state


class Bert(nn.Module):
    """ids, types (sequence, token), hidden (sequence, token) → the vector of each token, (sequence, token, width)."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = Embedding()
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))

    def forward(self, ids: Tensor, types: Tensor, hidden: Tensor) -> Tensor:
        x: Tensor = self.embedding(ids, types)
        for block in self.blocks:
            x = block(x, hidden)
        return x


_THEIRS = {
    "embedding.piece": "embeddings.word_embeddings",
    "embedding.place": "embeddings.position_embeddings",
    "embedding.sentence": "embeddings.token_type_embeddings",
    "embedding.norm": "embeddings.LayerNorm",
    "attention.query": "attention.self.query",
    "attention.key": "attention.self.key",
    "attention.value": "attention.self.value",
    "attention.out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "wider": "intermediate.dense",
    "back": "output.dense",
    "norm": "output.LayerNorm",
}


def published(name: str) -> str:
    """The name that a parameter of `Bert` has in the published weights, and in the BertModel of transformers."""
    place, _, kind = name.rpartition(".")
    if not place.startswith("blocks."):
        return f"{_THEIRS[place]}.{kind}"
    _, layer, part = place.split(".", 2)
    return f"encoder.layer.{layer}.{_THEIRS[part]}.{kind}"
