"""The plane of codes in the real app: what one points at, against torch, numpy, scipy and sklearn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.decomposition import PCA

from dlviz.labs.autoencoder import probe
from tests.browser.latentplane_page import (
    NEAR_A_BOUND,
    PIXEL,
    SHOWN,
    check_place,
    decoded,
    is_shared,
    mixture,
    open_plane,
    plane,
    point,
    read,
    wait,
)
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

SMALL: dict[str, Any] = {"dataset": "digits", "hidden": "32,16", "learning_rate": 0.01}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}


def test_what_one_points_at(page: Any, app: str) -> None:
    run = open_plane(page, app, 500, **SMALL)
    measured = run.measured()
    mean, variance = measured.mean.numpy(), measured.log_variance.exp().numpy()
    points = np.array(plane(page, "s.points()")).reshape(-1, 2)
    np.testing.assert_allclose(points, mean, atol=1e-4)
    spreads = np.array(plane(page, "s.spreads()")).reshape(-1, 3)
    np.testing.assert_allclose(spreads, np.c_[variance[:, 0], np.zeros(len(mean)), variance[:, 1]], atol=1e-4)
    home = probe.weights(run)["mean"]
    assert plane(page, "s.how") == "home"
    np.testing.assert_allclose(plane(page, "s.z"), home, atol=1e-4)
    check_place(run, page)

    found = point(page, 0.7, -1.1)
    check_place(run, page)
    covariances = np.array([np.diag(v) for v in variance])
    assert found["codes"] == pytest.approx(mixture(mean, covariances, found["z"]), rel=1e-4)
    assert is_shared(page, "happened.latent_walked") is True
    best = int(np.argmax(found["probabilities"]))
    words = page.locator(".plane-sentence").inner_text()
    assert str(best) in words
    assert words.startswith("Among the codes" if found["isInside"] else "No test picture within")
    far = point(page, -3.2, -3.2)
    check_place(run, page)
    assert not far["isInside"]
    assert "No test picture within" in far["sentence"]
    page.wait_for_function(f"() => {{ {SHOWN} return s.kept === {len(mean)}; }}", timeout=60_000)

    # A click holds the code, for other panels too; what is pointed at then changes nothing, a second click lets go.
    page.mouse.down()
    page.mouse.up()
    held = wait(page, "s.how === 'pin'")
    assert is_shared(page, "latent.z") == held["z"]
    assert is_shared(page, "happened.latent_pinned") is True
    page.mouse.move(2, 2)
    assert wait(page, "s.how === 'pin'")["z"] == held["z"]
    page.mouse.move(*plane(page, "s.at([0, 0])"))
    page.mouse.down()
    page.mouse.up()
    wait(page, "s.how === 'hover' && Math.abs(s.z[0]) < 0.05")
    assert is_shared(page, "latent.z") is None
    page.mouse.move(2, 2)
    np.testing.assert_allclose(wait(page, "s.how === 'home'")["z"], home, atol=1e-4)

    # By the keyboard: a step is a fiftieth of the plane, with Shift five times as far.
    canvas = page.locator(".plane-frame canvas.plane")
    canvas.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    (west, east), (south, north) = plane(page, "[s.view.x, s.view.y]")
    wanted = [(west + east) / 2 + 0.1 * (east - west), (south + north) / 2 + 0.02 * (north - south)]
    found = wait(page, "s.how === 'hover' && s.z.every((value, i) => Math.abs(value - arg[i]) < 1e-4)", wanted)
    check_place(run, page)
    page.keyboard.press("Enter")
    wait(page, "s.how === 'pin'")
    page.keyboard.press("ArrowDown")
    carried = wait(page, "Math.abs(s.pinned[1] - arg) < 1e-4", (south + north) / 2)
    assert is_shared(page, "latent.z") == carried["pinned"]
    page.keyboard.press("Escape")
    wait(page, "s.how === 'home' && s.pinned === null")
    page.keyboard.press("+")
    closer = wait(page, "s.zoomed")["view"]
    assert closer["x"][1] - closer["x"][0] == pytest.approx((east - west) / 1.5)
    page.keyboard.press("0")
    assert wait(page, "!s.zoomed")["view"] == found["view"]

    # One class alone.
    page.locator(".plane-legend .chip").nth(3).click()
    assert wait(page, "s.alone === 3")["options"]["alone"] == 3


def test_what_lies_under_the_codes(page: Any, app: str) -> None:
    run = open_plane(page, app, 500, **SMALL)
    measured = run.measured()
    mean, variance = measured.mean.numpy(), measured.log_variance.exp().numpy()
    page.locator("[data-layer=density]").click()
    field = wait(page, "s.field")["field"]
    density = np.array(plane(page, "s.density()")).reshape(len(field["ys"]), len(field["xs"]))
    for row, column in [(36, 36), (30, 40), (41, 29), (20, 36)]:
        wanted = mixture(mean, np.array([np.diag(v) for v in variance]), [field["xs"][column], field["ys"][row]])
        assert density[row, column] == pytest.approx(wanted, rel=1e-3, abs=1e-6)
    assert field["ys"][0] > field["ys"][-1]
    assert field["most"] == pytest.approx(density.max())

    # Even steps over what is in view, then quantiles of the prior: the grid of the probe.
    assert is_shared(page, "happened.manifold_shown") is None
    page.locator("[data-layer=classes]").click()
    even = wait(page, "s.tiles?.confidence && s.counts")
    assert is_shared(page, "happened.manifold_shown") is True
    low, high = even["view"]["x"]
    np.testing.assert_allclose(even["tiles"]["xs"], low + (np.arange(20) + 0.5) / 20 * (high - low), atol=1e-9)
    cells = np.array([[x, y] for y in even["tiles"]["ys"] for x in even["tiles"]["xs"]])
    pictures = np.array(plane(page, "s.pictures()")).reshape(400, 1, 8, 8)
    np.testing.assert_allclose(pictures, decoded(run, cells), atol=PIXEL)
    page.get_by_role("radio", name="Quantiles of the prior").click()
    found = wait(
        page,
        "s.stretched && s.tiles && s.counts && s.share && Math.abs(s.tiles.xs[0] - arg) < 1e-6",
        stats.norm.ppf(0.025),
    )
    trace = probe.manifold(run)
    np.testing.assert_allclose(found["tiles"]["xs"], trace["first"], atol=1e-5)
    np.testing.assert_allclose(found["tiles"]["ys"], trace["second"][::-1], atol=1e-5)
    again = np.array(plane(page, "s.pictures()")).reshape(trace["grid"].shape)
    np.testing.assert_allclose(again, trace["grid"], atol=PIXEL)
    np.testing.assert_allclose(found["tiles"]["confidence"], trace["confidence"].ravel(), atol=2e-3)
    top_two = np.sort(read(run, trace["grid"].reshape(400, 1, 8, 8)), axis=1)[:, -2:]
    clear = top_two[:, 1] - top_two[:, 0] > 4e-3
    assert (np.array(found["tiles"]["answer"]) == trace["answer"].ravel())[clear].all()
    z = trace["z"].reshape(400, 2)
    fifth = np.sort(np.linalg.norm(z[:, None] - mean[None], axis=2), axis=1)[:, probe.NEIGHBOURS - 1]
    away = abs(fifth - found["reach"]) > NEAR_A_BOUND
    assert away.mean() > 0.95
    assert (np.array(found["tiles"]["inside"]) == trace["inside"].ravel())[away].all()
    counts, inside = found["counts"], np.array(found["tiles"]["inside"], dtype=bool)
    sure = (inside & (np.array(found["tiles"]["confidence"]) > 0.8)).sum()
    assert counts == {"cells": 400, "inside": inside.sum(), "sure": sure}
    said = page.locator(".plane-said").inner_text()
    assert f"step 500: {inside.sum()} lie among the codes" in said
    assert f"reads {100 * sure / inside.sum():.0f} % with more than 0.8" in said

    # On stretched axes a place is where its share of the prior is; the share of the square is counted anew here.
    point(page, -0.5, 0.25)
    x, y = plane(page, "s.at([-0.5, 0.25])")
    box = page.locator(".plane-frame canvas.plane").bounding_box()
    assert (x - box["x"]) / box["width"] == pytest.approx(stats.norm.cdf(-0.5), abs=0.005)
    assert 1 - (y - box["y"]) / box["height"] == pytest.approx(stats.norm.cdf(0.25), abs=0.005)
    check_place(run, page)
    steps = -2 + (np.arange(20) + 0.5) / 20 * 4
    square = torch.tensor([[x, y] for y in steps for x in steps], dtype=torch.float32)
    assert found["share"]["inside"] == pytest.approx(int(probe.among(square, measured.mean).sum()), abs=2)


def test_one_number_is_a_line(page: Any, app: str) -> None:
    run = open_plane(page, app, 200, **SMALL, kind="plain", latent=1)
    codes = run.measured().mean.numpy()[:, 0]
    kernel = stats.gaussian_kde(codes)
    low, high = np.quantile(codes, [0.05, 0.95])
    found = point(page, float(low + 0.3 * (high - low)), 0)
    check_place(run, page)
    assert found["codes"] == pytest.approx(kernel(found["z"][0])[0], rel=1e-4)
    assert found["prior"] is None
    assert found["options"]["on"]["density"]
    for away in (low, high):
        assert plane(page, "s.densityAt(arg, 0)", float(away)) == pytest.approx(kernel(away)[0], rel=1e-4)
    page.locator("[data-layer=tiles]").click()
    tiles = wait(page, "s.tiles && s.counts")["tiles"]
    assert (len(tiles["xs"]), len(tiles["ys"])) == (20, 1)
    pictures = np.array(plane(page, "s.pictures()")).reshape(20, 1, 8, 8)
    np.testing.assert_allclose(pictures, decoded(run, np.array(tiles["xs"])[:, None]), atol=PIXEL)
    assert not page.locator("[data-layer=prior]").is_visible()
    assert not page.locator("[data-layer=clouds]").is_visible()


def test_five_numbers_of_a_network_that_is_told_the_class(page: Any, app: str) -> None:
    run = open_plane(page, app, 80, dataset="sprites", hidden="32", kind="conditional", latent=5)
    measured = run.measured()
    mean, variance = measured.mean.numpy(), measured.log_variance.exp().numpy()
    found = plane(page)
    a, b = sorted(measured.dimension_kl.numpy().argsort()[::-1][:2])
    assert (found["options"]["a"], found["options"]["b"]) == (a, b)
    np.testing.assert_allclose(np.array(plane(page, "s.points()")).reshape(-1, 2), mean[:, [a, b]], atol=1e-4)
    found = point(page, 0.8, 0.5)
    home = probe.weights(run)["mean"]
    rest = [i for i in range(5) if i not in (a, b)]
    np.testing.assert_allclose(np.array(found["z"])[rest], home[rest], atol=1e-4)
    assert found["label"] == run.picture.label
    check_place(run, page, found["label"])

    # Told another class, the decoder draws another picture from the same code.
    other = (found["label"] + 1) % 3
    page.get_by_role("group", name="The class that the decoder is told").get_by_role("button").nth(other).click()
    wait(page, "s.label === arg", other)
    point(page, 0.8, 0.5)
    check_place(run, page, other)
    name = run.spec.classes[other]
    assert f"told to draw {'a' if name == 'square' else 'an'} {name}" in page.locator(".plane-sentence").inner_text()

    page.get_by_role("radio", name="Principal plane").click()
    page.mouse.move(2, 2)
    found = wait(page, "s.options.principal && s.how === 'home'")
    reference = PCA(2).fit(mean)
    scores = reference.transform(mean)
    points = np.array(plane(page, "s.points()")).reshape(-1, 2)
    signs = np.sign((points * scores).sum(0))
    np.testing.assert_allclose(points, scores * signs, atol=2e-3)
    axes = reference.components_ * signs[:, None]
    covariances = np.einsum("ak,ik,bk->iab", axes, variance, axes)
    spreads = np.array(plane(page, "s.spreads()")).reshape(-1, 3)
    np.testing.assert_allclose(spreads, covariances.reshape(-1, 4)[:, [0, 1, 3]], atol=2e-3)
    np.testing.assert_allclose(found["z"], home, atol=1e-4)
    axes = measured.axes.numpy()
    np.testing.assert_allclose(found["origin"], -axes @ measured.center.numpy(), atol=1e-3)
    x, y = np.array(found["home"]) + [0.4, -0.3]
    found = point(page, float(x), float(y))
    step = np.array(found["place"]) - found["home"]
    np.testing.assert_allclose(found["z"], home + step @ axes, atol=1e-3)
    assert found["codes"] == pytest.approx(mixture(scores * signs, covariances, found["place"]), rel=5e-3)
    check_place(run, page, other)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone(page: Any, app: str) -> None:
    run = open_plane(page, app, 40, dataset="faces", hidden="16", kind="plain", likelihood="gaussian", latent=3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator(".plane-frame canvas.plane").bounding_box()
    room = page.locator(".plane-part").bounding_box()
    assert box["width"] == pytest.approx(room["width"], abs=2)
    assert box["width"] > 300
    assert page.locator(".plane-picture").bounding_box()["width"] >= 220
    assert not page.locator(".plane-reader").is_visible()
    assert not page.locator("[data-layer=classes]").is_visible()
    page.touchscreen.tap(box["x"] + 0.7 * box["width"], box["y"] + 0.4 * box["height"])
    held = wait(page, "s.how === 'pin'")
    check_place(run, page)
    assert is_shared(page, "latent.z") == held["z"]
    assert "Pixels from" in page.locator(".plane-densities").inner_text()
    page.locator("[data-layer=tiles]").tap()
    tiles = wait(page, "s.tiles && s.counts")["tiles"]
    assert tiles["confidence"] is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def blank(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        yield opened


def test_the_normal_distribution(blank: Any) -> None:
    shares = np.concatenate([[1e-9, 1e-4, 0.02425], np.linspace(0.01, 0.99, 41), [1 - 1e-6]])
    text = """async (shares) => {
        const { quantile, share, density } = await import('/lib/normal.js');
        return shares.map((p) => [quantile(p), share(quantile(p)), density(p)]);
    }"""
    quantiles, back, densities = np.array(blank.evaluate(text, shares.tolist())).T
    np.testing.assert_allclose(quantiles, stats.norm.ppf(shares), atol=1e-9)
    np.testing.assert_allclose(back, shares, rtol=1e-9)
    np.testing.assert_allclose(densities, stats.norm.pdf(shares), rtol=1e-12)
