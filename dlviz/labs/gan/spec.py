"""Every setting of the GAN lab: what is real, the two networks, what each is trained for, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Coded, Flag, Range, Sizes
from dlviz.core.spec import Checked
from dlviz.labs.gan import plan
from dlviz.labs.gan.plan import Row

# Data set: shape of one example, classes (none: one cannot tell the network which).
PLANAR: dict[str, tuple[tuple[int, ...], int]] = {
    "ring8": ((2,), 8),
    "grid25": ((2,), 25),
    "circle": ((2,), 0),
    "line": ((2,), 0),
    "spiral": ((2,), 0),
    "disjoint": ((2,), 2),
    "own": ((2,), 0),
}
PICTURES: dict[str, tuple[tuple[int, ...], int]] = {
    "mnist": ((1, 28, 28), 10),
    "digits": ((1, 8, 8), 10),
    "sprites": ((3, 24, 24), 3),
}
SETS = PLANAR | PICTURES
LOSSES = {
    "nonsaturating": "Non-saturating",
    "minimax": "Minimax",
    "leastsquares": "Least squares",
    "wgan": "Wasserstein, clipped",
    "wgangp": "Wasserstein, gradient penalty",
    "hinge": "Hinge",
}
CRITICS = ("wgan", "wgangp")  # losses whose discriminator is no classifier: its output is a height, not odds
MOST_NOISE = 256
OWN_LENGTH = 4 * 2000  # two base-64 digits a coordinate


@dataclass(frozen=True)
class GanSpec(Checked):
    """What is real, two networks and their game. Frozen; an instance that exists is legal."""

    # --- what is real --------------------------------------------------------------------------------
    dataset: Annotated[
        str,
        Choice(
            tuple(SETS),
            ("Ring of 8", "Grid of 25", "Circle", "Line", "Spiral", "Two islands", "Your own points")
            + ("Digits 28 × 28", "Digits 8 × 8", "Sprites"),
            role="structure",
            label="Real examples",
            help="What the generator must learn to imitate, and never sees: points of a plane, or pictures.",
        ),
    ] = "ring8"
    own_points: Annotated[
        str, Coded(OWN_LENGTH, role="data", label="Your points", help="Points you placed, in a compact code.")
    ] = ""
    examples: Annotated[
        int,
        Range(
            10,
            4000,
            whole=True,
            role="data",
            label="Real examples",
            unit="examples",
            help="How many real examples the discriminator is shown, over and over.",
        ),
    ] = 4000
    conditional: Annotated[
        bool,
        Flag(
            role="structure",
            label="Conditional",
            help="Both networks are told the class: the generator makes what it is asked for.",
        ),
    ] = False
    # --- the networks --------------------------------------------------------------------------------
    network: Annotated[
        str,
        Choice(
            ("dense", "dcgan"),
            ("Dense", "DCGAN"),
            role="structure",
            label="Layers",
            help="Layers that join everything with everything; or, for pictures, transposed convolutions up and "
            "strided convolutions down, without hidden dense layers.",
        ),
    ] = "dense"
    generator_hidden: Annotated[
        tuple[int, ...],
        Sizes(1, 512, at_most=4, role="structure", label="Generator's layers", help="Units of its hidden layers."),
    ] = (64, 64)
    discriminator_hidden: Annotated[
        tuple[int, ...],
        Sizes(1, 512, at_most=4, role="structure", label="Discriminator's layers", help="Units of its hidden layers."),
    ] = (64, 64)
    channels: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            128,
            at_most=2,
            at_least=1,
            role="structure",
            label="Maps",
            help="Maps of the generator from small to large; the discriminator has the same in reverse.",
        ),
    ] = (64, 32)
    batch_norm: Annotated[
        str,
        Choice(
            ("none", "generator", "both"),
            ("None", "Generator", "Both"),
            role="structure",
            label="Batch norm",
            help="Normalise hidden layers over the batch: all of the generator's, all of the discriminator's but the "
            "first.",
        ),
    ] = "none"
    spectral_norm: Annotated[
        bool,
        Flag(
            role="structure",
            label="Spectral norm",
            help="Divide every weight matrix of the discriminator by its largest singular value: its output can then "
            "nowhere be steep.",
        ),
    ] = False
    noise_dimensions: Annotated[
        int,
        Range(
            1,
            MOST_NOISE,
            whole=True,
            log=True,
            role="structure",
            label="Noise",
            unit="numbers",
            help="How many numbers the generator is given. One or two can be seen as a line or a grid.",
        ),
    ] = 2
    noise: Annotated[
        str,
        Choice(
            ("normal", "uniform"),
            ("Normal", "Uniform"),
            role="structure",
            label="Drawn from",
            help="Each number from N(0, 1), or evenly between −1 and 1.",
        ),
    ] = "normal"
    # --- the game ------------------------------------------------------------------------------------
    loss: Annotated[
        str,
        Choice(
            tuple(LOSSES),
            tuple(LOSSES.values()),
            role="live",
            label="Loss",
            help="What each of the two makes smaller. Minimax is the game of the first paper; the others mend it.",
        ),
    ] = "nonsaturating"
    moves: Annotated[
        str,
        Choice(
            ("both", "discriminator", "generator"),
            ("Both", "Only D", "Only G"),
            role="live",
            label="Who moves",
            help="Who is trained: both in turn, or one while the other stands still.",
        ),
    ] = "both"
    discriminator_steps: Annotated[
        int,
        Range(
            1,
            10,
            whole=True,
            role="live",
            label="D-steps a G-step",
            unit="steps",
            help="How often the discriminator moves before the generator does.",
        ),
    ] = 1
    clip: Annotated[
        float,
        Range(
            0.001,
            1,
            log=True,
            role="live",
            label="Clip",
            help="Wasserstein, clipped: after each step every weight of the discriminator is cut to ± this.",
        ),
    ] = 0.1
    penalty: Annotated[
        float,
        Range(
            0,
            100,
            log=True,
            role="live",
            label="Gradient penalty λ",
            help="Wasserstein with penalty: what it costs that the discriminator's slope is other than 1 between real "
            "and fake.",
        ),
    ] = 1.0
    label_smoothing: Annotated[
        float,
        Range(
            0,
            0.5,
            role="live",
            label="Label smoothing",
            help="The discriminator is told that real examples are real to 1 minus this. Losses with labels only.",
        ),
    ] = 0.0
    instance_noise: Annotated[
        float,
        Range(
            0,
            1,
            role="live",
            label="Instance noise",
            help="Spread of the noise that is added to whatever the discriminator sees in training.",
        ),
    ] = 0.0
    update_both: Annotated[
        bool,
        Flag(
            role="live",
            label="The classic bug",
            help="In the generator's step the discriminator takes the same gradient: it learns to call fakes real.",
        ),
    ] = False
    # --- training ------------------------------------------------------------------------------------
    batch_size: Annotated[
        int,
        Range(
            2,
            512,
            whole=True,
            log=True,
            role="live",
            label="Batch size",
            unit="examples",
            help="Real examples, and as many fakes, that a step looks at.",
        ),
    ] = 128
    optimizer: Annotated[str, fields.OPTIMIZER] = "adam"
    learning_rate: Annotated[float, fields.LEARNING_RATE] = 0.001
    rate_ratio: Annotated[
        float,
        Range(
            0.05,
            20,
            log=True,
            role="live",
            label="D's rate",
            unit="times",
            help="The discriminator's learning rate as a multiple of the generator's.",
        ),
    ] = 1.0
    beta1: Annotated[
        float,
        Range(
            0,
            0.99,
            role="live",
            label="Momentum β₁",
            help="How much of the last directions Adam (or Momentum) keeps. In a game less is steadier: 0.5, not 0.9.",
        ),
    ] = 0.5
    seed: Annotated[int, fields.seed("the first weights, the real points, the batches and the noise")] = 1

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        name = type(self).__name__
        if self.network == "dcgan":
            if self.is_planar:
                rule = f"needs pictures, and {self.dataset} is made of points"
                yield "network", InvalidInput(f"{name}.network", rule, self.network, "dense")
            elif self.side % 2 ** len(self.channels):
                rule = f"must halve {self.side} pixels {len(self.channels)} times without a rest"
                yield "channels", InvalidInput(f"{name}.channels", rule, self.channels, "fewer")
        if self.conditional and not SETS[self.dataset][1]:
            rule = f"needs classes, and {self.dataset} has none"
            yield "conditional", InvalidInput(f"{name}.conditional", rule, self.conditional, "off")
        if self.dataset == "own":
            for problem in plan.own_points_problems(f"{name}.own_points", self.own_points):
                yield "own_points", problem

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one example: (2,) for points, (channels, height, width) for pictures."""
        return SETS[self.dataset][0]

    @property
    def is_planar(self) -> bool:
        """Whether examples are points of a plane."""
        return self.dataset in PLANAR

    @property
    def side(self) -> int:
        """Height and width of a picture in pixels; 1 for a point."""
        return 1 if self.is_planar else self.shape[1]

    @property
    def told(self) -> int:
        """How many classes both networks are told apart; 0 where they are not told."""
        return SETS[self.dataset][1] if self.conditional else 0

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; none where there are none."""
        if self.dataset == "sprites":
            return ("square", "ellipse", "arrow")
        return tuple(str(k) for k in range(SETS[self.dataset][1]))

    @property
    def is_critic(self) -> bool:
        """Whether the discriminator's output is a height rather than odds."""
        return self.loss in CRITICS

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every layer of both networks with its shapes and its parameters."""
        return tuple(plan.rows(self))
