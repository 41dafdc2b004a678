"""What one does with the stage of the Autoencoder lab: build, choose, walk by keyboard, train, hold a phone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dlviz.core import spec as specs
from dlviz.labs.autoencoder.objective import beta_at
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from tests.browser.autoencoder_stage_page import (
    CLOSE,
    PHONE,
    STAGE,
    TALL,
    VAE,
    open_stage,
    outputs,
    read,
    show,
    wait_for,
)  # fmt: skip
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport=TALL)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_stage(page, app)
    context.close()
    assert problems == []


def test_the_keyboard_walks_holds_and_lets_go(opened: Any) -> None:
    show(opened, VAE, 60)
    canvas = opened.locator(".glass-canvas")
    canvas.focus()
    opened.keyboard.press("ArrowRight")
    wait_for(opened, "shown.hourglass.opened?.station === 0 && shown.hourglass.opened.at === 0")
    opened.keyboard.press("ArrowDown")
    wait_for(opened, "shown.hourglass.opened.at === 8")  # one row down in a picture of 8 × 8
    for _ in range(8):
        opened.keyboard.press("ArrowRight")
    wait_for(opened, "shown.hourglass.opened.station === 1")  # and on into the next layer
    opened.keyboard.press("Enter")
    wait_for(opened, "shown.hourglass.opened.held === true && shown.hourglass.words.includes('(held)')")
    canvas.hover(position={"x": 20, "y": 200})  # what is held stays while the pointer goes elsewhere
    wait_for(opened, "shown.hourglass.opened.station === 1")
    opened.keyboard.press("Escape")
    wait_for(opened, "shown.hourglass.opened === null && shown.hourglass.words.startsWith('For example')")
    bars = opened.locator(".dimension-bars")
    bars.focus()
    opened.keyboard.press("ArrowRight")
    wait_for(opened, "shown.curves.dimension_words.startsWith('z₁: KL')")


def test_only_controls_that_matter_are_there_and_beta_is_that_of_the_moment(opened: Any) -> None:
    spec = AutoencoderSpec(dataset="digits", hidden=(32, 16), beta=4, warmup=400)
    show(opened, spec, 100)
    wait_for(opened, "shown.builder.beta === arg", beta_at(spec, 100))
    builder = read(opened)["builder"]
    assert "β of this moment: 1 (warm-up: step 100 of 400, 4 at its end)" in builder["effective"]
    assert {"beta", "warmup", "hidden"} <= set(builder["fields"])
    assert not {"noise", "noise_kind", "sparsity", "target_activity", "channels"} & set(builder["fields"])
    every = {field["name"] for field in specs.describe(AutoencoderSpec)} - {"picture", "own_pixels"}
    there = {each.get_attribute("data-field") for each in opened.locator(".builder [data-field]").all()}
    assert there == every
    opened.locator(".builder [data-field=kind] select").select_option("denoising")
    wait_for(opened, "shown.builder.fields.includes('noise') && !shown.builder.fields.includes('beta')")
    opened.locator(".builder .segments button", has_text="Convolutional").click()
    wait_for(
        opened, "shown.builder.fields.includes('channels') && shown.hourglass?.stations.some((s) => s.kind === 'maps')"
    )


def test_what_cannot_be_is_refused_at_its_control_and_stays_said(opened: Any) -> None:
    show(opened, AutoencoderSpec(dataset="faces", hidden=(16,), examples=20), 1)
    kind = opened.locator(".builder [data-field=kind]")
    kind.locator("select").select_option("conditional")
    kind.locator(".problem", has_text="needs pictures of several classes").wait_for()
    leave = opened.locator(".builder .leaving")
    assert "There is one class" in leave.text_content()
    assert read(opened)["spec"]["kind"] == "variational"
    width = opened.get_by_label("units of layer 1", exact=True)
    width.fill("5000")
    width.press("Enter")
    wrong = opened.locator(".builder [data-field=hidden] .wrong")
    wrong.filter(has_text="whole number of units from 1 to 1,024").wait_for()
    opened.evaluate(f"() => {STAGE}.dlviz.ask({{do: 'advance', steps: 2}})")
    wait_for(opened, "shown.hourglass?.step === 3")
    assert "from 1 to 1,024" in wrong.text_content()  # a redraw wipes nothing
    assert width.input_value() == "5000"
    width.fill("24")
    width.press("Enter")
    wait_for(opened, "shown.spec.hidden.join() === '24' && shown.hourglass?.stations.some(({size}) => size === 24)")
    assert wrong.text_content() == ""


def test_a_class_is_left_out_by_its_name(opened: Any) -> None:
    show(opened, AutoencoderSpec(dataset="sprites", hidden=(8,), examples=60), 1)
    opened.locator(".fold-head", has_text="Pictures").click()
    opened.locator(".leaving").get_by_role("radio", name="arrow").click()
    wait_for(opened, "shown.spec.leave_out === '2'")
    opened.locator(".fold-head .summary", has_text="without arrow").wait_for()


def test_another_picture_is_chosen_and_ones_own_goes_back(page: Any, app: str) -> None:
    page.set_viewport_size(TALL)
    own = np.zeros((8, 8), np.uint8)
    own[2:6, 3] = 255
    text = base64.urlsafe_b64encode(own.tobytes()).decode().rstrip("=")
    open_stage(page, app, own_pixels=text)
    assert read(page)["shown"]["picture"] == (own / 255).ravel().tolist()
    assert read(page)["shown"]["words"].startswith("Your own picture")
    page.get_by_role("button", name="Back to test pictures").click()
    wait_for(page, "!shown.shown.own && shown.hourglass")
    page.locator(".picker-one").nth(4).click()
    wait_for(page, "shown.spec.picture === 4 && shown.hourglass")
    run = AutoencoderRun(AutoencoderSpec(dataset="digits", hidden=(32, 16), picture=4))
    np.testing.assert_allclose(read(page)["hourglass"]["stations"][0]["values"], run.picture.pixels.ravel(), atol=1e-6)
    np.testing.assert_allclose(read(page)["hourglass"]["picture"], outputs(run)["again"].ravel(), atol=CLOSE)


@pytest.mark.parametrize("page", [{"viewport": PHONE, "color_scheme": "dark"}], indirect=True)
def test_on_a_phone_the_hourglass_stands_and_nothing_overflows(page: Any, app: str) -> None:
    open_stage(
        page, app, step=20, network="convolutional", dataset="sprites", kind="conditional", latent=32, examples=60
    )
    glass = read(page)["hourglass"]
    assert glass["across"] is False
    below = [each["place"]["y"] for each in glass["stations"]]
    assert below == sorted(below)
    assert all(each["place"]["x"] >= 0 and each["place"]["x"] + each["place"]["w"] <= 390 for each in glass["stations"])
    for name in ("Parameters", "Function and loss", "Training", "Pictures"):
        page.locator(".fold-head", has_text=name).first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".autoencoder").evaluate("(e) => e.scrollWidth <= e.clientWidth")


def test_training_moves_curves_reconstruction_and_code(page: Any, app: str) -> None:
    page.set_viewport_size(TALL)
    open_stage(page, app)
    before = read(page)
    page.evaluate(f"() => {STAGE}.dlviz.ask({{do: 'play', on: true, steps: 600}})")
    wait_for(page, "shown.curves.step >= 600 && shown.hourglass.shown_step >= 600 && shown.hourglass.step >= 600")
    after = read(page)
    lines = {chart["name"].split(":")[0].split(" ")[0]: chart["lines"] for chart in after["curves"]["charts"]}
    assert list(lines) == ["Reconstruction", "KL(N(μ,", "ELBO"]
    for line in lines["Reconstruction"]:
        assert line["ys"][-1] < line["ys"][0]
    run = AutoencoderRun(AutoencoderSpec(dataset="digits", hidden=(32, 16)))
    run.advance(600)
    assert after["curves"]["step"] == 600
    measured = run.measured().numbers
    for line, part in enumerate(("train", "validation")):
        assert lines["ELBO"][line]["ys"][-1] == pytest.approx(measured[f"{part}_elbo"], rel=1e-3)
        assert lines["ELBO"][line]["ys"][-1] == pytest.approx(
            -(lines["Reconstruction"][line]["ys"][-1] + lines["KL(N(μ,"][line]["ys"][-1]), rel=1e-4
        )
    assert f"{measured['validation_squared_error']:.4f} on average" in after["curves"]["words"]
    assert after["hourglass"]["loss"]["reconstruction"] < before["hourglass"]["loss"]["reconstruction"]


def test_the_thumbnails_autoencoder_gives_its_spot_back(chromium: Any) -> None:
    with static_page(chromium) as page:
        found = page.evaluate("""async () => {
            const made = await import('/thumbnails/autoencoding.js');
            return [0, 0.1, 0.37, 0.8].flatMap((t) => Object.values(made.PATHS).map((path) => {
                const picture = made.spot(path(t));
                const {sums, code, decoded} = made.encodeAndDecode(picture);
                return {at: path(t), side: made.SIDE, picture: [...picture], sums: [...sums], code,
                    decoded: [...decoded]};
            }));
        }""")
    for each in found:
        picture = np.reshape(each["picture"], (each["side"], each["side"]))
        np.testing.assert_allclose(each["sums"], np.concatenate([picture.sum(0), picture.sum(1)]))
        np.testing.assert_allclose(each["code"], each["at"], atol=0.03)  # a spot is cut a little at the edge
        assert np.abs(np.subtract(each["decoded"], each["picture"])).max() < 0.06
