"""Classical image processing with OpenCV, beside the convolution that it is made of where it is one."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data import photos
from dlviz.labs.convolution import canny
from dlviz.labs.convolution.operations import Operation
from dlviz.labs.convolution.photographs import chosen, photograph, state
from dlviz.labs.convolution.pictures import LUMINANCE
from dlviz.labs.convolution.snippets import resize_window, script

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

__all__ = ["classical", "photograph"]

MOST_LETTERS = 200_000  # of an uploaded picture: a command holds at most 256 KiB
MOST_SIDE = 512
MAP = ("height", "width")
KERNEL = ("output", "input", "kernel_height", "kernel_width")


def classical(
    run: ConvolutionRun, operation: str = "canny", photo: str = "", picture: str = "", colour: bool = False,
    size: int = 5, sigma: float = 0.0, factor: float = 0.5, method: str = "area", level: int = 127, otsu: bool = False,
    direction: str = "across", low: float = 50.0, high: float = 100.0, keep: Collection[str] = (),
) -> Trace:  # fmt: skip
    """An operation of OpenCV on the photo of the spec, the one named, or `picture`: a PNG or JPEG in base64.

    The settings are those of `Operation`. Pictures are (height, width) or (height, width, channel), bytes; Sobel
    and Laplacian give signed numbers. `photo` is what was given and `result` what OpenCV makes of it. Where that is
    one convolution: `kernel` (output, input, kernel_height, kernel_width), `convolution` (what torch makes of it with
    this kernel, not rounded), `difference` () the largest |result − convolution|, and `difference_float` () the same
    when OpenCV too computes with floating-point numbers. The magnitude of Sobel has two kernels, and is the length
    of their two answers. `additivity` () is the largest |f(a + b) − f(a) − f(b)|, where a is half the photo and b half
    the photo mirrored; `broken` () the share of numbers where it is more than 2, which rounding alone can make;
    `example` (point,): row and column of the largest, a, b, f(a), f(b), f(a + b) there.
    `level` () of a threshold. Canny: `blurred`, `gradient_x`, `gradient_y`, `magnitude`, `direction` (radians),
    `thinned` (magnitude where it is a peak, else 0), `classes` (0 none, 1 weak, 2 strong) and `blur_kernel`, with
    `kernel` that of its gradient. `answer`: what the layer on the stage answers. `keep` names the arrays that are
    wanted; empty means all. The state has the script `code`. Raises `InvalidInput` for settings or a picture that
    cannot be used.
    """
    o = Operation(operation, colour, size, sigma, factor, method, level, otsu, direction, low, high)
    name = "" if picture else chosen(run, photo)
    pixels = decoded(picture) if picture else photos.photo(name)
    given = pixels if o.in_colour or operation == "grey" else _grey(pixels)
    if operation == "resize":
        given = _divisible(given, factor)
    with torch.no_grad():
        answer = run.target(run.picture[None])[0].numpy().copy()
    found = _Found(o, pixels, given, keep)
    found.add("answer", lambda: answer, ("channel", *MAP))
    return Trace(found.arrays, found.dims, {"photo": "grey level, 0 to 255", "result": "grey level"},
                 state(run) | {"code": np.array(script(name, o))})  # fmt: skip


class _Found:
    """The arrays asked for, made one after another."""

    def __init__(self, o: Operation, pixels: np.ndarray, given: np.ndarray, keep: Collection[str]) -> None:
        self.keep = frozenset(keep)
        self.arrays: dict[str, np.ndarray] = {}
        self.dims: dict[str, tuple[str, ...]] = {}
        result = applied(o, given)
        self.add("photo", lambda: pixels.copy(), (*MAP, "channel"))
        self.add("result", lambda: result, (*MAP, "channel")[: result.ndim])
        kernel = kernel_of(o)
        if kernel is not None:
            self.add("kernel", lambda: kernel, KERNEL)
            if o.operation != "canny":
                self._compare(o, given, result, kernel)
        if o.operation == "threshold":
            self.add("level", lambda: np.float32(_threshold(o, given)[0]), ())
        if o.operation == "canny":
            self._steps(o, given)
        if self.wants("additivity", "broken", "example"):
            self._add(o, given)

    def wants(self, *names: str) -> bool:
        return not self.keep or bool(self.keep.intersection(names))

    def add(self, name: str, make: Callable[[], Any], dims: tuple[str, ...]) -> None:
        if self.wants(name):
            self.arrays[name], self.dims[name] = np.asarray(make()), dims

    def _compare(self, o: Operation, given: np.ndarray, result: np.ndarray, kernel: np.ndarray) -> None:
        if not self.wants("convolution", "difference", "difference_float"):
            return
        slid = convolved(o, given, kernel)
        exact = applied(o, given.astype(np.float32))
        self.add("convolution", lambda: slid, (*MAP, "channel")[: slid.ndim])
        self.add("difference", lambda: np.float32(np.abs(result - slid).max()), ())
        self.add("difference_float", lambda: np.float32(np.abs(exact - slid).max()), ())

    def _steps(self, o: Operation, grey: np.ndarray) -> None:
        blurred = _blurred(o, grey)
        across, down = _gradient(blurred)
        length = np.sqrt(canny.squares(across, down)).astype(np.float32)
        self.add("blur_kernel", lambda: _gaussian(o)[None, None], KERNEL)
        self.add("blurred", lambda: blurred, MAP)
        self.add("gradient_x", lambda: across, MAP)
        self.add("gradient_y", lambda: down, MAP)
        self.add("magnitude", lambda: length, MAP)
        self.add("direction", lambda: np.arctan2(down, across).astype(np.float32), MAP)
        self.add("thinned", lambda: np.where(canny.thinned(across, down), length, 0).astype(np.float32), MAP)
        self.add("classes", lambda: canny.classes(across, down, o.low, o.high), MAP)

    def _add(self, o: Operation, given: np.ndarray) -> None:
        a, b = given // 2, np.ascontiguousarray(given[:, ::-1]) // 2
        f_a, f_b, f_sum = (applied(o, each).astype(np.float64) for each in (a, b, a + b))
        gap = np.abs(f_sum - f_a - f_b)
        at = np.unravel_index(gap.argmax(), gap.shape)
        same = a.shape == gap.shape  # of a resized or grey picture, the pixels of a and b lie elsewhere
        seen = [*at[:2], a[at] if same else np.nan, b[at] if same else np.nan, f_a[at], f_b[at], f_sum[at]]
        self.add("additivity", lambda: np.float32(gap.max()), ())
        self.add("broken", lambda: np.float32((gap > 2).mean()), ())
        self.add("example", lambda: np.nan_to_num(np.array(seen, np.float32), nan=-1), ("point",))


def applied(o: Operation, picture: np.ndarray) -> np.ndarray:
    """What OpenCV makes of a picture of bytes or of floats: (height, width), with a channel axis if it is in colour."""
    import cv2

    k = (o.size, o.size)
    match o.operation:
        case "grey":
            return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        case "resize":
            flags = {"nearest": cv2.INTER_NEAREST, "bilinear": cv2.INTER_LINEAR, "area": cv2.INTER_AREA}
            return cv2.resize(picture, None, fx=o.factor, fy=o.factor, interpolation=flags[o.method])
        case "gaussian":
            return cv2.GaussianBlur(picture, k, o.sigma)
        case "box":
            return cv2.blur(picture, k)
        case "median":
            return cv2.medianBlur(picture, o.size)
        case "threshold":
            return _threshold(o, picture)[1]
        case "sobel":
            if o.direction == "magnitude":
                return cv2.magnitude(*(cv2.Sobel(picture, cv2.CV_32F, *way, ksize=o.size) for way in ((1, 0), (0, 1))))
            return cv2.Sobel(picture, cv2.CV_32F, *((1, 0) if o.direction == "across" else (0, 1)), ksize=o.size)
        case "laplacian":
            return cv2.Laplacian(picture, cv2.CV_32F, ksize=o.size)
        case _:
            return cv2.Canny(_blurred(o, picture), o.low, o.high, L2gradient=True)


def kernel_of(o: Operation) -> np.ndarray | None:
    """The kernels an operation slides, (output, input, kernel_height, kernel_width); None where it slides none."""
    import cv2

    match o.operation:
        case "grey":
            return np.array(LUMINANCE, np.float32).reshape(1, 3, 1, 1)
        case "resize":
            return _resize_kernel(o)[None, None]
        case "gaussian":
            return _gaussian(o)[None, None]
        case "box":
            return np.full((1, 1, o.size, o.size), 1 / o.size**2, np.float32)
        case "sobel" | "canny":
            size = o.size if o.operation == "sobel" else 3
            both = o.operation == "canny" or o.direction == "magnitude"
            ways = {"across": (1, 0), "down": (0, 1)}
            wanted = list(ways.values()) if both else [ways[o.direction]]
            rows = [cv2.getDerivKernels(*way, size) for way in wanted]
            return np.stack([down @ across.T for across, down in rows])[:, None].astype(np.float32)
        case "laplacian":
            if o.size == 1:
                return np.array([[[[0, 1, 0], [1, -4, 1], [0, 1, 0]]]], np.float32)
            second, smooth = cv2.getDerivKernels(2, 0, o.size)
            return (smooth @ second.T + second @ smooth.T).astype(np.float32)[None, None]
        case _:
            return None


def convolved(o: Operation, picture: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """What torch makes of a picture of bytes with that kernel, float, in the shape of OpenCV's answer."""
    import cv2

    margin = kernel.shape[-1] // 2 if o.operation in ("gaussian", "box", "sobel", "laplacian") else 0
    border = cv2.BORDER_REFLECT_101  # torch's "reflect", but it also takes a picture smaller than the margin
    if o.operation == "resize" and o.factor > 1 and o.method == "bilinear":
        margin, border = 1, cv2.BORDER_REPLICATE
    padded = cv2.copyMakeBorder(picture, margin, margin, margin, margin, border)
    x = torch.from_numpy(padded.reshape(*padded.shape[:2], -1).astype(np.float32)).permute(2, 0, 1)
    weight = torch.from_numpy(kernel)
    # A grey value mixes the channels; everything else slides over each of them alone.
    x = x[None] if kernel.shape[1] == 3 else x[:, None]
    if o.operation == "resize" and o.factor > 1:
        y = functional.conv_transpose2d(x, weight, stride=2, padding=3 if o.method == "bilinear" else 0)
    else:
        y = functional.conv2d(x, weight, stride=round(1 / o.factor) if o.operation == "resize" else 1)
    if len(kernel) == 2:
        y = y.square().sum(1, keepdim=True).sqrt()
    return y[:, 0].permute(1, 2, 0).numpy().copy() if picture.ndim == 3 and len(y) == 3 else y[0, 0].numpy().copy()


@lru_cache(maxsize=4)
def decoded(text: str) -> np.ndarray:
    """The pixels of a PNG or JPEG in base64, (height, width, 3) bytes, read-only. Raises `InvalidInput`."""
    from PIL import Image, UnidentifiedImageError

    rule = "must be a PNG or JPEG picture in base64"
    if len(text) > MOST_LETTERS:
        raise InvalidInput("picture", f"must be at most {MOST_LETTERS:,} letters", f"{len(text):,} letters",
                           "a JPEG of 512 × 512")  # fmt: skip
    try:
        with Image.open(io.BytesIO(base64.b64decode(text, validate=True)), formats=("PNG", "JPEG")) as image:
            if max(image.size) > MOST_SIDE:  # read from the header, before any pixel is unpacked
                raise InvalidInput("picture", f"must be at most {MOST_SIDE} × {MOST_SIDE}",
                                   f"{image.width} × {image.height}", "a smaller one")  # fmt: skip
            pixels = np.array(image.convert("RGB"))
    except (binascii.Error, UnidentifiedImageError):
        raise InvalidInput("picture", rule, f"{len(text):,} letters of something else", "a photo") from None
    except (OSError, ValueError, SyntaxError) as problem:
        if isinstance(problem, InvalidInput):
            raise
        raise InvalidInput("picture", rule, f"one that is broken ({problem})", "another file") from None
    pixels.flags.writeable = False
    return pixels


def _grey(pixels: np.ndarray) -> np.ndarray:
    import cv2

    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def _divisible(picture: np.ndarray, factor: float) -> np.ndarray:
    """The picture cut to whole windows, so that every pixel of the answer stands for as many."""
    n = max(1, round(1 / factor))
    height, width = picture.shape[0] // n * n, picture.shape[1] // n * n
    if not height or not width:
        given = f"{picture.shape[1]} × {picture.shape[0]} pixels"
        raise InvalidInput("picture", f"must be at least {n} × {n} pixels to be made {n} times smaller", given, "2")
    return np.ascontiguousarray(picture[:height, :width])


def _resize_kernel(o: Operation) -> np.ndarray:
    if o.factor > 1:
        row = np.array([0.25, 0.75, 0.75, 0.25] if o.method == "bilinear" else [1, 1], np.float32)
        return np.outer(row, row)
    n = round(1 / o.factor)
    first, end = resize_window(o.method, n)
    kernel = np.zeros((n, n), np.float32)
    kernel[first:end, first:end] = 1 / (end - first) ** 2
    return kernel


def _gaussian(o: Operation) -> np.ndarray:
    import cv2

    row = cv2.getGaussianKernel(o.size, o.sigma).astype(np.float32)
    return np.asarray(row @ row.T)


def _blurred(o: Operation, picture: np.ndarray) -> np.ndarray:
    import cv2

    return cv2.GaussianBlur(picture, (o.size, o.size), o.sigma)


def _gradient(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sobel across and down, whole numbers; at the border the edge is repeated, as Canny of OpenCV does."""
    import cv2

    ways = ((1, 0), (0, 1))
    across, down = (cv2.Sobel(picture, cv2.CV_16S, *way, borderType=cv2.BORDER_REPLICATE) for way in ways)
    return across, down


def _threshold(o: Operation, picture: np.ndarray) -> tuple[float, np.ndarray]:
    import cv2

    kind = cv2.THRESH_BINARY + (cv2.THRESH_OTSU if o.otsu else 0)
    return cv2.threshold(picture, o.level, 255, kind)
