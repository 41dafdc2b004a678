"""An input or a kernel of one's own: what it makes, what is refused, and the words of the refusal."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import event, given, settings
from hypothesis import strategies as st

from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import probe
from dlviz.labs.convolution.pixels import encode
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import LAYERS, MOST_WEIGHTS, OWN_PIXELS_LENGTH, ConvolutionSpec
from dlviz.training import frames
from dlviz.training.driver import Driver
from tests.labs.convolution.checking import a_run, check_sliding, magnitude
from tests.labs.convolution.drawn import ROW, drawn_specs, give, twin_of

each_layer = pytest.mark.parametrize("layer", LAYERS)
few = settings(max_examples=12)
THREE = np.ones((3, 3))


@each_layer
@few
@given(data=st.data())
def test_an_input_of_one_s_own_at_any_size(layer: str, data: st.DataObject) -> None:
    spec = data.draw(drawn_specs([layer]))
    height, width = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    own = np.random.default_rng(0).normal(size=(spec.in_channels, height, width))
    run = ConvolutionRun(spec)
    module = give(twin_of(spec), run.target, layer in ROW)
    x = torch.from_numpy(own[:, height // 2] if layer in ROW else own).float()
    try:
        wanted = module(x[None])[0].detach().numpy()
    except RuntimeError:
        with pytest.raises(InvalidInput, match="input must"):
            probe.sliding(run, input=own)
        return
    trace = probe.sliding(run, input=own)
    found = trace["output"][:, 0] if layer in ROW else trace["output"]
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < 1e-5 * magnitude(trace)
    check_sliding(trace)


@settings(max_examples=80)
@given(spec=drawn_specs(("conv2d", "depthwise", "transposed")), kh=st.integers(1, 9), kw=st.integers(1, 9))
def test_a_kernel_of_one_s_own_of_any_size(spec: ConvolutionSpec, kh: int, kw: int) -> None:
    own = np.random.default_rng(1).normal(size=(kh, kw)).astype(np.float32)
    run = ConvolutionRun(dataclasses.replace(spec, bias=()))
    try:
        trace = probe.sliding(run, kernel=own)
    except InvalidInput as problem:
        refused = str(problem)
    else:
        refused = ""
    if refused:
        event("refused")
        assert f"{kh} × {kw}" in refused
        assert spec.layer == "transposed" or spec.padding_mode in ("reflect", "circular") or "fit" in refused
        return
    slid = np.rot90(own, 2) if spec.flip else own
    assert all(np.array_equal(part, slid) for filters in trace["kernel"] for part in filters)
    check_sliding(trace)
    if (spec.layer, spec.padding, spec.stride, spec.dilation, spec.groups) == ("conv2d", "valid", 1, 1, 1):
        whole = trace["input"].astype(np.float64).sum(0)
        wanted = scipy.signal.correlate2d(whole, slid, mode="valid")
        assert np.abs(trace["output"][0] - wanted).max() < 1e-5 * magnitude(trace)


def test_kernels_of_one_s_own_in_every_shape() -> None:
    chance = np.random.default_rng(2)
    rgb = a_run(channels="rgb", kernel=("average", "average"))
    one, three, six = (chance.normal(size=size).astype(np.float32) for size in ((3, 3), (3, 3, 3), (2, 3, 5, 5)))
    assert probe.sliding(rgb, kernel=one)["kernel"].shape == (1, 3, 3, 3)
    assert np.array_equal(probe.sliding(rgb, kernel=three)["kernel"], three[None])
    assert np.array_equal(probe.sliding(rgb, kernel=six.tolist())["kernel"], six)
    deep = a_run(channels="rgb", layer="separable")
    mixed = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    trace = probe.sliding(deep, kernel=three, pointwise=mixed)
    assert np.array_equal(trace["kernel"][:, 0], three)
    assert trace["pointwise"].shape == (4, 3, 1, 1)
    assert np.array_equal(trace["output"][:3], trace["middle"])
    assert trace["output"][3] == pytest.approx(trace["middle"].sum(0), abs=1e-5)
    check_sliding(trace)
    depth_terms = trace["depthwise_terms"].sum((3, 4, 5)) + trace["depthwise_bias"][:, None, None]
    assert depth_terms == pytest.approx(trace["middle"], abs=1e-5)
    row = a_run(layer="causal")
    assert probe.sliding(row, kernel=[1, 2, 3])["output"].shape == (1, 1, 12), (
        "as long as the input, whatever the kernel"
    )
    assert probe.sliding(row, input=np.arange(5.0))["input"].tolist() == [[[0, 1, 2, 3, 4]]]


BAD_INPUT = [
    ([[1.0, float("nan")]], "input must hold numbers between -1e+06 and 1e+06. Got nan."),
    ([[1.0, float("inf")]], "input must hold numbers between -1e+06 and 1e+06. Got inf."),
    ([[1e30]], "input must hold numbers between"),
    ([1.0, 2.0], "input must be numbers of shape (height, width) or (channel, height, width). Got '2'."),
    (np.zeros((1, 1, 1, 1)), "input must be numbers of shape (height, width) or (channel, height, width)."),
    (3.0, "input must be numbers of shape (height, width) or (channel, height, width). Got 'a single number'."),
    (np.zeros((0, 4)), "input must not be empty. Got '0 × 4'."),
    (np.zeros((65, 4)), "input must be at most 64 × 64. Got '65 × 4'."),
    (np.zeros((2, 8, 8)), "input must have the 1 channel of channels=grey. Got '2 channels of 8 × 8'. Try 1 × 8 × 8."),
    (np.zeros((3, 8, 8)), "input must have the 1 channel of channels=grey. Got '3 channels of 8 × 8'. Try channels=r"),
    (np.zeros((2, 2)), "input must fit: a kernel of 3 × 3 reaches over 3 × 3 cells, more than the 2 × 2 of the"),
    ("pixels", "input must be numbers of shape"),
    ([[1, 2], [3]], "input must be numbers of shape"),
    ([[1j]], "input must be numbers of shape"),
    ({"a": 1}, "input must be numbers of shape"),
]  # fmt: skip
BAD_KERNEL = [
    (np.full((3, 3), np.nan), "kernel must hold numbers between"),
    (np.zeros((13, 13)), "kernel must fit: a kernel of 13 × 13 reaches over 13 × 13 cells, more than the 12 × 12"),
    (np.zeros((2, 3, 3)), "kernel must be 1 × 3 × 3 for each filter, a slice for each channel it sees. Got '2 × 3"),
    (np.zeros((65, 1, 3, 3)), "kernel must hold 1 to 64 filters. Got '65 filters'."),
    ([], "kernel must be numbers of shape"),
    ([[]], "kernel must not be empty."),
    ("sobel", "kernel must be numbers of shape"),
]  # fmt: skip


@pytest.mark.parametrize(("given_input", "words"), BAD_INPUT, ids=lambda value: str(value)[:30])
def test_bad_input_is_refused_in_words(given_input: Any, words: str) -> None:
    run = a_run()
    before = run.snapshot()
    for each in (probe.sliding, probe.channels, probe.matrix):
        with pytest.raises(InvalidInput) as refused:
            each(run, input=given_input)
        assert str(refused.value).startswith(words)
    assert run.snapshot().plain == before.plain


@pytest.mark.parametrize(("given_kernel", "words"), BAD_KERNEL, ids=lambda value: str(value)[:30])
def test_a_bad_kernel_is_refused_in_words(given_kernel: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        probe.sliding(a_run(), kernel=given_kernel)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("changes", "options", "words"),
    [
        ({"layer": "max_pool"}, {"kernel": THREE}, "kernel needs a layer with weights, and pooling has none."),
        ({"layer": "pointwise"}, {"kernel": THREE}, "kernel must be 1 × 1 for a pointwise layer. Got '3 × 3'."),
        ({"layer": "conv1d"}, {"kernel": THREE}, "kernel must have one row for a one-dimensional layer."),
        ({"channels": "rgb", "layer": "depthwise"}, {"kernel": np.ones((2, 3, 3))}, "kernel must be 3 × 3 × 3, a"),
        ({"channels": "maps", "groups": 2, "kernel": ("average",) * 2}, {"kernel": np.ones((3, 2, 3, 3))},
         "kernel must hold 1 to 64 filters, a multiple of the 2 groups. Got '3 filters'."),
        ({"kernel": ("average",) * 2, "bias": (1.0, 2.0)}, {"kernel": np.ones((3, 1, 3, 3))},
         "kernel must hold a filter for each of the 2 biases. Got '3 filters'. Try one bias for all."),
        ({"padding": "number", "padding_mode": "reflect", "padding_amount": 3}, {"input": np.ones((3, 9))},
         "input must be one that reflect padding can surround: 3 × 3 cells on a side, at most 2 × 8 here. Got"),
        ({"layer": "transposed", "padding": "number", "padding_amount": 2}, {"kernel": np.ones((1, 3)), "input": [[1]]},
         "kernel must leave something: padding takes 2 cells off every side of what 1 × 1 and 1 × 3 make."),
        ({"padding": "full"}, {"input": np.ones((64, 64)), "kernel": np.ones((64, 64))}, "kernel must make at most"),
        ({}, {"pointwise": [[1]]}, "pointwise is the second half of the layer separable. Got 'conv2d'."),
        ({"layer": "separable", "channels": "rgb"}, {"pointwise": [[1, 2]]}, "pointwise must be 1 to 64 rows of 3"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_does_not_go_with_the_layer_is_refused(changes: Any, options: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        probe.sliding(a_run(**changes), **options)
    assert str(refused.value).startswith(words)


# --- over the socket -------------------------------------------------------------------------------

NAN = float("nan")
BAD_CHANGES = [
    ({"weights": [NAN] + [0.0] * 8}, "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]. Got nan."),
    ({"weights": [1e9] + [0.0] * 8}, "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]."),
    ({"weights": [None] * 9}, "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]. Got None."),
    ({"weights": ["1"] * 9}, "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]. Got '1'."),
    ({"weights": [0.0] * 8}, "ConvolutionSpec.weights must be 9 numbers (1 × 1 × 3 × 3). Got "),
    ({"weights": [0.0] * (MOST_WEIGHTS + 1)}, "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]."),
    ({"weights": "1_x"}, "ConvolutionSpec.weights must be numbers with _ between. Got '1_x'."),
    ({"bias": [NAN]}, "ConvolutionSpec.bias must be at most 8 numbers in [-100, 100]. Got nan."),
    ({"bias": [1.0, 2.0]}, "ConvolutionSpec.bias must be one number"),
    ({"kernel": ["sobel"]}, "ConvolutionSpec.kernel must be made of identity, average"),
    ({"kernel": []}, "ConvolutionSpec.kernel must name 1 to 8 of identity, average"),
    ({"kernel_size": 2.5}, "ConvolutionSpec.kernel_size must be a whole number in [1, 7]. Got 2.5."),
    ({"side": 10**9}, "ConvolutionSpec.side must be a whole number in [1, 32]. Got 1000000000. Try 32."),
    ({"picture": "own", "own_pixels": "A" * (OWN_PIXELS_LENGTH + 1)}, "ConvolutionSpec.own_pixels must be at most"),
    ({"picture": "own", "own_pixels": "A" * 10**6}, "ConvolutionSpec.own_pixels must be at most 4096"),
    ({"picture": "own", "own_pixels": encode(bytes(7))}, "ConvolutionSpec.own_pixels must be the bytes of a square"),
    ({"picture": "own", "own_pixels": ["A"]}, "ConvolutionSpec.own_pixels must be at most 4096"),
]  # fmt: skip
BAD_EDITS = [
    ("weight.0", [0, 0, 0, 0], NAN, "weight.0[0, 0, 0, 0] must be a number between"),
    ("weight.0", [0, 0, 0, 0], "1", "weight.0[0, 0, 0, 0] must be a number between"),
    ("weight.0", [0, 0, 3, 0], 1.0, "The index of weight.0 must be inside (1, 1, 3, 3)."),
    ("weight.0", [0], 1.0, "The index of weight.0 must be inside (1, 1, 3, 3)."),
    ("weight.1", [0], 1.0, "Editing works on weight.0, bias.0."),
]


def answered(driver: Driver, command: dict[str, Any]) -> list[frames.Message]:
    return [frames.decode(message) for message in driver.command({**command, "token": "t"})]


def check_refused(driver: Driver, command: dict[str, Any], words: str) -> None:
    """One note with these words, on one line, and the run as it was."""
    before = driver.run.snapshot()
    (note,) = [message for message in answered(driver, command) if message.kind == "note"]
    assert note.numbers["level"] == "error"
    assert note.numbers["text"].startswith(words)
    assert "\n" not in note.numbers["text"]
    after = driver.run.snapshot()
    assert (after.step, after.plain) == (before.step, before.plain)
    assert all(torch.equal(after.tensors[name], tensor) for name, tensor in before.tensors.items())


@pytest.fixture(scope="module")
def driver() -> Driver:
    driver = Driver("run", "convolution")
    driver.run.advance(5)
    return driver


@pytest.mark.parametrize(("changes", "words"), BAD_CHANGES, ids=lambda value: str(value)[:40])
def test_a_bad_setting_over_the_socket_is_a_note(driver: Driver, changes: dict[str, Any], words: str) -> None:
    check_refused(driver, {"do": "set", "changes": changes}, words)


@pytest.mark.parametrize(("array", "index", "value", "words"), BAD_EDITS)
def test_a_bad_edit_over_the_socket_is_a_note(
    driver: Driver, array: str, index: list[int], value: Any, words: str
) -> None:
    check_refused(driver, {"do": "edit", "array": array, "index": index, "value": value}, words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"input": [[None]]}, "input must be numbers of shape"),
        ({"input": [[1e300]]}, "input must hold numbers between"),
        ({"kernel": [[1, 2], [3]]}, "kernel must be numbers of shape"),
        ({"kernel": [[1] * 70] * 70}, "kernel must fit"),
        ({"nothing": 1}, "TypeError"),
    ],
)
def test_a_bad_probe_over_the_socket_is_a_note(driver: Driver, options: dict[str, Any], words: str) -> None:
    check_refused(driver, {"do": "probe", "panel": "sliding", "options": options}, words)


def test_a_probe_over_the_socket_takes_a_kernel_of_one_s_own(driver: Driver) -> None:
    kernel = [[1, 0], [0, -1]]
    messages = answered(driver, {"do": "probe", "panel": "sliding", "options": {"kernel": kernel}})
    (reply,) = [message for message in messages if message.kind == "reply"]
    assert reply.arrays["kernel"].tolist() == [[kernel]]
    assert reply.numbers["dims"]["terms"][0] == "output"
    assert reply.arrays["terms"].dtype == np.float32
