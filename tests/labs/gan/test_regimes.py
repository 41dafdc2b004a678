"""Each failing regime really fails as its card says, and what mends it mends it: on two seeds."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dlviz.core.errors import Diverged
from dlviz.labs.gan.alarm import alarm
from dlviz.labs.gan.regimes import REGIMES, Regime
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec

BY_NAME = {regime.slug: regime for regime in REGIMES}
SEEDS = (1, 2)
Found = dict[str, Any]


def ran(regime: Regime, seed: int, mended: bool) -> tuple[Found, str]:
    """The last numbers, and the kind of alarm that they give."""
    changes = {**regime.changes, **(regime.mend if mended else {}), "seed": seed}
    run = GanRun(GanSpec(**changes))
    run.advance(regime.mended_steps if mended else regime.steps)
    numbers = {**run.measured_now().numbers, "step": float(run.step)}
    kind = alarm(numbers, run.spec).kind
    shown = ("modes", "quality", "precision", "recall", "diversity", "frechet", "separation", "d_fake")
    print(regime.slug, "mended" if mended else "fails", seed, kind, {k: round(numbers[k], 3) for k in shown})
    return numbers, kind


def on_ring(numbers: Found, kind: str) -> None:
    """The default settings after 1,000 steps."""
    assert numbers["modes"] >= 7
    assert numbers["frechet"] < 0.05
    assert kind in ("fine", "early")


def test_the_list_is_sound() -> None:
    assert len(BY_NAME) == len(REGIMES)
    for regime in REGIMES:
        broken, mended = GanSpec(**regime.changes), GanSpec(**{**regime.changes, **regime.mend})
        assert broken != mended
        assert all(getattr(broken, name) != value for name, value in regime.mend.items())


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_discriminator_too_strong(seed: int) -> None:
    """No slope reaches G under minimax: nothing moves. The steep loss learns against the same D."""
    regime = BY_NAME["strong"]
    run = GanRun(GanSpec(**{**regime.changes, "seed": seed}))
    run.advance(100)
    before = run.measured_now().numbers
    numbers, kind = ran(regime, seed, mended=False)
    assert kind == alarm({**before, "step": 100.0}, run.spec).kind == "strong"
    assert before["modes"] == numbers["modes"] == 5
    assert max(before["d_fake"], numbers["d_fake"]) < 0.01
    assert numbers["separation"] > 0.995
    mended, kind = ran(regime, seed, mended=True)
    assert 6 <= mended["modes"] <= 8
    assert mended["separation"] > 0.98
    assert mended["frechet"] < 0.8 * numbers["frechet"]
    assert kind != "strong"


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("slug", ["slow", "tiny", "momentum", "rate"])
def test_regimes_of_the_ring(slug: str, seed: int) -> None:
    numbers, kind = ran(BY_NAME[slug], seed, mended=False)
    if slug in ("slow", "tiny"):
        assert numbers["modes"] == 0
        assert kind in ("blind", "early")
    if slug == "slow":
        assert numbers["diversity"] < 0.25
        assert numbers["separation"] < 0.6
        assert kind == "blind"
    if slug == "momentum":
        assert numbers["modes"] <= 1
        assert numbers["frechet"] > 1
    if slug == "rate":
        assert numbers["diversity"] < 0.005
        assert kind == "collapse"
    on_ring(*ran(BY_NAME[slug], seed, mended=True))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_dcgan_without_batch_norm(seed: int) -> None:
    numbers, kind = ran(BY_NAME["unnormed"], seed, mended=False)
    assert 2 <= numbers["modes"] <= 4
    assert numbers["recall"] < 0.005
    assert numbers["diversity"] < 0.4
    assert kind == "collapse"
    mended, kind = ran(BY_NAME["unnormed"], seed, mended=True)
    assert 8 <= mended["modes"] <= 9
    assert mended["diversity"] > 0.65
    assert kind != "strong"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rate_that_diverges(seed: int) -> None:
    regime = BY_NAME["diverges"]
    run = GanRun(GanSpec(**{**regime.changes, "seed": seed}))
    with pytest.raises(Diverged, match="no longer a finite number"):
        run.advance(regime.steps)
    assert run.step <= 2
    numbers, _ = ran(regime, seed, mended=True)
    assert numbers["modes"] >= 7
    assert all(math.isfinite(value) for value in numbers.values())
