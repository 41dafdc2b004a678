"""The networks of the Recurrent lab: a letter or number becomes a vector, cells carry a state on, a layer answers."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from dlviz.data.sequences import Task
from dlviz.labs.recurrent.spec import GATES, RecurrentSpec

CELLS: dict[str, Any] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
# (layer · direction, sequence, unit), for an LSTM two of them: h and c.
State = Tensor | tuple[Tensor, Tensor] | None
BEGIN = 0  # the token that a decoder reads first


class Reader(nn.Module):
    """Reads a sequence and answers at each step, or once after the last.

    inputs (sequence, step) ids or (sequence, step, feature) → answers (sequence, step, class), or (sequence, class)
    where `last`. `lengths` (sequence,) keeps padding out of the state.
    """

    def __init__(self, spec: RecurrentSpec, task: Task) -> None:
        super().__init__()
        self.last = task.pattern == "last"
        self.embedding = nn.Embedding(task.input_size, spec.embedding_size) if task.vocabulary else None
        self.core = _core(spec, spec.embedding_size if task.vocabulary else task.input_size)
        self.dropout = nn.Dropout(spec.dropout)
        self.head = nn.Linear(spec.hidden_size * spec.directions, task.output_size)

    def forward(self, inputs: Tensor, lengths: Tensor | None = None, state: State = None) -> tuple[Tensor, State]:
        hidden, state = run_through(self.core, self.embed(inputs), lengths, state)
        if self.last:
            hidden = last_hidden(self.core, state)
        return self.head(self.dropout(hidden)), state

    def embed(self, inputs: Tensor) -> Tensor:
        """(sequence, step, number) of what is read."""
        embedded: Tensor = self.embedding(inputs) if self.embedding is not None else inputs
        return embedded


class Translator(nn.Module):
    """An encoder reads the whole sequence; a decoder begins with its last state and writes another one.

    Source: I. Sutskever, O. Vinyals and Q. Le, Sequence to Sequence Learning with Neural Networks, 2014.
    """

    def __init__(self, spec: RecurrentSpec, task: Task) -> None:
        super().__init__()
        self.embedding = nn.Embedding(task.input_size, spec.embedding_size)
        self.encoder = _core(spec, spec.embedding_size)
        self.decoder = _core(spec, spec.embedding_size)
        self.dropout = nn.Dropout(spec.dropout)
        self.head = nn.Linear(spec.hidden_size, task.output_size)

    def forward(self, inputs: Tensor, lengths: Tensor, read: Tensor) -> Tensor:
        """Logits (sequence, step, class) of a decoder that reads `read` (sequence, step): while it is taught."""
        _, state = run_through(self.encoder, self.embedding(inputs), lengths, None)
        hidden, _ = self.decoder(self.embedding(read), state)
        answers: Tensor = self.head(self.dropout(hidden))
        return answers

    @torch.no_grad()
    def write(self, inputs: Tensor, lengths: Tensor, steps: int) -> Tensor:
        """What it writes by itself, the likeliest token each time, (sequence, step) ids."""
        _, state = run_through(self.encoder, self.embedding(inputs), lengths, None)
        token = torch.full((len(inputs), 1), BEGIN)
        written = []
        for _ in range(steps):
            hidden, state = self.decoder(self.embedding(token), state)
            token = self.head(hidden).argmax(2)
            written.append(token)
        return torch.cat(written, 1)


def build(spec: RecurrentSpec, task: Task) -> Reader | Translator:
    """The network of a spec, weights from its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        return Translator(spec, task) if task.pattern == "decoder" else Reader(spec, task)


def run_through(core: nn.RNNBase, embedded: Tensor, lengths: Tensor | None, state: State) -> tuple[Tensor, State]:
    """The hidden states of the uppermost layer, (sequence, step, unit), and the state after each sequence's end."""
    if lengths is None or bool((lengths == embedded.shape[1]).all()):
        hidden, state = core(embedded, state)
        return hidden, state
    packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
    packed_hidden, state = core(packed, state)
    hidden, _ = pad_packed_sequence(packed_hidden, batch_first=True, total_length=embedded.shape[1])
    return hidden, state


def last_hidden(core: nn.RNNBase, state: State) -> Tensor:
    """h of the uppermost layer after the sequence, (sequence, unit); of both directions, one after the other."""
    h = state[0] if isinstance(state, tuple) else state
    assert h is not None  # run_through always gives one
    directions = 2 if core.bidirectional else 1
    return torch.cat(list(h[-directions:]), 1)


def parameters(spec: RecurrentSpec, input_size: int) -> list[dict[str, int]]:
    """Parameters of each layer by formula: directions · gates · (H·input + H·H + 2·H), with both of torch's biases."""
    h, rows, found = spec.hidden_size, GATES[spec.cell], []
    for layer in range(spec.layers):
        size = input_size if layer == 0 else h * spec.directions
        found.append({"layer": layer, "input": size, "gates": rows,
                      "parameters": spec.directions * rows * (h * size + h * h + 2 * h)})  # fmt: skip
    return found


def _core(spec: RecurrentSpec, input_size: int) -> nn.RNNBase:
    core: nn.RNNBase = CELLS[spec.cell](
        input_size, spec.hidden_size, spec.layers, batch_first=True, bidirectional=spec.bidirectional,
        dropout=spec.dropout if spec.layers > 1 else 0.0,
    )  # fmt: skip
    h = spec.hidden_size
    with torch.no_grad():
        for name, parameter in core.named_parameters():
            if name.startswith("weight_hh") and spec.initial == "orthogonal":
                for block in parameter.split(h):
                    nn.init.orthogonal_(block, spec.gain)
            # torch adds two biases; the gates' rows are input, forget, candidate, output.
            if spec.cell == "lstm" and name.startswith("bias"):
                parameter[h : 2 * h] = spec.forget_bias if name.startswith("bias_ih") else 0.0
    return core
