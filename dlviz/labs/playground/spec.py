"""Every setting of the Playground, with its range, its unit and what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Coded, Flag, Range, Several, Sizes
from dlviz.core.spec import Checked

FEATURES = ("x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2")
ACTIVATIONS = ("relu", "leaky_relu", "gelu", "tanh", "sigmoid", "sine", "linear")
TWO_CLASS_SETS = ("circle", "xor", "gauss", "moons")
MANY_CLASS_SETS = ("spiral", "blobs", "rings", "own")
# 2,000 points of five characters each; see data.encode_points.
OWN_POINTS_LENGTH = 10_000


@dataclass(frozen=True)
class PlaygroundSpec(Checked):
    """Data, network and training of the Playground. Frozen; an instance that exists is legal."""

    problem: Annotated[
        str,
        Choice(
            ("classification", "regression"),
            ("Classification", "Regression"),
            role="structure",
            label="Problem",
            help="Predict a class (softmax and cross-entropy) or a number (squared error).",
        ),
    ] = "classification"
    dataset: Annotated[
        str,
        Choice(
            (*TWO_CLASS_SETS, *MANY_CLASS_SETS),
            ("Circle", "Exclusive or", "Gaussians", "Moons", "Spiral", "Blobs", "Rings", "Your own"),
            role="data",
            label="Data set",
            help="What is to be classified. Spiral, blobs and rings take up to eight classes.",
        ),
    ] = "circle"
    surface: Annotated[
        str,
        Choice(
            ("plane", "hills"),
            ("Plane", "Hills"),
            role="data",
            label="Surface",
            help="The function to be learned in regression: a tilted plane, or Gaussian hills and hollows.",
        ),
    ] = "plane"
    classes: Annotated[
        int,
        Range(
            2,
            8,
            whole=True,
            role="structure",
            label="Classes",
            help="How many classes. Circle, exclusive or, Gaussians and moons have two.",
        ),
    ] = 2
    samples: Annotated[
        int,
        Range(
            20,
            2000,
            whole=True,
            role="data",
            label="Points",
            unit="points",
            help="Points in all, training and test together.",
        ),
    ] = 500
    noise: Annotated[
        float, Range(0, 50, role="data", label="Noise", unit="%", help="How far points stray from where they belong.")
    ] = 0.0
    train_share: Annotated[
        int,
        Range(
            10,
            90,
            whole=True,
            role="data",
            label="Training share",
            unit="%",
            help="The share of the points that is trained on; the rest is the test set.",
        ),
    ] = 50
    own_points: Annotated[
        str,
        Coded(
            OWN_POINTS_LENGTH,
            role="points",
            label="Your points",
            help="Points you placed or imported, in a compact code.",
        ),
    ] = ""
    features: Annotated[
        tuple[str, ...],
        Several(
            FEATURES,
            ("x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"),
            role="structure",
            label="Features",
            help="What the network is given of a point.",
        ),
    ] = ("x1", "x2")
    hidden_layers: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            8,
            at_most=6,
            role="structure",
            label="Hidden layers",
            help="Neurons in each hidden layer: up to six layers of one to eight.",
        ),
    ] = (4, 2)
    activations: Annotated[
        tuple[str, ...],
        Several(
            ACTIVATIONS,
            ("ReLU", "leaky ReLU", "GELU", "tanh", "sigmoid", "sine", "linear"),
            repeat=True,
            at_most=6,
            role="structure",
            label="Activation",
            help="The function after each hidden neuron: one for all layers, or one for each.",
        ),
    ] = ("tanh",)
    batch_norm: Annotated[
        bool,
        Flag(
            role="structure",
            label="Batch norm",
            help="Normalise every hidden neuron over the batch before its activation.",
        ),
    ] = False
    seed: Annotated[
        int,
        Range(
            0,
            999_999,
            whole=True,
            role="structure",
            label="Seed",
            help="Fixes the data, the first weights and the order of the batches: the same seed, the same run.",
        ),
    ] = 1
    batch_size: Annotated[
        int,
        Range(
            1,
            100,
            whole=True,
            role="live",
            label="Batch size",
            unit="points",
            help="Points that each step of training looks at.",
        ),
    ] = 10
    optimizer: Annotated[
        str,
        Choice(
            ("sgd", "momentum", "rmsprop", "adam", "adamw"),
            ("SGD", "Momentum", "RMSProp", "Adam", "AdamW"),
            role="live",
            label="Optimizer",
            help="How a gradient becomes a step. AdamW applies L2 to the weights themselves, apart from the gradient.",
        ),
    ] = "sgd"
    learning_rate: Annotated[
        float,
        Range(
            1e-5,
            10,
            log=True,
            role="live",
            label="Learning rate",
            unit="per step",
            help="How far a step goes along the gradient.",
        ),
    ] = 0.03
    regularization: Annotated[
        str,
        Choice(
            ("none", "l1", "l2"),
            ("None", "L1", "L2"),
            role="live",
            label="Regularization",
            help="A penalty on the weights (not the biases): rate · Σ|w| or rate / 2 · Σw².",
        ),
    ] = "none"
    regularization_rate: Annotated[
        float, Range(0, 10, log=True, role="live", label="Penalty rate", help="How much the penalty counts.")
    ] = 0.001
    l1_method: Annotated[
        str,
        Choice(
            ("proximal", "subgradient"),
            ("Proximal", "Plain"),
            role="live",
            label="L1 step",
            help="Proximal: after each step weights move towards zero by rate × learning rate and stop there. "
            "Plain: the sign of each weight is added to its gradient.",
        ),
    ] = "proximal"
    dropout: Annotated[
        float,
        Range(
            0,
            0.9,
            role="live",
            label="Dropout",
            help="The chance that a hidden neuron is left out of a training step.",
        ),
    ] = 0.0
    show_test: Annotated[
        bool, Flag(role="view", label="Show test data", help="Draw the test points too, as rings.")
    ] = False
    discretize: Annotated[bool, Flag(
        role="view", label="Discretize output", help="Colour every place by its decision alone.")] = False  # fmt: skip

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together."""
        name = type(self).__name__
        if self.problem == "classification" and self.classes != 2 and self.dataset in TWO_CLASS_SETS:
            rule = f"must be 2 with the data set {self.dataset}"
            yield "classes", InvalidInput(f"{name}.classes", rule, self.classes, "2, or the data set blobs")
        if len(self.activations) not in (1, len(self.hidden_layers)):
            rule = f"must name one activation, or one for each of the {len(self.hidden_layers)} hidden layers"
            yield "activations", InvalidInput(f"{name}.activations", rule, ",".join(self.activations),
                                              self.activations[0])  # fmt: skip
        if self.batch_norm and self.batch_size == 1:
            rule = "must be at least 2 with batch normalization, which needs a batch to normalise over"
            yield "batch_size", InvalidInput(f"{name}.batch_size", rule, 1, "10")

    @property
    def layer_activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        return self.activations * len(self.hidden_layers) if len(self.activations) == 1 else self.activations

    @property
    def outputs(self) -> int:
        """Units of the last layer: one a class, or one number."""
        return self.classes if self.problem == "classification" else 1
