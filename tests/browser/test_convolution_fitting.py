"""Edited weights that follow a change of shape, and painted pixels: what the browser works out, against Python."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import model, pictures, pixels, plan
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def fitting(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => {
          window.fitting = await import("/convolution/fitting.js");
          window.picture = await import("/convolution/picture.js");
        }""")
        yield opened


def random_specs(count: int) -> list[ConvolutionSpec]:
    random = np.random.default_rng(5)
    found: list[ConvolutionSpec] = []
    while len(found) < count:
        drawn = {
            "layer": str(random.choice(LAYERS)),
            "channels": str(random.choice(["grey", "rgb", "maps"])),
            "kernel": ("identity",) * int(random.integers(1, 9)),
            "kernel_size": int(random.integers(1, 8)),
            "groups": int(random.integers(1, 5)),
        }
        with contextlib.suppress(InvalidInput):
            found.append(ConvolutionSpec(**drawn))
    return found


def test_both_sides_know_the_shapes_of_the_weights(fitting: Any) -> None:
    for spec in random_specs(150):
        counts = fitting.evaluate("spec => fitting.weightShapes(spec).map(({count}) => count)", specs.values(spec))
        expected = [int(np.prod(layer.weight_shape)) for layer in spec.layers if layer.has_weights]
        assert counts == expected, spec


def test_fitted_weights_are_taken_by_the_layer_they_are_fitted_to(fitting: Any) -> None:
    random = np.random.default_rng(6)
    drawn = random_specs(300)
    fitted = 0
    for before, after in zip(drawn[::2], drawn[1::2], strict=True):
        weights = random.integers(-9, 10, plan.weight_count(before)).tolist()
        found = fitting.evaluate(
            "([before, weights, after]) => fitting.fitWeights(before, weights, after)",
            [specs.values(before), weights, specs.values(after)],
        )
        if found is not None:
            fitted += 1
            dataclasses.replace(after, weights=tuple(map(float, found)))  # an illegal number of them would raise
        same = fitting.evaluate("([s, w]) => fitting.fitWeights(s, w, s)", [specs.values(before), weights])
        assert same == weights
    assert fitted > 40


@pytest.mark.parametrize(("small", "large"), [(3, 5), (2, 4), (1, 7), (3, 4)])
def test_a_kernel_is_padded_and_cut_about_its_middle(fitting: Any, small: int, large: int) -> None:
    kernel = np.arange(1.0, 1 + small * small).reshape(small, small)
    before = (large - 1) // 2 - (small - 1) // 2
    padded = np.pad(kernel, (before, large - small - before))
    sizes = [specs.values(ConvolutionSpec(kernel=("identity",), kernel_size=k, side=12)) for k in (small, large)]
    fit = "([a, w, b]) => fitting.fitWeights(a, w, b)"
    assert fitting.evaluate(fit, [sizes[0], kernel.flatten().tolist(), sizes[1]]) == padded.flatten().tolist()
    assert fitting.evaluate(fit, [sizes[1], padded.flatten().tolist(), sizes[0]]) == kernel.flatten().tolist()


@pytest.mark.parametrize("layer", ["conv2d", "transposed", "depthwise", "pointwise", "separable"])
def test_a_grey_picture_is_answered_alike_in_one_channel_and_in_three(fitting: Any, layer: str) -> None:
    grey = ConvolutionSpec(layer=layer, kernel=("identity", "average"), picture="noise", padding="valid")
    weights = torch.linspace(-1, 1, plan.weight_count(grey)).tolist()
    grey = dataclasses.replace(grey, weights=tuple(weights))
    rgb = dataclasses.replace(grey, channels="rgb", weights=())
    found = fitting.evaluate(
        "([a, w, b]) => fitting.fitWeights(a, w, b)", [specs.values(grey), weights, specs.values(rgb)]
    )
    rgb = dataclasses.replace(rgb, weights=tuple(map(float, found)))
    picture = pictures.load(grey)[None]
    with torch.no_grad():
        one, three = model.target(grey)(picture), model.target(rgb)(picture.expand(1, 3, -1, -1))
    expected = one.expand(1, 3, -1, -1) if layer == "depthwise" else one
    torch.testing.assert_close(three, expected, atol=1e-5, rtol=1e-5)


def test_both_sides_write_the_same_pixels(fitting: Any) -> None:
    data = bytes(range(256)) * 3
    assert fitting.evaluate("bytes => picture.encodePixels(Uint8Array.from(bytes))", list(data)) == pixels.encode(data)
