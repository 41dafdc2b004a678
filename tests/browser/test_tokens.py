"""Sequences as boxes (lib/tokens.js): what is written for each token, its colour, pointing, pinning, walking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.harness import theme_css
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

SETUP = """async (css) => {
  const { colors } = await import("/lib/color.js");
  const tokens = await import("/lib/tokens.js");
  const style = document.head.appendChild(document.createElement("style"));
  const sheets = await Promise.all(["base", "tokens"].map(async (name) => (await fetch(`/lib/${name}.css`)).text()));
  style.textContent = css + sheets.join("");
  document.documentElement.dataset.theme = "light";
  const root = document.body.appendChild(document.createElement("div"));
  root.className = "dlviz";
  window.theme = colors(root);
  window.heard = [];
  window.row = new tokens.Tokens({
    label: "Sequence", colors: () => window.theme,
    onhover: (at) => heard.push(["hover", at]), onpick: (at) => heard.push(["pick", at]),
  });
  root.append(row.element);
}"""

SIGNS = "[...document.querySelectorAll('.token .sign')].map((e) => e.textContent)"


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium, viewport={"width": 390, "height": 600}) as opened:
        opened.evaluate(SETUP, theme_css())
        yield opened


def show(page: Any, **state: Any) -> None:
    page.evaluate("(state) => { heard.length = 0; row.set(state); }", state)


def test_each_token_is_text_and_nothing_else(page: Any) -> None:
    odd = ["a", " ", "\n", "\t", "<b>", "&amp;", "ש", "😀", "\u0301", "\u200d", "", "constructor", 0.123456]
    show(page, tokens=odd)
    wanted = ["a", "␣", "↵", "⇥", "<b>", "&amp;", "ש", "😀", "◌\u0301", "U+200D", "∅", "constructor", "0.123"]
    assert page.evaluate(SIGNS) == wanted
    assert page.evaluate("document.querySelectorAll('.token b').length") == 0
    assert page.locator(".token").nth(1).get_attribute("aria-label") == "space"
    x = [page.locator(".token").nth(i).bounding_box()["x"] for i in range(3, 8)]
    assert x == sorted(x)  # a letter that is written from the right does not turn the sequence round


def test_colours_are_the_themes_at_the_value(page: Any) -> None:
    show(page, tokens=list("abc"), values=[0.25, None, 1.0], scale="sequential", below=["¼", "", "1"])
    backs = "[...document.querySelectorAll('.token .sign')].map((e) => e.style.background)"
    wanted = page.evaluate("[theme.sequential(0.25), theme.sequential(1)].map((c) => `rgb(${c.join(', ')})`)")
    assert page.evaluate(backs) == [wanted[0], "", wanted[1]]
    show(page, values=[-2, 0, 2], scale={"kind": "diverging", "low": -4, "high": 4})
    wanted = page.evaluate("[-0.5, 0, 0.5].map((t) => `rgb(${theme.diverging(t).join(', ')})`)")
    assert page.evaluate(backs) == wanted
    assert page.locator(".token").first.get_attribute("aria-label") == "a, −2, ¼"


def test_pointing_pinning_and_walking(page: Any) -> None:
    show(page, tokens=list("many letters that need more than one line of boxes"), values=None, below=None)
    page.mouse.move(380, 580)
    page.evaluate("heard.length = 0")
    page.locator(".token").nth(3).hover()
    page.locator(".token").nth(5).click()
    page.mouse.move(380, 580)
    heard = page.evaluate("heard")
    assert [heard[0], heard[-1]] == [["hover", 3], ["hover", None]]
    assert ["pick", 5] in heard
    page.evaluate("row.light(5, {pinned: true})")
    assert page.locator(".token.pinned").get_attribute("data-at") == "5"
    assert page.locator("[aria-selected=true]").count() == 1
    page.evaluate("heard.length = 0")
    page.locator(".token").nth(5).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert [each for each in page.evaluate("heard") if each[0] == "pick"] == [["pick", 6], ["pick", None]]
    below = page.evaluate("(() => { row.stand(2); return row.below(1); })()")
    boxes = [page.locator(".token").nth(i).bounding_box() for i in (2, below)]
    assert boxes[1]["y"] > boxes[0]["y"]
    assert abs(boxes[1]["x"] - boxes[0]["x"]) < boxes[0]["width"]
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.dataset.at") == str(page.locator(".token").count() - 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
