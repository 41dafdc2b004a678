"""Whether six or more GCN layers over-smooth the karate club."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.graph.claims.made import embeddings, held_accuracy, spread
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.experiment import Pace, mean, span

DEPTHS = (1, 2, 4, 6, 8, 12, 16)
DEEP = 6
WORSE = 0.1


def experiment(
    seeds: Sequence[int] = (1, 2, 3, 4, 5), depths: Sequence[int] = DEPTHS, steps: int = 200
) -> Iterator[Progress | Verdict]:
    """Rows: layers, seed, accuracy for the others, spread of the embeddings before training and after it."""
    pace = Pace(len(depths) * len(seeds) * steps, 10)
    rows = []
    for depth in depths:
        for seed in seeds:
            run = GraphRun(GraphSpec(hidden=(8,) * depth, seed=seed))
            before = spread(embeddings(run))
            yield from pace.train(run, steps, f"{depth} layers, seed {seed}")
            rows.append({"layers": depth, "seed": seed, "right": held_accuracy(run), "spread before": before,
                         "spread after": spread(embeddings(run))})  # fmt: skip
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where from six layers on every depth is worse than the best by a tenth on average and its embeddings lie
    closer
    before training; partly where one of both, or only deeper ones are worse."""
    depths = sorted({row["layers"] for row in rows})

    def average(name: str) -> dict[int, float]:
        return {depth: mean([row[name] for row in rows if row["layers"] == depth]) for depth in depths}

    right, spread_before, spread_after = average("right"), average("spread before"), average("spread after")
    shallow = [depth for depth in depths if depth < DEEP]
    deep = [depth for depth in depths if depth >= DEEP]
    best = max(right[depth] for depth in shallow)
    worse = [depth for depth in deep if right[depth] <= best - WORSE]
    closer = all(spread_before[depth] < min(spread_before[k] for k in shallow) for depth in deep)
    holds = "yes" if worse == deep and closer else "partly" if worse or closer else "no"
    fall = f"from {worse[0]} layers on" if worse and worse == deep[deep.index(worse[0]) :] else "at no depth for good"
    sentence = (
        f"Right for the others on average: {', '.join(f'{right[d]:.2f} with {d}' for d in depths)} layers; it is a "
        "tenth "
        f"worse than the best {fall}. Before any training the embeddings' spread is "
        f"{', '.join(f'{spread_before[d]:.2g} with {d}' for d in depths)}: a stack of layers smooths by itself. "
        "Training "
        f"works against it: {span([spread_after[d] for d in deep])} after it in deep ones."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
