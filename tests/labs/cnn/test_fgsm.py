"""FGSM against autograd by hand and Captum's own, its switches, and the accuracy under attack."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from captum.robust import FGSM
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn import turns
from dlviz.labs.cnn.adversarial import fgsm
from dlviz.labs.cnn.robustness import robustness
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.jobs import to_the_end

pytestmark = pytest.mark.filterwarnings("ignore:Input Tensor 0 did not already:UserWarning")  # Captum's own
DIGITS = CnnSpec(dataset="digits", channels=(4, 6), dense_units=(8,), examples=400)
SHAPES = CnnSpec(dataset="shapes", channels=(4, 6), dense_units=(), examples=200, picture=1)
EPSILONS = np.linspace(0, 0.3, 61)


def trained(spec: CnnSpec = DIGITS, steps: int = 60) -> CnnRun:
    run = CnnRun(spec)
    run.advance(steps)
    return run


@cache
def plain(spec: CnnSpec) -> nn.Sequential:
    """The network of `trained(spec)` without dropout, called as it stands."""
    return nn.Sequential(*(m for m in trained(spec).network if type(m).__name__ != "Dropout")).eval()


def answered(network: nn.Module, x: Tensor) -> np.ndarray:
    with torch.no_grad():
        return network(x[None]).softmax(1)[0].numpy()  # type: ignore[no-any-return]


@pytest.mark.parametrize("spec", [DIGITS, SHAPES], ids=lambda spec: spec.dataset)
@pytest.mark.parametrize("targeted", [False, True])
def test_direction_and_probabilities_are_those_of_autograd_and_of_captum(spec: CnnSpec, targeted: bool) -> None:
    run = trained(spec)
    network, x = plain(run.spec), run.picture
    answer = int(answered(network, x).argmax())
    label = (answer + 2) % spec.class_count if targeted else answer
    trace = to_the_end(fgsm(run, label if targeted else None))
    leaf = x[None].clone().requires_grad_(True)
    loss = -network(leaf).log_softmax(1)[0, label]
    loss.backward()
    assert leaf.grad is not None
    assert (trace["label"], trace["step"]) == (label, 60)
    assert trace["loss"] == pytest.approx(loss.item(), rel=1e-4)
    np.testing.assert_allclose(trace["gradient"], leaf.grad[0].numpy(), rtol=1e-3, atol=1e-6)
    attack = FGSM(network, nn.CrossEntropyLoss(reduction="none"), lower_bound=0, upper_bound=1)
    way = -1 if targeted else 1
    np.testing.assert_allclose(trace["epsilon"], EPSILONS, atol=1e-7)
    assert set(np.unique(trace["random_sign"])) == {-1, 1}
    for k, epsilon in list(enumerate(trace["epsilon"]))[::6]:
        theirs = attack.perturb(x[None], float(epsilon), torch.tensor([label]), targeted=targeted)[0].detach()
        ours = np.clip(x.numpy() + epsilon * way * np.sign(trace["gradient"]), 0, 1)
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-6)
        np.testing.assert_allclose(trace["probabilities"][k], answered(network, theirs), atol=2e-5)
        noisy = torch.from_numpy(np.clip(x.numpy() + epsilon * trace["random_sign"], 0, 1))
        np.testing.assert_allclose(trace["random_probabilities"][k], answered(network, noisy), atol=2e-5)


@pytest.mark.parametrize("spec", [DIGITS, dataclasses.replace(DIGITS, picture=3), SHAPES], ids=["3", "7", "shape"])
def test_a_switch_is_one(spec: CnnSpec) -> None:
    run = trained(spec)
    found = 0
    for target in (None, *range(spec.class_count)):
        try:
            trace = to_the_end(fgsm(run, target))
        except InvalidInput:  # it is the answer
            continue
        found += check_switches(run, trace, 1 if target is None else -1)
    assert found


def check_switches(run: CnnRun, trace: Trace, way: int) -> int:
    """Each pair of ε encloses a change of the answer, between the two values of the grid where it shows."""
    network = plain(run.spec)
    answers = trace["probabilities"].argmax(1)
    changes = np.nonzero(answers[1:] != answers[:-1])[0][:6]
    assert len(trace["switch_below"]) == len(changes)
    for k, change in enumerate(changes):
        low, high = (float(trace[name][k]) for name in ("switch_below", "switch_above"))
        assert trace["epsilon"][change] <= low < high <= trace["epsilon"][change + 1]
        assert high - low < 2e-6
        direction = torch.from_numpy(way * np.sign(trace["gradient"]))
        before, after = (answered(network, (run.picture + e * direction).clamp(0, 1)) for e in (low, high))
        assert before.argmax() == trace["switch_from"][k] == answers[change]
        assert after.argmax() == trace["switch_to"][k] != trace["switch_from"][k]
        np.testing.assert_allclose(trace["switch_probabilities"][k], after, atol=1e-4)
        noisy = answered(network, (run.picture + high * torch.from_numpy(trace["random_sign"])).clamp(0, 1))
        np.testing.assert_allclose(trace["switch_random_probabilities"][k], noisy, atol=2e-5)
    return len(changes)


def test_targets_by_name_other_noise_and_a_blank_drawing() -> None:
    run = trained(SHAPES)
    answer = int(to_the_end(fgsm(run))["label"])
    target = (answer + 1) % 6
    by_name, by_index = (to_the_end(fgsm(run, each)) for each in (run.spec.classes[target], target))
    np.testing.assert_array_equal(by_name["probabilities"], by_index["probabilities"])
    first, again, other = (to_the_end(fgsm(run, draw=k))["random_sign"] for k in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    blank = to_the_end(fgsm(trained(dataclasses.replace(DIGITS, own_pixels="A" * 86), 5)))
    assert all(np.isfinite(array).all() for array in blank.arrays.values())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": 10}, "fgsm.target must be a class, 0, 1"),
        ({"target": "cat"}, "fgsm.target must be a class"),
        ({"target": True}, "fgsm.target must be a class"),
        ({"draw": -1}, "fgsm.draw must be a whole number in [0, 999]"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        fgsm(CnnRun(DIGITS), **options)
    assert words in str(problem.value)
    with pytest.raises(
        InvalidInput, match=r"robustness.pictures must be a whole number in \[10, 1000\]. Got 5. Try 10"
    ):
        robustness(CnnRun(DIGITS), 5)


def test_the_answer_itself_is_no_target() -> None:
    run = trained()
    answer = int(to_the_end(fgsm(run))["label"])
    with pytest.raises(InvalidInput, match="must be another class than the network answers already"):
        fgsm(run, answer)


@pytest.mark.parametrize("spec", [DIGITS, SHAPES], ids=lambda spec: spec.dataset)
def test_accuracy_under_attack_is_counted_from_captums_pictures(spec: CnnSpec) -> None:
    run = trained(spec)
    trace = to_the_end(robustness(run, 60))
    network, (x, y) = plain(run.spec), (run.pictures.test_x[:60], run.pictures.test_y[:60])
    attack = FGSM(network, nn.CrossEntropyLoss(reduction="none"), lower_bound=0, upper_bound=1)
    assert trace["count"] == 60
    np.testing.assert_allclose(trace["epsilon"], np.linspace(0, 0.3, 7), atol=1e-7)
    for k, epsilon in enumerate(trace["epsilon"]):
        with torch.no_grad():
            right = (network(attack.perturb(x, float(epsilon), y)).argmax(1) == y).double().mean().item()
        assert trace["accuracy"][k] == pytest.approx(right, abs=1e-6)
    chance = torch.Generator().manual_seed(spec.seed * 1000)
    signs = torch.randint(0, 2, x.shape, generator=chance).numpy() * 2 - 1
    for k, epsilon in enumerate(trace["epsilon"]):
        noisy = torch.from_numpy(np.clip(x.numpy() + epsilon * signs, 0, 1).astype(np.float32))
        with torch.no_grad():
            right = (network(noisy).argmax(1) == y).double().mean().item()
        assert trace["random_accuracy"][k] == pytest.approx(right, abs=1e-6)
    assert trace["accuracy"][-1] < trace["accuracy"][0]


def test_what_is_shown_on_the_way_is_of_the_pictures_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "TURN", 0.0)
    run = trained()
    firsts = {count: to_the_end(robustness(run, count)) for count in (50, 100)}
    seen = set()
    for progress in robustness(run, 120):
        if progress.trace is not None:
            count = int(progress.trace["count"])
            np.testing.assert_array_equal(progress.trace["accuracy"], firsts[count]["accuracy"])
            seen.add(count)
    assert seen == {50, 100}
