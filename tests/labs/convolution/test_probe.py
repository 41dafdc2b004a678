"""Probes against torch: terms that add up, channels, relatives, the matrix, the learner, receptive fields."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import pairs, probe
from dlviz.labs.convolution.relatives import relatives
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec
from tests.labs.convolution.checking import a_run, check_sliding
from tests.labs.convolution.drawn import POOLS, ROW, drawn_specs, twin_of

each_layer = pytest.mark.parametrize("layer", LAYERS)
few = settings(max_examples=12)
WITH_WEIGHTS = [name for name in LAYERS if name not in POOLS]


@each_layer
@few
@given(data=st.data())
def test_terms_add_up_to_the_output(layer: str, data: st.DataObject) -> None:
    run = ConvolutionRun(data.draw(drawn_specs([layer])))
    trace = probe.sliding(run)
    with torch.no_grad():
        assert np.array_equal(trace["output"], run.target(run.picture[None])[0].numpy()), "the shown path is the path"
    assert np.array_equal(trace["input"], run.picture.numpy())
    check_sliding(trace)


def test_the_terms_of_a_cell_are_the_patch_times_the_kernel() -> None:
    """Counted by hand: a Sobel kernel on the middle of a ramp."""
    trace = probe.sliding(a_run(picture="ramp", side=6))
    x = trace["input"][0]
    for y, z in ((0, 0), (2, 1), (3, 3)):
        wanted = x[y : y + 3, z : z + 3] * np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
        assert trace["terms"][0, y, z, 0] == pytest.approx(wanted)


def test_what_terms_of_pools_and_transposed_layers_mean() -> None:
    average = probe.sliding(a_run(layer="average_pool", kernel_size=2, stride=2))
    x = average["input"][0]
    assert average["terms"][0, 2, 3, 0] == pytest.approx(x[4:6, 6:8] / 4)
    most = probe.sliding(a_run(layer="max_pool", kernel_size=2, stride=2))
    assert np.count_nonzero(most["terms"]) <= most["output"].size
    winner = most["winner"][0, 2, 3]
    assert most["output"][0, 2, 3] == x.flatten()[winner] == x[4:6, 6:8].max()
    up = probe.sliding(a_run(layer="transposed", stride=2))
    terms, kernel = up["terms"][0, :, :, 0], up["kernel"][0, 0]
    for ky in range(3):
        for kx in range(3):
            assert terms[ky : ky + 24 : 2, kx : kx + 24 : 2, ky, kx] == pytest.approx(x * kernel[ky, kx])
    assert np.count_nonzero(terms[0, 1]) <= 1, "between two cells of the input only one tap falls"


@pytest.mark.parametrize("layer", WITH_WEIGHTS)
@few
@given(data=st.data())
def test_channels_add_up(layer: str, data: st.DataObject) -> None:
    """A channel alone, by torch: the same layer with every other channel dark, less the bias."""
    run = ConvolutionRun(data.draw(drawn_specs([layer])))
    trace = probe.channels(run)
    scale = max(1.0, float(np.abs(trace["partial"]).sum(1).max()))
    assert trace["running"][:, -1] + trace["bias"][:, None, None] == pytest.approx(trace["output"], abs=1e-5 * scale)
    last = run.target[-1]
    for channel in range(len(trace["input"])):
        alone = torch.zeros(1, *trace["input"].shape)
        alone[0, channel] = torch.from_numpy(trace["input"][channel])
        wanted = last(alone)[0].numpy() - trace["bias"][:, None, None]
        for o, i in zip(*np.nonzero(trace["seen"] == channel), strict=True):
            assert trace["partial"][o, i] == pytest.approx(wanted[o], abs=2e-5 * scale)
        unseen = ~(trace["seen"] == channel).any(1)
        assert not np.abs(wanted[unseen]).max(initial=0) > 2e-5 * scale
    y, x = trace["cell"]
    assert trace["products"].sum((2, 3)) == pytest.approx(trace["partial"][:, :, y, x], abs=1e-5 * scale)
    counted = [sum(p.numel() for p in sliding.parameters()) for sliding in run.target]
    assert trace["parameters"].tolist() == counted


def test_the_parameters_of_the_textbook() -> None:
    trace = probe.channels(a_run(channels="rgb", kernel=("average",) * 8, kernel_size=5))
    assert trace["parameters"].tolist() == [(5 * 5 * 3 + 1) * 8]
    assert trace["dense_parameters"].tolist() == [(12 * 12 * 3 + 1) * 8 * 8 * 8]


@settings(max_examples=25)
@given(spec=drawn_specs())
def test_every_relative_is_torch_s(spec: ConvolutionSpec) -> None:
    run = ConvolutionRun(spec)
    trace, known = probe.variants(run), relatives(spec)
    assert set(LAYERS) <= set(known)
    assert known[spec.layer] == spec
    for name, relative in known.items():
        assert relative.layer == ("conv2d" if name == "grouped" else name)
        row = relative.layer in ROW
        x = torch.from_numpy(trace[f"{name}.input"])[None]
        module = twin_of(relative)
        parts = [trace.state[f"{name}.{part}.{i}"] for i in range(2) for part in ("weight", "bias")
                 if f"{name}.{part}.{i}" in trace.state]  # fmt: skip
        with torch.no_grad():
            for theirs, ours in zip(module.parameters(), parts, strict=True):
                theirs.copy_(torch.from_numpy(ours).reshape(theirs.shape))
        wanted = module(x.squeeze(-2)).unsqueeze(-2) if row else module(x)
        scale = max(1.0, float(wanted.detach().abs().max()), *(float(np.abs(part).sum()) for part in parts))
        assert trace[f"{name}.output"] == pytest.approx(wanted[0].detach().numpy(), abs=1e-5 * scale)
        assert int(trace[f"{name}.parameters"].sum()) == sum(part.size for part in parts)
    assert np.array_equal(trace[f"{spec.layer}.output"], run.target(run.picture[None])[0].numpy())


@each_layer
@few
@given(data=st.data())
def test_the_matrix_is_the_layer(layer: str, data: st.DataObject) -> None:
    spec = data.draw(drawn_specs([layer], side=data.draw(st.integers(5, 9))))
    run = ConvolutionRun(spec)
    trace = probe.matrix(run)
    m = trace["matrix"].astype(np.float64)
    scale = max(1.0, float((np.abs(m) @ np.abs(trace["x"])).max()))
    assert m @ trace["x"] + trace["bias"] == pytest.approx(trace["y"], abs=1e-5 * scale)
    assert np.array_equal(trace["y"], run.target(run.picture[None]).flatten().numpy())
    if layer == "max_pool":
        assert set(np.unique(m)) <= {0.0, 1.0}
        assert (m.sum(1) == 1).all()
        return
    other = torch.randn(run.picture.shape, generator=torch.Generator().manual_seed(0))
    wanted = run.target(other[None]).flatten().numpy()
    scale = max(1.0, float((np.abs(m) @ np.abs(other.flatten().numpy())).max()))
    assert m @ other.flatten().numpy() + trace["bias"] == pytest.approx(wanted, abs=1e-5 * scale), "any other picture"


def test_the_matrix_of_a_valid_convolution_is_scipy_s_toeplitz() -> None:
    trace = probe.matrix(a_run(layer="conv1d", side=9, kernel=("random",)))
    weights = trace.state["weight.0"].flatten()
    wanted = scipy.linalg.toeplitz(np.r_[weights[0], np.zeros(6)], np.r_[weights, np.zeros(6)])
    assert np.array_equal(trace["matrix"], wanted.astype(np.float32))


def test_a_matrix_too_large_to_look_at_is_refused() -> None:
    run = a_run(side=32, channels="maps", kernel=("average",) * 8)
    with pytest.raises(InvalidInput, match=r"The matrix must have at most 16,000,000 entries; 7,200 × 4,096 are"):
        probe.matrix(run)


@pytest.mark.parametrize("layer", WITH_WEIGHTS)
def test_the_learner_is_shown_as_it_stands(layer: str) -> None:
    run = a_run(layer=layer, channels="rgb", kernel=("sobel_vertical", "average"), pair_noise=0.1)
    run.advance(10)
    trace = probe.learn(run, count=5)
    x, answers = run.inputs[: pairs.TRAIN], run.answers[: pairs.TRAIN]
    losses = nn.functional.mse_loss(run.network(x), answers)
    slopes = torch.autograd.grad(losses, list(run.network.parameters()))
    for (name, parameter), slope in zip(run.network.named_parameters(), slopes, strict=True):
        i, part = name.split(".")
        assert np.array_equal(trace[f"learned.{part}.{i}"], parameter.detach().numpy())
        assert np.array_equal(trace[f"hidden.{part}.{i}"], run.target.get_parameter(name).numpy())
        assert trace[f"gradient.{part}.{i}"] == pytest.approx(slope.numpy(), rel=1e-4, abs=1e-5)
    assert trace["train_loss"] == pytest.approx(losses.item(), rel=1e-5)
    test = slice(pairs.TRAIN, pairs.TRAIN + 5)
    assert np.array_equal(trace["inputs"], run.inputs[test].numpy())
    assert np.array_equal(trace["predictions"], run.network(run.inputs[test]).detach().numpy())
    assert trace["exact"] == pytest.approx(run.target(run.inputs[test]).numpy(), abs=1e-6)
    assert np.std(trace["answers"] - trace["exact"]) == pytest.approx(0.1, rel=0.2)


@pytest.mark.parametrize("channels", ["grey", "maps"])
def test_the_curvature_is_torch_s_second_derivative(channels: str) -> None:
    groups = 2 if channels == "maps" else 1
    run = a_run(channels=channels, groups=groups, pairs="digits", kernel=("average",) * 2, padding="same")
    trace = probe.learn(run)
    x = run.inputs[:64].double()  # as many pictures as the curvature is taken over
    seen = x.shape[1] // groups

    def loss(flat: torch.Tensor) -> torch.Tensor:
        """Of the first filter alone: the others do not move with it, and the mean is over all."""
        weight, bias = flat[:-1].reshape(1, seen, 3, 3), flat[-1:]
        answer = functional.conv2d(x[:, :seen], weight, bias, padding="same")
        return answer.square().mean() / 2  # two maps

    second = torch.autograd.functional.hessian(loss, torch.zeros(seen * 9 + 1, dtype=torch.float64)).numpy()
    assert trace["hessian"] == pytest.approx(second, rel=1e-5, abs=1e-7)
    assert trace["curvature"] == pytest.approx(np.linalg.eigvalsh(second), rel=1e-4, abs=1e-7)
    if groups == 1:
        assert trace["condition"][0] == pytest.approx(np.linalg.cond(second), rel=1e-3)
        assert trace["fastest"][0] == pytest.approx(2 / np.linalg.eigvalsh(second)[-1], rel=1e-5)
    columns = functional.unfold(functional.pad(x[:, :seen], (1, 1, 1, 1)), 3).permute(0, 2, 1).reshape(-1, seen * 9)
    assert trace["covariance"] == pytest.approx(np.cov(columns.numpy().T, bias=True), abs=1e-6)


def test_flat_pictures_leave_directions_open() -> None:
    trace = probe.learn(a_run(pairs="flat"))
    assert np.isinf(trace["condition"]).all()
    assert np.abs(trace["covariance"]).max() < 1e-12


# Kernels, strides, dilations, and the side of what one number then sees.
STACKS = [
    ((3, 3), (1, 1), (1, 1), 5),
    ((3, 3, 3), (1, 1, 1), (1, 1, 1), 7),
    ((5,), (1,), (1,), 5),
    ((3, 3), (2, 1), (1, 1), 7),
    ((3, 3), (1, 1), (2, 4), 13),
    ((7, 2, 4), (4, 3, 2), (1, 2, 3), 123),
]


@pytest.mark.parametrize(("kernels", "strides", "dilations", "side"), STACKS)
def test_the_receptive_field_is_where_torch_s_gradient_reaches(
    kernels: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...], side: int
) -> None:
    trace = probe.receptive(a_run(stack_kernels=kernels, stack_strides=strides, stack_dilations=dilations))
    assert trace["field"][-1] == side
    stack = nn.Sequential(*(nn.Conv2d(1, 1, k, s, dilation=d, bias=False)
                            for k, s, d in zip(kernels, strides, dilations, strict=True)))  # fmt: skip
    for parameter in stack.parameters():
        nn.init.ones_(parameter)
    x = torch.zeros(1, 1, side, side, requires_grad=True)
    output = stack(x)
    assert output.shape[2:] == (1, 1), "no smaller picture would do, and this one gives a single number"
    output.sum().backward()
    assert np.array_equal(trace["paths"], x.grad[0, 0].double().numpy())
    assert trace["weights"][-1] == sum(p.numel() for p in stack.parameters())
    assert trace["jump"].tolist() == np.cumprod(strides).tolist()
    assert (
        trace["profile.0"].tolist() == np.isin(np.arange(trace["field"][0]) % dilations[0], [0]).astype(float).tolist()
    )


def test_two_threes_see_what_a_five_sees_with_fewer_weights() -> None:
    trace = probe.receptive(a_run(stack_kernels=(3, 3), stack_strides=(1, 1), stack_dilations=(1, 1)))
    assert (trace["field"][-1], trace["weights"][-1], trace["single"][-1]) == (5, 18, 25)
    three = probe.receptive(a_run(stack_kernels=(3, 3, 3), stack_strides=(1,) * 3, stack_dilations=(1,) * 3))
    assert (three["field"][-1], three["weights"][-1], three["single"][-1]) == (7, 27, 49)


def test_the_deepest_stack_still_answers() -> None:
    trace = probe.receptive(a_run(stack_kernels=(7,) * 6, stack_strides=(4,) * 6, stack_dilations=(4,) * 6))
    assert trace["field"][-1] == 1 + 24 * (4**6 - 1) // 3
    assert trace["profile.5"].sum() == 7**6
    assert "paths" not in trace.arrays


def test_the_influence_is_the_kernel_laid_on_the_picture() -> None:
    trace = probe.receptive(a_run(kernel=("random",)))
    assert np.array_equal(trace["influence"][0, 5:8, 5:8], trace.state["weight.0"][0, 0])
    assert np.count_nonzero(trace["influence"]) == 9
