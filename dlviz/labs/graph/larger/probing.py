"""Probe of the panel Larger data: what is here, a training on the whole of a set, a piece of it for the stage."""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.graph import layers
from dlviz.labs.graph.larger import fetching, pieces, training
from dlviz.labs.graph.larger.sources import LARGER, Larger
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.scene import state_of
from dlviz.training.asking import whole

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

SLICE = 0.2  # seconds between two pieces of news
COLUMNS = ("step", "loss", "told", "validation", "test")


def larger(
    run: GraphRun, name: str = "", do: str = "list", steps: int = 200, seed: int = 1
) -> Generator[Progress, None, Trace]:
    """`do`: "list": `here` (batch,): which sets have been fetched, in the order of `LARGER`, with `published` (batch,)
    accuracies, and the network that is trained on citations as it begins, under `state/`, with its `answers` (node,
    class) on the graph on screen; "facts" of a set: `counts` (feature,): graphs, nodes, edges, features, classes, and
    of a citation graph `homophily` (batch,): the share of edges within a class; "train": `curve` (feature, step), rows
    as `COLUMNS`, also on the way; "piece": `text` (batch,), the letters of a graph for the stage. Raises
    `InvalidInput`."""
    if do == "list":
        here = np.array([fetching.is_here(slug) for slug in LARGER], np.int32)
        published = np.array([each.accuracy for each in LARGER.values()], np.float32)
        answers, state = beginning(run, whole("larger.seed", seed, 0, 999_999))
        return Trace({"here": here, "published": published, "answers": answers},
                     {"here": ("batch",), "published": ("batch",), "answers": ("node", "class")},
                     {"published": "%"}, state)  # fmt: skip
    if do not in ("facts", "train", "piece"):
        raise InvalidInput("larger.do", "must be one of list, facts, train, piece", do, "list")
    steps, seed = whole("larger.steps", steps, 1, 1000), whole("larger.seed", seed, 0, 999_999)
    arrays = fetching.read(name)
    found = LARGER[name]
    if do == "piece":
        text = np.frombuffer(pieces.code(found, arrays, seed).encode(), np.uint8).astype(np.int32)
        return Trace({"text": text}, {"text": ("batch",)})
    if do == "facts":
        return facts(found, arrays)
    curve: list[tuple[float, ...]] = []
    told = perf_counter()
    yield Progress(0, steps, "reading")
    for moment in training.train(found, arrays, steps, seed):
        curve.append((moment.step, moment.loss, moment.told, moment.validation, moment.test))
        if perf_counter() - told > SLICE:
            told = perf_counter()
            yield Progress(moment.step, steps, f"step {moment.step}", trace_of(curve))
        else:
            yield Progress(moment.step, steps, f"step {moment.step}")
    return trace_of(curve)


def beginning(run: GraphRun, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """What the network of citations answers before any training on the graph on screen, and its parameters."""
    piece = shown_piece(run)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = training.Citing(piece.x.shape[1], max(2, len(run.learned.classes)), torch.Generator()).eval()
    edges = layers.edges_of("gcn", piece.index, piece.weight, len(piece.x))
    with torch.no_grad():
        answers = network(piece.x, edges)
    return answers.numpy().copy(), state_of(network)


def facts(found: Larger, arrays: dict[str, np.ndarray]) -> Trace:
    """Counts of a set, and of a citation graph its homophily."""
    graphs = len(arrays["y"]) if found.kind == "tu" else 1
    counts = np.array([graphs, *arrays["size"].tolist()[:1], len(arrays["edges"]), int(arrays["size"][1]),
                       len(np.unique(arrays["y"]))], np.int32)  # fmt: skip
    share = np.nan
    if found.kind == "planetoid":
        a, b = arrays["y"][arrays["edges"]].T
        share = float((a == b).mean())
    return Trace({"counts": counts, "homophily": np.array([share], np.float32)},
                 {"counts": ("feature",), "homophily": ("batch",)})  # fmt: skip


def trace_of(curve: list[tuple[Any, ...]]) -> Trace:
    """The curve so far."""
    return Trace({"curve": np.array(curve, np.float32).T}, {"curve": ("feature", "step")})
