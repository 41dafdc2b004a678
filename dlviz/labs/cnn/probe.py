"""Probe of the CNN lab: what every layer makes of a picture, and of one layer the numbers that it does so with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn.plan import Row
from dlviz.labs.cnn.recording import record
from dlviz.labs.cnn.spec import CnnSpec

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

Dims = dict[str, tuple[str, ...]]
MAP, VECTOR = ("channel", "height", "width"), ("unit",)
LARGEST = 1e3  # of a picture's values; the network was trained on [0, 1]


def feature_maps(run: CnnRun, input: Any = None, row: Any = None, channel: Any = None) -> Trace:
    """What every layer makes of a picture, in evaluation mode.

    `input` (channel, height, width), after each layer its output under the layer's name, (channel, height, width) or
    (unit,), and `logits` (class,); all parameters and running statistics under `state/`. `input` may be one's own,
    (height, width) or (channel, height, width) of the data set's size.

    With `row`, the name of a layer, only that layer: `input` and `output`, and where it has them `weight`, `bias`,
    `running_mean`, `running_var` (channel,) and `eps` (point,). With `channel` as well, of the output and of the
    numbers only that map or unit; of the input too, where each map is made from one map alone. Raises `InvalidInput`.
    """
    network: nn.Sequential = run.network
    picture = run.picture if input is None else read_picture(run.spec, input)
    if row is not None:
        return _one_row(run, network, picture, _row(run.spec, row), channel)
    if channel is not None:
        rule = "is one of a row's, so the row must be given too"
        raise InvalidInput("feature_maps.channel", rule, channel, f"row {run.spec.rows[0].name}")
    recorded = record(network, picture[None])
    arrays = {"input": picture, **{name: values[0] for name, values in recorded.after.items()}}
    arrays["logits"] = recorded.output[0]
    dims: Dims = {name: MAP if values.ndim == 3 else VECTOR for name, values in arrays.items()}
    dims["logits"] = ("class",)
    return Trace(_copied(arrays), dims, {}, _copied(network.state_dict()))


def read_picture(spec: CnnSpec, given: Any) -> Tensor:
    """One's own picture as (channel, height, width). Raises `InvalidInput` in words."""
    shape = spec.picture_shape
    wanted = " × ".join(map(str, shape))
    name, attempt = "feature_maps.input", f"an array of {wanted}, values from 0 to 1"
    try:
        values = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        raise InvalidInput(name, "must be numbers in rows of the same length", given, attempt) from None
    if values.ndim == 2:
        values = values[None]
    if values.shape != shape:
        size = " × ".join(map(str, values.shape)) or "a single number"
        rule = f"must have the size of the pictures that the network was built for, {wanted}"
        raise InvalidInput(name, rule, size, attempt)
    if not np.isfinite(values).all() or np.abs(values).max() > LARGEST:
        worst = values.flat[np.argmax(~np.isfinite(values) | (np.abs(values) > LARGEST))]
        raise InvalidInput(name, f"must have values between -{LARGEST:g} and {LARGEST:g}", float(worst), attempt)
    return torch.from_numpy(values.copy())


def _row(spec: CnnSpec, name: Any) -> Row:
    # The softmax belongs to the loss; the network itself ends with the logits.
    known = [row for row in spec.rows if row.kind != "softmax"]
    for row in known:
        if row.name == name:
            return row
    raise InvalidInput("feature_maps.row", f"must be one of {', '.join(r.name for r in known)}", name, known[0].name)


def _one_row(run: CnnRun, network: nn.Sequential, picture: Tensor, row: Row, channel: Any) -> Trace:
    after = record(network, picture[None]).after
    names = [name for name, _ in network.named_children()]
    at = names.index(row.name)
    given = picture if at == 0 else after[names[at - 1]][0]
    made = after[row.name][0]
    module = network.get_submodule(row.name)
    numbers = {name: value for name, value in module.state_dict().items() if value.ndim > 0}
    if channel is not None:
        k = _channel(row, channel)
        made = made[k : k + 1]
        numbers = {name: value[k : k + 1] for name, value in numbers.items()}
        if row.kind in ("norm", "activation", "pool", "dropout"):
            given = given[k : k + 1]
    arrays = {"input": given, "output": made, **numbers}
    if isinstance(module, nn.BatchNorm2d):
        arrays["eps"] = torch.tensor([module.eps], dtype=torch.float64)
    weight: Dims = {
        "conv": {"weight": ("output", "input", "kernel_height", "kernel_width"), "bias": ("output",)},
        "linear": {"weight": ("output", "input"), "bias": ("output",)},
        "norm": dict.fromkeys(("weight", "bias", "running_mean", "running_var"), ("channel",)),
    }.get(row.kind, {})  # type: ignore[assignment]
    dims: Dims = {"input": MAP if given.ndim == 3 else VECTOR, "output": MAP if made.ndim == 3 else VECTOR}
    dims |= {"eps": ("point",), **weight}
    return Trace(_copied(arrays), {name: dims[name] for name in arrays}, {}, _copied(numbers))


def _channel(row: Row, given: Any) -> int:
    count = row.output_shape[0]
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or given != int(given):
        raise InvalidInput("feature_maps.channel", "must be a whole number", given, "0")
    if not 0 <= given < count:
        rule = f"must be in [0, {count - 1}]: {row.name} makes {count}"
        raise InvalidInput("feature_maps.channel", rule, given, str(count - 1))
    return int(given)


def _copied(tensors: Any) -> dict[str, np.ndarray]:
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in tensors.items()}
