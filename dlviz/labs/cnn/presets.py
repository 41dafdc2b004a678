"""Settings worth seeing, each with what to watch. A test tries every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset

PRESETS = (
    Preset(
        "three-blocks",
        "Three blocks",
        "Maps halve while their number doubles: 3 × 32 × 32 becomes 128 × 4 × 4, which flattens to 2,048 numbers.",
        {"dataset": "shapes", "channels": (32, 64, 128), "dropout": 0.5, "learning_rate": 0.001},
    ),
    Preset(
        "without-padding",
        "28, 26, 13, 11, 5",
        "Without padding every convolution takes 2 cells; 91 % of the 225,034 parameters sit in one dense layer.",
        {
            "channels": (32, 64),
            "paddings": ("valid",),
            "dense_units": (128,),
            "batch_norm": False,
            "dropout": 0.5,
            "learning_rate": 0.001,
        },
    ),
    Preset(
        "lenet-5",
        "LeNet-5",
        "The shapes of 1998 with tanh and averages: 61,706 parameters, three of four digits right after 60 steps.",
        {
            "channels": (6, 16),
            "kernel_sizes": (5,),
            "paddings": ("same", "valid"),
            "pool": "average",
            "activation": "tanh",
            "dense_units": (120, 84),
            "batch_norm": False,
            "dropout": 0.0,
        },
    ),
    Preset(
        "tiny-vgg",
        "Tiny VGG",
        "Two 3 × 3 convolutions before each pooling: a cell of act1b sees 5 × 5 cells of the picture, of act1a 3 × 3.",
        {"channels": (8, 16), "convs": 2},
    ),
    Preset(
        "photo-patches",
        "Which photograph?",
        "Training squares are cut from the left of each photograph, test squares from the right: there it is worse.",
        {"dataset": "patches"},
    ),
    Preset(
        "without-batch-norm",
        "Without batch norm",
        "The same network, the same learning rate: it learns too, but after 60 steps its test loss is higher.",
        {"batch_norm": False},
    ),
    Preset(
        "fifty-pictures",
        "Fifty pictures",
        "After 40 steps all 50 are right, and of the digits that it has never seen about one in four is wrong.",
        {"examples": 50},
        fails=True,
    ),
    Preset(
        "rate-too-high",
        "Learning rate too high",
        "The first steps kill every unit of the dense layer; from then on it gives one answer to every picture.",
        {"batch_norm": False, "optimizer": "momentum", "learning_rate": 1.0},
        fails=True,
    ),
)
