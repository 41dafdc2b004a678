"""The panel Reconstructions in the real app: every picture, error and share on it against torch and numpy."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from dlviz.labs.autoencoder.reconstructing import reconstructions
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.jobs import to_the_end

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.reconstructions)"
SMALL = {"dataset": "digits", "hidden": (32, 16)}
STEPS = 200
TALL = {"viewport": {"width": 1440, "height": 12_000}}  # what is out of sight is not drawn
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}

pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [TALL], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true", arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    found = page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.reconstructions(); return now && now.gallery && now.own && ({condition}) && now; }}",  # noqa: E501
        arg=arg,
        timeout=60_000,
    )
    answer: dict[str, Any] = found.json_value()
    return answer


def opened(page: Any, app: str, steps: int = STEPS, **settings: Any) -> AutoencoderRun:
    """Open the panel and train; a run of the same settings and as many steps, trained here."""
    values = {**SMALL, **settings}
    words = {k: ",".join(map(str, v)) if isinstance(v, tuple) else v for k, v in values.items()}
    query = "&".join(f"autoencoder.{name}={value}" for name, value in words.items())
    page.goto(f"{app}/autoencoder?autoencoder.panel=Reconstructions&{query}")
    wait(page)
    page.evaluate(f"(steps) => {PANEL}.dlviz.ask({{do: 'advance', steps}})", steps)
    settled(page, steps)
    run = AutoencoderRun(AutoencoderSpec(**values))
    run.advance(steps)
    return run


def settled(page: Any, steps: int, more: str = "true", arg: Any = None) -> dict[str, Any]:
    """All parts show that step, and nothing is on its way."""
    parts = f"now.gallery.step === {steps} && now.own.step === {steps} && now.spread?.step === {steps}"
    return wait(page, f"{parts} && !now.gallery.busy && !now.own.busy && ({more})", arg)


def given_back(run: AutoencoderRun, x: np.ndarray, labels: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, pictures and −log p(x | z) of torch, for pictures (n, channel, height, width)."""
    pixels, y = torch.tensor(x, dtype=torch.float32), torch.tensor(labels)
    with torch.no_grad():
        z = run.network.encode(pixels, y).mean
        decoded = run.network.decode(z, y)
        again = run.network.pictures(decoded)
        if run.spec.likelihood == "bernoulli":
            each = torch.nn.functional.binary_cross_entropy_with_logits(decoded, pixels, reduction="none")
        else:
            each = (decoded - pixels) ** 2 / 2
    return z.numpy(), again.numpy(), each.flatten(1).sum(1).numpy()


def check(run: AutoencoderRun, now: dict[str, Any]) -> None:
    """The pictures of the gallery and the one on screen are torch's."""
    items, pictures = now["gallery"]["items"], run.data.pictures
    at = [item["index"] for item in items]
    x = (pictures.test_x[at] * 255).round().numpy() / 255  # as the page has them
    assert [item["label"] for item in items] == pictures.test_y[at].tolist()
    _, again, nats = given_back(run, x, pictures.test_y[at].tolist())
    for i, item in enumerate(items):
        np.testing.assert_allclose(item["picture"], again[i].flatten(), atol=1e-4)
        np.testing.assert_allclose(item["difference"], (again[i] - x[i]).mean(0).flatten(), atol=1e-4)
        assert item["squaredError"] == pytest.approx(((again[i] - x[i]) ** 2).mean(), abs=1e-5)
        assert item["nats"] == pytest.approx(nats[i], rel=1e-4)
    check_own(run, now)


def check_own(run: AutoencoderRun, now: dict[str, Any]) -> None:
    own = now["own"]
    x = np.array(own["pixels"], np.float32).reshape(1, *run.spec.picture_shape)
    z, again, nats = given_back(run, x, [own["label"]])
    np.testing.assert_allclose(own["mean"], z[0], atol=1e-4)
    np.testing.assert_allclose(own["picture"], again.flatten(), atol=1e-4)
    assert own["nats"] == pytest.approx(nats[0], rel=1e-4)
    error = ((again - x) ** 2).mean()
    assert own["squaredError"] == pytest.approx(error, abs=1e-5)
    others = to_the_end(reconstructions(run, parameters=False))["squared_error"]
    share = (others < own["squaredError"]).mean()
    words = "all of" if share in (0, 1) else f"{100 * share:.{1 if share > 0.99 else 0}f} %"
    assert words in own["rank"]


@tall
def test_pictures_errors_and_their_spread_are_torchs(page: Any, app: str) -> None:
    run = opened(page, app, kind="conditional", latent=4)
    panel = page.locator(".reconstructions")
    now = settled(page, STEPS)
    check(run, now)
    assert "64 numbers go in, 4 numbers go through the middle" in panel.inner_text()

    trace = to_the_end(reconstructions(run, parameters=False))
    errors, train = trace["squared_error"], trace["train_squared_error"]
    means = now["spread"]["means"]
    assert means["test"] == pytest.approx(errors.mean(), rel=1e-4)
    assert means["train"] == pytest.approx(train.mean(), rel=1e-4)
    assert means["mean"] == pytest.approx(trace["mean_squared_error"].mean(), rel=1e-4)
    for shown in (means["test"], means["train"], means["mean"]):
        assert f"{shown:.4f}" in now["spread"]["words"]
    width = now["spread"]["bins"]["width"]
    edges = np.append(np.arange(40) * width, np.inf)
    counted = np.array(now["spread"]["bins"]["counts"]["test"])
    assert np.abs(counted - np.histogram(errors, edges)[0]).sum() <= 2  # an error may lie on an edge
    for each in now["spread"]["classes"]:
        some = errors[trace["label"] == each["at"]]
        assert each["test"]["mean"] == pytest.approx(some.mean(), rel=1e-4)
        assert each["test"]["spread"] == pytest.approx(some.std(), rel=1e-3)

    # Sorted, paged, of one class.
    panel.get_by_role("radio", name="Worst first").click()
    worst = np.argsort(-errors, kind="stable")
    now = settled(page, STEPS, "now.gallery.order === 'worst' && now.gallery.items[0].index === arg", int(worst[0]))
    at = [item["index"] for item in now["gallery"]["items"]]
    np.testing.assert_allclose(errors[at], errors[worst[:12]], atol=1e-6)
    check(run, now)
    panel.get_by_role("button", name="More pictures").click()
    now = settled(page, STEPS, "now.gallery.from === 12")
    np.testing.assert_allclose(errors[[i["index"] for i in now["gallery"]["items"]]], errors[worst[12:24]], atol=1e-6)
    panel.locator(".recon-class[data-class='3']").click()
    panel.get_by_role("radio", name="Best first").click()
    panel.get_by_role("radio", name="24").click()
    threes = [int(i) for i in np.argsort(errors, kind="stable") if trace["label"][i] == 3][:24]
    now = settled(page, STEPS, "now.gallery.items.length === 24 && now.gallery.items[0].index === arg", threes[0])
    np.testing.assert_allclose(errors[[i["index"] for i in now["gallery"]["items"]]], errors[threes], atol=1e-6)

    # One cell of a picture by the keyboard; then that picture on screen.
    card = panel.locator(".recon-card").nth(1)
    card.focus()
    card.press("ArrowDown")
    now = wait(page, "now.gallery.look?.k === 1 && now.gallery.readout.includes('row 5, column 4')")
    item = now["gallery"]["items"][1]
    x = run.data.pictures.test_x[item["index"], 0, 5, 4].item()
    assert f"picture {x:.2f}, reconstruction {item['picture'][44]:.2f}" in now["gallery"]["readout"]
    card.press("Escape")
    wait(page, "now.gallery.look === null")
    card.press("Enter")
    now = settled(page, STEPS, "now.spec.picture === arg", item["index"])
    assert now["own"]["squaredError"] == pytest.approx(item["squaredError"], abs=1e-4)

    # A bar of the histogram by the keyboard.
    histogram = panel.locator("canvas.recon-histogram")
    histogram.press("ArrowRight")
    first = int(counted[0])
    wait(page, "now.spread.bubble?.includes(arg)", f"{first} test pictures")


@tall
def test_a_picture_of_ones_own(page: Any, app: str) -> None:
    run = opened(page, app, latent=3)
    panel = page.locator(".reconstructions")
    assert panel.get_by_role("button", name="Back to the test picture").is_hidden()
    panel.get_by_role("button", name="Clear").click()
    now = settled(page, STEPS, "now.own.own && now.spec.own_pixels !== '' && now.own.status !== ''")
    assert "Nothing is drawn yet" in now["own"]["status"]
    check_own(run, now)
    canvas = panel.locator(".pad-canvas")
    box = canvas.bounding_box()
    cell = box["width"] / 8
    page.mouse.move(box["x"] + 2.5 * cell, box["y"] + 2.5 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 5.5 * cell, box["y"] + 2.5 * cell, steps=4)
    page.mouse.move(box["x"] + 3.5 * cell, box["y"] + 6.5 * cell, steps=6)
    page.mouse.up()
    now = settled(page, STEPS, "now.own.status === '' && Math.max(...now.own.bytes) > 200")
    assert now["own"]["bytes"] == [round(255 * value) for value in now["own"]["pixels"]]
    box = canvas.bounding_box()  # the line about nothing drawn has gone: the pad may stand higher now
    page.mouse.move(box["x"] + 3.5 * cell, box["y"] + 4.5 * cell)
    now = wait(page, "now.own.look !== null")
    check_own(run, now)
    assert now["own"]["times"], "how long each answer took is kept"
    before = now["own"]["bytes"]
    canvas.focus()
    canvas.press("ArrowRight")
    now = settled(page, STEPS, "now.own.bytes.join() !== arg", ",".join(map(str, before)))
    moved = np.reshape(now["own"]["bytes"], (8, 8))
    assert np.array_equal(moved[:, 1:], np.reshape(before, (8, 8))[:, :-1])
    check_own(run, now)

    # From files: one that is no picture changes nothing; a large one is reduced.
    field = panel.locator("input[type=file]")
    field.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture at all"})
    now = wait(page, "now.own.status.includes('notes.txt')")
    assert now["own"]["bytes"] == moved.flatten().tolist()
    square = np.zeros((200, 300), np.uint8)
    square[50:150, 100:200] = 255
    file = io.BytesIO()
    Image.fromarray(square).save(file, "PNG")
    field.set_input_files({"name": "square.png", "mimeType": "image/png", "buffer": file.getvalue()})
    now = settled(page, STEPS, "now.own.status.includes('middle square')")
    brought = np.reshape(now["own"]["bytes"], (8, 8))
    assert brought[3:5, 3:5].min() > 250
    assert brought[0].max() < 5
    check_own(run, now)
    panel.get_by_role("button", name="Back to the test picture").click()
    now = settled(page, STEPS, "!now.own.own && now.spec.own_pixels === ''")
    check(run, now)


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone_in_colour_with_a_class_that_is_told(page: Any, app: str) -> None:
    settings = {"dataset": "sprites", "kind": "conditional", "latent": 1, "likelihood": "gaussian", "examples": 100}
    run = opened(page, app, steps=20, **settings)
    panel = page.locator(".reconstructions")
    now = settled(page, 20)
    check(run, now)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sticking = f"[...{PANEL}.shadowRoot.querySelectorAll('.reconstructions *')]"
    assert page.evaluate(f"() => Math.max(...{sticking}.map((e) => e.getBoundingClientRect().right))") <= 391
    assert panel.locator("#recon-told").is_hidden()
    panel.get_by_label("Move right by one cell").click()
    settled(page, 20, "now.own.own && now.spec.own_pixels !== ''")
    panel.locator("#recon-told").select_option("arrow")
    now = settled(page, 20, "now.own.label === 2")
    check_own(run, now)
