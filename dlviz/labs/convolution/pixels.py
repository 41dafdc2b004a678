"""A picture in a link: a byte a pixel, written with the letters of URLs."""

from __future__ import annotations

import base64
import binascii
from math import isqrt

from dlviz.core.errors import InvalidInput


def decode(text: str) -> tuple[int, int, bytes]:
    """Side, channels (1 or 3) and pixels, channel by channel, row by row. An empty text is no picture: side 0.

    Raises `InvalidInput` where the bytes are no square picture of one or three channels.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise _no_picture(text) from None
    for channels in (1, 3):
        side = isqrt(len(data) // channels)
        if side * side * channels == len(data):
            return side, channels, data
    raise _no_picture(text)


def encode(pixels: bytes) -> str:
    """What `decode` reads."""
    return base64.urlsafe_b64encode(pixels).decode().rstrip("=")


def _no_picture(text: str) -> InvalidInput:
    rule = "must be the bytes of a square picture of one or three channels"
    return InvalidInput("ConvolutionSpec.own_pixels", rule, f"{len(text)} letters", "leaving it out")
