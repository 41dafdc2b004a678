"""The panel Positions in the real app: encodings, a race and a reordered sentence, against numpy and torch."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch

from dlviz.labs.attention import placing
from dlviz.labs.attention.measuring import measure
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import POSITIONS, AttentionSpec

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.positions)"
SMALL: dict[str, Any] = {"length": 10, "examples": 60, "width": 16, "heads": 2, "feed_forward": 16}
STEPS = 20


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    page.wait_for_function(
        f"() => {{ const g = {PANEL}?.dlviz.positions(); return g && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.positions()")
    return found


def opened(page: Any, app: str, **settings: Any) -> dict[str, Any]:
    # All of it in sight: out of sight a panel asks for nothing.
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})
    given = "".join(f"&attention.{name}={quote(str(value))}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Positions&attention.step={STEPS}{given}")
    return wait(page, f"g.step === {STEPS} && g.encoding?.step === {STEPS} && g.order")


def typed(page: Any, field: str, value: Any) -> None:
    box = page.locator(f".positions .knob[data-field={field}] input[type=text]").first
    box.fill(str(value))
    box.press("Enter")


def products(matrix: np.ndarray) -> list[float]:
    """The mean product of two places, by distance."""
    gram = matrix @ matrix.T
    return [float(np.diagonal(gram, d).mean()) for d in range(len(matrix))]


def choose(page: Any, kind: str) -> dict[str, Any]:
    page.locator(f".positions .first .chip[data-kind={kind}]").click()
    return wait(page, f"g.encoding.kind === '{kind}'")["encoding"]


def test_each_kind_as_numbers(page: Any, app: str) -> None:
    found = opened(page, app, **SMALL, position="sinusoidal")["encoding"]
    t, k = np.arange(64)[:, None], np.arange(16)[None, :]
    angles = t / 10_000 ** ((k - k % 2) / 16)
    encoding = np.where(k % 2, np.cos(angles), np.sin(angles))
    assert (found["kind"], found["places"]) == ("sinusoidal", 64)
    np.testing.assert_allclose(np.array(found["matrix"]).reshape(64, 16), encoding, atol=1e-12)
    np.testing.assert_allclose(found["mean"], products(encoding), atol=1e-9)
    assert found["spread"] < 1e-9
    panel = page.locator(".positions .first")
    assert panel.locator(".chip[data-kind=sinusoidal] .mine").is_visible()

    # Its waves, pointed at and walked to; and places that no training has seen.
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.heat(9, 5)"))
    found = wait(page, "g.encoding.at.place === 9 && g.encoding.at.dimension === 5")["encoding"]
    assert found["value"] == pytest.approx(encoding[9, 5], abs=1e-12)
    np.testing.assert_allclose(found["line"], encoding[:, 5], atol=1e-12)
    assert f"= {encoding[9, 5]:.4f}".replace("-", "−") in panel.locator(".formula").inner_text()
    np.testing.assert_allclose(found["series"][1]["ys"], np.cos(np.arange(64) / 10_000 ** (4 / 16)), atol=1e-12)
    panel.locator("canvas.heat").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    wait(page, "g.encoding.at.place === 10 && g.encoding.at.dimension === 6")
    typed(page, "places", 200)
    found = wait(page, "g.encoding.places === 200")["encoding"]
    assert found["matrix"][199 * 16] == pytest.approx(np.sin(199), abs=1e-12)
    typed(page, "places", 64)

    # RoPE: products of turned vectors of ones, which a shift leaves alone.
    choose(page, "rope")
    typed(page, "query", 20)
    typed(page, "key", 13)
    found = wait(page, "g.encoding.query === 20 && g.encoding.key === 13 && g.encoding.series[0].ys.length === 64")[
        "encoding"
    ]
    rates = 10_000.0 ** (-2 * np.arange(4) / 8)
    closed = 2 * np.cos(np.arange(64)[:, None] * rates).sum(1)
    np.testing.assert_allclose(found["series"][0]["ys"], closed, atol=1e-9)
    assert found["product"] == pytest.approx(closed[7], abs=1e-9)
    written = panel.locator(".formula").inner_text().split("= ")[-1]
    panel.get_by_role("button", name="Move both on by one").click()
    found = wait(page, "g.encoding.query === 21 && g.encoding.key === 14")["encoding"]
    assert panel.locator(".formula").inner_text().split("= ")[-1] == written

    # ALiBi, of the second head.
    choose(page, "alibi")
    panel.get_by_label("Head", exact=True).select_option("1")
    found = wait(page, "g.encoding.head === 1")["encoding"]
    n = found["tokens"]
    apart = np.abs(np.arange(n)[:, None] - np.arange(n))
    np.testing.assert_allclose(np.array(found["bias"]).reshape(n, n), -apart / 256)
    for head, slope in enumerate((2**-4, 2**-8)):
        np.testing.assert_allclose(found["series"][head]["ys"], np.exp(-slope * np.arange(64)))

    # None: the embeddings alone. Learned: not here, and said so.
    found = choose(page, "none")
    run = AttentionRun(AttentionSpec(**SMALL, position="sinusoidal"))
    run.advance(STEPS)
    rows = dict(run.network.named_parameters())["core.embedding.weight"].detach()[run.reading.inputs[0]].numpy()
    np.testing.assert_allclose(np.array(found["matrix"]).reshape(rows.shape), rows, atol=1e-6)
    assert found["series"][0]["ys"][30] == pytest.approx(float(rows[0] @ rows[0]), abs=1e-5)
    assert choose(page, "learned")["absent"]
    assert panel.get_by_role("button", name="Build it anew with learned places").is_visible()


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_learned_places_on_a_phone(page: Any, app: str) -> None:
    found = opened(page, app, **SMALL)["encoding"]
    run = AttentionRun(AttentionSpec(**SMALL))
    run.advance(STEPS)
    places = dict(run.network.named_parameters())["core.positions.weight"].detach().numpy()
    np.testing.assert_allclose(np.array(found["matrix"]).reshape(64, 16), places, atol=1e-6)
    np.testing.assert_allclose(
        found["mean"], products(places[:10].astype(np.float64)), atol=1e-5
    )  # of the trained ones
    assert found["edge"] == 10
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    for kind in POSITIONS:
        choose(page, kind)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def logits(network: Any, words: list[str], vocabulary: tuple[str, ...]) -> np.ndarray:
    ids = torch.tensor([[vocabulary.index(word) for word in words]])
    with torch.no_grad():
        found: np.ndarray = network(ids, torch.tensor([len(words)]))[0].numpy()
    return found


def check_orders(found: dict[str, Any], runs: dict[str, AttentionRun]) -> None:
    """Every number of the two orders, by torch."""
    vocabulary = runs["none"].task.vocabulary
    words = [vocabulary[at] for at in found["ids"]]
    order = found["order"]
    for kind, run in runs.items():
        one = logits(run.network, words, vocabulary)
        two = logits(run.network, [words[at] for at in order], vocabulary)
        moved = np.empty_like(two)
        moved[order] = two
        shown = found["all"][kind]
        np.testing.assert_allclose([word["logits"] for word in shown["words"]], one, atol=2e-5)
        np.testing.assert_allclose([word["others"] for word in shown["words"]], moved, atol=2e-5)
        assert shown["largest"] == pytest.approx(float(np.abs(one - moved).max()), abs=4e-5)
    assert found["all"]["none"]["largest"] < 1e-6
    assert found["all"]["learned"]["largest"] > 1e-3


def test_a_sentence_in_two_orders(page: Any, app: str) -> None:
    found = opened(page, app, **SMALL)["order"]
    spec = AttentionSpec(**SMALL)
    runs = {kind: AttentionRun(placing.small(spec, kind, "who")) for kind in POSITIONS}
    vocabulary = runs["none"].task.vocabulary
    assert [vocabulary[at] for at in found["ids"]] == ["I", "love", "cats"]
    assert found["order"] == [2, 1, 0]
    check_orders(found, runs)
    part = page.locator(".positions section[aria-label='I love cats, cats love I']")
    assert "the very same answer in both orders" in part.inner_text()
    assert "untrained" in part.inner_text()
    part.locator(".chip[data-kind=alibi]").click()
    found = wait(page, "g.order.kind === 'alibi'")["order"]
    assert "mirror image" in found["text"]

    # Moved by keyboard, then by dragging.
    page.locator(".positions button.word[data-at='2']").focus()
    page.keyboard.press("Alt+ArrowRight")
    found = wait(page, "g.order.order.join() === '1,2,0'")["order"]
    check_orders(found, runs)
    assert found["all"]["alibi"]["largest"] > 1e-3
    page.keyboard.press("Shift+ArrowLeft")
    wait(page, "g.order.order.join() === '2,1,0'")
    boxes = [page.locator(f".positions button.word[data-at='{at}']").bounding_box() for at in range(3)]
    page.mouse.move(boxes[0]["x"] + 20, boxes[0]["y"] + 20)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 20, boxes[1]["y"] + 20, steps=4)
    page.mouse.up()
    wait(page, "g.order.order.join() === '2,0,1'")

    # A sentence of one's own; what cannot be read leaves what is there.
    field = part.get_by_label("Your sentence")
    field.fill("today robots never chase robots")
    found = wait(page, "g.order.ids.length === 5")["order"]
    check_orders(found, runs)
    none = found["all"]["none"]["words"]
    np.testing.assert_allclose(none[1]["logits"], none[4]["logits"], atol=1e-12)  # the same word, the same answer
    field.fill("<b>zebras</b> love cats")
    page.wait_for_function(f"() => {PANEL}.shadowRoot.querySelector('section [role=alert]:not(:empty)')")
    assert "<b>zebras</b>" in part.locator(".problem").inner_text()
    assert part.locator(".problem b").count() == 0
    field.fill("")
    assert "such as: I love cats" in part.locator(".problem").inner_text()
    assert len(wait(page)["order"]["ids"]) == 5
    field.fill("cats " * 10_000)
    wait(page, "g.order.ids.length === 64")
    assert "64 at most" in part.inner_text()


@pytest.mark.timeout(300)  # five networks are trained, and the cores may be shared
def test_a_race_whose_networks_then_read_the_sentence(page: Any, app: str) -> None:
    opened(page, app, **SMALL)
    runs = {kind: AttentionRun(placing.small(AttentionSpec(**SMALL), kind, "who")) for kind in POSITIONS}
    typed(page, "steps", 20)
    page.locator(".positions").get_by_role("button", name="Train all five").click()
    race = wait(page, "g.race?.done")["race"]
    assert race["steps"] == list(range(21))
    for kind, run in runs.items():
        for at in (0, 20):
            run.advance(at - run.step)
            wanted = measure(run.network, run.task)
            assert race["kinds"][kind]["loss"][at] == pytest.approx(wanted["validation_loss"], rel=1e-4)
            assert race["kinds"][kind]["accuracy"][at] == pytest.approx(wanted["validation_accuracy"], abs=1e-6)
        row = page.locator(f".positions tr[data-kind={kind}] td").all_inner_texts()
        assert float(row[1].removesuffix(" %")) == pytest.approx(100 * wanted["validation_accuracy"], abs=0.051)
        assert f"{100 * wanted['validation_accuracy']:.1f} %" in race["words"] or wanted["validation_accuracy"] >= 0.99
    check_orders(wait(page, "true")["order"], runs)
    assert "those of the race above, after 20 steps" in page.locator(".positions").inner_text()

    # Stopped under way: what was run stays.
    typed(page, "steps", 3000)
    page.locator(".positions").get_by_role("button", name="Race again").click()
    wait(page, "g.race && !g.race.done && g.race.kinds.alibi?.loss.filter(Number.isFinite).length >= 1")
    page.locator(".positions").get_by_role("button", name="Cancel").click()
    page.locator(".positions").get_by_role("button", name="Race again").wait_for()
    found = wait(page, "g.race.words.includes('Stopped before the end')")
    assert not found["race"]["done"]
