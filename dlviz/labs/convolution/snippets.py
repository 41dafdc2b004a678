"""A classical operation as a script: the line of OpenCV, and the line of torch that makes the same picture."""

from __future__ import annotations

from dlviz.data.photos import FILES, FULL_SIDE
from dlviz.labs.convolution.operations import Operation

OPENING = """\
from pathlib import Path

import cv2
import numpy as np
import skimage
import torch
from PIL import Image
from torch.nn import functional as F

image = Image.open({file}).convert("RGB")
edge = min(image.size)
left, top = (image.width - edge) // 2, (image.height - edge) // 2
image = image.crop((left, top, left + edge, top + edge))
"""
RESIZE = """\
image = image.resize(({side}, {side}), Image.Resampling.BOX if edge > {side} else Image.Resampling.BICUBIC)
"""
GREY = "picture = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)\n"
COLOUR = "picture = photo\n"
INPUT = "x = torch.from_numpy(picture).float()[None, None]\n"
EACH = "x = torch.from_numpy(picture).float().permute(2, 0, 1)[:, None]  # a batch of three channels\n"
SLIDE = 'convolution = F.conv2d(F.pad(x, ({p}, {p}, {p}, {p}), "reflect"), kernel)  # reflect: the border of OpenCV\n'
FLAGS = {"nearest": "cv2.INTER_NEAREST", "bilinear": "cv2.INTER_LINEAR", "area": "cv2.INTER_AREA"}
ORDERS = {"across": "1, 0", "down": "0, 1"}


def script(photo: str, o: Operation) -> str:
    """Python that makes `result` with OpenCV and, where there is one, `convolution` with torch.

    `photo`: the name of a photo, or empty for a picture of one's own.
    """
    file = f'Path(skimage.__file__).parent / "data" / "{FILES[photo]}"' if photo else '"picture.png"'
    opening = OPENING.format(file=file) + (RESIZE.format(side=FULL_SIDE) if photo else "") + "photo = np.array(image)\n"
    return opening + "\n" + BODIES[o.operation](o)


def _input(o: Operation) -> str:
    return EACH if o.in_colour else INPUT


def _start(o: Operation) -> str:
    return COLOUR if o.in_colour else GREY


def _grey(_: Operation) -> str:
    return (
        "result = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)\n\n"
        "kernel = torch.tensor([0.299, 0.587, 0.114]).reshape(1, 3, 1, 1)\n"
        "x = torch.from_numpy(photo).float().permute(2, 0, 1)[None]\n"
        "convolution = F.conv2d(x, kernel)\n"
    )


def _resize(o: Operation) -> str:
    factor = o.factor
    line = f"result = cv2.resize(picture, None, fx={factor:g}, fy={factor:g}, interpolation={FLAGS[o.method]})\n"
    if factor > 1:
        if o.method == "bilinear":
            kernel = "row = torch.tensor([0.25, 0.75, 0.75, 0.25])\nkernel = torch.outer(row, row)[None, None]\n"
            slide = (
                'convolution = F.conv_transpose2d(F.pad(x, (1, 1, 1, 1), "replicate"), kernel, stride=2, padding=3)\n'
            )
        else:
            kernel = "kernel = torch.ones(1, 1, 2, 2)\n"
            slide = "convolution = F.conv_transpose2d(x, kernel, stride=2)\n"
        return _start(o) + line + "\n" + kernel + _input(o) + slide
    n = round(1 / factor)
    first, last = resize_window(o.method, n)
    kernel = (
        f"kernel = torch.zeros(1, 1, {n}, {n})\n"
        f"kernel[:, :, {first}:{last}, {first}:{last}] = {1 / (last - first) ** 2:g}\n"
    )
    crop = f"picture = picture[: len(picture) // {n} * {n}, : picture.shape[1] // {n} * {n}]\n"
    return _start(o) + crop + line + "\n" + kernel + _input(o) + f"convolution = F.conv2d(x, kernel, stride={n})\n"


def resize_window(method: str, n: int) -> tuple[int, int]:
    """Of n × n pixels that become one, the first and the end of those that count, the same down and across."""
    if method == "area":
        return 0, n
    if method == "nearest":
        return 0, 1
    middle = (n - 1) // 2
    return middle, middle + 2 - n % 2


def _gaussian(o: Operation) -> str:
    k, sigma = o.size, o.sigma
    return (
        _start(o) + f"result = cv2.GaussianBlur(picture, ({k}, {k}), {sigma:g})\n\n"
        f"row = torch.from_numpy(cv2.getGaussianKernel({k}, {sigma:g})).float()\n"
        "kernel = (row @ row.T)[None, None]\n" + _input(o) + SLIDE.format(p=k // 2)
    )


def _box(o: Operation) -> str:
    k = o.size
    return (
        _start(o) + f"result = cv2.blur(picture, ({k}, {k}))\n\n"
        f"kernel = torch.full((1, 1, {k}, {k}), 1 / {k * k})\n" + _input(o) + SLIDE.format(p=k // 2)
    )


def _median(o: Operation) -> str:
    return _start(o) + f"result = cv2.medianBlur(picture, {o.size})\n"


def _threshold(o: Operation) -> str:
    kind = "cv2.THRESH_BINARY + cv2.THRESH_OTSU" if o.otsu else "cv2.THRESH_BINARY"
    level = 0 if o.otsu else o.level
    return GREY + f"level, result = cv2.threshold(picture, {level}, 255, {kind})\n"


def _sobel(o: Operation) -> str:
    k = o.size
    sides = ["across", "down"] if o.direction == "magnitude" else [o.direction]
    names = {"across": "gx", "down": "gy"} if len(sides) == 2 else {sides[0]: "result"}
    text = GREY
    for side in sides:
        text += f"{names[side]} = cv2.Sobel(picture, cv2.CV_32F, {ORDERS[side]}, ksize={k})\n"
    text += "result = cv2.magnitude(gx, gy)\n" if len(sides) == 2 else ""
    text += "\nkernels = []\n"
    for side in sides:
        text += f"across, down = cv2.getDerivKernels({ORDERS[side]}, {k})\n"
        text += "kernels.append(torch.from_numpy(down @ across.T))\n"
    text += "kernel = torch.stack(kernels)[:, None].float()\n" + _input(o) + SLIDE.format(p=k // 2)
    return text + ("convolution = convolution.square().sum(1, keepdim=True).sqrt()\n" if len(sides) == 2 else "")


def _laplacian(o: Operation) -> str:
    k = o.size
    text = GREY + f"result = cv2.Laplacian(picture, cv2.CV_32F, ksize={k})\n\n"
    if k == 1:
        text += "kernel = torch.tensor([[[[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]]])\n"
    else:
        text += (
            f"second, smooth = cv2.getDerivKernels(2, 0, {k})\n"
            "kernel = torch.from_numpy(smooth @ second.T + second @ smooth.T)[None, None]\n"
        )
    return text + _input(o) + SLIDE.format(p=max(k, 3) // 2)


def _canny(o: Operation) -> str:
    k, sigma = o.size, o.sigma
    return (
        GREY + f"blurred = cv2.GaussianBlur(picture, ({k}, {k}), {sigma:g})\n"
        f"result = cv2.Canny(blurred, {o.low:g}, {o.high:g}, L2gradient=True)\n\n"
        "# The two steps of it that are convolutions: the blur, and the gradient that follows.\n"
        f"row = torch.from_numpy(cv2.getGaussianKernel({k}, {sigma:g})).float()\n"
        "kernel = (row @ row.T)[None, None]\n" + _input(o) + SLIDE.format(p=k // 2) +
        "sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])\n"
        'edges = F.pad(torch.from_numpy(blurred).float()[None, None], (1, 1, 1, 1), "replicate")\n'
        "gradient = F.conv2d(edges, torch.stack([sobel, sobel.T])[:, None])  # across, down\n"
    )  # fmt: skip


BODIES = {
    "grey": _grey,
    "resize": _resize,
    "gaussian": _gaussian,
    "box": _box,
    "median": _median,
    "threshold": _threshold,
    "sobel": _sobel,
    "laplacian": _laplacian,
    "canny": _canny,
}
