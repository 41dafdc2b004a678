"""Beam search: instead of the likeliest token each time, the few likeliest beginnings are followed side by side.

Source: I. Sutskever, O. Vinyals and Q. Le, Sequence to Sequence Learning with Neural Networks, 2014, section 3.2: a
hypothesis that has ended takes its place in the beam with it. The penalty of length divides the log-probability by
tokens^penalty, as in Y. Wu et al., Google's Neural Machine Translation System, 2016, equation 14, without its offset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from torch import Tensor

ROOT = -1  # the parent of a first token
NO_END = -1  # where no token says that it is done
# (hypothesis, class) log-probabilities of what comes next after each of these beginnings, all of one length.
Next = Callable[[list[tuple[int, ...]]], Tensor]


@dataclass(frozen=True)
class Node:
    """One token of the tree: `total`, the log-probability of all tokens up to it, in nats; `kept` False where cut."""

    parent: int
    step: int
    token: int
    total: float
    kept: bool


@dataclass(frozen=True)
class Hypothesis:
    """Tokens with the end sign, where it was written; `node`, its last one; `score`, which hypotheses are ranked by."""

    tokens: tuple[int, ...]
    total: float
    score: float
    node: int
    ended: bool


@dataclass
class Found:
    """The tree, of which each hypothesis's likeliest `beams` children are kept or cut, and the ranking, best first."""

    nodes: list[Node] = field(default_factory=list)
    ranked: list[Hypothesis] = field(default_factory=list)


def score(total: float, tokens: int, penalty: float) -> float:
    """total / tokens^penalty: 0 ranks by probability, which favours the short; 1 by the mean of a token."""
    return total / tokens**penalty


def search(following: Next, beams: int, most: int, end: int, penalty: float = 0.0) -> Iterator[Found]:
    """Follow the `beams` likeliest beginnings until all have ended or are `most` tokens long; a value for each step,
    the last one whole. A beam of 1 writes what greedy writes."""
    found = Found()
    alive: list[tuple[tuple[int, ...], float, int]] = [((), 0.0, ROOT)]
    done: list[Hypothesis] = []
    for step in range(most):
        logs = following([tokens for tokens, _, _ in alive])
        best = logs.sort(stable=True, dim=1, descending=True)
        children = [
            (total + float(best.values[row, k]), row, int(best.indices[row, k]))
            for row, (_, total, _) in enumerate(alive)
            for k in range(min(beams, logs.shape[1]))
        ]
        children.sort(key=lambda child: -child[0])  # stable: of equal ones the better beginning goes first
        places = beams - len(done)
        following_alive = []
        for rank, (total, row, token) in enumerate(children):
            tokens, _, parent = alive[row]
            found.nodes.append(Node(parent, step, token, total, rank < places))
            if rank >= places:
                continue
            node, longer = len(found.nodes) - 1, (*tokens, token)
            if token == end or step == most - 1:
                done.append(Hypothesis(longer, total, score(total, len(longer), penalty), node, token == end))
            else:
                following_alive.append((longer, total, node))
        alive = following_alive
        if not alive:
            break
        yield found
    found.ranked = sorted(done, key=lambda hypothesis: -hypothesis.score)
    yield found
