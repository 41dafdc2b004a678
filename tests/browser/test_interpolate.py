"""The panel Interpolate in the real app: both ways, their numbers, and arithmetic among codes, against torch."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.data import sprites
from dlviz.labs.autoencoder.interpolating import interpolate
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.ways import way_between

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.interpolate)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
SMALL = {"dataset": "digits", "hidden": (32, 16), "latent": 6}
CLOSE = 2e-4


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.interpolate(); return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.interpolate()")
    return found


def opened(page: Any, app: str, steps: int = 0, **changes: Any) -> tuple[dict[str, Any], AutoencoderRun]:
    """The panel with these settings after so many steps, and the same run by torch."""
    spec = AutoencoderSpec(**{**SMALL, **changes})
    link = "&".join(f"{key}={value}" for key, value in specs.link("autoencoder", spec).items())
    page.goto(f"{app}/autoencoder?autoencoder.panel=Interpolate&{link}")
    reader = "true" if spec.dataset == "faces" else "now.hasReader"
    now = wait(page, f"now.sums && {reader}")
    if steps:
        page.evaluate(f"() => {{ {LIVE}.advance({steps}); }}")
        now = wait(page, f"now.step === {steps} && now.sums?.step === {steps} && {reader}")
    run = AutoencoderRun(spec)
    run.advance(steps)
    return now, run


def check(now: dict[str, Any], run: AutoencoderRun) -> None:
    """The strip, the cross-fade, the answers and the norms, from the ends that are on screen."""
    network, pictures = run.network, run.data.pictures
    places = [end["index"] for end in now["ends"]]
    with torch.no_grad():
        own = [None if at is None else network.encode(pictures.test_x[[at]], pictures.test_y[[at]]).mean[0]
               for at in places]  # fmt: skip
        a, b = (torch.tensor(end["z"]) if code is None else code for end, code in zip(now["ends"], own, strict=True))
        assert torch.allclose(torch.tensor([end["z"] for end in now["ends"]]), torch.stack([a, b]), atol=CLOSE)
        path, is_arc = way_between(a, b, now["steps"], now["way"])
        strip = network.pictures(network.decode(path, torch.full((len(path),), now["told"])))
    assert now["isArc"] == is_arc
    np.testing.assert_allclose(now["path"], path, atol=CLOSE)
    np.testing.assert_allclose(now["strip"], strip.flatten(1), atol=CLOSE)
    np.testing.assert_allclose(now["norms"], path.norm(dim=1), atol=CLOSE)
    ends = [strip[-k] if at is None else pictures.test_x[at] for k, at in enumerate(places)]
    share = torch.linspace(0, 1, now["steps"])[:, None, None, None]
    fade = (1 - share) * ends[0] + share * ends[1]
    np.testing.assert_allclose(now["fade"], fade.flatten(1), atol=CLOSE)
    for shown, wanted in ((now["changes"], strip), (now["fadeChanges"], fade)):
        np.testing.assert_allclose(shown[1:], ((wanted[1:] - wanted[:-1]) ** 2).flatten(1).mean(1), atol=1e-5)
    reader = classifiers.shipped(run.spec.dataset)
    if reader is None:
        assert now["said"] == [None] * now["steps"]
        return
    for said, wanted in ((now["said"], strip), (now["fadeSaid"], fade)):
        sure, answer = reader(wanted.clamp(0, 1)).softmax(1).max(1)
        np.testing.assert_allclose([each["confidence"] for each in said], sure, atol=2e-3)
        clear = [k for k, value in enumerate(sure) if value > 0.52]
        assert [said[k]["answer"] for k in clear] == [int(answer[k]) for k in clear]


def check_drawn(page: Any, now: dict[str, Any]) -> None:
    """What stands under the pictures, and the pixels themselves, are the numbers."""
    rows = page.evaluate(f"() => {PANEL}.dlviz.interpolateStrip()")
    for row, pictures, said in zip(rows, (now["strip"], now["fade"]), (now["said"], now["fadeSaid"]), strict=True):
        for card, picture, reading in zip(row, pictures, said, strict=True):
            grey = np.array(card["pixels"]).reshape(-1, 4)[:, 0]
            wanted = 255 * np.clip(np.array(picture)[: len(grey)], 0, 1)
            assert abs(grey - wanted).max() <= 1
            if reading:
                assert re.search(r"(\d+) %", card["text"])[1] == f"{100 * reading['confidence']:.0f}"  # type: ignore[index]


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_both_ways_are_torchs_whatever_a_person_chooses(page: Any, app: str) -> None:
    now, run = opened(page, app, 60)
    panel = page.locator(".interpolate")
    assert now["ends"][0]["index"] == 0
    check(now, run)
    check_drawn(page, now)
    panel.get_by_role("radio", name="Spherical").click()
    box = panel.locator("[data-field=ip_steps] input[type=text]")
    box.fill("15")
    box.press("Enter")
    panel.locator(".ip-slots .ip-slot").nth(1).click()
    panel.locator(".ip-ends .picker-one").nth(7).click()
    now = wait(page, "now.way === 'spherical' && now.steps === 15 && now.ends[1].index === 7")
    check(now, run)
    check_drawn(page, now)
    assert now["isArc"]
    least = min(now["said"], key=lambda each: each["confidence"])["confidence"]
    faded = min(now["fadeSaid"], key=lambda each: each["confidence"])["confidence"]
    for share in (least, faded):
        assert f"{100 * share:.0f} %" in now["sentence"]
    for word in ("interpolated", "slerped"):
        assert page.evaluate(f"() => {LIVE}.shared.get('happened.{word}')")
    assert now["milliseconds"] < 1000  # about 10 on a quiet machine; a bound that no load breaks
    # What cannot be is said at the control, and nothing is lost.
    box.fill("40")
    box.press("Enter")
    assert panel.locator("[data-field=ip_steps] .wrong").inner_text().startswith("Give a whole number from 5 to 15")
    assert wait(page)["steps"] == 15


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_an_end_can_be_dragged_and_moved_by_keys(page: Any, app: str) -> None:
    now, run = opened(page, app, 20, latent=2)
    start = page.evaluate(f"() => {PANEL}.dlviz.interpolateOnPage({now['places'][0]})")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 30, start[1] - 20, steps=3)
    page.mouse.up()
    now = wait(page, "now.ends[0].index === null")
    moved = page.evaluate(f"() => {PANEL}.dlviz.interpolateOnPage({now['places'][0]})")
    assert np.hypot(moved[0] - start[0] - 30, moved[1] - start[1] + 20) < 2
    check(now, run)
    plane = page.locator(".interpolate .ip-plane")
    plane.focus()
    plane.press("ArrowRight")
    held = wait(page, f"now.ends[0].z[0] > {now['ends'][0]['z'][0]} + 1e-4")
    assert held["ends"][0]["z"][1] == pytest.approx(now["ends"][0]["z"][1], abs=1e-5)
    plane.press("Enter")
    wait(page, "now.held === 1")
    plane.press("ArrowUp")
    now = wait(page, f"now.ends[1].z[1] > {held['ends'][1]['z'][1]} + 1e-4")
    assert now["ends"][0]["z"] == held["ends"][0]["z"]
    check(now, run)


@pytest.mark.parametrize("page", [{**TALL, "reduced_motion": "reduce"}], indirect=True)
def test_playing_waits_to_be_asked_and_goes_in_pictures_where_motion_is_unwelcome(page: Any, app: str) -> None:
    now, run = opened(page, app)
    assert not now["playing"]
    panel = page.locator(".interpolate")
    panel.get_by_role("button", name="Play").click()
    now = wait(page, "now.playing && now.t !== 0.5")
    assert now["t"] * (now["steps"] - 1) == pytest.approx(
        round(now["t"] * (now["steps"] - 1))
    )  # a picture of the strip
    panel.get_by_role("button", name="Pause").click()
    wait(page, "!now.playing")
    slider = panel.get_by_label("Place on the way from A to B")
    slider.focus()
    slider.press("Home")
    now = wait(page, "now.t === 0")
    slider.press("ArrowRight")
    now = wait(page, "now.t > 0")
    share = now["t"]
    z = (1 - share) * np.array(now["ends"][0]["z"]) + share * np.array(now["ends"][1]["z"])
    np.testing.assert_allclose(now["here"]["z"], z, atol=CLOSE)
    with torch.no_grad():
        wanted = run.network.decode(torch.tensor(z[None], dtype=torch.float32)).sigmoid().flatten()
    np.testing.assert_allclose(now["here"]["picture"], wanted, atol=CLOSE)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_arithmetic_among_sprites_is_torchs_and_aims_at_the_sprite_of_those_factors(page: Any, app: str) -> None:
    now, run = opened(page, app, 30, dataset="sprites", latent=4, kind="conditional", examples=600)
    check(now, run)
    page.locator(".interpolate").get_by_role("button", name="Another hue").click()
    preset = interpolate(run)["presets"][sprites.FACTORS.index("hue")].tolist()
    sums = wait(page, f"now.sums.places.join() === '{','.join(map(str, preset))}' && now.sums.wanted")["sums"]
    a, b, c = preset
    wanted = interpolate(run, a, b, c=c)
    np.testing.assert_allclose(sums["z"], wanted["combined"], atol=CLOSE)
    np.testing.assert_allclose(sums["decoded"], wanted["result"].ravel(), atol=CLOSE)
    np.testing.assert_allclose(sums["wanted"], wanted["wanted"].ravel(), atol=1e-6)
    np.testing.assert_allclose([each["distance"] for each in sums["nearest"]], wanted["distance"], atol=2e-3)
    assert "b and c differ in hue alone" in sums["sentence"]
    error = float(((wanted["result"] - wanted["wanted"]) ** 2).mean())
    assert float(re.search(r"is ([\d.]+) \(mean", sums["sentence"])[1]) == pytest.approx(error, rel=0.06)  # type: ignore[index]
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.calculated')")
    page.locator(".interpolate").get_by_label("Class the decoder is told").select_option("2")
    check(wait(page, "now.told === 2"), run)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_an_attribute_is_the_difference_of_two_means(page: Any, app: str) -> None:
    now, run = opened(page, app, 60)
    page.locator(".interpolate").get_by_label("Mean of the class", exact=True).select_option("5")
    found = wait(page, "now.attributes?.to === 5")["attributes"]
    codes, labels = run.measured().mean, run.data.pictures.test_y[:500]
    vector = codes[labels == 5].mean(0) - codes[labels == found["from"]].mean(0)
    np.testing.assert_allclose(found["vector"], vector, atol=CLOSE)
    at = now["sums"]["places"][0]
    with torch.no_grad():
        code = run.network.encode(run.data.pictures.test_x[[at]]).mean
        wanted = run.network.decode(code + torch.arange(-2, 7)[:, None] / 4 * vector).sigmoid().flatten(1)
    np.testing.assert_allclose(found["pictures"], wanted, atol=CLOSE)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_one_number_and_faces_on_a_phone(page: Any, app: str) -> None:
    now, run = opened(page, app, 0, dataset="faces", latent=1, kind="plain", likelihood="gaussian")
    check(now, run)
    page.locator(".interpolate").get_by_role("radio", name="Spherical").click()
    now = wait(page, "now.way === 'spherical'")
    assert not now["isArc"]
    assert now["about"] == "With one number to a code there is no arc: the way is straight."
    check(now, run)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".interpolate").get_by_role("button", name="Two draws of the prior").is_hidden()
