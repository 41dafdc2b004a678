"""Every setting of the CNN lab: the pictures, the network, its training, and the picture one looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Flag, Range, Several, Sizes
from dlviz.core.spec import Checked
from dlviz.labs.cnn import online, plan
from dlviz.labs.cnn.plan import Row

# Data set: channels, side, classes.
SETS = {
    "mnist": (1, 28, tuple("0123456789")),
    "digits": (1, 8, tuple("0123456789")),
    "shapes": (3, 32, ("circle", "square", "triangle", "cross", "ring", "star")),
    "patches": (3, 32, ("astronaut", "chelsea", "coffee", "rocket", "camera", "coins")),
    "mnist_full": (1, 28, tuple("0123456789")),
    "fashion": (
        1,
        28,
        ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"),
    ),
    "cifar10": (3, 32, ("airplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")),
}
ONLINE = ("mnist_full", "fashion", "cifar10")
ACTIVATIONS = {"relu": "ReLU", "tanh": "tanh", "leaky_relu": "Leaky ReLU"}
MOST_SIDE = 32


@dataclass(frozen=True)
class CnnSpec(Checked):
    """Pictures, network and training of the CNN lab. Frozen; an instance that exists is legal."""

    # --- the pictures ------------------------------------------------------------------------------
    dataset: Annotated[
        str,
        Choice(
            tuple(SETS),
            ("Digits 28 × 28", "Digits 8 × 8", "Coloured shapes", "Photo patches", "MNIST, all 70,000", "Fashion-MNIST",
             "CIFAR-10"),
            role="structure",
            label="Pictures",
            help="What is to be told apart. The last three are fetched from the network, once, when you ask for them.",
        ),
    ] = "mnist"  # fmt: skip
    examples: Annotated[
        int,
        Range(
            50,
            4000,
            whole=True,
            role="data",
            label="Training pictures",
            unit="pictures",
            help="How many pictures are trained on; validation and test pictures stay the same.",
        ),
    ] = 3500
    augment: Annotated[
        bool,
        Flag(
            role="live",
            label="Augment",
            help="Each training picture is moved by up to two cells and turned by up to 10 degrees, anew each time.",
        ),
    ] = False
    # --- the network ---------------------------------------------------------------------------------
    channels: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            512,
            at_most=4,
            at_least=1,
            role="structure",
            label="Blocks",
            help="Maps that each block makes: convolution, batch norm, activation, pooling.",
        ),
    ] = (16, 32)
    convs: Annotated[
        int,
        Range(
            1, 2, whole=True, role="structure", label="Convolutions a block", help="Two in a row, as in VGG, or one."
        ),
    ] = 1
    kernel_sizes: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            7,
            at_most=4,
            at_least=1,
            role="structure",
            label="Kernel size",
            help="Rows and columns of the kernels: one number for all blocks, or one for each.",
        ),
    ] = (3,)
    paddings: Annotated[
        tuple[str, ...],
        Several(
            ("same", "valid"),
            ("Same", "Valid"),
            repeat=True,
            at_most=4,
            role="structure",
            label="Padding",
            help="Same keeps the size of the map, valid takes the border off: one for all blocks, or one for each.",
        ),
    ] = ("same",)
    batch_norm: Annotated[
        bool,
        Flag(
            role="structure", label="Batch norm", help="Every map is normalised over the batch before its activation."
        ),
    ] = True
    activation: Annotated[
        str,
        Choice(
            tuple(ACTIVATIONS),
            tuple(ACTIVATIONS.values()),
            role="structure",
            label="Activation",
            help="The function after each layer.",
        ),
    ] = "relu"
    pool: Annotated[
        str,
        Choice(
            ("max", "average", "none"),
            ("Max", "Average", "None"),
            role="structure",
            label="Pooling",
            help="How each block halves its maps.",
        ),
    ] = "max"
    dense_units: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            4096,
            at_most=3,
            role="structure",
            label="Dense layers",
            help="Units of the layers between the maps and the classes.",
        ),
    ] = (64,)
    dropout: Annotated[
        float,
        Range(0, 0.9, role="structure", label="Dropout", help="The chance that a dense unit is left out of a step."),
    ] = 0.2
    # --- training --------------------------------------------------------------------------------------
    batch_size: Annotated[int, fields.PICTURES_A_STEP] = 32
    optimizer: Annotated[str, fields.OPTIMIZER] = "adam"
    learning_rate: Annotated[
        float,
        Range(
            1e-6,
            10,
            log=True,
            role="live",
            label="Learning rate",
            unit="per step",
            help="How far a step goes along the gradient.",
        ),
    ] = 0.002
    weight_decay: Annotated[
        float,
        Range(0, 1, log=True, role="live", label="Weight decay", help="How much each step pulls the weights to zero."),
    ] = 0.0
    seed: Annotated[
        int, fields.seed("the pictures drawn, the first weights, the order of the batches, dropout and augmentation")
    ] = 1
    # --- what one looks at -----------------------------------------------------------------------------
    picture: Annotated[
        int,
        Range(0, 999, whole=True, role="view", label="Picture", help="Which test picture the maps are made from."),
    ] = 0
    own_pixels: Annotated[str, fields.own_picture((3, MOST_SIDE, MOST_SIDE))] = ""

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        if not online.is_here(self.dataset):
            yield "dataset", online.missing(self.dataset)
        name = f"{type(self).__name__}.own_pixels"
        for problem in fields.own_picture_conflicts(name, self.own_pixels, self.picture_shape):
            yield "own_pixels", problem
        for field, rule, given, attempt in plan.conflicts(self):
            yield field, InvalidInput(f"{type(self).__name__}.{field}", rule, given, attempt)

    @property
    def picture_shape(self) -> tuple[int, int, int]:
        """Channels, height, width of a picture."""
        channels, side, _ = SETS[self.dataset]
        return channels, side, side

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return SETS[self.dataset][2]

    @property
    def class_count(self) -> int:
        return len(self.classes)

    @property
    def activation_label(self) -> str:
        return ACTIVATIONS[self.activation]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every layer with its shapes and its parameters."""
        return tuple(plan.rows(self))
