"""Backpropagation through time, written out: the gradient of many answers at once, pulled back step by step.

Every answer is one row. At a step all rows meet the same Jacobian, so that one product a step serves them all.
Source: P. Werbos, Backpropagation Through Time: What It Does and How to Do It, 1990.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.labs.recurrent.answering import answered, length
from dlviz.labs.recurrent.cells import Weights
from dlviz.labs.recurrent.gates import Unrolled, kind_of, unroll, weights_of
from dlviz.labs.recurrent.model import Reader, State, Translator
from dlviz.labs.recurrent.reading import Reading
from dlviz.training.evaluating import evaluating

# In float64: after 200 steps a gradient may be 1e-100, where float32 has nothing left.
PRECISION = torch.float64
Pulled = tuple[Tensor, Tensor, Tensor]  # gradients of x (row, input), of h before and of c before (row, unit)


def rnn(dh: Tensor, dc: Tensor, gates: Mapping[str, Tensor], before: Mapping[str, Tensor], weights: Weights) -> Pulled:
    """Through h' = tanh(a): ∂/∂a = (1 − h'²) · ∂/∂h'. `gates` (unit,) of the step, `before` h and c (unit,)."""
    w, u, _, _ = weights
    a = dh * (1 - gates["hidden"] ** 2)
    return a @ w, a @ u, dc


def lstm(dh: Tensor, dc: Tensor, gates: Mapping[str, Tensor], before: Mapping[str, Tensor], weights: Weights) -> Pulled:
    """Through h' = o · tanh(c') and c' = f · c + i · g: c gets f times what c' got, and no matrix on the way."""
    w, u, _, _ = weights
    i, f, g, o = (gates[name] for name in ("input_gate", "forget_gate", "candidate", "output_gate"))
    squashed = gates["cell"].tanh()
    dc = dc + dh * (o * (1 - squashed**2))
    a = torch.cat([
        dc * (g * i * (1 - i)),
        dc * (before["cell"] * f * (1 - f)),
        dc * (i * (1 - g**2)),
        dh * (squashed * o * (1 - o)),
    ], 1)  # fmt: skip
    return a @ w, a @ u, dc * f


def gru(dh: Tensor, dc: Tensor, gates: Mapping[str, Tensor], before: Mapping[str, Tensor], weights: Weights) -> Pulled:
    """Through h' = (1 − z) · n + z · h and n = tanh(… + r · m): h gets z times what h' got, and more by the gates."""
    w, u, _, d = weights
    r, z, n, h = gates["reset_gate"], gates["update_gate"], gates["candidate"], before["hidden"]
    size = len(h)
    m = u[2 * size :] @ h + d[2 * size :]
    of_n = dh * ((1 - z) * (1 - n**2))
    of_r, of_z = of_n * (m * r * (1 - r)), dh * ((h - n) * z * (1 - z))
    dx = torch.cat([of_r, of_z, of_n], 1) @ w
    return dx, torch.cat([of_r, of_z, of_n * r], 1) @ u + dh * z, dc


BACK: dict[str, Callable[..., Pulled]] = {"rnn": rnn, "lstm": lstm, "gru": gru}
Ends = list[tuple[Tensor, Tensor]]  # gradients of h and c (row, unit) of each layer · direction


@dataclass(frozen=True)
class Pass:
    """One sequence that went through a core, kept in `PRECISION` so that gradients can go back through it."""

    core: nn.RNNBase
    unrolled: Unrolled
    first: State = None

    @property
    def directions(self) -> int:
        return 2 if self.core.bidirectional else 1

    def back(self, above: Tensor, last: Ends | None = None) -> tuple[Tensor, Ends]:
        """From the gradient of the uppermost layer's output, `above` (row, step, direction · unit), and of the last
        states to that of the input, (row, step, number), and of the first states. Of a core of one direction, `above`
        may end where no row has a gradient any more."""
        steps, size = above.shape[1], self.core.hidden_size
        firsts: Ends = [(above.new_zeros(0), above.new_zeros(0))] * (self.core.num_layers * self.directions)
        for layer in range(self.core.num_layers - 1, -1, -1):
            below: Tensor | None = None
            for direction in range(self.directions):
                at = layer * self.directions + direction
                zeros = above.new_zeros(len(above), size)
                dh, dc = last[at] if last else (zeros, zeros)
                gates = {name: g[layer, direction, 0].to(PRECISION) for name, g in self.unrolled.gates.items()}
                weights = tuple(w.detach().to(PRECISION) for w in weights_of(self.core, layer, direction))
                columns = [zeros] * steps
                for s in range(steps - 1, -1, -1) if direction == 0 else range(steps):
                    dh = dh + above[:, s, direction * size : (direction + 1) * size]
                    now = {name: values[s] for name, values in gates.items()}
                    before = self._before(gates, at, s - 1 if direction == 0 else s + 1)
                    columns[s], dh, dc = BACK[kind_of(self.core)](dh, dc, now, before, weights)
                firsts[at] = dh, dc
                found = torch.stack(columns, 1)
                below = found if below is None else below + found
            assert below is not None  # a core has at least one direction
            above = below
        return above, firsts

    def _before(self, gates: Mapping[str, Tensor], at: int, step: int) -> dict[str, Tensor]:
        """h and c (unit,) that the cell began a step with."""
        hidden = gates["hidden"]
        if 0 <= step < len(hidden):
            return {name: gates[name][step] for name in ("hidden", "cell") if name in gates}
        if self.first is None:
            return {"hidden": torch.zeros_like(hidden[0]), "cell": torch.zeros_like(hidden[0])}
        parts = self.first if isinstance(self.first, tuple) else (self.first,)
        return dict(zip(("hidden", "cell"), (part[at, 0].to(PRECISION) for part in parts), strict=False))


class Backward:
    """What a network answers to a sequence, and how each answer depends on each step of what was read.

    `answers` (answer, class); `said` (answer,): the class whose logit is looked at, the likeliest; `places` (answer,):
    the step at which an answer is given; a translator gives its own after the sequence's end.
    """

    def __init__(self, network: Reader | Translator, reading: Reading) -> None:
        self.network, self.steps = network, reading.steps
        with evaluating(network):
            self.answers = answered(network, reading)
            self.said = self.answers.argmax(1)
            if isinstance(network, Translator):
                encoded = unroll(network.encoder, network.embedding(reading.inputs))
                written = network.write(reading.inputs, length(reading), len(self.answers))
                read = torch.cat([torch.zeros_like(written[:, :1]), written[:, :-1]], 1)
                state = encoded.hidden if encoded.cell is None else (encoded.hidden, encoded.cell)
                decoded = unroll(network.decoder, network.embedding(read), state=state)
                self.passes = [Pass(network.encoder, encoded), Pass(network.decoder, decoded, state)]
            else:
                self.passes = [Pass(network.core, unroll(network.core, network.embed(reading.inputs)))]
        count = len(self.answers)
        self.is_last = isinstance(network, Reader) and network.last
        began = self.steps if isinstance(network, Translator) else self.steps - 1 if self.is_last else 0
        self.places = began + torch.arange(count)

    @property
    def reader(self) -> Pass:
        """The pass over what was read: a translator's encoder."""
        return self.passes[0]

    def of(self, rows: range) -> Tensor:
        """Gradients of the logits said in some answers to what stands for each step: (row, step, number), float64."""
        head = self.network.head.weight.detach().to(PRECISION)[self.said[list(rows)]]
        top, size = self.passes[-1], self.passes[-1].core.hidden_size
        steps = top.unrolled.output.shape[1] if top.directions == 2 or self.is_last else rows[-1] + 1
        above = head.new_zeros(len(rows), steps, head.shape[1])
        if self.is_last:  # forwards the last step is the end, backwards it is the beginning
            above[:, -1, :size] = head[:, :size]
            above[:, 0, size:] = head[:, size:]
        else:
            above[range(len(rows)), list(rows)] = head
        found, ends = top.back(above)
        if len(self.passes) == 2:
            outside = found.new_zeros(len(rows), self.steps, size)
            found, _ = self.reader.back(outside, ends)
        if found.shape[1] < self.steps:
            found = torch.cat([found, found.new_zeros(len(rows), self.steps - found.shape[1], found.shape[2])], 1)
        return found

    def norms(self, rows: range) -> Tensor:
        """The Euclidean norms of these gradients, (row, step)."""
        return self.of(rows).norm(dim=2)
