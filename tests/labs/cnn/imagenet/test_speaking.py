"""Attribution on the ImageNet network: each method is a direct call of Captum, and what it tells adds up."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from captum.attr._core import deep_lift
from torch import Tensor, nn

from dlviz.core.lab import Progress
from dlviz.labs.cnn.explaining import METHODS, own_copy
from dlviz.labs.cnn.imagenet import relus, speaking
from dlviz.labs.cnn.imagenet.asking import imagenet
from dlviz.labs.cnn.imagenet.labels import names
from dlviz.labs.cnn.imagenet.network import MEAN, trained
from dlviz.labs.cnn.in_turns import passes
from dlviz.training.jobs import to_the_end

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),  # Captum tells of its hooks
    pytest.mark.usefixtures("few_patches"),
]
HELMET, BOBSLED = names().index("football helmet"), names().index("bobsled")
CROP = [0.2, 0.3, 0.5]
STEPS = 4


def ask(**options: Any) -> Any:
    return to_the_end(imagenet(None, photo="astronaut", crop=CROP, steps=STEPS, **options))  # type: ignore[arg-type]


@pytest.fixture
def few_patches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Occlusion in 25 passes, the last of which reach over the border."""
    assert passes(speaking.PARTICULARS, 224, "occlusion", 1) == 169
    monkeypatch.setattr(speaking, "PARTICULARS", dataclasses.replace(speaking.PARTICULARS, window=(64, 48)))


@pytest.fixture(scope="module")
def picture() -> Tensor:
    return torch.from_numpy(ask()["input"])


def direct(method: str, picture: Tensor, target: int, monkeypatch: pytest.MonkeyPatch) -> Tensor:
    """Captum on the network as it is; where it knows no ReLU6, that is told to it from outside."""
    net, x, start = own_copy(trained()), picture[None].clone(), torch.full_like(picture, MEAN)[None]
    found: Any
    match method:
        case "saliency":
            found = attr.Saliency(net).attribute(x, target=target, abs=False)
        case "input_x_gradient":
            found = attr.InputXGradient(net).attribute(x, target=target)
        case "integrated_gradients":
            found = attr.IntegratedGradients(net).attribute(x, start, target=target, n_steps=STEPS)
        case "smooth_grad":
            torch.manual_seed(1)
            found = attr.NoiseTunnel(attr.Saliency(net)).attribute(
                x, nt_type="smoothgrad", nt_samples=16, nt_samples_batch_size=1, stdevs=0.15, target=target, abs=False
            )
        case "guided_backprop":
            # The rule by hand: at every ReLU6 only what is positive goes back, where it let something through.
            class Guided(torch.autograd.Function):
                @staticmethod
                def forward(ctx: Any, x: Tensor) -> Tensor:
                    ctx.save_for_backward(x)
                    return x.clamp(0, 6)

                @staticmethod
                def backward(ctx: Any, *gradient: Tensor) -> Tensor:
                    (x,) = ctx.saved_tensors
                    return gradient[0].clamp(min=0) * ((x > 0) & (x <= 6))

            monkeypatch.setattr(nn.ReLU6, "forward", lambda _self, x: Guided.apply(x))
            x.requires_grad_()
            (found,) = torch.autograd.grad(net(x)[0, target], x)
        case "grad_cam":
            maps = attr.LayerGradCam(net, net.get_submodule("head.2")).attribute(x, target=target)
            found = attr.LayerAttribution.interpolate(maps, (224, 224), "bilinear").expand_as(x) / 3
        case "deep_lift":
            monkeypatch.setitem(deep_lift.SUPPORTED_NON_LINEAR, nn.ReLU6, deep_lift.nonlinear)
            found = attr.DeepLift(net).attribute(x, start, target=target)
        case _:
            found = attr.Occlusion(net).attribute(
                x, (3, 64, 64), strides=(3, 48, 48), baselines=start, target=target, perturbations_per_eval=8
            )
    return found.detach()[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_a_direct_call_of_captum(method: str, picture: Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = ask(method=method, target="football helmet")
    expected = direct(method, picture, HELMET, monkeypatch).numpy()
    size = float(np.abs(expected).max())
    np.testing.assert_allclose(trace["attribution"], expected, atol=1e-5 * size, rtol=1e-4)
    assert size > 0
    assert trace["target"] == HELMET
    assert trace["milliseconds"] > 0
    assert trace["total"] == pytest.approx(expected.sum(dtype=np.float64), rel=1e-4, abs=1e-3 * size)


def test_what_should_add_up_does() -> None:
    trace = ask(method="deep_lift", target=HELMET)
    net = trained()
    with torch.no_grad():
        f = net(torch.from_numpy(np.stack([trace["input"], trace["baseline"]])))[:, HELMET].tolist()
    assert trace["score"] == pytest.approx(f[0], abs=1e-4)
    assert trace["score_baseline"] == pytest.approx(f[1], abs=1e-4)
    assert abs(trace["completeness_gap"]) < 1e-3
    gaps = [
        abs(to_the_end(imagenet(None, method="integrated_gradients", steps=steps))["completeness_gap"])  # type: ignore[arg-type]
        for steps in (2, 20)
    ]
    assert gaps[1] < gaps[0]


@pytest.mark.parametrize("method", ["saliency", "grad_cam", "deep_lift"])
def test_a_minus_b_is_the_difference_of_the_two(method: str) -> None:
    a, b = (ask(method=method, target=each) for each in (HELMET, BOBSLED))
    both = ask(method=method, target=HELMET, minus="bobsled")
    size = np.abs(a["attribution"]).max()
    np.testing.assert_allclose(both["attribution"], a["attribution"] - b["attribution"], atol=2e-5 * size)
    assert both["score"] == pytest.approx(a["score"] - b["score"], abs=1e-4)
    assert both["minus"] == BOBSLED


@pytest.mark.parametrize("method", ["smooth_grad", "integrated_gradients", "occlusion"])
def test_a_long_method_shows_what_it_has_and_can_be_left(method: str) -> None:
    chance = torch.get_rng_state()
    turns: Any = imagenet(None, photo="astronaut", crop=CROP, method=method, only="attribution", steps=STEPS)  # type: ignore[arg-type]
    told: list[Progress] = []
    while True:
        torch.rand(1)  # what others draw between two turns changes nothing
        try:
            told.append(next(turns))
        except StopIteration as end:
            trace = end.value
            break
    torch.set_rng_state(chance)
    total = {"smooth_grad": 16, "integrated_gradients": STEPS, "occlusion": 25}[method]
    assert [each.done for each in told] == [0, *range(total + 1)]
    assert all(each.total == total for each in told)
    shown = [each.trace["signed"] for each in told if each.trace]
    assert 2 <= len(shown) <= 8
    whole = ask(method=method)["attribution"]
    np.testing.assert_allclose(trace["signed"], whole.sum(0), atol=1e-5 * np.abs(whole).max())
    np.testing.assert_allclose(trace["sizes"], np.abs(whole).sum(0), atol=1e-5 * np.abs(whole).max())
    distances = [np.abs(each - trace["signed"]).mean() for each in shown]
    assert distances[-1] < distances[0]
    if method == "occlusion":  # what has been covered already is final, what has not is 0
        assert (shown[1][:48] == trace["signed"][:48]).all()
        assert not shown[0][112:].any()
    left: Any = imagenet(None, method=method, only="attribution")  # type: ignore[arg-type]
    next(left)
    left.close()


@pytest.mark.parametrize("form", [relus.CappedReLU, relus.TwoReLUs])
def test_relu6_in_other_words_is_the_same_function(form: type[nn.Module]) -> None:
    x = torch.linspace(-9, 15, 4801, dtype=torch.float64, requires_grad=True)
    y = form()(x)
    torch.testing.assert_close(y, nn.functional.relu6(x))
    (one,), (other,) = torch.autograd.grad(y.sum(), x), torch.autograd.grad(nn.functional.relu6(x).sum(), x)
    inside = (x != 0) & (x != 6)
    assert torch.equal(one[inside], other[inside])


def test_the_copy_has_no_relu6_left_where_a_method_needs_that_and_says_so() -> None:
    for method in METHODS:
        net = own_copy(trained())
        relus.put_in(net, method)
        assert any(isinstance(module, nn.ReLU6) for module in net.modules()) == (method not in relus.FORMS)
    assert sum(isinstance(module, nn.ReLU6) for module in trained().modules()) == 33
    note = str(ask(method="guided_backprop").state["note"][0])
    assert "Captum's Guided Backprop changes the gradient at ReLU only" in note
    assert ask(method="grad_cam").state["note"][0] == ""
