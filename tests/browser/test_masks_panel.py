"""The panel Masks in the real app: the mask painted, its weights, answers and reach, against torch and numpy."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlviz.labs.attention import masks, probe
from dlviz.labs.attention.answering import until_end
from dlviz.labs.attention.model import Reader, Translator, build
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.masks)"
SMALL = {"length": 10, "examples": 60, "width": 16, "heads": 2, "feed_forward": 16}
STEPS = 30
CLOSE = 1e-5


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    page.wait_for_function(f"() => {{ const g = {PANEL}?.dlviz.masks(); return g && ({condition}); }}", timeout=90_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.masks()")
    return found


def opened(page: Any, app: str, **settings: Any) -> dict[str, Any]:
    # All of it in sight: out of sight a panel asks for nothing.
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})
    given = "".join(f"&attention.{name}={quote(str(value))}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Masks{given}&attention.step={STEPS}")
    return wait(page, f"g.step === {STEPS}")


def trained(**settings: Any) -> AttentionRun:
    run = AttentionRun(AttentionSpec(**settings))
    run.advance(STEPS)
    return run


def masked(run: AttentionRun, mask: np.ndarray) -> AttentionRun:
    """The same weights under another mask, by the network's own way of taking one."""
    other = AttentionRun(
        dataclasses.replace(run.spec, mask="drawn", drawn=masks.write(torch.tensor(mask, dtype=torch.bool)))
    )
    other.network = build(other.spec, other.task)
    other.network.load_state_dict(run.network.state_dict())
    return other


def square(found: dict[str, Any], name: str) -> np.ndarray:
    return np.array(found[name]).reshape(found["tokens"], found["tokens"])


def powers(mask: np.ndarray) -> np.ndarray:
    """Layers until a query can know of a key, by boolean powers of 1 + M; 255 for never."""
    once = np.eye(len(mask), dtype=bool) | ~mask.astype(bool)
    needed, now = np.full(mask.shape, 255), np.eye(len(mask), dtype=bool)
    for layer in range(len(mask) + 1):
        needed[now & (needed == 255)] = layer
        now = (once.astype(int) @ now.astype(int)) > 0
    return needed


def loss(trace: Any, run: AttentionRun) -> float:
    assert run.reading.targets is not None
    logits = torch.tensor(trace["logits"])
    return float(functional.cross_entropy(logits, run.reading.targets[0], ignore_index=-100))


def check(found: dict[str, Any], run: AttentionRun) -> None:
    """Everything on the screen under this mask, against torch."""
    trace = probe.heads(masked(run, square(found, "mask")))
    layer = int(found["grid"].split(".")[1])
    np.testing.assert_allclose(square(found, "weights"), trace["weights"][layer, found["head"]], atol=CLOSE)
    np.testing.assert_allclose(np.array(found["logits"]).reshape(trace["logits"].shape), trace["logits"], atol=5e-5)
    assert found["losses"] == pytest.approx([loss(probe.heads(run), run), loss(trace, run)], abs=2e-5)
    assert square(found, "needed").tolist() == powers(square(found, "mask")).tolist()


def test_rules_painting_a_row_that_sees_nothing_and_training_with_it(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    found = opened(page, app, **SMALL)
    run = trained(**SMALL)
    n = found["tokens"]
    assert (found["template"], found["isOwn"], n) == ("own", True, 10)
    assert square(found, "mask").tolist() == np.triu(np.ones((n, n), int), 1).tolist()
    check(found, run)
    assert [each["share"] for each in found["ahead"]["shares"]] == [0] * 4
    panel = page.locator(".masks")
    assert panel.get_by_role("button", name="Train with this mask").is_disabled()

    # By rule, with its number; of the first layer the weights are softmax and product of torch's own attention.
    panel.locator(".knob[data-field=rule] select").select_option("window")
    field = panel.locator(".knob[data-field=number] input[type=text]")
    field.fill("1")
    field.press("Enter")
    at = np.arange(n)
    found = wait(page, "g.template === 'window' && g.counts[0].join() === '2,3,3,3,3,3,3,3,3,2'")
    assert square(found, "mask").tolist() == (np.abs(at[:, None] - at) > 1).astype(int).tolist()
    check(found, run)
    assert "after 9 layers every token can know of all 10" in panel.inner_text()
    panel.get_by_label("Head", exact=True).select_option("core.0.attention 1")
    found = wait(page, "g.grid === 'core.0.attention' && g.head === 1")
    trace = probe.heads(run)
    query, key = (torch.tensor(trace[name][0, 1]) for name in ("query", "key"))
    seen = torch.tensor(square(found, "mask") == 0)
    expected = functional.scaled_dot_product_attention(query, key, torch.eye(n), attn_mask=seen)
    np.testing.assert_allclose(square(found, "weights"), expected.numpy(), atol=CLOSE)
    # A window shows what comes next, which this network has never seen.
    shares = [
        w[at[:-1], at[:-1] + 1].mean()
        for w in probe.heads(masked(run, square(found, "mask")))["weights"].reshape(4, n, n)
    ]
    assert [each["share"] for each in found["ahead"]["shares"]] == pytest.approx(shares, abs=CLOSE)
    assert "no head has learned to copy it" in found["ahead"]["text"]

    # Painted: a drag hides the row of the fourth token, all of it.
    places = [page.evaluate(f"(k) => {PANEL}.dlviz.middle('mask', 3, k)", k) for k in range(n)]
    page.mouse.move(*places[2])
    page.mouse.down()
    for place in places[3:5]:
        page.mouse.move(*place)
    page.mouse.up()
    found = wait(page, "g.blind.length === 1")
    assert (found["template"], found["blind"], found["undone"]) == ("hand", [3], 3)
    check(found, run)
    assert np.isfinite(np.array(found["logits"])).all()
    assert square(found, "weights")[3].tolist() == [0] * n
    letters = [run.task.vocabulary[i] for i in run.reading.inputs[0].tolist()]
    assert f"Everything is hidden from token 4 ({letters[3]})" in panel.locator(".blind").inner_text()
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.middle('weights', 3, 0)"))
    found = wait(page, "g.query === 3")
    assert panel.locator(".softmax tbody tr").nth(1).inner_text().split("\t")[1:] == ["−∞"] * n
    assert panel.locator(".softmax tbody tr").nth(3).inner_text().split("\t")[1:] == ["0.00"] * n
    assert "divide 0 by 0" in panel.inner_text()

    # Another row in numbers.
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.middle('weights', 6, 5)"))
    found = wait(page, "g.query === 6")
    scores = (query @ key.T / 8**0.5)[6].numpy()
    np.testing.assert_allclose(found["row"]["scores"], scores, atol=CLOSE)
    shown = np.exp(scores[5:8] - scores[5:8].max())
    np.testing.assert_allclose(found["row"]["powers"][5:8], shown, atol=CLOSE)
    written = panel.locator(".softmax tbody tr").nth(3).inner_text().split("\t")[6:9]
    assert [float(x) for x in written] == pytest.approx(shown / shown.sum(), abs=0.0051)

    # By keyboard, and taken back.
    before = found["mask"]
    canvas = panel.locator("canvas.pattern").first
    canvas.focus()
    for press in ("Home", "ArrowDown", "Enter"):
        page.keyboard.press(press)
    found = wait(page, f"g.mask.join() !== '{','.join(map(str, before))}'")
    changed = np.flatnonzero(np.array(found["mask"]) != np.array(before))
    assert len(changed) == 1
    assert changed[0] % n == 0
    panel.get_by_role("button", name="Undo").click()
    wait(page, f"g.mask.join() === '{','.join(map(str, before))}'")

    # Trained with: the run begins anew with this mask, and the link has it.
    panel.get_by_role("button", name="Train with this mask").click()
    page.wait_for_function(
        f"() => {{ const g = {PANEL}.dlviz.masks(); return g.isOwn && g.template === 'own'; }}", timeout=90_000
    )
    found = wait(page)
    assert found["mask"] == before
    drawn = masks.write(torch.tensor(before, dtype=torch.bool).reshape(n, n))
    page.wait_for_function(
        f"() => location.search.includes('attention.mask=drawn') && location.search.includes('{drawn}')"
    )


def test_a_network_that_may_look_ahead_copies(page: Any, app: str) -> None:
    settings = {**SMALL, "mask": "none", "learning_rate": 0.01}
    found = opened(page, app, **settings)
    run = trained(**settings)
    check(found, run)
    weights = probe.heads(run)["weights"].reshape(4, 10, 10)
    shares = np.array([w[np.arange(9), np.arange(9) + 1].mean() for w in weights])
    assert [each["share"] for each in found["ahead"]["shares"]] == pytest.approx(shares.tolist(), abs=CLOSE)
    best = int(shares.argmax())
    assert f"layer {best // 2 + 1}, head {best % 2 + 1} gives it {100 * shares[best]:.1f} %" in found["ahead"]["text"]
    assert "in sight of 9 of 9 tokens" in found["ahead"]["text"]


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_a_translator_on_a_phone(page: Any, app: str) -> None:
    settings = {"task": "pig_latin", "width": 16, "heads": 2, "examples": 100, "feed_forward": 16}
    found = opened(page, app, **settings, reading="string")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    assert "The decoder's mask is fixed" in page.locator(".masks").inner_text()
    assert page.locator(".masks .ahead").is_hidden()
    page.locator(".masks .knob[data-field=rule] select").select_option("blocks")
    found = wait(page, "g.template === 'blocks'")
    run = trained(**settings, reading="string")
    other = masked(run, square(found, "mask"))
    at = np.arange(6)
    assert square(found, "mask").tolist() == (at[:, None] // 6 != at // 6).astype(int).tolist()
    field = page.locator(".masks .knob[data-field=number] input[type=text]")
    field.fill("2")
    field.press("Enter")
    found = wait(page, "g.counts[0].every((x) => x === 2)")
    other = masked(run, square(found, "mask"))
    assert isinstance(other.network, Translator)
    written = other.network.write(run.reading.inputs, run.reading.lengths, 24)[0].tolist()
    vocabulary = run.task.vocabulary
    assert until_end(found["written"], vocabulary) == until_end(written, vocabulary)
    np.testing.assert_allclose(square(found, "weights"), probe.heads(other)["weights"][1, 0], atol=CLOSE)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


@pytest.fixture(scope="module")
def lib(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as blank:
        blank.evaluate("async () => { window.templates = await import('/masks/templates.js'); }")
        yield blank


RULES: list[tuple[str, int, Any]] = [
    ("none", 0, lambda q, k, n: q >= 0), ("causal", 0, lambda q, k, n: k <= q),
    ("window", 2, lambda q, k, n: abs(q - k) <= 2),
    ("padding", 4, lambda q, k, n: k < n - 4), ("blocks", 5, lambda q, k, n: q // 5 == k // 5),
    ("strided", 3, lambda q, k, n: abs(q - k) % 3 == 0), ("prefix", 4, lambda q, k, n: k < 4 or k <= q),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "sees"), RULES, ids=lambda each: each if isinstance(each, str) else "")
def test_each_rule_is_what_it_says(lib: Any, name: str, value: int, sees: Any) -> None:
    for n in (1, 7, 33):
        found = lib.evaluate("([name, n, value]) => [...templates.templateMask(name, n, value)]", [name, n, value])
        assert found == [0 if sees(q, k, n) else 1 for q in range(n) for k in range(n)]


def test_reach_is_the_powers_of_the_mask_and_what_gradients_find(lib: Any) -> None:
    for n, share in ((1, 0.5), (6, 0.8), (31, 0.93), (32, 0.95), (33, 0.95), (64, 0.97)):
        mask = torch.rand(n, n, generator=torch.Generator().manual_seed(n)) < share
        needed = lib.evaluate(
            "([mask, n]) => [...templates.layersNeeded(Uint8Array.from(mask), n)]", [mask.flatten().int().tolist(), n]
        )
        assert np.array(needed).reshape(n, n).tolist() == powers(mask.int().numpy()).tolist()
    # A network of so many layers with this mask: an answer depends on those tokens, and on no others.
    mask = torch.rand(9, 9, generator=torch.Generator().manual_seed(5)) < 0.8
    needed = powers(mask.int().numpy())
    for layers in (1, 2, 3):
        spec = AttentionSpec(
            task="reverse", length=9, examples=50, layers=layers, position="none", mask="drawn", drawn=masks.write(mask)
        )
        run = AttentionRun(spec)
        assert isinstance(run.network, Reader)
        core = run.network.core
        x = core.embedding(run.reading.inputs).detach().requires_grad_()
        out = x
        for block in core.blocks:
            out = block(out, mask, None, None)
        for q in range(9):
            gradient = torch.autograd.grad(out[0, q].pow(3).sum(), x, retain_graph=True)[0][0]
            assert (gradient.abs().sum(1) > 0).tolist() == (needed[q] <= layers).tolist()
