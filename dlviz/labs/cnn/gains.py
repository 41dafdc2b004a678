"""Channels of the network made louder, quieter or silent: which can be, and the pass through the network so changed.

A gain multiplies what a layer gives, one number a channel, before the next layer gets it: 1 leaves the channel as it
is, 0 silences it, −1 turns its sign round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Range
from dlviz.labs.cnn.plan import Row

if TYPE_CHECKING:
    from dlviz.labs.cnn.spec import CnnSpec

LOWEST, HIGHEST = -1.0, 3.0
Gains = Mapping[str, Tensor]  # the name of a layer → (channel,)


def rows_with_channels(spec: CnnSpec) -> list[Row]:
    """The layers whose channels take a gain: convolutions, activations, and the dense layers before the last."""
    return [row for row in spec.rows if row.kind in ("conv", "activation", "linear") and row.name != "output"]


def read_row(spec: CnnSpec, what: str, name: Any) -> Row:
    """The layer of that name; without a name, the first activation. Raises `InvalidInput` for one there is not."""
    known = rows_with_channels(spec)
    wanted = next(row.name for row in known if row.kind == "activation") if name is None else name
    for row in known:
        if row.name == wanted:
            return row
    names = [row.name for row in known]
    raise InvalidInput(what, f"must be a layer of this network with channels: {', '.join(names)}", name, names[0])


def read_gains(spec: CnnSpec, what: str, changes: Any) -> dict[str, Tensor]:
    """Gains from a list of [layer, channel, gain]; of two for one channel the later holds.

    Channels count from 0. Raises `InvalidInput` for a layer or channel there is not, or a gain outside −1 to 3.
    """
    attempt = f'[["{read_row(spec, what, None).name}", 0, 0]]'
    if not isinstance(changes, list | tuple):
        raise InvalidInput(what, "must be a list of [layer, channel, gain]", changes, attempt)
    gains: dict[str, Tensor] = {}
    for change in changes:
        if not isinstance(change, list | tuple) or len(change) != 3:
            raise InvalidInput(what, "must be a list of [layer, channel, gain]", change, attempt)
        name, channel, gain = change
        row = read_row(spec, what, name)
        Range(0, row.output_shape[0] - 1, whole=True).check(f"The channel of {row.name}", channel)
        Range(LOWEST, HIGHEST).check(f"The gain of channel {channel} of {row.name}", gain)
        gains.setdefault(row.name, torch.ones(row.output_shape[0]))[int(channel)] = float(gain)
    return gains


def place(network: nn.Sequential, name: str) -> int:
    """How many modules come before the one of that name."""
    return list(network._modules).index(name)


def passed(network: nn.Sequential, x: Tensor, gains: Gains, start: int = 0, stop: int | None = None) -> Tensor:
    """`x` (batch, …) through the modules from `start` up to `stop`, each channel that has a gain multiplied by it.

    The same calls as the network's own, in the mode it is in.
    """
    # not named_children(), which leaves out a module that stands there a second time
    for name, module in list(network._modules.items())[start:stop]:
        assert module is not None
        x = module(x)
        if name in gains:
            x = scaled(x, gains[name])
    return x


def scaled(x: Tensor, gains: Tensor) -> Tensor:
    """(batch, channel, …) with each channel multiplied by its gain."""
    return x * gains.reshape(1, -1, *[1] * (x.ndim - 2))
