"""The panel Translate: its search against Python's, and what it says of a translation against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.trace import Trace
from dlviz.labs.attention.measuring import right_wholly
from dlviz.labs.attention.model import Translator
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.labs.attention.translating import translate
from dlviz.training.jobs import to_the_end
from tests.browser.static_page import static_page
from tests.browser.test_transformer_js import MADE, given

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.translate)"
TALL = {"viewport": {"width": 1440, "height": 7500}}
PHONE = {"viewport": {"width": 390, "height": 11_000}, "has_touch": True}

SEARCHED = """({beams, penalty, ...rest}) => {
  const run = (work) => { for (;;) { const {done, value} = work.next(); if (done) return value; } };
  const writer = new beam.Writer(made(rest), rest.inputs);
  const following = (tokens) => writer.following(tokens);
  const end = writer.end;
  const greedy = run(beam.searching(following, {beams: 1, end})).ranked[0];
  return {...run(beam.searching(following, {beams, penalty, end})), greedy: greedy.tokens};
}"""

READ = """({text, numbers}) => {
  const found = source.readSource(text, numbers);
  return {...found, said: source.saidOf(found, numbers)};
}"""


def translated(run: AttentionRun, **options: Any) -> Trace:
    trace: Trace = to_the_end(translate(run, **options))  # type: ignore[arg-type]
    return trace


def hypotheses(trace: Trace) -> list[list[int]]:
    return [[token for token in row.tolist() if token >= 0] for row in trace["hypotheses"]]


SPECS = [
    AttentionSpec(task="digit_words", width=16, examples=300),
    AttentionSpec(task="pig_latin", width=12, heads=2, position="alibi", norm="none", layers=1, examples=300),
    AttentionSpec(task="dates", width=12, heads=2, norm="post", layers=3, examples=300, feed_forward=0),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.task)
@pytest.mark.parametrize(("beams", "penalty"), [(1, 0.0), (3, 0.0), (8, 0.8)])
def test_the_pages_search_is_pythons(chromium: Any, spec: AttentionSpec, beams: int, penalty: float) -> None:
    run = AttentionRun(spec)
    run.advance(25)
    with torch.no_grad():
        run.network.head.bias[1] += 1.5  # the end sign: some hypotheses end early and take their place with them
    trace = translated(run, beams=beams, penalty=penalty)
    assert beams < 8 or len({len(tokens) for tokens in hypotheses(trace)}) > 1
    with static_page(chromium) as page:
        page.evaluate("""async () => { window.transformer = await import("/lib/transformer.js");
            window.beam = await import("/translate/beam.js"); }""")
        page.evaluate(f"() => {{ window.made = {MADE}; }}")
        found = page.evaluate(SEARCHED, given(run) | {"beams": beams, "penalty": penalty})
    assert found["greedy"] == trace["greedy"].tolist()
    assert [each["tokens"] for each in found["ranked"]] == hypotheses(trace)
    for name, key in (("totals", "total"), ("scores", "score")):
        np.testing.assert_allclose([each[key] for each in found["ranked"]], trace[name], atol=1e-9)
    names = {"parents": "parent", "steps": "step", "node_tokens": "token", "node_totals": "total", "kept": "kept"}
    for name, key in names.items():
        np.testing.assert_allclose([node[key] for node in found["nodes"]], trace[name], atol=1e-9, err_msg=name)


def test_a_typed_text_is_read_as_the_server_reads_it(chromium: Any) -> None:
    run = AttentionRun(AttentionSpec(task="digit_words", width=8, heads=2, examples=300))
    numbers = {"vocabulary": list(run.task.vocabulary), "most_tokens": 64}
    with static_page(chromium) as page:
        page.evaluate("""async () => { window.source = await import("/translate/source.js"); }""")
        read = lambda text: page.evaluate(READ, {"text": text, "numbers": numbers})  # noqa: E731
        found = read("Four Hundred")
        assert found["ids"] == translated(run, text="Four Hundred")["tokens"].tolist()
        assert found["said"] == ""
        long = read("six " * 2500)
        assert long["ids"] == translated(run, text="six " * 2500)["tokens"].tolist()
        assert long["said"] == "Only the first 64 of 10,000 characters are read: 64 is the limit."
        assert "has never seen < b > Q" in read("<b>4Q")["said"]
        assert read("")["said"].startswith("Type something")


def wait(page: Any, condition: str = "true", arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of the panel's numbers `now` and `arg` holds; these numbers."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.translate(); return now && ({condition}); }}", arg=arg, timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.translate()")
    return found


def address(app: str, **settings: Any) -> str:
    given = "".join(f"&attention.{name}={value}" for name, value in settings.items())
    return f"{app}/attention?attention.panel=Translate{given}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [TALL], indirect=True, ids=["tall"])
def test_what_is_on_the_screen_is_torchs(page: Any, app: str) -> None:
    settings: dict[str, Any] = {"task": "digit_words", "width": 8, "examples": 300}
    page.goto(address(app, step=30, **settings))
    found = wait(page, "now.ready && now.step === 30 && now.all?.step === 30")
    run = AttentionRun(AttentionSpec(**settings))
    run.advance(30)
    vocabulary = run.task.vocabulary

    # Greedy, its probabilities and its cross-attention.
    trace = translated(run)
    assert found["tokens"] == trace["greedy"].tolist()
    np.testing.assert_allclose(found["logs"], trace["greedy_log_probabilities"], atol=1e-6)
    cross = np.array(found["cross"]).reshape(trace["greedy_cross"].shape)
    np.testing.assert_allclose(cross, trace["greedy_cross"], atol=1e-6)
    np.testing.assert_allclose(found["alignment"], trace["greedy_cross"].mean((0, 1)).ravel(), atol=1e-6)
    assert [each["tokens"] for each in found["ranked"]] == hypotheses(trace)

    # Another step, by its button: the bars and the rows of the heads are of that step.
    page.get_by_role("button", name="Next token").click()
    found = wait(page, "now.at === 1")
    rows = np.array(found["heads"]).reshape(8, -1)
    np.testing.assert_allclose(rows, trace["greedy_cross"][:, :, 1].reshape(8, -1), atol=1e-6)
    chances = np.exp(trace["greedy_log_probabilities"][1])
    best = page.locator(".translate .best li").first
    assert best.locator(".token-name").inner_text() == vocabulary[int(chances.argmax())].replace("$", "end")
    assert best.locator(".value").inner_text() == f"{chances.max() * 100:.1f} %"

    # A head, chosen by its row, and let go again in the menu.
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.middle(6, 2)"))
    found = wait(page, "now.which?.grid === 'decoder.1.cross' && now.which.head === 2")
    np.testing.assert_allclose(found["alignment"], trace["greedy_cross"][1, 2].ravel(), atol=1e-6)
    assert page.locator("#translate-head").input_value() == "6"
    page.locator("#translate-head").select_option("")
    wait(page, "now.which === null")

    # The held-back pairs, each wholly right or not.
    part = run.task.validation[torch.arange(40)]
    assert isinstance(run.network, Translator)
    sources = [tuple(row[:length].tolist()) for row, length in zip(part.inputs, part.lengths, strict=True)]
    expected = dict(zip(sources, right_wholly(run.network, part).tolist(), strict=True))
    assert found["all"]["right"] == list(expected.values())
    sentence = f"At step 30 it writes {sum(expected.values())} of these {len(expected)} wholly right"
    assert sentence in page.locator(".translate").inner_text()

    # A text of one's own, other beams and a penalty.
    field = page.locator("#translate-source")
    field.fill("seven hundred and six")
    page.get_by_role("textbox", name="Beams").fill("6")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Length penalty").fill("0.9")
    page.keyboard.press("Enter")
    found = wait(page, "now.settings.beams === 6 && now.settings.penalty === 0.9 && now.ranked.length === 6")
    trace = translated(run, text="seven hundred and six", beams=6, penalty=0.9)
    assert found["ids"] == trace["tokens"].tolist()
    assert [each["tokens"] for each in found["ranked"]] == hypotheses(trace)
    np.testing.assert_allclose([each["score"] for each in found["ranked"]], trace["scores"], atol=1e-6)
    assert page.locator(".translate .ranks tbody tr").count() == 6
    tree = page.locator(".translate svg[role=application]")
    tree.focus()
    page.keyboard.press("ArrowDown")
    found = wait(page, "now.node === 0")
    page.keyboard.press("ArrowRight")
    found = wait(page, "now.nodes[now.node].step === 1")
    assert found["nodes"][found["node"]]["parent"] == 0
    page.locator(".translate [data-node='3']").hover()
    wait(page, "now.node === 3")
    total = trace["node_totals"][3]
    assert f"(probability {np.exp(total) * 100:.1f} %); 4. of step 1, kept" in page.locator(".said-node").inner_text()

    # What it cannot read loses nothing.
    field.fill("<b>6</b>")
    assert "It has never seen < b > /" in page.locator(".translate .said").inner_text()
    assert page.locator(".translate b b, .translate .said b").count() == 0
    assert wait(page)["ids"] == trace["tokens"].tolist()
    field.fill("six " * 2500)
    found = wait(page, "now.ids.length === 64")
    assert "Only the first 64 of 10,000" in page.locator(".translate .said").inner_text()

    # Moments of the training, one after the other, and back.
    page.locator(".translate .chips .chip").nth(1).click()
    wait(page, "now.ids.length < 64")
    page.get_by_role("button", name="Fetch moments of this training").click()
    wait(page, "now.gathering")
    found = wait(page, "!now.gathering && now.step === 30 && now.kept.length > 2")
    assert found["kept"] == sorted(found["kept"])
    drawn = f"{PANEL}.shadowRoot.querySelectorAll('.moment').length"
    wait(page, f"!now.gathering && now.kept.length > 2 && now.kept.length === {drawn}")


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_another_task_is_changed_by_a_button_and_a_phone_has_room(page: Any, app: str) -> None:
    page.goto(address(app, width=8, heads=2, length=8, examples=100))
    wait(page, "now.other")
    words = page.locator(".translate .other").inner_text()
    assert "A passage comes again" in words
    page.locator(".translate .other").get_by_role("button", name="Number words to digits").click()
    found = wait(page, "now.ready && now.all")
    assert len(found["ranked"]) == 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
