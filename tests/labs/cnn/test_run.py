"""Training of the CNN lab: its gradients, its moments, its end where numbers explode, and how well it learns."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

SMALL = CnnSpec(dataset="digits", channels=(4, 6), dense_units=(12,), batch_size=16, examples=200)


def twin(spec: CnnSpec) -> nn.Sequential:
    """The default blocks by hand, with torch's own modules and its own losses."""
    first, second = spec.channels
    side = spec.picture_shape[1] // 4
    return nn.Sequential(
        nn.Conv2d(spec.picture_shape[0], first, 3, padding=1), nn.BatchNorm2d(first), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3, padding=1), nn.BatchNorm2d(second), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(second * side * side, spec.dense_units[0]), nn.ReLU(), nn.Linear(spec.dense_units[0], 10),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("adam", lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1)),
        ("sgd", lambda p: torch.optim.SGD(p, lr=0.01, weight_decay=0.1)),
        ("momentum", lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.1)),
    ],
)
def test_ten_steps_are_those_of_torchs_own_modules(name: str, make: Any) -> None:
    spec = CnnSpec(dataset="digits", channels=(4, 6), dense_units=(12,), dropout=0, batch_size=16, examples=200,
                   optimizer=name, learning_rate=0.01, weight_decay=0.1)  # fmt: skip
    run, other = CnnRun(spec), twin(spec)
    ours, theirs = run.network.state_dict(), other.state_dict()
    other.load_state_dict(dict(zip(theirs, ours.values(), strict=True)))
    optimizer = make(other.parameters())
    order = torch.randperm(200, generator=torch.Generator().manual_seed(spec.seed + 1))
    for k in range(10):
        batch = order[16 * k : 16 * (k + 1)]
        optimizer.zero_grad()
        nn.CrossEntropyLoss()(other(run.pictures.train_x[batch]), run.pictures.train_y[batch]).backward()
        run.advance(1)
        pairs = zip(run.network.named_parameters(), other.parameters(), strict=True)
        for (label, parameter), expected in pairs:
            torch.testing.assert_close(parameter.grad, expected.grad, rtol=1e-4, atol=1e-6, msg=label)
        optimizer.step()
    for value, expected in zip(run.network.state_dict().values(), other.state_dict().values(), strict=True):
        torch.testing.assert_close(value, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", ["adam", "momentum", "sgd"])
def test_a_moment_comes_back_to_the_last_bit(optimizer: str) -> None:
    """Buffers of batch norm, the optimizer's state, dropout's and augmentation's chance, the place in the epoch."""
    spec = CnnSpec(**{**vars(SMALL), "optimizer": optimizer, "augment": True})
    run = CnnRun(spec)
    run.advance(17)
    snapshot = run.snapshot()
    names = set(snapshot.tensors)
    assert {"network.norm1.running_mean", "network.norm2.running_var", "network.norm1.num_batches_tracked"} <= names
    assert ("optimizer.0.exp_avg_sq" in names) == (optimizer == "adam")
    assert ("optimizer.0.momentum_buffer" in names) == (optimizer == "momentum")
    reached = {}
    for _ in range(2):
        run.advance(13)
        now = run.snapshot()
        for name, tensor in now.tensors.items():
            assert torch.equal(tensor, reached.setdefault(name, tensor)), name
        assert not torch.equal(
            now.tensors["network.norm1.running_mean"], snapshot.tensors["network.norm1.running_mean"]
        )
        run.restore(snapshot)
    stranger = CnnRun(CnnSpec(dataset="digits", channels=(3,)))
    stranger.restore(snapshot)
    stranger.advance(13)
    assert all(torch.equal(tensor, reached[name]) for name, tensor in stranger.snapshot().tensors.items())


def test_what_is_measured_after_going_back_is_of_that_moment() -> None:
    run = CnnRun(SMALL)
    run.advance(20)
    snapshot, then = run.snapshot(), run.frame().numbers["test_loss"]
    assert run.frame().numbers["measured_at"] == 0  # the end of an epoch is at 13, but 200 pictures are measured rarely
    run.restore(snapshot)
    now = run.frame().numbers
    assert now["measured_at"] == 20
    assert now["test_loss"] != then


def test_a_small_set_is_not_measured_after_every_few_steps() -> None:
    for examples, expected in ((200, [0, 65, 130]), (1000, [0, 63, 126])):
        run = CnnRun(CnnSpec(**{**vars(SMALL), "examples": examples}))
        assert [event.step for event in run.advance(130)] == expected


def test_a_learning_rate_that_explodes_ends_with_the_name_of_what_broke() -> None:
    run = CnnRun(
        CnnSpec(
            **{
                **vars(SMALL),
                "optimizer": "momentum",
                "learning_rate": 10.0,
                "batch_norm": False,
                "activation": "leaky_relu",
            }
        )
    )
    with pytest.raises(Diverged, match=r"no longer a finite number|grown past"):
        run.advance(300)


def test_a_gradient_that_is_no_number_is_named_before_it_reaches_the_weights() -> None:
    run = CnnRun(SMALL)
    run.advance(2)
    handle = dict(run.network.named_parameters())["conv2.weight"].register_hook(lambda g: g * math.nan)
    before = {name: p.clone() for name, p in run.network.named_parameters()}
    with pytest.raises(Diverged, match=r"the gradient of conv2\.weight is no longer a finite number"):
        run.advance(1)
    handle.remove()
    assert all(torch.equal(before[name], p) for name, p in run.network.named_parameters())


def test_a_refused_change_leaves_the_run() -> None:
    run = CnnRun(SMALL)
    run.advance(3)
    for changes in ({"dataset": "cifar10"}, {"own_pixels": "AAAA"}, {"kernel_sizes": [3, 3, 3]}):
        with pytest.raises(InvalidInput):
            run.set(changes)
        assert (run.step, run.spec) == (3, SMALL)
    for array, index, value in (("conv9.weight", (0,), 1), ("conv1.bias", (4,), 1), ("conv1.bias", (0,), math.inf)):
        with pytest.raises(InvalidInput):
            run.edit(array, index, value)
    run.edit("conv1.bias", (2,), 0.25)
    assert run.network.conv1.bias[2] == 0.25


def test_dropout_and_augmentation_are_of_training_alone() -> None:
    run = CnnRun(CnnSpec(**{**vars(SMALL), "dropout": 0.9, "augment": True}))
    run.advance(5)
    first, second = run.frame(), run.frame()
    assert (first.arrays["logits"] == second.arrays["logits"]).all()
    assert all(module.training for module in run.network.modules())


@pytest.mark.timeout(300)
def test_the_default_learns_digits_it_has_never_seen() -> None:
    """90 % within 400 steps and 96 % within 1,500, for three seeds; steps, because machines differ."""
    for seed in (1, 2, 3):
        run = CnnRun(CnnSpec(seed=seed))
        best = 0.0
        while run.step < 1500 and best < 0.96:
            best = max(best, *(event.values["test_accuracy"] for event in run.advance(run.steps_per_epoch)))
            assert best >= 0.90 or run.step <= 400 - run.steps_per_epoch, (seed, run.step, best)
        assert best >= 0.96, (seed, run.step, best)
