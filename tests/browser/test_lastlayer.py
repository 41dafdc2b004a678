"""The panel Last layer in the real app: what stands where, against a run of its own, a hook and scikit-learn."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from tests.browser.cnn_page import STAGE, link
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

# Tall, because what is out of sight is neither asked for nor drawn.
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 2800}}], indirect=True, ids=["tall"])
phone = pytest.mark.parametrize(
    "page", [{"viewport": {"width": 390, "height": 7000}, "has_touch": True}], indirect=True, ids=["phone"]
)
SETTINGS: dict[str, Any] = {"dataset": "digits", "channels": (4,), "dense_units": (8,), "examples": 200}
OPENING = 110
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.lastLayer)"


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until a JavaScript expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.lastLayer(); return now && ({condition}); }}", arg=arg, timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.lastLayer()")
    return found


STILL = "now.view.features && now.view.pixels && !now.moving.features && !now.moving.pixels && !now.busy"


def open_panel(page: Any, app: str) -> dict[str, Any]:
    page.goto(link(app, **SETTINGS, step=OPENING, panel="Last layer"))
    return wait(page, f"now.step === {OPENING} && {STILL}")


def features(run: CnnRun) -> np.ndarray:
    """What a hook sees enter the output layer; of the picture on the stage in the last row."""
    kept: list[torch.Tensor] = []
    hook = run.network.get_submodule("output").register_forward_pre_hook(lambda _, given: kept.append(given[0]))
    run.network.eval()
    with torch.no_grad():
        run.network(torch.cat([run.pictures.test_x, run.picture[None]]))
    run.network.train()
    hook.remove()
    return kept[0].double().numpy()


def points(found: dict[str, Any], space: str = "features") -> np.ndarray:
    view = found["view"][space]
    return np.stack([view["xs"], view["ys"]], 1)


def same_up_to_turn(shown: np.ndarray, expected: np.ndarray) -> None:
    """Equal, when each shown axis may be any of the expected ones, either way round."""
    for column in shown.T:
        likeness = [abs(np.corrcoef(column, other)[0, 1]) for other in expected.T]
        other = expected[:, int(np.argmax(likeness))]
        np.testing.assert_allclose(column * np.sign(column @ other), other, atol=2e-3 * np.abs(expected).max())


def lone(places: list[list[float]]) -> int:
    """The point farthest from its nearest neighbour on the screen."""
    at = np.array(places)[:-1]
    far, _ = NearestNeighbors(n_neighbors=1).fit(at).kneighbors()
    return int(far[:, 0].argmax())


def voted_rightly(cloud: np.ndarray, labels: np.ndarray) -> float:
    """The share whose five nearest others have their class for the most part."""
    places = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(cloud).kneighbors(return_distance=False)
    return float(
        np.mean([np.bincount(labels[row], minlength=10).argmax() == k for row, k in zip(places, labels, strict=True)])
    )


def place_of(page: Any, space: str, index: int) -> tuple[float, float]:
    """Where a point is on the screen, once the page above it has come to rest."""
    where = f"""async ([space, index]) => {{
        const canvas = () => ({PANEL}.shadowRoot ?? {PANEL}).querySelector(`.cloud.${{space}} canvas`);
        const at = () => {{
            const box = canvas().getBoundingClientRect();
            const [x, y] = {PANEL}.dlviz.lastLayer().places[space][index];
            return [box.x + x, box.y + y];
        }};
        const before = at();
        for (let k = 0; k < 12; k += 1) await new Promise((done) => requestAnimationFrame(done));
        return at().join() === before.join() && {STAGE}?.dlviz.ready && before;
    }}"""
    for _ in range(200):
        found = page.evaluate(where, [space, index])
        if found:
            break
    x, y = found
    return x, y


def point_at(page: Any, space: str, index: int) -> None:
    page.mouse.move(*place_of(page, space, index))


@tall
def test_what_stands_where_and_what_a_person_can_do_with_it(page: Any, app: str) -> None:
    run = CnnRun(CnnSpec(**SETTINGS))
    run.advance(OPENING)
    vectors, labels = features(run), run.pictures.test_y.numpy()
    pixels = run.pictures.test_x.flatten(1).double().numpy()

    found = open_panel(page, app)
    by_pixels, by_features = PCA(2, svd_solver="full").fit(pixels), PCA(2, svd_solver="full").fit(vectors[:-1])
    same_up_to_turn(points(found), by_features.transform(vectors))
    same_up_to_turn(points(found, "pixels")[:-1], by_pixels.transform(pixels))
    for space, made in (("features", by_features), ("pixels", by_pixels)):
        shares = [axis["share"] for axis in found["view"][space]["axes"]]
        assert sorted(shares, reverse=True) == pytest.approx(made.explained_variance_ratio_, rel=1e-4)
    table = page.locator(".numbers").inner_text()
    for cloud in (pixels, vectors[:-1]):
        assert f"{voted_rightly(cloud, labels):.1%}".replace("%", " %") in table
        within = sum(cloud[labels == k].var(0).sum() * (labels == k).mean() for k in range(10))
        assert f"{1 - within / cloud.var(0).sum():.1%}".replace("%", " %") in table

    # Pointing at a place opens the picture that stands there, and a click puts it on the stage.
    index = lone(found["places"]["features"])
    point_at(page, "features", index)
    wait(page, "now.pointed === arg", index)
    card = page.locator(".inspected")
    assert card.locator("h4").inner_text() == f"Test picture {index}"
    shown = card.locator(".large canvas").evaluate(
        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    )
    np.testing.assert_array_equal(shown[::4], (run.pictures.test_x[index].flatten().numpy() * 255).round())
    far = np.sort(np.linalg.norm(vectors[:-1] - vectors[index], axis=1))[1:6]
    titles = [each.get_attribute("title") for each in card.locator(".thumbs").first.locator("button").all()]
    assert [float(title.split()[-1]) for title in titles] == pytest.approx(far, abs=0.006)
    answer = int(run.network.eval()(run.pictures.test_x[index : index + 1]).argmax())
    words = "recognised" if answer == labels[index] else f"taken for {answer}"
    assert words in card.locator(".said").inner_text()
    point_at(page, "features", index)
    page.mouse.down()
    page.mouse.up()
    found = wait(page, "now.picture === arg && !now.busy", index)
    assert page.evaluate(f"() => {STAGE}.dlviz.ready")
    assert points(found)[-1] == pytest.approx(points(found)[index], abs=1e-3)

    # By keyboard, and one class alone.
    page.locator(".cloud.pixels canvas").focus()
    page.mouse.move(2, 2)
    before = wait(page, "now.pointed === null")["places"]["pixels"][-1]
    page.keyboard.press("ArrowRight")
    found = wait(page, "now.pointed !== null")
    assert found["places"]["pixels"][found["pointed"]][0] > before[0]
    page.keyboard.press("Escape")
    wait(page, "now.pointed === null")
    page.get_by_role("button", name=str((labels[index] + 1) % 10), exact=True).click()
    wait(page, "now.alone === arg", int((labels[index] + 1) % 10))
    point_at(page, "features", index)
    found = wait(page, "true")
    assert found["pointed"] is None or labels[found["pointed"]] == (labels[index] + 1) % 10
    page.get_by_role("button", name=str((labels[index] + 1) % 10), exact=True).click()
    page.mouse.move(2, 2)

    # A drawn picture is placed on the same axes.
    own = (run.pictures.test_x[3].flip(2) * 255).round().to(torch.uint8)
    text = base64.urlsafe_b64encode(own.numpy().tobytes()).decode().rstrip("=")
    page.evaluate(f"(changes) => {STAGE}.dlviz.ask({{ do: 'set', changes }})", {"own_pixels": text})
    run.network.train()
    run.set({"own_pixels": text})
    same_up_to_turn(
        points(wait(page, f"{STAGE}.dlviz.ready && now.view.features.xs.at(-1) !== arg", float(points(found)[-1][0]))),
        by_features.transform(features(run)),
    )


@tall
def test_time_axes_of_another_moment_and_tsne(page: Any, app: str) -> None:
    run = CnnRun(CnnSpec(**SETTINGS))
    at_zero = features(run)
    run.advance(OPENING)
    vectors, labels = features(run)[:-1], run.pictures.test_y.numpy()
    pixels = run.pictures.test_x.flatten(1).double().numpy()
    by_features = PCA(2, svd_solver="full").fit(vectors)
    open_panel(page, app)

    # On the axes of the newest moment, step 0 stands where the newest axes put it.
    page.get_by_role("radio", name="The newest").click()
    page.get_by_role("button", name="Play from step 0").click()
    wait(page, "now.journey.flying")
    found = wait(page, "!now.journey.on && !now.busy")
    assert found["curves"]["steps"][0] == 0
    assert found["curves"]["steps"][-1] == OPENING
    assert found["step"] == OPENING
    assert found["curves"]["accuracy"][0] == pytest.approx(voted_rightly(at_zero[:-1], labels), abs=0.006)
    page.evaluate(f"() => {PANEL}.dlviz.scrub(0)")
    found = wait(page, f"now.step === 0 && {STILL} && now.view.features.key.includes(' on ')")
    same_up_to_turn(points(found)[:-1], by_features.transform(at_zero[:-1]))
    assert "step 110, the newest" in page.locator(".cloud.features .under").inner_text()
    page.evaluate(f"() => {PANEL}.dlviz.scrub(null)")
    wait(page, f"now.step === {OPENING}")

    # t-SNE keeps neighbours together, and can be given up.
    page.get_by_role("radio", name="t-SNE").click()
    page.get_by_role("button", name="Cancel").first.click()
    wait(page, "now.method === 'pca' && !now.layouts.features")
    page.get_by_role("radio", name="t-SNE").click()
    found = wait(page, f"now.layouts.features && now.layouts.pixels && {STILL}")
    assert trustworthiness(vectors, points(found)[:-1], n_neighbors=5) > 0.9
    assert trustworthiness(pixels, points(found, "pixels")[:-1], n_neighbors=5) > 0.9
    assert "Wattenberg" in page.locator(".warning").inner_text()

    # While it trains the points follow, and what was laid out says of which step it is.
    page.get_by_role("button", name="Play", exact=True).click()
    before = found["kept"]
    found = wait(page, "now.kept.length >= arg", len(before) + 2)
    assert max(found["kept"]) > OPENING
    assert f"Of step {OPENING}" in page.locator(".cloud.features .under").inner_text()


def test_axes_keep_to_the_moment_before(browser: Any) -> None:
    """Whatever order and whatever signs a decomposition gives its axes, points stay where they were."""
    random = np.random.default_rng(0)
    before = random.normal(size=(40, 2)) * [3, 2]
    with static_page(browser) as page:
        for order in ([0, 1], [1, 0]):
            for signs in ([1, 1], [1, -1], [-1, 1], [-1, -1]):
                given = before[:, order] * signs + random.normal(size=(40, 2)) * 0.2
                found = page.evaluate(
                    """async ({ given, xs, ys }) => {
                        const { turnOf, turned } = await import("/lastlayer/views.js");
                        const points = Float32Array.from(given);
                        const { xs: x, ys: y } = turned(points, turnOf(points, { xs, ys }));
                        return [[...x], [...y]];
                    }""",
                    {"given": given.ravel().tolist(), "xs": before[:, 0].tolist(), "ys": before[:, 1].tolist()},
                )
                np.testing.assert_allclose(np.array(found).T, before, atol=1)


@phone
def test_on_a_phone_a_touch_opens_and_a_second_one_puts_it_on_the_stage(page: Any, app: str) -> None:
    found = open_panel(page, app)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    index = lone(found["places"]["features"])
    page.touchscreen.tap(*place_of(page, "features", index))
    wait(page, "now.pointed === arg", index)
    assert found["picture"] == 0
    page.touchscreen.tap(*place_of(page, "features", index))
    wait(page, "now.picture === arg", index)
