"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

The graph, the layer, the network and the training are written out for the one spec at hand, without what that spec does
not use.
"""

from __future__ import annotations

import re

from dlviz.labs.graph.code_of_graphs import graphs
from dlviz.labs.graph.code_of_layers import layer
from dlviz.labs.graph.code_of_training import training
from dlviz.labs.graph.spec import LAYERS, TASKS, GraphSpec

IMPORTS = (
    ("from importlib.util import find_spec", "from itertools import pairwise", "from pathlib import Path"),
    ("import numpy as np", "import torch", "from torch import Generator, Tensor, nn"),
)


def script(spec: GraphSpec, steps: int = 200) -> str:
    """A script without dlviz that trains this spec from step 0 for `steps` steps.

    It prints step, training loss and the loss on what was kept back, at step 0 and at every epoch's end, as `GraphRun`
    measures them. Settings that were changed under way, edits of the graph too, count as if they had held from the
    start.
    """
    parts = (graphs(spec), layer(spec), _network(spec), training(spec))
    body = "\n\n\n".join(part.strip("\n") for part in parts)
    groups = [[line for line in group if re.search(rf"\b{line.split()[-1]}\b", body)] for group in IMPORTS]
    imports = "\n\n".join("\n".join(group) for group in groups if group)
    needs = "torch, numpy and grakel, which brings the molecules" if spec.dataset == "mutag" else "torch and numpy"
    return f'''"""{LAYERS[spec.layer]}. Task: {TASKS[spec.task].lower()}.

Needs {needs}. Prints step, training loss, loss on what was kept back.
"""

from __future__ import annotations

{imports}

STEPS, SEED = {steps}, {spec.seed}
torch.set_num_threads(1)  # sums in another order would print other last digits


{body}
'''


NETWORK = """
class Network(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.chance = Generator().manual_seed(SEED + 2)  # of dropout
        self.layers = nn.ModuleList([
{layers}
        ])
        self.head = {head}

    def forward(self, x: Tensor, edges: Edges{batch}) -> Tensor:
        for k, layer in enumerate(self.layers):
{body}
        {answer}
"""


def _network(spec: GraphSpec) -> str:
    sizes = ["inputs", *spec.hidden]
    many = len(spec.hidden) > 1
    rows = []
    for k, outputs in enumerate(spec.hidden):
        last = k == len(spec.hidden) - 1
        extra = f", beside={not last}" if spec.layer == "gat" else ""
        rows.append(f"            Layer({sizes[k]}, {outputs}{extra}),")
    steps = []
    if spec.dropout:
        steps += [
            "if self.training:",
            f"    x = x * (torch.rand(x.shape, generator=self.chance) >= {spec.dropout!r}) / (1 - {spec.dropout!r})",
        ]
    steps.append("after = layer(x, edges)")
    if spec.residual:
        steps += ["if after.shape == x.shape:", "    after = after + x"]
    between = []
    if spec.norm == "pairnorm":
        between.append("after = pair_norm(after, batch, graphs)" if spec.is_set else "after = pair_norm(after)")
    if spec.activation != "none":
        between.append(f"after = after.{spec.activation}()")
    if many and between:
        steps += ["if k < len(self.layers) - 1:", *(f"    {line}" for line in between)]
    steps.append("x = after")
    body = "\n".join(f"            {line}" for line in steps)
    loop = "for k, layer in enumerate(self.layers):"
    made = NETWORK.format(
        layers="\n".join(rows),
        head="nn.Identity()" if spec.task == "link" else f"nn.Linear({spec.hidden[-1]}, outputs)",
        batch=", batch: Tensor, graphs: int" if spec.is_set else "",
        body=body,
        answer="return self.head(read_out(x, batch, graphs))" if spec.is_set else "return self.head(x)",
    )
    if not (many and between):
        made = made.replace(loop, "for layer in self.layers:")
    parts = [made]
    if spec.norm == "pairnorm":
        parts.insert(0, PAIR_NORMS["set" if spec.is_set else "one"])
    if spec.is_set:
        parts.insert(0, READOUTS[spec.readout])
    return "# --- the network ---\n\n\n" + "\n\n\n".join(part.strip("\n") for part in parts)


PAIR_NORMS = {
    "one": '''
def pair_norm(x: Tensor) -> Tensor:
    """Centred nodes, scaled so that their mean squared length is 1."""
    x = x - x.mean(0, keepdim=True)
    return x / (1e-5 + x.pow(2).sum(-1).mean()).sqrt()
''',
    "set": '''
def pair_norm(x: Tensor, batch: Tensor, graphs: int) -> Tensor:
    """Centred nodes, scaled so that their mean squared length is 1, in each graph of its own."""
    nodes = torch.zeros(graphs).index_add(0, batch, torch.ones(len(x))).clamp(min=1)
    x = x - (torch.zeros(graphs, x.shape[1]).index_add(0, batch, x) / nodes[:, None])[batch]
    squares = torch.zeros(graphs).index_add(0, batch, x.pow(2).sum(-1)) / nodes
    return x / (1e-5 + squares[batch, None]).sqrt()
''',
}
READOUTS = {
    "sum": '''
def read_out(x: Tensor, batch: Tensor, graphs: int) -> Tensor:
    """The sum over the nodes of each graph."""
    return torch.zeros(graphs, x.shape[1]).index_add(0, batch, x)
''',
    "mean": '''
def read_out(x: Tensor, batch: Tensor, graphs: int) -> Tensor:
    """The mean over the nodes of each graph."""
    total = torch.zeros(graphs, x.shape[1]).index_add(0, batch, x)
    nodes = torch.zeros(graphs).index_add(0, batch, torch.ones(len(batch)))
    return total / nodes.clamp(min=1)[:, None]
''',
    "max": '''
def read_out(x: Tensor, batch: Tensor, graphs: int) -> Tensor:
    """The largest over the nodes of each graph."""
    at = batch[:, None].expand_as(x)
    return torch.zeros(graphs, x.shape[1]).scatter_reduce(0, at, x, "amax", include_self=False)
''',
}
