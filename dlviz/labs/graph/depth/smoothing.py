"""Training at every depth: what accuracy and embeddings become with more layers, plainly and with a mend."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Generator, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any

import numpy as np

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.graph.depth.walking import mean_cosine_distance
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

DEPTHS = (1, 2, 3, 4, 6, 8, 12, 16)
WAYS: dict[str, dict[str, Any]] = {
    "plain": {"residual": False, "norm": "none", "drop_edge": 0.0},
    "residual": {"residual": True, "norm": "none", "drop_edge": 0.0},
    "pairnorm": {"residual": False, "norm": "pairnorm", "drop_edge": 0.0},
    "dropedge": {"residual": False, "norm": "none", "drop_edge": 0.5},
}
MEASURES = ("held_accuracy", "train_accuracy", "spread")
MOST_SEEDS, MOST_STEPS = 5, 400
WIDEST = 64  # that a layer may be, as the settings have it
TURN = 0.04  # seconds of training between two reports


def settings(spec: GraphSpec, depth: int, way: str, seed: int) -> GraphSpec:
    """`spec` with so many layers, all as wide as its first (GAT: so much wider that its heads divide it), in one of the
    `WAYS`."""
    width = spec.hidden[0]
    if spec.layer == "gat":
        width = math.ceil(width / spec.heads) * spec.heads
        width = width if width <= WIDEST else WIDEST // spec.heads * spec.heads
    return dataclasses.replace(spec, hidden=(width,) * depth, seed=seed, **WAYS[way])


def needs_classes(spec: GraphSpec) -> None:
    """Raise `InvalidInput` where nodes have no classes to be right about."""
    if spec.task != "node":
        raise InvalidInput("depth.ask", "needs a task that labels nodes to train at every depth", spec.task, "walk")


class Deep(GraphRun):
    """A run that is not measured at every step."""

    def learn(self) -> None:
        """One step, as `advance` takes it."""
        loss = self._loss()
        if not loss.isfinite():
            raise Diverged(self.step, "the training loss", "is no longer a finite number")
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.step += 1

    def found(self) -> tuple[float, float, float]:
        """Of this moment: `MEASURES`. The spread is the mean cosine distance of two nodes' embeddings."""
        numbers = self.measured_now().numbers
        piece = self.learned.pieces[0]
        with evaluating(self.network):
            embedding = self.network.embed(piece.x, self.network.edges(piece.index, piece.weight, len(piece.x)))
        spread = mean_cosine_distance(embedding.double().numpy())
        return numbers.get("held_accuracy", np.nan), numbers.get("train_accuracy", np.nan), spread


def trainings(
    spec: GraphSpec, depths: Sequence[int], ways: Sequence[str], seeds: int, steps: int
) -> Generator[Progress, None, Trace]:
    """Train at every depth in every way, with so many seeds, the settings' own first.

    `depth` (layer,): the numbers of layers; `held_accuracy`, `train_accuracy`, `spread` (direction, layer, batch): way,
    depth, seed; NaN where not trained yet, or where training left the numbers. `width` (): features of every layer.
    `ways` in `state`. All seeds of one
    point come after each other, so that a partial Trace shows whole points.
    """
    width = settings(spec, 1, "plain", spec.seed).hidden[0]
    shape = (len(ways), len(depths), seeds)
    arrays = {name: np.full(shape, np.nan, np.float32) for name in MEASURES}
    total, done, last = len(ways) * sum(depths) * seeds, 0, perf_counter()

    def trace() -> Trace:
        copies = {name: values.copy() for name, values in arrays.items()}
        dims: dict[str, tuple[str, ...]] = dict.fromkeys(copies, ("direction", "layer", "batch"))
        fixed = {"depth": np.array(depths, np.int32), "width": np.array(width, np.int32)}
        return Trace(
            {**fixed, **copies}, {"depth": ("layer",), "width": (), **dims}, {}, {"ways": np.array(list(ways))}
        )

    yield Progress(0, total, "starting", trace())
    for d, depth in enumerate(depths):
        for w, way in enumerate(ways):
            for s in range(seeds):
                run = Deep(settings(spec, depth, way, spec.seed + s))
                with suppress(Diverged):  # what it measures stays NaN: the page says that it left the numbers
                    for step in range(steps):
                        run.learn()
                        if perf_counter() - last > TURN:
                            yield Progress(done + round(depth * step / steps), total, f"{depth} layers, {way}")
                            last = perf_counter()
                    for name, value in zip(MEASURES, run.found(), strict=True):
                        arrays[name][w, d, s] = value
                done += depth
            yield Progress(done, total, f"{depth} layers, {way}", trace())
            last = perf_counter()
    return trace()


def train(run: GraphRun, depths: Any, ways: Any, seeds: Any, steps: Any) -> Generator[Progress, None, Trace]:
    """`trainings` of the run's settings, with what was asked for checked. Raises `InvalidInput`."""
    chosen = list(DEPTHS) if depths is None else depths
    if not isinstance(chosen, list | tuple) or not chosen:
        raise InvalidInput("depth.depths", "must be numbers of layers", depths, "[1, 2, 4]")
    chosen = sorted({whole("depth.depths", depth, 1, 16) for depth in chosen})
    tried = list(WAYS) if ways is None else ways
    if not isinstance(tried, list | tuple) or not tried or not set(tried) <= set(WAYS):
        raise InvalidInput("depth.ways", f"must be some of {', '.join(WAYS)}", ways, "['plain', 'residual']")
    tried = [way for way in WAYS if way in tried]
    needs_classes(run.spec)
    return trainings(run.spec, chosen, tried, whole("depth.seeds", seeds, 1, MOST_SEEDS),
                     whole("depth.steps", steps, 10, MOST_STEPS))  # fmt: skip
