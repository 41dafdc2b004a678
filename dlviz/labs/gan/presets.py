"""Settings worth seeing, each with what to watch. A test tries every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset
from dlviz.labs.gan.regimes import DCGAN as UNNORMED
from dlviz.labs.gan.regimes import DIGITS, REGIMES

DCGAN = UNNORMED | {"batch_norm": "both"}

PRESETS = (
    # --- points ---
    Preset(
        "line",
        "One number, one line",
        "Noise of one number is a thread, and within 300 steps it lies along the line: precision near 1. Recall "
        "stays low: the line has a width, a thread has none.",
        {"dataset": "line", "noise_dimensions": 1},
    ),
    Preset(
        "thread",
        "One number, eight islands",
        "One thread through all eight modes: it cannot be cut, so some fakes always lie on the way between two.",
        {"noise_dimensions": 1},
    ),
    Preset(
        "islands",
        "Two islands",
        "What is continuous cannot be two pieces: fakes lie between the islands, however long it trains.",
        {"dataset": "disjoint"},
    ),
    Preset(
        "spiral",
        "A spiral",
        "The hard one for small networks: fakes first cover the disc, then gather along the turns.",
        {"dataset": "spiral", "generator_hidden": (128, 128), "discriminator_hidden": (128, 128)},
    ),
    Preset(
        "grid",
        "Grid of 25",
        "25 modes for wider networks: some 17 of them after 1,000 steps, with many fakes between.",
        {
            "dataset": "grid25",
            "generator_hidden": (256, 256),
            "discriminator_hidden": (256, 256),
            "batch_size": 256,
        },
    ),
    Preset(
        "told",
        "Told which of the eight",
        "Both are told the mode. Now the generator makes what it is asked for: see Conditional.",
        {"conditional": True},
    ),
    # --- losses ---
    Preset(
        "penalty",
        "WGAN with gradient penalty",
        "No odds but heights: the slope between real and fake is held near 1, so every fake is pulled. Three steps "
        "of the critic for one of the generator.",
        {"loss": "wgangp", "discriminator_steps": 3},
    ),
    Preset(
        "hinge",
        "Hinge and spectral norm",
        "As in large image models of 2018 to 2020: examples past the margin no longer count, and no layer of D can be "
        "steep. On small digits nine of ten are there after 300 steps.",
        DIGITS | {"loss": "hinge", "spectral_norm": True, "rate_ratio": 2.0},
    ),
    # --- pictures ---
    Preset(
        "dcgan",
        "DCGAN on digits, trained",
        "Opens with 5,000 steps of training, about five minutes' worth: drag the timeline to see digits come out of "
        "noise. The classifier is sure of 81 % of the samples.",
        DCGAN,
        trained=True,
    ),
    Preset(
        "small-digits",
        "Small digits, dense",
        "8 × 8 pixels and no convolution: digits after 500 steps, two seconds.",
        DIGITS,
    ),
    Preset(
        "asked",
        "Ask for a digit",
        "A conditional GAN on 8 × 8 digits: a column for each class, one noise in each row.",
        DIGITS | {"conditional": True},
    ),
    Preset(
        "sprites",
        "Coloured sprites",
        "A DCGAN on squares, ellipses and arrows of any hue: patches of colour first, shapes after some hundred steps.",
        DCGAN | {"dataset": "sprites", "channels": (32, 16)},
    ),
    # --- what goes wrong ---
    Preset(
        "smooth",
        "Too smooth for islands",
        "The same loss and norm on the ring: D may nowhere be steeper than 1, so it cannot draw islands this small. "
        "After 2,000 steps at most one of 8 modes is covered.",
        {"loss": "hinge", "spectral_norm": True},
        fails=True,
    ),
    Preset(
        "bug",
        "The classic bug",
        "The discriminator also takes the gradient of the generator's step: it unlearns in one what it learned in the "
        "other.",
        {"update_both": True},
        fails=True,
    ),
    *(Preset(each.slug, each.title, each.watch, dict(each.changes), fails=True) for each in REGIMES),
)
