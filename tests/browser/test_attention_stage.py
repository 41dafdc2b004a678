"""The stage of the Attention lab in the real app: what it shows against torch, what one types, chooses, points at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlviz.core import spec as specs
from dlviz.labs.attention import probe
from dlviz.labs.attention.answering import answered, read_by_decoder, until_end
from dlviz.labs.attention.model import Translator
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.evaluating import evaluating

pytestmark = pytest.mark.browser
CLOSE = 3e-6
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.stage === 'attention')"
# What the stage shows belongs to these settings and this step.
SHOWS = f"""([spec, step]) => {{
    const {{ dlviz }} = {STAGE};
    const shown = dlviz.ready && dlviz.numbers().spec;
    return shown && dlviz.step() === step && Object.keys(spec).every((name) => spec[name] === shown[name]);
}}"""
TALL = {"width": 1440, "height": 2400}

SPECS = [
    AttentionSpec(length=12, width=16, heads=2, examples=60, example=2),
    AttentionSpec(task="characters", text="manual", length=20, width=12, heads=3, position="rope", norm="post"),
    AttentionSpec(task="who", width=9, heads=3, examples=60, feed_forward=0, norm="none", position="sinusoidal"),
    AttentionSpec(task="dates", width=12, heads=2, examples=60),
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport=TALL)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_attention(page, app, length=12, width=16, examples=60)
    context.close()
    assert problems == []


def open_attention(page: Any, app: str, step: int = 0, **settings: Any) -> Any:
    """Go to the lab and wait until its network is drawn. Returns the page."""
    query = {f"attention.{name}": value for name, value in settings.items()}
    page.goto(f"{app}/attention?{urlencode(query | {'attention.step': step})}")
    page.wait_for_function(f"() => {STAGE}?.dlviz.ready === true", timeout=60_000)
    return page


def stage(page: Any, name: str, *given: Any) -> Any:
    """What the stage's `host.dlviz[name](...given)` answers."""
    return page.evaluate(f"([name, given]) => {STAGE}.dlviz[name](...given)", [name, list(given)])


def wait_for_stage(page: Any, condition: str, arg: Any = None) -> Any:
    """Wait until a JavaScript expression of `dlviz` (the stage's view for tests) and `arg` holds; what it came to."""
    script = f"(arg) => {{ const dlviz = {STAGE}.dlviz; return {condition}; }}"
    return page.wait_for_function(script, arg=arg, timeout=60_000).json_value()


def show(page: Any, spec: AttentionSpec, steps: int) -> AttentionRun:
    """Bring the page to a run of this spec after so many steps; the same run, here."""
    for command in ({"do": "set", "changes": specs.values(spec)}, {"do": "reset"}, {"do": "advance", "steps": steps}):
        page.evaluate(f"(command) => {STAGE}.dlviz.ask(command)", command)
    page.wait_for_function(SHOWS, arg=[specs.values(spec), steps], timeout=60_000)
    run = AttentionRun(spec)
    run.advance(steps)
    return run


def expected_answers(run: AttentionRun) -> list[dict[str, Any]]:
    """What torch says at each place: texts, probability and loss; a translator up to the end sign it writes."""
    classes, reading = run.task.classes, run.reading
    with evaluating(run.network):
        logits = answered(run.network, reading)
    sure, said = logits.softmax(1).max(1)
    ids = said.tolist()
    if isinstance(run.network, Translator):
        ids = ids[: len(until_end(ids, classes)) + 1]
    targets = None if reading.targets is None else reading.targets[0]
    rows = []
    for at, one in enumerate(ids):
        goal = None if targets is None or targets[at] < 0 else int(targets[at])
        loss = None if goal is None else float(functional.cross_entropy(logits[at], torch.tensor(goal)))
        rows.append({"said": classes[one], "sure": float(sure[at]), "loss": loss,
                     "target": None if goal is None else classes[goal]})  # fmt: skip
    return rows


def taps_of(run: AttentionRun) -> dict[str, np.ndarray]:
    with evaluating(run.network), recording(run.network) as seen:
        answered(run.network, run.reading)
    return {name: value[0].numpy() for name, value in seen.items()}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.task)
def test_answers_lengths_and_lines_are_torchs(opened: Any, spec: AttentionSpec) -> None:
    run = show(opened, spec, 4)
    found, wanted = stage(opened, "answers"), expected_answers(run)
    for name in ("said", "target"):
        assert [row[name] for row in found] == [row[name] for row in wanted]
    assert [row["sure"] for row in found] == pytest.approx([row["sure"] for row in wanted], abs=CLOSE)
    for ours, theirs in zip(stage(opened, "losses"), wanted, strict=True):
        assert (ours is None) == (theirs["loss"] is None)
        assert ours is None or ours == pytest.approx(theirs["loss"], abs=1e-5)
    check_stream(opened, run)
    trace = probe.heads(run)
    prefix = {"core.attention": "", "encoder.attention": "", "decoder.attention": "decoder_", "decoder.cross": "cross_"}
    grids = {grid["id"]: grid for grid in stage(opened, "grids")}
    assert len(grids) == spec.layers * (3 if spec.pattern == "decoder" else 1)
    for name, grid in grids.items():
        stack, layer, kind = name.split(".")
        weights = trace[f"{prefix[f'{stack}.{kind}']}weights"][int(layer)]
        assert grid["head"] is None
        np.testing.assert_allclose(grid["values"], weights.mean(0).ravel(), atol=CLOSE)
    check_parameters(opened, run)
    assert opened.locator(".attention .head-thumb").count() == len(grids) * spec.heads


def check_stream(opened: Any, run: AttentionRun) -> None:
    """The length of each token's vector after the embedding and after each part."""
    taps = taps_of(run)
    for stack, stream in stage(opened, "norms").items():
        module = getattr(run.network, stack)
        wanted = [taps[f"{stack}.embedded"]]
        for layer, block in enumerate(module.blocks):
            for part, added in block.named_children():
                total = torch.tensor(taps[f"{stack}.blocks.{layer}.{part}.sum"])
                after = added.norm(total) if run.spec.norm == "post" else total
                wanted.append(after.detach().numpy())
        assert len(stream) == len(wanted)
        for ours, theirs in zip(stream, wanted, strict=True):
            np.testing.assert_allclose(ours["norms"], np.linalg.norm(theirs, axis=1), atol=2e-5)


def check_parameters(opened: Any, run: AttentionRun) -> None:
    """Formulas with their numbers put in come to all parameters of the network, and stand on the page."""
    total = sum(parameter.numel() for parameter in run.network.parameters())
    rows = stage(opened, "rows")
    assert sum(row["parameters"] for row in rows) == total == stage(opened, "numbers")["parameters"]
    for row in rows:
        formula = re.sub(r"²", "**2", row["formula"]).replace("·", "*")
        assert re.fullmatch(r"[\d *+()]+", formula)
        assert eval(formula) == row["parameters"], row
    assert f"Parameters{total:,}" in opened.locator(".builder .totals").text_content()


def test_shapes_stand_beside_the_tensors_and_the_pictures_are_the_weights(opened: Any) -> None:
    spec = AttentionSpec(task="digit_words", width=12, heads=2, layers=1, examples=60)
    run = show(opened, spec, 3)
    trace = probe.heads(run)
    tokens, steps = len(trace["tokens"]), len(trace["decoder_tokens"])
    assert tokens != steps
    captions = [caption[:2] for caption in stage(opened, "captions")]
    assert ["Self-attention", f"2 × {tokens} × {tokens}"] in captions
    assert ["Masked self-attention", f"2 × {steps} × {steps}"] in captions
    assert ["Cross-attention", f"2 × {steps} × {tokens}"] in captions
    assert ["Memory", f"{tokens} × 12"] in captions
    assert ["Feed-forward", f"{steps} × 64"] in captions
    assert ["Says", f"{steps} × {len(run.task.classes)}"] in captions
    # The more weight, the further a pixel is from the paper: the order of the pixels is the order of the weights.
    heads = {(head["grid"], head["head"]): head for head in stage(opened, "heads")}
    picture = heads["encoder.0.attention", 1]
    assert picture["shape"] == [tokens, tokens]
    red = np.array(picture["pixels"]).reshape(-1, 4)[:, 0]
    weights = trace["weights"][0, 1].ravel()
    assert len(set(red.tolist())) > 5
    assert (np.diff(red[weights.argsort()]) <= 0).all(), "the ramp goes from light to dark"
    taps = taps_of(run)
    block = run.network.encoder.blocks[0].feed_forward
    after = torch.tensor(taps["encoder.blocks.0.attention.sum"])
    units = block.part.wider(block.norm(after)).relu()
    assert stage(opened, "active", "encoder", 0) == pytest.approx(float((units > 0).float().mean()), abs=1e-6)


def test_a_head_is_chosen_and_a_token_looked_at_by_mouse_and_keyboard(opened: Any) -> None:
    run = show(opened, AttentionSpec(length=12, width=16, heads=4, examples=60), 5)
    weights = probe.heads(run)["weights"]
    head = opened.locator(".head-thumb[data-grid='core.1.attention'][data-head='2']")
    head.focus()
    opened.keyboard.press("Enter")
    wait_for_stage(opened, "dlviz.chosen().grid === 'core.1.attention' && dlviz.chosen().head === 2")
    grid = next(grid for grid in stage(opened, "grids") if grid["id"] == "core.1.attention")
    np.testing.assert_allclose(grid["values"], weights[1, 2].ravel(), atol=CLOSE)
    assert head.get_attribute("aria-pressed") == "true"
    opened.locator(".flow-canvas").first.evaluate("(e) => e.scrollIntoView({block: 'center', behavior: 'instant'})")
    opened.mouse.move(*stage(opened, "middle", "core", 7))
    wait_for_stage(opened, "dlviz.focus()?.at === 7 && dlviz.says()[1].includes('token 8')")
    said = stage(opened, "says")[1]
    key = int(weights[1, 2, 7].argmax())
    letter = run.task.vocabulary[int(run.reading.inputs[0, key])]
    assert f"head 3 looks most at “{letter}”, token {key + 1}: weight {weights[1, 2, 7, key]:.2f}." in said
    norms = stage(opened, "norms")["core"]
    first = stage(opened, "says")[2].split(": ")[1].split(" → ")[0]
    assert float(first) == pytest.approx(norms[0]["norms"][7], rel=5e-3)
    marks = opened.locator(".head-thumb .row-mark")
    assert marks.evaluate_all("(all) => all.map((e) => parseFloat(e.style.top))") == pytest.approx([700 / 12] * 8)
    opened.mouse.move(2, 2)
    wait_for_stage(opened, "dlviz.focus() === null")
    tokens = opened.get_by_role("listbox", name="The sequence, token by token").locator(".token")
    tokens.nth(0).focus()
    opened.keyboard.press("End")
    opened.keyboard.press("Enter")
    wait_for_stage(opened, "dlviz.focus()?.at === 11")
    opened.keyboard.press("Escape")
    opened.evaluate("document.activeElement.blur()")
    head.click()
    wait_for_stage(opened, "dlviz.chosen().grid === null")


def test_what_a_person_types_is_read_cut_or_refused_in_words(opened: Any) -> None:
    spec = AttentionSpec(length=12, width=16, heads=4, examples=60)
    show(opened, spec, 2)
    typed = opened.get_by_label("Your own sequence")
    typed.fill("k d a f k d")
    typed.press("Enter")
    wait_for_stage(opened, "dlviz.ready && dlviz.tokens().join('') === 'kdafk'")
    run = AttentionRun(spec)
    run.advance(2)
    run.set({"reading": "k d a f k d"})
    assert [row["said"] for row in stage(opened, "answers")] == [row["said"] for row in expected_answers(run)]
    typed.fill("kd<b>1")
    typed.press("Enter")
    opened.locator(".attention .reading .problem", has_text="< > 1").wait_for()
    assert typed.input_value() == "kd<b>1"
    assert typed.get_attribute("aria-invalid") == "true"
    assert stage(opened, "tokens") == list("kdafk"), "what was read before stays"
    typed.fill("ab" * 100)
    typed.press("Enter")
    wait_for_stage(opened, "dlviz.ready && dlviz.tokens().length === 64")
    assert "has 200 characters; the network reads at most 64 tokens" in stage(opened, "cut")
    typed.fill("")
    typed.press("Enter")
    wait_for_stage(opened, "dlviz.ready && dlviz.numbers().spec.reading === '' && dlviz.tokens().length === 12")
    assert not paste(typed, "abc" * 3_334), "only what fits goes into the field"
    wait_for_stage(opened, "dlviz.ready && dlviz.numbers().spec.reading.length === 400")
    assert "That was 10,002 characters; your sequence may have 400." in stage(opened, "cut")
    opened.get_by_role("button", name="The next sequence").click()
    wait_for_stage(opened, "dlviz.numbers().spec.example === 1 && dlviz.numbers().spec.reading === ''")
    opened.wait_for_function(f"() => {STAGE}.dlviz.cut() === ''")


def paste(field: Any, text: str) -> bool:
    """Paste into a field; whether the browser is left to put the whole text in."""
    taken: bool = field.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            return field.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )
    return taken


def test_the_builder_shows_what_applies_and_says_what_does_not_go_together(opened: Any) -> None:
    show(opened, AttentionSpec(length=12, width=16, heads=4, examples=60), 1)
    assert stage(opened, "fields")[:6] == ["task", "length", "layers", "heads", "width", "feed_forward"]
    assert {"position", "mask", "norm", "scaled"} < set(stage(opened, "fields"))
    assert "optimizer" not in stage(opened, "fields")
    opened.get_by_role("button", name=re.compile("^Training")).click()
    shown = stage(opened, "fields")
    assert "window" not in shown
    assert {"optimizer", "clip_at", "dropout", "seed", "examples"} < set(shown)
    mask = opened.locator(".builder [data-field=mask] select")
    assert mask.locator("option[value=drawn]").is_disabled(), "nobody has drawn one"
    mask.select_option("window")
    wait_for_stage(opened, "dlviz.fields().includes('window') && dlviz.numbers().masked === 'window'")
    heads = opened.locator(".builder [data-field=heads]")
    heads.locator("input[type=text]").fill("3")
    heads.locator("input[type=text]").press("Enter")
    heads.locator(".problem", has_text="must divide the width 16").wait_for()
    assert stage(opened, "numbers")["spec"]["heads"] == 4
    opened.locator(".builder [data-field=task] select").select_option("pig_latin")
    wait_for_stage(opened, "dlviz.ready && dlviz.numbers().spec.task === 'pig_latin'")
    assert "length" not in stage(opened, "fields")
    opened.get_by_role("button", name=re.compile("^Training")).click()


def test_held_back_sequences_are_answered_as_torch_does(opened: Any) -> None:
    run = show(opened, AttentionSpec(task="pig_latin", width=16, examples=60, layers=1), 30)
    part, classes = run.task.validation, run.task.classes
    rows = wait_for_stage(opened, "dlviz.examples().step === 30 && dlviz.examples().answers")
    assert len(rows) == 8
    for k, row in enumerate(rows):
        steps = part.targets.shape[1]
        written = run.network.write(part.inputs[k : k + 1, : int(part.lengths[k])], part.lengths[k : k + 1], steps)
        ids = written[0].tolist()
        assert row["said"] == [classes[i] for i in ids[: len(until_end(ids, classes)) + 1]]
        wanted = [classes[i] for i in part.targets[k].tolist() if i >= 0]
        assert row["wanted"] == wanted
        assert row["right"] == (row["said"] == wanted)
    opened.locator(".attention .examples tbody tr").nth(4).click()
    wait_for_stage(opened, "dlviz.ready && dlviz.numbers().spec.example === 4")
    run.set({"example": 4})
    with evaluating(run.network):
        read = read_by_decoder(run.network, run.reading)[0].tolist()
    shown = opened.get_by_role("listbox", name="What the decoder writes, token by token").locator(".token")
    assert shown.count() == len(expected_answers(run)) <= len(read)
    words = opened.locator(".attention .right-text").inner_text()
    assert words == "".join(classes[i] for i in part.targets[4].tolist() if i >= 0).removesuffix("$")
    assert f"chance {run.task.chance:.3f}" in stage(opened, "curves")
    measured = run.measured()
    assert f"{measured['validation_whole']:.1%}".replace("%", " %") in stage(opened, "curves")


def test_looking_back_shows_the_network_of_that_moment(opened: Any) -> None:
    spec = AttentionSpec(length=12, width=16, heads=4, examples=60)
    late = show(opened, spec, 4)
    stage(opened, "scrub", 0)
    wait_for_stage(opened, "dlviz.ready && dlviz.step() === 0")
    early = AttentionRun(spec)
    wanted = [row["sure"] for row in expected_answers(early)]
    assert [row["sure"] for row in stage(opened, "answers")] == pytest.approx(wanted, abs=CLOSE)
    assert np.abs(np.subtract(wanted, [row["sure"] for row in expected_answers(late)])).max() > 1e-3
    assert stage(opened, "says")[0].startswith("At step 0, ")
    stage(opened, "scrub", None)
    wait_for_stage(opened, "dlviz.ready && dlviz.step() === 4")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 3600}}], indirect=True)
def test_on_a_phone_the_flow_goes_down_and_nothing_overflows(page: Any, app: str) -> None:
    open_attention(page, app, step=1, task="dates", width=16, examples=60)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    lines = stage(page, "lines")
    assert len(lines) >= 6
    assert {station["kind"] for line in lines for station in line} == {
        "labels", "token", "place", "stream", "strands", "feed", "memory", "answers",
    }  # fmt: skip
    boxes = page.locator(".attention .flow-line canvas, .attention .head-thumb").evaluate_all(
        "(all) => all.map((e) => e.getBoundingClientRect()).map(({left, right}) => [left, right])"
    )
    assert all(left >= 0 and right <= 390 for left, right in boxes)
