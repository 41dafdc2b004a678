"""The Recurrent lab: RNN, LSTM and GRU with every gate in view."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.recurrent.presets import PRESETS
from dlviz.labs.recurrent.spec import RecurrentSpec

_HERE = "dlviz.labs.recurrent"

LAB = Lab(
    slug="recurrent",
    title="Recurrent",
    topic="Sequences",
    sentence="Train an RNN, an LSTM or a GRU on text, numbers or puzzles, and watch every gate at every step.",
    spec=RecurrentSpec,
    run=f"{_HERE}.run:RecurrentRun",
    stage="recurrent",
    panels=(
        Panel(
            "gates",
            "Gates",
            "Every gate and state of every unit at every step: brush them, sort them, hold them.",
            probe=f"{_HERE}.probe:gates",
            component="gates",
        ),
        Panel(
            "cell",
            "Cell",
            "One unit of one cell at one step: every equation with the numbers put in, worked out one after the other.",
            component="recurrentcell",
        ),
        Panel(
            "write",
            "Write",
            "The network writes on from your words, token by token: see what it would choose, and overrule it.",
            probe=f"{_HERE}.writing:sample",
            component="writing",
        ),
        Panel(
            "through_time",
            "Gradient through time",
            "How much what is said here depends on what was read there, and why that fades, or explodes.",
            probe=f"{_HERE}.through_time:through_time",
            component="throughtime",
        ),
        Panel(
            "comparison",
            "RNN, GRU, LSTM",
            "What each cell costs by formula, and a race of the three on this task.",
            probe=f"{_HERE}.comparison:comparison",
            component="comparison",
        ),
        Panel(
            "weights",
            "Weights",
            "All parameters, from which the page computes every gate by itself.",
            probe=f"{_HERE}.probe:weights",
        ),
        Panel(
            "examples",
            "Held-back sequences",
            "Some sequences that are never trained on, which the page reads by itself.",
            probe=f"{_HERE}.probe:examples",
        ),
    ),
    thumbnail="recurrent",
    presets=PRESETS,
    claims=f"{_HERE}.claims:CLAIMS",
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    opening_steps=100,
    pretrain=f"{_HERE}.pretraining:pretrain",
    chapter=4,
)
