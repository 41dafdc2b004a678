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
            "layers",
            "Layers",
            "Six layers at one node with the same weights, what each of them sees, and the trouble with scale.",
            probe=f"{_HERE}.layering:layers",
            component="graphlayers",
            trained=False,
        ),
        Panel(
            "readout",
            "Readout",
            "Several graphs as one large graph, and a whole graph as one row: by sum, mean or max.",
            probe=f"{_HERE}.reading_out:readout",
            component="graphreadout",
        ),
        Panel(
            "molecules",
            "Molecules",
            "Which atoms speak for mutagenic, over all of MUTAG, and a molecule that you draw.",
            probe=f"{_HERE}.molecules.probing:molecules",
            component="graphmolecules",
            trained=False,
        ),
        Panel(
            "order",
            "Order",
            "Number the nodes anew: the matrix changes, the answers do not. What reads the numbers fails.",
            probe=f"{_HERE}.ordering:order",
            component="graphorder",
        ),
        Panel(
            "depth",
            "Depth",
            "Why more layers may know less: nodes grow alike, and what comes from far must pass a narrow way.",
            probe=f"{_HERE}.depth.probing:depth",
            component="graphdepth",
        ),
        Panel(
            "apart",
            "Tell apart",
            "Pairs of graphs that mean, max or every such network takes for one, and the test that says so in advance.",
            probe=f"{_HERE}.apart.probing:apart",
            component="graphapart",
            trained=False,
        ),
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
    presets=PRESETS,
    claims=f"{_HERE}.claims:CLAIMS",
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    opening_steps=60,
    pretrain=f"{_HERE}.pretraining:pretrain",
    fetch=f"{_HERE}.larger.fetching:fetch",
    chapter=8,
)
