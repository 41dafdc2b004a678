"""The stage of the Recurrent lab in the real app: what it shows against torch, for every pattern; what one types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.recurrent import probe
from dlviz.labs.recurrent.model import Translator
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from tests.browser.recurrent_page import open_recurrent, show, stage, wait_for_stage

pytestmark = pytest.mark.browser
CLOSE = 2e-5

SPECS = [
    RecurrentSpec(text="brackets", hidden_size=8, embedding_size=4, cell="gru", layers=2),
    RecurrentSpec(task="tagging", hidden_size=6, bidirectional=True, examples=60, example=3),
    RecurrentSpec(task="sentiment", hidden_size=6, examples=60, cell="rnn", bidirectional=True),
    RecurrentSpec(task="parity", hidden_size=5, examples=60, lag=8),
    RecurrentSpec(task="dates", hidden_size=12, examples=60),
    RecurrentSpec(task="weather", hidden_size=6, cell="gru"),
    RecurrentSpec(task="adding", hidden_size=6, examples=60, lag=9),
]


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_recurrent(page, app, text="brackets", hidden_size=8)
    context.close()
    assert problems == []


def torchs(run: RecurrentRun) -> dict[str, Any]:
    """What torch says at each step that is asked: texts or numbers in the unit shown, probabilities, right answers."""
    task, logits = run.task, torch.tensor(probe.weights(run)["logits"])
    shown = run.scene().numbers["shown_as"]
    if task.answers_numbers:
        said = (logits[:, 0] * shown["spread"] + shown["offset"]).tolist()
        return {"said": said, "sure": None}
    sure, ids = logits.softmax(1).max(1)
    return {"said": [task.classes[i] for i in ids.tolist()], "sure": sure.tolist()}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.task)
def test_what_is_read_said_and_kept_is_torchs(opened: Any, spec: RecurrentSpec) -> None:
    run = show(opened, spec, 4)
    columns, wanted = stage(opened, "columns"), torchs(run)
    answers = [column for column in columns if column["asked"]]
    read = [column for column in columns if column["part"] != "decoder"]
    trace = probe.gates(run)
    if isinstance(run.network, Translator):
        written = wanted["said"]
        end = written.index("$") + 1 if "$" in written else len(written)
        wanted = {"said": written[:end], "sure": wanted["sure"][:end]}
        assert [column["token"] for column in columns[len(read) :]] == ["^", *written[: end - 1]]
        hidden = trace["decoder_hidden"][:, 0, :end]
        ours = np.array([column["hidden"] for column in columns[len(read) :]])[:, :, 0]
        assert np.abs(ours - hidden.transpose(1, 0, 2)).max() < CLOSE
    if wanted["sure"] is None:
        assert [column["said"] for column in answers] == pytest.approx(wanted["said"], abs=1e-4)
    else:
        assert [column["said"] for column in answers] == wanted["said"]
        assert [column["sure"] for column in answers] == pytest.approx(wanted["sure"], abs=CLOSE)
    ids = run.reading.inputs[0]
    if run.task.vocabulary:
        assert [column["token"] for column in read] == [run.task.vocabulary[i] for i in ids.tolist()]
        assert [column["target"] for column in answers] == [
            run.task.classes[i] for i in run.reading.targets.flatten().tolist() if i >= 0
        ][: len(answers)]
    # (layer, direction, step, unit) of torch; ours is (step, layer, direction, unit)
    ours = np.array([column["hidden"] for column in read]).transpose(1, 2, 0, 3)
    assert np.abs(ours - trace["hidden"]).max() < CLOSE
    assert opened.locator(".chain-words .token:visible").count() == len(columns)
    assert stage(opened, "pixel", stage(opened, "at"), "cell")[3] == 255, "the cell looked at is painted"
    check_parameters(opened, run)


def check_parameters(opened: Any, run: RecurrentRun) -> None:
    """Formulas with their numbers put in, and the shapes beside the arrows."""
    wanted = run.network
    total = sum(parameter.numel() for parameter in wanted.parameters())
    builder = "[...document.querySelectorAll('*')].find((e) => e.dlvizBuilder).dlvizBuilder"
    rows = opened.evaluate(f"{builder}.rows()")
    assert sum(row["parameters"] for row in rows) == total
    for row in rows:
        formula = row["formula"].replace("·", "*").replace("−", "-")
        assert eval(formula) == row["parameters"], row
    assert f"Parameters{total:,}" in opened.locator(".totals").text_content()
    shapes = {(m["rows"], m["cols"]) for m in stage(opened, "matrices")}
    assert shapes == {tuple(p.shape) for n, p in wanted.named_parameters() if p.ndim == 2 and "embedding" not in n}


def test_one_step_opened_is_torchs(opened: Any) -> None:
    run = show(opened, RecurrentSpec(text="brackets", hidden_size=8, embedding_size=4, example=2), 4)
    opened.locator(".chain-words .token").nth(4).hover()
    wait_for_stage(opened, "dlviz.at() === 4")
    trace, shown = probe.gates(run), stage(opened, "details")
    shares = torch.tensor(trace["logits"][4]).softmax(0)
    order = shares.argsort(descending=True)[:5].tolist()
    signs = {"\n": "↵", " ": "␣"}
    names = [signs.get(run.task.classes[i], run.task.classes[i]) for i in order]
    assert [bar.split()[0] for bar in shown["bars"][:5]] == names
    assert [bar.split()[1] for bar in shown["bars"][:5]] == [f"{100 * shares[i]:.1f}" for i in order]
    right = run.reading.targets[0, 4]
    assert f"= {-shares[right].log():.2f} nats" in shown["note"]
    for name, words in {
        "input_gate": "input gate i",
        "forget_gate": "forget gate f",
        "output_gate": "output gate o",
    }.items():
        assert f"{words}\t{trace[name][0, 0, 4].mean():.2f}" in shown["inside"]
    length = np.linalg.norm(trace["hidden"][0, 0, 4])
    assert f"length of h\t{length:.3g}" in shown["inside"]


def test_a_matrix_lights_up_at_every_step_and_a_step_is_pinned(opened: Any) -> None:
    show(opened, RecurrentSpec(text="brackets", hidden_size=8, embedding_size=4), 1)
    # To the middle: at the top of the window lies the train bar.
    opened.locator(".chain-canvas").evaluate("(e) => e.scrollIntoView({block: 'center', behavior: 'instant'})")
    opened.mouse.move(*stage(opened, "middle", 3, "back"))
    wait_for_stage(opened, "dlviz.matrix() === 'back core 0 0'")
    words = opened.locator(".legend-words")
    assert words.inner_text() == (
        "W_hh 32 × 8: the same 256 numbers at every step, from the state of the step before to 4 gates of 8 units."
    )
    assert opened.locator(".compact .lit").count() == 2
    opened.locator(".compact [data-matrix=out].matrix").hover()
    wait_for_stage(opened, "dlviz.matrix() === 'out'")
    opened.mouse.click(*stage(opened, "middle", 5, "cell"))
    opened.mouse.move(2, 2)
    wait_for_stage(opened, "dlviz.at() === 5 && dlviz.matrix() === null")
    assert opened.locator(".token.pinned").count() == 1
    opened.locator(".token.pinned").focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Enter")
    wait_for_stage(opened, "dlviz.at() === 6")
    opened.keyboard.press("Escape")
    opened.mouse.move(2, 2)
    opened.evaluate("document.activeElement.blur()")
    assert opened.locator(".token.pinned").count() == 0


def test_a_person_types_a_sequence_and_unknown_letters_are_named(opened: Any) -> None:
    show(opened, RecurrentSpec(task="tagging", hidden_size=6, bidirectional=True, examples=60), 3)
    typed = opened.get_by_label("Your own sequence")
    typed.fill("the old fish swims")
    typed.press("Enter")
    wait_for_stage(opened, "dlviz.ready && dlviz.columns().map((c) => c.token).join(' ') === 'the old fish swims'")
    run = RecurrentRun(RecurrentSpec(task="tagging", hidden_size=6, bidirectional=True, examples=60))
    run.advance(3)
    run.set({"reading": "the old fish swims"})
    assert [column["said"] for column in stage(opened, "columns")] == torchs(run)["said"]
    typed.fill("the <b>fish</b> swims")
    typed.press("Enter")
    opened.locator(".reading .problem", has_text="<b>fish</b>").wait_for()
    assert typed.input_value() == "the <b>fish</b> swims"
    assert [column["token"] for column in stage(opened, "columns")] == ["the", "old", "fish", "swims"]
    opened.get_by_role("button", name="The next sequence").click()
    wait_for_stage(opened, "dlviz.numbers().spec.example === 1 && dlviz.numbers().spec.reading === ''")


def random(seed: int) -> Iterator[float]:
    """The stream of the page (lib/tinytrain.js, mulberry32), in Python."""
    state, mask = seed, 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (1 | state)) & mask
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & mask)) & mask) ^ t
        yield ((t ^ (t >> 14)) & mask) / 4294967296


def write(run: RecurrentRun, start: str, length: int, temperature: float, seed: int) -> str:
    """What torch writes, each letter drawn by where a number falls among the probabilities added up."""
    ids = torch.tensor([[run.task.vocabulary.index(letter) for letter in start]])
    draws, state, letters = random(seed), None, []
    with torch.no_grad():
        for _ in range(length):
            logits, state = run.network(ids, None, state)
            logits = logits[0, -1].double()
            if temperature == 0:
                chosen = int(logits.argmax())
                next(draws)
            else:
                sums = (logits / temperature).softmax(0).cumsum(0)
                chosen = int((next(draws) < sums).nonzero()[0])
            letters.append(run.task.vocabulary[chosen])
            ids = torch.tensor([[chosen]])
    return "".join(letters)


def test_the_text_it_writes_is_what_torch_would_write(opened: Any) -> None:
    run = show(opened, RecurrentSpec(text="brackets", hidden_size=8, embedding_size=4), 5)
    opened.get_by_label("It begins with").fill("(ab")
    temperature = opened.get_by_role("slider", name="Temperature", exact=True).first
    for warmth in (0.0, 0.8):
        temperature.fill(str(warmth))
        wanted = write(run, "(ab", 200, warmth, 1)
        condition = "(s => s?.temperature === arg && s.start === '(ab' && s.step === 5 && s.text)(dlviz.sample())"
        assert wait_for_stage(opened, condition, warmth) == wanted
    assert opened.locator(".written").text_content() == "(ab" + wanted
    opened.get_by_role("button", name="Other letters").click()
    again = wait_for_stage(opened, "dlviz.sample().seed === 2 && dlviz.sample().text")
    assert again == write(run, "(ab", 200, 0.8, 2) != wanted


def test_a_text_goes_on_by_itself(opened: Any) -> None:
    run = show(opened, RecurrentSpec(text="brackets", hidden_size=8, embedding_size=4, reading="(a(b"), 5)
    opened.get_by_role("button", name="Goes on by itself").click()
    wait_for_stage(opened, "dlviz.columns().length > 10")
    columns = stage(opened, "columns")
    wanted = write(run, "(a(b", 40, 0, 1)
    assert "".join(column["token"] for column in columns) == "(a(b" + wanted[:39]
    assert "".join(column["said"] for column in columns[3:]) == wanted
    assert [column["fed"] for column in columns] == [False] * 4 + [True] * 39


def test_held_back_sequences_are_answered_as_torch_does(opened: Any) -> None:
    run = show(opened, RecurrentSpec(task="dates", hidden_size=12, examples=60), 3)
    part, vocabulary = run.task.validation, run.task.vocabulary
    rows = wait_for_stage(opened, "dlviz.examples().step === 3 && dlviz.examples().answers")
    assert len(rows) == 8
    for k, row in enumerate(rows):
        inputs = part.inputs[k : k + 1, : int(part.lengths[k])]
        written = run.network.write(inputs, part.lengths[k : k + 1], 24)[0].tolist()
        end = written.index(1) + 1 if 1 in written else len(written)
        assert row["said"] == [vocabulary[i] for i in written[:end]]
        assert row["wanted"] == [vocabulary[i] for i in part.targets[k].tolist() if i >= 0]
    opened.locator(".examples tbody tr").nth(4).click()
    wait_for_stage(opened, "dlviz.numbers().spec.example === 4")
    assert f"chance {run.task.chance:.3f}" in stage(opened, "curves")


def paste(page: Any, text: str) -> bool:
    """Paste into the field of one's own text; whether the field takes it."""
    return page.locator(".own-text").evaluate(
        """(area, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            return area.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def test_a_text_of_ones_own_is_checked_before_it_is_sent(opened: Any) -> None:
    show(opened, RecurrentSpec(text="brackets", hidden_size=8, embedding_size=4), 1)
    opened.locator("[data-field=text] select").select_option("own")
    area, learn = opened.locator(".own-text"), opened.get_by_role("button", name="Learn from it")
    assert learn.is_disabled()
    area.fill("some words that stay")
    assert not paste(opened, "x" * 10_000_000)
    assert "at most 20,000" in opened.locator(".own [role=alert]").first.inner_text()
    assert area.input_value() == "some words that stay"
    assert paste(opened, "y" * 100)
    assert stage(opened, "numbers")["spec"]["text"] == "brackets", "nothing was sent"
    odd = "שלום <b>x</b> 😀 é\r\nאבג\n" * 4
    area.fill(odd)
    learn.click()
    wait_for_stage(opened, "dlviz.ready && dlviz.numbers().spec.text === 'own'")
    vocabulary = stage(opened, "numbers")["vocabulary"]
    assert {"😀", "<", "ש", "\n"} <= set(vocabulary)
    assert "\r" not in vocabulary
    assert opened.locator(".chain-words b").count() == 0
    area.fill("a" * 30)
    learn.click()
    wait_for_stage(opened, "dlviz.ready && dlviz.numbers().vocabulary.join() === 'a'")
    assert {column["said"] for column in stage(opened, "columns")} == {"a"}


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_nothing_is_wider_than_a_phone(page: Any, app: str) -> None:
    open_recurrent(page, app, task="tagging", bidirectional=True, hidden_size=6, layers=2, examples=60)
    for head in page.locator(".fold-head").all():
        head.click()
    main = "document.querySelector('[data-testid=stMainBlockContainer]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
