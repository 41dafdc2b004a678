"""Named kernels: what the textbook prints at 3 × 3, what OpenCV and scipy have, and the rules behind other sizes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import kernels
from dlviz.labs.convolution.kernels import KERNELS, LABELS, NEEDS_THREE, NEEDS_TWO, kernel, profile
from dlviz.labs.convolution.spec import ConvolutionSpec

# R. Gonzalez, R. Woods, Digital Image Processing, 4th edition, chapters 3 and 10, as correlated.
TEXTBOOK = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "average": np.ones((3, 3)) / 9,
    "gaussian": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "sobel_vertical": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel_horizontal": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "prewitt_vertical": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "prewitt_horizontal": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "cross": [[1, 0, 1], [0, 1, 0], [1, 0, 1]],
}
SIZES = range(1, 8)
DIFFERENCES = ("sobel_vertical", "sobel_horizontal", "prewitt_vertical", "prewitt_horizontal", "laplacian", "edge")


def sizes_of(name: str) -> range:
    return range(3 if name in NEEDS_THREE else 2 if name in NEEDS_TWO else 1, 8)


def picture() -> np.ndarray:
    return np.random.default_rng(0).random((20, 17))


def correlated(name: str, k: int = 3) -> np.ndarray:
    return scipy.ndimage.correlate(picture(), np.array(kernel(name, k)), mode="mirror")


def test_every_name_but_random_has_a_kernel() -> None:
    assert set(LABELS) == {*KERNELS, "random"}
    assert set(KERNELS) == set(TEXTBOOK)


@pytest.mark.parametrize("name", TEXTBOOK)
def test_at_three_it_is_what_the_textbook_prints(name: str) -> None:
    assert np.array(kernel(name, 3)) == pytest.approx(np.array(TEXTBOOK[name]), abs=1e-15)


@pytest.mark.parametrize("k", [3, 5, 7])
def test_sobel_is_opencv_s(k: int) -> None:
    across, down = cv2.getDerivKernels(1, 0, k, normalize=False)  # of the x derivative: along x, along y
    assert np.array(kernel("sobel_vertical", k)) == pytest.approx(np.outer(down, across))
    assert np.array(kernel("sobel_horizontal", k)) == pytest.approx(np.outer(across, down))


@pytest.mark.parametrize("k", [3, 5])
def test_gaussian_is_opencv_s(k: int) -> None:
    """At 7 OpenCV takes a Gaussian of σ = 1.4 and we the binomial, σ = √1.5."""
    row = cv2.getGaussianKernel(k, 0)
    assert np.array(kernel("gaussian", k)) == pytest.approx(np.outer(row, row), abs=1e-12)


def test_laplacian_and_average_are_opencv_s() -> None:
    whole = picture()
    assert correlated("laplacian") == pytest.approx(cv2.Laplacian(whole, cv2.CV_64F, ksize=1))  # mirror by default
    for k in (3, 5, 7):
        assert correlated("average", k) == pytest.approx(cv2.blur(whole, (k, k)))


def test_sobel_prewitt_and_laplacian_are_scipy_s() -> None:
    whole = picture()
    for name, function in (("sobel", scipy.ndimage.sobel), ("prewitt", scipy.ndimage.prewitt)):
        assert correlated(f"{name}_vertical") == pytest.approx(function(whole, axis=1, mode="mirror"))
        assert correlated(f"{name}_horizontal") == pytest.approx(function(whole, axis=0, mode="mirror"))
    assert correlated("laplacian") == pytest.approx(scipy.ndimage.laplace(whole, mode="mirror"))


@pytest.mark.parametrize("name", KERNELS)
def test_it_is_square_and_finite_at_every_size(name: str) -> None:
    for k in sizes_of(name):
        found = np.array(kernel(name, k))
        assert found.shape == (k, k)
        assert np.isfinite(found).all()
        assert np.abs(found).max() > 0


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_does_not_answer_to_flat_grey(name: str) -> None:
    for k in sizes_of(name):
        assert np.sum(kernel(name, k)) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", ["identity", "average", "gaussian", "sharpen", "emboss"])
def test_what_keeps_the_brightness_sums_to_one(name: str) -> None:
    for k in sizes_of(name):
        assert np.sum(kernel(name, k)) == pytest.approx(1)


def test_horizontal_is_vertical_on_its_side() -> None:
    for name in ("sobel", "prewitt"):
        for k in range(2, 8):
            assert np.array_equal(np.transpose(kernel(f"{name}_vertical", k)), kernel(f"{name}_horizontal", k))


@pytest.mark.parametrize("k", [5, 7])
def test_larger_ones_are_smaller_ones_smoothed(k: int) -> None:
    """Binomial rows are convolutions of 1 1, so a Sobel kernel is the next smaller one, smoothed by 1 2 1 both ways."""
    smooth = np.outer([1, 2, 1], [1, 2, 1])
    for name in ("sobel_vertical", "sobel_horizontal"):
        grown = scipy.signal.convolve2d(np.array(kernel(name, k - 2)), smooth)
        assert np.array(kernel(name, k)) == pytest.approx(grown)
    assert scipy.signal.convolve2d(kernel("gaussian", k - 2), smooth / 16) == pytest.approx(
        np.array(kernel("gaussian", k))
    )


@pytest.mark.parametrize("name", KERNELS)
def test_the_profile_is_what_a_picture_of_equal_rows_gives(name: str) -> None:
    row = np.random.default_rng(1).random(12)
    for k in sizes_of(name):
        whole = scipy.signal.correlate2d(np.tile(row, (k, 1)), kernel(name, k), mode="valid")[0]
        assert np.correlate(row, profile(name, k)) == pytest.approx(whole)


@pytest.mark.parametrize("name", [*NEEDS_TWO, *NEEDS_THREE])
def test_a_kernel_too_small_for_its_name_is_refused(name: str) -> None:
    needed = sizes_of(name).start
    for k in range(1, needed):
        with pytest.raises(InvalidInput, match="kernel_size") as refused:
            ConvolutionSpec(kernel=(name,), kernel_size=k)
        assert str(needed) in str(refused.value)
    ConvolutionSpec(kernel=(name,), kernel_size=needed)


def test_the_checkerboard_and_the_cross() -> None:
    """The textbook's 5 × 5 example: 1 0 1 0 1 … under the diagonal cross gives 5 and 0 in turn."""
    board = np.indices((5, 5)).sum(0) % 2 == 0
    found = scipy.signal.correlate2d(board.astype(float), kernel("cross", 3), mode="valid")
    assert found.tolist() == [[5, 0, 5], [0, 5, 0], [5, 0, 5]]
    assert kernels.binomial(5) == [1, 4, 6, 4, 1]
