"""The alarm: each kind from the numbers that mean it, in that order, with those numbers in its words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from dlviz.core import spec as specs
from dlviz.labs.gan.alarm import KINDS, Alarm, alarm, percent, pull, two
from dlviz.labs.gan.objective import generator_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec

RING = GanSpec()
FINE: dict[str, float | None] = {
    "modes": 8.0, "quality": 0.8, "precision": 0.75, "recall": 0.7, "diversity": 0.98, "frechet": 0.01,
    "separation": 0.6, "d_fake": 0.48, "step": 2000.0,
}  # fmt: skip


def of(spec: GanSpec = RING, **changes: float | None) -> Alarm:
    return alarm(FINE | changes, spec)


def test_all_is_well() -> None:
    found = of()
    assert found.kind == "fine"
    assert found.sentence == (
        "All is well: 75 % of the fakes are good, 8 of 8 modes are covered, diversity is 98 % of that of real ones."
    )
    assert (found.mend, found.changes) == ("", {})


def test_collapse_is_good_fakes_of_few_kinds() -> None:
    found = of(modes=3.0)
    assert found.kind == "collapse"
    assert "75 % of the fakes are good, but only 3 of 8 modes are covered." in found.sentence
    assert of(recall=0.19).kind == of(diversity=0.49).kind == of(modes=4.0).kind == "collapse"
    assert "19 % of real examples" in of(recall=0.19).sentence
    assert "fakes differ by 49 %" in of(diversity=0.49).sentence
    assert of(modes=5.0, recall=0.2, diversity=0.5).kind == "early"
    assert found.changes == {"loss": "wgangp", "discriminator_steps": 3}
    convolutional = GanSpec(dataset="digits", network="dcgan", channels=(8,))
    assert of(convolutional, modes=3.0).changes == {"batch_norm": "both"}
    assert "loss" in of(replace(convolutional, batch_norm="both"), modes=3.0).changes
    # Bad fakes of few kinds are no collapse, but a generator that has not begun to make anything.
    assert of(modes=3.0, quality=0.4).kind == "early"
    assert of(modes=3.0, precision=0.4).kind == "early"


def test_all_fakes_are_one_however_bad() -> None:
    one = {"modes": 0.0, "quality": 0.0, "precision": 0.0, "recall": 0.0, "diversity": 0.004, "separation": 0.9}
    assert of(**one).kind == "collapse"
    assert "all fakes are one (diversity 0 %)" in of(**one).sentence
    assert of(**one, step=49.0).kind == "early"
    assert "nearly all alike (diversity 9 %)" in of(**(one | {"diversity": 0.09})).sentence


def test_a_discriminator_is_too_strong_only_where_its_loss_is_flat() -> None:
    sure = {"separation": 0.99, "d_fake": 0.01, "quality": 0.1, "precision": 0.1}
    minimax = replace(RING, loss="minimax")
    found = of(minimax, **sure)
    assert found.kind == "strong"
    assert "99 % of pairs" in found.sentence
    assert "is 0.01 of 1" in found.sentence
    assert alarm(FINE | sure, specs.from_values(GanSpec, found.changes, minimax)).kind == "early"
    assert of(**sure).kind == of(replace(RING, loss="wgangp"), **sure).kind == "early"
    assert of(minimax, **(sure | {"separation": 0.97})).kind == "early"


def test_a_blind_discriminator() -> None:
    bad = {"separation": 0.55, "quality": 0.1, "precision": 0.1, "modes": 1.0}
    found = of(**bad)
    assert found.kind == "blind"
    assert "55 % of pairs, where 50 % is guessing, though only 10 % of the fakes are good" in found.sentence
    assert of(**(bad | {"separation": 0.61})).kind == of(**bad, step=299.0).kind == "early"
    for spec in (replace(RING, rate_ratio=0.05), replace(RING, discriminator_hidden=(4,)), RING):
        mended = specs.from_values(GanSpec, of(spec, **bad).changes, spec)
        assert mended != spec
    assert of(replace(RING, rate_ratio=0.05), **bad).changes == {"rate_ratio": 1.0}
    assert of(replace(RING, discriminator_hidden=(4,)), **bad).changes == {"discriminator_hidden": (64, 64)}
    assert of(RING, **bad).changes == {"discriminator_steps": 3}


def test_a_set_without_modes_is_judged_by_recall() -> None:
    spec = GanSpec(dataset="circle")
    bare = {"modes": None, "quality": None}
    assert of(spec, **bare).kind == "fine"
    assert "recall is 0.70" in of(spec, **bare).sentence
    assert of(spec, **bare, recall=0.1).kind == "collapse"
    assert of(spec, **bare, precision=0.3).kind == "early"


@pytest.mark.parametrize("missing", [{}, {"separation": None}, {"precision": math.nan, "separation": 0.5}])
def test_what_is_not_measured_is_said(missing: dict[str, float | None]) -> None:
    assert alarm(missing, RING) == Alarm("early", "Nothing is measured yet.")


@pytest.mark.parametrize("loss", LOSSES)
def test_the_slope_is_that_of_the_loss(loss: str) -> None:
    """The mean size of d loss_G / d logit, by autograd: known from the mean of what D says while that has one sign."""
    logits = torch.linspace(-3, 0.9, 7, requires_grad=True)
    (slope,) = torch.autograd.grad(generator_losses(loss, logits).sum(), logits)
    heard = logits.sigmoid() if loss in ("minimax", "nonsaturating") else logits
    assert pull(loss, heard.mean().item()) == pytest.approx(slope.abs().mean().item(), abs=1e-6)


def test_numbers_of_a_run_are_understood() -> None:
    run = GanRun(GanSpec(dataset="digits", examples=100, batch_size=16))
    found = alarm(run.measured_now().numbers, run.spec)
    assert found.kind in KINDS


def test_halves_are_rounded_up() -> None:
    assert [percent(x) for x in (0.125, 0.005, 0.0049, 1.0)] == ["13 %", "1 %", "0 %", "100 %"]
    assert [two(x) for x in (0.125, -0.125, -0.001, 12.3)] == ["0.13", "−0.13", "0.00", "12.30"]
