"""Every gate and state of a pass through recurrent layers, step by step, by the cells written out in `cells`.

Differentiable, so that values and gradients can be held against torch's own pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.labs.recurrent import cells
from dlviz.labs.recurrent.cells import Weights
from dlviz.labs.recurrent.model import State

NAMES = {
    "rnn": ("hidden",),
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden"),
    "gru": ("reset_gate", "update_gate", "candidate", "hidden"),
}


@dataclass(frozen=True)
class Unrolled:
    """`gates[name]` (layer, direction, sequence, step, unit), zero behind a sequence's end; `output` as torch's own,
    (sequence, step, direction · unit); `hidden`, `cell` (layer · direction, sequence, unit) after the last step."""

    gates: dict[str, Tensor]
    output: Tensor
    hidden: Tensor
    cell: Tensor | None


def kind_of(core: nn.RNNBase) -> str:
    """`rnn`, `lstm` or `gru`."""
    return core.mode.split("_")[0].lower()


def unroll(core: nn.RNNBase, embedded: Tensor, lengths: Tensor | None = None, state: State = None) -> Unrolled:
    """The pass of `core` over `embedded` (sequence, step, number) in evaluation mode, with everything in between.

    `lengths` (sequence,): steps behind them leave the state as it is, as in a packed sequence.
    """
    kind, h_size = kind_of(core), core.hidden_size
    count, steps, _ = embedded.shape
    directions = 2 if core.bidirectional else 1
    ends = torch.full((count,), steps) if lengths is None else lengths
    going = (torch.arange(steps)[None] < ends[:, None])[..., None]  # (sequence, step, 1)
    first_h, first_c = state if isinstance(state, tuple) else (state, None)
    zeros = embedded.new_zeros(count, h_size)
    below = embedded
    found: dict[str, list[list[Tensor]]] = {name: [] for name in NAMES[kind]}
    last_h, last_c = [], []
    for layer in range(core.num_layers):
        outputs = []
        for name in NAMES[kind]:
            found[name].append([])
        for direction in range(directions):
            at = layer * directions + direction
            h = zeros if first_h is None else first_h[at]
            c = zeros if first_c is None else first_c[at]
            weights = weights_of(core, layer, direction)
            columns: dict[str, list[Tensor]] = {name: [zeros] * steps for name in NAMES[kind]}
            for t in range(steps) if direction == 0 else range(steps - 1, -1, -1):
                step = STEPS[kind](below[:, t], h, c, weights)
                alive = going[:, t]
                for name, value in step.items():
                    columns[name][t] = torch.where(alive, value, zeros)
                h = torch.where(alive, step["hidden"], h)
                c = torch.where(alive, step["cell"], c) if "cell" in step else c
            last_h.append(h)
            last_c.append(c)
            for name in NAMES[kind]:
                found[name][layer].append(torch.stack(columns[name], 1))
            outputs.append(found["hidden"][layer][direction])
        below = torch.cat(outputs, 2)
    gates = {name: torch.stack([torch.stack(layer) for layer in layers]) for name, layers in found.items()}
    return Unrolled(gates, below, torch.stack(last_h), torch.stack(last_c) if kind == "lstm" else None)


def weights_of(core: nn.RNNBase, layer: int, direction: int) -> Weights:
    """The parameters of one layer in one direction."""
    end = f"l{layer}{'_reverse' if direction else ''}"
    return tuple(getattr(core, f"{name}_{end}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))


STEPS: dict[str, Callable[[Tensor, Tensor, Tensor, Weights], dict[str, Tensor]]] = {
    "rnn": lambda x, h, c, weights: cells.rnn(x, h, weights),
    "lstm": cells.lstm,
    "gru": lambda x, h, c, weights: cells.gru(x, h, weights),
}
