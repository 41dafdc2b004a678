"""The Playground's training against torch's own layers, optimizers and closed forms."""

import math

import pytest
import torch
from torch import nn

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.labs.playground import picture
from dlviz.labs.playground.data import features
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import ACTIVATIONS, PlaygroundSpec

TORCH_ACTIVATION = {
    "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(0.01), "gelu": nn.GELU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(),
    "linear": nn.Identity(),
}  # fmt: skip


def twin(run: PlaygroundRun) -> nn.Sequential:
    """The same network out of torch's own layers, with the same first weights."""
    layers: list[nn.Module] = []
    for i, name in enumerate(run.network.activations):
        layers.append(nn.Linear(run.network.linear[i].in_features, run.network.linear[i].out_features))
        if run.network.norm is not None:
            layers.append(nn.BatchNorm1d(run.network.linear[i].out_features))
        layers.append(TORCH_ACTIVATION[name])
    layers.append(nn.Linear(run.network.linear[-1].in_features, run.network.linear[-1].out_features))
    network = nn.Sequential(*layers)
    ours = [module for module in run.network.modules() if isinstance(module, nn.Linear | nn.BatchNorm1d)]
    ours.sort(key=lambda m: (next(i for i, x in enumerate([*run.network.linear]) if x is m) if isinstance(m, nn.Linear)
                             else next(i for i, x in enumerate(run.network.norm or []) if x is m) + 0.5))  # fmt: skip
    theirs = [module for module in network if isinstance(module, nn.Linear | nn.BatchNorm1d)]
    for mine, other in zip(ours, theirs, strict=True):
        other.load_state_dict({name: value.clone() for name, value in mine.state_dict().items()})
    return network


def torch_optimizer(spec: PlaygroundSpec, network: nn.Module) -> torch.optim.Optimizer:
    parameters = list(network.parameters())
    weights, rest = [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim < 2]
    rate = spec.learning_rate
    match spec.optimizer:
        case "sgd":
            return torch.optim.SGD(parameters, lr=rate)
        case "momentum":
            return torch.optim.SGD(parameters, lr=rate, momentum=0.9)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=rate)
        case "adam":
            return torch.optim.Adam(parameters, lr=rate)
        case _:
            decay = spec.regularization_rate if spec.regularization == "l2" else 0.0
            groups = [{"params": weights, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]
            return torch.optim.AdamW(groups, lr=rate)


CASES = [
    {},
    {"optimizer": "momentum", "activations": ("relu",)},
    {"optimizer": "rmsprop", "learning_rate": 0.005},
    {"optimizer": "adam", "activations": ("gelu", "leaky_relu")},
    {"optimizer": "adamw", "regularization": "l2", "regularization_rate": 0.1},
    {"regularization": "l2", "regularization_rate": 0.05},
    {"batch_norm": True, "batch_size": 7, "samples": 58},
    {"problem": "regression", "surface": "hills", "activations": ("sigmoid",)},
    {"dataset": "blobs", "classes": 8, "noise": 20.0},
    {"hidden_layers": (), "features": ("x1", "x2", "x1x2")},
]


@pytest.mark.parametrize("changes", CASES, ids=lambda c: " ".join(c) or "default")
def test_a_run_equals_torchs_own_layers_and_optimizer(changes: dict) -> None:
    run = PlaygroundRun(PlaygroundSpec(**changes))
    spec, network = run.spec, twin(run)
    optimizer = torch_optimizer(spec, network)
    order = torch.Generator().manual_seed(spec.seed + 1)
    x, y = features(run.points.train_x, spec.features), run.points.train_y
    losses, steps = [], 0
    for _ in range(3):
        for rows in torch.randperm(len(x), generator=order).split(spec.batch_size):
            if spec.batch_norm and len(rows) == 1:
                continue
            output = network(x[rows])
            if spec.problem == "classification":
                loss = nn.functional.cross_entropy(output, nn.functional.one_hot(y[rows], spec.classes).float())
            else:
                loss = nn.functional.mse_loss(output.squeeze(1), y[rows])
            if spec.regularization == "l2" and spec.optimizer != "adamw":
                penalty = sum((p**2).sum() for p in network.parameters() if p.ndim > 1)
                loss = loss + spec.regularization_rate / 2 * penalty
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            steps += 1
        losses.append(steps)
    assert steps == 3 * run.steps_per_epoch
    events = run.advance(steps)
    assert [event.step for event in events] == [0, *losses]
    network.eval()
    ours = run.predict(x)
    torch.testing.assert_close(ours, network(x), rtol=2e-4, atol=2e-5)
    assert ours.std() > 1e-3  # a constant would agree with anything


def test_proximal_l1_is_the_soft_threshold_after_the_step() -> None:
    spec = PlaygroundSpec(regularization="l1", regularization_rate=0.5, learning_rate=0.1)
    run, plain = PlaygroundRun(spec), PlaygroundRun(PlaygroundSpec(learning_rate=0.1))
    run.advance(1)
    plain.advance(1)
    for name, parameter in picture.parameters(plain.network).items():
        if name.startswith("weight"):
            expected = parameter.sign() * (parameter.abs() - 0.5 * 0.1).clamp(min=0)
        else:
            expected = parameter
        torch.testing.assert_close(picture.parameters(run.network)[name], expected)


def test_plain_l1_adds_the_sign_of_each_weight() -> None:
    spec = PlaygroundSpec(regularization="l1", l1_method="subgradient", regularization_rate=0.2, learning_rate=0.1)
    run, plain = PlaygroundRun(spec), PlaygroundRun(PlaygroundSpec(learning_rate=0.1))
    before = {name: p.clone() for name, p in picture.parameters(run.network).items()}
    run.advance(1)
    plain.advance(1)
    for name, parameter in picture.parameters(plain.network).items():
        pull = 0.1 * 0.2 * before[name].sign() if name.startswith("weight") else torch.zeros(())
        torch.testing.assert_close(picture.parameters(run.network)[name], parameter - pull)


def test_dropout_keeps_the_mean_and_greys_what_it_dropped() -> None:
    run = PlaygroundRun(PlaygroundSpec(dropout=0.5, hidden_layers=(8, 8)))
    ones = torch.ones(20_000, 8)
    dropped = run.network.drop(ones)
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert dropped.mean().item() == pytest.approx(1, abs=0.02)
    run.advance(1)
    shown = run.frame().arrays["dropped"]
    expected = torch.cat([~mask[0] for mask in run.network.masks]).int().tolist()
    assert shown.tolist() == expected
    assert 0 < sum(expected) < 16
    run.set({"dropout": 0.0})
    assert run.frame().arrays["dropped"].sum() == 0


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slopes_equal_autograd(name: str) -> None:
    from dlviz.labs.playground.model import ACTIVATION

    z = torch.linspace(-4, 4, 81, dtype=torch.float64).add(0.013).requires_grad_()
    (expected,) = torch.autograd.grad(ACTIVATION[name](z).sum(), z)
    torch.testing.assert_close(picture.slope(name, z.detach()).double(), expected.abs(), rtol=1e-6, atol=1e-7)


def test_frame_numbers_equal_an_independent_computation() -> None:
    run = PlaygroundRun(
        PlaygroundSpec(dataset="spiral", classes=3, noise=10.0, hidden_layers=(6, 5), activations=("relu",))
    )
    run.advance(123)
    frame, network = run.frame(), twin(run).eval()
    for name, x, y in (("train", run.train_inputs, run.points.train_y), ("test", run.test_inputs, run.points.test_y)):
        output = network(x)
        loss = -output.log_softmax(1)[torch.arange(len(y)), y].mean().item()
        assert frame.numbers[f"{name}_loss"] == pytest.approx(loss, rel=1e-5)
        assert frame.numbers[f"{name}_accuracy"] == pytest.approx((output.argmax(1) == y).double().mean().item())
    first = torch.cat([run.network.linear[0].weight.grad.reshape(-1), run.network.linear[0].bias.grad])
    assert frame.arrays["grad_norm"][0] == pytest.approx(first.norm().item(), rel=1e-5)
    active = (network[0](run.train_inputs) > 0).any(0).float().tolist()
    assert frame.arrays["slope"][:6].tolist() == active


def test_placing_points_keeps_the_weights_and_the_step() -> None:
    run = PlaygroundRun(PlaygroundSpec(dataset="own", own_points="00000100001zzzz1zzz20000201111"))
    run.advance(5)
    before = run.parameters()
    built_anew = run.set({"own_points": "00000100001zzzz1zzz200002011110VVVV1VVVV"})
    assert built_anew is False
    assert run.step == 5
    assert all((before[name] == array).all() for name, array in run.parameters().items())
    assert len(run.points.train_x) + len(run.points.test_x) == 8


def test_live_settings_reach_the_optimizer() -> None:
    run = PlaygroundRun(PlaygroundSpec())
    run.advance(10)
    assert run.set({"learning_rate": 0.5}) is False
    assert run.optimizer.param_groups[0]["lr"] == 0.5
    run.set({"optimizer": "adam"})
    assert isinstance(run.optimizer, torch.optim.Adam)
    assert run.step == 10
    assert run.set({"hidden_layers": [3]}) is True
    assert run.step == 0


def test_bad_changes_leave_the_run_as_it_was() -> None:
    run = PlaygroundRun(PlaygroundSpec())
    run.advance(20)
    before = run.snapshot()
    with pytest.raises(
        InvalidInput, match=r"PlaygroundSpec.learning_rate must be in \[1e-05, 10\]. Got -1. Try 1e-05."
    ):
        run.set({"learning_rate": -1})
    with pytest.raises(InvalidInput, match="class 5"):
        run.set({"dataset": "own", "own_points": "5zzzz"})
    with pytest.raises(InvalidInput, match=r"weight.0\[0, 0\] must be a number .* Got 'abc'. Try 0.5."):
        run.edit("weight.0", (0, 0), "abc")
    with pytest.raises(InvalidInput, match="inside"):
        run.edit("weight.0", (9, 0), 1.0)
    with pytest.raises(InvalidInput, match=r"weight\.0, bias\.0"):
        run.edit("weight.9", (0, 0), 1.0)
    after = run.snapshot()
    assert after.step == before.step
    assert all(torch.equal(before.tensors[name], after.tensors[name]) for name in before.tensors)


def test_editing_writes_one_weight() -> None:
    run = PlaygroundRun(PlaygroundSpec())
    before = run.parameters()
    run.edit("weight.1", (1, 2), 0.75)
    after = run.parameters()
    assert after["weight.1"][1, 2] == 0.75
    after["weight.1"][1, 2] = before["weight.1"][1, 2]
    assert all((before[name] == array).all() for name, array in after.items())


def test_divergence_names_the_tensor() -> None:
    run = PlaygroundRun(PlaygroundSpec(problem="regression", surface="hills", learning_rate=10.0, activations=("relu",),
                                       hidden_layers=(8, 8, 8), features=("x1_squared", "x2_squared")))  # fmt: skip
    with pytest.raises(Diverged, match=r"Training stopped at step \d+: (weight|bias)\.\d (is no longer|has grown)"):
        run.advance(2000)


def test_training_without_points_says_what_to_do() -> None:
    run = PlaygroundRun(PlaygroundSpec(dataset="own"))
    assert run.frame().numbers["train_loss"] is None
    with pytest.raises(InvalidInput, match="placing some points"):
        run.advance(1)


def test_building_leaves_torchs_global_generator_alone() -> None:
    before = torch.random.get_rng_state()
    PlaygroundRun(PlaygroundSpec(dropout=0.5)).advance(30)
    assert torch.equal(before, torch.random.get_rng_state())


def test_gelu_and_sine_in_closed_form() -> None:
    from dlviz.labs.playground.model import ACTIVATION

    for z in (-2.0, -0.3, 0.0, 1.7):
        gelu = 0.5 * z * (1 + math.erf(z / math.sqrt(2)))
        assert ACTIVATION["gelu"](torch.tensor(z)).item() == pytest.approx(gelu, abs=1e-6)
        assert ACTIVATION["sine"](torch.tensor(z)).item() == pytest.approx(math.sin(z), abs=1e-6)
