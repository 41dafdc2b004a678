"""The photo and the classical operations: against OpenCV called directly, torch, scipy and the textbook."""

from __future__ import annotations

import base64
import io
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from PIL import Image
from scipy import ndimage
from torch.nn import functional

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import discover
from dlviz.data.photos import CREDITS, FILES, photo
from dlviz.labs.convolution import canny, classical, operations
from dlviz.labs.convolution.pictures import in_channels
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.contracts.samples import legal_specs

LAB = discover()[0]["convolution"]
RUN = ConvolutionRun(ConvolutionSpec())
CAT = photo("chelsea")
GREY = cv2.cvtColor(CAT, cv2.COLOR_RGB2GRAY)


def probe(**options: Any) -> dict[str, np.ndarray]:
    return dict(classical.classical(RUN, **options).arrays)


# --- the photo ------------------------------------------------------------------------------------


def test_the_photo_is_filtered_by_the_kernel_of_the_stage() -> None:
    trace = classical.photograph(RUN)
    assert np.array_equal(trace["photo"], CAT)
    grey = CAT.astype(np.float64) / 255 @ np.array([0.299, 0.587, 0.114])
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    expected = ndimage.correlate(grey, sobel)[1:-1, 1:-1]
    assert np.allclose(trace["filtered"], expected, atol=1e-5)
    assert trace.state["credit"] == CREDITS["chelsea"]
    assert np.array_equal(trace.state["weight.0"][0, 0], sobel)


def test_three_channels_and_a_chosen_filter() -> None:
    spec = ConvolutionSpec(
        channels="rgb", kernel=("average", "random"), bias=(0.0, 0.5), stride=2, dilation=3, padding="full"
    )
    run = ConvolutionRun(spec)
    x = torch.from_numpy(CAT.transpose(2, 0, 1).copy()).float()[None] / 255
    expected = functional.conv2d(x, run.target[0].weight, torch.tensor(spec.bias), 2, 6, 3)[0]
    for o in (0, 1):
        assert np.allclose(classical.photograph(run, filter=o)["filtered"], expected[o], atol=1e-5)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(legal_specs(LAB, ("structure", "live", "view")))
def test_every_legal_layer_slides_over_a_whole_photo(spec: ConvolutionSpec) -> None:
    run = ConvolutionRun(spec)
    o = spec.layers[-1].outputs - 1
    trace = classical.photograph(run, filter=o)
    x = in_channels(torch.from_numpy(photo(spec.photo).transpose(2, 0, 1).copy()).float() / 255, spec.channels)
    whole = spec.layer == "global_average_pool"  # the others do not ask for the size of their input
    expected = x.mean((1, 2))[o].reshape(1, 1) if whole else run.target(x[None])[0, o]
    assert trace["filtered"].shape == tuple(expected.shape)
    assert np.allclose(trace["filtered"], expected, atol=1e-4)
    assert trace["answer"].shape == tuple(run.target(run.picture[None])[0].shape)


def test_thumbnails_of_all_photos_come_on_demand() -> None:
    trace = classical.photograph(RUN, thumbnails=True, filtered=False)
    assert trace["thumbnails"].shape == (len(FILES), 96, 96, 3)
    assert trace.state["names"].tolist() == list(FILES)
    assert "filtered" not in trace.arrays
    assert np.array_equal(trace["thumbnails"][2], photo("coffee", 96))


@pytest.mark.parametrize("options", [{"photo": "brain"}, {"filter": 1}, {"filter": -1}, {"filter": True}, {"photo": 3}])
def test_what_the_photo_cannot_do_is_said(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="Try"):
        classical.photograph(RUN, **options)


# --- operations -----------------------------------------------------------------------------------

CALM = cv2.GaussianBlur(GREY, (3, 3), 0)
SMALL = cv2.resize(GREY, (128, 128), interpolation=cv2.INTER_AREA)
DIRECT: list[tuple[dict[str, Any], np.ndarray]] = [
    ({"operation": "grey"}, GREY),
    ({"operation": "resize", "factor": 0.25, "method": "area"}, SMALL),
    ({"operation": "resize", "factor": 0.5, "method": "bilinear", "colour": True}, cv2.resize(CAT, (256, 256))),
    ({"operation": "resize", "factor": 2, "method": "nearest"}, GREY.repeat(2, 0).repeat(2, 1)),
    ({"operation": "gaussian", "size": 9, "sigma": 2.5, "colour": True}, cv2.GaussianBlur(CAT, (9, 9), 2.5)),
    ({"operation": "box", "size": 7}, cv2.blur(GREY, (7, 7))),
    ({"operation": "median", "size": 5}, cv2.medianBlur(GREY, 5)),
    ({"operation": "threshold", "level": 90}, np.where(GREY > 90, 255, 0)),
    ({"operation": "sobel", "direction": "down", "size": 5}, cv2.Sobel(GREY, cv2.CV_32F, 0, 1, ksize=5)),
    ({"operation": "laplacian", "size": 1}, cv2.Laplacian(GREY, cv2.CV_32F)),
    ({"operation": "canny", "size": 3, "low": 40, "high": 90}, cv2.Canny(CALM, 40, 90, L2gradient=True)),
]  # fmt: skip


def named(options: Any) -> str:
    return "-".join(map(str, options.values())) if isinstance(options, dict) else ""


@pytest.mark.parametrize(("options", "expected"), DIRECT, ids=named)
def test_the_result_is_opencvs(options: dict[str, Any], expected: np.ndarray) -> None:
    assert np.array_equal(probe(**options)["result"], expected)


LINEAR: list[dict[str, Any]] = [
    {"operation": "grey"},
    *({"operation": "resize", "factor": f, "method": m, "colour": c}
      for f in operations.FACTORS for m in ("nearest", "bilinear", "area") for c in (False, True)),
    *({"operation": o, "size": s, "colour": c} for o in ("gaussian", "box")
      for s in (1, 3, 9, 15) for c in (False, True)),
    {"operation": "gaussian", "size": 7, "sigma": 0.4},
    *({"operation": "sobel", "size": s, "direction": d} for s in (3, 5, 7) for d in ("across", "down", "magnitude")),
    *({"operation": "laplacian", "size": s} for s in (1, 3, 5, 7)),
]  # fmt: skip


@pytest.mark.parametrize("options", LINEAR, ids=named)
def test_torch_makes_the_same_picture_with_the_kernel_shown(options: dict[str, Any]) -> None:
    arrays = probe(**options, keep=("result", "convolution", "difference", "difference_float", "kernel"))
    assert arrays["convolution"].shape == arrays["result"].shape
    gap = np.abs(arrays["result"] - arrays["convolution"].astype(np.float64)).max()
    assert np.isclose(arrays["difference"], gap)
    is_byte = arrays["result"].dtype == np.uint8
    assert gap <= (1.05 if is_byte else 1e-6 * np.abs(arrays["result"]).max() + 1e-4)
    assert arrays["difference_float"] <= 1e-6 * max(255, np.abs(arrays["result"]).max()) + 1e-3


def test_the_kernel_slides_as_scipy_has_it() -> None:
    """The border as well: reflect in torch and in OpenCV, mirror in scipy."""
    arrays = probe(operation="gaussian", size=5, sigma=1.2)
    expected = ndimage.correlate(GREY.astype(np.float64), arrays["kernel"][0, 0].astype(np.float64), mode="mirror")
    assert np.allclose(arrays["convolution"], expected, atol=1e-3)
    assert np.isclose(arrays["kernel"].sum(), 1, atol=1e-6)


@pytest.mark.parametrize("options", [{**each, "photo": "coins"} for each, _ in DIRECT], ids=named)
def test_linear_or_not_is_measured(options: dict[str, Any]) -> None:
    arrays = probe(**options)
    linear = options["operation"] not in ("median", "threshold", "canny")
    assert (arrays["additivity"] <= 2) == linear
    assert (arrays["broken"] == 0) == linear
    row, column, a, b, f_a, f_b, f_sum = arrays["example"]
    assert np.isclose(abs(f_sum - f_a - f_b), arrays["additivity"])
    if options["operation"] == "threshold":
        assert (f_a, f_b, f_sum) == tuple(255.0 * (each > 90) for each in (a, b, a + b))
        level = cv2.cvtColor(photo("coins"), cv2.COLOR_RGB2GRAY)
        assert a == level[int(row), int(column)] // 2


def test_otsu_finds_the_level_of_least_variance() -> None:
    found = float(probe(operation="threshold", otsu=True)["level"])

    def within(level: int) -> float:
        below, above = GREY[level >= GREY], GREY[level < GREY]
        return sum(part.size * float(part.var()) for part in (below, above) if part.size)

    assert within(int(found)) <= min(map(within, range(256))) * (1 + 1e-9)


# --- Canny ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("size", "low", "high"), [(5, 50, 100), (1, 100, 200), (9, 10.5, 33.3), (3, 0, 0)])
def test_the_steps_of_canny_lead_to_opencvs_edges(name: str, size: int, low: float, high: float) -> None:
    arrays = probe(photo=name, size=size, low=low, high=high)
    parts, _ = ndimage.label(arrays["classes"] > 0, np.ones((3, 3)))
    strong = np.unique(parts[arrays["classes"] == 2])
    assert np.array_equal(np.isin(parts, strong[strong > 0]), arrays["result"] > 0)


def test_the_steps_of_canny_are_what_they_say() -> None:
    arrays = probe()
    blurred = cv2.GaussianBlur(GREY, (5, 5), 0)
    assert np.array_equal(arrays["blurred"], blurred)
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    across = ndimage.correlate(blurred.astype(np.int64), sobel, mode="nearest")
    down = ndimage.correlate(blurred.astype(np.int64), sobel.T, mode="nearest")
    assert np.array_equal(arrays["gradient_x"], across)
    assert np.array_equal(arrays["gradient_y"], down)
    assert np.array_equal(arrays["kernel"][:, 0], [sobel, sobel.T])
    assert np.allclose(arrays["magnitude"], np.hypot(across, down), rtol=1e-6)
    assert np.allclose(arrays["direction"], np.arctan2(down, across), atol=1e-6)
    peaks = arrays["thinned"] > 0
    assert np.array_equal(arrays["thinned"][peaks], arrays["magnitude"][peaks])
    assert 0.05 < peaks.mean() < 0.5


@pytest.mark.parametrize(
    ("gradient", "neighbours"), [((9, 1), (0, 1)), ((1, 9), (1, 0)), ((5, 5), (1, 1)), ((5, -5), (1, -1))]
)
def test_a_peak_is_compared_along_its_own_direction(gradient: tuple[int, int], neighbours: tuple[int, int]) -> None:
    """A pixel in the middle, and on each side of it along its direction a steeper one: it is dropped."""
    across, down = np.zeros((2, 5, 5), np.int64)
    across[2, 2], down[2, 2] = gradient
    assert canny.thinned(across, down)[2, 2]
    row, column = neighbours
    across[2 + row, 2 + column], down[2 + row, 2 + column] = 2 * gradient[0], 2 * gradient[1]
    assert not canny.thinned(across, down)[2, 2]
    across[2 + row, 2 + column] = down[2 + row, 2 + column] = 0
    across[2 - column, 2 + row] = 100  # steeper, but to the side of it
    assert canny.thinned(across, down)[2, 2]


# --- code, options, uploads -----------------------------------------------------------------------


@pytest.mark.parametrize("options", [*LINEAR[::3], *(each for each, _ in DIRECT)], ids=named)
def test_the_snippet_makes_the_pictures(options: dict[str, Any]) -> None:
    trace = classical.classical(RUN, **options)
    made: dict[str, Any] = {}
    exec(str(trace.state["code"]), made)
    assert np.allclose(made["result"], trace["result"], rtol=1e-6)
    if "convolution" in trace.arrays:
        found = made["convolution"].reshape(-1, *trace["result"].shape[:2]).permute(1, 2, 0).squeeze(-1)
        assert np.allclose(found, trace["convolution"], rtol=1e-5, atol=1e-3)
    if options["operation"] == "canny":
        assert np.array_equal(made["gradient"][0, 0], trace["gradient_x"])


def test_only_what_is_wanted_is_made() -> None:
    trace = classical.classical(RUN, keep=("result", "classes"))
    assert set(trace.arrays) == {"result", "classes"}
    assert {"weight.0", "bias.0", "code"} <= set(trace.state)


@pytest.mark.parametrize(
    "options",
    [
        {"operation": "dilate"}, {"operation": "gaussian", "size": 4}, {"operation": "gaussian", "size": 33},
        {"operation": "gaussian", "size": 5.0}, {"operation": "gaussian", "size": "5"},
        {"operation": "gaussian", "sigma": -1}, {"operation": "gaussian", "sigma": float("nan")},
        {"operation": "sobel", "size": 1}, {"operation": "laplacian", "size": 9},
        {"operation": "threshold", "level": 256},
        {"operation": "threshold", "level": 1.5}, {"operation": "resize", "factor": 0},
        {"operation": "resize", "factor": 0.3}, {"operation": "resize", "method": "cubic"}, {"low": 90, "high": 30},
        {"high": 1e9}, {"colour": "yes"}, {"photo": "eagle"}, {"direction": "left", "operation": "sobel"},
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_in_words(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"Got .*\. Try "):
        classical.classical(RUN, **options)


def encoded(image: Image.Image, kind: str = "PNG") -> str:
    file = io.BytesIO()
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def test_a_picture_of_ones_own() -> None:
    chance = np.random.default_rng(3).integers(0, 256, (40, 56, 3), dtype=np.uint8)
    arrays = probe(operation="box", size=3, colour=True, picture=encoded(Image.fromarray(chance)))
    assert np.array_equal(arrays["photo"], chance)
    assert np.array_equal(arrays["result"], cv2.blur(chance, (3, 3)))


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "1", "CMYK", "I;16"])
@pytest.mark.parametrize("operation", operations.OPERATIONS)
def test_pictures_of_any_kind_and_one_pixel(mode: str, operation: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    for size in ((1, 1), (1, 7), (9, 5)):
        picture = encoded(Image.new(mode, size, 90), kind)
        if operation == "resize" and min(size) < 2:
            with pytest.raises(InvalidInput, match="at least 2 × 2 pixels"):
                probe(operation=operation, picture=picture)
        else:
            assert np.isfinite(probe(operation=operation, picture=picture)["result"]).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not base64 at all!", "PNG or JPEG"),
        (base64.b64encode(b"hello, I am a text file").decode(), "PNG or JPEG"),
        (encoded(Image.new("RGB", (8, 8)), "GIF"), "PNG or JPEG"),
        (encoded(Image.new("RGB", (300, 300), "teal"))[:120] + "====", "PNG or JPEG"),
        (base64.b64encode(base64.b64decode(encoded(Image.effect_noise((64, 64), 50)))[:1500]).decode(), "broken"),
        (encoded(Image.new("RGB", (513, 8))), "at most 512 × 512"),
        (encoded(Image.new("1", (8000, 8000))), "at most 512 × 512"),
        ("A" * 200_001, "at most 200,000 letters"),
        ("Ä" * 10, "PNG or JPEG"),
    ],
    ids=["letters", "text", "gif", "cut", "damaged", "wide", "bomb", "long", "not ascii"],
)
def test_what_is_no_picture_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        probe(picture=text)
    assert probe(operation="grey")["result"].shape == (512, 512), "nothing is lost"
