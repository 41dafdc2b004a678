"""Colour refinement on two graphs at once: the Weisfeiler–Lehman test (B. Weisfeiler and A. Leman, 1968)."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np

from dlviz.labs.graph.apart.pairs import Pair

MOST_ROUNDS = 12
KNOWLEDGE = ("given", "triangles", "numbers")  # what a node is told of itself before the first round


@dataclass(frozen=True)
class Refined:
    """`colors` (step, node), of the left graph's nodes and then the right's; numbers from 1, new ones every round and
    never used twice. `table`: (round, own, neighbours' in order, new) of every new colour. `different`: the first round
    after which the two counts of colours differ, or None; `stable`: the round after which nothing is split any more,
    or None where `MOST_ROUNDS` came first. `told` (node,): what each is told at the start, as a place from 0."""

    colors: np.ndarray
    table: tuple[tuple[int, int, tuple[int, ...], int], ...]
    different: int | None
    stable: int | None
    told: np.ndarray


def together(pair: Pair) -> list[list[int]]:
    """The neighbours of every node of both graphs, the right one's nodes after the left one's."""
    left, right = pair
    return [*left.neighbours(), *([left.count + k for k in each] for each in right.neighbours())]


def told(pair: Pair, knowledge: str) -> np.ndarray:
    """(node,): what each node knows at the start, as a place from 0 in the order of what can be known."""
    keys: list[tuple[int, ...]] = []
    for graph in pair:
        corners = nx.triangles(graph.networkx())
        for k, color in enumerate(graph.colors):
            extra = {"given": (), "triangles": (corners[k],), "numbers": (k,)}[knowledge]
            keys.append((color, *extra))
    order = {key: place for place, key in enumerate(sorted(set(keys)))}
    return np.array([order[key] for key in keys], np.int32)


def refine(pair: Pair, knowledge: str = "given", rounds: int | None = None) -> Refined:
    """`rounds` of refinement; None: until one splits nothing, at most `MOST_ROUNDS`."""
    around = together(pair)
    first = told(pair, knowledge)
    colors = [[int(place) + 1 for place in first]]
    table: list[tuple[int, int, tuple[int, ...], int]] = []
    stable = None
    left = pair[0].count
    for step in range(1, (MOST_ROUNDS if rounds is None else rounds) + 1):
        now = colors[-1]
        seen = [(now[k], tuple(sorted(now[j] for j in around[k]))) for k in range(len(now))]
        begin = max(now) + 1
        number = {each: begin + place for place, each in enumerate(sorted(set(seen)))}
        table += [(step, *each, found) for each, found in number.items()]
        colors.append([number[each] for each in seen])
        if stable is None and len(number) == len(set(now)):
            stable = step - 1
            if rounds is None:
                break
    same = [sorted(row[:left]) == sorted(row[left:]) for row in colors]
    return Refined(
        np.array(colors, np.int32), tuple(table), same.index(False) if False in same else None, stable, first
    )
