"""Settings under which the game fails, each with what to watch and the change that mends it.

Every line says only what came out on seeds 1 and 2; tests/labs/gan/test_regimes.py tries each again. The page has the
same list (dlviz/ui/static/gancollapse/regimes.js).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Regime:
    """`changes` of the default spec make it fail within `steps`; `watch` says where one sees it.

    `mend`, on top of them, mends it: `mended` says what came out after `mended_steps` from the start."""

    slug: str
    title: str
    watch: str
    changes: Mapping[str, Any]
    steps: int
    mend: Mapping[str, Any]
    mended: str
    mended_steps: int


DIGITS = {"dataset": "digits", "noise_dimensions": 16, "batch_norm": "generator", "learning_rate": 0.0005}
DCGAN = {"dataset": "mnist", "network": "dcgan", "noise_dimensions": 32, "batch_size": 64, "learning_rate": 0.0005}

REGIMES = (
    Regime(
        "strong",
        "D too strong",
        "Minimax with five D-steps at five times the rate: by step 100 D is sure of every picture (separation 1.00, "
        "D(G(z)) below 0.01), so G's slope is gone. From step 100 to 300 hardly anything moves: 5 of 10 digits.",
        DIGITS | {"loss": "minimax", "discriminator_steps": 5, "rate_ratio": 5.0},
        300,
        {"loss": "nonsaturating"},
        "With the non-saturating loss alone the same D still wins (separation 0.99), yet G learns: 6 to 8 digits at "
        "step 300, and a smaller Fréchet distance.",
        300,
    ),
    Regime(
        "slow",
        "D too slow",
        "D learns at a twentieth of G's rate: G runs to wherever D's old map is high, all fakes in one heap that "
        "wanders. After 1,000 steps 0 or 1 of 8 modes, diversity 14 to 25 %, D no better than guessing "
        "(separation 0.38 to 0.56).",
        {"rate_ratio": 0.05},
        1000,
        {"rate_ratio": 1.0},
        "At equal rates 7 or 8 of 8 modes after 1,000 steps.",
        1000,
    ),
    Regime(
        "tiny",
        "D too small",
        "A discriminator of four units can draw one or two straight edges, no ring: 0 of 8 modes after 1,000 steps.",
        {"discriminator_hidden": (4,)},
        1000,
        {"discriminator_hidden": (64, 64)},
        "With two layers of 64 units, 7 or 8 of 8 modes.",
        1000,
    ),
    Regime(
        "unnormed",
        "A DCGAN without batch norm",
        "Digits by convolutions alone: at step 200 the fakes look good but alike, 2 to 5 of 10 digits, recall 0.00, "
        "diversity 20 to 46 %. About 20 seconds.",
        DCGAN | {"batch_norm": "none"},
        200,
        {"batch_norm": "both"},
        "With batch norm in both, 7 to 9 of 10 digits at step 200, diversity about 70 %.",
        200,
    ),
    Regime(
        "momentum",
        "Too much momentum",
        "β₁ = 0.9, as one trains classifiers: each player overshoots the other and the cloud swings around the ring. "
        "After 1,000 steps 0 of 8 modes, Fréchet distance 0.8 to 1.6.",
        {"beta1": 0.9},
        1000,
        {"beta1": 0.5},
        "With β₁ = 0.5, 7 or 8 of 8 modes and a Fréchet distance of 0.01 or less.",
        1000,
    ),
    Regime(
        "rate",
        "A rate of 0.1",
        "A hundred times the default: within 50 steps all fakes are one single point (diversity 0 %), and stay one.",
        {"learning_rate": 0.1},
        300,
        {"learning_rate": 0.001},
        "At 0.001, 7 or 8 of 8 modes after 1,000 steps.",
        1000,
    ),
    Regime(
        "diverges",
        "A rate that diverges",
        "Plain gradient descent with a rate of 10: in the third step the loss is no longer a finite number. Training "
        "stops, and the last good moment stays.",
        {"optimizer": "sgd", "learning_rate": 10.0},
        10,
        {"optimizer": "adam", "learning_rate": 0.001},
        "Adam at 0.001: 7 or 8 of 8 modes after 1,000 steps.",
        1000,
    ),
)
