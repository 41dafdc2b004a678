"""Self-attention opened in the real app: every matrix, the cell and the pair written out, against torch and numpy."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from dlviz.labs.attention import masks, probe
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.opened)"
SESSION = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
CLOSE = 5e-6
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    page.wait_for_function(f"() => {{ const g = {PANEL}?.dlviz.opened(); return g && ({condition}); }}", timeout=90_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.opened()")
    return found


def open_panel(page: Any, app: str, **settings: Any) -> tuple[dict[str, Any], AttentionRun]:
    """The panel in a window in which all of it is in sight, and a run of torch at the same step."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})
    given = "".join(f"&attention.{name}={quote(str(value))}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Self-attention%20opened{given}")
    found = wait(page, "g.scaling.rows")
    run = AttentionRun(AttentionSpec(**settings))
    run.advance(found["trained"])
    return found, run


def hover(page: Any, part: str, row: int, column: int) -> None:
    page.mouse.move(*page.evaluate(f"(at) => {PANEL}.dlviz.middle(...at)", [part, row, column]))


def matrix(found: dict[str, Any], name: str) -> np.ndarray:
    part = found["matrices"][name]
    return np.array(part["values"], dtype=float).reshape(part["rows"], part["columns"])


def numbers(text: str) -> list[float]:
    """The numbers of a written line, in their order."""
    return [float(x.replace("−", "-").replace(",", "")) for x in re.findall(r"−?\d[\d,]*\.?\d*", text)]


def check_matrices(found: dict[str, Any], run: AttentionRun, prefix: str = "") -> None:
    """Every matrix on the screen against what torch's taps saw, and torch's own attention of the q, k and v shown."""
    trace = probe.heads(run)
    stack, number, kind = found["grid"].split(".")
    layer, head, size = int(number), found["head"], found["size"]
    for name, tap in {"q": "query", "k": "key", "v": "value", "a": "weights", "z": "mixed"}.items():
        np.testing.assert_allclose(matrix(found, name), trace[f"{prefix}{tap}"][layer, head], atol=CLOSE, err_msg=name)
    last = "b" if "b" in found["matrices"] else "p"
    np.testing.assert_allclose(matrix(found, last), trace[f"{prefix}scores"][layer, head], atol=2e-5)
    np.testing.assert_allclose(matrix(found, "t"), trace[f"{prefix}output"][layer], atol=CLOSE)
    q, k, v = (torch.tensor(matrix(found, name)) for name in "qkv")
    np.testing.assert_allclose(matrix(found, "s"), (q @ k.T).numpy(), atol=1e-12)
    bias = torch.tensor(matrix(found, last) - matrix(found, "p"))
    if found["hidden"]:
        hidden = torch.tensor(found["hidden"], dtype=torch.bool).reshape(found["tokens"], found["keys"])
        bias = bias.masked_fill(hidden, -torch.inf)
    theirs = F.scaled_dot_product_attention(q[None], k[None], v[None], bias[None], scale=1 / size**0.5)[0]
    np.testing.assert_allclose(matrix(found, "z"), theirs.numpy(), atol=1e-12)
    network: Any = run.network
    block = network.get_submodule(f"{stack}.blocks.{layer}.{kind}")
    weight = block.get_parameter("part.out.weight").detach().numpy()[:, head * size : (head + 1) * size]
    np.testing.assert_allclose(matrix(found, "wo"), weight.T, atol=0)
    np.testing.assert_allclose(matrix(found, "o"), trace[f"{prefix}mixed"][layer, head] @ weight.T, atol=CLOSE)
    for name, source in {"q": "query", "k": "key", "v": "value"}.items():
        linear: Any = block.get_submodule(f"part.{source}")
        rows = slice(head * size, (head + 1) * size)
        both = np.vstack([linear.weight.detach().numpy()[rows].T, linear.bias.detach().numpy()[rows]])
        np.testing.assert_allclose(matrix(found, f"w{name}"), both, atol=0)
    with torch.no_grad(), recording(run.network) as seen:
        probe.answered(run.network, run.reading)
    np.testing.assert_allclose(matrix(found, "y"), seen[f"{stack}.blocks.{layer}.{kind}.sum"][0].numpy(), atol=CLOSE)


def test_every_matrix_the_cell_and_the_pair_are_torchs(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    found, run = open_panel(page, app, length=12, width=16)
    check_matrices(found, run)
    assert found["grid"] == "core.1.attention"

    # A cell of Q lights its row of X and its column of W_Q; the dot product is written out.
    hover(page, "q", 5, 2)
    found = wait(page, "g.cell.id === 'q' && g.cell.row === 5 && g.cell.column === 2")
    assert found["cell"]["lit"] == [{"id": "x", "row": 5}, {"id": "wq", "column": 2}]
    x, weights = matrix(found, "x")[5], matrix(found, "wq")[:, 2]
    np.testing.assert_allclose(found["cell"]["terms"], np.stack([x, weights[:-1]], 1), atol=0)
    text = page.locator(".opened .readout .terms").inner_text()
    *written, said = numbers(text)
    assert len(written) == 2 * 16 + 1
    signs = [1 if i == 0 or text.split(" · ")[i].rsplit(" ", 2)[-2] == "+" else -1 for i in range(16)]
    sums = sum(s * a * b for s, a, b in zip(signs, written[0:32:2], written[1:32:2], strict=True))
    bias = -written[32] if f"− {abs(written[32]):.3f} = " in text else written[32]
    assert sums + bias == pytest.approx(said, abs=0.02)  # of numbers with three decimals
    assert said == pytest.approx(float(probe.heads(run)["query"][1, 0, 5, 2]), abs=6e-4)
    # A cell of the layer norm and one of the residual.
    hover(page, "x", 3, 4)
    found = wait(page, "g.cell.id === 'x'")
    network: Any = run.network
    norm = network.core.blocks[1].attention.norm
    row = torch.tensor(matrix(found, "r")[3], dtype=torch.float32)
    assert found["cell"]["value"] == pytest.approx(norm(row)[4].item(), abs=CLOSE)
    mean, deviation = float(row.mean()), float((row.var(correction=0) + norm.eps).sqrt())
    assert numbers(found["cell"]["text"])[1:3] == pytest.approx([abs(mean), deviation], abs=6e-4)

    # A pair: pointed at, then pinned; everything of it in numbers.
    hover(page, "a", 9, 4)
    found = wait(page, "g.pair.query === 9 && g.pair.key === 4")
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.middle('a', 9, 4)"))
    wait(page, "g.pinned")
    hover(page, "a", 11, 0)
    found = wait(page, "g.pair.query === 9 && g.cell.row === 11")
    check_pair(found, run)
    words = page.locator(".opened .pair .sentence").inner_text()
    letters = [run.task.vocabulary[k] for k in run.reading.inputs[0].tolist()]
    share = 100 * probe.heads(run)["weights"][1, 0, 9, 4]
    assert words.startswith(f"“{letters[9]}” (10) gives ")
    assert numbers(words.split("gives ")[1])[0] == pytest.approx(share, abs=0.51)
    assert "5 tokens before it" in words
    lines = page.locator(".opened .pair .lines").all_inner_texts()
    dot, score = numbers(lines[0].split(" = ")[1])[0], numbers(lines[0].split("→")[1])[0]
    work = found["work"]
    assert dot == pytest.approx(float(np.dot(work["q"], work["k"])), abs=6e-4)
    assert score == pytest.approx(dot / 2, abs=2e-3)  # √4
    assert numbers(lines[3])[-1] == pytest.approx(matrix(found, "y")[9, work["feature"]], abs=6e-4)
    page.locator(".opened [data-part=a] canvas").press("Escape")
    wait(page, "!g.pinned")

    # The next moment of training, on the same page.
    page.evaluate(f"() => {SESSION}.advance(5)")
    found = wait(page, f"g.trained === {run.step + 5}")
    run.advance(5)
    check_matrices(found, run)
    column = page.locator(".opened .pair .work").nth(3).locator("thead th.chosen")
    assert column.inner_text() == str(found["work"]["feature"] + 1)
    assert found["timings"]["hover"] < 200  # a page that shares two cores with the training; alone it takes some ms


def check_pair(found: dict[str, Any], run: AttentionRun) -> None:
    """The written-out pair against numpy on what torch's taps saw."""
    trace, work = probe.heads(run), found["work"]
    layer, head = int(found["grid"].split(".")[1]), found["head"]
    i, j, feature = work["query"], work["key"], work["feature"]
    q, k = trace["query"][layer, head, i], trace["key"][layer, head, j]
    np.testing.assert_allclose(work["products"], q * k, atol=CLOSE)
    np.testing.assert_allclose(work["running"], np.cumsum(q * k), atol=CLOSE)
    scores = trace["scores"][layer, head, i]
    seen = np.array([not one["hidden"] for one in work["softmax"]["keys"]])
    powers = np.where(seen, np.exp(scores - scores[seen].max()), 0)
    np.testing.assert_allclose([one["power"] for one in work["softmax"]["keys"]], powers, atol=CLOSE)
    assert work["softmax"]["total"] == pytest.approx(powers.sum(), abs=CLOSE)
    weights = [one["weight"] for one in work["softmax"]["keys"]]
    np.testing.assert_allclose(weights, powers / powers.sum(), atol=CLOSE)
    np.testing.assert_allclose(
        work["weighted"], (powers / powers.sum())[:, None] * trace["value"][layer, head], atol=CLOSE
    )
    np.testing.assert_allclose(np.sum(work["weighted"], 0), trace["mixed"][layer, head, i], atol=CLOSE)
    assert sum(work["adds"]) + work["bias"] == pytest.approx(trace["output"][layer, i, feature], abs=CLOSE)
    assert work["input"] + trace["output"][layer, i, feature] == pytest.approx(work["sum"], abs=CLOSE)


def test_a_window_and_alibi_and_the_rows_against_d(page: Any, app: str) -> None:
    settings: dict[str, Any] = {"length": 9, "width": 16, "heads": 4, "position": "alibi", "mask": "window"}
    found, run = open_panel(page, app, task="neighbours", window=2, **settings)
    check_matrices(found, run)
    assert "alibi" in found["steps"]
    row = matrix(found, "a")[4]
    assert (row[[0, 1, 7, 8]] == 0).all()
    assert row[2:7].sum() == pytest.approx(1, abs=1e-12)
    distance = np.abs(np.subtract.outer(np.arange(9), np.arange(9)))
    np.testing.assert_allclose(matrix(found, "b") - matrix(found, "p"), -0.25 * distance, atol=1e-12)  # 2^(−8/4)
    hidden = masks.hidden("window", 9, 2).numpy()
    hover(page, "h", 0, 8)
    wait(page, "g.cell.id === 'h'")
    assert page.locator(".opened .readout .result").inner_text() == "hidden"
    assert "gets nothing" in page.locator(".opened .pair .sentence").inner_text()

    # Chance: the same draws by numpy.
    rows = found["scaling"]["rows"]
    assert [each["size"] for each in rows] == list(SIZES)
    for each in (rows[0], rows[4], rows[9]):
        size = each["size"]
        entropies: dict[str, list[np.ndarray]] = {"divided": [], "plain": []}
        for draw in range(found["scaling"]["draws"]):
            some = page.evaluate(f"([size, draw]) => {PANEL}.dlviz.draws(size, draw)", [size, draw])
            q, k = (np.array(some[name]).reshape(9, size) for name in ("query", "key"))
            assert abs(np.mean(q)) < 5 / np.sqrt(q.size)
            assert np.var(q) == pytest.approx(1, abs=7 / np.sqrt(q.size))
            entropies["divided"].append(entropy(q @ k.T / np.sqrt(size), hidden))
            entropies["plain"].append(entropy(q @ k.T, hidden))
        for name, values in entropies.items():
            assert each[name] == pytest.approx(np.mean(values), abs=1e-9)
    assert rows[9]["plain"] < 0.5 * rows[0]["plain"] < rows[9]["divided"]
    own = found["scaling"]["own"]
    np.testing.assert_allclose(own["ceilings"], np.log((~hidden).sum(1)), atol=1e-12)
    bias = matrix(found, "b") - matrix(found, "p")
    np.testing.assert_allclose(own["divided"], entropy(matrix(found, "s") / 2 + bias, hidden), atol=1e-9)
    np.testing.assert_allclose(own["plain"], entropy(matrix(found, "s") + bias, hidden), atol=1e-9)
    page.locator(".opened").get_by_role("button", name="Draw again").click()
    again = wait(page, f"g.scaling.seed === 2 && g.scaling.rows[3].plain !== {rows[3]['plain']}")["scaling"]["rows"]
    assert again[9]["divided"] == pytest.approx(rows[9]["divided"], abs=0.25)


def entropy(scores: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Nats of each row of the softmax of what is not hidden."""
    weights = np.exp(np.where(hidden, -np.inf, scores - scores.max(1, keepdims=True)))
    weights /= weights.sum(1, keepdims=True)
    found: np.ndarray = -(weights * np.log(np.where(weights > 0, weights, 1))).sum(1)
    return found


def test_rope_layer_norm_after_the_sum_the_steps_and_the_switch(page: Any, app: str) -> None:
    settings: dict[str, Any] = {
        "task": "reverse",
        "length": 7,
        "width": 12,
        "heads": 2,
        "position": "rope",
        "norm": "post",
    }
    found, run = open_panel(page, app, **settings)
    check_matrices(found, run)
    network: Any = run.network
    attention = network.core.blocks[1].attention
    with torch.no_grad():
        x = torch.tensor(matrix(found, "x"), dtype=torch.float32)
        np.testing.assert_allclose(matrix(found, "q0"), attention.part.query(x)[:, :6].numpy(), atol=CLOSE)
        y = torch.tensor(matrix(found, "y"), dtype=torch.float32)
        np.testing.assert_allclose(matrix(found, "n"), attention.norm(y).numpy(), atol=CLOSE)
    angle = 5 / 10_000 ** (2 / 6)
    plain = matrix(found, "q0")[5, 2:4]
    turned = [np.cos(angle) * plain[0] - np.sin(angle) * plain[1], np.sin(angle) * plain[0] + np.cos(angle) * plain[1]]
    np.testing.assert_allclose(matrix(found, "q")[5, 2:4], turned, atol=1e-12)

    # By keyboard: all steps one after the other, each with its own cell of the pair.
    steps = page.locator(".opened .stepper .list")
    steps.locator("button").first.focus()
    cells = ["x", "q0", "q", "s", "p", "p", "a", "z", "o", "t", "y", "n"]
    assert len(found["steps"]) == len(cells)
    for at, cell in enumerate(cells):
        page.keyboard.press("ArrowRight") if at else page.keyboard.press("Home")
        found = wait(page, f"g.step === {at} && g.cell.id === '{cell}'")
        says = page.locator(".opened .stepper .says").inner_text()
        assert says.endswith(".")
        if found["steps"][at] == "softmax":
            assert page.locator(".opened .work.now-at h5").inner_text().endswith("The softmax of the row")
    assert found["steps"] == ["x", "qkv", "rope", "scores", "scale", "mask", "softmax", "mix", "out", "heads",
                              "residual", "norm"]  # fmt: skip
    assert page.evaluate(f"() => {SESSION}.shared.get('happened.opened_stepped')") is True
    assert page.locator(".opened .work.now-at").count() == 0
    assert steps.locator("[aria-checked=true]").inner_text().replace("\n", " ").strip() == "12 Layer norm"
    faint = page.locator(".opened .matrix.faint").count()
    assert faint == len(found["matrices"]) - 2
    page.keyboard.press("Escape")
    wait(page, "g.step === null")

    # By keyboard in a matrix: walk, keep, let go.
    canvas = page.locator(".opened [data-part=v] canvas")
    canvas.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    found = wait(page, "g.cell.id === 'v' && g.cell.row === 2 && g.cell.column === 1")
    assert "row 3, column 2" in canvas.get_attribute("aria-label")
    page.locator(".opened").get_by_role("button", name="All at once").focus()
    wait(page, "g.cell.id === 'v'")

    # The division switched off in the network as it is: torch with the same weights and no division.
    page.locator(".opened .controls").get_by_role("switch").click()
    found = wait(page, "g.scaled === false && !g.divided")
    other = AttentionRun(AttentionSpec(**settings, scaled=False))
    other.network.load_state_dict(run.network.state_dict())
    theirs = probe.heads(other)
    np.testing.assert_allclose(matrix(found, "a"), theirs["weights"][1, 0], atol=CLOSE)
    np.testing.assert_allclose(matrix(found, "p"), matrix(found, "s"), atol=1e-12)
    changed = (theirs["logits"].argmax(1) != probe.heads(run)["logits"].argmax(1)).sum()
    words = page.locator(".opened .effect").inner_text()
    assert f" {changed} of 7 answers change" in words
    most = [probe.heads(each)["weights"][1, 0].max(1).mean() for each in (other, run)]
    assert numbers(words)[-2:] == pytest.approx(most, abs=0.006)


def test_a_translator_looks_from_its_decoder_to_its_encoder(page: Any, app: str) -> None:
    settings: dict[str, Any] = {"task": "digit_words", "width": 16, "heads": 2, "examples": 200, "norm": "none"}
    found, run = open_panel(page, app, **settings)
    check_matrices(found, run, "decoder_")
    choice = page.locator(".opened .controls select").first
    choice.select_option("decoder.0.cross")
    found = wait(page, "g.grid === 'decoder.0.cross'")
    check_matrices(found, run, "cross_")
    assert found["keys"] == run.reading.tokens
    assert found["hidden"] is None and "h" not in found["matrices"]  # noqa: PT018
    translator: Any = run.network
    with torch.no_grad():
        memory = translator.encode(run.reading.inputs, run.reading.lengths)[0][0].numpy()
    np.testing.assert_allclose(matrix(found, "m"), memory, atol=CLOSE)
    page.locator(".opened .controls").get_by_role("radio", name="2", exact=True).click()
    found = wait(page, "g.head === 1")
    check_matrices(found, run, "cross_")
    hover(page, "v", 1, 3)
    found = wait(page, "g.cell.id === 'v' && g.cell.row === 1 && g.cell.column === 3")
    assert found["cell"]["lit"] == [{"id": "m", "row": 1}, {"id": "wv", "column": 3}]
    hover(page, "wk", 3, 1)
    found = wait(page, "g.cell.id === 'wk' && g.cell.row === 3 && g.cell.column === 1")
    assert found["cell"]["lit"] == [{"id": "m", "column": 3}, {"id": "k", "column": 1}]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_with_a_text_that_looks_like_markup(page: Any, app: str) -> None:
    text = "if a < b:\n    x = '<b>d</b>'\n" + "y = f(x)\n" * 20
    settings: dict[str, Any] = {
        "task": "characters",
        "text": "python",
        "reading": text,
        "width": 16,
        "heads": 8,
        "layers": 1,
    }
    found, run = open_panel(page, app, **settings)
    assert found["tokens"] == 64  # of more than 200
    assert page.locator(".opened b b, .opened table b").count() == 0
    check_matrices(found, run)
    page.touchscreen.tap(*page.evaluate(f"() => {PANEL}.dlviz.middle('s', 40, 12)"))
    found = wait(page, "g.pinned && g.pair.query === 40 && g.pair.key === 12")
    page.locator(".opened .walking").get_by_role("button", name="On to the next step").tap()
    wait(page, "g.step === 0")
    assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert page.locator("div.opened").evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
    table = page.locator(".opened .pair .numbers").nth(1)
    table.evaluate("(e) => { e.scrollLeft = 0; }")
    page.wait_for_function(
        f"() => {PANEL}.shadowRoot.querySelectorAll('.pair .numbers')[1].querySelector('thead th').textContent === 'i'"
    )
