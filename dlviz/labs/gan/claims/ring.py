"""Whether the ring of 8 collapses with a plain GAN and is covered with WGAN-GP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.experiment import Pace, mean, span

GAMES: dict[str, dict[str, Any]] = {
    "plain, β₁ = 0.9": {"beta1": 0.9},
    "plain, β₁ = 0.5": {"beta1": 0.5},
    "WGAN-GP": {"loss": "wgangp", "discriminator_steps": 3},
}
LOOKS = 4
COVERS, COLLAPSED = 7, 4  # of 8 modes, on average over the looks


def experiment(seeds: Sequence[int] = (1, 2, 3, 4, 5), steps: int = 1500) -> Iterator[Progress | Verdict]:
    """Rows: game, seed, modes at each look, their mean, good fakes at the end."""
    pace = Pace(len(GAMES) * len(seeds) * steps, 10)
    rows = []
    for game, changes in GAMES.items():
        for seed in seeds:
            run = GanRun(GanSpec(seed=seed, **changes))
            text = f"{game}, seed {seed}"
            yield from pace.train(run, steps // 2, text)
            modes = []
            for _ in range(LOOKS):
                yield from pace.train(run, steps // 2 // LOOKS, text)
                modes.append(int(run.measured_now().numbers["modes"]))
            quality = run.measured().numbers["quality"]
            rows.append(
                {"game": game, "seed": seed, "modes at each look": modes, "modes": mean(modes), "good": quality}
            )
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where every plain game collapses, with either momentum, and every WGAN-GP covers; partly where that holds of
    the usual momentum alone, or of WGAN-GP."""
    found = {game: [row["modes"] for row in rows if row["game"] == game] for game in GAMES}
    usual, calmer, penalized = found.values()
    covers, usual_collapses = all(m >= COVERS for m in penalized), all(m < COLLAPSED for m in usual)
    all_collapse = usual_collapses and all(m < COLLAPSED for m in calmer)
    holds = "yes" if all_collapse and covers else "partly" if usual_collapses or covers else "no"
    sentence = (
        f"Modes covered, of 8, on average over the second half: the plain game with β₁ = 0.9 {span(usual, '.1f')}, the "
        f"same with β₁ = 0.5 {span(calmer, '.1f')}, WGAN-GP {span(penalized, '.1f')}. "
    )
    covering = sum(m >= COVERS for m in calmer)
    sentence += (
        f"With less momentum {covering} of {len(calmer)} plain games cover it too: the loss alone is not the cause."
        if covering
        else "Less momentum does not save the plain game."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
