"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from dlviz.core import story
from dlviz.core.errors import InvalidInput
from dlviz.core.spec import from_values
from dlviz.labs.convolution import LAB
from dlviz.labs.convolution.questions import QUESTIONS
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec

BY_SLUG = {question.slug: question for question in QUESTIONS}


def answer(slug: str) -> str:
    question = BY_SLUG[slug]
    return question.options[question.answer]


def reason(slug: str) -> str:
    question = BY_SLUG[slug]
    return question.because[question.answer]


def count(layer: nn.Module) -> int:
    return sum(parameter.numel() for parameter in layer.parameters())


def run_of(preset: str, **other: Any) -> ConvolutionRun:
    return ConvolutionRun(dataclasses.replace(from_values(ConvolutionSpec, LAB.preset(preset).changes), **other))


def test_there_are_about_twelve_and_most_can_be_seen() -> None:
    assert 10 <= len(QUESTIONS) <= 14
    assert sum(bool(question.action) for question in QUESTIONS) >= 9


def test_output_size() -> None:
    side = nn.Conv2d(1, 1, 5)(torch.zeros(1, 1, 28, 28)).shape[-1]
    assert answer("output-size") == f"{side} × {side}"


def test_parameters() -> None:
    assert answer("parameters") == str(count(nn.Conv2d(3, 16, 3)))
    assert "432" in BY_SLUG["parameters"].options
    assert count(nn.Conv2d(3, 16, 3, bias=False)) == 432
    assert (3 * 3 + 1) * 16 == 160


def test_ramp() -> None:
    run = run_of("ramp-twice")
    sobel, laplacian = run.target(run.picture[None])[0]
    assert answer("ramp-laplacian") == "Sobel the same number everywhere, the Laplacian 0."
    assert sobel.max() - sobel.min() < 1e-6 < sobel.min()
    assert laplacian.abs().max() < 1e-6
    brighter = run.target(run.picture[None] + 0.3)[0]
    torch.testing.assert_close(brighter[0], sobel)


def test_dark_frame() -> None:
    ones = functional.conv2d(torch.ones(1, 1, 9, 9), torch.ones(1, 1, 5, 5), padding="same")
    assert 25 - int(ones[0, 0, 0, 0]) == 16
    assert "16 of the 25" in reason("dark-frame")


def test_dilation() -> None:
    layer = nn.Conv2d(1, 1, 3, dilation=3, bias=False)
    x = torch.zeros(1, 1, 15, 15, requires_grad=True)
    layer(x)[0, 0, 4, 4].backward()
    assert x.grad is not None
    rows = x.grad[0, 0].nonzero()[:, 0]
    reach = int(rows.max() - rows.min()) + 1
    assert answer("dilation") == f"Over {reach} × {reach} cells, with {count(layer)} weights."
    assert reach * reach - count(layer) == 40


def test_turned() -> None:
    assert "half a turn" in answer("turned")
    kernel, x = torch.randn(3, 3), torch.randn(8, 8)
    from scipy import signal

    turned = functional.conv2d(x[None, None], kernel.flip(0, 1)[None, None])[0, 0]
    torch.testing.assert_close(turned, torch.from_numpy(signal.convolve2d(x.numpy(), kernel.numpy(), "valid")))


def test_pooling() -> None:
    assert answer("pooling-parameters") == str(count(nn.MaxPool2d(2)))
    run = run_of("max-pooling")
    with pytest.raises(InvalidInput, match="pooling has none"):
        run.advance(1)
    assert "by less than without" in answer("pooling-shift")
    for digit in range(10):
        run = run_of("max-pooling", digit=digit)
        x = run.picture[None]
        still, moved, unpooled = run.target(x), run.target(x.roll(1, -1)), x.roll(1, -1)
        changed = ((moved - still).norm() / still.norm()).item()
        assert 0 < changed < ((unpooled - x).norm() / x.norm()).item()
        assert not any(torch.equal(moved, still.roll(by, -1)) for by in (0, 1)), "neither the same nor moved by one"


def test_checkerboard() -> None:
    even = []
    for size in (3, 4, 5):
        x = torch.ones(1, 1, 12, 12)
        cover = functional.conv_transpose2d(x, torch.ones(1, 1, size, size), stride=2)[0, 0, 6:-6, 6:-6]
        even.append(bool((cover == cover[0, 0]).all()))
    assert even == [False, True, False]
    assert answer("checkerboard") == "4"


def test_separable() -> None:
    pair = count(nn.Sequential(nn.Conv2d(3, 3, 3, groups=3), nn.Conv2d(3, 4, 1)))
    assert answer("separable") == f"It has {pair} parameters instead of {count(nn.Conv2d(3, 4, 3))}."
    assert count(nn.Conv2d(3, 1, 3)) == 28


def test_flat_pairs_tell_the_sum_only() -> None:
    run = run_of("learn-from-flat", learning_rate=0.1)
    before = run.network[0].get_parameter("weight").detach().clone()
    run.advance(200)
    weight, bias = (run.network[0].get_parameter(name).detach() for name in ("weight", "bias"))
    assert abs(0.5 * weight.sum().item() + bias.item()) < 1e-4
    assert (weight - before).std() < 1e-6 < (weight - before).abs().min()
    assert "one of many" in answer("flat-pairs")


def test_noise_needs_the_fewest_steps() -> None:
    steps = {}
    for pairs in ("noise", "digits", "photos"):
        run = ConvolutionRun(ConvolutionSpec(pairs=pairs, learning_rate=0.2))
        while run.frame().numbers["distance"] > 1 and run.step < 1000:
            run.advance(10)
        steps[pairs] = run.step
    assert steps["noise"] < steps["digits"] < steps["photos"]
    assert answer("noise-or-photos").startswith("Noise")


def test_the_story_ends_where_it_says() -> None:
    """Its last step is reached by playing the layer that the steps before have set up."""
    steps = story.read(LAB.folder)
    assert len(steps) == 8
    spec = ConvolutionSpec(channels="rgb", kernel=("sobel_horizontal",), stride=2, padding="number", padding_amount=1)
    run = ConvolutionRun(spec)
    run.advance(400)
    frame = run.frame()
    assert steps[-1].done({"step": run.step, **frame.numbers})
    assert not steps[-1].done({"step": 0, **ConvolutionRun(spec).frame().numbers})
    titles = {panel.title for panel in LAB.panels}
    for step in steps:
        for name in re.findall(r"panel\s+\*([^*]+)\*", step.text):
            assert re.sub(r"\s+", " ", name) in titles
    plain = ConvolutionRun(dataclasses.replace(spec, channels="grey"))
    assert plain.target(plain.picture[None]).shape[-1] == 6, "12 cells become 6"
