"""Scores by hand and curves against scikit-learn; strangers of every kind; every class left out in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve, roc_auc_score, roc_curve
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import scoring, strangers
from dlviz.labs.autoencoder.anomalies import anomalies
from dlviz.labs.autoencoder.detecting import curves
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.jobs import to_the_end

SMALL = {"dataset": "digits", "hidden": (32, 16), "examples": 400}


def trained(steps: int = 30, **settings: Any) -> AutoencoderRun:
    run = AutoencoderRun(AutoencoderSpec(**{**SMALL, **settings}))
    run.advance(steps)
    return run


def asked(run: AutoencoderRun, **options: Any) -> Trace:
    return to_the_end(anomalies(run, **options))


@pytest.mark.parametrize("rounded", [False, True], ids=["all different", "ties"])
def test_curves_are_those_of_scikit_learn(rounded: bool) -> None:
    chance = np.random.default_rng(0)
    labels = np.r_[np.zeros(70), np.ones(40)].astype(int)
    scores = chance.normal(labels * 0.8, 1)
    scores = (scores.round(1) if rounded else scores).astype(np.float32)
    found = curves(scores, labels)
    fpr, tpr, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    np.testing.assert_allclose(found.fpr, fpr[1:])
    np.testing.assert_allclose(found.tpr, tpr[1:])
    np.testing.assert_array_equal(found.thresholds, thresholds[1:])
    precision, recall, _ = precision_recall_curve(labels, scores)
    np.testing.assert_allclose(found.precision[::-1], precision[:-1])
    np.testing.assert_allclose(found.tpr[::-1], recall[:-1])
    assert found.auc == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
    assert found.average_precision == pytest.approx(average_precision_score(labels, scores), abs=1e-12)
    f1 = [f1_score(labels, scores >= each) for each in found.thresholds]
    assert f1[found.best] == pytest.approx(max(f1))


@pytest.mark.parametrize("settings", [
    {}, {"kind": "plain", "likelihood": "gaussian", "latent": 1}, {"kind": "sparse", "latent": 32},
    {"kind": "conditional", "leave_out": "3"}, {"dataset": "sprites", "network": "convolutional", "channels": (4, 8)},
    {"dataset": "faces", "latent": 5},
])  # fmt: skip
def test_scores_are_those_made_by_hand(settings: dict[str, Any]) -> None:
    run = trained(5, **settings)
    spec, network, test = run.spec, run.network, run.data.pictures.test_x[: strangers.MOST]
    trace = asked(run)
    names = list(trace.state["scores"])
    assert ("kl" in names) == spec.is_variational
    assert str(trace.state["kind"][0]) == ("left_out" if len(run.data.strangers) else "turned")
    shown = torch.from_numpy(trace["input"]).float() / 255
    assert (trace["labels"] == 0).sum() == len(test)
    exact = torch.cat([test, strangers.of(str(trace.state["kind"][0]), spec, run.data)])
    np.testing.assert_allclose(shown, exact, atol=0.5 / 255 + 1e-6)

    labels = torch.from_numpy(trace["told"]).long()
    tries = [c for c in range(len(spec.classes)) if str(c) != spec.leave_out] if spec.told else [0]
    with torch.no_grad():
        code = network.encode(exact, labels)
        mean = code.mean.double()

        def lost(z: Tensor, told: Tensor) -> Tensor:
            values = network.decode(z, told).double()
            x = exact[: len(z)].double()
            if spec.likelihood == "gaussian":
                return (values - x).square().flatten(1).sum(1) / 2
            p = values.sigmoid()
            return -(x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)

        again = network.pictures(network.decode(code.mean, labels)).double()
        np.testing.assert_allclose(trace["squared_error"], (again - exact).square().mean((1, 2, 3)), rtol=1e-4)
        np.testing.assert_allclose(trace["reconstruction"], lost(code.mean, labels), rtol=1e-4)
        for other in tries:  # no other class would reconstruct it better
            told = torch.full_like(labels, other)
            again = lost(network.encode(exact, told).mean, told).numpy()
            assert (again >= trace["reconstruction"] * (1 - 1e-4)).all()
        pictures = run.data.pictures
        codes = network.encode(pictures.train_x[: scoring.TRAINING], pictures.train_y[: scoring.TRAINING]).mean
        near = (mean[:, None] - codes.double()[None]).norm(dim=2).amin(1)
        np.testing.assert_allclose(trace["code_distance"], near, rtol=1e-3, atol=1e-5)
        if code.log_variance is not None:
            posterior = Normal(code.mean, (code.log_variance / 2).exp())
            kl = kl_divergence(posterior, Normal(0, 1)).sum(1)
            np.testing.assert_allclose(trace["kl"], kl, rtol=1e-3, atol=1e-5)
            chance = torch.Generator().manual_seed(0)
            first = torch.randn(scoring.SAMPLES, scoring.BATCH, spec.latent, generator=chance)[:, : len(exact)]
            few = slice(first.shape[1])
            samples = [lost(code.mean[few] + posterior.stddev[few] * each, labels[few]) for each in first]
            wanted = torch.stack(samples).mean(0) + kl[few]
            np.testing.assert_allclose(trace["negative_elbo"][few], wanted, rtol=1e-4)
    for name, area in zip(names, trace["auc"], strict=True):
        assert area == pytest.approx(roc_auc_score(trace["labels"], trace[name]), abs=1e-6)
    fpr, tpr, thresholds = roc_curve(trace["labels"], trace["squared_error"], drop_intermediate=False)
    np.testing.assert_allclose(trace["fpr"], fpr[1:])
    np.testing.assert_allclose(trace["tpr"], tpr[1:])
    np.testing.assert_array_equal(trace["thresholds"], thresholds[1:].astype(np.float32))
    wanted = average_precision_score(trace["labels"], trace["squared_error"])
    assert float(trace["average_precision"]) == pytest.approx(wanted, abs=1e-6)


def test_strangers_are_what_they_are_called() -> None:
    run = trained(0, leave_out="1")
    test = run.data.pictures.test_x[: strangers.MOST].numpy()
    made = {kind: strangers.of(kind, run.spec, run.data).numpy() for kind in strangers.KINDS}
    np.testing.assert_array_equal(made["turned"], np.rot90(test, 1, (2, 3)))
    np.testing.assert_array_equal(made["upside_down"], test[:, :, ::-1, ::-1])
    np.testing.assert_array_equal(
        np.sort(made["shuffled"].reshape(len(test), -1)), np.sort(test.reshape(len(test), -1))
    )
    assert (made["shuffled"] != test).any((1, 2, 3)).mean() > 0.99
    whole = AutoencoderRun(AutoencoderSpec(**SMALL)).data.pictures
    np.testing.assert_array_equal(made["left_out"], whole.test_x[whole.test_y == 1])
    assert made["noise"].mean() == pytest.approx(0.5, abs=0.01)
    for dataset in ("mnist", "digits", "sprites", "faces"):
        run = trained(0, dataset=dataset)
        other = strangers.of("other", run.spec, run.data)
        assert other.shape[1:] == run.spec.picture_shape
        assert other.min() >= 0
        assert 0.2 < other.max() <= 1


def test_every_class_left_out_in_turn_is_a_run_of_its_own() -> None:
    run = trained(3)
    told: list[Any] = []
    trace = to_the_end(anomalies(run, every=20), told.append)
    assert trace["class_auc"].shape == (10, 5)
    assert np.isfinite(trace["class_auc"]).all()
    halfway = [each.trace for each in told if each.trace is not None]
    assert len(halfway) == 10
    assert np.isnan(halfway[0]["class_auc"][1:]).all()
    assert np.isfinite(halfway[0]["class_auc"][0]).all()
    assert told[-1].done == told[-1].total == 200
    again = trained(20, leave_out="7")
    lone = asked(again)
    np.testing.assert_allclose(trace["class_auc"][7], lone["auc"], atol=1e-6)
    error, strange = lone["squared_error"], lone["labels"] == 1
    np.testing.assert_allclose(trace["class_error"][7], [error[strange].mean(), error[~strange].mean()], rtol=1e-5)
    assert run.step == 3


@pytest.mark.parametrize(("options", "words"), [
    ({"kind": "left_out"}, "no class is left out"), ({"kind": "cats"}, "must be one of turned"),
    ({"score": "guess"}, "must be one of squared_error"), ({"every": -1}, "must be a whole number in [0, 3000]"),
])  # fmt: skip
def test_bad_options_are_refused_in_words(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as told:
        anomalies(trained(0), **options)
    assert words in str(told.value)
    with pytest.raises(InvalidInput, match="needs pictures of several classes"):
        asked(trained(0, dataset="faces"), every=10)
