"""Whether updating the discriminator in the generator's step ruins the game."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.experiment import Pace, span

KEYS = ("modes", "quality", "separation", "frechet")
WAYS = {"as it should be": False, "with the bug": True}


def experiment(seeds: Sequence[int] = (1, 2, 3), steps: int = 2000) -> Iterator[Progress | Verdict]:
    """Rows: way, seed, modes, quality, separation, Fréchet distance at the end."""
    pace = Pace(2 * len(seeds) * steps, 10)
    rows = []
    for way, is_wrong in WAYS.items():
        for seed in seeds:
            run = GanRun(GanSpec(seed=seed, update_both=is_wrong))
            yield from pace.train(run, steps, f"{way}, seed {seed}")
            numbers = run.measured_now().numbers
            rows.append({"way": way, "seed": seed} | {key: numbers[key] for key in KEYS})
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where with the bug every seed makes fewer good fakes than the worst without it; partly where on average."""
    right, wrong = ([row["quality"] for row in rows if row["way"] == way] for way in WAYS)
    ruined = max(wrong) < min(right) / 2
    worse = sum(wrong) < sum(right)
    holds = "yes" if ruined else "partly" if worse else "no"
    modes = {way: span([row["modes"] for row in rows if row["way"] == way], ".0f") for way in WAYS}
    sentence = (
        f"Good fakes: {span(right)} as it should be, {span(wrong)} with the bug; modes covered, of 8: "
        f"{modes['as it should be']} against {modes['with the bug']}. With the bug D takes a step towards calling "
        "fakes real right after its own step away from it."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
