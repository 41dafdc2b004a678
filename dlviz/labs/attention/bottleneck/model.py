"""Two recurrent networks, one that reads and one that writes, and what the second may know of the first.

Sources: I. Sutskever et al., Sequence to Sequence Learning with Neural Networks, 2014 (only the last state is handed
on); M.-T. Luong et al., Effective Approaches to Attention-based Neural Machine Translation, 2015 (where attention
stands, and the score `dot`); D. Bahdanau et al., Neural Machine Translation by Jointly Learning to Align and Translate,
2015 (the score `additive`).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from dlviz.data.translations import BEGIN_ID

SCORES = ("none", "dot", "additive")
EMBEDDING_SIZE = 16


class Memory(NamedTuple):
    """What reading leaves.

    `states` (sequence, input, unit), `last` (1, sequence, unit), `padding` (sequence, input): True behind a length.
    """

    states: Tensor
    last: Tensor
    padding: Tensor


class EncoderDecoder(nn.Module):
    """A GRU reads letters h_1 … h_n; a second one, begun with h_n, writes letter by letter from its own state d.

        without attention:  logits = W_out tanh(W_c d)
        with attention:     weight_j = softmax_j(score(d, h_j)),  context c = Σ_j weight_j h_j,
                            logits = W_out tanh(W_c [c; d])

    score(d, h) = d · h (`dot`), or v · tanh(W_q d + W_k h) (`additive`). Embedding, encoder and decoder come first, so
    that with the same seed two networks of different `score` begin with the same numbers there. Raises ValueError for
    another score.
    """

    def __init__(self, letters: int, hidden_size: int, score: str) -> None:
        super().__init__()
        if score not in SCORES:
            raise ValueError(f"EncoderDecoder.score must be one of {', '.join(SCORES)}. Got {score!r}.")
        self.score = score
        self.embedding = nn.Embedding(letters, EMBEDDING_SIZE)
        self.encoder = nn.GRU(EMBEDDING_SIZE, hidden_size, batch_first=True)
        self.decoder = nn.GRU(EMBEDDING_SIZE, hidden_size, batch_first=True)
        self.head = nn.Linear(hidden_size, letters)
        self.combine = nn.Linear(hidden_size if score == "none" else 2 * hidden_size, hidden_size)
        if score == "additive":
            self.query, self.key = nn.Linear(hidden_size, hidden_size, bias=False), nn.Linear(hidden_size, hidden_size)
            self.voice = nn.Linear(hidden_size, 1, bias=False)

    def forward(self, inputs: Tensor, lengths: Tensor, read: Tensor) -> tuple[Tensor, Tensor | None]:
        """Logits (sequence, output, letter) while the decoder reads the right letters, `read` (sequence, output), and
        the weights (sequence, output, input); None without attention."""
        memory = self.encode(inputs, lengths)
        logits, _, weights = self.decode(read, memory.last, memory)
        return logits, weights

    def encode(self, inputs: Tensor, lengths: Tensor) -> Memory:
        """Read `inputs` (sequence, input), each as far as its length."""
        states, _ = self.encoder(self.embedding(inputs))
        last = states[torch.arange(len(lengths)), lengths - 1][None]
        padding = torch.arange(inputs.shape[1]) >= lengths[:, None]
        return Memory(states, last, padding)

    def decode(self, read: Tensor, state: Tensor, memory: Memory) -> tuple[Tensor, Tensor, Tensor | None]:
        """Go on from `state` (1, sequence, unit): logits, the state afterwards, and the weights."""
        hidden, state = self.decoder(self.embedding(read), state)
        if self.score == "none":
            return self.head(self.combine(hidden).tanh()), state, None
        weights = self.scores(hidden, memory.states).masked_fill(memory.padding[:, None], -torch.inf).softmax(-1)
        context = weights @ memory.states
        return self.head(self.combine(torch.cat([context, hidden], -1)).tanh()), state, weights

    def scores(self, hidden: Tensor, states: Tensor) -> Tensor:
        """How well each decoder state (sequence, output, unit) fits each encoder state: (sequence, output, input)."""
        if self.score == "dot":
            return hidden @ states.transpose(1, 2)
        both = self.query(hidden)[:, :, None] + self.key(states)[:, None]
        scores: Tensor = self.voice(both.tanh())[..., 0]
        return scores

    def write(self, inputs: Tensor, lengths: Tensor, most: int) -> tuple[Tensor, Tensor | None]:
        """The likeliest letter each time, read again as the next one: ids (sequence, most) and the weights.

        Nobody stops at the end sign; what is written after it means nothing.
        """
        memory = self.encode(inputs, lengths)
        state, letter = memory.last, torch.full((len(lengths), 1), BEGIN_ID)
        letters, looks = [], []
        for _ in range(most):
            logits, state, weights = self.decode(letter, state, memory)
            letter = logits.argmax(-1)
            letters.append(letter)
            looks.append(weights)
        return torch.cat(letters, 1), None if looks[0] is None else torch.cat([w for w in looks if w is not None], 1)
