"""What the pictures tell about the weights: against torch's own second derivatives and against descent itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd.functional import hessian

from dlviz.labs.convolution import curvature
from dlviz.labs.convolution.model import Sliding
from dlviz.labs.convolution.pairs import TRAIN
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"channels": "rgb", "kernel": ("edge", "average"), "stride": 2},
        {"channels": "maps", "kernel": ("edge", "average"), "groups": 2, "dilation": 2, "padding": "same"},
        {"layer": "depthwise", "channels": "rgb", "pairs": "photos"},
        {"padding": "number", "padding_amount": 2, "padding_mode": "replicate", "pairs": "digits"},
        {"layer": "conv1d", "kernel_size": 5},
    ],
)
def test_the_spectrum_is_that_of_torchs_hessian(changes: dict[str, Any]) -> None:
    run = ConvolutionRun(ConvolutionSpec(**changes))
    (layer,) = run.spec.layers
    inputs = run.inputs[: curvature.PICTURES].double()
    weights = torch.Size(layer.weight_shape).numel()

    def loss(flat: torch.Tensor) -> torch.Tensor:
        sliding = Sliding(layer)
        del sliding.weight, sliding.bias
        sliding.weight, sliding.bias = flat[:weights].reshape(layer.weight_shape), flat[weights:]
        answer = sliding(inputs)
        return nn.functional.mse_loss(answer, torch.zeros_like(answer))

    full: Any = hessian(loss, torch.zeros(weights + layer.outputs, dtype=torch.float64))
    expected = torch.linalg.eigvalsh(full)
    found = run.curvature
    assert found is not None
    assert found["largest"] == pytest.approx(expected[-1].item(), rel=1e-6)
    assert found["smallest"] == pytest.approx(expected[0].item(), rel=1e-4)
    assert found["condition"] == pytest.approx((expected[-1] / expected[0]).item(), rel=1e-4)


def test_descent_diverges_above_the_fastest_rate_and_not_below() -> None:
    run = ConvolutionRun(ConvolutionSpec(pairs="photos"))
    found = run.curvature
    assert found is not None
    inputs, answers = run.inputs[: curvature.PICTURES], run.answers[: curvature.PICTURES]
    reached = {}
    for share in (0.95, 1.05):
        plain = nn.Conv2d(1, 1, 3)
        steps = torch.optim.SGD(plain.parameters(), lr=share * found["fastest"])
        losses = []
        for _ in range(300):
            steps.zero_grad()
            loss = nn.functional.mse_loss(plain(inputs), answers)
            loss.backward()
            steps.step()
            losses.append(loss.item())
        reached[share] = losses[-1] / losses[0]
    assert reached[0.95] < 1
    assert not reached[1.05] < 10


def test_neighbouring_pixels_agree_in_photographs_and_not_in_noise() -> None:
    found = {kind: ConvolutionRun(ConvolutionSpec(pairs=kind)).curvature for kind in ("noise", "digits", "photos")}
    condition = {kind: value["condition"] for kind, value in found.items() if value}
    assert condition["noise"] < 2 < 100 < condition["digits"] < condition["photos"]
    run = ConvolutionRun(ConvolutionSpec(pairs="photos"))
    looked_at = run.inputs[: curvature.PICTURES].numpy()
    expected = np.corrcoef(looked_at[..., :-1].ravel(), looked_at[..., 1:].ravel())[0, 1]
    assert found["photos"] is not None
    assert found["photos"]["neighbours"] == pytest.approx(expected, rel=1e-5)


def test_flat_pictures_tell_one_number() -> None:
    found = ConvolutionRun(ConvolutionSpec(pairs="flat")).curvature
    assert found is not None
    assert (found["known"], found["numbers"], found["condition"], found["neighbours"]) == (1, 10, None, None)
    run = ConvolutionRun(ConvolutionSpec(pairs="flat"))
    unfolded = nn.functional.unfold(run.inputs[:8], 3).transpose(1, 2).reshape(-1, 9).numpy()
    assert np.linalg.matrix_rank(np.hstack([unfolded, np.ones((len(unfolded), 1))])) == 1


def test_with_zeros_around_them_flat_pictures_tell_more() -> None:
    found = ConvolutionRun(ConvolutionSpec(pairs="flat", padding="same")).curvature
    assert found is not None
    assert 1 < found["known"] <= found["numbers"]


@pytest.mark.parametrize("layer", ["transposed", "separable", "max_pool"])
def test_other_layers_are_not_described(layer: str) -> None:
    spec = ConvolutionSpec(layer=layer)
    assert curvature.describe(spec.layers, torch.zeros(TRAIN, 1, 12, 12)) is None
