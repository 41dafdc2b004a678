"""The game in the plane in the real app: map, pushes, sheet, what is pointed at, moves and one's own points, against
torch."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.data import placing
from dlviz.labs.gan import probe, scoring
from dlviz.labs.gan.measuring import judge, said
from dlviz.labs.gan.plan import HALF_WIDTH
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec

pytestmark = pytest.mark.browser

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.gan)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
SMALL = {"generator_hidden": (16, 12), "discriminator_hidden": (18, 12)}
CLOSE = 2e-4
EDGE = 2.3263478740408408  # Φ⁻¹(0.99)


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the arena shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {STAGE}?.dlviz.gan()?.arena; return Boolean(now && ({condition})); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {STAGE}.dlviz.gan().arena")
    return found


def opened(page: Any, app: str, steps: int = 40, **changes: Any) -> tuple[dict[str, Any], GanRun]:
    """The arena with these settings at rest after so many steps or more, and the same run by torch."""
    spec = GanSpec(**{**SMALL, **changes})
    page.goto(f"{app}/gan?" + "&".join(f"{key}={value}" for key, value in specs.link("gan", spec).items()))
    wait(page)
    page.evaluate(f"() => {{ {LIVE}.advance({steps}); }}")
    at_rest = f"!{LIVE}.state.playing && now.step === {LIVE}.state.live_step"
    now = wait(page, f"now.step >= {steps} && now.side === 128 && {at_rest}")
    run = GanRun(spec)
    run.advance(now["step"])
    return now, run


def pairs(values: Any) -> torch.Tensor:
    return torch.tensor(values).reshape(-1, 2)


def triangles(a: Any, b: Any, c: Any) -> Any:
    """Areas of triangles (…, 2)."""
    (ux, uy), (vx, vy) = np.moveaxis(b - a, -1, 0), np.moveaxis(c - a, -1, 0)
    return abs(ux * vy - uy * vx) / 2


def at(box: Any, place: Any, reach: float = HALF_WIDTH) -> tuple[float, float]:
    """Where a place of ±reach lies on a square canvas."""
    x, y = float(place[0]), float(place[1])
    share = (x + reach) / (2 * reach), (reach - y) / (2 * reach)
    return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]


def check_opened(now: dict[str, Any], run: GanRun) -> None:
    """What is pointed at: its noise, place, D's output and the push, and that they stand in the reading."""
    found = now["opened"]
    label = torch.tensor([found["label"]])
    x = torch.tensor([found["x"]])
    with torch.no_grad():
        if found["z"]:
            x = run.network.eval().generator(torch.tensor([found["z"]]), label)
            np.testing.assert_allclose([found["x"]], x, atol=CLOSE)
    logit, gradient = probe.pull(run, x, label)
    assert found["logit"] == pytest.approx(logit.item(), abs=CLOSE)
    assert found["says"] == pytest.approx(said(run.spec, logit).item(), abs=CLOSE)
    np.testing.assert_allclose(found["push"], -gradient[0], atol=CLOSE)
    if found["kind"] == "fake":
        np.testing.assert_allclose(found["z"], run.shown.z[found["index"]], atol=1e-6)
        assert found["label"] == run.shown.labels[found["index"]]
    rows = now["reading"]["rows"]
    read = [float(text.replace("−", "-")) for text in re.findall(r"−?\d+\.?\d*", rows[1].replace("×10", "e"))][:2]
    if "×" not in rows[1]:
        np.testing.assert_allclose(read, found["x"], atol=0.006)
    if "×" not in rows[2]:
        assert float(rows[2].replace("−", "-")) == pytest.approx(logit.item(), rel=0.01)


SPECS = [
    {},
    {"loss": "wgangp", "noise_dimensions": 1, "noise": "uniform", "dataset": "circle", "spectral_norm": True},
    {"loss": "leastsquares", "conditional": True, "noise_dimensions": 3, "batch_norm": "both"},
]


@pytest.mark.parametrize("page", [TALL], indirect=True)
@pytest.mark.parametrize("changes", SPECS, ids=["plain", "line", "conditional"])
def test_every_layer_is_torchs(page: Any, app: str, changes: dict[str, Any]) -> None:
    now, run = opened(page, app, **changes)
    spec, told = run.spec, run.spec.told
    if told:
        page.locator(".ga-classes button").nth(2).click()
        now = wait(page, "now.label === 2 && now.field.label === 2 && now.side === 128")
    wanted = probe.stage(run, side=128, label=now["label"]).arrays
    np.testing.assert_allclose(now["field"]["values"], wanted["d_map"].ravel(), atol=CLOSE)
    np.testing.assert_allclose(pairs(now["fake"]), wanted["fake"], atol=CLOSE)
    np.testing.assert_allclose(now["logits"], wanted["logits"], atol=CLOSE)
    np.testing.assert_allclose(pairs(now["push"]), -wanted["gradient"], atol=CLOSE)

    fold = now["fold"]
    noises = torch.tensor(fold["noises"]).reshape(-1, spec.noise_dimensions)
    with torch.no_grad():
        sheet = run.network.eval().generator(noises, torch.full((len(noises),), now["label"]))
    np.testing.assert_allclose(pairs(fold["points"]), sheet, atol=CLOSE)
    if spec.noise_dimensions == 1:
        assert fold["kind"] == "line"
        assert (fold["at"][0], fold["at"][-1]) == (-1, 1)
    else:
        assert noises[0, :2].tolist() == pytest.approx([-EDGE, -EDGE], abs=1e-5)
        assert noises[-1, :2].tolist() == pytest.approx([EDGE, EDGE], abs=1e-5)
        corners = sheet.reshape(21, 21, 2).numpy()
        a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]
        area = triangles(a, b, c) + triangles(a, c, d)
        density = (0.98 / 20) ** 2 / np.maximum(1e-9, area)
        np.testing.assert_allclose(np.array(fold["density"]).reshape(20, 20), density, rtol=2e-2)

    fake, logits = torch.tensor(wanted["fake"]), torch.tensor(wanted["logits"])
    shown = slice(len(fake))
    real_logits = run.network.discriminator(run.real.x[shown], run.real.y[shown])[:, 0].detach()
    measures = now["measures"]
    assert measures["separation"] == pytest.approx(scoring.separation(real_logits, logits), abs=2e-3)
    assert measures["fake"] == pytest.approx(said(spec, logits).mean().item(), abs=CLOSE)
    assert measures["real"] == pytest.approx(said(spec, real_logits).mean().item(), abs=CLOSE)
    assert f"{100 * measures['separation']:.0f} %" in now["sentences"][1]
    counts = judge(spec, run.real, fake).mode_counts
    if counts is None:
        assert now["modes"] is None
        assert "real points are" in now["sentences"][0]
    else:
        assert now["modes"]["counts"] == counts.tolist()
        assert measures["covered"] == scoring.covered(counts, len(fake))
    if spec.loss == "wgangp":
        assert now["scale"]["even"] == pytest.approx((real_logits.mean() + logits.mean()).item() / 2, abs=CLOSE)
    elif spec.loss == "leastsquares":
        assert now["legend"]["ends"] == ["0", "0.5", "1"]


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_pointing_opens_a_fake_a_place_and_a_noise(page: Any, app: str) -> None:
    now, run = opened(page, app, 60)
    box = page.locator(".ga-plane").bounding_box()
    page.mouse.move(*at(box, pairs(now["fake"])[7]))
    now = wait(page, "now.opened?.kind === 'fake'")
    check_opened(now, run)
    page.mouse.down()
    page.mouse.up()
    now = wait(page, "now.pin !== null && now.pin === now.opened.index")
    first = now["opened"]
    page.keyboard.press("ArrowRight")
    now = wait(page, f"now.pin !== {first['index']} && now.opened.index === now.pin")
    check_opened(now, run)
    assert now["opened"]["x"][0] > first["x"][0]
    assert "Held" in now["reading"]["hint"]
    page.keyboard.press("Escape")
    assert wait(page, "now.pin === null && now.opened === null")["reading"]["title"] == "Nothing is pointed at"
    page.mouse.move(*at(box, (-1.3, 1.3)))
    now = wait(page, "now.opened?.kind === 'place'")
    assert now["opened"]["x"] == pytest.approx([-1.3, 1.3], abs=0.01)
    check_opened(now, run)
    square = page.locator(".ga-noise-plane").bounding_box()
    page.mouse.move(*at(square, (2.7, -2.7), 3))
    now = wait(page, "now.opened?.kind === 'noise'")
    assert now["opened"]["z"] == pytest.approx([2.7, -2.7], abs=0.05)
    check_opened(now, run)
    page.mouse.move(*at(square, run.shown.z[11], 3))
    check_opened(wait(page, "now.opened?.kind === 'fake'"), run)

    for name in ("real", "fake", "arrows", "fold", "modes"):
        page.locator(f"[data-layer={name}]").click()
    page.mouse.move(box["x"] - 5, box["y"] - 5)
    now = wait(page, "now.on.map && !now.on.fake && !now.on.modes && !now.opened")
    share = np.array(now["field"]["values"]) - now["scale"]["even"]
    for cell in (int(share.argmax()), int(share.argmin())):
        left, top = (cell % 128 + 0.5) / 128, (cell // 128 + 0.5) / 128
        red, _, blue = page.evaluate(
            "([x, y]) => { const c = [...document.querySelectorAll('*')].find((e) => e.dlviz?.gan)"
            ".shadowRoot.querySelector('.ga-plane');"
            " return [...c.getContext('2d').getImageData(x * c.width, y * c.height, 1, 1).data.slice(0, 3)]; }",
            [left, top],
        )
        if abs(share[cell]) > 0.05:
            assert (blue > red) == (share[cell] > 0)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_one_move_moves_one_player_as_torchs(page: Any, app: str) -> None:
    now, run = opened(page, app, 10)

    def weights() -> dict[str, list[float]]:
        found: dict[str, list[float]] = page.evaluate(
            f"() => Object.fromEntries(Object.entries({LIVE}.frame.arrays)"
            ".filter(([name]) => name.startsWith('state/')).map(([name, {data}]) => [name, [...data]]))"
        )
        return found

    step = now["step"]
    for who, word in (("discriminator", "D moves once"), ("generator", "G moves once"), ("both", "Both once")):
        before = weights()
        page.get_by_role("button", name=word).click()
        step += 1
        now = wait(page, f"now.step === {step} && !now.moves.busy && now.moves.moves === 'both' && now.side === 128")
        after = weights()
        moved = {name.split("/")[1].split(".")[0] for name in before if before[name] != after[name]}
        assert moved == ({"discriminator", "generator"} if who == "both" else {who})
        run.set({"moves": who})
        run.advance(1)
        run.set({"moves": "both"})
        wanted = probe.stage(run, side=128).arrays
        np.testing.assert_allclose(pairs(now["fake"]), wanted["fake"], atol=CLOSE)
        np.testing.assert_allclose(now["field"]["values"], wanted["d_map"].ravel(), atol=CLOSE)
        assert now["moves"]["said"]


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_own_points_are_drawn_and_one_alone_is_refused(page: Any, app: str) -> None:
    opened(page, app, 2)
    stage = page.locator(".gan-arena")
    spec = f"{STAGE}.dlviz.gan().spec"
    stage.get_by_role("button", name="Draw your own points").click()
    now = wait(page, f"now.drawing.on && {spec}.dataset === 'own'")
    assert len(now["drawing"]["points"]) == 400  # a copy of the set before
    stage.get_by_role("button", name="Two moons").click()
    now = wait(page, f"{spec}.own_points.length === 4 * 240 && now.drawing.points.length === 240")
    text = page.evaluate(f"() => {spec}.own_points")
    assert text == placing.encode(now["drawing"]["points"], HALF_WIDTH)
    level = 2 * HALF_WIDTH / (placing.LEVELS - 1)
    np.testing.assert_allclose(placing.decode(text, HALF_WIDTH, "x"), now["drawing"]["points"], atol=level / 2 + 1e-9)

    stage.get_by_role("button", name="Clear").click()
    box = page.locator(".ga-plane").bounding_box()
    page.mouse.click(*at(box, (-0.9, 0.6)))
    now = wait(page, "now.drawing.points.length === 1")
    assert "nothing to imitate but a place" in now["drawing"]["words"]
    assert page.evaluate(f"() => {spec}.own_points") == text  # nothing lost: the run keeps what it had
    page.mouse.move(*at(box, (0.5, -0.5)))
    page.mouse.down()
    page.mouse.move(*at(box, (0.9, -0.5)), steps=4)
    page.mouse.up()
    now = wait(page, f"now.drawing.points.length > 5 && {spec}.own_points.length === 4 * now.drawing.points.length")
    found = np.array(placing.decode(page.evaluate(f"() => {spec}.own_points"), HALF_WIDTH, "x"))
    assert found[0].tolist() == pytest.approx([-0.9, 0.6], abs=0.01)
    np.testing.assert_allclose(found[1:, 1], -0.5, atol=0.01)
    count = len(found)
    page.keyboard.press("ArrowUp")  # the pen by keyboard
    page.keyboard.press("Enter")
    now = wait(page, f"now.drawing.points.length === {count + 1} && {spec}.own_points.length === {4 * count + 4}")
    stage.get_by_role("radio", name="Erase").click()
    page.mouse.click(*at(box, (-0.9, 0.6)))
    now = wait(page, f"now.drawing.points.length === {count} && {spec}.own_points.length === {4 * count}")
    stage.get_by_role("button", name="Done drawing").click()
    wait(page, "!now.drawing.on")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_phone_shows_all_without_overflow(page: Any, app: str) -> None:
    now, run = opened(page, app, 20, conditional=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert now["width"] > 300
    stage = page.locator(".gan-arena")
    for name in (".ga-plane", ".ga-noise-plane", ".ga-moves", ".ga-legends", ".ga-sentence"):
        box = stage.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    mine = int((run.shown.labels == 0).nonzero()[3])
    page.touchscreen.tap(*at(stage.locator(".ga-plane").bounding_box(), pairs(now["fake"])[mine]))
    now = wait(page, "now.pin !== null && now.opened?.index === now.pin")
    check_opened(now, run)
