"""The attribution probe against direct calls of Captum on the run's own network."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from scipy.ndimage import correlate1d
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.attribution import attribution
from dlviz.labs.cnn.baselines import baseline_of
from dlviz.labs.cnn.explaining import METHODS
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # Captum tells of its hooks
SMALL = CnnSpec(dataset="digits", channels=(6, 8), dense_units=(16,), examples=400)
LINEAR = ("saliency", "input_x_gradient", "integrated_gradients", "smooth_grad", "grad_cam", "deep_lift", "occlusion")


def trained(spec: CnnSpec = SMALL, steps: int = 40) -> CnnRun:
    run = CnnRun(spec)
    run.advance(steps)
    return run


@pytest.fixture(scope="module")
def run() -> CnnRun:
    return trained()


def direct(run: CnnRun, method: str, target: int) -> Tensor:
    """Captum on a network of its own, without anything of the lab but the numbers of the methods."""
    net = nn.Sequential(*(m for m in trained(run.spec).network if type(m).__name__ != "Dropout")).eval()
    x, black = run.picture[None].clone(), torch.zeros_like(run.picture)[None]
    found: Any
    match method:
        case "saliency":
            found = attr.Saliency(net).attribute(x, target=target, abs=False)
        case "input_x_gradient":
            found = attr.InputXGradient(net).attribute(x, target=target)
        case "integrated_gradients":
            found = attr.IntegratedGradients(net).attribute(x, black, target=target, n_steps=32)
        case "smooth_grad":
            torch.manual_seed(run.spec.seed)
            tunnel = attr.NoiseTunnel(attr.Saliency(net))
            found = tunnel.attribute(x, nt_type="smoothgrad", nt_samples=16, stdevs=0.15, target=target, abs=False)
        case "guided_backprop":
            found = attr.GuidedBackprop(net).attribute(x, target=target)
        case "grad_cam":
            last = [m for m in net if isinstance(m, nn.ReLU)][-2]  # the last one belongs to the dense layer
            maps = attr.LayerGradCam(net, last).attribute(x, target=target)
            found = attr.LayerAttribution.interpolate(maps, (8, 8), "bilinear")
        case "deep_lift":
            found = attr.DeepLift(net).attribute(x, black, target=target)
        case _:
            found = attr.Occlusion(net).attribute(x, (1, 2, 2), strides=(1, 1, 1), baselines=black, target=target)
    return found.detach()[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_a_direct_call_of_captum(run: CnnRun, method: str) -> None:
    trace = attribution(run, method, target=3)
    np.testing.assert_allclose(trace["attribution"], direct(run, method, 3).numpy(), atol=1e-5, rtol=1e-4)
    assert trace["attribution"].any()
    assert trace["milliseconds"] > 0


@pytest.mark.parametrize("method", LINEAR)
def test_a_minus_b_is_the_difference_of_the_two(run: CnnRun, method: str) -> None:
    a, b, both = (attribution(run, method, **ask) for ask in ({"target": 3}, {"target": 8}, {"target": 3, "minus": 8}))
    np.testing.assert_allclose(both["attribution"], a["attribution"] - b["attribution"], atol=2e-5)
    assert both["score"] == pytest.approx(float(a["logits"][3] - a["logits"][8]), abs=1e-4)


@pytest.mark.parametrize("baseline", ["black", "mean", "blurred", "noise"])
def test_integrated_gradients_add_up(run: CnnRun, baseline: str) -> None:
    trace = attribution(run, "integrated_gradients", baseline=baseline, steps=64)
    with torch.no_grad():
        run.network.eval()
        f = run.network(torch.from_numpy(np.stack([trace["input"], trace["baseline"]])))[:, trace["target"]]
        run.network.train()
    assert trace["completeness_gap"] == pytest.approx(float(trace["attribution"].sum() - (f[0] - f[1])), abs=1e-4)
    assert abs(trace["completeness_gap"]) < 1e-2 * abs(float(f[0]))
    coarse = attribution(run, "integrated_gradients", baseline=baseline, steps=2)
    assert abs(coarse["completeness_gap"]) > abs(trace["completeness_gap"])


def test_deep_lift_adds_up_behind_average_pooling_and_says_why_not_behind_max_pooling(run: CnnRun) -> None:
    """Captum issue 1276: where a cell behind max pooling equals the baseline's, another gradient is taken."""
    exact = attribution(trained(dataclasses.replace(SMALL, pool="average")), "deep_lift")
    assert abs(exact["completeness_gap"]) < 1e-4
    assert exact.state["note"][0] == ""
    trace = attribution(run, "deep_lift")
    assert "does not quite add up behind max pooling" in str(trace.state["note"][0])
    shared = trained()
    shared.network.act2 = shared.network.act1  # a module used twice: Captum refuses it, the copy has two of it
    np.testing.assert_array_equal(attribution(shared, "deep_lift")["attribution"], trace["attribution"])


def test_baselines(run: CnnRun) -> None:
    picture, training = run.picture, run.pictures.train_x
    found = {n: baseline_of(n, picture, training, 1).numpy() for n in ("black", "mean", "blurred", "noise")}
    assert not found["black"].any()
    np.testing.assert_allclose(found["mean"], np.full((1, 8, 8), training.numpy().mean()), rtol=1e-4)
    weights = np.exp(-(np.arange(-3, 4) ** 2) / 2)
    weights /= weights.sum()
    blurred = correlate1d(correlate1d(picture[0].numpy(), weights, 0, mode="mirror"), weights, 1, mode="mirror")
    np.testing.assert_allclose(found["blurred"][0], blurred, atol=1e-5)
    assert 0 <= found["noise"].min() < found["noise"].max() <= 1
    assert np.array_equal(found["noise"], baseline_of("noise", picture, training, 1).numpy())


@pytest.mark.parametrize("method", METHODS)
def test_the_run_stays_as_it_was_also_after_an_error(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(steps=3)
    before = {name: value.clone() for name, value in run.network.state_dict().items()}
    chance, own = torch.get_rng_state(), run.dropout_generator.get_state()

    def untouched() -> None:
        assert all(torch.equal(before[name], value) for name, value in run.network.state_dict().items())
        assert torch.equal(torch.get_rng_state(), chance)
        assert torch.equal(run.dropout_generator.get_state(), own)
        for module in run.network.modules():
            assert not {**module._forward_hooks, **module._forward_pre_hooks, **module._backward_hooks}
            assert module.training
        assert all(p.requires_grad for p in run.network.parameters())

    attribution(run, method, randomized=2)
    untouched()

    def fail(*_given: Any) -> Any:
        raise ArithmeticError("broken on purpose")

    monkeypatch.setattr(run.network.output, "forward", fail)
    with pytest.raises(ArithmeticError, match="broken on purpose"):
        attribution(run, method)
    untouched()


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu"])
def test_guided_backprop_says_where_it_is_the_plain_gradient(activation: str) -> None:
    run = trained(dataclasses.replace(SMALL, activation=activation), 5)
    guided, plain = attribution(run, "guided_backprop"), attribution(run, "saliency")
    np.testing.assert_array_equal(guided["attribution"], plain["attribution"])
    assert "what is shown is the plain gradient" in str(guided.state["note"][0])


def test_other_networks_and_pictures() -> None:
    for changes in ({"pool": "none"}, {"batch_norm": False, "convs": 2}, {"dense_units": ()}, {"dropout": 0.0}):
        run = trained(dataclasses.replace(SMALL, **changes), 5)
        for method in METHODS:
            assert np.isfinite(attribution(run, method)["attribution"]).all(), (changes, method)
    run = trained(dataclasses.replace(SMALL, dataset="shapes", examples=60), 2)
    own = attribution(run, input=np.full((32, 32), 0.5))
    assert own["attribution"].shape == (3, 32, 32)
    assert "mask" not in own.arrays
    assert attribution(run, target="ring")["target"] == 4


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "lime"}, "attribution.method must be one of saliency"),
        ({"target": 10}, "attribution.target must be a class, 0, 1"),
        ({"target": True}, "attribution.target must be a class"),
        ({"target": 3, "minus": 3}, "attribution.minus must be another class than the target. Got '3'"),
        ({"baseline": "white"}, "attribution.baseline must be one of black, mean"),
        ({"steps": 0}, "attribution.steps must be a whole number from 1 to 256. Got 0"),
        ({"randomized": 9}, "attribution.randomized must be a whole number of layers from 0 to 4. Got 9"),
        ({"input": np.zeros((9, 9))}, "attribution.input must be 1 × 8 × 8. Got '1 × 9 × 9'"),
        ({"input": np.full((8, 8), 255)}, "attribution.input must lie in [0, 1]. Got '255 to 255'"),
        ({"input": "a cat"}, "attribution.input must be numbers"),
        ({"input": np.full((8, 8), np.nan)}, "values that are not numbers"),
    ],
)
def test_what_cannot_be_is_said(run: CnnRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        attribution(run, **options)
    assert words in str(problem.value)
