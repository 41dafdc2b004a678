"""The collapse meter: its rule in the page against Python's, and what is on screen against numpy and scipy."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import eigvals
from scipy.spatial.distance import cdist, pdist

from dlviz.core import spec as specs
from dlviz.labs.gan.alarm import alarm
from dlviz.labs.gan.measuring import features
from dlviz.labs.gan.regimes import REGIMES
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec
from tests.browser.static_page import static_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.gancollapse)"
DIGITS = {"dataset": "digits", "noise_dimensions": 8, "batch_norm": "generator", "generator_hidden": (32,),
          "discriminator_hidden": (32,)}  # fmt: skip
CHOICES = {
    "separation": (0.0, 0.5, 0.6, 0.605, 0.979, 0.98, 1.0), "d_fake": (0.0, 0.03, 0.05, 0.5, 0.97, -2.5),
    "quality": (0.0, 0.249, 0.25, 0.5, 0.125, 0.9), "precision": (0.1, 0.25, 0.5, 0.875), "modes": (0.0, 4.0, 7.0, 8.0),
    "recall": (0.05, 0.2, 0.3, 0.285, 0.9), "diversity": (0.004, 0.09, 0.49, 0.5, 1.0), "step": (0.0, 60.0, 400.0),
}  # fmt: skip


@pytest.fixture(scope="module")
def bare(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.rule = await import('/gancollapse/alarm.js'); }")
        opened.evaluate("async () => { window.list = await import('/gancollapse/regimes.js'); }")
        yield opened


def test_the_rule_is_pythons(bare: Any) -> None:
    """Kind, sentence, what mends: word for word, over numbers on and beside every limit."""
    chance = random.Random(0)
    plans = [
        replace(GanSpec(), loss=loss, rate_ratio=ratio, discriminator_hidden=hidden, dataset=dataset)
        for loss in LOSSES
        for ratio, hidden in ((1.0, (64, 64)), (0.05, (64,)), (1.0, (4,)))
        for dataset in ("ring8", "circle")
    ] + [GanSpec(dataset="digits", network="dcgan", channels=(8,), batch_norm=norm) for norm in ("none", "both")]
    asked, wanted = [], []
    for _ in range(4000):
        spec = chance.choice(plans)
        numbers: dict[str, float | None] = {name: chance.choice(values) for name, values in CHOICES.items()}
        if not spec.classes:
            numbers |= {"modes": None, "quality": None}
        if chance.random() < 0.02:
            numbers["precision"] = None
        found = asdict(alarm(numbers, spec))
        wanted.append(
            found | {"changes": {k: list(v) if isinstance(v, tuple) else v for k, v in found["changes"].items()}}
        )
        asked.append([numbers, {**specs.values(spec), "classes": list(spec.classes)}])
    assert {found["kind"] for found in wanted} == {"collapse", "strong", "blind", "early", "fine"}
    assert bare.evaluate("(all) => all.map(([numbers, spec]) => rule.alarm(numbers, spec))", asked) == wanted


def test_alarms_rise_from_the_second_measurement_on(bare: Any) -> None:
    """In a curve: fine, one bad measurement alone, then three."""
    fine = {name: values[-1] for name, values in CHOICES.items()} | {"separation": 0.7, "d_fake": 0.5, "precision": 0.9}
    names = [name for name in fine if name != "step"]
    modes = [8.0, 3.0, 8.0, 3.0, 2.0, 2.0, 8.0]
    rows = {name: [fine[name]] * len(modes) for name in names} | {"modes": modes}
    steps = [100 * k for k in range(1, 8)]
    given = {"names": names, "steps": steps, "rows": rows}
    spec = {**specs.values(GanSpec()), "classes": list(GanSpec().classes)}
    found = bare.evaluate("([curve, spec]) => rule.risings(curve, spec)", [given, spec])
    assert [(mark["step"], mark["kind"]) for mark in found] == [(400, "collapse")]
    assert "3 of 8 modes" in found[0]["sentence"]


def test_the_cards_are_pythons(bare: Any) -> None:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(each) for name, each in value.items()}
        return list(value) if isinstance(value, tuple) else value

    assert bare.evaluate("() => list.REGIMES") == [plain(asdict(regime)) for regime in REGIMES]


# --- the real app ----------------------------------------------------------------------------------


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of what is on screen, `g`, holds; `g`."""
    asked = f"() => {{ const g = {PANEL}?.dlviz.gancollapse(); return g && ({condition}); }}"
    page.wait_for_function(asked, timeout=150_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.gancollapse()")
    return found


def opened(page: Any, app: str, steps: int, **settings: Any) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 12_000})
    said = {k: ",".join(map(str, v)) if isinstance(v, tuple) else v for k, v in settings.items()}
    page.goto(
        f"{app}/gan?gan.panel=Collapse+meter&gan.step={steps}" + "".join(f"&gan.{k}={v}" for k, v in said.items())
    )
    return wait(page, f"g.step === {steps}")


@cache
def twin(steps: int, **settings: Any) -> GanRun:
    """The run of the page, trained here."""
    run = GanRun(GanSpec(**settings))
    run.advance(steps)
    return run


def sets(run: GanRun) -> tuple[np.ndarray, np.ndarray]:
    """Real and fake, (n, feature), that are compared."""
    network = run.network.eval()
    with torch.no_grad():
        fake = network.generator(run.shown.measured_z, run.shown.measured_labels)
    pair = (features(run.spec, x).numpy().astype(np.float64) for x in (run.real.held_x[: len(fake)], fake))
    real, made = pair
    return real, made


def check(g: dict[str, Any], run: GanRun) -> None:
    """Every score on screen by numpy and scipy."""
    real, fake = sets(run)
    some_real, some_fake = real[:300], fake[:300]
    apart = cdist(some_fake, some_real)
    reach = np.sort(cdist(some_real, some_real), 1)[:, 3]
    share = (apart <= reach).any(1).mean()
    assert g["numbers"]["precision"] == pytest.approx(share, abs=0.011)
    if g["balls"]["side"] == "fake":
        assert g["balls"]["big"] == f"Precision {100 * g['numbers']['precision']:.0f} %"
    ratio = pdist(some_fake).mean() / pdist(some_real).mean()
    assert g["numbers"]["diversity"] == pytest.approx(ratio, rel=1e-3)
    assert g["scores"]["diversity"]["formula"].endswith(f"= {ratio:.2f}")
    means = ((real.mean(0) - fake.mean(0)) ** 2).sum()
    cov, other = np.cov(real.T), np.cov(fake.T)
    spreads = np.trace(cov + other) - 2 * np.sqrt(eigvals(cov @ other).real.clip(0)).sum()
    assert g["frechet"]["means"] == pytest.approx(means, rel=2e-3)
    assert g["frechet"]["covariances"] == pytest.approx(spreads, rel=5e-3)
    wanted = alarm({**run.measured_now().numbers, "step": float(run.step)}, run.spec)
    assert (g["alarm"]["kind"], g["words"]) == (wanted.kind, wanted.sentence)


def test_the_ring(page: Any, app: str) -> None:
    """Every number, an example by mouse and by keyboard, recall, and a card that sets the scene."""
    run = twin(120, seed=2)  # not the settings that the lab opens with: those come trained
    g = opened(page, app, 120, seed=2)
    check(g, run)
    real, fake = sets(run)
    centers = run.real.centers.numpy()
    far = cdist(fake, centers)
    counts = np.bincount(far.argmin(1)[far.min(1) <= 3 * run.real.spread], minlength=8)
    assert g["modes"]["counts"] == counts.tolist()
    covered = int((counts >= 25).sum())
    assert g["scores"]["modes"]["big"] == f"{covered} of 8"
    assert g["modes"]["words"].startswith(f"{covered} of 8 modes have at least a fifth")
    p = counts[counts > 0] / counts.sum()
    assert g["scores"]["entropy"]["big"] == f"{-(p * np.log(p)).sum():.2f} of 2.08 nats"
    panel = page.locator(".gancollapse")

    # An example under the mouse: the nearest is chosen, its ball is the one that decides.
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.gancollapsemiddle(7)"))
    ball = wait(page, "g.balls.chosen")["balls"]["chosen"]
    at, by = ball["chosen"], ball["by"]
    assert np.linalg.norm(fake[at] - fake[7]) < 0.02
    reach = np.sort(cdist(real[:300], real[:300]), 1)[:, 3]
    assert ball["distance"] == pytest.approx(np.linalg.norm(fake[at] - real[by]), rel=1e-3, abs=1e-4)
    assert ball["radius"] == pytest.approx(reach[by], rel=1e-3)
    assert ball["inside"] == (ball["distance"] <= ball["radius"])
    panel.get_by_role("button", name="Next one outside").focus()
    page.keyboard.press("Enter")
    g = wait(page, f"g.balls.chosen.chosen !== {at}")
    ball = g["balls"]["chosen"]
    assert ball["inside"] is False
    assert f"Fake {ball['chosen'] + 1} is outside." in g["balls"]["words"]
    near = np.sort(np.linalg.norm(real[:300] - fake[ball["chosen"]], axis=1))[:3]
    assert [row[1] for row in g["balls"]["table"][1:]] == [f"{x:.3f}" for x in near]

    panel.get_by_role("button", name="Recall: real ones among fakes").click()
    g = wait(page, "g.balls.side === 'real'")
    reach = np.sort(cdist(fake[:300], fake[:300]), 1)[:, 3]
    within = (cdist(real[:300], fake[:300]) <= reach).any(1).mean()
    assert g["balls"]["big"] == f"Recall {100 * g['numbers']['recall']:.0f} %"
    assert g["numbers"]["recall"] == pytest.approx(within, abs=0.011)

    # A card sets everything and trains; what mends it as well.
    card = panel.locator("[data-regime=diverges]")
    card.get_by_role("button", name="Let it fail").click()
    page.wait_for_function(f"() => {PANEL}.dlviz.gancollapsecards().pressed.includes('diverges fails')", timeout=60_000)
    spec = page.evaluate(f"() => {PANEL}.dlviz.gancollapsecards().spec")
    assert (spec["optimizer"], spec["learning_rate"]) == ("sgd", 10)
    card.get_by_role("button", name="Mend it").click()
    page.wait_for_function(
        f"() => {PANEL}.dlviz.gancollapsecards().pressed.includes('diverges mended')", timeout=60_000
    )
    spec = page.evaluate(f"() => {PANEL}.dlviz.gancollapsecards().spec")
    wanted = specs.values(GanSpec(seed=2))
    assert {**spec, "own_points": ""} == wanted | {k: list(v) for k, v in wanted.items() if isinstance(v, tuple)}
    g = wait(page, "g.step >= 100 && g.time?.count > 2")
    assert g["time"]["last"] <= g["step"] + 1000
    assert page.evaluate(f"() => {PANEL}.dlviz.gancollapsecards().busy") is False


def test_pictures(page: Any, app: str) -> None:
    run = twin(60, **DIGITS)
    g = opened(page, app, 60, **DIGITS)
    check(g, run)
    panel = page.locator(".gancollapse")
    assert panel.locator(".gc-mode").count() == 10
    assert panel.locator(".gc-one").count() == 16
    panel.locator(".gc-one").nth(3).focus()
    page.keyboard.press("Enter")
    g = wait(page, "g.balls.chosen?.chosen === 3")
    real, fake = sets(run)
    far = np.linalg.norm(real[:300] - fake[3], axis=1)
    nearest = far.argsort()[:3]
    assert [row[0] for row in g["balls"]["table"][1:]] == [f"real example {k + 1}" for k in nearest]
    assert [float(row[1]) for row in g["balls"]["table"][1:]] == pytest.approx(far[nearest], rel=1e-3)
    assert panel.locator(".gc-close canvas").count() == 4
    shown = page.evaluate(f"""() => {{ const c = {PANEL}.shadowRoot.querySelectorAll('.gc-close canvas')[1];
        return [...c.getContext('2d').getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 === 0); }}""")
    wanted = (run.real.held_x[nearest[0]].ravel().numpy() + 1) / 2 * 255
    np.testing.assert_allclose(shown, wanted, atol=1)


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["phone"])
def test_a_set_without_modes_on_a_phone(page: Any, app: str) -> None:
    g = opened(page, app, 30, dataset="circle")
    check(g, twin(30, dataset="circle"))
    panel = page.locator(".gancollapse")
    assert panel.get_by_text("This set has no modes to count").is_visible()
    assert not panel.locator("[data-score=modes]").is_visible()
    assert g["modes"] is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    edges = f"[...{PANEL}.shadowRoot.querySelectorAll('.gancollapse *')].map((e) => e.getBoundingClientRect().right)"
    assert page.evaluate(f"() => Math.max(...{edges})") <= 390
