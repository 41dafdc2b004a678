"""The CNN lab: build one, train it, look inside, ask it why."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.cnn.presets import PRESETS
from dlviz.labs.cnn.spec import CnnSpec

_HERE = "dlviz.labs.cnn"

LAB = Lab(
    slug="cnn",
    title="CNN",
    topic="Vision",
    sentence="Build a convolutional network, train it on pictures, look inside it while it learns, and ask it why.",
    spec=CnnSpec,
    run=f"{_HERE}.run:CnnRun",
    stage="cnn",
    panels=(
        Panel(
            "results",
            "Results",
            "Curves, the confusion matrix and the worst mistakes, at any moment of the training.",
            probe=f"{_HERE}.results:results",
            component="results",
        ),
        Panel(
            "attribution",
            "Attribution",
            "Eight methods answer one question: which cells of this picture speak for this class.",
            probe=f"{_HERE}.attribution:attribution",
            component="attribution",
        ),
        Panel(
            "softmax",
            "Softmax",
            "From logits to probabilities, number by number, at any temperature.",
            probe=f"{_HERE}.softmax:softmax",
            component="softmax",
        ),
        Panel(
            "imagenet",
            "ImageNet",
            "A network that was trained on 1.3 million photographs answers one of 1,000 names: ask it where it looks.",
            probe=f"{_HERE}.imagenet.asking:imagenet",
            component="imagenet",
            trained=False,
        ),
        Panel(
            "feature_maps",
            "Feature maps",
            "What every layer makes of the picture, as numbers.",
            probe=f"{_HERE}.probe:feature_maps",
        ),
    ),
    presets=PRESETS,
    claims=f"{_HERE}.claims:CLAIMS",
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    fetch=f"{_HERE}.fetching:fetch",
    thumbnail="cnn",
    opening_steps=110,
    chapter=3,
)
