"""Picture files of every kind that a person may bring, made in memory: good ones, odd ones, bad ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of a picture as a file of that kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def halves(width: int = 8, height: int = 8, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), (255, 0, 0))
    image.paste((0, 0, 255), (width // 2, 0, width, height))
    return image.convert(mode)


def png_of(width: int, height: int, data: bytes = b"", bits: int = 8, kind: int = 2) -> bytes:
    """A PNG whose header claims that size, whatever its data hold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def sixteen_bits(values: np.ndarray) -> bytes:
    """A grey PNG of 16 bits a pixel."""
    rows: Iterable[bytes] = (b"\0" + row.astype(">u2").tobytes() for row in values)
    return png_of(values.shape[1], values.shape[0], b"".join(rows), 16, 0)


def animated(kind: str) -> bytes:
    """Three frames: red, blue, green."""
    frames = [Image.new("RGB", (6, 6), color) for color in ((255, 0, 0), (0, 0, 255), (0, 255, 0))]
    lossless = {"lossless": True} if kind == "WEBP" else {}
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **lossless)


def seen_through(kind: str = "PNG") -> bytes:
    """Left half opaque red, right half wholly transparent blue."""
    image = Image.new("RGBA", (8, 8), (0, 0, 255, 0))
    image.paste((255, 0, 0, 255), (0, 0, 4, 8))
    return saved(image, kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {}))


def sideways() -> bytes:
    """Stored with red on the left; its EXIF note (6: turn clockwise) puts red on the top."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(halves(32, 16), "JPEG", exif=exif, quality=95, subsampling=0)


GREY_16 = np.linspace(0, 65535, 64).reshape(8, 8).astype(np.uint16)

CAN = "PNG, JPEG, GIF, WebP and BMP can be read."
AGAIN = "Try to save it again."
# name → bytes, and the one line that both readers say about it
BAD: dict[str, tuple[bytes, str]] = {
    "huge.png": (
        png_of(6000, 5000),
        "This picture has 6,000 × 5,000 = 30 megapixels. At most 24 are read. Try a copy of 5,300 × 4,400.",
    ),
    "bomb.png": (
        png_of(50_000, 50_000),
        "This picture has 50,000 × 50,000 = 2,500 megapixels. At most 24 are read. Try a copy of 4,800 × 4,800.",
    ),
    "thread.png": (
        png_of(100_000_000, 3),
        "This picture has 100,000,000 × 3 = 300 megapixels. At most 24 are read. Try a smaller one.",
    ),
    "one.png": (
        saved(Image.new("RGB", (1, 1)), "PNG"),
        "This picture has 1 × 1 pixel. At least 3 × 3 are needed. Try a larger one.",
    ),
    "line.gif": (
        saved(Image.new("L", (40, 2)), "GIF"),
        "This picture has 40 × 2 pixels. At least 3 × 3 are needed. Try a larger one.",
    ),
    "notes.png": (
        b"Dear reader,\nthis is no picture at all.",
        f"notes.png is not a picture that can be read here: it begins with “Dear reader, this is no…”. {CAN}",
    ),
    "data.jpg": (
        bytes(range(64)),
        f"data.jpg is not a picture that can be read here: it begins with the bytes 00 01 02 03 04 05 06 07. {CAN}",
    ),
    "scan.png": (
        saved(halves(), "TIFF"),
        f"scan.png is not a picture that can be read here: it is a TIFF. {CAN}",
    ),
    "phone.jpg": (
        b"\0\0\0\x18ftypheic" + bytes(40),
        f"phone.jpg is not a picture that can be read here: it is a HEIC. {CAN}",
    ),
    "empty.gif": (b"", f"empty.gif is empty. {CAN}"),
} | {
    f"half.{kind.lower()}": (
        whole[: len(whole) // 2],
        f"half.{kind.lower()} is cut off: its {len(whole) // 2:,} bytes end before the picture does. {AGAIN}",
    )
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP")
    for whole in [saved(Image.effect_noise((40, 40), 90).convert("RGB"), kind)]
}
BAD["damaged.png"] = (
    png_of(8, 8, b"far too short"),
    "damaged.png begins as a PNG, but its picture is damaged and cannot be decoded. Try to save it again.",
)

UPRIGHT = "Turned upright, as the camera noted."
# name → bytes, the lines that say what was done, colours of the left and the right half (None: not two halves)
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
GOOD: dict[str, tuple[bytes, list[str], tuple[Any, Any] | None]] = {
    "plain.png": (saved(halves(), "PNG"), [], (RED, BLUE)),
    "palette.png": (saved(halves(mode="P"), "PNG"), [], (RED, BLUE)),
    "plain.bmp": (saved(halves(), "BMP"), [], (RED, BLUE)),
    "plain.gif": (saved(halves(), "GIF"), [], (RED, BLUE)),
    "plain.webp": (saved(halves(), "WEBP", lossless=True), [], (RED, BLUE)),
    "lossy.webp": (saved(halves(32, 32), "WEBP", quality=95), [], (RED, BLUE)),
    "plain.jpg": (saved(halves(32, 32), "JPEG", quality=95, subsampling=0), [], (RED, BLUE)),
    "print.jpg": (saved(halves(32, 32, "CMYK"), "JPEG", quality=95), ["CMYK; converted to RGB."], (RED, BLUE)),
    "wide.png": (saved(halves(40, 8), "PNG"), ["The middle square of 40 × 8 is taken."], (RED, BLUE)),
    "opaque.png": (saved(halves(mode="RGBA"), "PNG"), [], (RED, BLUE)),
    "clear.png": (seen_through(), ["It is transparent in places; these are white here."], (RED, WHITE)),
    "clear.webp": (seen_through("WEBP"), ["It is transparent in places; these are white here."], (RED, WHITE)),
    "film.gif": (animated("GIF"), ["An animation of 3 frames; the first is taken."], (RED, RED)),
    "film.png": (animated("PNG"), ["An animation of 3 frames; the first is taken."], (RED, RED)),
    "film.webp": (animated("WEBP"), ["An animation of 3 frames; the first is taken."], (RED, RED)),
    "deep.png": (sixteen_bits(GREY_16), ["16 bits a channel; the upper 8 are kept."], None),
    "sideways.jpg": (sideways(), [UPRIGHT, "The middle square of 16 × 32 is taken."], None),
}
