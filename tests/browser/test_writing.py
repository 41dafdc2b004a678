"""The panel Write: its filters against Hugging Face's, its luck, its texts and their way back against torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from transformers import TopKLogitsWarper, TopPLogitsWarper

from dlviz.labs.recurrent import LAB
from dlviz.labs.recurrent.model import Translator
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.labs.recurrent.writing import filtered, sample
from dlviz.training import checkpoints
from dlviz.training.jobs import to_the_end
from tests.browser.static_page import static_page
from tests.browser.test_recurrent_js import MADE, given

pytestmark = pytest.mark.browser
KEPT = (0, 30, 100, 300, 1000, 3000)  # steps of the shipped checkpoint


@pytest.fixture(scope="module")
def modules(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => {
            window.recurrent = await import("/lib/recurrent.js");
            window.sampling = await import("/writing/sampling.js");
            window.writing = await import("/writing/writer.js");
        }""")
        opened.evaluate(f"() => {{ window.made = {MADE}; }}")
        yield opened


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p"),
    [(1, None, 1), (0.5, None, 1), (2.5, 7, 1), (0.8, None, 0.9), (1.4, 20, 0.6), (0.1, 3, 0.05), (1, 1, 1)],
)
def test_the_filters_keep_what_those_of_transformers_keep(
    modules: Any, temperature: float, top_k: int | None, top_p: float
) -> None:
    logits = torch.randn(8, 40, generator=torch.Generator().manual_seed(4), dtype=torch.float64) * 3
    rules = {"temperature": temperature, "topK": top_k, "topP": top_p}
    rows = modules.evaluate(
        """([logits, rules]) => logits.map((row) => {
            const { own, warmed, final, kept, left } = sampling.chances(Float64Array.from(row), rules);
            return { own: [...own], warmed: [...warmed], final: [...final], kept: [...kept], left };
        })""",
        [logits.tolist(), rules],
    )
    scores = logits / temperature
    if top_k:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(top_p)(None, scores)
    for ours, row, wanted in zip(rows, logits, scores, strict=True):
        assert ours["kept"] == wanted.isfinite().int().tolist()
        np.testing.assert_allclose(ours["final"], wanted.softmax(0), rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(ours["own"], row.softmax(0), rtol=1e-9)
        np.testing.assert_allclose(ours["warmed"], (row / temperature).softmax(0), rtol=1e-9)
        assert ours["left"] == pytest.approx(float((row / temperature).softmax(0)[wanted.isfinite()].sum()))


def test_luck_is_torchs_and_falls_where_it_should(modules: Any) -> None:
    for seed in (0, 1, 9999):
        ours = modules.evaluate(
            "(seed) => { const luck = new sampling.Luck(seed);"
            " return [luck.number(1300), ...Array.from({length: 1300}, (_, k) => luck.number(k))]; }",
            seed,
        )
        theirs = torch.rand(1301, generator=torch.Generator().manual_seed(seed))
        assert ours[1:] + ours[:1] == theirs.tolist()
    shares = [0.0, 0.25, 0.0, 0.5, 0.25]
    numbers = [0, 0.2499, 0.25, 0.74, 0.75, 0.9999999]
    drawn = modules.evaluate("([p, all]) => all.map((u) => sampling.draw(p, u))", [shares, numbers])
    assert drawn == np.searchsorted(np.cumsum(shares), numbers, side="right").tolist()


def test_a_circle_is_seen_and_an_indentation_is_none(modules: Any) -> None:
    loop = "(ids) => sampling.loopOf(ids)"
    assert modules.evaluate(loop, [9, 8, 7] + [1, 2, 3, 4, 5] * 8) == 5
    assert modules.evaluate(loop, [3] * 40) == 1
    assert modules.evaluate(loop, [5, 6] + [3] * 16) == 0
    assert modules.evaluate(loop, list(range(60)) * 2) == 0, "twice is not yet a circle"
    assert modules.evaluate(loop, list(range(60)) * 3) == 60
    assert modules.evaluate("() => sampling.perplexity([0.5, 0.125])") == pytest.approx(4)


def test_a_decoder_writes_what_torchs_writes_and_may_be_overruled(modules: Any) -> None:
    run = RecurrentRun(RecurrentSpec(task="dates", hidden_size=12, cell="gru"))
    run.advance(30)
    assert isinstance(run.network, Translator)
    found = modules.evaluate(
        """(given) => {
            const network = made(given);
            const writer = new writing.Writer();
            writer.rules = { temperature: 0, topK: null, topP: 1 };
            const begin = () => network.read(given.inputs, { part: "encoder" }).state;
            writer.read(network, [0], { part: "decoder", begin, end: network.vocabulary.indexOf("$") });
            while (!writer.full && writer.length < 24) writer.write();
            const alone = writer.written.map(({ id }) => id);
            writer.cursor = 1;
            writer.cut();
            writer.put({ id: 5, forced: true });
            writer.write();
            return { alone, overruled: writer.written.map(({ id }) => id), probabilities: writer.probabilities };
        }""",
        given(run),
    )
    ids, length = run.reading.inputs, torch.tensor([run.reading.steps])
    theirs = run.network.write(ids, length, 24)[0].tolist()
    end = run.task.vocabulary.index("$")
    assert found["alone"] == (theirs[: theirs.index(end) + 1] if end in theirs else theirs)
    first = found["alone"][0]
    with torch.no_grad():
        logits = run.network(ids, length, torch.tensor([[0, first, 5]]))[0]
    assert found["overruled"] == [first, 5, int(logits[2].argmax())]
    wanted = logits.softmax(1)[range(3), found["overruled"]]
    np.testing.assert_allclose(found["probabilities"], wanted, rtol=1e-4)


# --- in the real app, with the shipped checkpoint --------------------------------------------------------

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.writing)"


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until all is written and an expression of `now` (what the panel shows) and `arg` holds; what it shows."""
    found: dict[str, Any] = page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.writing(); return now && now.due === 0 && ({condition}) && now; }}",
        arg=arg, timeout=60_000,
    ).json_value()  # fmt: skip
    return found


class Shipped:
    """The run of the checkpoint, as it was after so many steps."""

    def __init__(self) -> None:
        opened = checkpoints.opening(LAB, RecurrentSpec())
        assert opened is not None
        self.moments, self.run = opened[0], RecurrentRun(RecurrentSpec())

    def at(self, step: int) -> RecurrentRun:
        self.run.restore(self.moments.nearest(step).snapshot)
        assert self.run.step == step
        return self.run


def chances(run: RecurrentRun, prefix: str, ids: list[int]) -> np.ndarray:
    """What the network gives each of `ids` behind `prefix`, from one pass of torch's over all of it."""
    seed = [run.task.vocabulary.index(letter) for letter in prefix]
    with torch.no_grad():
        logits = run.network(torch.tensor([seed + ids]))[0][0, len(seed) - 1 : -1]
    return logits.softmax(1)[range(len(ids)), ids].numpy()


def type_into(page: Any, label: str, value: str) -> None:
    field = page.locator(".writing .knob", has_text=label).locator("input[type=text]")
    field.fill(value)
    field.press("Enter")


tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 1800}}], indirect=True, ids=["tall"])


@tall
def test_a_person_writes_overrules_and_goes_back(page: Any, app: str) -> None:
    run = Shipped().at(3000)
    vocabulary = run.task.vocabulary
    page.goto(f"{app}/recurrent?recurrent.panel=Write")
    found = wait(page, "now.step === 3000 && now.ids.length === 300")
    wanted = to_the_end(sample(run, "def ", temperature=0.8, length=300, random_seed=1))
    assert found["text"] == str(wanted.state["text"]), "the page and the command line have the same luck"
    np.testing.assert_allclose(found["probabilities"], wanted["probabilities"], rtol=2e-3, atol=1e-6)
    assert found["perplexity"] == pytest.approx(np.exp(-np.log(wanted["probabilities"]).mean()), rel=1e-4)

    # What comes next, with what is cut.
    type_into(page, "Top-k", "9")
    type_into(page, "Top-p", "0.8")
    found = wait(page, "now.rules.topK === 9 && now.rules.topP === 0.8 && now.ids.length === 300")
    seed = [vocabulary.index(letter) for letter in "def "] + found["ids"]
    with torch.no_grad():
        logits = run.network(torch.tensor([seed]))[0][0, -1].double()
    np.testing.assert_allclose(found["found"]["final"], filtered(logits, 0.8, 9, 0.8), atol=1e-4)
    warmed = (logits / 0.8).softmax(0)
    left = float(warmed[torch.tensor(found["found"]["kept"]).bool()].sum())
    assert f"what is left, {100 * left:.1f} %" in page.locator(".bars-said").inner_text()
    assert page.locator(".option.cut .value", has_text="cut").count() > 0
    type_into(page, "Top-k", "92")
    type_into(page, "Top-p", "1")
    before = wait(page, "now.text === arg", str(wanted.state["text"]))

    # Back to a letter, another one there by hand; the rest is written anew; and undone.
    page.locator(".letter").nth(40).click()
    wait(page, "now.here === 40 && now.place === 40")
    other = page.locator(".options .option:not(.chosen)").first
    chosen = int(other.get_attribute("data-id"))
    page.mouse.move(2, 2)
    other.click()
    found = wait(page, "now.forced[40] && now.ids.length === 300")
    assert found["ids"][:40] == before["ids"][:40]
    assert found["ids"][40] == chosen
    assert found["ids"][41:] != before["ids"][41:]
    assert sum(found["forced"]) == 1
    np.testing.assert_allclose(found["probabilities"], chances(run, "def ", found["ids"]), rtol=2e-3, atol=1e-6)
    assert "forced" in page.locator(".letter").nth(40).get_attribute("class")
    page.get_by_role("button", name="Undo").click()
    found = wait(page, "now.text === arg", before["text"])
    assert sum(found["forced"]) == 0
    page.get_by_role("button", name="Next", exact=True).click()
    assert wait(page, "now.ids.length === 301")["ids"][:300] == before["ids"]
    page.locator(".writing .text").focus()
    page.keyboard.press("Backspace")
    wait(page, "now.text === arg", before["text"])

    # The likeliest each time runs in a circle, and says so.
    page.locator(".writing .knob", has_text="Always the likeliest").get_by_role("switch").click()
    found = wait(page, "now.period > 0")
    assert found["text"] == str(to_the_end(sample(run, "def ", temperature=0, length=300)).state["text"])
    tail = found["ids"][-found["period"] :]
    assert found["ids"][-3 * found["period"] :] == tail * 3
    assert "repeats itself" in page.locator(".loop").inner_text()


@tall
def test_nonsense_is_left_out_and_one_can_watch_it_learn(page: Any, app: str) -> None:
    shipped = Shipped()
    vocabulary = shipped.run.task.vocabulary
    page.goto(f"{app}/recurrent?recurrent.panel=Write")
    before = wait(page, "now.step === 3000 && now.ids.length === 300")

    # Letters that it has not learned are named and left out; nothing at all begins after a line end.
    page.locator(".seed-text").fill("d☃e🐍f ")
    wait(page, "now.unknown.length === 2 && now.text === arg", before["text"])
    assert "☃ 🐍" in page.locator(".writing .problem").first.inner_text()
    page.locator(".seed-text").fill("")
    found = wait(page, "now.prefix.length === 1 && now.ids.length === 300")
    assert found["prefix"] == [vocabulary.index("\n")]
    page.locator(".seed-text").fill("def ")
    wait(page, "now.text === arg", before["text"])

    # The same at every moment that is kept.
    page.get_by_role("button", name="Write the same at 6 moments").click()
    found = wait(page, "now.samples.length === 6 && now.samples.every(({ text }) => text) && now.step === 3000")
    for step, each in zip(KEPT, found["samples"], strict=True):
        text = str(
            to_the_end(sample(shipped.at(step), "def ", temperature=0.8, length=140, random_seed=1)).state["text"]
        )
        assert each == {"step": step, "text": text}

    # Without writing again the text stays, and the network of that moment says how much it is surprised.
    wait(page, "now.text === arg", before["text"])
    page.locator(".writing .knob", has_text="Write again").get_by_role("switch").click()
    page.locator(".moment", has_text="step 300").click()
    found = wait(page, "now.step === 300 && now.ids.length === 300")
    assert found["text"] == before["text"]
    np.testing.assert_allclose(
        found["probabilities"], chances(shipped.at(300), "def ", found["ids"]), rtol=2e-3, atol=1e-6
    )
    assert found["perplexity"] > before["perplexity"]
    assert page.locator(".moment[aria-current=true]").inner_text().startswith("step 300")


def test_a_task_that_does_not_write_says_what_does(page: Any, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 5000})  # out of sight a panel draws nothing
    page.goto(f"{app}/recurrent?recurrent.panel=Write&recurrent.task=parity&recurrent.step=1&recurrent.hidden_size=4")
    page.get_by_text("the task Write text").wait_for(timeout=60_000)
    page.get_by_role("button", name="Choose Write text").click()
    wait(page, "now.ids.length === 300")
