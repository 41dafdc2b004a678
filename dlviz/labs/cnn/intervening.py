"""What the picture's answer becomes when channels are silenced or scaled: one pass as it is, one with the gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Range
from dlviz.core.trace import Trace
from dlviz.labs.cnn.gains import passed, place, read_gains, read_row, scaled
from dlviz.labs.cnn.measuring import evaluating
from dlviz.labs.cnn.recording import state_of

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun


def intervene(run: CnnRun, row: Any = None, changes: Any = (), channels: Any = None, parameters: bool = True) -> Trace:
    """The answer to the picture with some channels multiplied by a gain, beside the answer without.

    `changes`: a list of [layer, channel, gain], gains from −1 to 3, channels from 0. `row`: the layer whose channels
    are looked at; without it the first activation. `channels`: [start, stop] leaves the others out of `output`, for a
    page that shows a part, or has it all already.

    `output`: what the layer gives, (channel, height, width) or (unit,), before its own gains but with those of the
    layers below it. `gains` (channel,) of that layer. `logits`, `probabilities` (class,) of the network as it is,
    `logits_changed`, `probabilities_changed` with the gains. `state`: parameters and buffers, unless `parameters` is
    false, and the name of the `row`. Raises `InvalidInput` for a layer, a channel or a gain that cannot be.
    """
    looked_at = read_row(run.spec, "intervene.row", row)
    start, stop = _part(looked_at.output_shape[0], channels)
    gains = read_gains(run.spec, "intervene.changes", changes)
    own = gains.get(looked_at.name, torch.ones(looked_at.output_shape[0]))
    below = {name: values for name, values in gains.items() if name != looked_at.name}
    network, picture = run.network, run.picture[None]
    after = place(network, looked_at.name) + 1
    with evaluating(network):
        logits = network(picture)[0]
        output = passed(network, picture, below, stop=after)
        changed = passed(network, scaled(output, own), gains, start=after)[0]
    found = {
        "output": output[0, start:stop],
        "gains": own,
        "logits": logits,
        "probabilities": logits.softmax(0),
        "logits_changed": changed,
        "probabilities_changed": changed.softmax(0),
    }
    axis = "channel" if output.ndim == 4 else "unit"
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(found, ("class",))
    dims |= {"gains": (axis,), "output": (axis, "height", "width")[: output.ndim - 1]}
    state = {"row": np.array([looked_at.name]), **(state_of(network) if parameters else {})}
    return Trace({name: values.numpy().copy() for name, values in found.items()}, dims, {}, state)


def _part(count: int, channels: Any) -> tuple[int, int]:
    if channels is None:
        return 0, count
    if not isinstance(channels, list | tuple) or len(channels) != 2:
        raise InvalidInput("intervene.channels", "must be [start, stop]", channels, f"[0, {count}]")
    for end in channels:
        Range(0, count, whole=True).check("An end of intervene.channels", end)
    return channels[0], channels[1]
