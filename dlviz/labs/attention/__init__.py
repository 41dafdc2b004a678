"""The Attention lab: queries, keys and values, from one dot product to a translating Transformer."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.attention.spec import AttentionSpec

_HERE = "dlviz.labs.attention"

LAB = Lab(
    slug="attention",
    title="Attention",
    topic="Sequences",
    sentence="Train a small Transformer and open every query, key, value and weight of every head.",
    spec=AttentionSpec,
    run=f"{_HERE}.run:AttentionRun",
    stage="attention",
    panels=(
        Panel(
            "heads",
            "Heads",
            "Every head of every layer: what each token looks at, and what each head has learned to do.",
            probe=f"{_HERE}.probe:heads",
        ),
        Panel(
            "transformer",
            "Transformer",
            "The whole network as a diagram that carries its shapes and norms, and what each part adds to an answer.",
            component="transformerdiagram",
        ),
        Panel(
            "translate",
            "Translate",
            "A sequence becomes another one: step by step, by beam search, and where it looks while it writes.",
            probe=f"{_HERE}.translating:translate",
            component="translate",
        ),
        Panel(
            "contributions",
            "Contributions",
            "What each part adds to the vector of one token, and directly to the score of an answer.",
            probe=f"{_HERE}.contributing:contributions",
        ),
        Panel(
            "weights",
            "Weights",
            "All parameters, from which the page computes every head by itself.",
            probe=f"{_HERE}.probe:weights",
        ),
        Panel(
            "examples",
            "Held-back sequences",
            "Some sequences that are never trained on, which the page reads by itself.",
            probe=f"{_HERE}.probe:examples",
        ),
    ),
    opening_steps=100,
    chapter=5,
)
