"""The Recurrent lab: RNN, LSTM and GRU with every gate in view."""

from dlviz.core.lab import Lab, Panel
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
            "weights",
            "Weights",
            "All parameters, from which the page computes every gate by itself.",
            probe=f"{_HERE}.probe:weights",
        ),
    ),
    opening_steps=100,
    pretrain=f"{_HERE}.pretraining:pretrain",
    chapter=4,
)
