"""The binary envelope of everything the server sends to a viewer (docs/architecture.md).

`u32` little-endian length of the header, the header as UTF-8 JSON padded with spaces so that the
body starts at a multiple of 8, then the arrays, each at a multiple of 8 so that a browser can lay
a typed array over it without copying.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ALIGNMENT = 8
DTYPES: dict[str, np.dtype[Any]] = {"f32": np.dtype("<f4"), "i32": np.dtype("<i4"), "u8": np.dtype("u1")}
_INT32 = np.iinfo(np.int32)


@dataclass(frozen=True)
class Message:
    """One decoded message. `kind` is scene, frame, note or reply; `step` and `version` place it."""

    kind: str
    run: str
    version: int
    step: int
    numbers: dict[str, Any]
    arrays: dict[str, np.ndarray] = field(default_factory=dict)


def encode(
    kind: str,
    run: str,
    numbers: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray] | None = None,
    *,
    version: int = 0,
    step: int = 0,
) -> bytes:
    """One message as bytes. Numbers that JSON lacks (NaN, infinities) travel as null.

    Floating arrays become f32, booleans and bytes u8, other whole numbers i32; anything else, or a
    whole number past 32 bits, raises ValueError.
    """
    listed, parts, offset = [], [], 0
    for name, array in (arrays or {}).items():
        dtype, packed = _pack(name, np.asarray(array))
        listed.append({"name": name, "dtype": dtype, "shape": list(packed.shape), "offset": offset})
        gap = -packed.nbytes % ALIGNMENT
        parts += [packed.tobytes(), bytes(gap)]
        offset += packed.nbytes + gap
    fields = {"kind": kind, "run": run, "version": version, "step": step, "numbers": numbers, "arrays": listed}
    header = _json(fields).encode()
    header += b" " * (-(4 + len(header)) % ALIGNMENT)
    return b"".join([struct.pack("<I", len(header)), header, *parts])


def encode_note(run: str, level: str, text: str, token: Any = None, offers: Sequence[Any] = ()) -> bytes:
    """Words for the person at the screen: `level` is info, error or diverged."""
    token = token if isinstance(token, str) else None
    return encode("note", run, {"level": level, "text": text, "token": token, "offers": list(offers)})


def decode(message: bytes) -> Message:
    """What `encode` wrote. Raises ValueError where the bytes are no such envelope."""
    if len(message) < 4 or len(message) < 4 + (length := struct.unpack_from("<I", message)[0]):
        raise ValueError(f"A message of {len(message)} bytes is shorter than its header.")
    header = json.loads(message[4 : 4 + length])
    arrays = {}
    for entry in header["arrays"]:
        count = math.prod(entry["shape"])
        flat = np.frombuffer(message, DTYPES[entry["dtype"]], count, 4 + length + entry["offset"])
        arrays[entry["name"]] = flat.reshape(entry["shape"])
    return Message(header["kind"], header["run"], header["version"], header["step"], header["numbers"], arrays)


def kind_of(message: bytes) -> str:
    """The kind of an encoded message, without decoding it."""
    opening = message.index(b'"kind":"') + len(b'"kind":"')
    return message[opening : message.index(b'"', opening)].decode()


def _pack(name: str, array: np.ndarray) -> tuple[str, np.ndarray]:
    if array.dtype.kind == "f":
        return "f32", np.ascontiguousarray(array, DTYPES["f32"]).reshape(array.shape)
    if array.dtype == bool or array.dtype == np.uint8:
        return "u8", np.ascontiguousarray(array, DTYPES["u8"]).reshape(array.shape)
    if array.dtype.kind in "iu":
        if array.size and not (_INT32.min <= array.min() and array.max() <= _INT32.max):
            raise ValueError(f"Array {name!r} holds whole numbers that 32 bits cannot.")
        return "i32", np.ascontiguousarray(array, DTYPES["i32"]).reshape(array.shape)
    raise ValueError(f"Array {name!r} has dtype {array.dtype}; a message carries f32, i32 and u8.")


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    except ValueError:  # a NaN or an infinity somewhere: rare, so that the walk over everything is too
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """numpy's scalars and arrays as JSON has them."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"A message cannot carry a {type(value).__name__}.")


def _finite(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
