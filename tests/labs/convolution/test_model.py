"""The layers against torch.nn, torch.nn.functional and scipy: values, gradients, sizes, counts, and what is refused."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator, Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import model, plan, unfold
from dlviz.labs.convolution.geometry import Layer, padding_cells
from dlviz.labs.convolution.model import Sliding
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec
from tests.labs.convolution.drawn import POOLS, ROW, difference, drawn_settings, drawn_specs, give, twin, twin_of

CLOSE = 1e-5
each_layer = pytest.mark.parametrize("layer", LAYERS)
many = settings(max_examples=50)  # for each of the ten layers


def a_batch(spec: ConvolutionSpec, seed: int = 0) -> Tensor:
    size = spec.layers[0].input_size
    return torch.randn(2, spec.in_channels, *size, generator=Generator().manual_seed(seed))


def largest_sum(network: nn.Module, x: Tensor) -> float:
    """The largest sum of absolute products: what rounding is a share of."""
    with torch.no_grad():
        positive = {name: p.abs() for name, p in network.named_parameters()}
        return float(torch.func.functional_call(network, positive, x.abs()).max())


def twin_output(module: nn.Module, x: Tensor, row: bool) -> Tensor:
    found: Tensor = module(x.squeeze(-2)).unsqueeze(-2) if row else module(x)
    return found


@each_layer
@many
@given(data=st.data())
def test_output_and_gradients_equal_torch_nn(layer: str, data: st.DataObject) -> None:
    spec = data.draw(drawn_specs([layer]))
    row = layer in ROW
    ours = model.target(spec).requires_grad_()
    theirs = give(twin_of(spec), ours, row)
    x = a_batch(spec).requires_grad_()
    y = x.detach().clone().requires_grad_()
    found, wanted = ours(x), twin_output(theirs, y, row)
    scale = max(1.0, largest_sum(ours, x))
    assert difference(found, wanted, scale) < CLOSE
    assert list(found.shape[1:]) == [spec.layers[-1].outputs, *spec.layers[-1].output_size]
    slope = torch.randn(found.shape, generator=Generator().manual_seed(1))
    mine = torch.autograd.grad(found, [x, *ours.parameters()], slope)
    other = torch.autograd.grad(wanted, [y, *theirs.parameters()], slope)
    for one, two in zip(mine, other, strict=True):
        assert difference(one.reshape(two.shape), two, max(1.0, float(two.abs().sum()) / 100)) < CLOSE


@each_layer
@many
@given(data=st.data())
def test_sizes_and_counts_equal_torch_s(layer: str, data: st.DataObject) -> None:
    spec = data.draw(drawn_specs([layer]))
    x = a_batch(spec)
    for sliding in model.build(spec):
        assert isinstance(sliding, Sliding)
        assert tuple(x.shape[1:]) == (sliding.layer.inputs, *sliding.layer.input_size)
        x = sliding(x)
        assert tuple(x.shape[1:]) == (sliding.layer.outputs, *sliding.layer.output_size)
        assert sum(p.numel() for p in sliding.parameters()) == sliding.layer.parameters
        assert sliding.layer.describe()["parameters"] == sliding.layer.parameters
        if sliding.layer.has_weights:
            n_in = sliding.layer.inputs * sliding.layer.input_size[0] * sliding.layer.input_size[1]
            dense = nn.Linear(n_in, x[0].numel(), device="meta")  # counted, not filled: it may have millions
            assert sum(p.numel() for p in dense.parameters()) == sliding.layer.dense_parameters
    twins = twin_of(spec)
    assert sum(p.numel() for p in twins.parameters()) == sum(each.parameters for each in spec.layers)


@each_layer
@settings(max_examples=10)
@given(data=st.data())
def test_multiplications_are_those_that_torch_counts(layer: str, data: st.DataObject) -> None:
    spec = data.draw(drawn_specs([layer]))
    with FlopCounterMode(display=False) as counter:
        model.build(spec)(a_batch(spec)[:1])
    # torch counts a multiplication and an addition for each.
    assert counter.get_total_flops() == 2 * sum(each.multiplications for each in spec.layers)


@settings(max_examples=200)
@given(data=st.data())
def test_a_convolution_is_unfold_and_a_matrix_product(data: st.DataObject) -> None:
    """torch.nn.functional.unfold gives the same patches, and conv2d their product with the kernel."""
    spec = data.draw(drawn_specs(("conv2d", "conv1d", "causal", "depthwise", "pointwise")))
    x = a_batch(spec)
    (sliding,) = model.target(spec)
    assert isinstance(sliding, Sliding)
    layer = sliding.layer
    columns = functional.unfold(unfold.padded(layer, x), layer.kernel_size, layer.dilation, 0, layer.stride)
    mine = unfold.patches(layer, x)
    theirs = columns.reshape(2, layer.inputs, *layer.kernel_size, *layer.output_size).permute(0, 1, 4, 5, 2, 3)
    assert torch.equal(mine, theirs)
    by_group = columns.reshape(2, layer.groups, -1, columns.shape[-1])
    weights = sliding.weight.reshape(layer.groups, layer.outputs // layer.groups, -1)
    product = torch.einsum("goi,bgip->bgop", weights, by_group).reshape(2, layer.outputs, *layer.output_size)
    found = sliding(x)
    assert difference(found, product + sliding.bias[:, None, None], max(1.0, largest_sum(sliding, x))) < CLOSE


@settings(max_examples=200)
@given(data=st.data())
def test_a_convolution_is_what_scipy_calls_correlation(data: st.DataObject) -> None:
    """And with the kernel turned what scipy calls convolution. Both know valid, same and full, and a stride of one."""
    way = data.draw(st.sampled_from(("valid", "same", "full")))
    kernel_size = data.draw(st.integers(1, 7))
    if way == "same" and kernel_size % 2 == 0:
        kernel_size -= 1  # of an even kernel's odd cell of padding scipy puts the other end first
    side = data.draw(st.integers(kernel_size, 16))
    channels = data.draw(st.sampled_from(("grey", "rgb", "maps")))
    spec = ConvolutionSpec(channels=channels, side=side, kernel=("random",) * 3, kernel_size=kernel_size, padding=way,
                           flip=data.draw(st.booleans()), seed=data.draw(st.integers(0, 999)))  # fmt: skip
    x = a_batch(spec, spec.seed)[0]
    written = model.designed(spec)[0][0].double().numpy()  # before any turn
    slide = scipy.signal.convolve2d if spec.flip else scipy.signal.correlate
    wanted = [sum(slide(plane, kernel, way) for plane, kernel in zip(x.double().numpy(), filters, strict=True))
              for filters in written]  # fmt: skip
    found = model.target(spec)(x[None])[0].numpy()
    assert np.abs(found - np.stack(wanted)).max() < CLOSE * max(1, np.abs(wanted).max())


SCIPY_MODES = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest", "circular": "wrap"}


@pytest.mark.parametrize("mode", SCIPY_MODES)
@pytest.mark.parametrize("kernel_size", [1, 3, 5, 7])
@pytest.mark.parametrize("dilation", [1, 2])
def test_padding_is_scipy_s(mode: str, kernel_size: int, dilation: int) -> None:
    spec = ConvolutionSpec(side=14, kernel=("random",), kernel_size=kernel_size, padding="same", padding_mode=mode,
                           dilation=dilation)  # fmt: skip
    x = a_batch(spec)
    spread = np.zeros((dilation * (kernel_size - 1) + 1,) * 2)
    spread[::dilation, ::dilation] = model.target(spec)[0].weight[0, 0].numpy()
    wanted = scipy.ndimage.correlate(x[0, 0].double().numpy(), spread, mode=SCIPY_MODES[mode])
    found = model.target(spec)(x)[0, 0].numpy()
    assert np.abs(found - wanted).max() < CLOSE


def test_a_transposed_convolution_is_the_transpose() -> None:
    """⟨conv(x), y⟩ = ⟨x, transposed(y)⟩ with the same weights: what gave the layer its name."""
    generator = Generator().manual_seed(0)
    for stride, padding, dilation, groups in itertools.product((1, 2, 3), (0, 1), (1, 2), (1, 2)):
        down = Layer("conv", 4, 2, (9, 9), (3, 3), (stride,) * 2, (dilation,) * 2, (padding,) * 4, groups=groups)
        up = Layer("transposed", 2, 4, down.output_size, (3, 3), (stride,) * 2, (dilation,) * 2, (padding,) * 4,
                   groups=groups)  # fmt: skip
        one, other = Sliding(down).requires_grad_(False), Sliding(up).requires_grad_(False)
        one.weight.copy_(torch.randn(down.weight_shape, generator=generator))
        other.weight.copy_(one.weight)
        x = torch.randn(1, 4, *up.output_size, generator=generator)
        y = torch.randn(1, 2, *down.output_size, generator=generator)
        whole = functional.pad(x, (0, 9 - x.shape[3], 0, 9 - x.shape[2]))  # cells that the stride never reaches
        assert float((one(whole) * y).sum()) == pytest.approx(float((x * other(y)).sum()), abs=1e-3)


def by_choice(given: dict[str, Any]) -> bool:
    """What our plan refuses by choice, though torch would do it or has no such setting to refuse."""
    layer, mode = given["layer"], given["padding_mode"]
    if layer == "transposed":
        return given["padding"] in ("same", "full")  # torch would take so many cells away, and call it padding
    if layer == "causal":
        return mode in ("reflect", "circular")  # it would see what comes after it in its own padding
    if layer in POOLS:
        # torch's pools have no padding_mode, average pooling no dilation; global pooling ignores all of it.
        return layer != "global_average_pool" and (
            mode != "zeros" or (layer == "average_pool" and given["dilation"] > 1)
        )
    return False


@settings(max_examples=600)
@given(given_settings=drawn_settings())
def test_what_is_refused_is_what_torch_refuses(given_settings: dict[str, Any]) -> None:
    if by_choice(given_settings):
        with pytest.raises(InvalidInput):
            ConvolutionSpec(**given_settings)
        return
    layer, side = given_settings["layer"], given_settings["side"]
    channels = {"grey": 1, "rgb": 3, "maps": 4}[given_settings["channels"]]
    try:
        module = twin(layer, channels, len(given_settings["kernel"]), given_settings)
        found = module(torch.zeros(1, channels, *((side,) if layer in ROW else (side, side))))
    except (RuntimeError, ValueError):
        with pytest.raises(InvalidInput):
            ConvolutionSpec(**given_settings)
    else:
        spec = ConvolutionSpec(**given_settings)
        size = spec.layers[-1].output_size
        assert tuple(found.shape[1:]) == (spec.layers[-1].outputs, *(size[1:] if layer in ROW else size))


# --- the weights -----------------------------------------------------------------------------------


@settings(max_examples=100)
@given(spec=drawn_specs())
def test_filters_and_torch_s_layout_are_one_another_s_inverse(spec: ConvolutionSpec) -> None:
    for weight, layer in zip(model.designed(spec)[0], spec.layers, strict=True):
        if layer.has_weights:
            filters = model.to_filters(weight, layer)
            assert filters.shape == (layer.outputs, layer.inputs // layer.groups, *layer.kernel_size)
            assert torch.equal(model.to_torch(filters, layer), weight)


def test_transposed_filters_reach_the_outputs_they_are_meant_for() -> None:
    """Filter o of a grouped transposed layer sees the channels of its group alone."""
    spec = ConvolutionSpec(layer="transposed", channels="maps", groups=2, kernel=("random",) * 4)
    (sliding,) = model.target(spec)
    assert isinstance(sliding, Sliding)
    for channel in range(4):
        x = torch.zeros(1, 4, 12, 12)
        x[0, channel, 5, 5] = 1
        answered = [o for o in range(4) if sliding(x)[0, o].abs().max() > 0]
        assert answered == ([0, 1] if channel < 2 else [2, 3])
        filters = model.to_filters(sliding.weight, sliding.layer)
        for o in answered:
            assert torch.equal(sliding(x)[0, o, 5:8, 5:8], filters[o, channel % 2])


def test_weights_of_one_s_own_are_read_layer_by_layer() -> None:
    spec = ConvolutionSpec(layer="separable", channels="rgb", kernel=("average",) * 2)
    count = plan.weight_count(spec)
    spec = dataclasses.replace(spec, weights=tuple(float(i) for i in range(33)), bias=(7.0,))
    deep, mixing = model.target(spec)
    assert count == 27 + 6
    assert deep.weight.flatten().tolist() == list(range(27))
    assert mixing.weight.flatten().tolist() == list(range(27, 33))
    assert deep.bias.tolist() == [0, 0, 0]
    assert mixing.bias.tolist() == [7, 7]


@settings(max_examples=50)
@given(spec=drawn_specs([name for name in LAYERS if name not in POOLS]))
def test_a_turned_kernel_is_the_kernel_turned(spec: ConvolutionSpec) -> None:
    turned = model.target(dataclasses.replace(spec, flip=True))
    plain = model.target(dataclasses.replace(spec, flip=False))
    for one, other in zip(turned, plain, strict=True):
        assert torch.equal(one.weight, torch.rot90(other.weight, 2, (-2, -1)))


def test_random_weights_come_from_the_seed_alone() -> None:
    spec = ConvolutionSpec(kernel=("random", "sobel_vertical", "random"), seed=4)
    torch.manual_seed(0)
    first = model.target(spec)[0].weight
    torch.rand(5)
    assert torch.equal(model.target(spec)[0].weight, first)
    assert not torch.equal(first[0], first[2])
    assert not torch.equal(model.target(dataclasses.replace(spec, seed=5))[0].weight[0], first[0])


def test_a_fresh_layer_begins_as_torch_s_does() -> None:
    """Uniform in ±1/√fan_in, which is what reset_parameters of Conv2d draws."""
    spec = ConvolutionSpec(channels="maps", kernel=("average",) * 8, kernel_size=7)
    weight = model.fresh(spec, Generator().manual_seed(0))[0].weight.detach()
    bound = (4 * 49) ** -0.5
    assert bound * 0.99 < float(weight.abs().max()) <= bound
    assert float(weight.std()) == pytest.approx(float(nn.Conv2d(4, 8, 7).weight.detach().std()), rel=0.05)


def test_padding_cells_are_the_plan_s() -> None:
    for layer, way, k, d, amount in itertools.product(
        ("conv2d", "causal"), ("valid", "same", "full", "number"), range(1, 8), range(1, 5), (0, 3)
    ):
        spec = ConvolutionSpec(layer=layer, side=32, kernel=("random",), kernel_size=k, dilation=d, padding=way,
                               padding_amount=amount)  # fmt: skip
        known = padding_cells("causal" if layer == "causal" else way, k, d, amount)
        assert spec.layers[0].padding[2:] == known


# --- a run -----------------------------------------------------------------------------------------


def test_the_target_of_a_run_is_the_layer_on_the_stage() -> None:
    run = ConvolutionRun(ConvolutionSpec(kernel=("gaussian", "edge")))
    assert torch.equal(run.target(run.picture[None]), model.target(run.spec)(run.picture[None]))
    assert not any(p.requires_grad for p in run.target.parameters())
