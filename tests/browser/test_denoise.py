"""The panel Denoise in the real app: damage, restoring, decibels and curves against numpy, scikit-image and torch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio

from dlviz.labs.autoencoder.denoising import denoise
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import NOISES, AutoencoderSpec
from dlviz.training.jobs import to_the_end

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.denoise)"
SMALL = {"dataset": "digits", "hidden": (32, 16)}
STEPS = 200
TALL = {"viewport": {"width": 1440, "height": 12_000}}  # what is out of sight is not drawn
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}

pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [TALL], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true", arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    ready = "now && now.restoring && now.more && now.answers && !now.more.busy && !now.answers.busy"
    found = page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.denoise(); return {ready} && ({condition}) && now; }}",
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
    page.goto(f"{app}/autoencoder?autoencoder.panel=Denoise&{query}")
    wait(page)
    page.evaluate(f"(steps) => {PANEL}.dlviz.ask({{do: 'advance', steps}})", steps)
    wait(page, all_at(steps))
    run = AutoencoderRun(AutoencoderSpec(**values))
    run.advance(steps)
    return run


def all_at(steps: int) -> str:
    return " && ".join(f"now.{part}.step === {steps}" for part in ("restoring", "more", "answers"))


def chances(seed: int, count: int) -> list[float]:
    """The generator mulberry32, written again from its definition with whole numbers."""
    state, found, word = seed & 0xFFFFFFFF, [], 0xFFFFFFFF
    for _ in range(count):
        state = (state + 0x6D2B79F5) & word
        x = ((state ^ (state >> 15)) * (state | 1)) & word
        x ^= (x + (((x ^ (x >> 7)) * (x | 61)) & word)) & word
        found.append((x ^ (x >> 14)) / 2**32)
    return found


def damaged(x: np.ndarray, how: dict[str, Any]) -> np.ndarray:
    """A picture (channel, height, width) with that noise."""
    if how["kind"] == "gaussian":
        pairs = np.reshape(chances(how["seed"], 2 * x.size), (-1, 2))
        noise = [math.sqrt(-2 * math.log(1 - a)) * math.cos(2 * math.pi * b) for a, b in pairs]
        return np.clip(x + how["amount"] * np.reshape(noise, x.shape), 0, 1)
    hit = np.reshape(chances(how["seed"], x[0].size), x[0].shape)
    found = np.where(hit < how["amount"], 0.0, x)
    if how["kind"] == "salt_pepper":
        found = np.where((hit >= how["amount"] / 2) & (hit < how["amount"]), 1.0, found)
    return found


def restored(run: AutoencoderRun, x: np.ndarray, label: int) -> np.ndarray:
    with torch.no_grad():
        y = torch.tensor([label])
        z = run.network.encode(torch.tensor(x, dtype=torch.float32)[None], y).mean
        found: np.ndarray = run.network.pictures(run.network.decode(z, y))[0].numpy()
    return found


def check(run: AutoencoderRun, now: dict[str, Any]) -> None:
    """The picture on screen and the eight more: damage, what is restored, decibels."""
    found, pictures = now["restoring"], run.data.pictures
    shape = run.spec.picture_shape
    clean = pictures.test_x[now["spec"]["picture"]].numpy()
    label = int(pictures.test_y[now["spec"]["picture"]])
    hurt = damaged(clean, now["how"])
    if (box := found["box"]) is not None:
        hurt[:, box["top"] : box["bottom"] + 1, box["left"] : box["right"] + 1] = 0.5
    np.testing.assert_allclose(found["damaged"], hurt.flatten(), atol=1e-6)
    again = restored(run, hurt, label)
    np.testing.assert_allclose(found["restored"], again.flatten(), atol=1e-4)
    np.testing.assert_allclose(found["difference"], (again - clean).mean(0).flatten(), atol=1e-4)
    assert found["before"] == pytest.approx(peak_signal_noise_ratio(clean, hurt, data_range=1), abs=1e-3)
    assert found["after"] == pytest.approx(peak_signal_noise_ratio(clean, again, data_range=1), abs=5e-3)
    whole = restored(run, clean, label)
    assert found["ceiling"] == pytest.approx(peak_signal_noise_ratio(clean, whole, data_range=1), abs=5e-3)
    assert now["more"]["how"] == now["how"]
    for k, item in enumerate(now["more"]["items"]):
        assert item["index"] == now["spec"]["picture"] + 1 + k
        x = (pictures.test_x[item["index"]] * 255).round().numpy() / 255  # as the page has it
        hurt = damaged(x, {**now["how"], "seed": now["how"]["seed"] + 1 + k})
        np.testing.assert_allclose(np.reshape(item["damaged"], shape), hurt, atol=1e-6)
        again = restored(run, hurt, item["label"])
        assert item["before"] == pytest.approx(peak_signal_noise_ratio(x, hurt, data_range=1), abs=1e-3)
        assert item["after"] == pytest.approx(peak_signal_noise_ratio(x, again, data_range=1), abs=5e-3)


@tall
def test_noise_and_what_is_restored(page: Any, app: str) -> None:
    run = opened(page, app, kind="conditional", latent=4, picture=2)
    panel = page.locator(".denoise")
    check(run, wait(page, "now.restoring.how.amount === 0.4"))
    assert "never been shown damage" in panel.inner_text()
    field = panel.locator(".knob[data-field=noise] input[type=text]")
    for kind, amount in (("masking", 0.3), ("salt_pepper", 0.25)):
        panel.locator(".noise-controls .knob").first.locator("select").select_option(kind)
        field.fill(str(amount))
        field.press("Enter")
        shown = "now.restoring.how.kind === arg[0] && now.restoring.how.amount === arg[1]"
        now = wait(page, f"{shown} && now.more.how.kind === arg[0] && now.more.how.amount === arg[1]", [kind, amount])
        check(run, now)
    panel.get_by_role("button", name="Resample").click()
    again = wait(page, "now.restoring.how.seed === 2 && now.more.how.seed === 2")
    check(run, again)
    assert again["restoring"]["damaged"] != now["restoring"]["damaged"]
    field.fill("2")
    field.press("Enter")
    panel.get_by_text("Give a number from 0 to 1").wait_for()
    assert wait(page)["how"]["amount"] == 0.25
    field.fill("0")
    field.press("Enter")
    now = wait(page, "now.restoring.how.amount === 0")
    assert now["restoring"]["before"] == 100
    assert "Nothing is damaged" in now["restoring"]["sentence"]


@tall
def test_a_square_is_painted_over_and_filled_in(page: Any, app: str) -> None:
    run = opened(page, app, kind="plain", latent=8)
    panel = page.locator(".denoise")
    tile = panel.locator(".tile[data-tile=damaged]").first
    box = tile.bounding_box()
    cell = box["width"] / 8
    page.mouse.move(box["x"] + 2.5 * cell, box["y"] + 1.5 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 4.5 * cell, box["y"] + 5.5 * cell, steps=4)
    page.mouse.up()
    now = wait(page, "now.restoring.box?.right === 4 && now.restoring.box.bottom === 5")
    assert (now["restoring"]["box"]["top"], now["restoring"]["box"]["left"]) == (1, 2)
    check(run, now)
    x = run.data.pictures.test_x[0].numpy()
    inside = np.s_[:, 1:6, 2:5]
    again = np.reshape(now["restoring"]["restored"], x.shape)
    found = now["restoring"]["inside"]
    assert found["before"] == pytest.approx(-10 * np.log10(((0.5 - x[inside]) ** 2).mean()), abs=1e-3)
    assert found["after"] == pytest.approx(-10 * np.log10(((again - x)[inside] ** 2).mean()), abs=1e-3)
    tile.focus()
    tile.press("ArrowRight")
    tile.press("Shift+ArrowUp")
    now = wait(page, "now.restoring.box?.left === 3 && now.restoring.box.bottom === 4")
    check(run, now)
    tile.press("Delete")
    check(run, wait(page, "now.restoring.box === null"))
    panel.get_by_role("button", name="Cover a part").click()
    check(run, wait(page, "now.restoring.box !== null"))


@tall
def test_curves_and_two_answers(page: Any, app: str) -> None:
    run = opened(page, app, kind="denoising", noise_kind="masking", latent=8, picture=3)
    panel = page.locator(".denoise")
    now = wait(page, f"now.curves?.step === {STEPS} && now.curves.isOf && !now.curves.running")
    trace = to_the_end(denoise(run, sweep=True, count=1, parameters=False))
    for kind in ("masking", "gaussian"):
        panel.locator(".noise-controls .knob").first.locator("select").select_option(kind)
        now = wait(page, "now.curves.kind === arg", kind)
        row = list(NOISES).index(kind)
        for name in ("damaged", "network", "blur", "median"):
            np.testing.assert_allclose(now["curves"]["values"][name], trace[f"{name}_psnr"][row], atol=2e-3)
    assert "trained to undo damage: cells to zero, 0.4" in panel.inner_text()
    chart = panel.locator("canvas.noise-chart")
    chart.press("ArrowRight")
    wait(page, "now.curves.hover === 0")
    told = chart.get_attribute("aria-label") or ""
    assert f"network {trace['network_psnr'][0, 0]:.1f} dB" in told
    panel.get_by_role("radio", name="Decibels before").click()
    wait(page, "now.curves.axis === 'before'")

    for side, seen in (("right", np.s_[:, :4]), ("top", np.s_[4:, :])):
        panel.get_by_role("radio", name=side, exact=True).click()
        now = wait(page, f"now.answers.side === arg && now.answers.step === {STEPS}", side)
        hidden = np.ones((8, 8), bool)
        hidden[seen] = False
        x, train = run.data.pictures.test_x[3].numpy(), run.data.pictures.train_x.numpy()
        near = np.argsort(((train - x)[:, 0, ~hidden] ** 2).mean(1), kind="stable")[:8]
        others = train[near][:, 0, hidden]
        answer = restored(run, np.where(hidden, 0, x), 0)
        np.testing.assert_allclose(now["answers"]["answer"], answer.flatten(), atol=1e-4)
        values = now["answers"]["values"]
        mean = others.mean(0)
        assert values["mean"] == pytest.approx(((others - mean) ** 2).mean(), abs=1e-5)
        assert values["network"] == pytest.approx(((others - answer[0, hidden]) ** 2).mean(), abs=1e-4)
        each = [((others - other) ** 2).mean() for other in others]
        np.testing.assert_allclose(sorted(values["each"]), sorted(each), atol=1e-5)
        assert min(each) > values["mean"], "nothing is nearer to all of them than their mean"
        assert f"{values['mean']:.4f}" in now["answers"]["sentence"]


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone_in_colour_and_the_denoising_kind_is_trained(page: Any, app: str) -> None:
    run = opened(page, app, steps=20, dataset="sprites", likelihood="gaussian", latent=1, examples=100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sticking = f"[...{PANEL}.shadowRoot.querySelectorAll('.denoise *')]"
    assert page.evaluate(f"() => Math.max(...{sticking}.map((e) => e.getBoundingClientRect().right))") <= 391
    check(run, wait(page, all_at(20)))
    panel = page.locator(".denoise")
    panel.get_by_role("button", name="with a code of 32 numbers").click()
    now = wait(page, "now.spec.kind === 'denoising' && now.spec.latent === 32 && now.step > 0")
    assert now["spec"]["noise"] == 0.4
    page.evaluate(f"() => {PANEL}.dlviz.ask({{do: 'play', on: false}})")
    panel.get_by_text("This network is trained to undo damage").wait_for()
    assert panel.get_by_role("button", name="Train the denoising kind").is_hidden()
