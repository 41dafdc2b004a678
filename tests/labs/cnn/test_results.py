"""The probe of the panel Results, against scikit-learn and a network built from its own state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.results import MOST, results
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(CnnSpec(dataset="digits", channels=(4,), dense_units=(8,)))
    run.advance(30)  # within an epoch: nothing of this step has been measured
    return run


@pytest.fixture(scope="module")
def shares(run: CnnRun) -> np.ndarray:
    """Probabilities of all test pictures, from the parameters that the probe gives."""
    network = build(run.spec)
    network.load_state_dict({name: torch.from_numpy(a) for name, a in results(run).state.items()})
    with torch.no_grad():
        found: np.ndarray = network.eval()(run.pictures.test_x).double().softmax(1).numpy()
    return found


def test_scores_are_those_of_scikit_learn(run: CnnRun, shares: np.ndarray) -> None:
    truth, answers, trace = run.pictures.test_y.numpy(), shares.argmax(1), results(run)
    assert (trace["confusion"] == metrics.confusion_matrix(truth, answers)).all()
    precision, recall, _, _ = metrics.precision_recall_fscore_support(truth, answers, zero_division=0)
    np.testing.assert_allclose(trace["precision"], precision, rtol=1e-6)
    np.testing.assert_allclose(trace["recall"], recall, rtol=1e-6)
    one = [metrics.accuracy_score(truth == k, answers == k) for k in range(10)]
    np.testing.assert_allclose(trace["accuracy"], one, rtol=1e-6)
    assert trace["test_accuracy"] == pytest.approx(metrics.accuracy_score(truth, answers), abs=1e-6)
    assert trace["test_loss"] == pytest.approx(metrics.log_loss(truth, shares), rel=1e-5)


@pytest.mark.parametrize(("truth", "answer"), [(1, 1), (8, 1), (0, 9), (3, 9)])
def test_the_pictures_of_a_cell(run: CnnRun, shares: np.ndarray, truth: int, answer: int) -> None:
    trace = results(run, truth=truth, answer=answer)
    places = np.flatnonzero((run.pictures.test_y.numpy() == truth) & (shares.argmax(1) == answer))
    assert len(places) == trace["confusion"][truth, answer]
    assert set(trace["index"].tolist()) <= set(places.tolist())
    assert len(trace["index"]) == min(len(places), MOST)
    sure = shares.max(1)[trace["index"]]
    np.testing.assert_allclose(trace["confidence"], sure, rtol=1e-4)
    assert (np.diff(sure) * (1 if truth == answer else -1) >= -1e-6).all()
    assert (trace["truth"] == truth).all()
    assert (trace["answer"] == answer).all()
    expected = (run.pictures.test_x[trace["index"]].numpy() * 255).round()
    assert (trace["pictures"] == expected).all()
    np.testing.assert_allclose(
        torch.from_numpy(trace["logits"]).double().softmax(1).numpy(), shares[trace["index"]], atol=1e-5
    )


def test_the_worst_are_the_surest_mistakes(run: CnnRun, shares: np.ndarray) -> None:
    trace = results(run)
    wrong = np.flatnonzero(shares.argmax(1) != run.pictures.test_y.numpy())
    expected = wrong[np.argsort(-shares.max(1)[wrong], kind="stable")][:12]
    assert len(expected) == 12
    assert trace["index"].tolist() == expected.tolist()


def test_what_is_asked_for_by_index_comes_in_that_order(run: CnnRun) -> None:
    trace = results(run, indices=[5, 3, 5], parameters=False)
    assert trace["index"].tolist() == [5, 3, 5]
    assert not trace.state
    assert results(run, indices=[])["pictures"].shape == (0, 1, 8, 8)


def test_the_asker_may_hold_on_to_the_measurements_on_the_screen() -> None:
    run = CnnRun(CnnSpec(dataset="digits", channels=(4,), dense_units=(8,)))
    run.advance(45)
    shown = run.frame()
    at = shown.numbers["measured_at"]
    assert at < run.step
    assert (results(run, measured_at=at)["confusion"] == shown.arrays["confusion"]).all()
    assert not (results(run)["confusion"] == shown.arrays["confusion"]).all()
    assert (results(run, measured_at=at + 1)["confusion"] == results(run)["confusion"]).all()
    assert run.frame().numbers["measured_at"] == at


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"truth": 3}, "needs truth and answer together"),
        ({"truth": 10, "answer": 0}, "results.truth must be a whole number from 0 to 9. Got 10"),
        ({"truth": 0, "answer": True}, "results.answer must be a whole number"),
        ({"indices": [0, 360]}, "results.indices must be a whole number from 0 to 359. Got 360"),
        ({"indices": "0"}, "must be a list of at most 48 test pictures"),
        ({"indices": [0] * 49}, "must be a list of at most 48 test pictures"),
    ],
)
def test_what_is_not_there_is_refused(run: CnnRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        results(run, **options)
