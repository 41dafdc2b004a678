"""What one step does to a gradient on its way back: the recurrent matrix's eigenvalues, and how open gates are.

For an RNN a step multiplies by W_hhᵀ · diag(tanh′): at most by its largest singular value times the largest slope, and
in the long run, where the slopes are 1, by its spectral radius. In an LSTM the cell c, in a GRU the state h, also goes
straight on: there a step multiplies by the forget gate f, or the update gate z, of each unit, and by no matrix.
Sources: Y. Bengio, P. Simard and P. Frasconi, Learning Long-Term Dependencies with Gradient Descent Is Difficult,
1994; R. Pascanu, T. Mikolov and Y. Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013.
"""

from __future__ import annotations

import numpy as np
import torch

from dlviz.labs.recurrent.backward import PRECISION, Pass
from dlviz.labs.recurrent.gates import kind_of, weights_of

KEEPS = {"lstm": "forget_gate", "gru": "update_gate"}
TINY = 1e-30  # so that the logarithm of a gate that is shut is a number
LAYER = ("layer", "direction")
DIMS = {
    **dict.fromkeys(("eigenvalues_real", "eigenvalues_imaginary", "kept"), (*LAYER, "unit")),
    **dict.fromkeys(("spectral_radius", "largest_singular_value", "slope_mean", "slope_largest"), LAYER),
}


def spectrum(passed: Pass) -> dict[str, np.ndarray]:
    """Of each layer and direction. An RNN's `eigenvalues_real` and `eigenvalues_imaginary` (layer, direction, unit),
    `spectral_radius`, `largest_singular_value` (layer, direction) of W_hh, and over the steps and units of the
    sequence `slope_mean` and `slope_largest` of tanh′. Of an LSTM and a GRU `kept` (layer, direction, unit): the
    geometric mean over the steps of the forget gate or the update gate, which to the d is what d steps leave."""
    core = passed.core
    kind, shape = kind_of(core), (core.num_layers, passed.directions)
    if kind != "rnn":
        gate = passed.unrolled.gates[KEEPS[kind]][:, :, 0].to(PRECISION)
        return {"kept": gate.clamp(min=TINY).log().mean(2).exp().numpy().astype(np.float32)}
    matrices = [weights_of(core, layer, d)[1].detach() for layer in range(shape[0]) for d in range(shape[1])]
    recurrent = torch.stack(matrices).to(PRECISION).reshape(*shape, core.hidden_size, core.hidden_size)
    values = torch.linalg.eigvals(recurrent)
    slopes = 1 - passed.unrolled.gates["hidden"][:, :, 0].to(PRECISION) ** 2
    found = {
        "eigenvalues_real": values.real,
        "eigenvalues_imaginary": values.imag,
        "spectral_radius": values.abs().amax(2),
        "largest_singular_value": torch.linalg.matrix_norm(recurrent, 2),
        "slope_mean": slopes.mean((2, 3)),
        "slope_largest": slopes.amax((2, 3)),
    }
    return {name: value.numpy().astype(np.float32) for name, value in found.items()}
