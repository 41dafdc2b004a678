"""Obedience, what D says under each class, the class as a bias, and the race told beside not told, against torch and
scikit-learn."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.neighbors import KNeighborsClassifier
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.gan.conditioning import racing
from dlviz.labs.gan.conditioning.obeying import conditional
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import classifiers
from dlviz.training.jobs import to_the_end

SMALL: dict[str, Any] = {
    "generator_hidden": (16, 16),
    "discriminator_hidden": (16, 16),
    "examples": 300,
    "batch_size": 32,
}
DIGITS: dict[str, Any] = {**SMALL, "dataset": "digits", "noise_dimensions": 6, "batch_norm": "generator"}
CONVOLUTIONAL: dict[str, Any] = {
    "dataset": "mnist", "network": "dcgan", "channels": (6, 4), "noise_dimensions": 5, "examples": 60,
    "batch_size": 8, "batch_norm": "both",
}  # fmt: skip


def trained(steps: int = 60, **changes: Any) -> GanRun:
    run = GanRun(GanSpec(**changes))
    run.advance(steps)
    return run


def found(run: GanRun, **options: Any) -> Trace:
    trace = conditional(run, **options)
    assert isinstance(trace, Trace)
    return trace


@pytest.mark.parametrize(
    "changes", [{**SMALL}, {**SMALL, "dataset": "disjoint"}, DIGITS, {**SMALL, "dataset": "sprites"}, CONVOLUTIONAL]
)
def test_what_is_asked_for_and_what_is_read(changes: dict[str, Any]) -> None:
    run = trained(12 if "network" in changes else 60, **changes, conditional=True)
    trace = found(run, noises=7, seed=3)
    spec, network = run.spec, run.network.eval()
    z, asked = torch.from_numpy(trace["z"]), torch.from_numpy(trace["asked"]).long()
    assert len(z) == 7 * spec.told
    assert asked.tolist() == list(range(spec.told)) * 7
    assert (z.reshape(7, spec.told, -1) == z.reshape(7, spec.told, -1)[:, :1]).all()  # a noise for every class
    with torch.no_grad():
        x = network.generator(z, asked)
    np.testing.assert_allclose(trace["samples"], x if spec.is_planar else (x + 1) / 2, atol=1e-6)
    if spec.is_planar:
        assert run.real.centers is not None
        modes = KNeighborsClassifier(1).fit(run.real.centers.numpy(), np.arange(spec.told))
        read = modes.predict(x.numpy())
        near = np.linalg.norm(x.numpy() - run.real.centers.numpy()[read], axis=1) <= 3 * run.real.spread
    else:
        reader = classifiers.shipped(spec.dataset)
        assert reader is not None
        sure, answer = reader(((x + 1) / 2).clamp(0, 1)).softmax(1).max(1)
        read, near = answer.numpy(), (sure > 0.8).numpy()
    assert trace["read"].tolist() == read.tolist()
    assert trace["good"].tolist() == near.astype(int).tolist()
    wanted = confusion_matrix(asked, read, labels=np.arange(spec.told))
    np.testing.assert_array_equal(trace["confusion"], wanted)
    assert trace["obedience"] == pytest.approx(accuracy_score(asked, read))


@pytest.mark.parametrize("changes", [DIGITS, CONVOLUTIONAL, {**SMALL, "loss": "wgangp"}])
def test_what_d_says_of_the_same_example_under_every_class(changes: dict[str, Any]) -> None:
    run = trained(6, **changes, conditional=True)
    trace = found(run, noises=2)
    network = run.network.eval()
    x = network.generator(torch.from_numpy(trace["z"]), torch.from_numpy(trace["asked"]).long())
    for i in range(0, len(x), 5):
        for k in range(run.spec.told):
            logit = network.discriminator(x[i : i + 1], torch.tensor([k])).item()
            assert trace["d"][i, k] == pytest.approx(logit, abs=1e-5)
    for i in (0, 17, 59):
        logits = [network.discriminator(run.real.held_x[[i]], torch.tensor([k])).item() for k in range(run.spec.told)]
        np.testing.assert_allclose(trace["d_real"][i], logits, atol=1e-5)
    np.testing.assert_array_equal(trace["real_label"], run.real.held_y[:60])


@pytest.mark.parametrize("changes", [{**SMALL}, CONVOLUTIONAL])
def test_a_class_is_a_bias_of_the_first_layer(changes: dict[str, Any]) -> None:
    """Told the class, the layer makes what it makes of a class that is nothing, plus what the probe says, at any z."""
    run = trained(6, **changes, conditional=True)
    weight = found(run)["weight"]
    first = next(m for m in run.network.generator.children() if isinstance(m, nn.Linear | nn.ConvTranspose2d))
    for z in torch.randn(3, run.spec.noise_dimensions):
        for k in range(run.spec.told):
            told = torch.cat([z, nn.functional.one_hot(torch.tensor(k), run.spec.told).float()])
            untold = torch.cat([z, torch.zeros(run.spec.told)])
            shape = (1, -1) if isinstance(first, nn.Linear) else (1, -1, 1, 1)
            difference = first(told.reshape(shape)) - first(untold.reshape(shape))
            np.testing.assert_allclose(weight[k], difference[0].detach(), atol=1e-5)


def test_a_run_that_is_told_nothing_gives_what_can_be_given() -> None:
    trace = found(trained(5, **DIGITS), noises=3)
    assert set(trace.arrays) == {"logits", "z", "samples", "read", "good"}
    assert len(trace["z"]) == 30
    assert len(np.unique(trace["z"], axis=0)) == 30  # nobody can ask, so each has a noise of its own
    assert set(found(trained(5, **SMALL, dataset="circle")).arrays) == {"logits", "z", "samples"}
    lean = found(trained(5, **DIGITS, conditional=True), examples=False, parameters=False)
    assert not {"z", "samples"} & set(lean.arrays)
    assert not lean.state


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"noises": 0}, "whole number in [1, 50]"),
        ({"noises": True}, "whole number in [1, 50]"),
        ({"seed": -1}, "whole number in [0, 999999]"),
        ({"steps": 1.5}, "whole number in [0, 10000]"),
        ({"steps": 20_000}, "whole number in [0, 10000]"),
        ({"steps": 20, "recipe": "faces"}, "must be one of run, ring8, digits, mnist, dcgan"),
        ({"steps": 20, "race_seed": "one"}, "whole number in [0, 9999]"),
        ({"steps": 20, "recipe": "run"}, "needs a set with classes, and circle has none"),
    ],
)
def test_bad_options_are_refused_in_words(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=r".") as problem:
        conditional(GanRun(GanSpec(**SMALL, dataset="circle")), **options)
    assert said in str(problem.value)


def test_a_race_trains_what_two_runs_become() -> None:
    """Both are what two runs of the same seed become by themselves, and are measured as these are."""
    page = GanRun(GanSpec(**DIGITS, seed=9, moves="generator"))
    before = page.snapshot().tensors
    trace: Trace = to_the_end(conditional(page, steps=40, recipe="run", race_seed=2))
    assert all(torch.equal(value, before[name]) for name, value in page.snapshot().tensors.items())
    assert trace["steps"][0] == 0
    assert trace["steps"][-1] == trace["step"] == 40
    for kind in racing.KINDS:
        run = trained(40, **DIGITS, seed=2, conditional=kind == "conditional")
        numbers = run.measured_now().numbers
        for name in ("quality", "frechet", "modes", "recall"):
            assert trace[f"{kind}_{name}"][-1] == pytest.approx(numbers[name], rel=1e-5)
        np.testing.assert_array_equal(trace[f"{kind}_counts"], run.measured_now().mode_counts)
        network = run.network.eval()
        with torch.no_grad():
            fakes = network.generator(run.shown.z, run.shown.labels)
        np.testing.assert_allclose(trace[f"{kind}_fakes"], 255 * (fakes + 1) / 2, atol=0.51)
        if kind == "conditional":
            reader = classifiers.shipped("digits")
            assert reader is not None
            with torch.no_grad():
                some = network.generator(run.shown.measured_z, run.shown.measured_labels)
            read = reader((some + 1) / 2).argmax(1)
            assert trace["conditional_obedience"][-1] == pytest.approx(accuracy_score(run.shown.measured_labels, read))
    assert np.isnan(trace["unconditional_obedience"]).all()
    plan = json.loads(trace.state["plan"][0])
    assert plan["classes"] == [str(k) for k in range(10)]
    assert (plan["measured"], plan["dataset"]) == (500, "digits")


def test_moments_come_on_the_way_and_the_floor_is_small() -> None:
    """Partial traces at every mark; two samples of the real points differ far less than from what is untrained."""
    partial = [p.trace for p in racing.race(racing.specs_of(GanSpec(), "ring8", 1), 30) if p.trace is not None]
    assert [int(trace["step"]) for trace in partial] == partial[-1]["steps"].tolist()
    first = partial[0]
    assert np.isfinite(first["conditional_frechet"][0])
    assert np.isnan(first["conditional_frechet"][1:]).all()
    floor = json.loads(first.state["plan"][0])["floor"]
    assert 0 <= floor < 0.05 * first["conditional_frechet"][0]


def test_told_the_class_the_ring_obeys() -> None:
    """With the recommended settings, read from the nearest mode."""
    run = trained(400, conditional=True)
    trace = found(run, noises=20)
    assert trace["obedience"] > 0.95
    minds = (trace["d_real"].argmax(1) == trace["real_label"]).mean()
    assert minds > 0.9
