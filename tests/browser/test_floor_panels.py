"""Presets, claims, questions, code and the controls: what a person sees and what is sent."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from dlviz.core import spec as specs
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.fake_run import CODE
from tests.browser.harness import Harness

COMMON = {"run": "fake", "session": "test", "slug": "playground"}
DEFAULTS = specs.values(PlaygroundSpec())
PRESETS = [
    {"slug": "xor", "title": "Xor", "text": "Watch two folds appear.", "fails": False,
     "changes": {**DEFAULTS, "dataset": "xor"}},
    {"slug": "line", "title": "Linear on xor", "text": "No line does it.", "fails": True,
     "changes": {**DEFAULTS, "dataset": "xor", "hidden_layers": []}},
]  # fmt: skip
QUESTION = {"slug": "q1", "text": "Why does a line fail on xor?", "options": ["It is slow.", "No line separates it."],
            "answer": 1, "because": ["Speed changes nothing here.", "The classes sit at opposite corners."],
            "action": "line"}  # fmt: skip
CLAIM = {"slug": "linear-xor", "usual": "A linear model cannot separate xor.", "method": "Train both, three seeds."}


def test_a_preset_sets_everything_and_plays(mounted: Any, serve_static: tuple[str, Harness]) -> None:
    page = mounted("presets", data={**COMMON, "presets": PRESETS})
    page.wait_for_function("() => harness.session('test').frame")
    page.get_by_role("button", name="Linear on xor").click()
    assert page.get_by_role("status").inner_text() == "Fails on purpose. No line does it."
    page.wait_for_function("() => harness.session('test').newest.numbers.playing")
    assert serve_static[1].commands("fake", "set")[0]["changes"] == PRESETS[1]["changes"]
    assert page.get_by_role("button", name="Linear on xor").get_attribute("aria-pressed") == "true"
    page.evaluate("() => harness.session('test').set({noise: 20})")
    page.wait_for_function("() => harness.session('test').scene.numbers.spec.noise === 20")
    page.wait_for_timeout(60)
    assert page.get_by_role("button", name="Linear on xor").get_attribute("aria-pressed") == "false"


def test_a_claim_runs_and_keeps_its_verdict(mounted: Any) -> None:
    page = mounted("claims", data={**COMMON, "claims": [CLAIM]})
    page.get_by_role("button", name="Run the experiment").click()
    page.get_by_text("It holds.").wait_for()
    assert "A line stays at chance" in page.get_by_role("status").inner_text()
    cells = page.locator("tbody tr").first.locator("td").all_inner_texts()
    assert cells == ["linear", "1", "0.52", "no"]
    assert page.locator("th").all_inner_texts() == ["model", "seed", "test accuracy", "separates"]
    page.evaluate("() => harness.unmount('claims')")
    page.evaluate("(data) => harness.mount('claims', data)", {**COMMON, "claims": [CLAIM]})
    page.get_by_text("It holds.").wait_for()
    assert page.get_by_role("button", name="Run again").is_visible()


def test_a_running_claim_shows_how_far_it_is(mounted: Any, serve_static: tuple[str, Harness]) -> None:
    page = mounted("claims", data={**COMMON, "claims": [CLAIM]})
    run = serve_static[1].run("fake")
    run.do_claim = lambda command: run.reply(command, progress={"done": 1, "total": 4, "text": "seed 1"})
    page.get_by_role("button", name="Run the experiment").click()
    bar = page.get_by_role("progressbar")
    page.get_by_text("1 of 4 · seed 1").wait_for()
    assert bar.get_attribute("aria-valuenow") == "1"
    assert bar.get_attribute("aria-valuemax") == "4"
    assert page.get_by_role("button", name="Running …").is_disabled()


def test_a_claim_that_fails_says_so(mounted: Any, serve_static: tuple[str, Harness]) -> None:
    page = mounted("claims", data={**COMMON, "claims": [CLAIM]})
    run = serve_static[1].run("fake")
    run.do_claim = lambda command: [run.note("error", "The experiment failed.", command["token"])]
    page.get_by_role("button", name="Run the experiment").click()
    page.get_by_role("alert").get_by_text("The experiment failed.").wait_for()


def test_questions_answer_in_words_and_show_it_on_the_stage(mounted: Any, serve_static: tuple[str, Harness]) -> None:
    page = mounted("questions", data={**COMMON, "questions": [QUESTION], "presets": PRESETS})
    page.get_by_role("button", name="It is slow.").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Not quite. Speed changes nothing here.").wait_for()
    assert not page.get_by_role("button", name="See it happen").is_visible()
    page.get_by_role("button", name="No line separates it.").click()
    page.get_by_text("Right. The classes sit at opposite corners.").wait_for()
    assert page.get_by_text("0 of 1 right at the first try").is_visible()
    page.get_by_role("button", name="See it happen: Linear on xor").click()
    page.wait_for_function("() => harness.session('test').newest.numbers.playing")
    assert serve_static[1].commands("fake", "set")[0]["changes"]["hidden_layers"] == []


def test_code_is_shown_coloured_and_leaves_as_it_is(mounted: Any) -> None:
    page = mounted("codeview", data=COMMON)
    page.locator("pre .keyword").first.wait_for()
    assert page.locator("pre").text_content() == CODE
    assert page.locator("pre .definition").all_inner_texts() == ["build"]
    assert "0.03" in page.locator("pre .number").all_inner_texts()
    assert page.locator("pre .comment").all_inner_texts() == ["# per step"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    assert waiting.value.suggested_filename == "playground.py"
    ast.parse(waiting.value.path().read_text())
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == CODE


def test_code_follows_the_setup(mounted: Any, serve_static: tuple[str, Harness]) -> None:
    page = mounted("codeview", data=COMMON)
    page.locator("pre .keyword").first.wait_for()
    run = serve_static[1].run("fake")
    run.do_code = lambda command: run.reply(command, text="seed = 7\n")
    page.evaluate("() => harness.session('test').set({seed: 7})")
    page.wait_for_function(
        "() => document.querySelector('#codeview').shadowRoot.querySelector('pre').textContent === 'seed = 7\\n'"
    )


KNOBS = """(fields) => (async () => {
  const { knob } = await import("/app/static/lib/knob.js");
  const { load } = await import("/app/static/lib/load.js");
  window.sent = []; window.knobs = {};
  const host = document.getElementById("page").appendChild(document.createElement("div"));
  const shadow = host.attachShadow({mode: "open"});
  const root = shadow.appendChild(document.createElement("div")); root.className = "dlviz";
  for (const field of fields) {
    const made = knob(field, {onchange: (value) => sent.push([field.name, value])});
    if (made) { knobs[field.name] = made; root.append(made.element); }
  }
})()"""


@pytest.fixture
def knobs(mounted: Any) -> Any:
    page = mounted()
    page.evaluate(KNOBS, specs.describe(PlaygroundSpec))
    return page


def test_every_field_that_a_person_sets_has_a_control(knobs: Any) -> None:
    made = set(knobs.evaluate("() => Object.keys(knobs)"))
    kinds = {field["name"]: field["kind"] for field in specs.describe(PlaygroundSpec)}
    assert made == {name for name, kind in kinds.items() if kind != "coded"}


def test_controls_send_values_that_the_spec_takes(knobs: Any) -> None:
    part = lambda name: knobs.locator(f"[data-field={name}]")  # noqa: E731
    part("problem").get_by_role("radio").nth(1).click()
    part("optimizer").locator("select").select_option("adam")
    part("batch_norm").get_by_role("switch").click()
    part("features").get_by_role("button").nth(2).click()
    part("activations").locator("select").select_option("relu")
    part("hidden_layers").get_by_role("button", name="Add a layer").click()
    part("hidden_layers").get_by_role("button", name="One more in layer 1").click()
    part("samples").locator("input[type=text]").fill("300")
    part("samples").locator("input[type=text]").press("Enter")
    sent = knobs.evaluate("() => sent")
    assert sent == [
        ["problem", "regression"], ["optimizer", "adam"], ["batch_norm", True],
        ["features", ["x1", "x2", "x1_squared"]], ["activations", ["relu"]],
        ["hidden_layers", [4, 2, 2]], ["hidden_layers", [5, 2, 2]], ["samples", 300],
    ]  # fmt: skip
    for name, value in sent:
        specs.from_values(PlaygroundSpec, {name: value})  # raises for what the spec refuses


def test_setting_a_control_sends_nothing_and_keeps_limits(knobs: Any) -> None:
    knobs.evaluate(
        "() => { knobs.hidden_layers.set([8, 8, 8, 8, 8, 8]); knobs.features.set(['x1']); knobs.noise.set(20); }"
    )
    assert knobs.locator("[data-field=hidden_layers]").get_by_role("button", name="Add a layer").is_disabled()
    knobs.locator("[data-field=features]").get_by_role("button").first.click()  # at least one stays
    assert knobs.evaluate("() => sent") == []
    assert knobs.locator("[data-field=noise] input[type=text]").input_value() == "20"


def test_a_control_can_be_taken_away_with_a_reason(knobs: Any) -> None:
    knobs.evaluate("() => knobs.noise.disable('Own points have no noise.')")
    noise = knobs.locator("[data-field=noise]")
    assert noise.locator("input").first.is_disabled()
    assert noise.get_by_text("Own points have no noise.").is_visible()
    knobs.evaluate("() => knobs.noise.enable()")
    assert noise.locator("input").first.is_enabled()


def test_radio_arrows_choose(knobs: Any) -> None:
    group = knobs.locator("[data-field=problem]")
    group.get_by_role("radio").first.focus()
    knobs.keyboard.press("ArrowRight")
    assert knobs.evaluate("() => sent") == [["problem", "regression"]]
    assert group.get_by_role("radio").nth(1).get_attribute("aria-checked") == "true"


def test_arrow_keys_move_every_slider(knobs: Any) -> None:
    """Also past the rounding to a number that a person would write."""
    for name in knobs.evaluate("() => Object.keys(knobs).filter((k) => knobs[k].field.kind === 'range')"):
        slider = knobs.locator(f"[data-field={name}] input[type=range]")
        slider.evaluate(
            "(e) => { e.value = (Number(e.min) + Number(e.max)) / 2; e.dispatchEvent(new Event('input')); }"
        )
        slider.focus()
        values = []
        for key in ("", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
            if key:
                slider.press(key)
            values.append(float(slider.get_attribute("aria-valuetext").split()[0].replace(",", "").replace("−", "-")))
        up, more, down, less = np.sign(np.diff(values))
        assert (up, more, down, less) == (1, 1, -1, -1), (name, values)


def test_dragging_a_slider_sends_calmly_and_the_last_value(knobs: Any) -> None:
    code = """async () => {
      const slider = knobs.noise.element.querySelector("input[type=range]");
      for (let i = 0; i <= 100; i += 1) {
        slider.value = i * 10; slider.dispatchEvent(new Event("input"));
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      return sent;
    }"""
    sent = knobs.evaluate(code)
    assert len(sent) < 40
    assert sent[-1] == ["noise", 50]
