"""Picture files that a person brings, for the command line: the checks and the words of the browser's upload.

A file's header is read, and its size refused, before anything is decoded: a few bytes may claim any size.
`static/lib/imagefile.js` does the same in the browser.
"""

from __future__ import annotations

import io
import math
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dlviz.core.errors import DlvizError, shown

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 32 * 2**20
MOST_PIXELS = 24_000_000
FEWEST_SIDE = 3
CAN = "PNG, JPEG, GIF, WebP and BMP can be read"
OPENING = 64  # bytes that tell what a file is
BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)


class PictureProblem(DlvizError, ValueError):
    """A picture file cannot be read; its text is one line for the person who gave it."""


def read_picture(path: str | Path, side: int | None = None) -> np.ndarray:
    """The picture of a file, (3, height, width), for a grey one (1, height, width), floats in [0, 1].

    With `side`, its middle square reduced (or enlarged) to side × side. Transparent pixels become white.
    Raises `PictureProblem` where the file is no picture, or too large, or damaged.
    """
    return open_picture(path, side)[0]


def open_picture(path: str | Path, side: int | None = None) -> tuple[np.ndarray, list[str]]:
    """As `read_picture`, with lines on what was done to it: frames left out, bits dropped, and the like."""
    from PIL import Image, ImageOps

    path = Path(path)
    data = _bytes(path)
    kind = _format(data, path.name)
    notes: list[str] = []
    try:
        # Not Image.open, which refuses a large picture in words of its own and warns of one half as large.
        Image.init()
        image = Image.OPEN[kind][0](io.BytesIO(data), path.name)
        check_size(*image.size)
        if _is_cut_off(kind, data):
            raise _cut_off(data, path.name)
        notes += _notes(kind, data, image)
        image.load()
    except PictureProblem:
        raise
    except Exception as problem:
        if _is_cut_off(kind, data):
            raise _cut_off(data, path.name) from problem
        name = {"WEBP": "WebP"}.get(kind, kind)
        raise PictureProblem(
            f"{path.name} begins as a {name}, but its picture is damaged and cannot be decoded. Try to save it again."
        ) from problem
    upright = ImageOps.exif_transpose(image) if kind == "JPEG" else image
    flat, seen_through = _flat(upright)
    if side is not None:
        if flat.width != flat.height:
            notes.append(f"The middle square of {flat.width:,} × {flat.height:,} is taken.")
        flat = ImageOps.fit(flat, (side, side), Image.Resampling.BOX if side < min(flat.size) else 3)
    if seen_through:
        notes.append("It is transparent in places; these are white here.")
    pixels = np.asarray(flat, dtype=np.float32) / 255
    return (pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1).copy()), notes


def check_size(width: int, height: int) -> None:
    """Refuse what is too large to decode or too small to slide over."""
    size = f"This picture has {width:,} × {height:,}"
    if width * height > MOST_PIXELS:
        mega = width * height / 1e6
        much = f"{mega:.3g}" if mega < 1000 else f"{mega:,.0f}"
        scale = math.sqrt(MOST_PIXELS / (width * height)) / 100
        sides = [math.floor(side * scale) * 100 for side in (width, height)]
        smaller = f"a copy of {sides[0]:,} × {sides[1]:,}" if min(sides) > 0 else "a smaller one"
        most = MOST_PIXELS // 10**6
        raise PictureProblem(f"{size} = {much} megapixels. At most {most} are read. Try {smaller}.")
    if min(width, height) < FEWEST_SIDE:
        pixels = "pixel" if width * height == 1 else "pixels"
        needed = f"At least {FEWEST_SIDE} × {FEWEST_SIDE} are needed"
        raise PictureProblem(f"{size} {pixels}. {needed}. Try a larger one.")


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            most = MOST_BYTES // 2**20
            raise PictureProblem(
                f"{path.name} has {size / 2**20:,.0f} MB. At most {most} are read. Try a smaller copy."
            )
        return path.read_bytes()
    except OSError as problem:
        raise PictureProblem(f"{shown(str(path))} cannot be opened: {problem.strerror}.") from problem


def _format(data: bytes, name: str) -> str:
    if not data:
        raise PictureProblem(f"{name} is empty. {CAN}.")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in BMP_HEADERS:
        return "BMP"
    raise PictureProblem(f"{name} is not a picture that can be read here: {_what(data)}. {CAN}.")


def _what(data: bytes) -> str:
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "it is a TIFF"
    if data[4:8] == b"ftyp":
        known = {b"avif": "an AVIF", b"avis": "an AVIF", b"heic": "a HEIC", b"heix": "a HEIC", b"mif1": "a HEIC"}
        return f"it is {known.get(data[8:12], 'a film')}"
    try:
        words = data[:OPENING].decode()
    except UnicodeDecodeError as problem:
        words = data[: problem.start].decode() if problem.start > OPENING - 4 else "\0"
    if any(ord(letter) < 32 and letter not in "\t\n\v\f\r" for letter in words):
        return f"it begins with the bytes {data[:8].hex(' ')}"
    line = " ".join(words.split())
    return f"it begins with “{line if len(line) <= 24 else line[:24].strip() + '…'}”"


def _cut_off(data: bytes, name: str) -> PictureProblem:
    end = "byte ends" if len(data) == 1 else "bytes end"
    return PictureProblem(f"{name} is cut off: its {len(data):,} {end} before the picture does. Try to save it again.")


def _is_cut_off(kind: str, data: bytes) -> bool:
    """Whether the file ends before its format says that it is over."""
    match kind:
        case "PNG":
            return not any(name == b"IEND" for name, _ in _png_chunks(data))
        case "JPEG":
            return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
        case "GIF":
            return not data.rstrip(b"\0").endswith(b"\x3b")
        case "WEBP":
            return len(data) < int.from_bytes(data[4:8], "little") + 8
        case _:
            return len(data) < int.from_bytes(data[2:6], "little")


def _png_chunks(data: bytes) -> list[tuple[bytes, int]]:
    """Name and start of the body of each whole chunk."""
    found, at = [], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if at + 12 + length > len(data):
            break
        found.append((data[at + 4 : at + 8], at + 8))
        at += 12 + length
    return found


def _notes(kind: str, data: bytes, image: Image) -> list[str]:
    notes = []
    if kind == "PNG" and data[24] == 16:
        notes.append("16 bits a channel; the upper 8 are kept.")
    if kind == "JPEG":
        if 2 <= image.getexif().get(0x0112, 1) <= 8:
            notes.append("Turned upright, as the camera noted.")
        if image.mode == "CMYK":
            notes.append("CMYK; converted to RGB.")
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        notes.append(f"An animation of {frames:,} frames; the first is taken.")
    return notes


def _flat(image: Image) -> tuple[Image, bool]:
    """The picture as L or RGB on white, and whether any of it was seen through."""
    from PIL import Image as Images

    if image.mode.startswith("I"):
        return Images.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)), False
    grey = image.mode in ("1", "L", "LA")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        flat = Images.alpha_composite(Images.new("RGBA", image.size, (255, 255, 255, 255)), clear)
        return flat.convert("L" if grey else "RGB"), min(clear.getchannel("A").tobytes()) < 255
    return image.convert("L" if grey else "RGB"), False
