"""Every setting of the Convolution lab: the picture, the layer that slides over it, and how one like it learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Coded, Flag, Numbers, Range, Several, Sizes
from dlviz.core.spec import Checked
from dlviz.labs.convolution import kernels, plan
from dlviz.labs.convolution.geometry import Layer

PICTURES = ("digit", "checkerboard", "ramp", "impulse", "stripes", "noise", "photo", "own")
PHOTOS = ("astronaut", "chelsea", "coffee", "rocket", "camera", "coins")
CHANNELS = {"grey": 1, "rgb": 3, "maps": 4}
LAYERS = (
    "conv2d", "conv1d", "causal", "transposed", "depthwise", "pointwise", "separable",
    "max_pool", "average_pool", "global_average_pool",
)  # fmt: skip
MOST_FILTERS = 8
MOST_SIDE = 32
MOST_WEIGHTS = MOST_FILTERS * 4 * 7 * 7
# A byte a pixel, six bits a letter; see pixels.py.
OWN_PIXELS_LENGTH = (4 * MOST_SIDE * MOST_SIDE * 3 + 2) // 3


@dataclass(frozen=True)
class ConvolutionSpec(Checked):
    """Picture, layer and learner of the Convolution lab. Frozen; an instance that exists is legal."""

    # --- the picture -----------------------------------------------------------------------------
    picture: Annotated[
        str,
        Choice(
            PICTURES,
            ("Digit", "Checkerboard", "Ramp", "One dot", "Stripes", "Noise", "Photo", "Your own"),
            role="view",
            label="Picture",
            help="What the filter slides over. Paint on it with the pen to make it your own.",
        ),
    ] = "digit"
    digit: Annotated[
        int, Range(0, 9, whole=True, role="view", label="Digit", help="A handwritten digit of MNIST, reduced to size.")
    ] = 5
    photo: Annotated[
        str,
        Choice(
            PHOTOS,
            ("Astronaut", "Cat", "Coffee", "Rocket", "Camera", "Coins"),
            role="view",
            label="Photo",
            help="The photo under Photo and Classical, and, reduced, the picture on the stage.",
        ),
    ] = "chelsea"
    own_pixels: Annotated[
        str, Coded(OWN_PIXELS_LENGTH, role="view", label="Your picture", help="What you painted, a byte a pixel.")
    ] = ""
    side: Annotated[
        int,
        Range(
            1,
            MOST_SIDE,
            whole=True,
            role="structure",
            label="Size",
            unit="cells",
            help="Rows and columns of the picture on the stage.",
        ),
    ] = 12
    channels: Annotated[
        str,
        Choice(
            tuple(CHANNELS),
            ("Grey", "RGB", "Four maps"),
            role="structure",
            label="Channels",
            help="Grey: one channel. RGB: three. Four maps: the grey picture, its edges across, its edges down and "
            "its Laplacian, as a second layer would be given them.",
        ),
    ] = "grey"
    # --- the layer -------------------------------------------------------------------------------
    layer: Annotated[
        str,
        Choice(
            LAYERS,
            ("Convolution", "Convolution 1-D", "Causal 1-D", "Transposed", "Depthwise", "Pointwise 1 × 1",
             "Depthwise separable", "Max pooling", "Average pooling", "Global average pooling"),
            role="structure",
            label="Layer",
            help="What slides. One-dimensional layers take the middle row of the picture.",
        ),
    ] = "conv2d"  # fmt: skip
    kernel: Annotated[
        tuple[str, ...],
        Several(
            tuple(kernels.LABELS),
            tuple(kernels.LABELS.values()),
            repeat=True,
            at_most=MOST_FILTERS,
            role="structure",
            label="Kernel",
            help="One name a filter, and so a channel of the output. Any cell may be edited.",
        ),
    ] = ("sobel_vertical",)
    weights: Annotated[
        tuple[float, ...],
        Numbers(
            -100,
            100,
            at_most=MOST_WEIGHTS,
            role="live",
            label="Weights",
            help="Every weight of the layer, edited by hand; empty while the named kernels hold.",
        ),
    ] = ()
    bias: Annotated[
        tuple[float, ...],
        Numbers(
            -100,
            100,
            at_most=MOST_FILTERS,
            role="live",
            label="Bias",
            help="What is added to every cell of a map: one number for all filters, or one for each. Empty: 0.",
        ),
    ] = ()
    flip: Annotated[
        bool,
        Flag(
            role="live",
            label="Turn the kernel",
            help="Convolution as mathematics defines it turns the kernel by half a turn first. What deep learning "
            "calls convolution is cross-correlation and does not.",
        ),
    ] = False
    kernel_size: Annotated[
        int, Range(1, 7, whole=True, role="structure", label="Kernel size", help="Rows and columns of the kernel.")
    ] = 3
    stride: Annotated[
        int, Range(1, 4, whole=True, role="structure", label="Stride", help="Cells from one place to the next.")
    ] = 1
    padding: Annotated[
        str,
        Choice(
            ("valid", "same", "full", "number"),
            ("Valid", "Same", "Full", "A number"),
            role="structure",
            label="Padding",
            help="Valid: none. Same: as much as keeps the size. Full: as much as lets every overlap count.",
        ),
    ] = "valid"
    padding_amount: Annotated[
        int,
        Range(
            0,
            12,
            whole=True,
            role="structure",
            label="Padding cells",
            unit="cells",
            help="Cells added on every side when padding is a number.",
        ),
    ] = 1
    padding_mode: Annotated[
        str,
        Choice(
            ("zeros", "reflect", "replicate", "circular"),
            ("Zeros", "Reflect", "Replicate", "Circular"),
            role="structure",
            label="Padding mode",
            help="What stands in the padding: zeros, the picture mirrored, its edge repeated, or its other side.",
        ),
    ] = "zeros"
    dilation: Annotated[
        int, Range(1, 4, whole=True, role="structure", label="Dilation", help="Cells between two taps of the kernel.")
    ] = 1
    groups: Annotated[
        int,
        Range(
            1,
            4,
            whole=True,
            role="structure",
            label="Groups",
            help="Channels and filters are split into so many groups that do not see each other.",
        ),
    ] = 1
    # --- the learner -----------------------------------------------------------------------------
    pairs: Annotated[
        str,
        Choice(
            ("noise", "digits", "photos", "flat"),
            ("Noise", "Digits", "Photos", "Flat grey"),
            role="data",
            label="Learn from",
            help="The pictures of the training pairs. The hidden filter makes the answers.",
        ),
    ] = "noise"
    pair_noise: Annotated[
        float,
        Range(0, 2, role="data", label="Noise in the answers", help="Standard deviation of what blurs the answers."),
    ] = 0.0
    batch_size: Annotated[
        int, Range(1, 64, whole=True, role="live", label="Batch size", unit="pairs", help="Pairs a step looks at.")
    ] = 4
    optimizer: Annotated[
        str,
        Choice(
            ("sgd", "momentum", "adam"),
            ("SGD", "Momentum", "Adam"),
            role="live",
            label="Optimizer",
            help="How a gradient becomes a step.",
        ),
    ] = "sgd"
    learning_rate: Annotated[float, fields.LEARNING_RATE] = 0.04
    seed: Annotated[
        int, fields.seed("random kernels, noise, the training pairs, the first weights and the order of the batches")
    ] = 1
    # --- the stack of the receptive field ----------------------------------------------------------
    stack_kernels: Annotated[
        tuple[int, ...],
        Sizes(1, 7, at_most=6, at_least=1, role="view", label="Stacked kernels", help="Kernel size of each layer."),
    ] = (3, 3)
    stack_strides: Annotated[
        tuple[int, ...],
        Sizes(1, 4, at_most=6, at_least=1, role="view", label="Stacked strides", help="Stride of each layer."),
    ] = (1, 1)
    stack_dilations: Annotated[
        tuple[int, ...],
        Sizes(1, 4, at_most=6, at_least=1, role="view", label="Stacked dilations", help="Dilation of each layer."),
    ] = (1, 1)

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        for field, rule, given, attempt in plan.conflicts(self):
            yield field, InvalidInput(f"{type(self).__name__}.{field}", rule, given, attempt)

    @property
    def in_channels(self) -> int:
        """Channels of the picture."""
        return CHANNELS[self.channels]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """What slides, with every size: one layer, or the two of a depthwise separable convolution."""
        return plan.layers(self)
