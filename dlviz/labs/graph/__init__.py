"""The Graph lab: message passing you can hold."""

from dlviz.core.lab import Lab, Panel
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
            "molecules",
            "Molecules",
            "Which atoms speak for mutagenic, over all of MUTAG, and a molecule that you draw.",
            probe=f"{_HERE}.molecules.probing:molecules",
            component="graphmolecules",
            trained=False,
        ),
    ),
    opening_steps=60,
    chapter=8,
)
