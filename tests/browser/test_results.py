"""The panel Results in the real app: its numbers against a run of its own and scikit-learn."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics

from dlviz.labs.cnn.results import results
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

# Tall, because what is out of sight is not drawn.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 2600}}], indirect=True, ids=["tall"]),
]

SPEC = CnnSpec(dataset="digits", channels=(4,), dense_units=(8,))
LINK = "cnn?cnn.dataset=digits&cnn.channels=4&cnn.dense_units=8&cnn.step=110&cnn.panel=Results"
OPENING = 110
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.results)"
PARTS = ("train", "validation", "test")


def shown(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.results()")
    return found


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until a JavaScript expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.results(); return now && ({condition}); }}", arg=arg, timeout=90_000
    )
    return shown(page)


def check_moment(found: dict[str, Any], run: CnnRun) -> None:
    """The numbers of a moment, from the logits of the run's own network."""
    for part in PARTS:
        x, y = getattr(run.pictures, f"{part}_x"), getattr(run.pictures, f"{part}_y")
        x, y = (x[:500], y[:500]) if part == "train" else (x, y)
        run.network.eval()
        with torch.no_grad():
            shares = run.network(x).double().softmax(1).numpy()
        run.network.train()
        loss = metrics.log_loss(y.numpy(), shares, labels=range(10))
        assert found["numbers"][f"{part}_loss"] == pytest.approx(loss, rel=1e-4)
        assert found["numbers"][f"{part}_accuracy"] == pytest.approx((shares.argmax(1) == y.numpy()).mean(), abs=1e-6)
    truth, answers = y.numpy(), shares.argmax(1)
    matrix = metrics.confusion_matrix(truth, answers, labels=range(10))
    assert found["confusion"] == matrix.flatten().tolist()
    scores = found["scores"]
    assert (scores["right"], scores["total"]) == (matrix.trace(), len(truth))
    precision, recall, _, support = metrics.precision_recall_fscore_support(truth, answers, zero_division=0)
    assert scores["ofTruth"] == support.tolist()
    np.testing.assert_allclose(scores["recall"], recall)
    np.testing.assert_allclose([each or 0 for each in scores["precision"]], precision)
    one = [metrics.accuracy_score(truth == k, answers == k) for k in range(10)]
    np.testing.assert_allclose(scores["accuracy"], one)


def test_every_number_of_the_panel_and_its_pictures(page: Any, app: str) -> None:
    run = CnnRun(SPEC)
    events = run.advance(OPENING)
    at = events[-1].step
    measured = CnnRun(SPEC)
    measured.advance(at)

    page.goto(f"{app}/{LINK}")
    found = wait(page, f"now.step === {OPENING} && now.worst.length === 12")
    assert found["measuredAt"] == at
    check_moment(found, measured)
    assert found["split"] == {part: len(getattr(run.pictures, f"{part}_y")) for part in PARTS}

    # The lowest validation loss, the gap in words, the table.
    best = min(events, key=lambda event: event.values["validation_loss"])
    assert found["best"]["step"] == best.step
    assert found["best"]["value"] == pytest.approx(best.values["validation_loss"], rel=1e-5)
    numbers = events[-1].values
    assert found["gap"].startswith(f"{numbers['train_accuracy']:.1%}".replace("%", " % of the training pictures"))
    assert f"{numbers['test_accuracy'] * 100:.1f} % of the test pictures" in found["gap"]
    gap = abs(numbers["train_accuracy"] - numbers["test_accuracy"]) * 100
    assert re.search(rf"\b{gap:.1f} points", found["gap"])
    recall = page.locator(".results td.recall").all_inner_texts()
    assert recall == [f"{share * 100:.1f} %" for share in found["scores"]["recall"]]

    # The row of mistakes, then one cell of the matrix.
    trace = results(measured)
    check_cards(found["worst"], trace)
    pairs = measured.measured().confusion.clone().fill_diagonal_(0)
    truth, answer = divmod(int(pairs.argmax()), 10)
    box = page.locator(".results .matrix .cells").bounding_box()
    page.mouse.click(box["x"] + (answer + 0.5) * box["width"] / 10, box["y"] + (truth + 0.5) * box["height"] / 10)
    found = wait(page, "now.cell")
    assert found["chosen"] == [truth, answer]
    assert len(found["cell"]) == pairs[truth, answer]
    check_cards(found["cell"], results(measured, truth=truth, answer=answer))
    reading = page.locator(".results .reading").inner_text()
    assert reading.startswith(f"{pairs[truth, answer]} of {found['scores']['ofTruth'][truth]} “{truth}”")

    # Scrubbing moves it all; a picture pressed comes onto the stage.
    page.evaluate(f"() => {PANEL}.dlviz.scrub(0)")
    found = wait(page, "now.step === 0 && now.measuredAt === 0")
    check_moment(found, CnnRun(SPEC))
    page.evaluate(f"() => {PANEL}.dlviz.scrub(null)")
    found = wait(page, f"now.step === {OPENING} && now.worst.every(({{index}}) => index !== arg)", -1)
    cards = page.locator(".results [aria-label='Worst mistakes'] .card-thumb")
    # Read and pressed in one go: the row changes once the pictures of this moment have come.
    index = cards.first.evaluate("(card) => { card.click(); return Number(card.dataset.index); }")
    wait(page, "now.picture === arg", index)


def check_cards(cards: list[dict[str, Any]], trace: Any) -> None:
    """Place, truth → answer and confidence of every thumbnail."""
    assert [card["index"] for card in cards] == trace["index"].tolist()
    for card, truth, answer, sure in zip(cards, trace["truth"], trace["answer"], trace["confidence"], strict=True):
        words = f"{truth} → {answer}" if truth != answer else f"{truth} ✓"
        assert card["text"].split("\n")[0] == words
        assert float(card["text"].split("\n")[-1].removesuffix(" %")) == pytest.approx(sure * 100, abs=0.051)
