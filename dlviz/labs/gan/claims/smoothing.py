"""Whether label smoothing steadies the discriminator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

LABELS = {"1": 0.0, "0.8": 0.2}
LOOKS = 20


def experiment(seeds: Sequence[int] = (1, 2, 3, 4, 5), steps: int = 600) -> Iterator[Progress | Verdict]:
    """Rows: label of the real ones, seed, the largest logit of a real one, the spread of D's loss over looks, "
    "quality."""
    pace = Pace(len(LABELS) * len(seeds) * steps, 10)
    rows = []
    for label, smoothing in LABELS.items():
        for seed in seeds:
            run = GanRun(GanSpec(seed=seed, label_smoothing=smoothing))
            values, largest = [], 0.0
            for _ in range(LOOKS):
                yield from pace.train(run, steps // LOOKS, f"labels of {label}, seed {seed}")
                with evaluating(run.network):
                    logits = run.network.discriminator(run.real.held_x, run.real.held_y)
                largest = max(largest, logits.max().item())
                values.append(run.measured_now().numbers["value"])
            quality = run.measured().numbers["quality"]
            rows.append({"label of real": label, "seed": seed, "largest logit": largest,
                         "spread of V": torch.tensor(values).diff().abs().mean().item(), "good": quality})  # fmt: skip
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where for every seed D is less sure and its value moves less; partly where one of both, on average."""
    plain, smooth = ([row for row in rows if row["label of real"] == label] for label in LABELS)
    pairs = list(zip(plain, smooth, strict=True))
    calmer = all(b["spread of V"] < a["spread of V"] for a, b in pairs)
    humbler = all(b["largest logit"] < a["largest logit"] for a, b in pairs)
    average = {
        key: [mean([row[key] for row in part]) for part in (plain, smooth)] for key in ("spread of V", "largest logit")
    }
    some = any(after < before for before, after in average.values())
    holds = "yes" if calmer and humbler else "partly" if some else "no"
    sentence = (
        f"From one look to the next the game's value moves by {span([r['spread of V'] for r in plain])} with labels "
        "of 1 "
        f"and by {span([r['spread of V'] for r in smooth])} with 0.8; the largest logit of a real example is "
        f"{span([r['largest logit'] for r in plain], '.2g')} against "
        f"{span([r['largest logit'] for r in smooth], '.2g')}. "
        f"Good fakes at the end: {span([r['good'] for r in plain])} and {span([r['good'] for r in smooth])}."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
