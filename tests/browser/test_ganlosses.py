"""The panel Losses in the real app: curves against autograd, histograms against numpy, trainings against runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from dlviz.labs.gan.comparing.sides import SIDES
from dlviz.labs.gan.comparing.training import losses, marks_of
from dlviz.labs.gan.objective import fake_losses, generator_losses, real_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec
from dlviz.training.jobs import to_the_end

LINK = "gan?gan.panel=Losses&gan.generator_hidden=16&gan.discriminator_hidden=16"
SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16,)}
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.ganlosses)"
STEPS = 24
CLOSE = 1e-4

# Tall, because what is out of sight is not drawn.
pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.ganlosses(); return now?.pays && ({condition}); }}", timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.ganlosses()")
    return found


def happened(page: Any, word: str) -> bool:
    return bool(page.evaluate(f"() => {PANEL}.dlviz.happened('{word}')"))


def written(panel: Any, field: str, value: str, within: str = ".gl-go") -> None:
    typed = panel.locator(f"{within} .knob[data-field={field}] input[type=text]")
    typed.fill(value)
    typed.press("Enter")


def paid(loss: str, payer: str, x: torch.Tensor, smoothing: float) -> tuple[np.ndarray, np.ndarray]:
    """Loss and slope by autograd."""
    x = x.clone().requires_grad_()
    of = {"generator": generator_losses, "fake": fake_losses}.get(payer)
    cost = of(loss, x) if of else real_losses(loss, x, smoothing)
    (slope,) = torch.autograd.grad(cost.sum(), x)
    return cost.detach().numpy(), slope.numpy()


def check_histogram(counts: list[int], values: list[float], low: float, high: float) -> None:
    inside = np.clip(np.array(values), low, high)
    np.testing.assert_array_equal(counts, np.histogram(inside, len(counts), (low, high))[0])


@tall
@pytest.mark.timeout(240)
def test_what_is_paid_is_autograds_and_can_be_dragged_and_chosen(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&gan.label_smoothing=0.1")
    panel = page.locator(".ganlosses")
    now = wait(page, "now.pays.smoothing === 0.1")
    x = torch.linspace(-9, 9, 73, dtype=torch.float64)  # with ±1, where the hinge has its kink
    for payer in ("generator", "fake", "real"):
        found = page.evaluate(f"(xs) => {PANEL}.dlviz.curves('{payer}', xs, 0.1)", x.tolist())
        for loss in LOSSES:
            cost, slope = paid(loss, payer, x, 0.1)
            np.testing.assert_allclose(found[loss]["cost"], cost, atol=1e-9)
            np.testing.assert_allclose(found[loss]["slope"], slope, atol=1e-9)

    # The examples of this moment, and what the sentence says of them.
    reach = now["pays"]["reach"]
    for kind in ("real", "fake"):
        assert len(now["pays"][kind]) == 400
        check_histogram(now["pays"]["counts"][kind], now["pays"][kind], -reach, reach)
    run = GanRun(GanSpec(**SMALL, label_smoothing=0.1))
    run.advance(now["pays"]["step"])
    shown = run.frame().arrays
    np.testing.assert_allclose(now["pays"]["fake"], shown["fake_logits"], atol=CLOSE)
    np.testing.assert_allclose(now["pays"]["real"], shown["real_logits"], atol=CLOSE)
    pulls = dict(zip(LOSSES, losses(run)["mean_pull"], strict=True))
    assert f"{pulls['minimax']:.3f} under minimax" in now["pays"]["words"]
    assert f"{pulls['nonsaturating']:.3f} under non-saturating" in now["pays"]["words"]

    # Drag the output along the axis; walk it; another payer.
    assert not happened(page, "logit_dragged")
    place = "([logit]) => " + PANEL + ".dlviz.onPage(logit)"
    page.mouse.move(*page.evaluate(place, [-2.0]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(place, [3.0]), steps=4)
    page.mouse.up()
    now = wait(page, "now.pays.at > 2.9")
    assert happened(page, "logit_dragged")
    assert now["pays"]["at"] == pytest.approx(3, abs=0.05)
    panel.locator("canvas.gl-curves").press("Shift+ArrowLeft")
    at = now["pays"]["at"]
    wait(page, f"Math.abs(now.pays.at - {at} + {reach / 8}) < 0.011")
    panel.get_by_role("button", name="D, for a real one").click()
    now = wait(page, "now.pays.payer === 'real'")
    logit = torch.tensor([now["pays"]["at"]], dtype=torch.float64)
    real = torch.tensor(now["pays"]["real"], dtype=torch.float64)
    for loss, row in now["pays"]["rows"].items():
        cost, slope = paid(loss, "real", logit, 0.1)
        said = [float(text.replace("−", "-")) for text in row["said"]]
        assert said == pytest.approx([cost[0], slope[0]], abs=6e-4), loss
        assert (row["cost"], row["slope"]) == pytest.approx((cost[0], slope[0]), abs=1e-9)
        assert float(row["mean"]) == pytest.approx(np.abs(paid(loss, "real", real, 0.1)[1]).mean(), abs=6e-4), loss
    assert now["pays"]["rows"]["leastsquares"]["out"][0] == f"½ ({logit.item():.3g} − 0.9)²"

    # D alone runs ahead, and minimax starves; then both go on.
    panel.get_by_role("button", name="D, for a fake").click()
    panel.get_by_role("button", name="Let only D learn, 300 steps").click()
    step = now["pays"]["step"] + 300
    now = wait(page, f"now.pays.step === {step} && now.spec.moves === 'discriminator'")
    assert happened(page, "d_alone")
    odds = 1 / (1 + np.exp(-np.array(now["pays"]["fake"])))
    assert f"is {odds.mean():.3f} under minimax and {(1 - odds).mean():.3f} under" in now["pays"]["words"]
    check_histogram(now["pays"]["counts"]["fake"], now["pays"]["fake"], -now["pays"]["reach"], now["pays"]["reach"])
    panel.get_by_role("button", name="Let both learn again").click()
    wait(page, "now.spec.moves === 'both'")

    # Any of them for the run, while it is there.
    panel.get_by_role("button", name="Use Hinge for the run").click()
    now = wait(page, "now.spec.loss === 'hinge' && now.pays.loss === 'hinge'")
    panel.get_by_role("button", name="The run uses Hinge").wait_for()
    assert happened(page, "loss_chosen")


@tall
@pytest.mark.timeout(240)
def test_two_trainings_are_two_runs_and_can_be_scrubbed(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&gan.loss=wgan&gan.clip=0.2")
    panel = page.locator(".ganlosses")
    wait(page, "now.spec.loss === 'wgan'")
    assert panel.get_by_text("Nothing is trained yet").is_visible()
    # A pair about labels brings a loss that has labels; then one side is changed by hand.
    panel.get_by_role("button", name="No smoothing | 0.2").click()
    now = wait(page, "now.chosen.second.label_smoothing === 0.2")
    assert now["chosen"]["first"] == {"loss": "nonsaturating", "label_smoothing": 0}
    second = panel.get_by_role("group", name="Second setting")
    second.locator(".knob[data-field=loss] select").select_option("wgangp")
    written(panel, "penalty", "2", "[aria-label='Second setting']")
    assert not second.locator(".knob[data-field=clip]").is_visible()
    written(panel, "steps", str(STEPS))
    wait(page, f"now.chosen.second.penalty === 2 && now.steps === {STEPS}")
    panel.get_by_role("button", name="Train both", exact=True).click()
    now = wait(page, f"now.race?.isDone && now.race.step === {STEPS} && !now.running && now.truth.rhos.second")
    assert happened(page, "losses_compared")
    chosen = {"loss": "wgangp", "label_smoothing": 0.2, "penalty": 2.0}
    spec = GanSpec(**SMALL, loss="wgan", clip=0.2)
    trace = to_the_end(losses(GanRun(spec), STEPS, {"loss": "nonsaturating", "label_smoothing": 0.0}, chosen))
    race = now["race"]
    assert race["moments"] == race["steps"] == marks_of(STEPS).tolist()
    for side in SIDES:
        np.testing.assert_allclose(race["fake"][side], trace[f"{side}_fake"].ravel(), atol=CLOSE)
        for name in ("frechet", "generator_loss", "discriminator_loss", "gap", "modes", "separation", "called_real"):
            wanted = trace[f"{side}_{name}"]
            given = np.array([np.nan if value is None else value for value in race["curves"][side][name]], float)
            np.testing.assert_allclose(given, wanted, atol=1e-3, rtol=1e-3)
        marks = race["sides"][side]["marks"]
        for kind in ("real", "fake"):
            values = trace[f"{side}_{kind}_logits"].astype(np.float64)
            if side == "first":
                values = 1 / (1 + np.exp(-values))
                assert (marks["low"], marks["high"]) == (0, 1)
            assert sum(marks[kind]) == len(values)
            bins = np.histogram(np.clip(values, marks["low"], marks["high"]), len(marks[kind]),
                                (marks["low"], marks["high"]))[0]  # fmt: skip
            assert np.abs(bins - marks[kind]).sum() <= 4  # at an edge the last digit of a logit decides
        for name in ("generator_loss", "discriminator_loss", "gap"):
            rho = spearmanr(race["curves"][side][name], race["curves"][side]["frechet"]).statistic
            assert now["truth"]["rhos"][side][name] == pytest.approx(rho, abs=1e-9)
            assert now["truth"]["rhos"][side][name] == pytest.approx(float(trace[f"{side}_agreement_{name}"]), abs=0.02)
    assert [race["sides"][side]["name"] for side in SIDES] == ["Non-saturating", "Wasserstein, penalty"]
    said = panel.get_by_role("region", name="Two settings").locator(".sentence").inner_text()
    assert said.startswith(f"After {STEPS} steps “Non-saturating” stands at a Fréchet distance of ")
    assert (race["sides"]["first"]["facts"]["verdicts"] != "", race["sides"]["second"]["facts"]["verdicts"]) == (
        True,
        "",
    )

    # Back in time in both; the scatter of any number; from a dot to its moment.
    panel.locator(".gl-scrub input").press("Home")
    now = wait(page, "now.race.step === 0 && now.race.sides.second.step === 0")
    np.testing.assert_allclose(now["race"]["fake"]["first"], now["race"]["fake"]["second"], atol=1e-6)
    panel.locator("tr[data-source=second] button[data-curve=gap]").click()
    now = wait(page, "now.truth.source === 'second' && now.truth.curve === 'gap'")
    assert happened(page, "loss_misleads")
    rho = now["truth"]["rhos"]["second"]["gap"]
    assert f"the critic's gap with the Fréchet distance is ρ = {rho:.2f}".replace("-", "−") in now["truth"]["words"]
    scatter = panel.locator("canvas.gl-scatter")
    for _ in range(3):
        scatter.press("ArrowRight")
    step = marks_of(STEPS)[2]
    wait(page, f"now.truth.hoverWords.startsWith('Step {step}:')")
    scatter.press("Enter")
    wait(page, f"now.race.step === {step}")


@tall
@pytest.mark.timeout(240)
def test_the_runs_own_curve_and_a_training_that_is_stopped(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".ganlosses")
    wait(page)
    for bad in ("9000", "5", "a few"):
        written(panel, "steps", bad)
        assert "Give a whole number from 20 to 5,000" in panel.locator(".gl-go .knob").inner_text()
    written(panel, "steps", "5000")
    wait(page, "now.steps === 5000")
    panel.get_by_role("button", name="Train both", exact=True).click()
    wait(page, "now.running && now.race?.moments.length >= 2")
    assert panel.locator("[aria-label='First setting'] select").first.is_disabled()
    panel.get_by_role("button", name="Cancel").click()
    panel.get_by_role("button", name="Train both again").wait_for()
    now = wait(page, "!now.running")
    assert not now["race"]["isDone"]
    assert len(now["race"]["moments"]) >= 2
    assert panel.locator("[aria-label='First setting'] select").first.is_enabled()

    page.evaluate(f"() => {PANEL}.dlviz.advance(160)")
    now = wait(page, "now.truth.rhos.run.generator_loss !== null && now.truth.steps.at(-1) >= 160")
    panel.locator("tr[data-source=run] button[data-curve=generator_loss]").click()
    now = wait(page, "now.truth.source === 'run'")
    run = GanRun(GanSpec(**SMALL))
    events = run.advance(now["truth"]["steps"][-1])
    by_step = {event.step: event.values for event in events}
    rows = [by_step[step] for step in now["truth"]["steps"] if step in by_step]
    assert len(rows) >= 4
    wanted = spearmanr([row["generator_loss"] for row in rows], [row["frechet"] for row in rows]).statistic
    assert now["truth"]["rhos"]["run"]["generator_loss"] == pytest.approx(wanted, abs=0.05)
    assert f"In the run above, over {len(rows)} measurements" in now["truth"]["words"]


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 14_000}}], indirect=True, ids=["phone"])
@pytest.mark.timeout(240)
def test_on_a_phone_with_pictures_nothing_overflows(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&gan.dataset=digits&gan.loss=wgangp&gan.noise_dimensions=8")
    panel = page.locator(".ganlosses")
    wait(page, "now.spec.dataset === 'digits'")
    panel.get_by_role("button", name="With | without spectral norm").click()
    written(panel, "steps", "20")
    wait(page, "now.steps === 20")
    panel.get_by_role("button", name="Train both", exact=True).click()
    now = wait(page, "now.race?.isDone && now.race.sides.second.step === 20")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert [now["race"]["sides"][side]["name"] for side in SIDES] == ["Spectral norm", "No spectral norm"]
    spec = GanSpec(**SMALL, dataset="digits", loss="wgangp", noise_dimensions=8, spectral_norm=True)
    run = GanRun(spec)
    run.advance(20)
    away = np.abs(np.array(now["race"]["fake"]["first"]) - run.frame().arrays["fake"].ravel())
    assert away.max() <= 1  # bytes
    first, second = (panel.locator(f"figure.gl-column[data-side={side}]").bounding_box() for side in SIDES)
    assert first["y"] + first["height"] <= second["y"]
    assert second["x"] + second["width"] <= 390
