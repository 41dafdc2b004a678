"""The Convolution lab: the sliding filter, down to the last product."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.convolution.presets import PRESETS
from dlviz.labs.convolution.spec import ConvolutionSpec

_HERE = "dlviz.labs.convolution"

LAB = Lab(
    slug="convolution",
    title="Convolution",
    topic="Vision",
    sentence="Slide a filter over a picture and see where every number of the answer comes from.",
    spec=ConvolutionSpec,
    run=f"{_HERE}.run:ConvolutionRun",
    stage="convolution",
    panels=(
        Panel(
            "channels",
            "Channels",
            "Every channel has weights of its own; their partial sums and the bias make one number of one map.",
            probe=f"{_HERE}.probe:channels",
            component="channels",
        ),
        Panel(
            "variants",
            "Variants",
            "Thirteen relatives of the convolution on the picture above: what each one sees, makes and costs.",
            probe=f"{_HERE}.probe:variants",
            component="variants",
        ),
        Panel(
            "photo",
            "Photo",
            "The kernel above on a photograph in full size. Drag the line between the original and the answer.",
            probe=f"{_HERE}.classical:photograph",
            component="photo",
        ),
        Panel(
            "symmetry",
            "Symmetry",
            "Drag the picture: the map moves with it, pooling holds still, a dense layer loses its way.",
            probe=f"{_HERE}.symmetry:symmetry",
            component="symmetry",
        ),
        Panel(
            "matrix",
            "As a matrix",
            "The same layer as one large matrix: mostly zeros, and the same few weights in every row.",
            probe=f"{_HERE}.probe:matrix",
            component="matrix",
        ),
        Panel(
            "learn",
            "Learn the kernel",
            "A fresh layer sees pictures and what the kernel above makes of them. Press Play: it finds the kernel.",
            probe=f"{_HERE}.probe:learn",
            component="learn",
        ),
        Panel(
            "receptive",
            "Receptive field",
            "Stack layers and see how far back into the picture one number looks.",
            probe=f"{_HERE}.probe:receptive",
            component="receptive",
        ),
        Panel(
            "classical",
            "Classical",
            "What OpenCV does to the same photograph, beside the convolution that each step is made of, if it is one.",
            probe=f"{_HERE}.classical:classical",
            component="classical",
        ),
        Panel(
            "sliding",
            "Sliding filter",
            "Input, kernel, output, and the products of every cell, as numbers.",
            probe=f"{_HERE}.probe:sliding",
        ),
    ),
    presets=PRESETS,
    claims=f"{_HERE}.claims:CLAIMS",
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    opening_speed=10,
    training="learn",
    thumbnail="convolution",
    chapter=2,
)
