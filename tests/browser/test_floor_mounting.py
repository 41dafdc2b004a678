"""How a component comes onto a page: once, with its styles, again with other data or another theme."""

from __future__ import annotations

from typing import Any

import pytest

from dlviz.figures.palette import DARK, LIGHT
from dlviz.ui.components import mounting

DATA = {"run": "fake", "session": "test", "slug": "playground", "presets": [], "claims": [], "questions": []}


def test_every_component_has_code_and_style() -> None:
    assert {"trainbar", "timeline", "claims", "questions", "codeview", "relay", "presets"} <= set(mounting.available())


def test_a_misspelt_component_is_an_error_with_words() -> None:
    with pytest.raises(FileNotFoundError, match=r"'trianbar' needs trianbar/component\.js"):
        mounting.component("trianbar")


def test_a_component_is_registered_once() -> None:
    assert mounting.component("trainbar") is mounting.component("trainbar")


@pytest.mark.parametrize("name", ["trainbar", "timeline", "claims", "questions", "codeview", "relay", "presets"])
def test_styles_are_there_with_the_first_picture(mounted: Any, name: str) -> None:
    page = mounted(name, data=DATA)
    found = page.evaluate("(name) => document.getElementById(name).shadowRoot.adoptedStyleSheets.length", name)
    assert found >= 2


def test_another_theme_or_other_data_build_nothing_anew(mounted: Any) -> None:
    page = mounted("trainbar", data=DATA)
    page.evaluate(
        "() => { window.before = document.getElementById('trainbar').shadowRoot.querySelector('button.play'); }"
    )
    colour = "() => getComputedStyle(before).backgroundColor"
    light = page.evaluate(colour)
    page.evaluate("() => harness.theme('dark')")
    page.wait_for_timeout(250)
    dark = page.evaluate(colour)
    assert [light, dark] == [
        f"rgb{tuple(int(c[i : i + 2], 16) for i in (1, 3, 5))}" for c in (LIGHT.accent, DARK.accent)
    ]
    page.evaluate("(data) => harness.update('trainbar', data)", {**DATA, "run": "next"})
    page.wait_for_function("() => harness.session('test').frame && harness.session('test').shown === 'next'")
    assert page.evaluate("() => before === document.getElementById('trainbar').shadowRoot.querySelector('button.play')")


def test_a_late_cleanup_of_an_earlier_call_leaves_the_component_alive(mounted: Any) -> None:
    page = mounted("presets", data=DATA)
    code = """async () => {
      const { load } = await import("/app/static/lib/load.js");
      const host = document.body.appendChild(document.createElement("div"));
      const parentElement = host.attachShadow({mode: "open"});
      const show = await load("codeview");
      const data = {run: "fake", session: "test"};
      const call = () => show({data, parentElement, setTriggerValue() {}, setStateValue() {}});
      const first = call();
      const second = call();
      first();
      const alive = parentElement.querySelector("pre") !== null;
      second();
      return [alive, parentElement.querySelector("pre") !== null];
    }"""
    assert page.evaluate(code) == [True, False]


def test_a_component_without_a_run_gets_one_later(mounted: Any) -> None:
    page = mounted("presets", data=DATA)
    page.evaluate("() => harness.mount('codeview', {session: 'later'}, 'late')")
    page.evaluate("() => harness.update('late', {session: 'later', run: 'fake'})")
    page.locator("#late pre .keyword").first.wait_for()


def test_a_missing_style_sheet_is_said(mounted: Any) -> None:
    page = mounted()
    said = page.evaluate("""async () => { const { load } = await import("/app/static/lib/load.js");
      try { await load("lib"); return "loaded"; } catch (problem) { return problem.message; } }""")
    assert "cannot be loaded" in said or "Failed to fetch" in said
    page.wait_for_timeout(300)
    page.problems.clear()  # the browser reports both files that are missing
