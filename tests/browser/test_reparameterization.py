"""The panel Reparameterization in the real app: a draw, its gradient and the ways without the trick, against torch."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch

from dlviz.labs.autoencoder import without_trick
from dlviz.labs.autoencoder.reparameterizing import reparameterization
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.jobs import to_the_end

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.reparameterization)"
SMALL = {"dataset": "digits", "hidden": "32,16"}
STEPS = 60
SAME = "g.gradient?.server && g.cut && g.sheet?.seed === g.seed"


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    asked = f"() => {{ const g = {PANEL}?.dlviz.reparameterization(); return g && ({condition}); }}"
    page.wait_for_function(asked, timeout=120_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.reparameterization()")
    return found


def opened(page: Any, app: str, condition: str = f"g.step === {STEPS} && {SAME}", **settings: Any) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 12_000})
    given = "".join(f"&autoencoder.{name}={quote(str(value), ',')}" for name, value in (SMALL | settings).items())
    page.goto(f"{app}/autoencoder?autoencoder.panel=Reparameterization&autoencoder.step={STEPS}{given}")
    return wait(page, condition)


def twin(**settings: Any) -> AutoencoderRun:
    """The run of the page, trained here."""
    run = AutoencoderRun(AutoencoderSpec(**({"dataset": "digits", "hidden": (32, 16)} | settings)))
    run.advance(STEPS)
    return run


def check(run: AutoencoderRun, g: dict[str, Any]) -> None:
    """What is on screen is what torch makes of the same picture and the same ε."""
    wanted = reparameterization(run, epsilon=g["epsilon"])
    for name, key in {"mean": "mean", "logVariance": "log_variance", "sigma": "sigma", "z": "z", "kls": "kl"}.items():
        np.testing.assert_allclose(g[name], wanted[key], rtol=1e-3, atol=1e-4)  # type: ignore[index]
    pixels, label = run.picture.batch
    assert g["label"] == int(label)
    z = torch.tensor(g["z"])[None].requires_grad_()
    decoded = run.network.decode(z, label)
    if run.spec.likelihood == "bernoulli":
        lost = torch.nn.functional.binary_cross_entropy_with_logits(decoded, pixels, reduction="sum")
    else:
        lost = ((decoded - pixels) ** 2).sum() / 2
    slope = torch.autograd.grad(lost, z)[0][0].numpy()
    np.testing.assert_allclose(g["atZ"], run.network.pictures(decoded).detach().ravel(), atol=2e-4)
    assert g["lost"] == pytest.approx(lost.item(), rel=1e-4)
    assert g["counted"] == pytest.approx(lost.item() + run.beta * sum(g["kls"]), rel=1e-4)
    at, gradient = g["chosen"], g["gradient"]
    sigma, epsilon, mean = (g[name][at] for name in ("sigma", "epsilon", "mean"))
    by_hand = {"mean": slope[at], "spread": slope[at] * epsilon * sigma / 2, "klmean": run.beta * mean,
               "klspread": run.beta * (sigma**2 - 1) / 2}  # fmt: skip
    for name, value in by_hand.items():
        assert gradient["results"][name] == pytest.approx(value, rel=2e-3, abs=1e-3), name
    assert gradient["autograd"]["mean"] == pytest.approx(slope[at], rel=2e-3, abs=1e-3)
    assert gradient["autograd"]["spread"] == pytest.approx(by_hand["spread"], rel=2e-3, abs=1e-3)
    assert gradient["page"] == pytest.approx(slope[at], rel=2e-2, abs=2e-2)


def typeset(value: float, decimals: int = 3) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


@pytest.mark.timeout(300)
def test_every_number_of_a_draw_and_its_gradient(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    run = twin(beta=2.0)
    g = opened(page, app, beta=2)
    check(run, g)
    panel = page.locator(".reparameterization")
    line = g["lines"]["0"]
    m, s, e, z = (g[name][0] for name in ("mean", "sigma", "epsilon", "z"))
    put = f"({typeset(e)})" if e < 0 else typeset(e)
    assert line["z"] == f"{typeset(m)} + {typeset(s)} · {put} = {typeset(z)}"
    assert line["kl"].endswith(f"= {typeset(g['kls'][0])}")
    assert f"+ 2.00 · {typeset(g['kl'], 2)} = {typeset(g['counted'], 2)}" in g["words"]

    # ε by the pointer, z by the pointer, ε by arrow keys; the picture and the gradient follow.
    x, y = page.evaluate(f"() => {PANEL}.dlviz.bell(0, -1, false)")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y)
    page.mouse.move(x, y)
    page.mouse.up()
    check(run, wait(page, f"Math.abs(g.epsilon[0] + 1) < 0.05 && g.own && {SAME}"))
    x, y = page.evaluate(f"() => {PANEL}.dlviz.bell(1, {g['mean'][1]}, true)")
    page.mouse.click(x, y)
    check(run, wait(page, f"Math.abs(g.z[1] - g.mean[1]) < 0.05 && {SAME}"))
    bell = panel.locator(".reparam-bell").nth(1)
    bell.press("Home")
    bell.press("Shift+ArrowRight")
    bell.press("ArrowRight")
    check(run, wait(page, f"Math.abs(g.epsilon[1] - 0.6) < 1e-6 && {SAME}"))
    panel.get_by_role("button", name="z₂").click()
    check(run, wait(page, f"g.chosen === 1 && g.gradient.at === 1 && {SAME}"))

    # A factor finds its place in the diagram, and the other way round.
    panel.locator("[data-row=spread] [data-edge=half]").hover()
    g = wait(page, "g.gradient.lit === 'half'")
    assert g["gradient"]["texts"]["half"] == f"½ σ = {typeset(g['sigma'][1] / 2)}"
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.edge('one')"))
    wait(page, "g.gradient.lit === 'one'")
    assert panel.locator("[data-row=mean] .factor.lit").count() == 1


@pytest.mark.timeout(300)
def test_other_draws_other_pictures_and_what_reaches_the_encoder(page: Any, app: str) -> None:
    run = twin()
    g = opened(page, app)
    panel = page.locator(".reparameterization")

    # Another seed, the sheet, ε = 0, a place on the plane.
    panel.get_by_role("button", name="Resample").click()
    g = wait(page, f"g.seed === 2 && !g.own && {SAME}")
    check(run, g)
    for epsilon, lost in zip(g["sheet"]["epsilons"], g["sheet"]["lost"], strict=True):
        assert lost == pytest.approx(float(reparameterization(run, epsilon=epsilon)["lost"]), rel=1e-3)  # type: ignore[index]
    panel.locator(".sheet-one").nth(5).click()
    check(run, wait(page, f"g.epsilon[0] === g.sheet.epsilons[5][0] && {SAME}"))
    panel.get_by_role("button", name="ε = 0").click()
    g = wait(page, f"g.epsilon.every((e) => e === 0) && {SAME}")
    assert g["atZ"] == g["atMean"]
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.place([{g['mean'][0] + g['sigma'][0]}, {g['mean'][1]}])"))
    check(run, wait(page, f"Math.abs(g.epsilon[0] - 1) < 0.1 && Math.abs(g.epsilon[1]) < 0.1 && {SAME}"))

    # What reaches the encoder.
    g = wait(page, SAME)
    wanted = reparameterization(run, epsilon=g["epsilon"])
    for name in ("norm_with", "norm_kl"):
        assert g["cut"][name] == pytest.approx(float(wanted[name]), rel=1e-3)  # type: ignore[index]
    assert g["cut"]["norm_cut"] == 0
    assert g["cut"]["made"] == ["AddBackward0", "None"]
    assert "0, exactly" in panel.locator("[data-way=norm_cut]").inner_text()

    # Step by step.
    panel.get_by_role("radio", name="Encode").click()
    wait(page, "g.stage === 0")
    assert not panel.locator("[data-line=z]").first.is_visible()
    panel.get_by_role("button", name="Next").click()
    panel.get_by_role("radio", name="Spread").press("ArrowRight")
    wait(page, "g.stage === 2")
    panel.get_by_role("button", name="Play", exact=True).click()
    wait(page, "g.stage === 4")
    panel.get_by_role("button", name="Play", exact=True).wait_for()

    # Another picture: all of it is of that one.
    panel.locator(".picker-one").nth(3).click()
    g = wait(page, f"g.picture === 3 && {SAME}")
    run.set({"picture": 3})
    check(run, g)


def test_the_score_has_the_same_mean_and_another_spread(page: Any, app: str) -> None:
    opened(page, app)
    panel = page.locator(".reparameterization")
    panel.get_by_role("button", name="Draw 2,000 times").click()
    g = wait(page, "g.estimates && !g.estimates.running")
    found = to_the_end(reparameterization(twin(), draws=2000))
    for name in ("pathwise", "score", "baseline"):
        for what in ("mean", "spread"):
            assert g["estimates"][name][what] == pytest.approx(found[f"{name}_{what}"][0], rel=2e-2, abs=1e-2)
    ratio = (found["score_spread"][0] / found["pathwise_spread"][0]) ** 2
    assert ratio > 20
    said = g["estimates"]["sentence"].split("score is ")[1].split(" times")[0].replace(",", "")
    assert float(said) == pytest.approx(ratio, rel=2e-2)
    for heap in g["estimates"]["heaps"]:
        assert sum(heap["counts"]) == 2000
    reaches = [heap["reach"] for heap in g["estimates"]["heaps"]]
    assert len(set(reaches)) == 1
    panel.get_by_role("button", name="Each over its own axis").click()
    g = wait(page, "g.estimates.heaps[0].reach !== g.estimates.heaps[1].reach")
    for heap, name in zip(g["estimates"]["heaps"], ("pathwise", "score", "baseline"), strict=True):
        assert heap["reach"] == pytest.approx(np.quantile(np.abs(found[name][:, 0]), 0.99), rel=0.05)
    assert page.evaluate(f"() => {PANEL}.dlviz.reparameterization().estimates.at") == 0


@pytest.mark.timeout(300)
def test_four_trainings_and_steps_that_cannot_be(page: Any, app: str) -> None:
    opened(page, app)
    panel = page.locator(".reparameterization")
    field = panel.locator(".knob[data-field=steps] input[type=text]")
    field.fill("5")
    field.press("Enter")
    assert "from 60 to 2,000" in panel.locator(".knob[data-field=steps]").inner_text()
    field.fill("120")
    field.press("Enter")
    panel.get_by_role("button", name="Train all four").click()
    g = wait(page, "g.race?.done && g.race.sentence.startsWith('After 120')")
    wanted = to_the_end(without_trick.race(1, 120))
    assert g["race"]["steps"] == wanted["marks"].tolist()
    for way in without_trick.WAYS:
        np.testing.assert_allclose(g["race"]["curves"][way]["elbo"], wanted[f"{way}_elbo"], rtol=1e-3)
        np.testing.assert_allclose(g["race"]["curves"][way]["kl"], wanted[f"{way}_kl"], rtol=1e-2, atol=1e-3)
    assert typeset(wanted["trick_elbo"][-1], 2) in g["race"]["sentence"]
    for way in without_trick.WAYS:
        assert typeset(wanted[f"{way}_elbo"][-1], 2) in panel.locator(f".race [data-way={way}]").inner_text()


def test_a_plain_autoencoder_has_no_sigma(page: Any, app: str) -> None:
    g = opened(page, app, "g.point", kind="plain")
    assert "A plain autoencoder has no σ" in g["point"]
    panel = page.locator(".reparameterization")
    assert panel.locator(".reparam-card").count() == 0
    panel.get_by_role("button", name="Make it variational").click()
    g = wait(page, SAME)
    assert len(g["sigma"]) == 2
    assert g["cut"]["norm_cut"] == 0


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["phone"])
def test_many_numbers_and_a_class_on_a_phone(page: Any, app: str) -> None:
    settings = {"kind": "conditional", "latent": 11, "likelihood": "gaussian", "picture": 2}
    g = opened(page, app, **settings)
    run = twin(**settings)
    check(run, g)
    panel = page.locator(".reparameterization")
    assert panel.locator(".reparam-card").count() == 8
    panel.get_by_role("button", name="9–11").click()
    panel.get_by_role("button", name="z₁₁").click()
    g = wait(page, f"g.chosen === 10 && g.gradient.at === 10 && {SAME}")
    check(run, g)
    assert list(g["lines"]) == ["8", "9", "10"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sticking = f"[...{PANEL}.shadowRoot.querySelectorAll('.reparameterization *:not(.frame *, .picker-row *)')]"
    seen = "(e) => e.tagName === 'svg' || !e.closest('svg')"
    rights = f"() => Math.max(...{sticking}.filter({seen}).map((e) => e.getBoundingClientRect().right))"
    assert page.evaluate(rights) <= 390
