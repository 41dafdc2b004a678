"""The probe of the panel Molecules: the importance of atoms, one molecule or all, and molecules that a person makes."""

from __future__ import annotations

import copy
import json
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.graphs.graph import Graph
from dlviz.data.graphs.molecules import ELEMENTS
from dlviz.labs.graph import scene
from dlviz.labs.graph.molecules.drawing import drawn as drawn_by_hand
from dlviz.labs.graph.molecules.drawing import typed
from dlviz.labs.graph.molecules.explaining import METHODS, Explained, explain
from dlviz.labs.graph.molecules.own import own_run, trained
from dlviz.labs.graph.molecules.substructures import nitro
from dlviz.labs.graph.molecules.surveying import surveyed
from dlviz.training.asking import whole

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

Turns = Generator[Progress, None, Trace]

OWN_AXES: dict[str, tuple[str, ...]] = {
    "node_start": ("batch",), "edge_start": ("batch",), "keys": ("node",), "places": ("node", "direction"),
    "labels": ("node",), "given": ("node",), "edges": ("edge", "channel"), "weights": ("edge",), "kinds": ("edge",),
    "held_edge": ("edge",), "split": ("batch",), "own_features": ("node", "feature"), "x": ("node", "feature"),
    "graph_label": ("batch",), "graph_target": ("batch",), "answers": ("batch", "class"),
}  # fmt: skip


def molecules(
    run: GraphRun,
    place: Any = 0,
    method: Any = METHODS[0],
    train: Any = False,
    survey: Any = False,
    smiles: Any = None,
    drawn: Any = None,
) -> Trace | Turns:
    """What each atom of molecule number `place` of MUTAG adds to the answer "mutagenic", by `method`.

    The network is the run's where that learns to label MUTAG, else one of the panel's own, which is untrained until
    somebody asks with `train`; `is_own` () and `step` () say which and how far. `importance` (node,), `bond_importance`
    (edge,; NaN but for occlusion), `margin`, `baseline`, `error` (): see `explaining.Explained`; `element` (node,;
    places in ELEMENTS), `edges` (edge, channel), `bond` (edge,), `nitro` (node,; −1 none), `label` (). Parameters under
    `state/`.

    `survey`: instead, all that are kept back, by every method, see `surveying.surveyed`. `smiles`, `drawn`: instead, a
    molecule that a person typed or drew (see `drawing.drawn`): `element` (node,; −1 none of ELEMENTS), `places` (node,
    direction), `edges`, `bond`; state `symbols`, and of a drawn one `smiles`, `formula`, `problems`. Raises
    `InvalidInput`.
    """
    if smiles is not None:
        return _made(typed(smiles))
    if drawn is not None:
        checked = drawn_by_hand(drawn)
        return _made(checked.graph, smiles=np.array([checked.smiles]), formula=np.array([checked.formula]),
                     problems=np.array(list(checked.problems) or [""]))  # fmt: skip
    for name, value in (("train", train), ("survey", survey)):
        if not isinstance(value, bool):
            raise InvalidInput(f"molecules.{name}", "must be true or false", value, "true")
    is_own = not asks_of_molecules(run)
    used = own_run() if is_own else run
    at = whole("molecules.place", place, 0, len(used.learned.graphs) - 1)
    if method not in METHODS:
        raise InvalidInput("molecules.method", f"must be one of {', '.join(METHODS)}", method, METHODS[0])
    if train and is_own:
        return _after_training(used, at, method, survey)
    return _survey(used) if survey else _one(used, at, method, is_own)


def asks_of_molecules(run: GraphRun) -> bool:
    """Whether the run learns to label the molecules of MUTAG."""
    return run.spec.dataset == "mutag" and run.spec.task == "graph"


def _one(run: GraphRun, at: int, method: str, is_own: bool) -> Trace:
    graph = run.learned.graphs[at]
    found = explain(run.network, graph, method)
    arrays, dims = _explained(run, graph, at, found)
    arrays |= {"is_own": np.array(int(is_own), np.int32), "step": np.array(run.step, np.int32)}
    return Trace(arrays, {**dims, "is_own": (), "step": ()}, {}, scene.state_of(run.network))


def _explained(run: GraphRun, graph: Graph, at: int, found: Explained) -> tuple[dict[str, Any], dict[str, Any]]:
    arrays = {
        "importance": found.atoms,
        "bond_importance": found.bonds,
        "margin": np.array(found.margin, np.float32),
        "baseline": np.array(found.baseline, np.float32),
        "error": np.array(found.error, np.float32),
        "element": elements_of(graph),
        "edges": graph.edges.astype(np.int32),
        "bond": scene.kinds_of(graph).astype(np.int32),
        "nitro": nitro(graph).astype(np.int32),
        "label": np.array(int(run.learned.y[at]), np.int32),
    }
    dims: dict[str, tuple[str, ...]] = {
        "importance": ("node",), "bond_importance": ("edge",), "margin": (), "baseline": (), "error": (),
        "element": ("node",), "edges": ("edge", "channel"), "bond": ("edge",), "nitro": ("node",), "label": (),
    }  # fmt: skip
    return arrays, dims


def _survey(run: GraphRun) -> Turns:
    network = copy.deepcopy(run.network)  # training goes on between two turns
    trace = yield from surveyed(network, [run.learned.graphs[k] for k in run.learned.held.tolist()])
    return trace


def _after_training(run: GraphRun, at: int, method: str, survey: bool) -> Turns:
    """Train the panel's own network; then what was asked, with the molecules themselves, for a page that has none."""
    yield from trained()
    if survey:
        trace = yield from _survey(run)
        return trace
    trace = _one(run, at, method, True)
    pictured, frame = scene.scene(run), scene.frame(run)
    given = {**pictured.arrays, "answers": frame.arrays["answers"]}
    arrays = {f"own_{name}": given[name] for name in OWN_AXES}
    state = {**trace.state, "scene": np.array([json.dumps(pictured.numbers)]),
             "measured": np.array([json.dumps(frame.numbers)])}  # fmt: skip
    dims = {f"own_{name}": axes for name, axes in OWN_AXES.items()}
    return Trace({**trace.arrays, **arrays}, {**trace.dims, **dims}, {}, state)


def _made(graph: Graph, **state: np.ndarray) -> Trace:
    arrays = {"element": elements_of(graph), "places": graph.places.astype(np.float32),
              "edges": graph.edges.astype(np.int32), "bond": scene.kinds_of(graph).astype(np.int32)}  # fmt: skip
    dims = {"element": ("node",), "places": ("node", "direction"), "edges": ("edge", "channel"), "bond": ("edge",)}
    return Trace(arrays, dims, {}, {"symbols": np.array(graph.names), **state})


def elements_of(graph: Graph) -> np.ndarray:
    """(node,) i32: places in ELEMENTS, −1 for an atom of none of them."""
    return np.array([ELEMENTS.index(name) if name in ELEMENTS else -1 for name in graph.names], np.int32)
