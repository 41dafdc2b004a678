"""The Attention lab: queries, keys and values, from one dot product to a translating Transformer."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.attention.presets import PRESETS
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
            "bottleneck",
            "The bottleneck",
            "An encoder–decoder that hands on one vector, beside one that may look back: accuracy against length.",
            probe=f"{_HERE}.bottleneck.training:bottleneck",
            component="bottleneck",
            trained=False,
        ),
        Panel(
            "scores",
            "Scores",
            "Five ways to score a key for a query, side by side on vectors that you drag.",
            probe=f"{_HERE}.scoring:scores",
            component="scores",
            trained=False,
        ),
        Panel(
            "opened",
            "Self-attention opened",
            "One head from X to the residual: every matrix on the screen, every number of it written out.",
            component="selfattention",
        ),
        Panel(
            "heads",
            "Heads",
            "Every head of every layer: what each token looks at, and what each head has learned to do.",
            probe=f"{_HERE}.probe:heads",
            component="heads",
        ),
        Panel(
            "ablate",
            "Ablate",
            "Switch off heads, feed-forward networks and layers, and see what the network can no longer do.",
            probe=f"{_HERE}.ablating:ablate",
            component="ablate",
        ),
        Panel(
            "masks",
            "Masks",
            "Who may look at whom: paint a mask, see its weights at once, and how far it lets each layer see.",
            component="masks",
        ),
        Panel(
            "positions",
            "Positions",
            "Five ways to say where a token stands, as numbers, in a race, and what happens without any.",
            probe=f"{_HERE}.placing:placing",
            component="positions",
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
            "bert",
            "Real BERT",
            "A BERT that was trained on a billion pairs of sentences reads yours: 6 × 12 heads, changes, and likeness.",
            probe=f"{_HERE}.bert.asking:ask",
            component="bert",
            trained=False,
        ),
        Panel(
            "cost",
            "Cost",
            "Cells, memory and milliseconds that grow like n², beside the n steps of a recurrent network.",
            probe=f"{_HERE}.costing:cost",
            component="cost",
            trained=False,
        ),
        Panel(
            "roles",
            "Roles of heads",
            "How much of its attention each head puts on which kind of token, over many sequences, beside chance.",
            probe=f"{_HERE}.roles:roles",
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
    claims=f"{_HERE}.claims:CLAIMS",
    presets=PRESETS,
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    pretrain=f"{_HERE}.pretraining:pretrain",
    opening_steps=100,
    chapter=5,
)
