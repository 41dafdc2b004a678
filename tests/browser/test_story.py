"""The story in the browser: its conditions mean what Python says they mean, and a step completes when it is done."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from dlviz.core.story import _COMPARE, Condition, _plain
from dlviz.labs.playground import LAB
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

VALUES = st.one_of(
    st.booleans(), st.integers(-5, 5), st.floats(-3, 3), st.sampled_from(["xor", "on", "off", "none", "4", "4,2", ""]),
    st.lists(st.integers(1, 8), max_size=3), st.lists(st.sampled_from(["x1", "x2"]), max_size=2), st.none(),
)  # fmt: skip
CASES = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(sorted(_COMPARE)), VALUES,
                  st.dictionaries(st.sampled_from(["a", "b"]), VALUES))  # fmt: skip


@pytest.fixture(scope="module")
def condition_page(browser: Any) -> Any:
    with static_page(browser) as page:
        page.evaluate("async () => { window.condition = await import('/story/condition.js'); }")
        yield page


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(CASES, min_size=20, max_size=20))
def test_the_browser_judges_conditions_as_python_does(condition_page: Any, cases: list[Any]) -> None:
    plain = [(name, op, _plain(value), values) for name, op, value, values in cases if value is not None]
    plain = [case for case in plain if not (isinstance(case[2], float) and math.isnan(case[2]))]
    expected = [Condition(name, op, value).met(values) for name, op, value, values in plain]
    script = "(cases) => cases.map(([name, op, value, values]) => condition.met([name, op, value], values))"
    assert condition_page.evaluate(script, plain) == expected


def test_both_answers_occur(condition_page: Any) -> None:
    script = "(cases) => cases.map(([c, values]) => condition.met(c, values))"
    cases = [(["step", ">=", 500.0], {"step": 500}), (["step", ">=", 500.0], {"step": 499}),
             (["hidden_layers", "=", "none"], {"hidden_layers": []}), (["playing", "=", "on"], {})]  # fmt: skip
    assert condition_page.evaluate(script, cases) == [True, False, True, False]


def test_a_step_completes_when_the_reader_does_it_and_stays_done(page: Any, app: str) -> None:
    from dlviz.core import story

    steps = story.read(LAB.folder)
    page.goto(f"{app}/playground")
    strip = page.locator(".story")
    expect(strip.locator(".name")).to_have_text(steps[0].title)
    expect(strip.locator(".dot")).to_have_count(len(steps))
    expect(strip.locator(".dot.done")).to_have_count(0)
    strip.locator("button.title").click()
    expect(strip.locator(".body")).to_be_visible()
    page.get_by_role("toolbar", name="Training").get_by_role("button", name="Play").click()
    expect(strip.locator(".dot.done")).to_have_count(1, timeout=20_000)
    expect(strip.locator(".state")).to_have_text("Done")
    strip.get_by_role("button", name="Next").click()
    expect(strip.locator(".name")).to_have_text(steps[1].title)
    page.reload()
    expect(page.locator(".story .dot.done")).to_have_count(1)


def test_what_components_report_completes_a_step(page: Any, app: str) -> None:
    """A component says `happened.<word>` once; the step that waits for the word is done, others are not."""
    page.goto(f"{app}/convolution")
    strip = page.locator(".story")
    expect(strip.locator(".dot.done")).to_have_count(0)
    session = "globalThis[Symbol.for('dlviz.sessions')]?.get('convolution/page')"
    page.wait_for_function(f"() => {session}?.frame")
    page.evaluate(f"{session}.shared.set('happened.wiped', true)")
    page.evaluate(f"{session}.shared.set('happened.slid', false)")
    expect(strip.locator(".dot.done")).to_have_count(0)
    page.evaluate(f"{session}.shared.set('happened.slid', true)")
    expect(strip.locator(".dot.done")).to_have_count(1)
