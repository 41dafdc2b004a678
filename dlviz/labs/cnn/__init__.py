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
            "filters",
            "Filters",
            "What the kernels have become, which pictures excite a channel most, and the picture it would like best.",
            probe=f"{_HERE}.filters:filters",
            component="filters",
        ),
        Panel(
            "top_pictures",
            "Top pictures",
            "The activation of every channel of a layer on every test picture, as numbers.",
            probe=f"{_HERE}.top_pictures:top_pictures",
        ),
        Panel(
            "maximizing",
            "Activation maximization",
            "A picture that a channel, a unit or a class is made to answer to, as numbers.",
            probe=f"{_HERE}.maximizing:maximizing",
        ),
        Panel(
            "attribution",
            "Attribution",
            "Eight methods answer one question: which cells of this picture speak for this class.",
            probe=f"{_HERE}.attribution:attribution",
            component="attribution",
        ),
        Panel(
            "intervene",
            "Intervene",
            "Change something and see what it caused: silence a filter, cover a part, add noise that misleads.",
            probe=f"{_HERE}.intervening:intervene",
            component="intervene",
        ),
        Panel(
            "softmax",
            "Softmax",
            "From logits to probabilities, number by number, at any temperature.",
            probe=f"{_HERE}.softmax:softmax",
            component="softmax",
        ),
        Panel(
            "last_layer",
            "Last layer",
            "What the last layer knows: test pictures as points, before the network by their pixels, after it by its "
            "features. Where classes lie apart, a straight cut tells them apart.",
            probe=f"{_HERE}.embedding:last_layer",
            component="lastlayer",
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
        Panel(
            "ablation",
            "Ablation",
            "Test accuracy with channels silenced or scaled, and with each channel of a layer silenced in turn.",
            probe=f"{_HERE}.ablation:ablation",
        ),
        Panel(
            "patch",
            "Patch",
            "The probabilities with a patch at every place of the picture.",
            probe=f"{_HERE}.occluding:patch",
        ),
        Panel(
            "fgsm",
            "FGSM",
            "The answer under the fast gradient sign method and under random noise, and where it switches.",
            probe=f"{_HERE}.adversarial:fgsm",
        ),
        Panel(
            "robustness",
            "Robustness",
            "Test accuracy under the fast gradient sign method, and under random noise of the same size.",
            probe=f"{_HERE}.robustness:robustness",
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
