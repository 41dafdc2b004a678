"""Every preset is computed with torch's own layers, and what its line promises is looked for."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from scipy import signal
from torch import Tensor
from torch.nn import functional

from dlviz.core.errors import Diverged
from dlviz.core.spec import from_values, values
from dlviz.labs.convolution.presets import PRESETS
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec

BY_SLUG = {preset.slug: preset for preset in PRESETS}
FLAT = pytest.approx(0, abs=1e-6)


def run_of(slug: str, **other: Any) -> ConvolutionRun:
    spec = from_values(ConvolutionSpec, BY_SLUG[slug].changes)
    return ConvolutionRun(dataclasses.replace(spec, **other))


def shown(slug: str, **other: Any) -> tuple[Tensor, Tensor]:
    """The picture (channel, height, width) and what the layer on the stage makes of it."""
    run = run_of(slug, **other)
    return run.picture, run.target(run.picture[None])[0]


def parameters(slug: str, **other: Any) -> int:
    return sum(p.numel() for p in run_of(slug, **other).target.parameters())


def away(run: ConvolutionRun) -> Tensor:
    """Distance of the learned kernel to the hidden one, in lengths of that."""
    learned, hidden = run.network[0].get_parameter("weight").detach(), run.target[0].get_parameter("weight")
    return (learned - hidden).norm() / hidden.norm()


PROMISES: dict[str, Any] = {}


def promise(slug: str) -> Any:
    def keep(check: Any) -> Any:
        PROMISES[slug] = check
        return check

    return keep


@pytest.mark.parametrize("slug", BY_SLUG)
def test_what_the_line_says_is_true(slug: str) -> None:
    assert slug in PROMISES, f"{slug} promises something that no test looks for"
    PROMISES[slug]()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.slug)
def test_a_preset_survives_its_own_link(preset: Any) -> None:
    spec = from_values(ConvolutionSpec, preset.changes)
    assert from_values(ConvolutionSpec, values(spec)) == spec
    assert len(preset.text) <= 115, "one line"


@promise("textbook-cross")
def _() -> None:
    x, y = shown("textbook-cross")
    cross = np.eye(3) + np.eye(3)[::-1] - np.outer([0, 1, 0], [0, 1, 0])
    assert y[0].tolist() == signal.correlate2d(x[0].numpy(), cross, "valid").tolist()
    assert y[0].tolist() == [[5, 0, 5], [0, 5, 0], [5, 0, 5]]


@promise("edges-two-ways")
def _() -> None:
    x, y = shown("edges-two-ways")
    bar = 7  # its row, read off the picture
    assert x[0, bar, 3:10].min() > 0.4, "the bar"
    assert x[0, 9:13, 9].min() > 0.3, "the lower stem"
    vertical, horizontal = y.abs()
    assert vertical[7:12].sum() > 2 * horizontal[8:12].sum()
    above_the_bar = slice(bar - 2, bar - 1)  # row of the map in which the kernel's last row lies on the bar
    assert horizontal[above_the_bar, 4:7].min() > 1.5
    assert vertical[above_the_bar, 4:7].max() < 0.5


@promise("colour-opponent")
def _() -> None:
    x, y = shown("colour-opponent")
    inner = x[:, 1:-1, 1:-1]
    red_less_green = (
        torch.from_numpy(
            np.stack([signal.correlate2d(c, np.outer([1, 2, 1], [1, 2, 1]) / 16, "valid") for c in x[:2].numpy()])
        )
        .diff(dim=0)[0]
        .neg()
    )
    torch.testing.assert_close(y[0], red_less_green.float(), rtol=0, atol=1e-5)
    orange = (inner[0] > inner[1] + 0.3) & (inner[1] > inner[2])
    spread = functional.max_pool2d(x.amax(0, keepdim=True) - x.amin(0, keepdim=True), 3, 1)[0]
    grey = spread < 0.1  # the whole patch is
    assert grey.sum() > 60
    assert orange.sum() > 60
    assert y[0][orange].mean() > 0.25
    assert y[0][grey].abs().max() < 0.1


@promise("four-filters")
def _() -> None:
    _x, y = shown("four-filters")
    assert len(y) == 4
    assert parameters("four-filters") == 40
    assert parameters("four-filters", kernel=("gaussian",)) == 10


@promise("noise-blurred")
def _() -> None:
    shares = []
    for seed in range(1, 9):
        x, y = shown("noise-blurred", seed=seed)
        shares.append((y.std() / x.std()).item())
    assert np.mean(shares) == pytest.approx(1 / 3, abs=0.02)
    assert shares[0] == pytest.approx(1 / 3, abs=0.03)


@promise("ramp-twice")
def _() -> None:
    x, y = shown("ramp-twice")
    slope = x[0, 0, 1] - x[0, 0, 0]
    assert y[0].min().item() == pytest.approx(8 * slope.item())
    assert y[0].max().item() == pytest.approx(8 * slope.item())
    assert y[1].abs().max().item() == FLAT


@promise("stride-two")
def _() -> None:
    x, y = shown("stride-two")
    _x, whole = shown("stride-two", stride=1)
    assert x.shape == (1, 12, 12)
    assert y.shape == (1, 6, 6)
    assert torch.equal(y, whole[:, ::2, ::2])


@promise("dark-frame")
def _() -> None:
    x, y = shown("dark-frame")
    _x, mirrored = shown("dark-frame", padding_mode="reflect")
    assert y.shape == x.shape
    rim = torch.ones_like(x, dtype=torch.bool)
    rim[:, 2:-2, 2:-2] = False
    assert torch.equal(y[~rim], mirrored[~rim])
    assert y[rim].mean() < 0.8 * mirrored[rim].mean()
    assert y[0, 0, 0] < 0.45 * mirrored[0, 0, 0]
    assert abs(mirrored[rim].mean() - x[rim].mean()) < 0.03, "no frame"


@promise("full-overlap")
def _() -> None:
    x, y = shown("full-overlap")
    assert x.shape == (1, 6, 6)
    assert x.min() == 1
    assert y.shape == (1, 10, 10)
    seen = (y * 25).round().int()[0]
    overlap = torch.tensor([1, 2, 3, 4, 5, 5, 4, 3, 2, 1])
    assert torch.equal(seen, torch.outer(overlap, overlap).int())


@promise("dilation-grid")
def _() -> None:
    x, y = shown("dilation-grid")
    assert x.sum() == 1
    rows, columns = y[0].nonzero().T.unique(dim=1)
    assert len(rows) == 9
    assert rows.unique().diff().tolist() == columns.unique().diff().tolist() == [3, 3], "gaps of two"
    assert int(rows.max() - rows.min()) + 1 == 7
    assert 7 * 7 - 9 == 40


@promise("convolution-turned")
def _() -> None:
    written = torch.tensor([[-2.0, -1, 0], [-1, 1, 1], [0, 1, 2]])
    x, y = shown("convolution-turned")
    expected = signal.convolve2d(x[0].numpy(), written.numpy(), "valid")
    assert y[0].tolist() == expected.tolist()
    assert torch.equal(y[0, 1:4, 1:4], written)
    _x, unturned = shown("convolution-turned", flip=False)
    assert torch.equal(unturned[0, 1:4, 1:4], written.flip(0, 1))


@promise("depthwise")
def _() -> None:
    x, y = shown("depthwise")
    run = run_of("depthwise")
    for channel in range(3):
        alone = torch.zeros_like(x)
        alone[channel] = x[channel]
        others = [c for c in range(3) if c != channel]
        found = run.target(alone[None])[0]
        assert torch.equal(found[channel], y[channel])
        assert found[others].abs().max() == 0
    assert parameters("depthwise") == 30
    assert parameters("depthwise", layer="conv2d", kernel=("sobel_vertical",) * 3) == 84


@promise("pointwise-grey")
def _() -> None:
    x, y = shown("pointwise-grey")
    assert run_of("pointwise-grey").target[0].get_parameter("weight").flatten().tolist() == pytest.approx(
        [0.299, 0.587, 0.114]
    )
    torch.testing.assert_close(y[0], 0.299 * x[0] + 0.587 * x[1] + 0.114 * x[2])


@promise("separable")
def _() -> None:
    _x, y = shown("separable")
    assert len(y) == 4
    assert parameters("separable") == 46
    assert parameters("separable", layer="conv2d") == 112


@promise("grouped")
def _() -> None:
    x, y = shown("grouped")
    run = run_of("grouped")
    half = x.clone()
    half[2:] = 0
    assert torch.equal(run.target(half[None])[0, :2], y[:2])
    assert run.target(half[None])[0, 2:].abs().max() == 0
    weights = [sum(p.numel() for name, p in run_of("grouped", groups=g).target.named_parameters() if "weight" in name)
               for g in (2, 1)]  # fmt: skip
    assert weights == [72, 144]


@promise("max-pooling")
def _() -> None:
    x, y = shown("max-pooling")
    blocks = x[0].reshape(6, 2, 6, 2).numpy()
    assert np.array_equal(y[0].numpy(), blocks.max((1, 3)))
    assert parameters("max-pooling") == 0


@promise("checkerboard")
def _() -> None:
    x, y = shown("checkerboard")
    assert x.min() == x.max() == 1
    deep = (9 * y[0]).round().int()
    assert set(deep.flatten().tolist()) == {1, 2, 4}
    inside = deep[1:-1, 1:-1]
    assert (inside[0] != inside[1]).any()
    assert torch.equal(inside[:-2], inside[2:]), "it repeats with the stride"


@promise("no-checkerboard")
def _() -> None:
    x, y = shown("no-checkerboard")
    assert x.min() == x.max() == 1
    assert (16 * y[0, 2:-2, 2:-2] == 4).all()


@promise("causal")
def _() -> None:
    x, y = shown("causal")
    (moment,) = x[0, 0].nonzero().flatten().tolist()
    assert x.shape == y.shape == (1, 1, 17)
    assert y[0, 0].nonzero().flatten().tolist() == list(range(moment, moment + 5))


@promise("learn-sobel")
def _() -> None:
    run = run_of("learn-sobel")
    run.advance(100)
    learned = run.network[0].get_parameter("weight").detach()
    wanted = torch.tensor([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]])
    assert (learned[0, 0] - wanted).abs().max() < 0.005


@promise("learn-from-photos")
def _() -> None:
    run = run_of("learn-from-photos")
    before = run.losses()["train_loss"]
    run.advance(200)
    assert 0.005 < run.losses()["train_loss"] / before < 0.02
    assert 0.2 < away(run) < 0.3
    pixels = run.inputs.flatten()
    beside = torch.corrcoef(torch.stack([run.inputs[..., 1:].flatten(), run.inputs[..., :-1].flatten()]))[0, 1]
    assert pixels.std() > 0.1
    assert beside > 0.85, "neighbours are alike"


@promise("rate-too-high")
def _() -> None:
    run = run_of("rate-too-high")
    learned, hidden = run.network[0].get_parameter("weight"), run.target[0].get_parameter("weight")
    losses, errors = [run.losses()["train_loss"]], []
    for _step in range(8):
        run.advance(1)
        losses.append(run.losses()["train_loss"])
        errors.append((learned.detach() - hidden).flatten().clone())
    assert all(after > before for before, after in pairwise(losses))
    assert all(torch.cosine_similarity(a, b, dim=0) < -0.9 for a, b in pairwise(errors)), "the other side, each time"
    with pytest.raises(Diverged):
        run.advance(500)
    fitting = run_of("rate-too-high", learning_rate=0.9, batch_size=64)
    fitting.advance(200)
    assert away(fitting) < 0.01
    # Curvature of the mean squared error along any direction: twice the mean square of what the weight meets.
    patches = functional.unfold(run.inputs, 3).transpose(1, 2).reshape(-1, 9)
    curvature = 2 * torch.linalg.eigvalsh(patches.T @ patches / len(patches))
    assert curvature.tolist() == pytest.approx([2] * 9, abs=0.1)


@promise("learn-from-flat")
def _() -> None:
    run = run_of("learn-from-flat")
    before = run.network[0].get_parameter("weight").detach().clone()
    run.advance(300)
    assert run.losses()["test_loss"] < 1e-6
    assert away(run) > 0.9
    change = (run.network[0].get_parameter("weight").detach() - before).flatten()
    assert change.std() < 1e-5, "all nine weights moved alike: only their sum was asked about"
    assert change.mean().abs() > 0.01


def test_failing_presets_say_so() -> None:
    failing = {preset.slug for preset in PRESETS if preset.fails}
    assert failing == {"checkerboard", "rate-too-high", "learn-from-flat"}
