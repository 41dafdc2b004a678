"""Every setting of the Autoencoder lab: the pictures, the network, what it is trained for, and what one looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Range, Sizes
from dlviz.core.spec import Checked
from dlviz.labs.autoencoder import plan
from dlviz.labs.autoencoder.plan import Row

# Data set: channels, side, classes.
SETS = {
    "mnist": (1, 28, tuple("0123456789")),
    "digits": (1, 8, tuple("0123456789")),
    "sprites": (3, 24, ("square", "ellipse", "arrow")),
    "faces": (1, 25, ("face",)),
}
KINDS = {
    "plain": "Autoencoder",
    "denoising": "Denoising",
    "sparse": "Sparse",
    "variational": "Variational (VAE)",
    "conditional": "Conditional VAE",
}
VARIATIONAL = ("variational", "conditional")
NOISES = {"gaussian": "Gaussian", "masking": "Cells to zero", "salt_pepper": "Salt and pepper"}
ACTIVATIONS = {"relu": "ReLU", "tanh": "tanh", "linear": "None (linear)"}
MOST_LATENT = 128
LARGEST = (3, 24, 24)  # the shape with the most numbers
CLASSES_AT_MOST = 10


@dataclass(frozen=True)
class AutoencoderSpec(Checked):
    """Pictures, network and training of the Autoencoder lab. Frozen; an instance that exists is legal."""

    # --- the pictures ------------------------------------------------------------------------------
    dataset: Annotated[
        str,
        Choice(
            tuple(SETS),
            ("Digits 28 × 28", "Digits 8 × 8", "Sprites with known factors", "Faces 25 × 25"),
            role="structure",
            label="Pictures",
            help="What is to be squeezed. Of a sprite every factor is known: place, size, hue and turn.",
        ),
    ] = "mnist"
    examples: Annotated[
        int,
        Range(
            10,
            4000,
            whole=True,
            role="data",
            label="Training pictures",
            unit="pictures",
            help="How many pictures are trained on; validation and test pictures stay the same.",
        ),
    ] = 3500
    leave_out: Annotated[
        str,
        Choice(
            ("none", *map(str, range(CLASSES_AT_MOST))),
            role="data",
            label="Leave out",
            help="A class that is never trained on, by its place in the list: the stranger that an anomaly detector "
            "must find.",
        ),
    ] = "none"
    # --- the network ---------------------------------------------------------------------------------
    kind: Annotated[
        str,
        Choice(
            tuple(KINDS),
            tuple(KINDS.values()),
            role="structure",
            label="Kind",
            help="Plain: only copy. Denoising: undo damage. Sparse: few units of the code at a time. Variational: the "
            "code is a cloud near the origin, not a point. Conditional: told the class as well.",
        ),
    ] = "variational"
    network: Annotated[
        str,
        Choice(
            ("dense", "convolutional"),
            ("Dense", "Convolutional"),
            role="structure",
            label="Layers",
            help="Layers that join everything with everything, or convolutions of stride 2 and their transposes.",
        ),
    ] = "dense"
    hidden: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            1024,
            at_most=4,
            role="structure",
            label="Hidden layers",
            help="Units of the encoder's dense layers; the decoder has the same in reverse.",
        ),
    ] = (256, 128)
    channels: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            64,
            at_most=3,
            at_least=1,
            role="structure",
            label="Convolutions",
            help="Maps that each convolution of the encoder makes, while it halves height and width.",
        ),
    ] = (16, 32)
    activation: Annotated[
        str,
        Choice(
            tuple(ACTIVATIONS),
            tuple(ACTIVATIONS.values()),
            role="structure",
            label="Activation",
            help="The function after each hidden layer. Without one the whole network is a linear map.",
        ),
    ] = "tanh"
    latent: Annotated[
        int,
        Range(
            1,
            MOST_LATENT,
            whole=True,
            log=True,
            role="structure",
            label="Code",
            unit="numbers",
            help="How many numbers the picture is squeezed into. Two can be seen as a plane.",
        ),
    ] = 2
    likelihood: Annotated[
        str,
        Choice(
            ("bernoulli", "gaussian"),
            ("Cross-entropy", "Squared error"),
            role="structure",
            label="Reconstruction",
            help="Cross-entropy: each pixel is a probability, through a sigmoid. Squared error: each pixel is any "
            "number, half its squared distance counts.",
        ),
    ] = "bernoulli"
    # --- what it is trained for ------------------------------------------------------------------------
    beta: Annotated[
        float,
        Range(
            0,
            100,
            log=True,
            role="live",
            label="β",
            help="What a nat of KL divergence costs beside a nat of reconstruction. 1 is the VAE; more is a β-VAE.",
        ),
    ] = 1.0
    warmup: Annotated[
        int,
        Range(
            0,
            5000,
            whole=True,
            role="live",
            label="Warm-up",
            unit="steps",
            help="Steps in which β rises from 0 to its value, so that the decoder learns before the code is pressed.",
        ),
    ] = 0
    noise: Annotated[
        float,
        Range(
            0,
            1,
            role="live",
            label="Noise",
            help="Damage to what a denoising autoencoder is shown: the spread, or the share of cells that are hit.",
        ),
    ] = 0.4
    noise_kind: Annotated[
        str,
        Choice(
            tuple(NOISES),
            tuple(NOISES.values()),
            role="live",
            label="Kind of noise",
            help="Added to each cell, or cells put to black, or to black and white.",
        ),
    ] = "gaussian"
    sparsity: Annotated[
        float,
        Range(
            0,
            100,
            log=True,
            role="live",
            label="Sparsity",
            help="What it costs that units of a sparse code are active more often than the target says.",
        ),
    ] = 3.0
    target_activity: Annotated[
        float,
        Range(
            0.005,
            0.5,
            log=True,
            role="live",
            label="Target activity",
            help="The mean over pictures that each unit of a sparse code should have.",
        ),
    ] = 0.05
    # --- training --------------------------------------------------------------------------------------
    batch_size: Annotated[int, fields.PICTURES_A_STEP] = 64
    optimizer: Annotated[str, fields.OPTIMIZER] = "adam"
    learning_rate: Annotated[float, fields.LEARNING_RATE] = 0.002
    seed: Annotated[int, fields.seed("the first weights, the order of the batches, ε and the noise")] = 1
    # --- what one looks at -----------------------------------------------------------------------------
    picture: Annotated[int, fields.TEST_PICTURE] = 0
    own_pixels: Annotated[str, fields.own_picture(LARGEST)] = ""

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        name = type(self).__name__
        count = len(self.classes)
        if self.leave_out != "none" and (count == 1 or int(self.leave_out) >= count):
            rule = f"must be none or one of the {count} classes" if count > 1 else "must be none: there is one class"
            yield "leave_out", InvalidInput(f"{name}.leave_out", f"{rule} of {self.dataset}", self.leave_out, "none")
        if self.kind == "conditional" and count == 1:
            rule = f"needs pictures of several classes, and {self.dataset} has one"
            yield "kind", InvalidInput(f"{name}.kind", rule, self.kind, "variational")
        for problem in fields.own_picture_conflicts(f"{name}.own_pixels", self.own_pixels, self.picture_shape):
            yield "own_pixels", problem

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
    def is_variational(self) -> bool:
        """Whether the code is a distribution."""
        return self.kind in VARIATIONAL

    @property
    def told(self) -> int:
        """How many classes encoder and decoder are told apart; 0 where they are not told."""
        return len(self.classes) if self.kind == "conditional" else 0

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every layer with its shapes and its parameters."""
        return tuple(plan.rows(self))
