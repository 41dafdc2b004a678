"""The Graph lab: message passing you can hold."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.graph.presets import PRESETS
from dlviz.labs.graph.spec import GraphSpec

_HERE = "dlviz.labs.graph"

LAB = Lab(
    slug="graph",
    title="Graph networks",
    topic="Graphs",
    sentence="Nodes tell their neighbours what they know. Edit the graph, follow every message, train while you edit.",
    spec=GraphSpec,
    run=f"{_HERE}.run:GraphRun",
    stage="graph",
    thumbnail="graph",
    panels=(
        Panel(
            "larger",
            "Larger data",
            "Citation graphs and sets of proteins and compounds: fetched on a click, trained on as a whole.",
            probe=f"{_HERE}.larger.probing:larger",
            component="graphlarger",
            trained=False,
        ),
        Panel(
            "messages",
            "Messages",
            "One layer's messages, their sum and what comes of it, as numbers.",
            probe=f"{_HERE}.probe:messages",
        ),
        Panel(
            "moment",
            "The moment",
            "The graph on screen with its embeddings and answers, as numbers.",
            probe=f"{_HERE}.probe:moment",
        ),
        Panel(
            "read",
            "A text read as a graph",
            "What is in a pasted edge list, GraphML or SMILES, before it is taken.",
            probe=f"{_HERE}.reading_probe:read",
            trained=False,
        ),
    ),
    opening_steps=60,
    presets=PRESETS,
    claims=f"{_HERE}.claims:CLAIMS",
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    pretrain=f"{_HERE}.pretraining:pretrain",
    fetch=f"{_HERE}.larger.fetching:fetch",
    chapter=8,
)
