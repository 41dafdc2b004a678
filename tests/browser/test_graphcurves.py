"""The curves of the Graph lab and what is answered wrongly: the run's own answers, looked at again by sklearn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.dummy import DummyClassifier
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    r2_score,
    roc_auc_score,
)

from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from tests.browser.graphbuilding_page import LIVE, PHONE, STAGE, TALL, open_stage, read, show, wait_for

pytestmark = pytest.mark.browser
CLOSE = 1e-5
SET: dict[str, Any] = {"dataset": "families", "features": "degree", "layer": "gcn", "readout": "sum"}


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport=TALL)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_stage(page, app)
    context.close()
    assert problems == []


def shown_of(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = read(page)["curves"]
    return found


def last_of(shown: dict[str, Any], chart: str, label: str) -> float:
    """The last number of a line of a chart."""
    [lines] = [each["lines"] for each in shown["charts"] if each["name"].startswith(chart)]
    return float(next(each["ys"][-1] for each in lines if each["label"] == label))


@pytest.mark.parametrize(
    "spec",
    [
        GraphSpec(),
        GraphSpec(dataset="lesmis", layer="sage"),
        GraphSpec(**SET, task="graph"),
        GraphSpec(dataset="mutag", task="graph", features="own"),
    ],
    ids=["karate", "lesmis", "families", "mutag"],
)
def test_right_and_wrong_answers_and_what_guessing_gives_are_sklearns(opened: Any, spec: GraphSpec) -> None:
    run = show(opened, spec, 12)
    learned = run.learned
    logits = run.measured().answers
    held, classes = learned.held.numpy(), list(learned.classes)
    truth, answered = learned.y[held].numpy(), logits[held].argmax(1).numpy()
    shown = shown_of(opened)
    assert shown["measured_at"] == run.measured_at
    facts, table = shown["facts"], shown["table"]
    assert facts["of"] == len(held)
    assert facts["right"] / facts["of"] == accuracy_score(truth, answered)
    assert f"{accuracy_score(truth, answered) * 100:.1f} %" in shown["words"]
    assert table["matrix"] == confusion_matrix(truth, answered, labels=range(len(classes))).tolist()
    guess = DummyClassifier(strategy="most_frequent").fit(truth[:, None], truth).score(truth[:, None], truth)
    assert facts["chance"] == pytest.approx(guess)
    assert f"{guess * 100:.1f} %" in shown["words"]
    check_table(run, table, held[truth != answered], logits)
    sure = logits.softmax(1)[held].numpy().astype(np.float64)
    loss = log_loss(truth, sure / sure.sum(1, keepdims=True), labels=range(len(classes)))
    assert last_of(shown, "Loss", "kept back") == pytest.approx(loss, abs=1e-4)
    assert last_of(shown, "Accuracy", "kept back") == pytest.approx(accuracy_score(truth, answered), abs=CLOSE)
    assert last_of(shown, "Accuracy", "most frequent") == pytest.approx(guess, abs=CLOSE)


def check_table(run: GraphRun, table: dict[str, Any], wrong: np.ndarray, logits: torch.Tensor) -> None:
    """Every row is one that is wrong, with what it is, what was answered and how sure; the surest first."""
    learned = run.learned
    classes = learned.classes
    names = [f"Graph {k}" if run.spec.is_set else learned.graphs[0].names[k] for k in wrong]
    sure = logits.softmax(1).max(1).values
    wanted = {
        f"Node {name}" if name.isdigit() else name: (
            classes[learned.y[k]],
            classes[logits[k].argmax()],
            f"{sure[k].item() * 100:.1f} %",
        )
        for name, k in zip(names, wrong, strict=True)
    }
    assert f"{len(wrong)} of {len(learned.held)}" in table["title"]
    assert len(table["rows"]) == min(40, len(wrong))
    for name, *rest in table["rows"]:
        assert tuple(rest) == wanted[name]
    shares = [float(row[3].removesuffix(" %")) for row in table["rows"]]
    assert shares == sorted(shares, reverse=True)


def test_missing_edges_are_measured_as_sklearn_does(opened: Any) -> None:
    run = show(opened, GraphSpec(task="link"), 30)
    z = run.measured().answers
    pairs = torch.cat([run.learned.held_positive, run.learned.held_negative])
    scores = (z[pairs[:, 0]] * z[pairs[:, 1]]).sum(1).numpy()
    truth = np.repeat([1, 0], [len(run.learned.held_positive), len(run.learned.held_negative)])
    shown = shown_of(opened)
    assert shown["facts"]["right"] == accuracy_score(truth, scores > 0, normalize=False)
    assert shown["table"]["matrix"] == confusion_matrix(truth, scores > 0).tolist()
    auc = roc_auc_score(truth, scores)
    assert last_of(shown, "AUC", "kept back") == pytest.approx(auc, abs=CLOSE)
    assert f"in {auc * 100:.1f} % of all cases" in shown["words"]
    assert last_of(shown, "AUC", "guessing") == 0.5
    wrong = pairs.numpy()[(scores > 0) != truth]
    names = run.learned.graphs[0].names
    assert sorted(row[0] for row in shown["table"]["rows"]) == sorted(f"{names[a]} – {names[b]}" for a, b in wrong)


def test_a_number_of_a_graph_is_measured_as_sklearn_does(opened: Any) -> None:
    run = show(opened, GraphSpec(**SET, task="regression", hidden=(8, 4)), 60)
    learned = run.learned
    held = learned.held.numpy()
    truth = learned.y.numpy()[held] * learned.spread + learned.mean
    said = run.measured().answers.numpy()[held, 0] * learned.spread + learned.mean
    shown = shown_of(opened)
    error, mean = mean_absolute_error(truth, said), mean_absolute_error(truth, np.full(len(held), learned.mean))
    assert shown["facts"]["chance"] == pytest.approx(mean, rel=1e-5)
    assert f"misses by {error:.2f} triangles" in shown["words"]
    assert f"misses by {mean:.2f}" in shown["words"]
    assert f"R² = {r2_score(truth, said):.2f}".replace("-", "−") in shown["words"]
    assert last_of(shown, "R²", "kept back") == pytest.approx(r2_score(truth, said), abs=1e-4)
    loss = mean_squared_error(truth / learned.spread, said / learned.spread)
    assert last_of(shown, "Loss", "kept back") == pytest.approx(loss, rel=1e-4)
    worst = held[np.argsort(-np.abs(truth - said), kind="stable")[0]]
    assert shown["table"]["rows"][0][0] == f"Graph {worst}"
    assert shown["table"]["matrix"] is None


def test_a_step_of_a_curve_and_a_row_of_the_table_are_gone_to_by_keyboard(opened: Any) -> None:
    show(opened, GraphSpec(), 20)
    shown = shown_of(opened)
    name = shown["table"]["rows"][0][0]
    button = opened.locator(".graph-curves .gnc-pick", has_text=re.compile(f"^{name}$"))
    button.press("Enter")
    wait_for(opened, "shown.embedding.picked === arg", int(name.removeprefix("Node ")))
    assert button.get_attribute("aria-pressed") == "true"
    canvas = opened.locator(".graph-curves .curve-canvas").first
    canvas.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter"):
        canvas.press(key)
    wait_for(opened, "shown.curves.step < 20 && shown.curves.step >= 16 && shown.embedding.step === shown.curves.step")
    assert opened.evaluate(f"() => {LIVE}.shared.get('happened.curve_scrubbed')") is True
    step = shown_of(opened)["step"]
    run = GraphRun(GraphSpec())
    run.advance(step)
    right = (run.measured().answers.argmax(1) == run.learned.y)[run.learned.held].sum()
    assert shown_of(opened)["facts"]["right"] == right
    opened.evaluate(f"() => {{ {LIVE}.scrub(null); }}")
    wait_for(opened, "shown.curves.step === 20")


def test_a_graph_that_is_wrong_is_shown_by_a_click_and_ones_own_is_not_lost(opened: Any) -> None:
    show(opened, GraphSpec(**SET, task="graph"), 12)
    row = opened.locator(".graph-curves .gnc-pick").first
    place = int(row.inner_text().removeprefix("Graph "))
    row.click()
    wait_for(opened, "shown.spec.shown === arg && shown.embedding.picked === arg", place)
    opened.evaluate(f"() => {STAGE}.dlviz.change({{ graph: '0,1\\n1,2\\n2,0' }})")
    wait_for(opened, "shown.spec.graph !== '' && shown.embedding.names?.at(-1) === 'Your graph'")
    opened.locator(".graph-curves .gnc-pick").nth(1).click()
    offer = opened.locator(".graph-curves").get_by_role("button", name="Show it instead of yours")
    offer.wait_for()
    assert read(opened)["spec"]["graph"] != ""
    offer.click()
    wait_for(opened, "shown.spec.graph === '' && shown.embedding.names.length === 240")


@pytest.mark.parametrize("page", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_on_a_phone_nothing_overflows(page: Any, app: str) -> None:
    open_stage(page, app, dataset="lesmis")
    page.evaluate(f"() => {{ {LIVE}.advance(4); }}")
    wait_for(page, "shown.curves.step === 4 && shown.curves.charts.length === 2")
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    for figure in page.locator(".graph-curves figure:not(.hidden), .graph-curves .gnc-scroll").all():
        box = figure.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
