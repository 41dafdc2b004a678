"""The learner: its gradients against torch's own layers, its goal against least squares, its moments, its limits."""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.labs.convolution.pairs import TEST, TRAIN
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec

KINDS: list[dict[str, Any]] = [
    {},
    {"channels": "rgb", "kernel": ("sobel_vertical", "average")},
    {"channels": "maps", "kernel": ("edge", "average"), "groups": 2, "stride": 2, "dilation": 2},
    {"padding": "same", "padding_mode": "reflect", "kernel_size": 5, "kernel": ("gaussian",)},
    {"layer": "transposed", "channels": "rgb", "stride": 2},
    {"layer": "depthwise", "channels": "rgb"},
    {"layer": "pointwise", "channels": "rgb", "kernel": ("average",) * 3},
    {"layer": "conv1d", "kernel_size": 5},
]


def as_torch_has_it(run: ConvolutionRun) -> nn.Module:
    """nn.Conv2d or nn.ConvTranspose2d with the learner's weights."""
    (layer,) = run.spec.layers
    settings: dict[str, Any] = {"stride": layer.stride, "dilation": layer.dilation, "groups": layer.groups}
    if layer.kind == "transposed":
        plain: Any = nn.ConvTranspose2d(layer.inputs, layer.outputs, layer.kernel_size, **settings)
    else:
        settings |= {"padding": layer.padding[::2], "padding_mode": layer.padding_mode}
        plain = nn.Conv2d(layer.inputs, layer.outputs, layer.kernel_size, **settings)
    plain.load_state_dict(
        {"weight": run.parameters()["weight.0"].detach(), "bias": run.parameters()["bias.0"].detach()}
    )
    return plain


@pytest.mark.parametrize("changes", KINDS)
def test_loss_and_gradient_are_those_of_torchs_own_layer(changes: dict[str, Any]) -> None:
    run = ConvolutionRun(ConvolutionSpec(**changes))
    run.advance(3)
    plain = as_torch_has_it(run)
    loss = nn.functional.mse_loss(plain(run.inputs[:TRAIN]), run.answers[:TRAIN])
    loss.backward()
    assert run.losses()["train_loss"] == pytest.approx(loss.item(), rel=1e-5)
    test = nn.functional.mse_loss(plain(run.inputs[TRAIN:]), run.answers[TRAIN:])
    assert run.losses()["test_loss"] == pytest.approx(test.item(), rel=1e-5)
    frame = run.frame().arrays
    for name in ("weight", "bias"):
        grad = plain.get_parameter(name).grad
        assert grad is not None
        np.testing.assert_allclose(frame[f"gradient.{name}.0"], grad.numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_training_is_torchs_own_training(optimizer: str) -> None:
    spec = ConvolutionSpec(optimizer=optimizer, batch_size=8, learning_rate=0.05)
    run = ConvolutionRun(spec)
    plain = as_torch_has_it(run)
    if optimizer == "adam":
        steps: Any = torch.optim.Adam(plain.parameters(), lr=0.05)
    else:
        steps = torch.optim.SGD(plain.parameters(), lr=0.05, momentum=0.9 if optimizer == "momentum" else 0.0)
    generator = torch.Generator().manual_seed(spec.seed + 1)
    for _ in range(2):
        for batch in torch.randperm(TRAIN, generator=generator).split(8):
            steps.zero_grad()
            nn.functional.mse_loss(plain(run.inputs[batch]), run.answers[batch]).backward()
            steps.step()
    run.advance(2 * run.steps_per_epoch)
    torch.testing.assert_close(run.parameters()["weight.0"], plain.get_parameter("weight"), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_what_is_learned_is_the_least_squares_solution(noise: float) -> None:
    """Also where the answers are blurred, and the best weights for these pairs are not the hidden ones."""
    run = ConvolutionRun(ConvolutionSpec(pair_noise=noise, batch_size=64, learning_rate=0.2))
    run.advance(600)
    run.set({"learning_rate": 0.002})
    run.advance(900)  # what single batches pull this way and that averages out
    unfolded = nn.functional.unfold(run.inputs[:TRAIN], 3).transpose(1, 2).reshape(-1, 9).double().numpy()
    design = np.hstack([unfolded, np.ones((len(unfolded), 1))])
    best = np.linalg.lstsq(design, run.answers[:TRAIN].reshape(-1).double().numpy(), rcond=None)[0]
    learned = run.parameters()
    assert np.abs(learned["weight.0"].detach().numpy().reshape(9) - best[:9]).max() < (2e-3 if noise else 1e-5)
    assert abs(learned["bias.0"].item() - best[9]) < (2e-3 if noise else 1e-5)
    hidden = run.target.get_parameter("0.weight").numpy().reshape(9)
    if noise:  # so that the test can tell one from the other
        assert np.abs(best[:9] - hidden).max() > 3e-3


def test_distance_is_the_norm_over_all_weights_and_biases() -> None:
    run = ConvolutionRun(ConvolutionSpec(layer="separable", channels="rgb", bias=(0.5,)))
    run.advance(2)
    pairs = zip(run.network.parameters(), run.target.parameters(), strict=True)
    apart = torch.cat([(a.detach() - b).reshape(-1) for a, b in pairs])
    assert run.frame().numbers["distance"] == pytest.approx(torch.linalg.vector_norm(apart).item(), rel=1e-6)
    assert run.advance(4)[-1].values["distance"] < math.inf


def test_defaults_can_be_watched() -> None:
    """At the opening speed of 10 steps a second: begun within a second, there within ten, not there at once."""
    run = ConvolutionRun(ConvolutionSpec())
    begun = run.frame().numbers["distance"]
    run.advance(10)
    assert 0.2 * begun < run.frame().numbers["distance"] < 0.9 * begun
    run.advance(90)
    assert run.frame().numbers["distance"] < 0.01


def test_measured_at_every_fourth_step_and_at_the_end_of_an_epoch() -> None:
    run = ConvolutionRun(ConvolutionSpec(batch_size=32))  # 6 steps an epoch
    events = run.advance(13)
    assert [(event.step, event.name) for event in events] == [
        (0, "epoch"), (4, "measured"), (6, "epoch"), (8, "measured"), (12, "epoch"),
    ]  # fmt: skip


def test_a_rate_too_high_is_said_and_not_shown_as_numbers_that_are_none() -> None:
    run = ConvolutionRun(ConvolutionSpec(learning_rate=10.0))
    with pytest.raises(Diverged, match=r"Training stopped at step \d+: weight\.0 grew past 1e\+06"):
        run.advance(100)
    frame = run.frame()
    assert all(np.isfinite(array).all() for array in frame.arrays.values())


def test_pooling_has_nothing_to_learn() -> None:
    run = ConvolutionRun(ConvolutionSpec(layer="max_pool"))
    with pytest.raises(InvalidInput, match="needs a layer with weights"):
        run.advance(1)
    assert not run.frame().arrays
    assert "pairs" not in run.scene().arrays


def test_a_moment_comes_back_with_its_optimizer_and_its_gradient() -> None:
    run = ConvolutionRun(ConvolutionSpec(optimizer="adam"))
    run.advance(7)
    kept, shown = run.snapshot(), run.frame()
    run.advance(9)
    later = run.frame()
    run.restore(kept)
    again = run.frame()
    assert again.numbers == shown.numbers
    for name, array in shown.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array)
    run.advance(9)
    np.testing.assert_array_equal(run.frame().arrays["weight.0"], later.arrays["weight.0"])


def test_a_weight_written_by_hand_returns() -> None:
    run = ConvolutionRun(ConvolutionSpec())
    run.advance(200)
    run.edit("weight.0", (0, 0, 1, 1), 5.0)
    assert run.frame().arrays["weight.0"][0, 0, 1, 1] == 5.0
    assert run.frame().numbers["distance"] == pytest.approx(5.0, abs=0.01)
    run.advance(200)
    assert abs(run.frame().arrays["weight.0"][0, 0, 1, 1]) < 0.01
    with pytest.raises(InvalidInput, match="must be inside"):
        run.edit("weight.0", (0, 0, 3, 1), 1.0)


def test_another_hidden_kernel_under_way_is_followed() -> None:
    run = ConvolutionRun(ConvolutionSpec())
    run.advance(100)
    pictures = run.inputs.clone()
    assert run.set({"weights": (0.0,) * 4 + (1.0,) + (0.0,) * 4}) is False
    assert run.step == 100
    torch.testing.assert_close(run.inputs, pictures, rtol=0, atol=0)
    torch.testing.assert_close(run.answers[:, 0], pictures[:, 0, 1:-1, 1:-1])
    run.advance(200)
    assert run.frame().numbers["distance"] < 0.01


def test_frames_are_cheap() -> None:
    """Also of the largest layer; the quickest of many, as other work goes on beside the tests."""
    for changes in ({}, {"side": 32, "channels": "maps", "kernel": ("edge",) * 8, "kernel_size": 7, "padding": "full"}):
        run = ConvolutionRun(ConvolutionSpec(**changes))
        run.advance(1)
        took = []
        for _ in range(15):
            begun = perf_counter()
            run.frame()
            took.append(perf_counter() - begun)
        assert min(took) < 0.015
        assert run.measured["test"].stop - run.measured["test"].start <= TEST
