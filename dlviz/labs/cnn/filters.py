"""The panel Filters: the kernels of a convolution as they are now, and as they were before any training."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.trace import Trace
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.recording import record
from dlviz.labs.cnn.units import read_place, read_row, rows_of

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

OUTPUTS, INPUTS = 64, 32  # kernels of one answer: so many filters, of each so many incoming maps

_first: WeakKeyDictionary[nn.Module, dict[str, Tensor]] = WeakKeyDictionary()


def filters(
    run: CnnRun, row: str = "", output_from: int = 0, input_from: int = 0, first: bool = True, parameters: bool = True
) -> Trace:
    """The kernels of a convolution, at most 64 filters × 32 incoming maps from those places on.

    `row`: its name; none: the first one. `weight` and (unless `first` is false) `first`, its values before step 1,
    (output, input, kernel_height, kernel_width); `bias` (output,). Of each filter, over all that it reads, (output,):
    `norm` ‖w‖, `moved` ‖w − w₀‖ / ‖w₀‖, and `strongest`, the largest cell that it gives for the picture one looks at.
    Single numbers of the whole layer: `layer_moved`, `limit` the largest |w|; `output_from`, `input_from`.
    `state`: parameters and buffers of the network, and `picture`; `parameters` false leaves them out, for a page that
    asks often. Raises `InvalidInput` for a layer or a place that is not there.
    """
    known = rows_of(run.spec, "conv")
    asked = read_row(known, row or known[0].name, "filters.row")
    outputs, inputs = asked.output_shape[0], asked.input_shape[0]
    k = read_place(output_from, outputs, "filters.output_from", f"{asked.name} has {outputs} filters")
    c = read_place(input_from, inputs, "filters.input_from", f"{asked.name} reads {inputs} maps")
    numbers = run.network.state_dict()
    weight, bias = numbers[f"{asked.name}.weight"], numbers[f"{asked.name}.bias"]
    began = first_weights(run)[asked.name]
    window = (slice(k, k + OUTPUTS), slice(c, c + INPUTS))
    made = record(run.network, run.picture[None]).after[asked.name][0]
    change = weight - began
    arrays = {
        "weight": weight[window],
        "bias": bias[window[0]],
        "norm": _lengths(weight[window[0]]),
        "moved": _lengths(change[window[0]]) / _lengths(began[window[0]]),
        "strongest": made[window[0]].amax((1, 2)),
        "layer_moved": change.double().norm() / began.double().norm(),
        "limit": weight.abs().max(),
        "output_from": torch.tensor(k),
        "input_from": torch.tensor(c),
    }
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ())
    dims |= dict.fromkeys(("bias", "norm", "moved", "strongest"), ("output",))
    dims["weight"] = ("output", "input", "kernel_height", "kernel_width")
    if first:
        arrays["first"], dims["first"] = began[window], dims["weight"]
    state = {**numbers, "picture": run.picture} if parameters else {}
    return Trace(_copied(arrays), dims, {"strongest": "activation"}, _copied(state))


def first_weights(run: CnnRun) -> dict[str, Tensor]:
    """The weights of every convolution before step 1, built again from the spec; kept as long as its network is."""
    if run.network not in _first:
        built = build(run.spec).state_dict()
        _first[run.network] = {row.name: built[f"{row.name}.weight"] for row in rows_of(run.spec, "conv")}
    return _first[run.network]


def _lengths(weight: Tensor) -> Tensor:
    """‖w‖ of each filter, (output,)."""
    return weight.double().flatten(1).norm(dim=1)


def _copied(tensors: dict[str, Tensor]) -> dict[str, np.ndarray]:
    return {name: tensor.detach().numpy().copy() for name, tensor in tensors.items()}
