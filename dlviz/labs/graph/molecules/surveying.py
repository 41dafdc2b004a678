"""The importance of every atom of many molecules, and where the atoms of nitro groups stand among them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from time import perf_counter

import numpy as np

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.molecules.explaining import METHODS, explain
from dlviz.labs.graph.molecules.substructures import KINDS, kinds_of_atoms

TURN = 0.04  # seconds of work between two reports
NITRO = (0, 1)  # places in KINDS

Turns = Generator[Progress, None, Trace]


def surveyed(network: Gnn, graphs: Sequence[Graph]) -> Turns:
    """Explain all `graphs` by every method.

    `kind` (place in KINDS) and `owner` (place in `graphs`) of every atom, (node,). By `<method>_`: `importance` of
    every atom; by kind (class,): `kind_count` atoms, `kind_mean` importance, `kind_top`: in how many an
    atom of the kind is the one of the largest size. `nitro_top` (): in how many that is an atom of a nitro group,
    `nitro_chance` (): in how many it would be if all atoms were alike, `nitro_above` (): how often an atom of a nitro
    group has a larger size than another atom of its molecule, ties half: 0.5 means that it does not matter.
    """
    kinds, last = [kinds_of_atoms(graph) for graph in graphs], perf_counter()
    arrays = {
        "kind": np.concatenate(kinds).astype(np.int32),
        "owner": np.repeat(np.arange(len(graphs)), [graph.count for graph in graphs]).astype(np.int32),
    }
    for turn, method in enumerate(METHODS):
        found = []
        for k, graph in enumerate(graphs):
            found.append(explain(network, graph, method).atoms)
            if perf_counter() - last > TURN:
                yield Progress(turn * len(graphs) + k + 1, len(METHODS) * len(graphs), method)
                last = perf_counter()
        said = tables(found, kinds)
        arrays |= {f"{method}_{name}": values for name, values in said.items()}
        arrays[f"{method}_importance"] = np.concatenate(found)
    return Trace(arrays, {name: _axes(name) for name in arrays}, {}, {"kinds": np.array(KINDS)})


def _axes(name: str) -> tuple[str, ...]:
    return () if "_nitro_" in name else ("class",) if "_kind_" in name else ("node",)


def tables(importance: Sequence[np.ndarray], kinds: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """What `surveyed` says by kind and of nitro groups, of molecules given as arrays (atom,)."""
    every, kind = np.concatenate(importance), np.concatenate(kinds)
    count = np.bincount(kind, minlength=len(KINDS))
    total = np.bincount(kind, every, len(KINDS))
    top, chance, above, pairs = np.zeros(len(KINDS), np.int32), 0.0, 0.0, 0
    for values, own in zip(importance, kinds, strict=True):
        sizes, is_nitro = np.abs(values), np.isin(own, NITRO)
        top[own[sizes.argmax()]] += 1
        chance += is_nitro.mean()
        difference = sizes[is_nitro][:, None] - sizes[~is_nitro]
        above += (difference > 0).sum() + 0.5 * (difference == 0).sum()
        pairs += difference.size
    return {
        "kind_count": count.astype(np.int32),
        "kind_mean": np.divide(total, count, out=np.full(len(KINDS), np.nan), where=count > 0).astype(np.float32),
        "kind_top": top,
        "nitro_top": top[list(NITRO)].sum().astype(np.int32),
        "nitro_chance": np.array(chance, np.float32),
        "nitro_above": np.array(above / pairs if pairs else np.nan, np.float32),
    }
