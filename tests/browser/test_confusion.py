"""The confusion matrix against scikit-learn, and one point's cross-entropy against torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from sklearn.metrics import confusion_matrix, recall_score
from torch.nn.functional import cross_entropy, softmax

from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.stage_page import StagePage, stage_page

pytestmark = pytest.mark.browser

SPECS = {
    "2 classes": PlaygroundSpec(dataset="gauss", noise=50),
    "5 classes, batch norm": PlaygroundSpec(
        dataset="blobs", classes=5, noise=40, hidden_layers=(6,), batch_norm=True, activations=("gelu",)
    ),
    "8 classes": PlaygroundSpec(dataset="rings", classes=8, hidden_layers=(8, 8), learning_rate=0.1),
}


@pytest.fixture(params=SPECS, scope="module")
def stage(chromium: Any, request: pytest.FixtureRequest) -> Iterator[StagePage]:
    with stage_page(chromium, "confusion", spec=SPECS[request.param]) as opened:
        opened.train(400)
        opened.page.wait_for_timeout(250)
        yield opened


def shown(stage: StagePage) -> list[list[int]]:
    rows = stage.page.locator("table.confusion tbody tr").all()
    return [[int(text) for text in row.locator(".cell").all_inner_texts()] for row in rows]


def predictions(run: PlaygroundRun, inputs: torch.Tensor) -> torch.Tensor:
    return run.predict(inputs).argmax(1)


def test_counts_and_recall_are_those_of_scikit_learn(stage: StagePage) -> None:
    run, page = stage.run, stage.page
    for name, inputs, targets in (
        ("Test", run.test_inputs, run.points.test_y),
        ("Training", run.train_inputs, run.points.train_y),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_timeout(150)
        labels = list(range(run.spec.classes))
        assert shown(stage) == confusion_matrix(targets, predictions(run, inputs), labels=labels).tolist()
        recalls = recall_score(targets, predictions(run, inputs), labels=labels, average=None)
        assert page.locator("td.recall").all_inner_texts() == [f"{100 * recall + 1e-9:.0f} %" for recall in recalls]
        right = (predictions(run, inputs) == targets).sum().item()
        assert f"{right} of {len(targets)} right" in page.locator(".confusion-panel").inner_text()


def test_it_follows_training(stage: StagePage) -> None:
    stage.page.get_by_role("button", name="Test", exact=True).click()
    stage.page.wait_for_timeout(150)
    before = shown(stage)
    for _ in range(3):
        stage.train(150)
    stage.page.wait_for_timeout(250)
    run = stage.run
    assert shown(stage) == confusion_matrix(run.points.test_y, predictions(run, run.test_inputs)).tolist()
    assert shown(stage) != before


def test_a_cell_lights_its_points(stage: StagePage) -> None:
    run, page = stage.run, stage.page
    predicted = predictions(run, run.test_inputs)
    k = int(run.points.test_y[0])
    j = int(predicted[0])
    members = ((run.points.test_y == k) & (predicted == j)).nonzero()[:, 0].tolist()
    lit = "() => stage.lit && {set: stage.lit.set, points: [...stage.lit.points]}"
    cell = page.locator("table.confusion tbody tr").nth(k).locator(".cell").nth(j)
    cell.hover()
    assert page.evaluate(lit) == {"set": "test", "points": members}
    page.mouse.move(0, 0)
    assert page.evaluate(lit) is None
    cell.click()
    page.mouse.move(0, 0)
    assert page.evaluate(lit) == {"set": "test", "points": members}
    assert cell.get_attribute("aria-pressed") == "true"
    cell.click()
    page.mouse.move(0, 0)
    assert page.evaluate(lit) is None


def test_one_points_softmax_target_and_loss_are_those_of_torch(stage: StagePage) -> None:
    run, page = stage.run, stage.page
    x1, x2 = run.points.train_x[3].tolist()
    page.evaluate("place => stage.point(place)", {"kind": "move", "x1": x1, "x2": x2, "event": {"buttons": 0}})
    logits = run.predict(run.train_inputs[3:4]).double()
    target = run.points.train_y[3:4]
    rows = page.locator(".softmax-row:not(.label)").all()
    values = [[float(text) for text in row.locator("span.value").all_inner_texts()] for row in rows]
    for (k, p, wanted), expected in zip(values, softmax(logits, 1)[0].tolist(), strict=True):
        assert p == pytest.approx(expected, abs=6e-4)
        assert wanted == (1 if k == target.item() else 0)
    loss = float(page.locator(".one-point p.value").inner_text().rsplit("= ", 1)[1])
    assert loss == pytest.approx(cross_entropy(logits, target).item(), abs=6e-4)


def test_away_from_any_point_there_is_no_target(chromium: Any) -> None:
    with stage_page(chromium, "confusion", spec=PlaygroundSpec(dataset="gauss")) as stage:
        stage.page.evaluate("() => stage.point({kind: 'move', x1: 5.5, x2: -5.5, event: {buttons: 0}})")
        card = stage.page.locator(".one-point")
        assert "No data point at (5.50, −5.50), so no target and no loss." in card.inner_text()
        stage.page.evaluate("() => stage.point({kind: 'leave', event: {buttons: 0}})")
        assert "Move over the output" in card.inner_text()


def test_regression_has_no_confusion(chromium: Any) -> None:
    with stage_page(chromium, "confusion", spec=PlaygroundSpec(problem="regression")) as stage:
        assert not stage.page.locator(".confusion-panel").is_visible()
