"""Attention rescues the encoder–decoder at long lengths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.attention.bottleneck import data, measuring
from dlviz.labs.attention.bottleneck.training import NETWORKS, WORDS, Learner, Pair
from dlviz.training.experiment import span

SEEDS = (1, 2, 3)
STEPS = 600
UNITS = 48
SCORE = "dot"
SHORT, LONG = 2, data.TRAINED  # digits
REPORTED = (SHORT, 4, 6, LONG, LONG + 1, data.LONGEST)  # the last two are longer than any trained on
RESCUED = 0.8  # of the long rows right
LOST = 0.5  # of what attention has right: less is a loss


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed and network: the share of rows of so many spelled digits written right to the last letter."""
    rows, total = [], len(seeds) * len(NETWORKS) * steps
    for k, seed in enumerate(seeds):
        yield Progress(k * len(NETWORKS) * steps, total, f"seed {seed}: data are drawn")
        pairs = data.load("digits", seed)
        for i, (name, network) in enumerate(Pair(pairs, seed, UNITS, SCORE).networks.items()):
            learner, before = Learner(network, pairs, seed, steps), (k * len(NETWORKS) + i) * steps
            while learner.step < steps:
                learner.learn()
                yield Progress(before + learner.step, total, f"{WORDS[name]}, seed {seed}")
            right: dict[str, float] = {}
            for count in REPORTED:
                hits, asked = measuring.written_right(network, pairs.by_length[count])
                right[f"right_of_{count}"] = float(measuring.whole(hits, asked).float().mean())
                yield Progress(before + steps, total, f"{WORDS[name]}, seed {seed}: rows of {count} digits")
            parameters = sum(values.numel() for values in network.parameters())
            rows.append({"seed": seed, "attention": name == "attention", "parameters": parameters, **right})
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes only where attention also holds at lengths never trained on; partly where it holds at those trained on."""

    def column(attention: bool, count: int) -> list[float]:
        return [row[f"right_of_{count}"] for row in rows if row["attention"] is attention]

    def said(attention: bool, count: int) -> str:
        return span(column(attention, count), ".0%")

    def rescues(count: int) -> bool:
        pairs = zip(column(False, count), column(True, count), strict=True)
        return all(held >= RESCUED and plain < LOST * held for plain, held in pairs)

    beyond = REPORTED[-1]
    sentence = (
        f"Of rows of {LONG} spelled digits, the longest trained on, {said(False, LONG)} come out right to the last "
        f"letter without attention and {said(True, LONG)} with it; of rows of {SHORT}, {said(False, SHORT)} and "
        f"{said(True, SHORT)}. Of {LONG + 1} digits, one more than was ever trained on, attention has "
        f"{said(True, LONG + 1)} right, and of {beyond} {said(True, beyond)}. {len(column(True, LONG))} seeds."
    )
    return Verdict("yes" if rescues(LONG) and rescues(beyond) else "partly" if rescues(LONG) else "no", sentence, rows)
