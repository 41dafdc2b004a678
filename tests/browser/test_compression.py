"""The panel Compression in the real app: what ships, a sweep trained here, PCA against scikit-learn, the tiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA

from dlviz.labs.autoencoder import kept_sweep
from dlviz.labs.autoencoder.compressing import compression
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.labs.autoencoder.sweeping import SIZES
from dlviz.training.jobs import to_the_end

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.compression)"
LINK = "autoencoder?autoencoder.panel=Compression"
SETTINGS: dict[str, Any] = {"dataset": "digits", "hidden": (32, 16), "examples": 400}
SMALL = f"{LINK}&autoencoder.dataset=digits&autoencoder.hidden=32,16&autoencoder.examples=400"
# Tall, because what is out of sight is not drawn.
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    script = f"() => {{ const now = {PANEL}?.dlviz.compression(); return now && ({condition}) ? now : null; }}"
    found: dict[str, Any] = page.wait_for_function(script, timeout=90_000).json_value()
    return found


def pixels(page: Any, row: str, column: int) -> np.ndarray:
    """The brightness of a tile as it is painted, (height, width)."""
    tile = page.locator(f".compression-tiles tr[data-size='{row}'] canvas").nth(column)
    found = tile.evaluate(
        "(c) => [c.height, c.width, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]"
    )
    return np.array(found[2]).reshape(found[0], found[1], 4)[..., 0]


@tall
def test_it_opens_with_the_sweep_that_ships(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    now = wait(page, "now.isShipped && now.shown.length === 6")
    panel = page.locator(".compression")
    run = AutoencoderRun(AutoencoderSpec())
    trace = to_the_end(compression(run))
    for name in ("autoencoder", "linear", "pca"):
        for row in ("error", "quantized", "explained"):
            np.testing.assert_allclose(now["methods"][name][row], trace[f"{name}_{row}"], rtol=1e-6)
    assert f"trained beforehand, {kept_sweep.STEPS:,} steps" in panel.inner_text()
    pictures = run.data.pictures
    test = pictures.test_x.flatten(1).double().numpy()
    whole = PCA(64, svd_solver="full").fit(pictures.train_x.flatten(1).double().numpy())
    np.testing.assert_allclose(now["share"], whole.explained_variance_ratio_, rtol=1e-3)
    kept = ((test - whole.mean_) @ whole.components_.T) ** 2
    left = ((test - whole.mean_) ** 2).sum(1)[:, None] - kept.cumsum(1)
    np.testing.assert_allclose(now["curve"][1:], left.mean(0) / test.shape[1], rtol=1e-3)

    error = now["methods"]["autoencoder"]["error"][1]
    need = next(k for k, value in enumerate(now["curve"]) if value <= error)
    less = 100 * (1 - error / now["methods"]["pca"]["error"][1])
    assert "From 2 numbers, 8 bytes instead of 784" in now["words"]
    assert f"{error:.4f}, {less:.0f} % less than PCA, which needs {need} numbers" in now["words"]
    row = panel.locator(".compression-numbers tr[data-size='2']").inner_text().split()
    assert row[:2] == ["2", f"{error:.4f}"]

    # The tiles are the pictures of the trace, also of another class and another size.
    for column in (0, 5):
        at = now["shown"][column]
        np.testing.assert_array_equal(pixels(page, "original", column), trace["input"][at][0])
        np.testing.assert_array_equal(pixels(page, "2", column), trace["autoencoder_again"][1][at][0])
        np.testing.assert_array_equal(pixels(page, "2", 6 + column), trace["pca_again"][1][at][0])
    panel.get_by_role("button", name="Linear autoencoder").click()
    panel.locator("[aria-label='Pictures of one class'] button").nth(7).click()
    now = wait(page, "now.rival === 'linear' && now.shown.every((i) => now.truth[i] === 7)")
    at = now["shown"][0]
    np.testing.assert_array_equal(pixels(page, "16", 6), trace["linear_again"][4][at][0])

    # A size by the chart, by its keys and by the table.
    x, y = page.evaluate(f"() => {PANEL}.dlviz.middleOf(4)")
    page.mouse.click(x, y)
    now = wait(page, "now.chosen === 4")
    assert now["words"].startswith("From 16 numbers, 64 bytes")
    panel.locator("canvas.sizes").press("ArrowRight")
    wait(page, "now.chosen === 5")
    angles = trace["linear_angles"][5]
    assert f"{angles.mean():.3g}° on average, {angles.max():.3g}° at most" in panel.inner_text()
    panel.locator(".compression-numbers tr[data-size='8'] button").click()
    wait(page, "now.chosen === 3")


@tall
def test_a_sweep_of_other_pictures_is_trained_here(page: Any, app: str) -> None:
    page.goto(f"{app}/{SMALL}")
    panel = page.locator(".compression")
    now = wait(page)
    assert now["methods"]["autoencoder"] is None
    assert "Train to see" in now["words"]
    assert "not trained yet" in panel.locator(".compression-tiles").inner_text()
    own = AutoencoderRun(AutoencoderSpec(**SETTINGS))
    assert now["own"]["error"] == pytest.approx(own.measured().numbers["test_squared_error"], rel=1e-5)
    field = panel.locator(".knob[data-field=steps] input[type=text]")
    field.fill("5")
    field.press("Enter")
    assert "Give a whole number from 20 to 5,000" in panel.locator(".knob[data-field=steps]").inner_text()
    field.fill("40")
    field.press("Enter")
    panel.get_by_role("button", name="Train all sizes").click()
    now = wait(page, "now.isDone && now.steps === 40 && !now.running")
    trace = to_the_end(compression(own, 40))
    assert now["done"] == [2] * len(SIZES)
    for name in ("autoencoder", "linear"):
        for row in ("error", "quantized", "explained", "parameters"):
            np.testing.assert_allclose(now["methods"][name][row], trace[f"{name}_{row}"], rtol=2e-3, atol=2e-4)
    for k, size in enumerate(SIZES):
        np.testing.assert_allclose(now["angles"][k], trace["linear_angles"][k][:size], atol=0.5)
    assert not now["isShipped"]
    assert page.evaluate(f"() => {PANEL}.dlviz.compression().own.step") == 0, "the run of the page was left alone"

    # A sweep that is stopped keeps what it has.
    field.fill("5000")
    field.press("Enter")
    panel.get_by_role("button", name="Train again").click()
    wait(page, "now.running && now.steps === 5000")
    panel.get_by_role("button", name="Cancel").click()
    now = wait(page, "!now.running")
    assert now["steps"] == 5000
    panel.get_by_role("button", name="Train again").wait_for()


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 14_000}}], indirect=True, ids=["phone"])
@pytest.mark.parametrize("settings", [
    "dataset=sprites&autoencoder.network=convolutional&autoencoder.kind=conditional",
    "dataset=faces&autoencoder.kind=plain&autoencoder.latent=1",
    "dataset=digits&autoencoder.latent=100&autoencoder.hidden=",
])  # fmt: skip
def test_other_pictures_on_a_phone(page: Any, app: str, settings: str) -> None:
    page.goto(f"{app}/{LINK}&autoencoder.{settings}")
    now = wait(page, "now.shown.length === 3 && now.own")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert all(np.diff(now["curve"]) <= 1e-7)
    assert page.locator(".compression canvas.sizes").get_attribute("aria-label")
