"""What does not go together, in words: the rule, the sizes, and something to try that works."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import kernels, model, pictures
from dlviz.labs.convolution.spec import CHANNELS, LAYERS, ConvolutionSpec

SMALL = {"picture": "checkerboard"}


def refusal(**changes: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        ConvolutionSpec(**(SMALL | changes))
    return caught.value


CASES = [
    # a kernel that reaches over more than there is
    (
        {"side": 2},
        "kernel_size must be at most 2: the picture has 2 × 2 cells. Got 3. Try 2.",
    ),
    (
        {"side": 3, "kernel_size": 7, "kernel": ("average",), "padding": "number"},
        "kernel_size must be at most 5: the picture has 3 × 3 cells, with its padding 5 × 5 cells. Got 7. Try 5.",
    ),
    (
        {"side": 5, "dilation": 4},
        (
            "dilation must be at most 2: a kernel of 3 × 3 cells with dilation 4 reaches over 9 × 9 cells, and the "
            "picture has 5 × 5 cells. Got 4. Try 2."
        ),
    ),
    (
        {"side": 4, "kernel_size": 5, "dilation": 2, "kernel": ("identity",)},
        (
            "kernel_size must be at most 2: a kernel of 5 × 5 cells with dilation 2 reaches over 9 × 9 cells, and the "
            "picture has 4 × 4 cells. Got 5. Try 2."
        ),
    ),
    (
        {"side": 2, "kernel": ("laplacian",)},
        "side must be at least 3: a kernel of 3 × 3 cells has to fit in. Got 2. Try 3.",
    ),
    (
        {"side": 2, "kernel": ("laplacian",), "layer": "conv1d"},
        "side must be at least 3: a kernel of 3 cells has to fit in. Got 2. Try 3.",
    ),
    (
        {"side": 1, "layer": "conv1d"},
        "side must be at least 3: a kernel of 3 cells has to fit in. Got 1. Try 3.",
    ),
    (
        {"side": 2, "kernel": ("emboss",), "dilation": 3},
        "side must be at least 7: a kernel of 3 × 3 cells with dilation 3 reaches over 7 × 7 cells. Got 2. Try 7.",
    ),
    (
        {"side": 4, "layer": "max_pool", "kernel_size": 6},
        "kernel_size must be at most 4: the picture has 4 × 4 cells. Got 6. Try 4.",
    ),
    (
        {"side": 5, "layer": "max_pool", "dilation": 4},
        (
            "dilation must be at most 2: a window of 3 × 3 cells with dilation 4 reaches over 9 × 9 cells, and the "
            "picture has 5 × 5 cells. Got 4. Try 2."
        ),
    ),
    # padding
    (
        {"padding": "same", "stride": 2, "side": 9},
        "padding must not be same with a stride of 2, which makes 5 cells of 9. Got 'same'. Try valid.",
    ),
    (
        {"padding": "same", "stride": 3, "side": 3, "dilation": 2},
        "padding must not be same with a stride of 3, which makes 1 cell of 3. Got 'same'. Try full.",
    ),
    (
        {"layer": "transposed", "padding": "full"},
        (
            "padding must be valid or a number for a transposed convolution, where padding takes cells off the output. "
            "Got 'full'. Try valid."
        ),
    ),
    (
        {"layer": "transposed", "side": 2, "padding": "number", "padding_amount": 2},
        "padding_amount must be at most 1: 2 cells off every side leave nothing of 4 × 4. Got 2. Try 1.",
    ),
    (
        {"layer": "max_pool", "padding": "full"},
        (
            "padding must add at most 1 cell when pooling with 3 × 3, and as many after as before; full adds 2 and 2. "
            "Got 'full'. Try valid."
        ),
    ),
    (
        {"layer": "average_pool", "padding": "same", "kernel_size": 2},
        (
            "padding must add at most 1 cell when pooling with 2 × 2, and as many after as before; same adds 0 and 1. "
            "Got 'same'. Try valid."
        ),
    ),
    (
        {"layer": "max_pool", "padding": "number", "padding_amount": 2},
        "padding_amount must be at most 1, half of the 3 × 3 window, when pooling. Got 2. Try 1.",
    ),
    (
        {"layer": "average_pool", "dilation": 2},
        "dilation must be 1 for average pooling, whose windows have no gaps. Got 2. Try 1.",
    ),
    # what stands in the padding
    (
        {"layer": "max_pool", "padding_mode": "reflect"},
        "padding_mode must be zeros for pooling. Got 'reflect'. Try zeros.",
    ),
    (
        {"layer": "transposed", "padding_mode": "circular"},
        "padding_mode must be zeros for a transposed convolution. Got 'circular'. Try zeros.",
    ),
    (
        {"layer": "causal", "padding_mode": "reflect"},
        (
            "padding_mode must be zeros or replicate for a causal layer: reflect puts later cells before the first. "
            "Got 'reflect'. Try zeros."
        ),
    ),
    (
        {"side": 4, "padding": "number", "padding_amount": 4, "padding_mode": "reflect"},
        (
            "padding_mode must be zeros or replicate for 4 cells of padding: in 4 × 4, reflect finds at most 3. "
            "Got 'reflect'. Try zeros."
        ),
    ),
    (
        {"side": 4, "padding": "number", "padding_amount": 5, "padding_mode": "circular"},
        (
            "padding_mode must be zeros or replicate for 5 cells of padding: in 4 × 4, circular finds at most 4. "
            "Got 'circular'. Try zeros."
        ),
    ),
    # channels and filters
    (
        {"groups": 2},
        "groups must divide the 1 input channel and the 1 filter. Got 2. Try 1.",
    ),
    (
        {"channels": "maps", "groups": 4, "kernel": ("average",) * 6},
        "groups must divide the 4 input channels and the 6 filters. Got 4. Try 2.",
    ),
    (
        {"channels": "rgb", "layer": "pointwise", "groups": 3, "kernel": ("average", "edge")},
        "groups must divide the 3 input channels and the 2 filters. Got 3. Try 1.",
    ),
    # kernels
    (
        {"kernel_size": 1},
        "kernel_size must be at least 2 for “Sobel, vertical edges”, which subtracts neighbours. Got 1. Try 2.",
    ),
    (
        {"kernel_size": 1, "kernel": ("edge",)},
        "kernel_size must be at least 2 for “Edges, eight neighbours”, which subtracts neighbours. Got 1. Try 2.",
    ),
    (
        {"kernel_size": 2, "kernel": ("average", "laplacian")},
        "kernel_size must be at least 3 for “Laplacian”, which subtracts neighbours. Got 2. Try 3.",
    ),
    (
        {"layer": "conv1d", "kernel": ("average", "sobel_horizontal")},
        (
            "kernel must not be “Sobel, horizontal edges” in a one-dimensional layer, which has no row above or below. "
            "Got 'sobel_horizontal'. Try average,sobel_vertical."
        ),
    ),
    (
        {"weights": (1.0, 2.0)},
        "weights must be 9 numbers (1 × 1 × 3 × 3). Got 2. Try none.",
    ),
    (
        {"weights": (1.0,), "layer": "separable", "kernel": ("average", "edge"), "channels": "rgb"},
        "weights must be 33 numbers (3 × 1 × 3 × 3 and 2 × 3 × 1 × 1). Got 1. Try none.",
    ),
    (
        {"bias": (1.0, 2.0)},
        "bias must be one number for one map. Got 2. Try none.",
    ),
    # the stack
    (
        {"stack_kernels": (3, 3, 3), "stack_dilations": (1, 1, 1)},
        "stack_strides must have one number for each layer, of which there are 3. Got '1,1'. Try 1,1,1.",
    ),
    (
        {"stack_kernels": (3,), "stack_strides": (2,)},
        "stack_dilations must have one number for each layer, of which there are 1. Got '1,1'. Try 1.",
    ),
]


@pytest.mark.parametrize(("changes", "words"), CASES, ids=[words[:60] for _, words in CASES])
def test_a_conflict_says_what_was_wrong_what_was_given_and_what_works(changes: dict[str, Any], words: str) -> None:
    problem = refusal(**changes)
    assert str(problem) == f"ConvolutionSpec.{words}"
    field = problem.what.removeprefix("ConvolutionSpec.")
    tried = specs.rules(ConvolutionSpec)[field].parse(problem.what, problem.attempt)
    assert ConvolutionSpec(**(SMALL | changes | {field: tried})).layers[-1].output_size >= (1, 1)


def test_a_bad_number_in_one_setting_is_refused_by_the_setting_alone() -> None:
    assert str(refusal(kernel_size=8)) == (
        "ConvolutionSpec.kernel_size must be a whole number in [1, 7]. Got 8. Try 7."
    )
    assert str(refusal(weights=(float("nan"),))) == (
        "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]. Got nan. Try 0.5."
    )


def test_numbers_wait_while_a_pool_has_no_use_for_them() -> None:
    spec = ConvolutionSpec(layer="max_pool", weights=(1.0,) * 9, bias=(1.0, 2.0))
    assert dataclasses.replace(spec, layer="conv2d", bias=()).weights == (1.0,) * 9


SETTINGS = st.fixed_dictionaries(
    {
        "side": st.integers(1, 12),
        "channels": st.sampled_from(list(CHANNELS)),
        "layer": st.sampled_from(LAYERS),
        "kernel": st.lists(st.sampled_from(list(kernels.LABELS)), min_size=1, max_size=4).map(tuple),
        "kernel_size": st.integers(1, 7),
        "stride": st.integers(1, 4),
        "padding": st.sampled_from(["valid", "same", "full", "number"]),
        "padding_amount": st.integers(0, 12),
        "padding_mode": st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
        "dilation": st.integers(1, 4),
        "groups": st.integers(1, 4),
    }
)


@settings(max_examples=600, deadline=None)
@given(changes=SETTINGS)
def test_what_is_legal_runs_and_has_the_size_that_was_said(changes: dict[str, Any]) -> None:
    """Nothing slips through the conflicts: torch takes every combination that the spec takes."""
    try:
        spec = ConvolutionSpec(**SMALL, **changes)
    except InvalidInput:
        assume(False)
    with torch.no_grad():
        answer = model.target(spec)(pictures.load(spec)[None])
    last = spec.layers[-1]
    assert answer.shape == (1, last.outputs, *last.output_size)
    assert answer.isfinite().all()


@settings(max_examples=600, deadline=None)
@given(changes=SETTINGS)
def test_following_the_advice_settles_any_combination(changes: dict[str, Any]) -> None:
    """Each refusal's own suggestion, taken again and again, ends at something legal within a few steps."""
    for _ in range(8):
        try:
            ConvolutionSpec(**SMALL, **changes)
            return
        except InvalidInput as problem:
            field = problem.what.removeprefix("ConvolutionSpec.")
            changes = changes | {field: specs.rules(ConvolutionSpec)[field].parse(field, problem.attempt)}
    raise AssertionError(f"The advice goes round in circles: {changes}")
