"""Pictures that the network was never trained on: a class left out, test pictures that were spoilt, other sets."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn

from dlviz.labs.autoencoder import data
from dlviz.labs.autoencoder.data import Data
from dlviz.labs.autoencoder.spec import SETS, AutoencoderSpec

MOST = 300  # of the known pictures, and of the strangers
KINDS = ("left_out", "turned", "upside_down", "shuffled", "noise", "other")
OTHER = {"mnist": "sprites", "digits": "sprites", "sprites": "mnist", "faces": "mnist"}


def kinds(found: Data) -> tuple[str, ...]:
    """The kinds of strangers there are: those left out only where something was."""
    return KINDS if len(found.strangers) else KINDS[1:]


def of(kind: str, spec: AutoencoderSpec, found: Data) -> Tensor:
    """At most 300 strangers (n, channel, height, width) in [0, 1], the same for everybody.

    `left_out`: test pictures of the class left out, or what is no face. Of the test pictures: `turned` by a quarter,
    `upside_down` by a half, `shuffled` (the cells of each in an order of its own). `noise`: each number uniform in
    [0, 1]. `other`: test pictures of another set, brought to this size and to these channels.
    """
    test = found.pictures.test_x[:MOST]
    chance = Generator().manual_seed(0)
    match kind:
        case "left_out":
            return found.strangers[:MOST]
        case "turned":
            return test.rot90(1, (2, 3))
        case "upside_down":
            return test.rot90(2, (2, 3))
        case "shuffled":
            order = torch.rand(len(test), test[0, 0].numel(), generator=chance).argsort(1)
            return test.flatten(2).gather(2, order[:, None].expand(-1, test.shape[1], -1)).reshape(test.shape)
        case "noise":
            return torch.rand(test.shape, generator=chance)
        case _:
            return _other(spec)


def _other(spec: AutoencoderSpec) -> Tensor:
    given = data.load(AutoencoderSpec(dataset=OTHER[spec.dataset])).pictures.test_x[:MOST]
    channels, side, _ = SETS[spec.dataset]
    if given.shape[1] > channels:
        given = given.mean(1, keepdim=True)
    sized = nn.functional.interpolate(given, (side, side), mode="bilinear", antialias=True, align_corners=False)
    return sized.clamp(0, 1).expand(-1, channels, -1, -1).contiguous()
