"""Whether a GCN separates the karate club's factions from one labelled member of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dlviz.core.lab import Progress, Verdict
from dlviz.data.graphs import coding, single
from dlviz.data.graphs.graph import graph_of
from dlviz.labs.graph.claims.made import held_accuracy
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.experiment import Pace, mean, span

SEPARATED = 0.9


def experiment(
    seeds: Sequence[int] = (1, 2, 3, 4, 5), draws: int = 10, steps: int = 200
) -> Iterator[Progress | Verdict]:
    """Rows: who is told, seed, how many of the 32 others are right, as a share."""
    pace = Pace((len(seeds) + draws) * steps, 10)
    rows = []
    for seed in seeds:
        run = GraphRun(GraphSpec(seed=seed))
        yield from pace.train(run, steps, f"the leaders are told, seed {seed}")
        rows.append({"told": "leaders", "members": "0, 33", "seed": seed, "right": held_accuracy(run)})
    chance = np.random.default_rng(0)
    for draw in range(draws):
        members = one_of_each(chance)
        run = GraphRun(GraphSpec(seed=draw, graph=told(members)))
        yield from pace.train(run, steps, f"members {members} are told")
        rows.append(
            {"told": "drawn", "members": ", ".join(map(str, members)), "seed": draw, "right": held_accuracy(run)}
        )
    yield judge(rows)


def one_of_each(chance: np.random.Generator) -> list[int]:
    """A member of each faction, drawn evenly."""
    labels = single.load_single("karate", 0).labels
    return [int(chance.choice(np.flatnonzero(labels == faction))) for faction in (0, 1)]


def told(members: Sequence[int]) -> str:
    """The club with only these members told."""
    club = single.load_single("karate", 0)
    given = np.isin(np.arange(club.count), members)
    return coding.write(
        graph_of(club.names, club.places, club.edges, labels=club.labels, given=given, classes=club.classes)
    )


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where 90 % of the others are right for every seed and every two members; partly where for the leaders."""
    leaders = [row["right"] for row in rows if row["told"] == "leaders"]
    drawn = [row["right"] for row in rows if row["told"] == "drawn"]
    by_leaders, by_any = min(leaders) >= SEPARATED, min(drawn) >= SEPARATED
    holds = "yes" if by_leaders and by_any else "partly" if by_leaders or mean(leaders) >= SEPARATED else "no"
    sentence = (
        f"With the two leaders told {span(leaders)} of the 32 others are right (on average {mean(leaders):.2f}; naming "
        f"the larger faction would give 0.50). With two members drawn at random it is {span(drawn)}, on average "
        f"{mean(drawn):.2f}: {sum(right >= SEPARATED for right in drawn)} of {len(drawn)} draws reach {SEPARATED}. "
        "Whom one tells matters."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
