"""The graphs of a script: one graph as lists, a set read or drawn anew."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

import numpy as np

from dlviz.data.graphs import many, molecules, single
from dlviz.data.sources import BESIDE, source
from dlviz.labs.graph import data, needs
from dlviz.labs.graph.spec import GraphSpec

ONE = """
# Each edge once{ways}: from, to.
EDGES = torch.tensor([
{edges}
])
COUNT = {count}
weights = {weights}
index, weight = EDGES.T, weights
{back}x = {x}
"""
BACK = """back = index[0] != index[1]  # a self-loop stands there once
index = torch.cat([index, index.flip(0)[:, back]], 1)
weight = torch.cat([weights, weights[back]])
"""
PAIRED = "pair = {numbers}  # the edge that each message goes along\n"
ENDS = {
    "directed": "ends = EDGES[:, 1]\n",
    "both ways": "ends = torch.cat([EDGES, EDGES[EDGES[:, 0] != EDGES[:, 1]].flip(1)])[:, 1]\n",
}
NODES = """
CLASSES = {classes}
y = torch.tensor([
{labels}
])
told = torch.tensor([
{told}
])
others = [k for k, label in enumerate(y.tolist()) if label >= 0 and k not in told.tolist()]
held = torch.tensor(others, dtype=torch.long)
"""
LINKS = """
chance = Generator().manual_seed(SEED + 3)
proper = (EDGES[:, 0] != EDGES[:, 1]).nonzero()[:, 0]
kept_back = min(max(1, round(len(proper) * {share!r})), len(proper) - 2)
some = proper[torch.randperm(len(proper), generator=chance)[:kept_back]]
is_held = torch.zeros(len(EDGES), dtype=torch.bool)
is_held[some] = True
held_positive, positive = EDGES[some], EDGES[[k for k in proper.tolist() if not is_held[k]]]
joined = {{(a, b) for a, b in EDGES[proper].tolist()}} | {{(b, a) for a, b in EDGES[proper].tolist()}}
held_negative = unjoined(COUNT, joined, kept_back, chance)
keep = ~is_held
"""
SPLIT = """
order = torch.randperm(len(graphs), generator=Generator().manual_seed(SEED + 3))
cut = round(len(graphs) * (1 - {held}))
told, held = order[:cut].sort().values, order[cut:].sort().values
"""


def graphs(spec: GraphSpec) -> str:
    """Everything up to what is told and what is kept back."""
    parts = _set(spec) if spec.is_set else _one(spec)
    return "# --- the graph ---\n\n" + "\n\n\n".join(part.strip("\n") for part in parts)


def _one(spec: GraphSpec) -> list[str]:
    graph = needs.graph_in(spec.graph) or single.load_single(spec.dataset, spec.seed)
    x = {"identity": "torch.eye(COUNT)", "constant": "torch.ones(COUNT, 1)",
         "degree": "torch.bincount(ends, minlength=COUNT).float()[:, None]"}  # fmt: skip
    features = x.get(spec.features) or f"torch.tensor([\n{_rows(graph.features.tolist())}\n])"
    even = bool((graph.weights == 1).all())
    weights = "torch.ones(len(EDGES))" if even else f"torch.tensor([\n{_wrapped(graph.weights.tolist())}\n])"
    edges = _wrapped([tuple(edge) for edge in graph.edges.tolist()])
    filtered = "keep" if spec.task == "link" else ""
    back = "" if graph.directed else BACK
    if spec.drop_edge:
        numbers = "torch.arange(len(EDGES))" + ("[keep]" if spec.task == "link" else "")
        back = PAIRED.format(numbers=numbers) + back
        back += "" if graph.directed else "pair = torch.cat([pair, pair[back]])\n"
    if spec.features == "degree":
        back += ENDS["directed" if graph.directed else "both ways"]
    text = ONE.format(ways=", one way only" if graph.directed else "", edges=edges, count=graph.count, weights=weights,
                      back=back, x=features)  # fmt: skip
    if not len(graph.edges):
        text = text.replace("torch.tensor([\n\n])", "torch.empty(0, 2, dtype=torch.long)", 1)
    if filtered:
        return [_linked(text, spec)]
    y, given = graph.labels, graph.given & (graph.labels >= 0)
    told = NODES.format(classes=json.dumps(list(graph.classes), ensure_ascii=False), labels=_wrapped(y.tolist()),
                        told=_wrapped(np.flatnonzero(given).tolist()))  # fmt: skip
    return [text + told]


def _linked(text: str, spec: GraphSpec) -> str:
    """The same where some edges are kept back: they carry no message."""
    head, tail = text.split("index, weight = EDGES.T, weights\n")
    links = LINKS.format(share=spec.held_edges)
    along = "index, weights = EDGES[keep].T, weights[keep]\nweight = weights\n"
    before = source(data.unjoined)
    return f"{head.strip()}\n\n\n{before}\n\n\n{links.strip()}\n{along}{tail.strip()}"


MUTAG = '''
def numbers(part: str) -> np.ndarray:
    """The whole numbers of a file of MUTAG."""
    path = beside("grakel", f"tests/data/MUTAG/MUTAG_{part}.txt", "")
    return np.loadtxt(path, delimiter=",", dtype=np.int64)


ends, owner, signs, elements = map(numbers, ("A", "graph_indicator", "graph_labels", "node_labels"))
first = np.searchsorted(owner, np.arange(1, len(signs) + 2))  # the nodes of each graph stand together
bonds = ends[ends[:, 0] < ends[:, 1]] - 1  # each is there in both directions
graphs = []
for k, (start, end) in enumerate(pairwise(first.tolist())):
    edges = torch.from_numpy(bonds[owner[bonds[:, 0]] == k + 1] - start)
    graphs.append((end - start, edges, nn.functional.one_hot(torch.from_numpy(elements[start:end]), {kinds}).float()))
labels = torch.from_numpy((signs == 1).astype(np.int64))
rings = torch.tensor([float(len(edges) - count + 1) for count, edges, _ in graphs])  # every molecule is in one piece
'''
FAMILIES = '''
def connected(count: int, edges: np.ndarray) -> bool:
    """Whether there is a path between any two nodes."""
    part = np.arange(count)
    for a, b in edges:
        part[part == part[a]] = part[b]
    return len(set(part.tolist())) == 1


def family(kind: int) -> tuple[int, Tensor, Tensor]:
    """A ring, a tree, a ladder or a dense random graph, numbered at random: nodes, edges, features."""
    count = int(chance.integers({fewest}, {most} + 1))
    if kind == 0:
        edges = np.array([(k, (k + 1) % count) for k in range(count)])
    elif kind == 1:
        edges = np.array([(int(chance.integers(k)), k) for k in range(1, count)])
    elif kind == 2:
        count -= count % 2
        half = count // 2
        rails = [(k, k + 1) for k in range(count - 1) if k != half - 1]
        edges = np.array(rails + [(k, k + half) for k in range(half)])
    else:
        edges = np.zeros((0, 2), np.int64)
        while not connected(count, edges):
            edges = np.argwhere(np.triu(chance.random((count, count)) < {dense}, k=1))
    order = chance.permutation(count)
    return count, torch.from_numpy(np.sort(order[edges], 1)), torch.ones(count, 1)


chance = np.random.default_rng(SEED)
labels = torch.arange({families}).repeat({each})
graphs = [family(kind) for kind in labels.tolist()]
matrices = [torch.zeros(count, count) for count, _, _ in graphs]
for matrix, (_, edges, _) in zip(matrices, graphs, strict=True):
    matrix[edges[:, 0], edges[:, 1]] = matrix[edges[:, 1], edges[:, 0]] = 1
triangles = torch.tensor([float(((m @ m) * m).sum()) / 6 for m in matrices])
'''
TARGETS = """
targets = {name}
mean, spread = float(targets[told].mean()), max(float(targets[told].std()), 1e-6)
y = (targets - mean) / spread
"""
PIECES = '''
def piece(count: int, edges: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    """Features, and the edges in both directions."""
    index = torch.cat([edges.T, edges.T.flip(0)], 1)
    return {x}, index


pieces = [piece(*graph) for graph in graphs]
'''


def _set(spec: GraphSpec) -> list[str]:
    if spec.dataset == "mutag":
        read = MUTAG.replace("{kinds}", str(len(molecules.ELEMENTS))).replace("{{", "{")
        parts = [BESIDE.strip(), read]
    else:
        sizes = {"fewest": many.FEWEST, "most": many.MOST, "dense": many.DENSE, "families": len(many.FAMILIES),
                 "each": many.OF_EACH}  # fmt: skip
        parts = [FAMILIES.format(**sizes)]
    degree = "torch.zeros(count).index_add(0, index[1], torch.ones(index.shape[1]))[:, None]"
    x = {"own": "x", "constant": "torch.ones(count, 1)", "degree": degree}[spec.features]
    split = SPLIT.format(held=data.HELD_GRAPHS)
    target = "rings" if spec.dataset == "mutag" else "triangles"
    answers = "y = labels" if spec.task == "graph" else TARGETS.format(name=target).strip()
    return [*parts, PIECES.format(x=x).strip("\n") + split + answers]


def _wrapped(values: Sequence[object]) -> str:
    """Many short things, as many to a line as fit."""
    return textwrap.fill(", ".join(str(value).replace(" ", "") for value in values), 112, initial_indent="    ",
                         subsequent_indent="    ").replace(",(", ", (")  # fmt: skip


def _rows(rows: list[list[float]]) -> str:
    return "\n".join(f"    {row}," for row in rows)
