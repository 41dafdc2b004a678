"""Each failing regime really fails as its card says, and what mends it mends it: on two seeds."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest

from dlviz.core.errors import Diverged
from dlviz.labs.gan.alarm import alarm
from dlviz.labs.gan.regimes import REGIMES, Regime
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec

pytestmark = pytest.mark.timeout(900)
BY_NAME = {regime.slug: regime for regime in REGIMES}
SEEDS = (1, 2)
Found = dict[str, Any]


@cache
def numbers_of(spec: GanSpec, steps: int) -> Found:
    """Trained once: several regimes are mended into the default settings."""
    run = GanRun(spec)
    run.advance(steps)
    return {**run.measured_now().numbers, "step": float(run.step)}


def ran(regime: Regime, seed: int, mended: bool, steps: int | None = None) -> tuple[Found, str]:
    """The last numbers, and the kind of alarm that they give."""
    spec = GanSpec(**{**regime.changes, **(regime.mend if mended else {}), "seed": seed})
    numbers = numbers_of(spec, steps or (regime.mended_steps if mended else regime.steps))
    kind = alarm(numbers, spec).kind
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
    before, first_kind = ran(regime, seed, mended=False, steps=100)
    numbers, kind = ran(regime, seed, mended=False)
    assert first_kind == kind == "strong"
    assert before["modes"] == numbers["modes"] == 5
    assert max(before["d_fake"], numbers["d_fake"]) < 0.01
    assert numbers["separation"] > 0.995
    mended, kind = ran(regime, seed, mended=True)
    assert mended["modes"] > numbers["modes"]
    assert mended["separation"] > 0.98
    assert mended["frechet"] < 0.8 * numbers["frechet"]
    assert kind != "strong"


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("slug", ["slow", "tiny", "momentum", "rate"])
def test_regimes_of_the_ring(slug: str, seed: int) -> None:
    numbers, kind = ran(BY_NAME[slug], seed, mended=False)
    if slug in ("slow", "tiny", "momentum"):
        assert numbers["modes"] <= 1
        assert numbers["frechet"] > 0.5
        assert kind in ("blind", "early")
    if slug == "slow":
        assert numbers["diversity"] < 0.4
        assert kind == "blind"
    if slug == "rate":
        assert numbers["diversity"] < 0.005
        assert kind == "collapse"
    on_ring(*ran(BY_NAME[slug], seed, mended=True))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_a_dcgan_without_batch_norm(seed: int) -> None:
    numbers, kind = ran(BY_NAME["unnormed"], seed, mended=False)
    assert numbers["modes"] <= 5
    assert numbers["recall"] < 0.02
    assert numbers["diversity"] < 0.55
    assert kind == "collapse"
    mended, kind = ran(BY_NAME["unnormed"], seed, mended=True)
    assert mended["modes"] >= 6
    assert mended["modes"] > numbers["modes"]
    assert mended["diversity"] > 0.55
    assert kind != "strong"


@pytest.mark.slow
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
