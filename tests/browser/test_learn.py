"""Learn the kernel: what the panel shows of a real run, against a run of the same spec in this process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.convolution.pairs import TRAIN
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import link

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.learn)"
SESSION = "globalThis[Symbol.for('dlviz.sessions')].get('convolution/page')"
PHONE = {"viewport": {"width": 390, "height": 5000}, "color_scheme": "dark"}


def open_panel(page: Any, app: str, **settings: Any) -> Any:
    if page.viewport_size["width"] > 400:
        page.set_viewport_size({"width": 1440, "height": 2600})  # what is out of sight is not drawn
    page.goto(link(app, panel="Learn the kernel", **settings))
    page.wait_for_function(f"() => {PANEL} && {SESSION}?.frame")
    return page


def advance(page: Any, steps: int) -> None:
    """Exactly so many steps more, and the panel shows them."""
    reached = page.evaluate(f"() => {SESSION}.frame.step") + steps
    page.evaluate(f"async (steps) => {{ await {SESSION}.advance(steps); }}", steps)
    wait(page, f"now.step === {reached}")


def wait(page: Any, condition: str) -> None:
    page.wait_for_function(f"() => {{ const now = {PANEL}?.dlviz.learn(); return now && ({condition}); }}")


def shown(page: Any) -> Any:
    return page.evaluate(f"() => {PANEL}.dlviz.learn()")


def twin(steps: int, **changes: Any) -> ConvolutionRun:
    run = ConvolutionRun(ConvolutionSpec(**changes))
    run.advance(steps)
    return run


def same(found: list[float], expected: Any) -> None:
    np.testing.assert_allclose(found, np.asarray(expected, np.float32).reshape(-1), rtol=1e-4, atol=1e-5)


def test_every_number_is_that_of_the_run(page: Any, app: str) -> None:
    open_panel(page, app)
    advance(page, 40)
    run, now = twin(40), shown(page)
    frame = run.frame().arrays
    hidden = run.target.get_parameter("0.weight").numpy()
    same(now["hidden"], hidden)
    same(now["learned"], frame["weight.0"])
    same(now["difference"], frame["weight.0"] - hidden)
    same(now["gradient"], frame["gradient.weight.0"])
    largest = max(np.abs(frame["weight.0"] - hidden).max(), abs(frame["bias.0"]).max())
    assert now["largest"] == pytest.approx(largest, rel=1e-4)
    assert now["sentence"] == f"After 40 steps the largest difference to the hidden kernel is {largest:.3g}."
    for at in range(3):
        now = shown(page)
        with torch.no_grad():
            answer = run.network(run.inputs[TRAIN + at][None])[0]
        same(now["pair"]["answer"], answer)
        same(now["pair"]["hidden"], run.answers[TRAIN + at])
        same(now["pair"]["error"], answer - run.answers[TRAIN + at])
        page.get_by_role("button", name="Next pair").click()
        wait(page, f"now.pair.at === {at + 1}")


def test_a_kernel_is_hidden_and_guessed(page: Any, app: str) -> None:
    open_panel(page, app)
    marks = page.locator("[data-kernel=hidden] .cells-veiled")
    assert not marks.is_visible()
    curtain = page.get_by_text("This kernel is hidden; the panel Learn the kernel is to find it.")
    assert not curtain.is_visible()
    page.get_by_role("button", name="Hide it").click()
    marks.wait_for()
    curtain.wait_for()
    assert marks.inner_text().split() == ["?"] * 9
    assert not page.locator("[data-kernel=hidden] canvas").is_visible()
    assert not page.locator("[data-kernel=difference] canvas").is_visible()
    assert page.evaluate(f"() => {SESSION}.shared.get('happened.guessed')") is None
    page.get_by_label("Your guess").select_option("Sobel, horizontal edges")
    page.locator(".learn").get_by_role("button", name="Reveal").click()
    curtain.wait_for(state="hidden")
    page.get_by_text("It is: Sobel, vertical edges. Your guess: Sobel, horizontal edges.").wait_for()
    assert page.locator("[data-kernel=hidden] canvas").is_visible()
    assert page.evaluate(f"() => {SESSION}.shared.get('happened.guessed')") is True
    page.get_by_label("Your guess").select_option("Sobel, vertical edges")
    page.get_by_text("✓ You guessed it: Sobel, vertical edges.").wait_for()
    page.get_by_role("button", name="Hide a random one").click()
    page.wait_for_function(f"() => {SESSION}.scene.numbers.spec.kernel.join() === 'random'")
    marks.wait_for()
    assert page.evaluate(f"() => {SESSION}.scene.numbers.spec.seed") != 1


def test_the_curves_read_out_and_lead_back(page: Any, app: str) -> None:
    open_panel(page, app)
    advance(page, 24)
    chart = page.locator(".learn canvas.curve-canvas").first
    measured = {event.step: event.values for event in ConvolutionRun(ConvolutionSpec()).advance(24)}
    assert f"Training loss {measured[24]['train_loss']:.3f}" in chart.get_attribute("aria-label")
    distance = page.locator(".learn canvas.curve-canvas").last
    assert f"Distance {measured[24]['distance']:.3f}" in distance.get_attribute("aria-label")
    chart.focus()
    for _ in range(3):
        chart.press("ArrowLeft")
    words = page.locator(".learn .curve-words").first
    words.wait_for()
    step = 16  # from the end at 24, measured at every fourth
    words.get_by_text(f"step {step}", exact=True).wait_for()
    assert f"Training loss {measured[step]['train_loss']:.3f}" in words.inner_text().replace("\n", " ")
    chart.press("Enter")
    wait(page, f"now.step <= {step}")
    now = shown(page)
    same(now["learned"], twin(now["step"]).frame().arrays["weight.0"])
    same(now["gradient"], twin(now["step"]).frame().arrays["gradient.weight.0"])


def test_a_weight_set_by_hand_returns(page: Any, app: str) -> None:
    open_panel(page, app)
    advance(page, 100)
    page.locator("[data-kernel=learned] canvas").click(position={"x": 10, "y": 80})  # row 2, column 1
    page.get_by_text("Row 2, column 1").wait_for()
    field = page.get_by_label("New value of the weight")
    field.fill("much")
    field.press("Enter")
    page.get_by_text("“much” is not a number. Give one such as 0.5.").wait_for()
    field.fill("3,5")
    field.press("Enter")
    wait(page, "now.learned[3] === 3.5")
    run = twin(100)
    run.edit("weight.0", (0, 0, 1, 0), 3.5)
    same(shown(page)["gradient"], run.frame().arrays["gradient.weight.0"])
    advance(page, 150)
    assert shown(page)["learned"][3] == pytest.approx(-2, abs=0.05)


@pytest.mark.parametrize(
    ("settings", "clicks", "cells"),
    [
        ({"channels": "rgb", "kernel": ["edge", "average"]}, ["Averaging", "blue"], (1, 2)),
        ({"channels": "rgb", "kernel": ["edge", "average"], "layer": "transposed"}, ["Averaging", "blue"], (1, 2)),
        ({"channels": "maps", "kernel": ["edge", "average"], "groups": 2}, ["Averaging", "Laplacian"], (1, 1)),
    ],
)
def test_of_many_kernels_the_chosen_one_is_shown(
    page: Any, app: str, settings: dict[str, Any], clicks: list[str], cells: tuple[int, int]
) -> None:
    open_panel(page, app, **settings)
    advance(page, 10)
    for name in clicks:
        page.locator(".choose").get_by_role("button", name=name, exact=True).click()
    run = twin(10, **{name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()})
    filters = run.parameters()["weight.0"].detach()
    if settings.get("layer") == "transposed":
        filters = filters.transpose(0, 1)
    expected = filters[cells]
    wait(page, f"Math.abs(now.learned[0] - {expected[0, 0].item()}) < 1e-4")
    now = shown(page)
    same(now["learned"], expected)
    with torch.no_grad():
        same(now["pair"]["answer"], run.network(run.inputs[TRAIN][None])[0])
    same(now["pair"]["hidden"], run.answers[TRAIN][cells[0]])


def test_a_separable_layer_is_learned_up_to_its_products(page: Any, app: str) -> None:
    settings = {"layer": "separable", "channels": "rgb", "kernel": ("edge", "average")}
    open_panel(page, app, **settings)
    advance(page, 60)
    run = twin(60, **settings)

    def products(network: Any) -> torch.Tensor:
        """Answers to single dots and to nothing: the kernel that the two layers amount to."""
        with torch.no_grad():
            nothing = network(torch.zeros(1, 3, 12, 12))[:, :, 5, 5]
            dots = torch.zeros(27, 3, 12, 12)
            for k in range(27):
                dots[k, k // 9, 5 + k % 9 // 3, 5 + k % 3] = 1
            return torch.cat([network(dots)[:, :, 5, 5] - nothing, nothing])

    largest = (products(run.network) - products(run.target)).abs().max().item()
    words = page.locator(".why-words").inner_text()
    assert float(words.split("largest difference is ")[1].rstrip(".\n")) == pytest.approx(largest, rel=5e-3)
    page.locator(".choose").get_by_role("button", name="Pointwise").click()
    wait(page, "now.learned.length === 6")
    same(shown(page)["learned"], run.parameters()["weight.1"].detach())


def test_flat_pictures_teach_the_sum_only(page: Any, app: str) -> None:
    open_panel(page, app, pairs="flat")
    advance(page, 100)
    words = page.locator(".because")
    assert "determine 1 of the 10 numbers of a filter" in words.inner_text()
    learned = twin(100, pairs="flat").parameters()
    total, bias = learned["weight.0"].sum().item(), learned["bias.0"].item()
    cells = words.locator("tr").last.locator("td").all_inner_texts()
    found = [float(text.replace("−", "-")) for text in cells[:2]]
    assert found == pytest.approx([total, bias], rel=5e-3)
    assert abs(0.5 * total + bias) < 1e-5


def test_photographs_say_why_they_are_slow(page: Any, app: str) -> None:
    open_panel(page, app, pairs="photos")
    curvature = twin(0, pairs="photos").curvature
    assert curvature is not None
    words = page.locator(".why-words")
    page.get_by_text("The condition number of the patches").wait_for()
    text = words.inner_text().replace(",", "")
    assert f"correlation of {curvature['neighbours']:.2g}" in text
    assert f"patches is {curvature['condition']:.0f}" in text
    assert f"in about {1 / (0.04 * curvature['smallest']):.0f} steps" in text
    assert f"above {curvature['fastest']:.3f}" in text


def test_pooling_leads_back_to_a_convolution(page: Any, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 2600})
    page.goto(link(app, panel="Learn the kernel", layer="max_pool"))
    page.get_by_text("Pooling has no weights, so there is nothing to learn").wait_for()
    page.get_by_role("button", name="Back to a convolution").click()
    wait(page, "now.learned.length === 9")


def test_the_stage_is_told_to_show_the_learner(page: Any, app: str) -> None:
    open_panel(page, app)
    switch = page.get_by_role("button", name="Show on the stage")
    switch.click()
    assert page.evaluate(f"() => {SESSION}.shared.get('convolution.learned')") is True
    page.locator("[data-kernel=learned] canvas").hover(position={"x": 10, "y": 10})
    page.wait_for_function(f"() => {SESSION}.shared.get('convolution.focus')?.kind === 'kernel'")
    assert page.evaluate(f"() => {SESSION}.shared.get('convolution.focus')") == {
        "kind": "kernel", "layer": 0, "o": 0, "channel": 0, "ky": 0, "kx": 0,
    }  # fmt: skip
    switch.click()
    assert page.evaluate(f"() => {SESSION}.shared.get('convolution.learned')") is False


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(page: Any, app: str) -> None:
    open_panel(page, app, channels="maps", kernel=["sobel_vertical", "edge", "average"], kernel_size=7)
    advance(page, 20)
    assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert page.locator(".learn").evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
