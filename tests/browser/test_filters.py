"""The panel Filters in the real app, and its arithmetic: against the probes, hooks on a run of its own, and others."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.feature_selection import f_classif

from dlviz.labs.cnn.filters import filters
from dlviz.labs.cnn.maximizing import maximizing
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.labs.cnn.units import rows_of, seen
from dlviz.training.jobs import to_the_end
from tests.browser.cnn_page import stage, wait_for_stage
from tests.browser.static_page import ADDRESS, static_page

pytestmark = pytest.mark.browser

# Tall, because what is out of sight asks for nothing.
TALL = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 4600}}], indirect=True, ids=["tall"])
SPEC = CnnSpec(dataset="digits", channels=(4, 6), dense_units=(8,), examples=300)
LINK = "cnn?cnn.dataset=digits&cnn.channels=4,6&cnn.dense_units=8&cnn.examples=300&cnn.step=40&cnn.panel=Filters"
STEP = 40
TOP = "now.exciting.top.length === 9 && !now.exciting.busy"
REGULARIZERS = ("jitter", "blur", "decay", "variation")
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.filters)"


def shown(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.filters()")
    return found


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until a JavaScript expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.filters(); return now?.kernels && now.exciting && ({condition}); }}",
        arg=arg,
        timeout=60_000,
        polling=100,
    )
    return shown(page)


def heard(run: CnnRun, row: str, pictures: torch.Tensor) -> torch.Tensor:
    """What a row of the run's own network gives for pictures, by a hook."""
    kept: list[torch.Tensor] = []
    handle = run.network.get_submodule(row).register_forward_hook(lambda _module, _given, made: kept.append(made))
    run.network.eval()
    with torch.no_grad():
        run.network(pictures)
    run.network.train()
    handle.remove()
    return kept[0]


def check_kernels(kernels: dict[str, Any], run: CnnRun, row: str) -> None:
    trace = filters(run, row)
    assert kernels["row"] == row
    np.testing.assert_allclose(kernels["weight"], trace["weight"].ravel(), rtol=2e-3, atol=1e-5)
    np.testing.assert_allclose(kernels["first"], trace["first"].ravel(), rtol=1e-6)
    np.testing.assert_allclose(kernels["moved"], trace["moved"], rtol=2e-3, atol=1e-6)
    assert kernels["limit"] == pytest.approx(float(trace["limit"]), rel=1e-3)


def check_exciting(found: dict[str, Any], run: CnnRun, row: str, channel: int, measure: str) -> None:
    """Values, order, boxes, patches and everything by class."""
    made = heard(run, row, run.pictures.test_x)
    every = made if made.ndim == 2 else made.amax((2, 3)) if measure == "cell" else made.mean((2, 3))
    values, truth = every[:, channel].numpy(), run.pictures.test_y.numpy()
    assert (found["row"], found["channel"], found["step"]) == (row, channel, run.step)
    np.testing.assert_allclose(found["values"], values, rtol=2e-3, atol=1e-4)
    order = np.argsort(-np.array(found["values"]), kind="stable")
    assert [card["index"] for card in found["top"]] == order[:9].tolist()
    np.testing.assert_allclose(np.sort(values)[::-1][:9], values[order[:9]], rtol=2e-3, atol=1e-4)
    for card in found["top"]:
        assert card["text"].split("\n")[0].replace("−", "-") == f"{found['values'][card['index']]:.3f}"
        if made.ndim == 2:
            assert card["box"] is card["patch"] is None
            continue
        field = seen(SPEC, next(each for each in rows_of(SPEC) if each.name == row))
        cells = made[card["index"], channel]
        y, x = divmod(int(cells.argmax()), cells.shape[1])
        (top, bottom), (left, right) = field[y], field[x]
        sizes = [bottom - top + 1, right - left + 1]
        if card["box"] is not None:  # none is drawn where the cell sees all of the picture
            np.testing.assert_allclose(card["box"], np.array([top, left, *sizes]) * 100 / 8, atol=0.01)
            assert card["patch"] == sizes
        else:
            assert sizes == [8, 8]
    classes = found["classes"]
    n, k = len(values), 10
    f = f_classif(values[:, None], truth)[0][0]
    assert classes["explained"] == pytest.approx(f * (k - 1) / (f * (k - 1) + n - k), rel=1e-2)
    tenth = order[: round(n / 10)]
    edges = np.linspace(classes["low"], classes["high"], 25)
    for label, each in enumerate(classes["rows"]):
        own = np.array(found["values"])[truth == label]
        assert each["count"] == len(own)
        assert each["mean"] == pytest.approx(own.mean(), rel=1e-4)
        assert each["top"] == int((truth[tenth] == label).sum())
        assert np.abs(np.array(each["bins"]) - np.histogram(own, edges)[0]).sum() <= 2  # at an edge either side will do
    means = np.stack([every[truth == label].mean(0).numpy() for label in range(k)])
    deviation = every.std(0, correction=0).numpy()
    expected = (means - every.mean(0).numpy()) / np.where(deviation > 0, deviation, 1)
    np.testing.assert_allclose(found["preferences"], expected.ravel(), rtol=1e-2, atol=5e-3)


@TALL
def test_kernels_and_what_excites_a_channel(page: Any, app: str) -> None:
    run = CnnRun(SPEC)
    run.advance(STEP)
    page.goto(f"{app}/{LINK}")
    condition = "[now.step, now.kernels.step, now.exciting.step].every((step) => step === arg)"
    found = wait(page, f"{condition} && {TOP}", STEP)
    check_kernels(found["kernels"], run, "conv1")
    check_exciting(found["exciting"], run, "conv1", 0, "cell")

    # Another layer: its matrix, one kernel opened, and what excites that map.
    page.locator(".filters .layer").nth(1).click()
    found = wait(page, "now.kernels.row === 'conv2' && now.kernels.shape.join() === '6,4,3' && !now.kernels.busy")
    check_kernels(found["kernels"], run, "conv2")
    box = page.locator(".matrix-canvas").bounding_box()
    k, c = 3, 2
    page.mouse.click(box["x"] + (c + 0.4) * box["width"] / 4, box["y"] + (k + 0.4) * box["height"] / 6)
    found = wait(page, f"now.exciting.row === 'conv2' && now.exciting.channel === 3 && {TOP}")
    kernel = run.network.conv2.weight[k, c].detach().numpy()  # type: ignore[index]
    np.testing.assert_allclose(found["kernels"]["lens"]["kernel"], kernel.ravel(), rtol=2e-3, atol=1e-5)
    assert found["kernels"]["lens"]["title"] == f"Map {k + 1} of conv2 from map {c + 1} of pool1"
    assert f"{np.linalg.norm(kernel):.3f}" in found["kernels"]["lens"]["facts"]
    check_exciting(found["exciting"], run, "conv2", k, "cell")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    k += 1
    opened = f"Map {k + 1} of conv2 from map {c + 1} of pool1"
    wait(page, f"now.exciting.channel === arg[0] && now.kernels.lens.title === arg[1] && {TOP}", [k, opened])
    page.get_by_label("A map counts as").select_option("map")
    found = wait(page, f"now.exciting.measure === 'map' && {TOP}")
    check_exciting(found["exciting"], run, "conv2", k, "map")
    page.get_by_label("Layer", exact=True).select_option("dense1")
    found = wait(page, f"now.exciting.row === 'dense1' && {TOP}")
    check_exciting(found["exciting"], run, "dense1", k, "cell")

    # Back at the first step the kernels are the first ones; a network with fewer maps is looked at calmly.
    page.evaluate(f"() => {PANEL}.dlviz.scrub(0)")
    found = wait(page, "now.step === 0 && now.kernels.step === 0 && !now.kernels.busy")
    assert found["kernels"]["weight"] == found["kernels"]["first"]
    assert not any(found["kernels"]["moved"])
    stage(page, "ask", {"do": "set", "changes": {"channels": [2], "dense_units": []}})
    found = wait(
        page, f"now.kernels.row === 'conv1' && now.kernels.shape[0] === 2 && now.exciting.row === 'conv1' && {TOP}"
    )
    assert found["unit"] == {"row": "conv1", "channel": 0}


@TALL
def test_the_ascent(page: Any, app: str) -> None:
    run = CnnRun(SPEC)
    run.advance(STEP)
    page.goto(f"{app}/{LINK}")
    found = wait(page, "now.climbing.results[0]?.step === arg && !now.climbing.busy", STEP)

    # The picture of the class that is answered came by itself.
    logits = heard(run, "output", run.picture[None])[0]
    target = int(logits.argmax())
    expected = to_the_end(maximizing(run, channel=target))
    climbed = found["climbing"]["shown"]
    assert climbed["name"] == f"the class {target}"
    np.testing.assert_allclose(climbed["picture"], expected["picture"].ravel(), atol=3 / 255)
    assert climbed["reached"] == pytest.approx(float(expected["reached"]), rel=2e-2)
    assert climbed["testBest"] == pytest.approx(float(expected["test_best"]), rel=1e-3)
    assert len(climbed["curve"]) == 129

    # What the regularizers are for, side by side; then onto the stage, where the network agrees.
    page.get_by_role("button", name="Compare the regularizers").click()
    found = wait(page, "now.climbing.count === 7 && !now.climbing.busy")
    results = found["climbing"]["results"][1:]
    used = [sum(each["settings"][name] > 0 for name in REGULARIZERS) for each in results]
    assert used == [0, 1, 1, 1, 1, 4]
    assert results[0]["rough"] > 1.5 * results[-1]["rough"]
    assert results[0]["reached"] > results[-1]["reached"]
    own = maximizing(run, channel=target, **results[0]["settings"])
    assert results[0]["reached"] == pytest.approx(float(to_the_end(own)["reached"]), rel=2e-2)
    final = found["climbing"]["shown"]
    page.get_by_role("button", name="Put it on the stage").click()
    found = wait(page, "now.spec.own_pixels")
    pixels = base64.urlsafe_b64decode(found["spec"]["own_pixels"] + "==")
    np.testing.assert_allclose(np.frombuffer(pixels, np.uint8), np.array(final["picture"]) * 255, atol=0.01)
    wait_for_stage(page, "Math.abs(dlviz.bars()[arg[0]] - arg[1]) < 1e-3", [target, final["probabilities"][target]])

    # Stopped half-way: what there is stays, and nothing else is lost.
    page.get_by_role("radio", name="Noise").click()
    steps = page.locator(".climbing [data-field=steps] input[type=text]")
    steps.fill("512")
    steps.press("Enter")
    page.get_by_role("button", name="Climb").click()
    page.get_by_role("button", name="Stop").click()
    found = wait(page, "!now.climbing.busy && now.climbing.status === 'Stopped.'")
    assert found["climbing"]["count"] >= 7


def test_named_kernels_and_what_is_chance(browser: Any) -> None:
    random = np.random.default_rng(1).standard_normal((4_000, 9))
    with static_page(browser) as page:
        found = page.evaluate(
            """async ([address, kernels]) => {
                const { likeness, BY_CHANCE } = await import(`${address}/filters/likeness.js`);
                const [zero, large] = [Array(9).fill(0), Array(25).fill(1)].map(likeness);
                return { best: kernels.map(likeness), BY_CHANCE, zero, large };
            }""",
            [ADDRESS, random.tolist()],
        )
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    point = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    line = np.array([[-1, 2, -1]] * 3)
    diagonal = np.array([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]])
    one = np.zeros((3, 3))
    one[1, 1] = 1
    named = [sobel, sobel.T, diagonal, np.fliplr(diagonal), line, line.T, point, np.ones((3, 3)), one]
    bank = np.stack([kernel.ravel() / np.linalg.norm(kernel) for kernel in named])
    cosines = random @ bank.T / np.linalg.norm(random, axis=1)[:, None]
    best = np.take_along_axis(cosines, np.abs(cosines).argmax(1)[:, None], 1)[:, 0]
    np.testing.assert_allclose(np.abs([each["cosine"] for each in found["best"]]), np.abs(best), rtol=1e-9)
    assert found["BY_CHANCE"]["half"] == pytest.approx(np.median(np.abs(best)), abs=0.01)
    assert found["BY_CHANCE"]["twentieth"] == pytest.approx(np.quantile(np.abs(best), 0.95), abs=0.01)
    assert found["zero"] is found["large"] is None
