"""One step of each cell, written out: what `torch.nn` does inside, gate by gate.

x (sequence, input), h and c (sequence, unit); weights as torch names and stacks them: `weight_ih` (gates · unit,
input), `weight_hh` (gates · unit, unit), `bias_ih` and `bias_hh` (gates · unit,).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor, Tensor]  # weight_ih, weight_hh, bias_ih, bias_hh
Step = Mapping[str, Tensor]


def rnn(x: Tensor, h: Tensor, weights: Weights) -> dict[str, Tensor]:
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh). Source: J. Elman, Finding Structure in Time, 1990."""
    w, u, b, d = weights
    return {"hidden": torch.tanh(x @ w.T + b + h @ u.T + d)}


def lstm(x: Tensor, h: Tensor, c: Tensor, weights: Weights) -> dict[str, Tensor]:
    """i, f, o = σ(…), g = tanh(…); c' = f · c + i · g; h' = o · tanh(c').

    Source: S. Hochreiter and J. Schmidhuber, 1997; forget gate by F. Gers et al., 2000.
    """
    w, u, b, d = weights
    i, f, g, o = (x @ w.T + b + h @ u.T + d).chunk(4, 1)
    i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
    cell = f * c + i * g
    return {"input_gate": i, "forget_gate": f, "candidate": g, "output_gate": o, "cell": cell,
            "hidden": o * torch.tanh(cell)}  # fmt: skip


def gru(x: Tensor, h: Tensor, weights: Weights) -> dict[str, Tensor]:
    """r, z = σ(…); n = tanh(W_in x + b_in + r · (W_hn h + b_hn)); h' = (1 − z) · n + z · h.

    Source: K. Cho et al., 2014; differs, as torch does: r is applied after the recurrent product.
    """
    w, u, b, d = weights
    r_x, z_x, n_x = (x @ w.T + b).chunk(3, 1)
    r_h, z_h, n_h = (h @ u.T + d).chunk(3, 1)
    r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return {"reset_gate": r, "update_gate": z, "candidate": n, "hidden": (1 - z) * n + z * h}
