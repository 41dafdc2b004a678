"""The Playground: from one neuron to a deep network on two-dimensional data, trained live."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.playground.presets import PRESETS
from dlviz.labs.playground.spec import PlaygroundSpec

_HERE = "dlviz.labs.playground"

LAB = Lab(
    slug="playground",
    title="Playground",
    topic="Foundations",
    sentence="Build a small network, train it on points in the plane, and see what every neuron sees.",
    spec=PlaygroundSpec,
    run=f"{_HERE}.run:PlaygroundRun",
    stage="playground",
    panels=(
        Panel(
            "warp",
            "Space warp",
            "A layer bends the plane. Morph from the input into any layer and watch the classes come apart.",
            probe=f"{_HERE}.probe:warp",
            component="warp",
        ),
        Panel(
            "gradients",
            "Gradients",
            "How much gradient reaches each layer, and which units no longer answer to anything.",
            probe=f"{_HERE}.probe:gradients",
            component="gradients",
        ),
        Panel(
            "neuron",
            "One neuron",
            "Two weights and a bias are a line. Drag it, see the activation under it, let the perceptron correct it.",
            component="neuron",
        ),
        Panel(
            "surface",
            "Surface",
            "The output of the network as a landscape over the plane, to turn and to read.",
            probe=f"{_HERE}.probe:surface",
            figure=f"{_HERE}.figures:surface",
        ),
        Panel(
            "maps",
            "Maps",
            "What every unit answers over the plane, as numbers.",
            probe=f"{_HERE}.probe:maps",
        ),
        Panel(
            "backprop",
            "Backpropagation",
            "One point's way through the network and its error's way back.",
            probe=f"{_HERE}.probe:backprop",
        ),
        Panel(
            "confusion",
            "Confusion",
            "Which class is taken for which.",
            probe=f"{_HERE}.probe:confusion",
        ),
    ),
    presets=PRESETS,
    claims=f"{_HERE}.claims:CLAIMS",
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    previews=f"{_HERE}.previews:previews",
    opening_steps=1000,
    thumbnail="network",
    chapter=1,
)
