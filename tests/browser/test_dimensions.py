"""The panel Dimensions in the real app: every tile, slider, direction and score against torch and the probe."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from dlviz.core import spec as specs
from dlviz.data import sprites
from dlviz.labs.autoencoder.dimensions import dimensions
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.dimensions)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
CLOSE = 2e-4


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.dimensions(); return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.dimensions()")
    return found


def opened(page: Any, app: str, spec: AutoencoderSpec, steps: int) -> tuple[dict[str, Any], AutoencoderRun]:
    """The panel with these settings after so many steps, and the same run by torch."""
    link = "&".join(f"{key}={value}" for key, value in specs.link("autoencoder", spec).items())
    page.goto(f"{app}/autoencoder?autoencoder.panel=Dimensions&{link}")
    wait(page, "now.settled")
    page.evaluate(f"() => {{ {LIVE}.advance({steps}); }}")
    now = wait(page, f"now.step === {steps} && now.answered === {steps} && now.settled && now.large.said !== undefined")
    run = AutoencoderRun(spec)
    run.advance(steps)
    return now, run


def check_tiles(now: dict[str, Any], run: AutoencoderRun, label: int = 0) -> None:
    """Every tile is decoded from the code of the sliders with one number moved."""
    z, columns = torch.tensor(now["z"]), now["columns"]
    for row in now["rows"]:
        codes = z.repeat(columns, 1)
        codes[:, row["at"]] = torch.tensor(row["places"])
        with torch.no_grad():
            wanted = run.network.pictures(run.network.decode(codes, torch.full((columns,), label))).flatten(1)
        np.testing.assert_allclose(row["pictures"], wanted, atol=CLOSE)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_every_tile_and_score_of_sprites_is_the_probes(page: Any, app: str) -> None:
    spec = AutoencoderSpec(
        dataset="sprites", hidden=(24,), latent=5, kind="conditional", examples=600, beta=0.5, picture=1
    )
    now, run = opened(page, app, spec, 60)
    wanted = dimensions(run)
    label = int(run.data.pictures.test_y[1])
    assert [row["at"] for row in now["rows"]] == wanted["order"].tolist()
    np.testing.assert_allclose([row["places"] for row in now["rows"]], wanted["values"], atol=1e-5)
    np.testing.assert_allclose(
        [row["pictures"] for row in now["rows"]], wanted["traversal"].reshape(5, 11, -1), atol=CLOSE
    )
    check_tiles(now, run, label)
    follows = [f"follows {sprites.FACTORS[wanted['follows'][row['at']]]}" for row in now["rows"]]
    assert [row["follows"] for row in now["rows"]] == follows
    for measure, name in (("correlation", "|Spearman ρ|"), ("information", "Mutual information")):
        page.locator(".dimensions").get_by_role("radio", name=name).click()
        now = wait(page, f"now.factors?.measure === '{measure}'")
        cells = page.locator(".dimensions .dm-factors tbody td").all_inner_texts()
        shown = np.array([float(text) for text in cells]).reshape(5, 5)
        np.testing.assert_allclose(shown, wanted[measure][wanted["order"]], atol=0.00501)
    assert now["factors"]["mig"] == pytest.approx(float(wanted["mig"]), abs=1e-5)
    assert f"MIG = {float(wanted['mig']):.3f}" in now["factors"]["sentence"]
    heads = page.locator(".dimensions .dm-factors thead th").all_inner_texts()
    assert heads[1:] == list(sprites.FACTORS)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_sliders_tiles_and_keys_move_one_number(page: Any, app: str) -> None:
    spec = AutoencoderSpec(dataset="digits", hidden=(24,), latent=6, kind="plain", likelihood="gaussian")
    now, run = opened(page, app, spec, 60)
    panel = page.locator(".dimensions")
    first = now["rows"][0]["at"]
    codes = run.measured().mean.numpy()
    assert now["rows"][0]["places"][0] == pytest.approx(codes[:, first].min(), abs=CLOSE)
    assert now["rows"][0]["places"][-1] == pytest.approx(codes[:, first].max(), abs=CLOSE)
    box = panel.locator(".dm-row").first.locator("input[type=text]")
    middle = round((now["rows"][0]["places"][0] + now["rows"][0]["places"][-1]) / 2, 1)
    box.fill(str(middle))
    box.press("Enter")
    changed = wait(page, f"Math.abs(now.z[{first}] - {middle}) < 1e-6 && now.from === 'sliders' && now.settled")
    rest = [k for k in range(6) if k != first]
    np.testing.assert_allclose(np.array(changed["z"])[rest], np.array(now["z"])[rest], atol=1e-6)
    check_tiles(changed, run)
    box.fill("1000")
    box.press("Enter")
    assert panel.locator(".dm-row").first.locator(".wrong").inner_text().startswith("Give a number from ")
    assert wait(page)["z"][first] == pytest.approx(middle, abs=1e-6)
    box.press("Escape")
    tiles = panel.locator(".dm-row").nth(1).locator(".dm-tiles")
    tiles.focus()
    tiles.press("ArrowRight")
    at, place = changed["rows"][1]["at"], changed["rows"][1]["places"][6]
    look = wait(page, f"Math.abs(now.large.z[{at}] - {place}) < 1e-5")
    np.testing.assert_allclose(look["large"]["picture"], changed["rows"][1]["pictures"][6], atol=1e-5)
    assert look["z"] == changed["z"]  # looked at only
    tiles.press("Enter")
    wait(page, f"Math.abs(now.z[{at}] - {place}) < 1e-5")
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.traversed')")
    panel.get_by_role("button", name="Back to the picture").click()
    back = wait(page, "now.from === 'picture' && now.settled")
    np.testing.assert_allclose(back["z"], now["z"], atol=1e-6)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_principal_directions_are_scikit_learns_and_can_be_moved_along(page: Any, app: str) -> None:
    spec = AutoencoderSpec(dataset="digits", hidden=(24,), latent=5, beta=0.1)
    now, run = opened(page, app, spec, 60)
    codes = run.measured().mean.numpy().astype(np.float64)
    pca = PCA(svd_solver="full").fit(codes)
    found = now["principal"]
    np.testing.assert_allclose(found["singular"], pca.singular_values_, rtol=1e-3)
    np.testing.assert_allclose(found["shares"], pca.explained_variance_ratio_, atol=1e-4)
    seen = pca.transform(codes)[:, :2]
    points = np.array(found["points"]).reshape(-1, 2)
    np.testing.assert_allclose(abs(points), abs(seen), atol=2e-3)
    panel = page.locator(".dimensions")
    panel.get_by_role("radio", name="Principal directions").click()
    now = wait(page, "now.basis === 'principal' && now.settled")
    share, deviation = pca.explained_variance_ratio_[0], pca.singular_values_[0] / np.sqrt(len(codes))
    assert f"{100 * share:.0f} % of variance" in panel.locator(".dm-row").first.inner_text()
    assert now["rows"][0]["places"][-1] == pytest.approx(3 * deviation, rel=1e-3)
    box = panel.locator(".dm-row").first.locator("input[type=text]")
    box.fill("0")
    box.press("Enter")
    moved = wait(page, "now.from === 'sliders' && now.settled")
    z, before = np.array(moved["z"]), np.array(now["z"])
    assert (z - pca.mean_) @ pca.components_[0] == pytest.approx(0, abs=2e-3)
    np.testing.assert_allclose((z - before) @ pca.components_[1:].T, 0, atol=2e-3)
    # Pressing a point takes its code.
    spot = int(np.hypot(*(points - points.mean(0)).T).argmax())  # alone at the edge
    page.mouse.move(*page.evaluate(f"(index) => {PANEL}.dlviz.dimensionsPoint(index)", spot))
    at = wait(page, "now.principal.at !== null")["principal"]["at"]
    page.mouse.down()
    page.mouse.up()
    taken = wait(page, f"now.from === 'test picture {at}'")
    np.testing.assert_allclose(taken["z"], codes[at], atol=CLOSE)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_collapsed_numbers_fold_away_on_a_phone(page: Any, app: str) -> None:
    spec = AutoencoderSpec(dataset="digits", hidden=(16,), latent=40, beta=0.05)
    now, run = opened(page, app, spec, 60)
    spread = run.measured().dimension_spread.numpy()
    order = run.measured().dimension_kl.argsort(descending=True, stable=True)[:32].tolist()
    assert [row["at"] for row in now["rows"]] == order
    collapsed = [row["isCollapsed"] for row in now["rows"]]
    assert collapsed == [bool(spread[at] < 0.01) for at in order]
    assert 0 < sum(collapsed) < 32
    assert f"{int((spread >= 0.01).sum())} of 40 numbers are in use" in now["sentence"]
    panel = page.locator(".dimensions")
    assert "8 more, which are used less than these, are not shown." in panel.inner_text()
    fold = panel.get_by_role("button", name="Collapsed")
    assert f"{sum(collapsed)} of 32" in fold.inner_text()
    hidden = panel.locator(f".dm-row[data-name='{now['rows'][collapsed.index(True)]['name']}']")
    assert hidden.is_hidden()
    fold.click()
    hidden.wait_for(state="visible")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    panel.get_by_role("button", name="Draw from the prior").click()
    drawn = wait(page, "now.from === 'a draw from the prior' && now.settled")
    check_tiles(drawn, run)
