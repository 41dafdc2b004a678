"""The browser's layers (lib/conv.js) against torch: every output, what it is made of, and what each cell goes into."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import Tensor

from dlviz.labs.convolution import unfold
from dlviz.labs.convolution.model import Sliding, target, to_filters
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec
from tests.browser.static_page import static_page
from tests.labs.convolution.drawn import drawn_specs

pytestmark = pytest.mark.browser
CLOSE = 1e-5
FOR_EACH_LAYER = 35
CELLS = 4  # of the output and of the input, looked into one by one

# Every layer of every spec, its output whole, its terms at some cells, what some cells of its input go into, and
# where one cell of its kernel stands.
ALL = """(scenes) => scenes.map((scene) => {
  const plain = {numbers: {layers: scene.layers}, arrays: Object.fromEntries(
    Object.entries(scene.arrays).map(([name, data]) => [name, {data: Float32Array.from(data)}]))};
  const layers = conv.readLayers(plain);
  const maps = conv.through(layers, Float32Array.from(scene.input));
  return layers.map((layer, i) => ({
    output: [...maps[i + 1]],
    terms: scene.cells[i].map(([o, y, x]) => layer.terms(maps[i], o, y, x)),
    touched: scene.touching[i].map(([channel, y, x]) => layer.touched(channel, y, x)),
    met: layer.met(...scene.tap[i]),
    seen: scene.cells[i].map(([o]) => layer.channelsOf(o)),
  }));
})"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => { window.conv = await import("/lib/conv.js"); }""")
        yield opened


def specs_of_every_layer() -> list[ConvolutionSpec]:
    """The same few hundred every time, as many of each kind of layer."""
    found: list[ConvolutionSpec] = []
    for layer in LAYERS:

        @settings(max_examples=FOR_EACH_LAYER, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(spec=drawn_specs([layer]))
        def draw(spec: ConvolutionSpec) -> None:
            found.append(spec)

        draw()
    return found


def picture(spec: ConvolutionSpec, at: int) -> Tensor:
    """In quarters from −2 to 2, so that max pools meet equals; every third picture is flat."""
    size = spec.in_channels, *spec.layers[0].input_size
    drawn = torch.randint(-8, 9, size, generator=torch.Generator().manual_seed(at)) / 4
    return drawn if at % 3 else torch.full(size, -0.5)


def some(shape: tuple[int, ...], at: int) -> list[list[int]]:
    """A few places, the corners among them."""
    drawn = np.random.default_rng(at).integers(0, shape, (CELLS - 2, len(shape))).tolist()
    return [[0] * len(shape), [n - 1 for n in shape], *drawn]


def scene(spec: ConvolutionSpec, at: int) -> dict[str, Any]:
    network = target(spec)
    arrays = {}
    for i, sliding in enumerate(network):
        for name, parameter in sliding.named_parameters():
            arrays[f"{name}.{i}"] = parameter.flatten().tolist()
    return {
        "layers": [layer.describe() for layer in spec.layers],
        "arrays": arrays,
        "input": picture(spec, at).flatten().tolist(),
        "cells": [some((layer.outputs, *layer.output_size), at) for layer in spec.layers],
        "touching": [some((layer.inputs, *layer.input_size), at + 1) for layer in spec.layers],
        "tap": [[n // 2 for n in layer.kernel_size] for layer in spec.layers],
    }


@pytest.fixture(scope="module")
def found(page: Any) -> list[tuple[ConvolutionSpec, dict[str, Any], Sliding, Tensor, dict[str, Any]]]:
    """For every layer of every spec: the spec, the scene, the module of torch, its input, and the browser's answer."""
    specs = specs_of_every_layer()
    scenes = [scene(spec, at) for at, spec in enumerate(specs)]
    rows = []
    for at, (spec, sent, answers) in enumerate(zip(specs, scenes, page.evaluate(ALL, scenes), strict=True)):
        x = picture(spec, at)
        for i, (sliding, answer) in enumerate(zip(target(spec), answers, strict=True)):
            assert isinstance(sliding, Sliding)
            rows.append((spec, {name: sent[name][i] for name in ("cells", "touching", "tap")}, sliding, x, answer))
            x = sliding(x[None])[0]
    return rows


def test_there_are_hundreds(found: list[Any]) -> None:
    assert len(found) >= 300
    assert {spec.layer for spec, *_ in found} == set(LAYERS)
    assert {spec.padding_mode for spec, *_ in found} == {"zeros", "reflect", "replicate", "circular"}


def test_outputs_equal_torch_s(found: list[Any]) -> None:
    for spec, _, sliding, x, answer in found:
        wanted = sliding(x[None])[0]
        scale = max(1.0, float(unfold.terms(sliding, x).abs().sum((3, 4, 5)).max()))
        difference = (torch.tensor(answer["output"]).reshape(wanted.shape) - wanted).abs().max()
        assert difference < CLOSE * scale, spec


def test_terms_are_the_products_of_each_cell(found: list[Any]) -> None:
    """Every product in its place, in the order of its summing; what is left out is zero; and they add up."""
    for spec, sent, sliding, x, answer in found:
        layer = sliding.layer
        wanted = unfold.terms(sliding, x)
        whole = torch.tensor(answer["output"]).reshape(layer.outputs, *layer.output_size)
        for (o, y, z), terms, seen in zip(sent["cells"], answer["terms"], answer["seen"], strict=True):
            found_here = torch.zeros_like(wanted[o, y, z])
            order = [(term["channel"], term["ky"], term["kx"]) for term in terms]
            assert order == sorted(order), spec
            assert len(set(order)) == len(order)
            assert len(seen) == wanted.shape[3]
            for term in terms:
                counts = layer.kind != "max" or term["wins"]
                found_here[seen.index(term["channel"]), term["ky"], term["kx"]] = term["product"] if counts else 0.0
                assert term["product"] == pytest.approx(term["value"] * term["weight"])
                if term["inside"]:
                    assert term["value"] == pytest.approx(float(x[term["channel"], term["y"], term["x"]]), abs=1e-5)
                else:
                    assert term["value"] == 0
                    assert not (0 <= term["y"] < x.shape[1] and 0 <= term["x"] < x.shape[2])
            scale = max(1.0, float(wanted[o, y, z].abs().max()))
            assert (found_here - wanted[o, y, z]).abs().max() < CLOSE * scale, spec
            bias = float(sliding.bias[o]) if layer.has_weights else 0.0
            scale = max(1.0, float(wanted[o, y, z].abs().sum()))
            assert abs(float(found_here.double().sum()) + bias - float(whole[o, y, z])) < CLOSE * scale, spec


def test_of_a_max_pool_exactly_torch_s_winner_wins(found: list[Any]) -> None:
    """Also among equals, and where a window hangs over the edge."""
    pools = [row for row in found if row[2].layer.kind == "max"]
    assert len(pools) >= 30
    ties = 0
    for spec, sent, sliding, x, answer in pools:
        winners = unfold.winners(sliding.layer, x)
        for (o, y, z), terms in zip(sent["cells"], answer["terms"], strict=True):
            (winner,) = [term for term in terms if term["wins"]]
            assert winner["y"] * x.shape[2] + winner["x"] == int(winners[o, y, z]), spec
            inside = [term["value"] for term in terms if term["inside"]]
            ties += inside.count(max(inside)) > 1
    assert ties > 20


def test_touched_are_the_outputs_that_change_with_a_cell(found: list[Any]) -> None:
    """By torch's gradient: ∂ output / ∂ cell is the sum of the weights that it meets there."""
    for spec, sent, sliding, x, answer in found:
        if sliding.layer.kind == "max":
            continue  # what changes there depends on who wins
        for (channel, y, z), touched in zip(sent["touching"], answer["touched"], strict=True):
            one = torch.zeros(1, *x.shape)
            one[0, channel, y, z] = 1
            bias = sliding.bias[:, None, None] if sliding.layer.has_weights else 0.0
            wanted = sliding(one)[0] - bias
            mine = torch.zeros_like(wanted)
            for cell in touched:
                mine[cell["o"], cell["y"], cell["x"]] += cell["weight"]
            assert (mine - wanted).abs().max() < CLOSE * max(1.0, float(wanted.abs().max())), spec
            places = [(c["o"], c["y"], c["x"], c["ky"], c["kx"]) for c in touched]
            assert len(set(places)) == len(places)


def test_touched_and_terms_tell_the_same_of_a_max_pool(found: list[Any]) -> None:
    for spec, sent, sliding, x, answer in found:
        if sliding.layer.kind != "max":
            continue
        cells = torch.arange(x[0].numel(), dtype=torch.float32).reshape(1, *x.shape[1:]).expand_as(x) + 1
        reads = unfold.patches(sliding.layer, cells[None].contiguous())[0]
        for (channel, y, z), touched in zip(sent["touching"], answer["touched"], strict=True):
            wanted = {tuple(place) for place in (reads[channel] == cells[channel, y, z]).nonzero().tolist()}
            assert {(c["y"], c["x"], c["ky"], c["kx"]) for c in touched} == wanted, spec
            assert {c["o"] for c in touched} <= {channel}


def test_met_are_the_places_where_a_cell_of_the_kernel_stands(found: list[Any]) -> None:
    """∂ sum of outputs / ∂ weight is the sum of the padded input there."""
    for spec, sent, sliding, x, answer in found:
        layer = sliding.layer
        (ky, kx), met = sent["tap"], answer["met"]
        if layer.kind == "transposed":
            assert met == [[y, z] for y in range(layer.input_size[0]) for z in range(layer.input_size[1])]
            continue
        height, width = layer.output_size
        top, _, left, _ = layer.padding
        # A picture that holds its own places: what the kernel's cell reads, the browser must name.
        rows, columns = torch.meshgrid(
            torch.arange(-top, x.shape[1] + layer.padding[1]), torch.arange(-left, x.shape[2] + layer.padding[3]),
            indexing="ij",
        )  # fmt: skip
        (sh, sw), (dh, dw) = layer.stride, layer.dilation
        wanted = [plane[ky * dh :: sh, kx * dw :: sw][:height, :width].flatten().tolist() for plane in (rows, columns)]
        assert met == [list(place) for place in zip(*wanted, strict=True)], spec


def test_weights_are_found_where_torch_keeps_them(page: Any) -> None:
    """Of grouped and transposed layers too: weightAt(o, i, ky, kx) is filter o of to_filters."""
    for layer in ("conv2d", "transposed"):
        spec = ConvolutionSpec(layer=layer, channels="maps", groups=2, kernel=("random",) * 6, kernel_size=2)
        (sliding,) = target(spec)
        assert isinstance(sliding, Sliding)
        found = page.evaluate(
            """([shape, weight]) => {
              const layer = new conv.Layer(shape, weight), found = [];
              const places = [[0, 0], [0, 1], [1, 0], [1, 1]];
              for (let o = 0; o < 6; o += 1) {
                for (let i = 0; i < 2; i += 1) found.push(...places.map(([ky, kx]) => layer.weightAt(o, i, ky, kx)));
              }
              return found;
            }""",
            [sliding.layer.describe(), sliding.weight.flatten().tolist()],
        )
        assert found == to_filters(sliding.weight, sliding.layer).flatten().tolist()


def test_the_largest_layers_take_a_few_milliseconds(page: Any) -> None:
    """Under the 16 ms of a frame with room to draw, also on a machine that does something else; 4 ms when idle."""
    largest = {
        "conv": ConvolutionSpec(side=32, channels="maps", kernel=("random",) * 8, kernel_size=7, padding="same"),
        "transposed": ConvolutionSpec(side=32, channels="maps", kernel=("random",) * 8, kernel_size=7, stride=4,
                                      layer="transposed"),
        "max": ConvolutionSpec(side=32, channels="maps", layer="max_pool", kernel_size=7, padding="number",
                               padding_amount=3),
    }  # fmt: skip
    for name, spec in largest.items():
        milliseconds = page.evaluate(
            """(scene) => {
              const plain = {numbers: {layers: scene.layers}, arrays: Object.fromEntries(
                Object.entries(scene.arrays).map(([name, data]) => [name, {data: Float32Array.from(data)}]))};
              const [layer] = conv.readLayers(plain), input = Float32Array.from(scene.input);
              const taken = [];
              for (let k = 0; k < 25; k += 1) {
                const begun = performance.now();
                layer.forward(input);
                taken.push(performance.now() - begun);
              }
              return Math.min(...taken);
            }""",
            scene(spec, 1),
        )
        assert milliseconds < 10, f"{name}: {milliseconds:.1f} ms"
