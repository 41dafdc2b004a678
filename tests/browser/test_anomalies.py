"""The panel Anomalies in the real app: scores against torch, curves and rates against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)

from dlviz.labs.autoencoder import strangers
from dlviz.labs.autoencoder.anomalies import anomalies
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.jobs import to_the_end

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.anomalies)"
SETTINGS: dict[str, Any] = {"dataset": "digits", "hidden": (32, 16), "examples": 400}
SMALL = "autoencoder.dataset=digits&autoencoder.hidden=32,16&autoencoder.examples=400"
LINK = f"autoencoder?autoencoder.panel=Anomalies&{SMALL}"
# Tall, because what is out of sight is not drawn.
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    script = f"() => {{ const now = {PANEL}?.dlviz.anomalies(); return now && ({condition}) ? now : null; }}"
    found: dict[str, Any] = page.wait_for_function(script, timeout=90_000).json_value()
    return found


def check(now: dict[str, Any], run: AutoencoderRun) -> None:
    """All that is on screen is what the run's network and scikit-learn say of these pictures."""
    trace = to_the_end(anomalies(run, kind=now["kind"], score=now["score"]))
    assert now["names"] == list(trace.state["scores"])
    np.testing.assert_allclose(now["scores"], trace[now["score"]], rtol=1e-3, atol=1e-6)
    labels, scores = np.array(now["labels"]), np.array(now["scores"])
    np.testing.assert_array_equal(labels, trace["labels"])
    assert now["auc"] == pytest.approx(roc_auc_score(labels, scores), abs=1e-9)
    assert now["averagePrecision"] == pytest.approx(average_precision_score(labels, scores), abs=1e-9)
    np.testing.assert_allclose(now["allAuc"], trace["auc"], atol=2e-3)
    fpr, tpr, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    np.testing.assert_array_equal(now["thresholds"], thresholds[1:])
    np.testing.assert_allclose(np.array(now["falseAlarms"]) / now["known"], fpr[1:])
    np.testing.assert_allclose(np.array(now["caught"]) / now["strangers"], tpr[1:])
    called = scores >= now["threshold"]
    (passed, alarms), (missed, caught) = confusion_matrix(labels, called)
    rates = now["rates"]
    assert [rates[name] for name in ("passed", "falseAlarms", "missed", "caught")] == [passed, alarms, missed, caught]
    if called.any():
        assert rates["precision"] == pytest.approx(precision_score(labels, called))
    assert rates["recall"] == pytest.approx(recall_score(labels, called))
    assert rates["f1"] == pytest.approx(f1_score(labels, called))
    for group, label in (("known", 0), ("strangers", 1)):
        assert sum(now["bars"][group]) == (labels == label).sum()


def test_the_rates_in_the_page_are_those_of_scikit_learn(mounted: Any) -> None:
    """Also with ties, and where all scores are one."""
    opened = mounted()
    chance = np.random.default_rng(1)
    labels = (np.arange(60) % 3 == 0).astype(int)
    for scores in (chance.normal(labels, 1), chance.normal(labels, 1).round(), np.ones(60)):
        module = "/app/static/anomalies/rates.js"
        found = opened.evaluate(
            "async ([file, scores, labels]) => (await import(file)).curvesOf(scores, labels)",
            [module, scores.tolist(), labels.tolist()],
        )
        assert found["auc"] == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
        assert found["averagePrecision"] == pytest.approx(average_precision_score(labels, scores), abs=1e-12)
        f1 = [f1_score(labels, scores >= each) for each in found["thresholds"]]
        assert f1[found["best"]] == pytest.approx(max(f1))


@tall
def test_a_class_left_out_is_a_stranger_one_can_find(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".anomalies")
    now = wait(page, "now.step === 0 && now.kind === 'turned'")
    assert "untrained" in now["words"]
    check(now, AutoencoderRun(AutoencoderSpec(**SETTINGS)))
    assert "must be left out" in panel.locator(".anomalies-leaving").inner_text()

    panel.locator("[data-leave='0']").click()
    now = wait(page, "now.leaveOut === '0' && now.kind === 'left_out' && now.step === 1000 && now.momentStep === 1000"
                     " && Object.keys(now.again).length === 6")  # fmt: skip
    run = AutoencoderRun(AutoencoderSpec(**SETTINGS, leave_out="0"))
    run.advance(1000)
    check(now, run)
    assert page.evaluate(f"() => {PANEL}.dlviz.anomalies().mode") == "best"
    shown = torch.cat([run.data.pictures.test_x[: strangers.MOST], strangers.of("left_out", run.spec, run.data)])
    with torch.no_grad():  # what stands under the pictures
        for at, pixels in now["again"].items():
            x = shown[int(at)][None]
            wanted = run.network.pictures(run.network.decode(run.network.encode(x).mean))[0].flatten()
            np.testing.assert_allclose(pixels, wanted, atol=3 / 255)
    scores, labels = np.array(now["scores"]), np.array(now["labels"])
    sheets = now["sheets"]
    for name, label, way in (
        ("strange-most", 1, -1),
        ("strange-least", 1, 1),
        ("known-most", 0, -1),
        ("known-least", 0, 1),
    ):
        wanted = np.sort(way * scores[labels == label])[: len(sheets[name])]
        np.testing.assert_array_equal(way * scores[sheets[name]], wanted)
        np.testing.assert_array_equal(labels[sheets[name]], label)
    distances = abs(scores - now["threshold"])
    np.testing.assert_allclose(distances[sheets["near"]], np.sort(distances)[: len(sheets["near"])])
    first = panel.locator("[data-sheet=strange-most] .anomalies-tile").first
    assert "pictures of the class 0" in (first.get_attribute("aria-label") or "")

    means = [scores[labels == label].mean() for label in (1, 0)]
    assert now["words"].startswith(f"Squared error: {means[0]:.3g} on average for pictures of the class 0")
    row = panel.locator("tr[data-score=code_distance]")
    row.get_by_role("button").click()
    now = wait(page, "now.score === 'code_distance'")
    check(now, run)
    for kind in ("shuffled", "other", "noise"):
        panel.locator(f"[data-kind={kind}]").click()
        check(wait(page, f"now.kind === '{kind}' && now.step === 1000"), run)


@tall
def test_the_threshold_by_mouse_and_by_keys(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".anomalies")
    run = AutoencoderRun(AutoencoderSpec(**SETTINGS))
    now = wait(page)
    assert now["rates"]["f1"] == pytest.approx(max(
        f1_score(now["labels"], np.array(now["scores"]) >= each) for each in now["thresholds"]))  # fmt: skip
    panel.get_by_role("button", name="5 % false alarms").click()
    now = wait(page, "now.mode === 'five'")
    assert now["rates"]["fpr"] <= 0.05
    lower = next(t for t in now["thresholds"] if t < now["threshold"])
    known = np.array(now["scores"])[np.array(now["labels"]) == 0]
    assert (known >= lower).mean() > 0.05, "the next one would be too many"

    canvas = panel.locator("canvas.histogram")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 120, steps=3)
    page.mouse.up()
    now = wait(page, "now.mode === 'own'")
    assert page.evaluate(f"() => {PANEL}.dlviz.xOf({now['threshold']})") == pytest.approx(
        box["x"] + 0.5 * box["width"], abs=1.5
    )
    check(now, run)
    said = panel.locator(".anomalies-equations").inner_text()
    rates = now["rates"]
    assert f"{rates['caught']} / ({rates['caught']} + {rates['missed']})" in said
    assert f"{100 * rates['recall']:.1f} %" in said

    canvas.press("Home")
    now = wait(page, "now.rates.missed === 0 && now.rates.passed === 0")
    canvas.press("End")
    top = max(now["scores"])
    now = wait(page, "now.rates.caught + now.rates.falseAlarms <= 2")
    assert now["threshold"] == pytest.approx(top)
    canvas.press("ArrowLeft")
    now = wait(page, f"now.threshold < {top}")
    assert now["threshold"] == now["thresholds"][1]
    check(now, run)

    # A bar shows its pictures, by the pointer and by the keyboard.
    bin_of = next(k for k, count in enumerate(now["bars"]["known"]) if count)
    x, y = page.evaluate(f"() => {PANEL}.dlviz.middleOf({{group: 'known', bin: {bin_of}}})")
    page.mouse.move(x, y)
    now = wait(page, f"now.bar?.bin === {bin_of} && now.bar.group === 'known'")
    low, high = now["bars"]["edges"][bin_of : bin_of + 2]
    near = np.array(now["scores"])[now["sheets"]["near"]]
    assert ((near >= low * (1 - 1e-6)) & (near <= high * (1 + 1e-6))).all()
    title = panel.locator("[data-sheet=near] h4").inner_text()
    assert title.startswith(f"In this bar: {now['bars']['known'][bin_of]} known picture")
    page.mouse.move(5, 5)
    wait(page, "now.bar === null")
    canvas.focus()
    canvas.press("ArrowUp")
    assert wait(page, "now.bar !== null")["bar"] == {"group": "known", "bin": bin_of}

    # The same threshold by a place on the ROC curve.
    square = panel.locator(".anomalies-square canvas").first.bounding_box()
    page.mouse.click(square["x"] + square["width"] - 14, square["y"] + 14)
    now = wait(page, "now.rates.recall === 1 && now.rates.fpr > 0.9")
    check(now, run)


@tall
def test_every_class_in_turn(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".anomalies")
    wait(page)
    field = panel.locator(".knob[data-field=steps] input[type=text]")
    field.fill("7")
    field.press("Enter")
    assert "Give a whole number from 20 to 2,000" in panel.locator(".knob[data-field=steps]").inner_text()
    field.fill("20")
    field.press("Enter")
    panel.get_by_role("button", name="Try every class").click()
    now = wait(page, "now.every && now.every.shown.length === 10")
    trace = to_the_end(anomalies(AutoencoderRun(AutoencoderSpec(**SETTINGS)), every=20))
    np.testing.assert_allclose(now["every"]["auc"], trace["class_auc"], atol=5e-3)
    order = np.array(now["every"]["auc"])[:, 0]
    assert [order[int(name)] for name in now["every"]["shown"]] == sorted(order)
    words = panel.locator("[aria-label='Every class in turn'] p.value").inner_text()
    assert f"Hardest to find is {now['every']['shown'][0]}" in words
    assert now["step"] == 0


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 14_000}}], indirect=True, ids=["phone"])
@pytest.mark.parametrize(("settings", "kind", "several"), [
    ("dataset=faces&autoencoder.kind=plain&autoencoder.latent=1&autoencoder.hidden=32", "left_out", False),
    ("dataset=digits&autoencoder.kind=conditional&autoencoder.hidden=32&autoencoder.latent=32&autoencoder.leave_out=3",
     "left_out", True),
    ("dataset=sprites&autoencoder.likelihood=gaussian&autoencoder.hidden=32", "turned", True),
])  # fmt: skip
def test_other_pictures_and_kinds_on_a_phone(page: Any, app: str, settings: str, kind: str, several: bool) -> None:
    page.goto(f"{app}/autoencoder?autoencoder.panel=Anomalies&autoencoder.{settings}")
    now = wait(page, f"now.kind === '{kind}' && Object.keys(now.again).length === 6")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert ("kl" in now["names"]) == ("plain" not in settings)
    assert page.locator(".anomalies-classes").is_visible() == several
    assert np.isfinite(now["scores"]).all()
    page.locator(".anomalies .anomalies-tile").first.scroll_into_view_if_needed()
