"""The layer of a script: its edges as it uses them, and the module."""

from __future__ import annotations

from dlviz.data.sources import source
from dlviz.labs.graph import layers
from dlviz.labs.graph.spec import GraphSpec

EDGES = '''
class Edges:
    """What messages travel along: sources and targets, {scale_words}a node count."""

    def __init__(self, index: Tensor, weight: Tensor, count: int) -> None:
{body}
        self.sources, self.targets = index
        self.count = count
'''
LOOPS = """
        is_loop = index[0] == index[1]
        own = torch.ones(count)
        own[index[0][is_loop]] = weight[is_loop]  # a node that has a self-loop keeps it
        every = torch.arange(count)
        index = torch.cat([index[:, ~is_loop], torch.stack([every, every])], 1)
        weight = torch.cat([weight[~is_loop], own])
"""
BODIES = {
    "naive": "        self.scale = weight",
    "loops": LOOPS + "        self.scale = weight",
    "gcn": LOOPS
    + """        root = torch.zeros(count).index_add(0, index[1], weight).pow(-0.5)
        self.scale = root[index[0]] * weight * root[index[1]]""",
    "gat": """
        is_loop = index[0] == index[1]
        every = torch.arange(count)
        index = torch.cat([index[:, ~is_loop], torch.stack([every, every])], 1)""",
    "sage": "",
    "gin": "",
}
AGGREGATES = {
    "sum": '''
def aggregate(messages: Tensor, edges: Edges) -> Tensor:
    """The sum of what comes in."""
    return torch.zeros(edges.count, messages.shape[1]).index_add(0, edges.targets, messages)
''',
    "mean": '''
def aggregate(messages: Tensor, edges: Edges) -> Tensor:
    """The mean of what comes in; 0 where nothing does."""
    total = torch.zeros(edges.count, messages.shape[1]).index_add(0, edges.targets, messages)
    heard = torch.zeros(edges.count).index_add(0, edges.targets, torch.ones(len(messages)))
    return total / heard.clamp(min=1)[:, None]
''',
    "max": '''
def aggregate(messages: Tensor, edges: Edges) -> Tensor:
    """The largest of what comes in; 0 where nothing does."""
    at = edges.targets[:, None].expand_as(messages)
    empty = torch.zeros(edges.count, messages.shape[1])
    return empty.scatter_reduce(0, at, messages, "amax", include_self=False)
''',
}
CONVOLUTION = '''
class Layer(nn.Module):
    """{words}"""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.lin = nn.Linear(inputs, outputs, bias=False)
        self.bias = nn.Parameter(torch.zeros(outputs))
        glorot(self.lin.weight)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        messages = edges.scale[:, None] * self.lin(x)[edges.sources]
        return aggregate(messages, edges) + self.bias
'''
WORDS = {
    "naive": "Every neighbour's W x_j, by the weight of the edge, summed.",
    "loops": "The same with a self-loop at every node.",
    "gcn": "Every neighbour's W x_j and the node's own, divided by the roots of both degrees, summed.",
}
SAGE = '''
class Layer(nn.Module):
    """One matrix for what the neighbours say together, one for the node itself."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.lin_l = nn.Linear(inputs, outputs)
        self.lin_r = nn.Linear(inputs, outputs, bias=False)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        return self.lin_l(aggregate(x[edges.sources], edges)) + self.lin_r(x)
'''
GIN = '''
class Layer(nn.Module):
    """What the neighbours say together and (1 + eps) times the node's own, through two layers."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.eps = nn.Parameter(torch.zeros(1))
        self.nn = nn.Sequential(nn.Linear(inputs, outputs), nn.ReLU(), nn.Linear(outputs, outputs))

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        return self.nn(aggregate(x[edges.sources], edges) + (1 + self.eps) * x)
'''
GAT = '''
class Layer(nn.Module):
    """Every neighbour's W x_j, by an attention that is a softmax over the neighbours; heads beside each other or
    averaged."""

    def __init__(self, inputs: int, outputs: int, beside: bool) -> None:
        super().__init__()
        self.heads, self.beside = {heads}, beside
        self.width = outputs // self.heads if beside else outputs
        self.att_src = nn.Parameter(torch.empty(1, self.heads, self.width))
        self.att_dst = nn.Parameter(torch.empty(1, self.heads, self.width))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.lin = nn.Linear(inputs, self.heads * self.width, bias=False)
        for weight in (self.lin.weight, self.att_src, self.att_dst):
            glorot(weight)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        each = self.lin(x).view(-1, self.heads, self.width)
        sent, heard = (each * self.att_src).sum(2), (each * self.att_dst).sum(2)
        scores = nn.functional.leaky_relu(sent[edges.sources] + heard[edges.targets], {slope})
        attention = softmax_of_targets(scores, edges)
        total = aggregate((attention[:, :, None] * each[edges.sources]).flatten(1), edges)
        joined = total if self.beside else total.view(-1, self.heads, self.width).mean(1)
        return joined + self.bias
'''
GLOROT = '''
def glorot(weight: Tensor) -> None:
    """Even numbers in ± the root of 6 / (rows + columns)."""
    far = (6 / (weight.shape[-2] + weight.shape[-1])) ** 0.5
    nn.init.uniform_(weight, -far, far)
'''


def layer(spec: GraphSpec) -> str:
    """Edges, aggregation and the layer."""
    kind = spec.layer
    words = "what each message is multiplied by, " if kind in WORDS else ""
    edges = EDGES.format(scale_words=words, body=BODIES[kind].strip("\n")).replace("None:\n\n", "None:\n")
    parts = [edges, AGGREGATES[spec.aggregation]]
    if kind in (*WORDS, "gat"):
        parts.append(GLOROT)
    if kind == "gat":
        parts.append(source(layers.softmax_of_targets).replace("TINY", repr(layers.TINY)))
        parts.append(GAT.format(heads=spec.heads, slope=layers.SLOPE))
    else:
        parts.append({"sage": SAGE, "gin": GIN}.get(kind) or CONVOLUTION.format(words=WORDS[kind]))
    return "# --- message passing ---\n\n\n" + "\n\n\n".join(part.strip("\n") for part in parts)
