"""Losses beside each other: what is paid, two trainings against runs of their own, rank correlations against scipy."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import expit
from scipy.stats import rankdata, spearmanr

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.gan.comparing import training
from dlviz.labs.gan.comparing.paying import REACH, mean_pull
from dlviz.labs.gan.comparing.sides import APART, SIDES, specs_of
from dlviz.labs.gan.comparing.training import losses, marks_of
from dlviz.labs.gan.objective import discriminator_loss, fake_losses, real_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec
from dlviz.training.jobs import to_the_end
from dlviz.training.ranking import rank_correlation, ranks

SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16,), "examples": 200, "batch_size": 32}
STEPS = 12


def test_ranks_and_their_correlation_are_scipys() -> None:
    chance = np.random.default_rng(0)
    for n in (4, 5, 31, 200):
        a = chance.normal(size=n)
        for b in (chance.normal(size=n), a**3, -a, np.round(a), chance.integers(0, 3, n).astype(float)):
            np.testing.assert_allclose(ranks(b), rankdata(b))
            assert rank_correlation(a, b) == pytest.approx(spearmanr(a, b).statistic, abs=1e-12)
    gaps = np.array([1, np.nan, 3, 2, 5, np.inf, 4.0])
    other = np.array([2, 9, 1, np.nan, 4, 3, 5.0])
    assert rank_correlation(gaps, other) == pytest.approx(spearmanr([1, 3, 5, 4], [2, 1, 4, 5]).statistic)
    assert math.isnan(rank_correlation(a[:3], a[:3]))
    assert math.isnan(rank_correlation(np.ones(9), chance.normal(size=9)))


def test_what_is_paid_is_the_closed_form() -> None:
    """Each loss and slope written out in numpy, in double precision."""
    run = GanRun(GanSpec(**SMALL, label_smoothing=0.2))
    run.advance(3)
    found = losses(run)
    x = np.linspace(-REACH, REACH, found["logit"].size)
    np.testing.assert_allclose(found["logit"], x, atol=1e-6)
    odds, none, one = expit(x), np.zeros_like(x), np.ones_like(x)
    real = (-0.8 * np.log(odds) - 0.2 * np.log(expit(-x)), odds - 0.8)
    closed = {
        "nonsaturating": ((-np.log(odds), odds - 1), (-np.log(expit(-x)), odds), real),
        "minimax": ((np.log(expit(-x)), -odds), (-np.log(expit(-x)), odds), real),
        "leastsquares": (((x - 1) ** 2 / 2, x - 1), (x**2 / 2, x), ((x - 0.8) ** 2 / 2, x - 0.8)),
        "wgan": ((-x, -one), (x, one), (-x, -one)),
        "wgangp": ((-x, -one), (x, one), (-x, -one)),
        "hinge": ((-x, -one), (np.maximum(0, 1 + x), np.where(x > -1, one, none)),
                  (np.maximum(0, 1 - x), np.where(x < 1, -one, none))),
    }  # fmt: skip
    assert found.state["losses"].tolist() == list(LOSSES)
    kink = np.isclose(np.abs(x), 1)  # of the hinge, where either slope will do
    for i, loss in enumerate(LOSSES):
        for name, (cost, slope) in zip(("generator", "fake", "real"), closed[loss], strict=True):
            np.testing.assert_allclose(found[name][i], cost, rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(found[f"{name}_slope"][i][~kink], slope[~kink], rtol=1e-4, atol=1e-6)
    shown = run.frame().arrays
    np.testing.assert_array_equal(found["fake_logits"], shown["fake_logits"])
    np.testing.assert_array_equal(found["real_logits"], shown["real_logits"])
    odds = expit(shown["fake_logits"].astype(np.float64))
    for loss, pull in (("minimax", odds.mean()), ("nonsaturating", (1 - odds).mean()), ("hinge", 1)):
        assert found["mean_pull"][list(LOSSES).index(loss)] == pytest.approx(pull, rel=1e-4)
        assert mean_pull(loss, torch.from_numpy(shown["fake_logits"])) == pytest.approx(pull, rel=1e-4)


@pytest.mark.parametrize("loss", list(LOSSES))
def test_the_discriminators_loss_is_the_mean_of_both_parts(loss: str) -> None:
    real, fake = torch.randn(2, 9)
    whole = discriminator_loss(loss, real, fake, 0.1)
    assert whole == real_losses(loss, real, 0.1).mean() + fake_losses(loss, fake).mean()


def collected(turns: Any) -> list[Trace]:
    """The traces of a race, one a mark."""
    found: list[Trace] = []
    last = to_the_end(turns, lambda progress: found.append(progress.trace) if progress.trace else None)
    assert last is found[-1]
    return found


CASES: list[tuple[GanSpec, dict[str, Any], Any]] = [
    (GanSpec(**SMALL), {"loss": "minimax"}, {"loss": "wgangp", "discriminator_steps": 2}),
    (GanSpec(**SMALL, dataset="digits", conditional=True, moves="generator"), {"spectral_norm": True},
     "batch_norm=both&label_smoothing=0.2&rate_ratio=2"),
    (GanSpec(**SMALL, dataset="circle"), {"loss": "wgan", "clip": 0.05}, {"loss": "leastsquares",
                                                                       "instance_noise": 0.1}),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "first", "second"), CASES, ids=["ring8", "digits", "circle"])
def test_each_side_is_a_run_of_its_own_bit_by_bit(spec: GanSpec, first: Any, second: Any) -> None:
    page = GanRun(spec)
    page.advance(2)
    before = copy.deepcopy(page.network.state_dict())
    traces = collected(losses(page, STEPS, first, second))
    assert all(torch.equal(value, before[name]) for name, value in page.network.state_dict().items())
    marks = marks_of(STEPS).tolist()
    assert [int(trace["step"]) for trace in traces] == marks == list(range(STEPS + 1))
    specs = specs_of(spec, first, second)
    assert {side: told["loss"] for side, told in json.loads(str(traces[0].state["plan"][0]))["sides"].items()} == {
        side: each.loss for side, each in specs.items()
    }
    for side in SIDES:
        run = GanRun(specs[side])
        assert (run.spec.moves, run.spec.seed) == ("both", spec.seed)
        for at, trace in zip(marks, traces, strict=True):
            run.advance(at - run.step)
            frame = run.frame().arrays
            np.testing.assert_array_equal(trace[f"{side}_fake"], frame["fake"])
            measured = run._measure().numbers
            for name in training.CURVES:
                row = trace[f"{side}_{name}"]
                assert np.isnan(row[at + 1 :]).all()
                if name in measured:
                    assert row[at] == np.float32(measured[name]), name
            assert ("accuracy" in measured) == bool(np.isfinite(trace[f"{side}_called_real"][at]))
            if "accuracy" in measured:
                both = trace[f"{side}_called_real"][at] + trace[f"{side}_called_fake"][at]
                assert both / 2 == pytest.approx(measured["accuracy"], abs=1e-6)
        end = traces[-1]
        for name in training.AGREE:
            wanted = spearmanr(end[f"{side}_{name}"], end[f"{side}_frechet"]).statistic
            assert float(end[f"{side}_agreement_{name}"]) == pytest.approx(wanted, abs=1e-6)
        logits = end[f"{side}_real_logits"].astype(np.float64).mean() - end[f"{side}_fake_logits"].mean()
        assert end[f"{side}_gap"][-1] == pytest.approx(logits, abs=1e-5)
        if f"{side}_d_map" in end.arrays:
            places = torch.tensor([[-1.5 + 1.5 / 28, 1.5 - 1.5 / 28], [1.5 - 1.5 / 28, 1.5 - 1.5 / 28]])
            with torch.no_grad():
                corners = run.network.eval().discriminator(places, torch.zeros(2, dtype=torch.long))[:, 0]
            np.testing.assert_allclose(end[f"{side}_d_map"][0, [0, -1]], corners, atol=1e-5)


def test_one_that_leaves_the_numbers_does_not_stop_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    turn = GanRun.turn

    def failing(run: GanRun) -> Any:
        if run.spec.loss == "hinge" and run.step == 4:
            raise Diverged(run.step, "the generator's loss", "is no longer a finite number")
        return turn(run)

    monkeypatch.setattr(GanRun, "turn", failing)
    traces = collected(losses(GanRun(GanSpec(**SMALL)), STEPS, {"loss": "hinge"}, {}))
    end = traces[-1]
    assert (int(end["first_fell"]), int(end["second_fell"])) == (5, -1)
    assert np.isfinite(end["first_frechet"]).tolist() == [True] * 5 + [False] * 8
    np.testing.assert_array_equal(end["first_fake"], traces[4]["first_fake"])
    assert np.isfinite(end["second_frechet"]).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 5_001}, r"losses\.steps must be a whole number in \[0, 5000\]\. Got 5001"),
        ({"steps": -1}, r"losses\.steps must be a whole number"),
        ({"steps": 1.5}, r"losses\.steps must be a whole number"),
        ({"first": {"seed": 4}}, f"losses.first may differ in {', '.join(APART)}. Got 'seed'"),
        ({"second": {"loss": "best"}}, r"GanSpec\.loss must be one of"),
        ({"second": "discriminator_steps=0"}, r"GanSpec\.discriminator_steps must be a whole number in \[1, 10\]"),
        ({"first": 7}, r"losses\.first must be settings by name"),
    ],
)
def test_what_cannot_be_compared_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words.replace("'", ".")):
        losses(GanRun(GanSpec(**SMALL)), **options)


def test_it_reports_often_and_can_be_left() -> None:
    turns = losses(GanRun(GanSpec(**SMALL)), 200)
    assert not isinstance(turns, Trace)
    reports = [next(turns) for _ in range(4)]
    assert all(isinstance(report, Progress) and report.total == 400 for report in reports)
    turns.close()
