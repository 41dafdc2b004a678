"""The panel Walk in the real app: the way, what is made on it and what is said of it, against torch and the probe."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.labs.gan.walking import walk
from dlviz.training.ways import way_between

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.ganwalk)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
DIGITS = {"dataset": "digits", "noise_dimensions": 6, "batch_norm": "generator", "generator_hidden": (24,),
          "discriminator_hidden": (24,), "examples": 200, "batch_size": 32}  # fmt: skip
POINTS = {"generator_hidden": (16, 16), "discriminator_hidden": (16, 16), "examples": 300}
CLOSE = 2e-4


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.ganwalk(); return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.ganwalk()")
    return found


def opened(page: Any, app: str, **settings: Any) -> tuple[dict[str, Any], GanRun]:
    """The panel with these settings as it opens, and the same run by torch."""
    spec = GanSpec(**settings)
    link = "&".join(f"{key}={value}" for key, value in specs.link("gan", spec).items())
    page.goto(f"{app}/gan?gan.panel=Walk&{link}")
    now = wait(page, f"!{LIVE}.state.playing && now.step === {LIVE}.newest.numbers.live_step")
    run = GanRun(spec)
    run.advance(now["step"])
    return now, run


def place(page: Any, name: str, of: Any) -> dict[str, float]:
    """Where something is on its canvas, as a click is given it."""
    x, y = page.evaluate(f"(of) => {PANEL}.dlviz.{name}(of)", of)
    return {"x": x, "y": y}


def check(now: dict[str, Any], run: GanRun) -> None:
    """All that is shown, from the noises at the corners, by the probe (see tests/labs/gan/test_walking.py)."""
    corners = [corner["z"] for corner in now["corners"]]
    for corner in now["corners"]:
        if corner["at"] is not None:
            np.testing.assert_allclose(corner["z"], run.shown.z[corner["at"]], atol=1e-6)
    options = {"a": corners[0], "b": corners[1], "steps": now["steps"]}
    if run.spec.told:
        options["label"] = now["label"]
    wanted = walk(run, **options, way=now["way"])
    other = walk(run, **options, way="linear" if now["way"] == "spherical" else "spherical")

    def of(name: str) -> list[Any]:
        return [each[name] for each in now["stations"]]

    assert now["isArc"] == bool(wanted["is_arc"])
    np.testing.assert_allclose(of("z"), wanted["z"], atol=CLOSE)
    np.testing.assert_allclose(of("sample"), wanted["samples"].reshape(now["steps"], -1), atol=CLOSE)
    np.testing.assert_allclose(now["said"], wanted["d"], atol=CLOSE)
    np.testing.assert_allclose(of("norm"), wanted["norm"], atol=CLOSE)
    np.testing.assert_allclose(now["changes"], wanted["change"], atol=CLOSE)
    np.testing.assert_allclose(now["otherNorms"][::4], other["norm"], atol=CLOSE)
    np.testing.assert_allclose(now["otherChanges"], other["change"], atol=CLOSE)
    if run.spec.is_planar:
        real = run.real.x[:800].numpy()
        far = np.linalg.norm(wanted["samples"][:, None] - real[None], axis=2).min(1)
        np.testing.assert_allclose(of("far"), far, atol=CLOSE)
    else:
        np.testing.assert_allclose(of("shares"), wanted["read"], atol=2e-3)
    # The place that is shown large, between stations.
    z, _ = way_between(torch.tensor(corners[0]), torch.tensor(corners[1]), 101, now["way"])
    np.testing.assert_allclose(now["here"]["z"], z[round(100 * now["t"])], atol=CLOSE)
    # Where it jumps.
    steps = wanted["change"][1:]
    said = re.search(r"from station (\d+) to (\d+): ([\d.]+).*?, ([\d.]+) times the mean", now["sentence"])
    assert said is not None
    assert steps[int(said[1]) - 1] == pytest.approx(steps.max(), abs=CLOSE)
    assert float(said[3]) == pytest.approx(steps.max(), abs=6e-4)
    assert float(said[4]) == pytest.approx(steps.max() / steps.mean(), rel=0.06)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_the_way_between_two_pictures_whatever_a_person_chooses(page: Any, app: str) -> None:
    now, run = opened(page, app, **DIGITS)
    panel = page.locator(".ganwalk")
    check(now, run)
    norms = np.sort(run.shown.z.norm(dim=1).numpy())
    np.testing.assert_allclose(now["usual"], [norms[3], norms[60]], atol=1e-5)
    # The pictures themselves, and the words under them.
    cards = page.evaluate(f"() => {PANEL}.dlviz.ganwalkStations()")
    for card, station, said in zip(cards, now["stations"], now["said"], strict=True):
        assert abs(np.array(card["red"]) - 255 * np.array(station["sample"])).max() <= 1
        assert float(card["said"].removeprefix("D ")) == pytest.approx(said, abs=0.006)
    # b is the fake that is clicked; a is walked to by arrow keys.
    panel.locator(".walk-corner").nth(1).click()
    canvas = panel.locator("canvas[aria-label^=Fakes]")
    canvas.click(position=place(page, "ganwalkFake", 10))
    now = wait(page, "now.corners[1].at === 10")
    check(now, run)
    panel.locator(".walk-corner").nth(0).click()
    canvas.focus()
    canvas.press("ArrowDown")
    canvas.press("ArrowRight")
    wait(page, "now.corners[0].at === 9")
    panel.get_by_role("radio", name="Arc").click()
    box = panel.locator("[data-field=walk_steps] input[type=text]")
    box.fill("5")
    box.press("Enter")
    now = wait(page, "now.way === 'spherical' && now.steps === 5 && now.corners[0].at === 9")
    check(now, run)
    assert now["isArc"]
    # What cannot be is said at the control, and nothing is lost.
    box.fill("40")
    box.press("Enter")
    assert panel.locator("[data-field=walk_steps] .wrong").inner_text().startswith("Give a whole number from 3 to 15")
    panel.get_by_role("button", name="Draw a anew").click()
    now = wait(page, "now.corners[0].at === null")
    assert now["steps"] == 5
    check(now, run)
    for word in ("gan_walked", "gan_slerped"):
        assert page.evaluate(f"() => {LIVE}.shared.get('happened.{word}')")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_two_directions_and_one_class_all_the_way_on_a_phone(page: Any, app: str) -> None:
    _, run = opened(page, app, **DIGITS, conditional=True, loss="hinge")
    panel = page.locator(".ganwalk")
    panel.locator("#walk-label").select_option("7")
    box = panel.locator("[data-field=walk_steps] input[type=text]")
    box.fill("4")
    box.press("Enter")
    panel.get_by_role("button", name="Second direction").click()
    now = wait(page, "now.label === 7 && now.steps === 4 && now.grid")
    check(now, run)
    a, b, c, d = (corner["z"] for corner in now["corners"])
    wanted = walk(run, a=a, b=b, c=c, d=d, steps=4, label=7)
    places = now["grid"]["places"]
    assert now["grid"]["side"] == 4
    np.testing.assert_allclose([each["z"] for each in places], wanted["grid_z"].reshape(16, -1), atol=CLOSE)
    np.testing.assert_allclose([each["sample"] for each in places], wanted["grid_samples"].reshape(16, -1), atol=CLOSE)
    np.testing.assert_allclose([each["logit"] for each in places], wanted["grid_d"].ravel(), atol=CLOSE)
    cell = page.evaluate(f"() => {PANEL}.dlviz.ganwalkCell(13)")
    assert abs(np.array(cell["red"]) - 255 * wanted["grid_samples"].reshape(16, -1)[13]).max() <= 1
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_points_walk_in_the_plane_and_noises_are_dragged(page: Any, app: str) -> None:
    now, run = opened(page, app, **POINTS)
    check(now, run)
    panel = page.locator(".ganwalk")
    # The fake under the pointer becomes the end that is held.
    with torch.no_grad():
        fakes = run.network.eval().generator(run.shown.z, run.shown.labels).numpy()
    lonely = int(
        np.linalg.norm(fakes[:, None] - fakes[None] + 9 * np.eye(len(fakes))[..., None], axis=2).min(1).argmax()
    )
    panel.locator("canvas[aria-label^=Points]").click(position=place(page, "ganwalkPoint", fakes[lonely].tolist()))
    now = wait(page, f"now.corners[0].at === {lonely}")
    check(now, run)
    # An end is dragged in the plane of noises, and moved by keys.
    plane = panel.locator("canvas[aria-label^=Noises]")
    plane.hover(position=place(page, "ganwalkNoise", now["corners"][1]["z"]))
    page.mouse.down()
    plane.hover(position=place(page, "ganwalkNoise", [0.5, -1]))
    page.mouse.up()
    now = wait(page, "now.held === 1 && Math.hypot(now.corners[1].z[0] - 0.5, now.corners[1].z[1] + 1) < 0.05")
    check(now, run)
    plane.focus()
    before = now["corners"][1]["z"]
    plane.press("ArrowRight")
    now = wait(page, f"now.corners[1].z[0] > {before[0] + 1e-3}")
    assert now["corners"][1]["z"][1] == pytest.approx(before[1], abs=1e-4)
    check(now, run)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_it_plays_only_when_told_and_follows_the_training(page: Any, app: str) -> None:
    now, run = opened(page, app, **POINTS)
    panel = page.locator(".ganwalk")
    assert not now["playing"]
    assert now["t"] == 0.5
    panel.get_by_role("button", name="Play").click()
    wait(page, "now.playing && now.t !== 0.5")
    panel.get_by_role("button", name="Pause").click()
    wait(page, "!now.playing")
    slider = panel.locator(".way-scrub input[type=range]")
    slider.evaluate("(e) => { e.value = 250; e.dispatchEvent(new Event('input')); }")
    wait(page, "now.t === 0.25")
    page.evaluate(f"() => {{ {LIVE}.advance(7); }}")
    run.advance(7)
    check(wait(page, f"now.step === {run.step}"), run)
