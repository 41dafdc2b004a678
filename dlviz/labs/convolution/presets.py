"""Settings worth seeing, each with what to watch. A test computes every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset
from dlviz.labs.convolution.pixels import encode

# Red less green, each smoothed by the binomial kernel; no blue. Where a colour is grey the two cancel.
_SMOOTH = tuple(a * b / 16 for a in (1.0, 2.0, 1.0) for b in (1.0, 2.0, 1.0))
RED_LESS_GREEN = (*_SMOOTH, *(-weight for weight in _SMOOTH), *(0.0,) * 9)
WHITE = encode(bytes([255] * 36))  # 6 × 6

PRESETS = (
    Preset(
        "textbook-cross",
        "The textbook's cross",
        "Where the cross lies on five ones it answers 5, one cell further on five zeros: 5 and 0 in turn.",
        {"picture": "checkerboard", "side": 5, "kernel": ("cross",)},
    ),
    Preset(
        "edges-two-ways",
        "Edges, two ways",
        "The stems of the 4 show in the map for vertical edges, its bar in the one for horizontal edges.",
        {"digit": 4, "side": 14, "kernel": ("sobel_vertical", "sobel_horizontal")},
    ),
    Preset(
        "colour-opponent",
        "Red against green",
        "Weights by hand: smoothed red less smoothed green. The orange suit lights up; white and grey come out near 0.",
        {"picture": "photo", "photo": "astronaut", "channels": "rgb", "side": 28, "weights": RED_LESS_GREEN},
    ),
    Preset(
        "four-filters",
        "Four filters, four maps",
        "One picture, four filters of ten numbers each, bias included: 40 parameters, and a stack of four maps.",
        {
            "picture": "photo",
            "side": 28,
            "kernel": ("sobel_vertical", "sobel_horizontal", "gaussian", "laplacian"),
        },
    ),
    Preset(
        "noise-blurred",
        "Noise, blurred",
        "Each answer is the mean of nine independent cells: the noise shrinks to about a third.",
        {"picture": "noise", "side": 24, "kernel": ("average",)},
    ),
    Preset(
        "ramp-twice",
        "First and second difference",
        "A ramp rises evenly: Sobel answers one and the same number everywhere, the Laplacian 0.",
        {"picture": "ramp", "side": 16, "kernel": ("sobel_vertical", "laplacian")},
    ),
    Preset(
        "stride-two",
        "Stride 2",
        "12 cells become 6: the answers at stride 1, every second one left out in both directions.",
        {"kernel": ("gaussian",), "stride": 2, "padding": "number", "padding_amount": 1},
    ),
    Preset(
        "dark-frame",
        "The dark frame",
        "Same keeps the size with zeros around the picture, and they darken the edge. Reflect instead: no frame.",
        {"picture": "photo", "photo": "coins", "side": 28, "kernel": ("average",), "kernel_size": 5, "padding": "same"},
    ),
    Preset(
        "full-overlap",
        "Every overlap",
        "A white picture, full padding: 6 cells become 10. The corner sees 1 of its cells and 24 zeros, the middle 25.",
        {
            "picture": "own",
            "own_pixels": WHITE,
            "side": 6,
            "kernel": ("average",),
            "kernel_size": 5,
            "padding": "full",
        },
    ),
    Preset(
        "dilation-grid",
        "Dilation 3 leaves a grid",
        "One dot comes out as nine with gaps of two: 9 taps reach over 7 × 7 cells and skip the other 40.",
        {"picture": "impulse", "side": 13, "kernel": ("average",), "dilation": 3, "padding": "same"},
    ),
    Preset(
        "convolution-turned",
        "Convolution proper",
        "The kernel is turned first, and one dot gives back the kernel as written. Unturned it comes out upside down.",
        {"picture": "impulse", "side": 7, "kernel": ("emboss",), "flip": True},
    ),
    Preset(
        "depthwise",
        "Depthwise",
        "Each colour has a filter of its own and keeps to itself: 30 parameters, where a convolution has 84.",
        {"picture": "photo", "photo": "coffee", "channels": "rgb", "side": 24, "layer": "depthwise"},
    ),
    Preset(
        "pointwise-grey",
        "Colour to grey",
        "A 1 × 1 kernel sees one cell through all channels: 0.299 of red, 0.587 of green and 0.114 of blue are grey.",
        {"picture": "photo", "photo": "coffee", "channels": "rgb", "side": 28, "layer": "pointwise"},
    ),
    Preset(
        "separable",
        "Depthwise separable",
        "First each colour by itself, then mixtures of the three: 46 parameters for four maps, not 112.",
        {
            "picture": "photo",
            "photo": "coffee",
            "channels": "rgb",
            "side": 24,
            "layer": "separable",
            "kernel": ("gaussian",) * 4,
        },
    ),
    Preset(
        "grouped",
        "Two groups",
        "The first two filters see the first two channels, the others the rest: half the weights, 72 in place of 144.",
        {"channels": "maps", "side": 14, "kernel": ("average", "edge", "gaussian", "sharpen"), "groups": 2},
    ),
    Preset(
        "max-pooling",
        "Max pooling",
        "Of every 2 × 2 block the largest value survives: 12 cells become 6, and there is nothing to learn.",
        {"layer": "max_pool", "kernel_size": 2, "stride": 2},
    ),
    Preset(
        "checkerboard",
        "Checkerboard artefact",
        "A white picture enlarged with kernel 3 and stride 2: places overlap one, two or four deep, and it shows.",
        {
            "picture": "own",
            "own_pixels": WHITE,
            "side": 6,
            "layer": "transposed",
            "kernel": ("average",),
            "stride": 2,
        },
        fails=True,
    ),
    Preset(
        "no-checkerboard",
        "Kernel 4, no checkerboard",
        "The same with kernel 4, which stride 2 divides: away from the edge every cell is covered four times.",
        {
            "picture": "own",
            "own_pixels": WHITE,
            "side": 6,
            "layer": "transposed",
            "kernel": ("average",),
            "kernel_size": 4,
            "stride": 2,
        },
    ),
    Preset(
        "causal",
        "Causal",
        "One moment in the middle of a row: it answers then and for four cells after, and none before it.",
        {"picture": "impulse", "side": 17, "layer": "causal", "kernel": ("gaussian",), "kernel_size": 5},
    ),
    Preset(
        "learn-sobel",
        "Learn Sobel from noise",
        "Under Learn the kernel press Play: from random weights it is Sobel within 100 steps, to two decimals.",
        {"kernel": ("sobel_horizontal",), "learning_rate": 0.05},
    ),
    Preset(
        "learn-from-photos",
        "Learn from photos",
        "Neighbouring pixels are alike: after 200 steps the loss is down to 1 %, the kernel still off by a quarter.",
        {"pairs": "photos", "learning_rate": 0.3},
    ),
    Preset(
        "rate-too-high",
        "Learning rate too high",
        "The bowl of this loss has curvature 2: above a rate of 1 each step lands higher up the other side.",
        {"learning_rate": 1.3},
        fails=True,
    ),
    Preset(
        "learn-from-flat",
        "Learn from flat pictures",
        "Grey pictures fix only the sum of the weights: the loss is 0, and the kernel has nothing to do with Sobel.",
        {"pairs": "flat"},
        fails=True,
    ),
)
