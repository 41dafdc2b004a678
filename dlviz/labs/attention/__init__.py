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
    thumbnail="attention",
    panels=(
        Panel(
            "heads",
            "Heads",
            "Every head of every layer: what each token looks at, and what each head has learned to do.",
            probe=f"{_HERE}.probe:heads",
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
