"""Settings worth seeing, each with what to watch. A test trains every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset

PRESETS = (
    Preset(
        "linear-on-xor",
        "Linear on xor",
        "No hidden layer: one straight border, and accuracy stays near a half, however long you wait.",
        {"dataset": "xor", "hidden_layers": ()},
        fails=True,
    ),
    Preset(
        "xor-solved",
        "Xor, solved",
        "One hidden layer of eight units: each draws a line of its own, and the output combines them.",
        {"dataset": "xor", "hidden_layers": (8,), "optimizer": "adam", "learning_rate": 0.03},
    ),
    Preset(
        "circle-squared",
        "Circle without hidden layers",
        "With x₁² and x₂² as inputs a linear model draws an ellipse: the right features make depth unnecessary.",
        {"dataset": "circle", "features": ("x1_squared", "x2_squared"), "hidden_layers": ()},
    ),
    Preset(
        "spiral-8-8",
        "Spiral, two layers of eight",
        "From x₁ and x₂ alone: the first layer draws lines, the second bends them into arms, in 5,000 steps.",
        {"dataset": "spiral", "hidden_layers": (8, 8), "optimizer": "adam", "learning_rate": 0.01},
    ),
    Preset(
        "spiral-all-features",
        "Spiral with every feature",
        "The same spiral with all seven inputs and one layer: sines and squares do much of the work.",
        {
            "dataset": "spiral",
            "features": ("x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"),
            "hidden_layers": (8,),
            "optimizer": "adam",
            "learning_rate": 0.01,
        },
    ),
    Preset(
        "dead-relu",
        "Dying ReLU",
        "A rate of 3 throws the whole second layer below zero, at every point. No slope, no gradient: it stays there.",
        {"dataset": "circle", "hidden_layers": (8, 8), "activations": ("relu",), "learning_rate": 3.0},
        fails=True,
    ),
    Preset(
        "rate-too-high",
        "Learning rate too high",
        "A bowl of a loss, and steps too long: each jumps over the valley and lands higher up the other side.",
        {
            "problem": "regression",
            "surface": "plane",
            "hidden_layers": (),
            "learning_rate": 0.1,
            "batch_size": 100,
        },
        fails=True,
    ),
    Preset(
        "sigmoid-six-deep",
        "Sigmoid, six layers deep",
        "Watch the first layer's gradient: a sigmoid's slope is ¼ at most, and six multiply. Nothing is learned.",
        {"dataset": "circle", "hidden_layers": (6,) * 6, "activations": ("sigmoid",)},
        fails=True,
    ),
    Preset(
        "overfitting-noise",
        "Overfitting noise",
        "Few, noisy points and a large network: the training loss falls while the test loss rises.",
        {
            "dataset": "xor",
            "samples": 100,
            "noise": 50,
            "hidden_layers": (8, 8, 8),
            "optimizer": "adam",
            "learning_rate": 0.01,
            "show_test": True,
        },
        fails=True,
    ),
    Preset(
        "l2-rescue",
        "L2 to the rescue",
        "The same points and network with L2: the weights stay small, the border smooth, and the test loss lower.",
        {
            "dataset": "xor",
            "samples": 100,
            "noise": 50,
            "hidden_layers": (8, 8, 8),
            "optimizer": "adam",
            "learning_rate": 0.01,
            "regularization": "l2",
            "regularization_rate": 0.03,
            "show_test": True,
        },
    ),
    Preset(
        "dropout",
        "Dropout",
        "At each step a fifth of the units sits out (grey). No unit can rely on another; the loss falls more slowly.",
        {"dataset": "circle", "hidden_layers": (8, 8), "dropout": 0.2, "learning_rate": 0.1},
    ),
    Preset(
        "eight-blobs",
        "Eight classes",
        "Eight clouds, softmax over eight outputs. The loss starts near ln 8 ≈ 2.08, which is guessing.",
        {"dataset": "blobs", "classes": 8, "hidden_layers": (8,), "learning_rate": 0.1},
    ),
    Preset(
        "regression-hills",
        "Hills and hollows",
        "A number instead of a class: after some thousand steps all three hills and three hollows can be seen.",
        {
            "problem": "regression",
            "surface": "hills",
            "hidden_layers": (8, 8),
            "optimizer": "adam",
            "learning_rate": 0.01,
        },
    ),
    Preset(
        "sine-network",
        "Sine units",
        "Sine as the activation solves the spiral sooner than tanh does: waves repeat, so do the arms.",
        {
            "dataset": "spiral",
            "hidden_layers": (8, 8),
            "activations": ("sine",),
            "optimizer": "adam",
            "learning_rate": 0.01,
        },
    ),
    Preset(
        "batch-norm-deep",
        "Sigmoid six deep, with batch norm",
        "The network that learned nothing, with batch norm between the layers: the first layer's gradient is back.",
        {"dataset": "circle", "hidden_layers": (6,) * 6, "activations": ("sigmoid",), "batch_norm": True},
    ),
)
