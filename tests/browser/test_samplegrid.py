"""The panel Sample in the real app: what is drawn, decoded, read and compared in the page, against torch."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch

from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.sampling import JITTER, sample
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.samplegrid)"
SMALL = {"dataset": "digits", "hidden": "32,16"}
STEPS = 60
NEWEST = (
    "g.of.source === g.source && g.of.temperature === g.temperature && g.of.seed === g.seed && g.of.count === g.count"
)


HELD = "g.details?.train && g.details.z.every((value, i) => value === g.z[g.chosen][i])"  # drawn, not only chosen


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    asked = f"() => {{ const g = {PANEL}?.dlviz.samplegrid(); return g && {NEWEST} && ({condition}); }}"
    page.wait_for_function(asked, timeout=120_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.samplegrid()")
    return found


def opened(page: Any, app: str, condition: str = "g.of.read", **settings: Any) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 12_000})
    given = "".join(f"&autoencoder.{name}={quote(str(value), ',')}" for name, value in (SMALL | settings).items())
    page.goto(f"{app}/autoencoder?autoencoder.panel=Sample&autoencoder.step={STEPS}{given}")
    return wait(page, f"g.step === {STEPS} && {condition}")


def twin(**settings: Any) -> AutoencoderRun:
    """The run of the page, trained here."""
    run = AutoencoderRun(AutoencoderSpec(**({"dataset": "digits", "hidden": (32, 16)} | settings)))
    run.advance(STEPS)
    return run


def check(page: Any, run: AutoencoderRun, g: dict[str, Any]) -> None:
    """Pictures, answers and the numbers under them are torch's for the same codes."""
    z, labels = torch.tensor(g["z"]), torch.tensor(g["labels"])
    with torch.no_grad():
        pictures = run.network.pictures(run.network.decode(z, labels))
    for at in (0, len(z) - 1):
        np.testing.assert_allclose(page.evaluate(f"() => {PANEL}.dlviz.picture({at})"), pictures[at].ravel(), atol=2e-4)
    reader = classifiers.shipped(run.spec.dataset)
    codes = run.measured().mean
    distinct = z[: g["columns"]] if g["rows"] else z
    far = (distinct[:, None] - codes[None]).norm(dim=2).amin(1).mean().item()
    assert g["distance"] == pytest.approx(far, rel=1e-2, abs=1e-4)
    assert g["grade"]["spread"] == pytest.approx(pictures.flatten(1).std(0, correction=0).mean().item(), rel=1e-2)
    if reader is None:
        assert g["grade"]["clear"] is None
        return
    shares = classifiers.logits(reader, pictures.clamp(0, 1)).softmax(1)
    np.testing.assert_allclose(g["confidence"], shares.amax(1), atol=2e-3)
    answers = np.array(g["answers"])
    assert (answers == shares.argmax(1).numpy()).mean() > 0.98
    counts = np.bincount(answers) / len(answers)
    bits = -sum(p * np.log2(p) for p in counts if p)
    assert g["grade"]["bits"] == pytest.approx(bits, abs=1e-6)
    assert g["grade"]["classes"] == len(set(g["answers"]))
    assert g["grade"]["clear"] == pytest.approx(np.mean(np.array(g["confidence"]) > 0.8))
    assert f"{100 * g['grade']['clear']:.0f} % of {len(z)} pictures are clear" in g["words"]


def test_draws_answers_and_what_they_resemble(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    run = twin()
    g = opened(page, app)
    check(page, run, g)
    first = g["z"]
    assert len(first) == 64
    assert abs(np.mean(first)) < 0.3
    assert 0.75 < np.std(first) < 1.25
    panel = page.locator(".samplegrid")

    # The same draws, colder; what cannot be is refused and changes nothing.
    field = panel.locator(".knob[data-field=temperature] input[type=text]")
    field.fill("9")
    field.press("Enter")
    panel.get_by_text("from 0.1 to 3").wait_for()
    assert wait(page)["temperature"] == 1
    field.fill("0.5")
    field.press("Enter")
    g = wait(page, "g.temperature === 0.5")
    np.testing.assert_allclose(g["z"], np.array(first) / 2, atol=1e-6)
    check(page, run, g)
    panel.get_by_role("button", name="New draw").click()
    g = wait(page, "g.seed === 2")
    assert not np.allclose(np.array(g["z"]) * 2, first, atol=0.1)
    panel.get_by_role("button", name="Draw before").click()
    np.testing.assert_allclose(wait(page, "g.seed === 1")["z"], np.array(first) / 2, atol=1e-6)
    panel.get_by_role("radio", name="16", exact=True).click()
    g = wait(page, "g.count === 16")
    check(page, run, g)

    # One of them, by the mouse and by the keyboard, beside the real ones it resembles.
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.middle(5)"))
    wait(page, f"g.chosen === 5 && {HELD}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    g = wait(page, f"g.chosen === 10 && {HELD}")
    found = sample(run, z=[g["z"][10]])
    assert g["details"]["train"]["nearest"] == found["nearest"][0]
    assert g["details"]["train"]["distance"] == pytest.approx(float(found["distance"][0]), rel=1e-3)
    assert g["details"]["train"]["usual"] == pytest.approx(float(found["usual_distance"]), rel=1e-3)
    far = torch.cdist(torch.tensor([g["z"][10]]), run.measured().mean)[0]
    assert g["details"]["test"]["distance"] == pytest.approx(far.min().item(), rel=1e-2, abs=1e-3)
    assert f"{found['distance'][0]:.2f} away" in g["details"]["words"]
    panel.get_by_role("button", name="Use this code on the page").click()
    panel.get_by_role("button", name="This code is used on the page").wait_for()

    # The curve over temperatures agrees with numbers of its own pictures, and a click takes one.
    g = wait(page, "g.sweep.done && g.holes.posterior")
    points = g["sweep"]["points"]
    assert [point["temperature"] for point in points] == [0.1, 0.25, *np.arange(0.5, 3.01, 0.25)]
    assert points[0]["spread"] < points[4]["spread"] < points[-1]["spread"]
    assert f"{100 * points[-1]['clear']:.0f} % clear" in g["sweep"]["words"]
    chart = panel.locator(".sample-sweep")
    box = chart.bounding_box()
    chart.click(position={"x": 46 + (box["width"] - 60) * (2.0 - 0.1) / 2.9, "y": 80})
    check(page, run, wait(page, "Math.abs(g.temperature - 2) < 0.06"))
    panel.get_by_role("button", name="Classifier's answers").click()
    assert panel.locator(".sample-said").first.inner_text() == ""


def test_rows_are_classes_where_they_are_told(page: Any, app: str) -> None:
    g = opened(page, app, kind="conditional", latent=3)
    assert g["rows"] == list("0123456789")
    assert g["columns"] == 6
    z = np.array(g["z"]).reshape(10, 6, 3)
    assert np.array_equal(z, np.broadcast_to(z[0], z.shape))
    assert g["labels"] == np.repeat(np.arange(10), 6).tolist()
    check(page, twin(kind="conditional", latent=3), g)
    right = np.mean(np.array(g["answers"]) == np.array(g["labels"]))
    assert f"{100 * right:.0f} % are read as the class that was told" in g["words"]
    assert "what stays alike is style" in g["style"]
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.middle(44)"))
    g = wait(page, f"g.chosen === 44 && {HELD}")
    wanted = sample(twin(kind="conditional", latent=3), z=[g["z"][44]], label=7)
    np.testing.assert_allclose(g["details"]["train"]["samples"], wanted["samples"].ravel(), atol=2e-4)
    assert g["details"]["train"]["nearest"] == wanted["nearest"][0]


def test_a_plain_autoencoder_has_holes(page: Any, app: str) -> None:
    run = twin(kind="plain")
    g = opened(page, app, "g.of.read && g.holes.posterior", kind="plain")
    assert "has no prior to draw from" in g["style"]
    codes = run.measured().mean.numpy()
    panel = page.locator(".samplegrid")
    panel.get_by_role("radio", name="100").click()
    panel.get_by_role("button", name="Box over the codes").click()
    g = wait(page, "g.source === 'box' && g.count === 100")
    check(page, run, g)
    low, high = codes.min(0), codes.max(0)
    assert (np.array(g["z"]) >= low - 1e-4).all()
    assert (np.array(g["z"]) <= high + 1e-4).all()
    panel.get_by_role("button", name="Normal fitted to the codes").click()
    g = wait(page, "g.source === 'fitted'")
    check(page, run, g)
    # The ε behind them are those of the plain normal draws, so the root of the covariance can be held against numpy's.
    panel.get_by_role("button", name="N(0, 1)", exact=True).click()
    noise = np.array(wait(page, "g.source === 'prior'")["z"])
    root = np.linalg.cholesky(np.cov(codes.T) + JITTER * np.eye(2))
    np.testing.assert_allclose(g["z"], codes.mean(0) + noise @ root.T, rtol=1e-3, atol=1e-3)
    panel.get_by_role("button", name="Codes of test pictures").click()
    g = wait(page, "g.source === 'posterior'")
    assert np.abs(np.array(g["z"])[:, None] - codes[None]).max(-1).min(1).max() < 1e-3
    bars = wait(page, "g.holes.posterior")["holes"]
    for source in ("prior", "fitted", "box", "posterior"):
        bar = panel.locator(f".sample-bar[data-source={source}]").inner_text()
        assert f"{100 * bars[source]['clear']:.0f} %" in bar.replace("\xa0", " ")
    assert bars["words"].startswith(f"Codes of real pictures decode to {100 * bars['posterior']['clear']:.0f} % clear")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["phone"])
def test_faces_without_a_classifier_on_a_phone(page: Any, app: str) -> None:
    g = opened(page, app, "g.sweep.done", dataset="faces", latent=1)
    check(page, twin(dataset="faces", latent=1), g)
    assert "There is no classifier for these" in g["words"]
    panel = page.locator(".samplegrid")
    assert not panel.get_by_role("button", name="Classifier's answers").is_visible()
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.middle(9)"))
    wait(page, f"g.chosen === 9 && {HELD}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sticking = f"[...{PANEL}.shadowRoot.querySelectorAll('.samplegrid *:not(.frame *)')]"
    assert page.evaluate(f"() => Math.max(...{sticking}.map((e) => e.getBoundingClientRect().right))") <= 390
