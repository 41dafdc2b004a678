"""The panel AE beside VAE in the real app: both planes, the one place in both, and every number on it against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.beside import keeping, measuring
from dlviz.labs.autoencoder.beside.looking import NETWORKS
from dlviz.labs.autoencoder.beside.training import Pair, beside, specs_of
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.jobs import to_the_end

LINK = "autoencoder?autoencoder.panel=AE+beside+VAE"
DIGITS = f"{LINK}&autoencoder.dataset=digits&autoencoder.hidden=32,16"
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.aebesidevae)"
STEPS = 40
CLOSE = 1e-3

# Tall, because what is out of sight is not drawn.
pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.aebesidevae(); return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.aebesidevae()")
    return found


def happened(page: Any, word: str) -> bool:
    return bool(page.evaluate(f"() => {PANEL}.dlviz.happened('{word}')"))


def point(page: Any, kind: str, layer: str, u: tuple[float, float]) -> None:
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.onPage('{kind}', '{layer}', [{u[0]}, {u[1]}])"))


def networks_of(trace: Trace, pair: Pair) -> dict[str, Autoencoder]:
    """Both networks with the decoders of a moment."""
    for kind, network in pair.networks.items():
        start = f"{kind}."
        values = {k.removeprefix(start): torch.from_numpy(v) for k, v in trace.state.items() if k.startswith(start)}
        network.load_state_dict(values, strict=False)
    return pair.networks


def check_place(now: dict[str, Any], trace: Trace, networks: dict[str, Autoencoder], name: str = "mnist") -> None:
    """What stands at the crosses is what torch decodes there, and what the classifier says of it."""
    reader = classifiers.shipped(name)
    for kind in NETWORKS:
        at = now["at"][kind]
        z = torch.tensor([at["z"]])
        if now["how"] == "picture":
            np.testing.assert_allclose(at["z"], trace[f"{kind}_codes"][now["from"]], atol=1e-5)
        else:
            wanted = trace[f"{kind}_center"] + np.array(at["u"]) @ trace[f"{kind}_axes"]
            np.testing.assert_allclose(at["z"], wanted, atol=1e-4)
        with torch.no_grad():
            picture = networks[kind].pictures(networks[kind].decode(z))
        np.testing.assert_allclose(at["picture"], picture.ravel(), atol=CLOSE)
        if reader is not None:
            np.testing.assert_allclose(at["probabilities"], reader(picture).softmax(1)[0], atol=CLOSE)


def check_strip(now: dict[str, Any], trace: Trace, networks: dict[str, Autoencoder], name: str = "mnist") -> None:
    """The way between both pictures is torch's."""
    reader = classifiers.shipped(name)
    assert reader is not None
    for kind in NETWORKS:
        one, other = (torch.from_numpy(trace[f"{kind}_codes"][now[end]]) for end in ("from", "to"))
        z = one + torch.linspace(0, 1, 11)[:, None] * (other - one)
        with torch.no_grad():
            pictures = networks[kind].pictures(networks[kind].decode(z))
        np.testing.assert_allclose(now["strip"][kind]["pictures"], pictures.flatten(1), atol=CLOSE)
        np.testing.assert_allclose(now["strip"][kind]["sure"], reader(pictures).softmax(1).max(1).values, atol=CLOSE)


@tall
@pytest.mark.timeout(300)
def test_it_opens_with_both_and_one_pointer_moves_in_both(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".aebesidevae")
    now = wait(page, f"now.step === {keeping.STEPS} && now.hasReader && now.strip?.plain.sure && now.tiles.plain")
    trace: Trace = to_the_end(beside(AutoencoderRun(AutoencoderSpec())))
    pair = Pair(specs_of(AutoencoderSpec(), 2, 1.0))
    networks = networks_of(trace, pair)
    for kind in NETWORKS:
        np.testing.assert_allclose(now["codes"][kind], trace[f"{kind}_codes"], atol=1e-5)
        np.testing.assert_allclose(now["confidence"][kind], trace[f"{kind}_confidence"].ravel(), atol=1e-5)
        np.testing.assert_allclose(now["places"][kind], trace[f"{kind}_places"].ravel(), atol=1e-5)
    np.testing.assert_allclose(now["clouds"]["variational"], trace["variational_clouds"].ravel(), atol=1e-5)
    assert (now["how"], now["clouds"]["plain"]) == ("picture", None)
    check_place(now, trace, networks)
    check_strip(now, trace, networks)
    said = now["words"]["verdict"].replace("\xa0", " ")
    for name in ("plain_from_scaled", "variational_from_prior", "plain_from_codes"):
        assert f"{100 * trace[name][-1]:.0f} %" in said
    row = panel.locator("tr[data-source=between] td").all_inner_texts()
    assert row == [f"{100 * trace[f'{kind}_from_between'][-1]:.1f} %" for kind in NETWORKS]
    errors = panel.locator("tr[data-price=squared_error] td").all_inner_texts()
    assert errors == [f"{trace[f'{kind}_squared_error'][-1]:.4f}" for kind in NETWORKS]

    # One pointer for both, on any of the pictures; it leaves, and both return.
    for kind, layer, u in (("variational", "codes", (0.5, -0.75)), ("plain", "map", (-1.0, 1.25))):
        point(page, kind, layer, u)
        now = wait(page, f"now.how === 'pointer' && Math.abs(now.at.plain.u[0] - {u[0]}) < 0.03")
        assert now["at"]["plain"]["u"] == now["at"]["variational"]["u"] == pytest.approx(list(u), abs=0.03)
        check_place(now, trace, networks)
    page.mouse.move(2, 2)
    check_place(wait(page, "now.how === 'picture'"), trace, networks)

    # A click keeps the place; Escape lets it go; arrow keys walk.
    point(page, "plain", "tiles", (1.0, 0.5))
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(2, 2)
    check_place(wait(page, "now.how === 'pinned' && now.words.placed.includes('until you let go')"), trace, networks)
    plane = panel.locator("figure[data-network=variational] .look canvas.plane")
    plane.press("Escape")
    wait(page, "now.how === 'picture'")
    plane.press("ArrowRight")
    plane.press("Shift+ArrowUp")
    now = wait(page, "now.how === 'pointer' && now.at.plain.u[1] > 0")
    span = 2 * now["reach"]
    assert now["at"]["variational"]["u"] == pytest.approx([0.02 * span, 0.1 * span], abs=1e-3)
    plane.press("Escape")

    # Into a hole: the place of least confidence of each.
    assert not happened(page, "hole_visited")
    panel.get_by_role("button", name="Go into a hole").click()
    now = wait(page, "now.how === 'hole'")
    assert happened(page, "hole_visited")
    check_place(now, trace, networks)
    for kind in NETWORKS:
        assert now["at"][kind]["u"] == pytest.approx(trace[f"{kind}_hole"].tolist(), abs=1e-5)
        least = max(now["at"][kind]["probabilities"])
        assert least == pytest.approx(trace[f"{kind}_confidence"].min(), abs=0.3)
    panel.get_by_role("button", name="Back to the picture").click()
    wait(page, "now.how === 'picture'")

    # Other ends of the way, and other pictures of what was counted.
    panel.get_by_role("listbox", name="To").get_by_role("option").nth(7).click()
    check_strip(wait(page, "now.to === 7"), trace, networks)
    panel.get_by_role("button", name="Half-way between two classes").click()
    now = wait(page, f"now.source === {measuring.SOURCES.index('between')} && now.drawn")
    reader = classifiers.shipped("mnist")
    assert reader is not None
    for kind in NETWORKS:
        codes = torch.from_numpy(trace[f"{kind}_codes"])
        sure = measuring.confidence(networks[kind], reader, "between", codes, pair.labels, 1)
        np.testing.assert_allclose(now["drawn"][kind], sure[:12], atol=CLOSE)

    # Back in time, and a code of sixteen numbers.
    panel.locator(".scrub input").press("Home")
    assert "being sure is not being right" in wait(page, "now.step === 0")["words"]["verdict"]
    panel.locator(".scrub input").press("End")
    panel.get_by_role("button", name="See 16 numbers").click()
    now = wait(page, f"now.settings.latent === 16 && now.step === {keeping.STEPS}")
    trace = to_the_end(beside(AutoencoderRun(AutoencoderSpec()), latent=16))
    networks = networks_of(trace, Pair(specs_of(AutoencoderSpec(), 16, 1.0)))
    check_place(now, trace, networks)
    point(page, "plain", "codes", (1.5, 0.5))
    check_place(wait(page, "now.how === 'pointer'"), trace, networks)


@tall
@pytest.mark.timeout(300)
def test_it_trains_what_two_runs_become(page: Any, app: str) -> None:
    page.goto(f"{app}/{DIGITS}")
    panel = page.locator(".aebesidevae")
    now = wait(page, "now.dataset === 'digits' && now.step === 0 && now.words.verdict")
    assert "Neither has learned anything yet" in now["words"]["verdict"]
    for name, value in (("steps", STEPS), ("beta", 0.5)):
        field = panel.locator(f".knob[data-field={name}] input[type=text]")
        field.fill(str(value))
        field.press("Enter")
    wait(page, "now.settings.beta === 0.5 && !now.isKept")
    panel.get_by_role("button", name="Train both").click()
    now = wait(page, f"now.isDone && now.step === {STEPS} && !now.running && now.hasReader && now.strip?.plain.sure")
    assert happened(page, "beside_trained")
    spec = AutoencoderSpec(dataset="digits", hidden=(32, 16))
    trace: Trace = to_the_end(beside(AutoencoderRun(spec), steps=STEPS, beta=0.5))
    assert now["moments"] == trace["steps"].tolist()
    pair = Pair(specs_of(spec, 2, 0.5))
    for run in pair.runs.values():
        run.advance(STEPS)
    check_place(now, trace, pair.networks, "digits")
    for kind, codes in pair.codes().items():
        np.testing.assert_allclose(now["codes"][kind], codes.mean, atol=CLOSE)
        np.testing.assert_allclose(now["curves"][kind]["squaredError"], trace[f"{kind}_squared_error"], rtol=1e-3)
        np.testing.assert_allclose(now["curves"][kind]["from"]["scaled"], trace[f"{kind}_from_scaled"], atol=0.005)
    chart = panel.locator(".charts canvas").last
    before = wait(page)["step"]
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
    assert wait(page, f"now.step < {before}")["step"] > 0


@tall
def test_a_training_that_is_stopped_leaves_what_was_seen(page: Any, app: str) -> None:
    page.goto(f"{app}/{DIGITS}")
    wait(page, "now.dataset === 'digits' && now.step === 0")
    panel = page.locator(".aebesidevae")
    field = panel.locator(".knob[data-field=steps] input[type=text]")
    field.fill("9000")
    field.press("Enter")
    assert "Give a whole number from 20 to 5,000" in panel.locator(".knob[data-field=steps]").inner_text()
    field.fill("5000")
    field.press("Enter")
    panel.get_by_role("button", name="Train both").click()
    wait(page, "now.running && now.settings.steps === 5000 && now.moments.length >= 2")
    panel.get_by_role("button", name="Cancel").click()
    panel.get_by_role("button", name="Train again").wait_for()
    kept = wait(page, "!now.running")
    assert not kept["isDone"]
    panel.locator(".knob[data-field=latent] select").select_option("4")
    wait(page, "now.settings.latent === 4 && now.step === 0")
    panel.locator(".knob[data-field=latent] select").select_option("2")
    again = wait(page, "now.settings.latent === 2 && now.moments.length > 1")
    assert again["moments"][: len(kept["moments"])] == kept["moments"]


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 12_000}}], indirect=True, ids=["phone"])
def test_on_a_phone_one_plane_stands_above_the_other(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    wait(page, f"now.step === {keeping.STEPS} && now.strip?.plain.sure")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    plain, variational = (page.locator(f".aebesidevae figure.column[data-network={kind}]") for kind in NETWORKS)
    above, below = plain.bounding_box(), variational.bounding_box()
    assert above["y"] + above["height"] <= below["y"]
    assert above["x"] == below["x"]
    assert below["width"] <= 390


@tall
def test_without_a_classifier_it_says_so(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&autoencoder.dataset=faces&autoencoder.hidden=16")
    now = wait(page, "now.dataset === 'faces' && now.strip && now.tiles.variational")
    panel = page.locator(".aebesidevae")
    assert (now["isRead"], now["confidence"]["plain"], now["at"]["plain"]["probabilities"]) == (False, None, None)
    assert panel.get_by_text("No classifier ships for these pictures: what").is_visible()
    for hidden in (".bars", ".key.sure", "table.shares:not(.price)", ".galleries"):
        assert not panel.locator(hidden).first.is_visible()
    assert panel.get_by_role("button", name="Go into a hole").count() == 0
    trace: Trace = to_the_end(beside(AutoencoderRun(AutoencoderSpec(dataset="faces", hidden=(16,)))))
    for kind in NETWORKS:
        assert now["inside"][kind] == trace[f"{kind}_inside"].ravel().tolist()
    point(page, "plain", "codes", (0.5, 0.5))
    now = wait(page, "now.how === 'pointer'")
    check_place(now, trace, Pair(specs_of(AutoencoderSpec(dataset="faces", hidden=(16,)), 2, 1.0)).networks, "faces")
