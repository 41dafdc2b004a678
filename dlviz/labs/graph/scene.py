"""What the screen gets: the scene (graphs, features, the layers' rows) and frames (weights, measurements, answers)."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dlviz.core import spec as specs
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.data import features
from dlviz.labs.graph.larger.fetching import is_here
from dlviz.labs.graph.larger.sources import LARGER, Larger
from dlviz.labs.graph.objective import CURVES
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun


def scene(run: GraphRun) -> Picture:
    """All graphs one after the other; the last may be a person's own, beside a set (`own`).

    Numbers: spec, link, `rows` (see `Row`), `parameters`, `classes`, `feature_names`, `names` of all nodes, `directed`
    of each graph, `identity` (features are one-hot identities and do not travel), `own`, `target` name, `mean` and
    `spread` of the targets, `node_classes`, `larger` (see `larger_words`). Arrays: `node_start`, `edge_start`
    (graph + 1,): where a graph's nodes and edges begin; `keys` (node,), `places` (node, 2), `labels`, `given` (node,);
    `edges` (edge, 2) places in their own graph, `weights`, `kinds` (edge,) of bonds, −1 for none, `held_edge` (edge,);
    `x` (node, feature); `split` (graph,): 0 told, 1 kept back, 2 own; `graph_label`, `graph_target` (graph,); where
    edges are asked for, `held_negative` (pair, 2).
    """
    spec, learned, network = run.spec, run.learned, run.network
    graphs = [*learned.graphs, *([run.own] if run.own else [])]
    seen = [features_of(run, graph) for graph in graphs]
    counts = [graph.count for graph in graphs]
    split = np.zeros(len(graphs), np.int32)
    if spec.is_set:
        split[learned.held.numpy()] = 1
        split[len(learned.graphs) :] = 2
    is_identity = spec.features == "identity"
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("graph", spec),
        "rows": [row.describe() for row in network.rows()],
        "parameters": sum(p.numel() for p in network.parameters()),
        "classes": list(learned.classes),
        "node_classes": list(graphs[0].classes),
        "feature_names": list(learned.feature_names),
        "own_feature_names": list(graphs[0].feature_names),
        "names": [name for graph in graphs for name in graph.names],
        "directed": [graph.directed for graph in graphs],
        "identity": is_identity,
        "own": run.own is not None,
        "target": learned.target_name,
        "mean": learned.mean,
        "spread": learned.spread,
        "larger": [larger_words(each) for each in LARGER.values()],
        "told": len(learned.told),
        "held": len(learned.held),
    }
    held = np.zeros(sum(len(graph.edges) for graph in graphs), np.uint8)
    held[: len(learned.held_edges)] = learned.held_edges
    arrays = {
        "node_start": np.cumsum([0, *counts]).astype(np.int32),
        "edge_start": np.cumsum([0, *(len(graph.edges) for graph in graphs)]).astype(np.int32),
        "keys": joined([graph.keys for graph in graphs], np.int32),
        "places": joined([graph.places for graph in graphs], np.float32, 2),
        "labels": joined([graph.labels for graph in graphs], np.int32),
        "given": joined([graph.given for graph in graphs], np.uint8),
        "edges": joined([graph.edges for graph in graphs], np.int32, 2),
        "weights": joined([graph.weights for graph in graphs], np.float32),
        "kinds": joined([kinds_of(graph) for graph in graphs], np.int32),
        "held_edge": held,
        "split": split,
        "own_features": np.ascontiguousarray(graphs[0].features, np.float32),
        "x": np.zeros((0, network.inputs), np.float32) if is_identity else np.concatenate(seen),
    }
    if spec.is_set:
        y = learned.y.numpy()
        classes = y if spec.task == "graph" else np.full(len(y), -1)
        values = y * learned.spread + learned.mean if spec.task == "regression" else np.full(len(y), np.nan)
        extra = len(graphs) - len(y)
        arrays["graph_label"] = np.append(classes, [-1] * extra).astype(np.int32)
        arrays["graph_target"] = np.append(values, [np.nan] * extra).astype(np.float32)
    if spec.task == "link":
        arrays["held_negative"] = learned.held_negative.numpy().astype(np.int32)
    return Picture(numbers, arrays)


def frame(run: GraphRun) -> Picture:
    """Measurements (see `objective.CURVES`; null where they mean nothing) with their step, `measured_at`. Arrays: all
    parameters as `state/<name>`, and `answers` as last measured (see `Measured`)."""
    measured = run.measured()
    numbers: dict[str, float | None] = dict.fromkeys(CURVES)
    numbers |= {name: value if math.isfinite(value) else None for name, value in measured.numbers.items()}
    shared = {"epoch": run.epoch, "curve_names": list(CURVES), "measured_at": run.measured_at}
    arrays = {f"state/{name}": values for name, values in state_of(run.network).items()}
    return Picture({**shared, **numbers}, {**arrays, "answers": measured.answers.numpy().copy()})


def state_of(network: torch.nn.Module) -> dict[str, np.ndarray]:
    """Copies of all parameters by name."""
    return {name: values.detach().numpy().copy() for name, values in network.named_parameters()}


def features_of(run: GraphRun, graph: Graph) -> np.ndarray:
    """What the network is given of a graph. A person's own beside a set has the columns that the network knows: further
    ones fall away, missing ones are 0."""
    if graph is not run.own:
        return features(run.spec, graph)[0]
    wanted = run.network.inputs
    x = graph.features if run.spec.features == "own" else features(run.spec, graph)[0]
    fitted = np.zeros((graph.count, wanted), np.float32)
    fitted[:, : min(wanted, x.shape[1])] = x[:, :wanted]
    return fitted


def kinds_of(graph: Graph) -> np.ndarray:
    """Kinds of bonds, (edge,); −1 where edges have none."""
    return np.full(len(graph.edges), -1) if graph.kinds is None else graph.kinds


def larger_words(found: Larger) -> dict[str, Any]:
    """A larger data set for the page: what is known of it, whether it is here, and the machine that has it."""
    words = {name: value for name, value in asdict(found).items() if name != "name"}
    return {**words, "classes": list(found.classes), "here": is_here(found.slug), "host": found.sources[0].hosts[0]}


def joined(parts: list[np.ndarray], kind: type, columns: int = 0) -> np.ndarray:
    """One array after the other."""
    shape = (-1, columns) if columns else (-1,)
    return np.concatenate([np.asarray(part).reshape(shape) for part in parts]).astype(kind)
