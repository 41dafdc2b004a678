"""The read-outs of the symmetry panel against scikit-learn, its moves and filters against numpy and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d
from sklearn.linear_model import Ridge
from torch.nn import functional

from dlviz.core.errors import InvalidInput
from dlviz.data.digits import mnist_5k
from dlviz.labs.convolution import symmetry
from dlviz.labs.convolution.kernels import kernel
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec

HELD = np.arange(5000) % 5 == 0


def digits() -> tuple[np.ndarray, np.ndarray]:
    pictures, labels = mnist_5k()
    return pictures.astype(np.float64) / 255, labels.astype(int)


def moved(pictures: np.ndarray, down: int, right: int) -> np.ndarray:
    """By slices, where the code pads."""
    found = np.zeros_like(pictures)
    h, w = pictures.shape[-2:]
    found[..., max(down, 0) : h + min(down, 0), max(right, 0) : w + min(right, 0)] = pictures[
        ..., max(-down, 0) : h + min(-down, 0), max(-right, 0) : w + min(-right, 0)
    ]
    return found


def answer(picture: np.ndarray, weights: np.ndarray, wrap: bool = False) -> np.ndarray:
    """ReLU of the correlation, of the size of the picture."""
    found = correlate2d(picture, weights, mode="same", boundary="wrap" if wrap else "fill")
    return np.maximum(found, 0)


def test_the_pixel_read_out_and_its_curve_are_those_of_scikit_learn() -> None:
    pictures, labels = digits()
    model = Ridge(alpha=symmetry.RIDGE, solver="cholesky")
    model.fit(pictures[~HELD].reshape(4000, -1), np.eye(10)[labels[~HELD]])
    weight, bias = symmetry.read_outs()["pixels"]
    np.testing.assert_allclose(weight.numpy(), model.coef_, atol=1e-3)
    np.testing.assert_allclose(bias.numpy(), model.intercept_, atol=1e-3)
    curve = symmetry.accuracies(False)[symmetry.HEADS.index("pixels")].numpy()
    for step in (0, 1, 3, 6):
        right = [
            np.mean(model.predict(moved(pictures[HELD], *way).reshape(1000, -1)).argmax(1) == labels[HELD])
            for way in ((0, step), (0, -step), (step, 0), (-step, 0))
        ]
        assert curve[step] == pytest.approx(np.mean(right), abs=0.0011), step


@pytest.mark.parametrize("head", symmetry.HEADS)
def test_ridge_in_closed_form_is_scikit_learns(head: str) -> None:
    pictures, labels = symmetry.digits()
    few = torch.arange(0, 5000, 13)
    inputs = symmetry.features(pictures[few])[head]
    weight, bias = symmetry.ridge(inputs, functional.one_hot(labels[few], 10).float())
    model = Ridge(alpha=symmetry.RIDGE).fit(inputs.double().numpy(), np.eye(10)[labels[few]])
    np.testing.assert_allclose(weight.numpy(), model.coef_, atol=1e-3)
    np.testing.assert_allclose(bias.numpy(), model.intercept_, atol=1e-3)


@pytest.mark.parametrize("wrap", [False, True])
def test_the_features_are_filter_relu_and_pooling(wrap: bool) -> None:
    pictures, _ = digits()
    some = pictures[[3, 777, 4000]]
    found = symmetry.features(torch.from_numpy(some).float(), wrap)
    bank = symmetry.bank().numpy()
    assert bank.shape == (8, 3, 3)
    assert np.array_equal(bank[0], kernel("sobel_vertical", 3))
    assert np.array_equal(bank[5], np.rot90(np.array(kernel("emboss", 3))))
    for i, picture in enumerate(some):
        maps = np.stack([answer(picture, each, wrap) for each in bank])
        two = maps.reshape(8, 14, 2, 14, 2).max((2, 4))
        four = maps.reshape(8, 7, 4, 7, 4).max((2, 4))
        both = np.concatenate([maps.max((1, 2)), maps.mean((1, 2))])
        for head, expected in {"pixels": picture, "pooled2": two, "pooled4": four, "global": both}.items():
            np.testing.assert_allclose(found[head][i].numpy(), expected.ravel(), atol=1e-5)


@pytest.mark.parametrize("move", [(0, 0), (2, -3), (-6, 6), (1, 0)])
def test_shifting_is_slicing_and_rolling(move: tuple[int, int]) -> None:
    pictures, _ = digits()
    given = torch.from_numpy(pictures[:3])
    assert np.array_equal(symmetry.shifted(given, move).numpy(), moved(pictures[:3], *move))
    assert np.array_equal(symmetry.shifted(given, move, True).numpy(), np.roll(pictures[:3], move, (1, 2)))


@pytest.mark.parametrize("move", [(0, 0), (0, 4), (-3, 2), (5, -6)])
@pytest.mark.parametrize("side", [1, 3, 5])
def test_convolution_commutes_with_shifting_away_from_the_border_and_only_there(
    move: tuple[int, int], side: int
) -> None:
    rng = np.random.default_rng(side)
    picture, weights = rng.random((28, 28)), rng.normal(size=(side, side))
    difference = np.abs(answer(moved(picture, *move), weights) - moved(answer(picture, weights), *move))
    whole = np.zeros((28, 28), bool)  # cells whose kernel saw the picture alone, by trying every one of them
    for y in range(28):
        for x in range(28):
            rows = [y + k for k in range(-(side // 2), side // 2 + 1)]
            columns = [x + k for k in range(-(side // 2), side // 2 + 1)]
            after = all(0 <= at < 28 for at in rows + columns)
            before = all(0 <= at - move[0] < 28 for at in rows) and all(0 <= at - move[1] < 28 for at in columns)
            whole[y, x] = after and before
    given = torch.from_numpy(picture).float(), torch.from_numpy(weights).float()
    inside, border = symmetry.equivariance_error(*given, move)
    assert inside == pytest.approx(difference[whole].max(), abs=1e-5)
    assert inside < 1e-5
    assert border == pytest.approx(difference[~whole].max(initial=0), abs=1e-5)
    if side > 1 and move != (0, 0):
        assert border > 0.01, "a picture full to the edge is spoiled there"
    around = symmetry.equivariance_error(*given, move, True)
    assert max(around) < 1e-5


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"channels": "rgb", "kernel": ("random", "average")},
        {"channels": "maps", "kernel": ("random",) * 4, "groups": 2, "dilation": 2},
        {"layer": "transposed", "channels": "rgb", "kernel": ("random", "edge", "random"), "kernel_size": 4},
        {"layer": "conv1d", "kernel": ("random",)},
        {"layer": "separable", "channels": "rgb"},
        {"layer": "pointwise", "channels": "rgb"},
    ],
    ids=str,
)
def test_the_stages_first_filter_on_a_grey_picture(changes: dict[str, object]) -> None:
    spec = ConvolutionSpec(side=12, **changes)  # type: ignore[arg-type]
    run = ConvolutionRun(spec)
    found, _ = symmetry.stage_filter(run)
    layer = spec.layers[0]
    grey = torch.rand(9, 9, generator=torch.Generator().manual_seed(1))
    every = grey.expand(1, layer.inputs, 9, 9)
    weight = run.target[0].weight
    if layer.kind == "transposed":
        whole = functional.conv_transpose2d(every, weight, groups=layer.groups, dilation=layer.dilation)[0, 0]
        kh, kw = found.shape
        expected = whole[kh // 2 : kh // 2 + 9, kw // 2 : kw // 2 + 9]
    else:
        expected = functional.conv2d(every, weight, padding="same", groups=layer.groups, dilation=layer.dilation)[0, 0]
    answered = symmetry.filtered(grey[None], found[None])[0, 0]
    torch.testing.assert_close(answered, expected, atol=1e-5, rtol=1e-5)


def test_a_layer_without_weights_lends_sobel() -> None:
    found, name = symmetry.stage_filter(ConvolutionRun(ConvolutionSpec(layer="max_pool")))
    assert found.tolist() == kernel("sobel_vertical", 3)
    assert name == "Sobel, vertical edges"


def test_the_trace_says_what_was_measured_on_what() -> None:
    run = ConvolutionRun(ConvolutionSpec(digit=7))
    trace = symmetry.symmetry(run)
    pictures, labels = mnist_5k()
    assert trace["held_out"].tolist() == [1000, 4000]
    assert trace["labels"].tolist() == [digit for digit in range(10) for _ in range(3)]
    assert np.array_equal(trace["pictures"][21], pictures[labels == 7][0]), "the digit of the stage, held out"
    assert np.array_equal(trace["output"], run.target(run.picture[None])[0].numpy())
    assert trace["accuracy"].shape == (4, 7)
    weight, bias = trace.state["pooled4.weight"], trace.state["pooled4.bias"]
    shown = symmetry.features(torch.from_numpy(trace["pictures"].astype(np.float32) / 255))["pooled4"].numpy()
    assert np.mean((shown @ weight.T + bias).argmax(1) == trace["labels"]) > 0.8
    assert trace.state["heads"].tolist() == list(symmetry.HEADS)
    trace.state["pooled4.weight"][:] = 0
    assert symmetry.symmetry(run).state["pooled4.weight"].any(), "what is kept is not what is handed out"


def test_what_pooling_keeps_a_dense_layer_loses() -> None:
    """The sentence of the panel, on a thousand digits."""
    pixels, pooled2, pooled4, whole = symmetry.accuracies(False).numpy()
    assert pixels[0] > 0.8
    assert pixels[2] < pooled2[2] - 0.2
    assert pixels[2] < pooled4[2] - 0.2
    assert np.ptp(whole) < 0.05
    around = symmetry.accuracies(True).numpy()
    assert np.ptp(around[3]) < 0.002, "around the edge, global pooling cannot know of a move"


def test_wrap_is_a_flag() -> None:
    with pytest.raises(InvalidInput, match=r"symmetry\.wrap must be true or false\. Got 'yes'\."):
        symmetry.symmetry(ConvolutionRun(ConvolutionSpec()), wrap="yes")  # type: ignore[arg-type]
