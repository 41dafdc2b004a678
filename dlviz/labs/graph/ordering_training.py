"""Networks that read the adjacency by the numbers of nodes, trained beside message passing and then renumbered."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from time import perf_counter

import networkx as nx
import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph import data
from dlviz.labs.graph.data import Learned, Piece
from dlviz.labs.graph.model import build
from dlviz.labs.graph.spec import GraphSpec

Turns = Generator[Progress, None, Trace]

NODES = ("gcn", "renumbered", "rows")
GRAPHS = ("gin", "flat", "augmented")
RENUMBERINGS = 10  # of what is tested, the mean of which is told
NODE_STEPS, GRAPH_STEPS = 200, 200
WIDE = 32  # hidden units of the networks that read adjacencies
TURN = 0.05  # seconds of work between two reports
PLACES = 16  # rows and columns of a padded adjacency


def race(spec: GraphSpec, learned: Learned, seeds: int) -> Turns:
    """Every network trained once a seed, tested as it was trained and renumbered.

    `nodes`, `graphs` (class, direction, batch): the share right of what is kept back; class: the networks of `NODES`
    and of `GRAPHS`; direction: 0 numbered as in training, 1 numbered anew (the mean of 10 ways); batch: a seed; NaN
    where not trained yet. `plan` in `state` says as JSON what was compared. A partial Trace comes after every seed.

    Nodes: GCN (8, 2) whose one-hot features travel with their nodes; the same, its one-hot features made anew from the
    new numbers; a dense network that reads a node's row of the adjacency. Graphs, numbered outwards from one of least
    degree: GIN (16, 16) with the sum; a dense network that reads the padded adjacency; the same, which met another
    numbering of every graph in every step.
    """
    one, name = one_graph(spec, learned)
    plan = {"dataset": name, "nodes": one.pieces[0].x.shape[0], "told": len(one.told), "held": len(one.held),
            "renumberings": RENUMBERINGS, "seeds": seeds, "places": PLACES, "chance": majority(one),
            "classes": 4}  # fmt: skip
    found = {"nodes": np.full((3, 2, seeds), np.nan, np.float32), "graphs": np.full((3, 2, seeds), np.nan, np.float32)}
    total = seeds * (len(NODES) - 1 + len(GRAPHS))
    done, last = 0, perf_counter()

    def traced() -> Trace:
        kept = {key: values.copy() for key, values in found.items()}
        return Trace(kept, dict.fromkeys(kept, ("class", "direction", "batch")), {},
                     {"plan": np.array([json.dumps(plan)])})  # fmt: skip

    yield Progress(0, total, "the graphs are numbered")
    families = data.load(GraphSpec(dataset="families", task="graph", features="own"))
    neat = [numbered(graph, outwards(graph)) for graph in families.graphs]
    plan |= {"graphs": len(neat), "graphs_held": len(families.held)}
    for seed in range(seeds):
        for text, work in (
            ("GCN on nodes", node_gcn(one, seed, found["nodes"][:2, :, seed])),
            ("rows of the adjacency", node_rows(one, seed, found["nodes"][2, :, seed])),
            ("GIN on graphs", graph_gin(families, neat, seed, found["graphs"][0, :, seed])),
            ("padded adjacencies", graph_flat(families, neat, seed, False, found["graphs"][1, :, seed])),
            ("padded, numbered anew each step", graph_flat(families, neat, seed, True, found["graphs"][2, :, seed])),
        ):
            for _ in work:
                if perf_counter() - last > TURN:
                    yield Progress(done, total, f"seed {seed + 1}: {text}")
                    last = perf_counter()
            done += 1
            yield Progress(done, total, f"seed {seed + 1}: {text}", traced() if text.endswith("step") else None)
            last = perf_counter()
    return traced()


def one_graph(spec: GraphSpec, learned: Learned) -> tuple[Learned, str]:
    """The graph whose nodes are told apart: the run's where it has told and kept back ones, else the karate club."""
    if spec.task == "node" and len(learned.told) and len(learned.held) and len(learned.classes) > 1:
        return learned, spec.dataset
    return data.load(GraphSpec()), "karate"


def majority(one: Learned) -> float:
    """The share of the most frequent class among what is kept back: what one gets who always says it."""
    return float(torch.bincount(one.y[one.held]).max() / len(one.held))


# --- nodes -------------------------------------------------------------------------------------------


def node_gcn(one: Learned, seed: int, into: np.ndarray) -> Iterator[None]:
    """`into` (2, 2): the accuracies of a GCN, features that travel first, made anew from the numbers second."""
    piece, count = one.pieces[0], len(one.y)
    spec = GraphSpec(hidden=(8, 2), seed=seed)
    network = build(spec, count, len(one.classes))
    x = torch.eye(count)
    edges = network.edges(piece.index, piece.weight, count)
    yield from fit(network, lambda: network(x, edges)[one.told], one.y[one.told], NODE_STEPS, 0.02)
    with torch.no_grad():
        into[:, 0] = right(network(x, edges)[one.held], one.y[one.held])
        anew = []
        for order in orders(count, seed):
            place = order.argsort()  # the new number of every node
            moved = network.edges(place[piece.index], piece.weight, count)
            both = [network(features, moved)[place] for features in (x[order], x)]
            anew.append([right(said[one.held], one.y[one.held]) for said in both])
            yield
        into[:, 1] = np.mean(anew, 0)


def node_rows(one: Learned, seed: int, into: np.ndarray) -> Iterator[None]:
    """`into` (2,): the accuracies of a dense network that reads a node's row of the adjacency."""
    matrix = adjacency(one.pieces[0])
    network = dense(len(matrix), len(one.classes), seed)
    yield from fit(network, lambda: network(matrix[one.told]), one.y[one.told], NODE_STEPS, 0.02)
    with torch.no_grad():
        into[0] = right(network(matrix[one.held]), one.y[one.held])
        anew = []
        for order in orders(len(matrix), seed):
            said = network(matrix[order][:, order])[order.argsort()]
            anew.append(right(said[one.held], one.y[one.held]))
            yield
        into[1] = np.mean(anew)


# --- graphs ------------------------------------------------------------------------------------------


def graph_gin(families: Learned, neat: list[Piece], seed: int, into: np.ndarray) -> Iterator[None]:
    """`into` (2,): the accuracies of GIN on graphs as they are numbered, and numbered anew."""
    spec = GraphSpec(dataset="families", task="graph", features="own", layer="gin", hidden=(16, 16), readout="sum",
                     seed=seed)  # fmt: skip
    network = build(spec, 1, len(families.classes))

    def answers(pieces: list[Piece]) -> Callable[[], Tensor]:
        whole = data.together(pieces)
        edges = network.edges(whole.index, whole.weight, len(whole.x))
        return lambda: network(whole.x, edges, whole.batch, whole.graphs)

    told, held = ([neat[k] for k in part.tolist()] for part in (families.told, families.held))
    yield from fit(network, answers(told), families.y[families.told], GRAPH_STEPS, 0.01)
    with torch.no_grad():
        into[0] = right(answers(held)(), families.y[families.held])
        anew = []
        for chance in chances(seed):
            moved = [shuffled(piece, chance) for piece in held]
            anew.append(right(answers(moved)(), families.y[families.held]))
            yield
        into[1] = np.mean(anew)


def graph_flat(families: Learned, neat: list[Piece], seed: int, augmented: bool, into: np.ndarray) -> Iterator[None]:
    """`into` (2,): the accuracies of a dense network that reads padded adjacencies, row by row."""
    network = dense(PLACES * PLACES, len(families.classes), seed)
    padded = torch.stack([pad(piece) for piece in neat])
    sizes = torch.tensor([len(piece.x) for piece in neat])
    told, held = padded[families.told], padded[families.held]
    chance = torch.Generator().manual_seed(seed + 50)

    def answers() -> Tensor:
        return network(anew_all(told, sizes[families.told], chance).flatten(1) if augmented else told.flatten(1))

    yield from fit(network, answers, families.y[families.told], GRAPH_STEPS * (2 if augmented else 1), 0.01)
    with torch.no_grad():
        into[0] = right(network(held.flatten(1)), families.y[families.held])
        found = []
        for other in chances(seed):
            said = network(anew_all(held, sizes[families.held], other).flatten(1))
            found.append(right(said, families.y[families.held]))
            yield
        into[1] = np.mean(found)


def outwards(graph: Graph) -> np.ndarray:
    """(node,) i64: the nodes breadth first, from the one of least degree; neighbours of less degree first.

    One who numbers graphs by a rule of the kind has neat matrices: equal graphs need not get equal ones."""
    known: nx.Graph = nx.Graph()
    known.add_nodes_from(range(graph.count))
    known.add_edges_from(graph.edges.tolist())
    degrees = dict(known.degree)

    def fewest_first(nodes: Iterable[int]) -> list[int]:
        return sorted(nodes, key=lambda node: (degrees[node], node))

    found: list[int] = []
    for start in fewest_first(known):
        if start not in found:
            found.append(start)
            found.extend(node for _, node in nx.bfs_edges(known, start, sort_neighbors=fewest_first))
    return np.array(found)


def numbered(graph: Graph, order: np.ndarray) -> Piece:
    """The graph with node `order[k]` at place k; every node has the one feature 1."""
    piece = data.piece_of(np.ones((graph.count, 1), np.float32), graph)
    return dataclasses.replace(piece, index=torch.tensor(np.argsort(order))[piece.index])


def shuffled(piece: Piece, chance: torch.Generator) -> Piece:
    """The same graph with other numbers; features of the kind used here are all alike, so that they need not move."""
    return dataclasses.replace(piece, index=torch.randperm(len(piece.x), generator=chance)[piece.index])


def pad(piece: Piece) -> Tensor:
    """(16, 16): the adjacency in the corner of a larger matrix of 0."""
    matrix = torch.zeros(PLACES, PLACES)
    matrix[piece.index[1], piece.index[0]] = 1
    return matrix


def anew_all(padded: Tensor, sizes: Tensor, chance: torch.Generator) -> Tensor:
    """(graph, 16, 16) → the same, each graph's nodes in an order of its own, the padding still at the end."""
    keys = torch.rand(padded.shape[:2], generator=chance) + (torch.arange(PLACES) >= sizes[:, None]) * 2
    order = keys.argsort(1)
    rows = torch.gather(padded, 1, order[:, :, None].expand_as(padded))
    return torch.gather(rows, 2, order[:, None, :].expand_as(padded))


# --- both --------------------------------------------------------------------------------------------


def adjacency(piece: Piece) -> Tensor:
    """(node, node): the weight of what comes along each edge, at [target, source]."""
    matrix = torch.zeros(len(piece.x), len(piece.x))
    matrix[piece.index[1], piece.index[0]] = piece.weight
    return matrix


def dense(inputs: int, outputs: int, seed: int) -> nn.Sequential:
    """A network of one hidden layer, weights from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(inputs, WIDE), nn.ReLU(), nn.Linear(WIDE, outputs))


def fit(network: nn.Module, answers: Callable[[], Tensor], y: Tensor, steps: int, rate: float) -> Iterator[None]:
    """So many steps of Adam on the cross-entropy of all that is told; a turn after each."""
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    for _ in range(steps):
        loss = nn.functional.cross_entropy(answers(), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        yield


def right(answers: Tensor, y: Tensor) -> float:
    """The share of rows whose largest answer is the class."""
    return float((answers.argmax(1) == y).float().mean())


def orders(count: int, seed: int) -> Iterator[Tensor]:
    """Ten numberings of so many nodes: which node stands at each place."""
    return (torch.randperm(count, generator=chance) for chance in chances(seed))


def chances(seed: int) -> list[torch.Generator]:
    """One generator for each of the ten."""
    return [torch.Generator().manual_seed(1000 * (seed + 1) + k) for k in range(RENUMBERINGS)]
