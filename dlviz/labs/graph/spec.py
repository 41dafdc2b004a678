"""Every setting of the Graph lab: the graph, what is asked of it, the layers that pass messages, and the training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Flag, Range, Sizes, Text
from dlviz.core.spec import Checked
from dlviz.data.graphs import many, single
from dlviz.labs.graph import needs

TASKS = {
    "node": "Label every node",
    "link": "Find missing edges",
    "graph": "Label every graph",
    "regression": "Measure every graph",
}
OF_SETS = ("graph", "regression")  # tasks that answer once a graph, so they need a set of graphs
LAYERS = {
    "naive": "A X W, as it stands",
    "loops": "(A + I) X W, with self-loops",
    "gcn": "GCN",
    "sage": "GraphSAGE",
    "gat": "GAT",
    "gin": "GIN",
}
MOST_TEXT = 60_000


@dataclass(frozen=True)
class GraphSpec(Checked):
    """A graph or a set of them, a task, a network of message passing and its training. Frozen; what exists is legal."""

    # --- the graph -----------------------------------------------------------------------------------
    dataset: Annotated[
        str,
        Choice(
            (*single.SINGLE, "own", *many.MANY),
            (*single.SINGLE.values(), "Your own graph", *many.MANY.values()),
            role="structure",
            label="Graph",
            help="One graph whose nodes or edges are asked about, or many graphs with one answer each.",
        ),
    ] = "karate"
    graph: Annotated[
        str,
        Text(
            MOST_TEXT,
            role="points",
            label="Your graph",
            help="A graph you edited or pasted: an edge list, GraphML, SMILES, or this program's own text. The network "
            "goes on with it. Beside a set of graphs it is only looked at, never trained on.",
        ),
    ] = ""
    task: Annotated[
        str,
        Choice(
            tuple(TASKS),
            tuple(TASKS.values()),
            role="structure",
            label="Task",
            help="What is learned: classes of nodes, which edges are missing, or one answer for a whole graph.",
        ),
    ] = "node"
    features: Annotated[
        str,
        Choice(
            ("identity", "degree", "constant", "own"),
            ("One-hot identity", "Degree", "The same for all", "The graph's own"),
            role="structure",
            label="Features",
            help="What a node knows of itself before any message: who it is, how many neighbours it has, nothing, or "
            "what the graph brings (the kind of an atom, numbers you set).",
        ),
    ] = "identity"
    held_edges: Annotated[
        float,
        Range(
            0.05,
            0.5,
            role="data",
            label="Edges kept back",
            help="Missing edges: the share that no message travels along, to be found again.",
        ),
    ] = 0.15
    # --- the network ---------------------------------------------------------------------------------
    layer: Annotated[
        str,
        Choice(
            tuple(LAYERS),
            tuple(LAYERS.values()),
            role="structure",
            label="Layer",
            help="How messages are made, weighed, put together and turned into a node's new features.",
        ),
    ] = "gcn"
    hidden: Annotated[
        tuple[int, ...],
        Sizes(
            1,
            64,
            at_most=16,
            at_least=1,
            role="structure",
            label="Layers",
            help="Features of a node after each layer of message passing. After k layers a node has heard of all "
            "within k steps.",
        ),
    ] = (8, 2)
    heads: Annotated[
        int,
        Range(
            1,
            8,
            whole=True,
            role="structure",
            label="Heads",
            unit="heads",
            help="GAT: how many attentions a layer has; put side by side, in the last layer averaged.",
        ),
    ] = 2
    aggregate: Annotated[
        str,
        Choice(
            ("usual", "sum", "mean", "max"),
            ("As published", "Sum", "Mean", "Max"),
            role="structure",
            label="Aggregate",
            help="How a node puts its messages together. GraphSAGE and GIN leave the choice; published were the mean "
            "and the sum. The others always sum.",
        ),
    ] = "usual"
    activation: Annotated[
        str,
        Choice(
            ("relu", "tanh", "none"),
            ("ReLU", "tanh", "None"),
            role="structure",
            label="Activation",
            help="After every layer of message passing but the last.",
        ),
    ] = "relu"
    residual: Annotated[
        bool,
        Flag(
            role="structure",
            label="Residual",
            help="Add a layer's input to its output, where both have as many features.",
        ),
    ] = False
    norm: Annotated[
        str,
        Choice(
            ("none", "pairnorm"),
            ("None", "PairNorm"),
            role="structure",
            label="Norm",
            help="PairNorm, after every layer but the last: centre the nodes and keep their mean distance the same.",
        ),
    ] = "none"
    readout: Annotated[
        str,
        Choice(
            ("sum", "mean", "max"),
            ("Sum", "Mean", "Max"),
            role="structure",
            label="Readout",
            help="How the nodes of a graph become one answer.",
        ),
    ] = "mean"
    dropout: Annotated[
        float,
        Range(0, 0.9, role="live", label="Dropout", help="Share of a layer's inputs set to 0 in a training step."),
    ] = 0.0
    drop_edge: Annotated[
        float,
        Range(0, 0.9, role="live", label="DropEdge", help="Share of the edges left out of a training step."),
    ] = 0.0
    # --- training ------------------------------------------------------------------------------------
    batch_size: Annotated[
        int,
        Range(
            1,
            256,
            whole=True,
            log=True,
            role="live",
            label="Batch size",
            unit="graphs",
            help="Graphs that a step looks at. Of a single graph a step looks at everything.",
        ),
    ] = 32
    optimizer: Annotated[str, fields.OPTIMIZER] = "adam"
    learning_rate: Annotated[float, fields.LEARNING_RATE] = 0.02
    weight_decay: Annotated[
        float,
        Range(0, 0.1, role="live", label="Weight decay", help="Pulls every weight towards 0 at each step."),
    ] = 0.0
    seed: Annotated[int, fields.seed("the first weights, generated graphs, what is kept back and the batches")] = 1
    # --- the picture ---------------------------------------------------------------------------------
    shown: Annotated[
        int,
        Range(0, 9999, whole=True, role="view", label="Graph shown", help="Which graph of a set is on the screen."),
    ] = 0

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        name = type(self).__name__
        is_set = self.dataset in many.MANY
        if is_set != (self.task in OF_SETS):
            fit = [task for task in TASKS if (task in OF_SETS) == is_set]
            what = "is a set of graphs" if is_set else "is one graph"
            rule = f"must be {' or '.join(fit)}, since {self.dataset} {what}"
            yield "task", InvalidInput(f"{name}.task", rule, self.task, fit[0])
        if is_set and self.features == "identity":
            rule = "must mean the same in every graph, and node 3 of one graph is not node 3 of another"
            yield "features", InvalidInput(f"{name}.features", rule, self.features, "own")
        if self.layer == "gat":
            for size in self.hidden[:-1]:
                if size % self.heads:
                    rule = f"must divide the features of every layer but the last, and {size} is not a multiple"
                    yield "heads", InvalidInput(f"{name}.heads", rule, self.heads, "1")
                    break
        if self.dataset == "own" and not self.graph.strip():
            rule = "must hold a graph where the data set is your own"
            yield "graph", InvalidInput(f"{name}.graph", rule, self.graph, "0,1")
            return
        try:
            graph = needs.graph_in(self.graph)
        except InvalidInput as problem:
            yield "graph", problem
            return
        if is_set:
            return
        if graph is not None:
            yield from needs.missing(graph, self.task, self.features)
        elif self.features == "own":
            yield "features", needs.no_features()

    @property
    def is_set(self) -> bool:
        """Whether there are many graphs with one answer each."""
        return self.dataset in many.MANY

    @property
    def aggregation(self) -> str:
        """How a node puts its messages together: sum, mean or max; of GAT a sum that attention has weighed."""
        if self.layer not in ("sage", "gin"):
            return "sum"
        return self.aggregate if self.aggregate != "usual" else {"sage": "mean", "gin": "sum"}[self.layer]
