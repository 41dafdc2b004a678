"""Training of the Graph lab: a step looks at the whole graph, or at a batch of graphs of a set."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Generator, Tensor

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.labs.graph import carrying, data, needs, scene
from dlviz.labs.graph.data import Learned, Piece
from dlviz.labs.graph.layers import Edges
from dlviz.labs.graph.model import Gnn, build
from dlviz.labs.graph.objective import Measured, link_loss, loss_of, measure
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.network_run import NetworkRun
from dlviz.training.run import Picture, Snapshot


class GraphRun(NetworkRun):
    """One network, its graph or set of graphs, its optimizer, the generators. Edits of the graph leave the weights."""

    spec_class = GraphSpec
    spec: GraphSpec
    network: Gnn

    def _begin(self, spec: GraphSpec) -> None:
        learned = data.load(spec)  # first: what cannot be learned from leaves the run as it was
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self._take(learned, spec)
        self._start(spec, build(spec, learned.pieces[0].x.shape[1], learned.outputs))

    def _take(self, learned: Learned, spec: GraphSpec) -> None:
        self.learned = learned
        self.own = needs.graph_in(spec.graph) if spec.is_set else None  # beside a set: looked at only

    def _look(self, spec: GraphSpec) -> None:
        """Which graph of a set is shown the page decides by itself."""

    def _take_live(self) -> None:
        self.network.spec = self.spec

    def set(self, changes: Mapping[str, Any]) -> bool:
        spec: GraphSpec = specs.from_values(GraphSpec, changes, self.spec)
        roles = specs.roles_of_change(self.spec, spec)
        if "points" in roles and not roles & {"structure", "data"}:
            learned = data.load(spec)
            carrying.carry(self, spec, learned)
            self._take(learned, spec)
            self.spec, self.measured_at = spec, None
            self.order, self.position = torch.empty(0, dtype=torch.long), 0
        return super().set(changes)

    def restore(self, snapshot: Snapshot) -> None:
        # The moment may be one of another graph, with another number of features.
        if snapshot.plain["spec"].get("graph") != self.spec.graph:
            self._begin(specs.from_values(GraphSpec, snapshot.plain["spec"]))
        super().restore(snapshot)

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self.learned.told) / self.spec.batch_size) if self.spec.is_set else 1

    def advance(self, steps: int) -> list[Event]:
        events = [self._event()] if self.step == 0 and steps > 0 else []
        for _ in range(steps):
            loss = self._loss()
            if not torch.isfinite(loss):
                raise Diverged(self.step, "the training loss", "is no longer a finite number")
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            self.step += 1
            if self.position == 0:
                self.epoch += 1
                events.append(self._event())
        return events

    def _loss(self) -> Tensor:
        """The loss of the next step."""
        learned, task = self.learned, self.spec.task
        if task in ("graph", "regression"):
            batch = self._next_graphs()
            piece = data.together([learned.pieces[k] for k in batch.tolist()])
            answers = self.network(piece.x, self.training_edges(piece), piece.batch, piece.graphs)
            return loss_of(task, answers, learned.y[batch])
        piece = learned.pieces[0]
        answers = self.network(piece.x, self.training_edges(piece))
        if task == "link":
            return link_loss(answers, learned.positive, self._negatives(len(learned.positive)))
        return loss_of(task, answers[learned.told], learned.y[learned.told])

    def _next_graphs(self) -> Tensor:
        if self.position == 0:
            self.order = self.learned.told[torch.randperm(len(self.learned.told), generator=self.order_generator)]
        batch = self.order[self.position : self.position + self.spec.batch_size]
        self.position += self.spec.batch_size
        if self.position >= len(self.order):
            self.position = 0
        return batch

    def _negatives(self, count: int) -> Tensor:
        """Pairs drawn anew for a step, (pair, 2). A few of them may be joined, as usual: nobody knows which edges are
        missing."""
        nodes = len(self.learned.pieces[0].x)
        first = torch.randint(nodes, (count,), generator=self.order_generator)
        far = torch.randint(1, nodes, (count,), generator=self.order_generator)
        return torch.stack([first, (first + far) % nodes], 1)

    def training_edges(self, piece: Piece) -> Edges:
        """The edges of a step: all, or without those that DropEdge leaves out (Y. Rong et al., DropEdge, 2020)."""
        index, weight = piece.index, piece.weight
        if self.spec.drop_edge and len(piece.pair):
            kept = torch.rand(int(piece.pair.max()) + 1, generator=self.order_generator) >= self.spec.drop_edge
            index, weight = index[:, kept[piece.pair]], weight[kept[piece.pair]]
        return self.network.edges(index, weight, len(piece.x))

    def _measure(self) -> Measured:
        return measure(self.network, self.learned)

    def _event(self) -> Event:
        return Event(self.step, "epoch", self.measured_now().numbers)

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "dropout_generator": self.network.chance}

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
