"""The envelope: what is written is what docs/architecture.md says, and comes back as it went in."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlviz.training import frames

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5)
ARRAYS = st.one_of(
    hnp.arrays(np.float32, SHAPES), hnp.arrays(np.int32, SHAPES), hnp.arrays(np.uint8, SHAPES)
)  # fmt: skip
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), PLAIN, max_size=4), st.dictionaries(st.text(max_size=9), ARRAYS, max_size=4))
def test_what_goes_in_comes_out(numbers, arrays):
    message = frames.decode(frames.encode("frame", "r", numbers, arrays, version=3, step=12))
    assert (message.kind, message.run, message.version, message.step) == ("frame", "r", 3, 12)
    assert message.numbers == numbers
    assert message.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        assert message.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(message.arrays[name], array)


@given(st.text(max_size=30), st.dictionaries(st.text(max_size=9), ARRAYS, min_size=1, max_size=4))
def test_layout_as_documented(run, arrays):
    """Read by the document's words alone, without `decode`."""
    data = frames.encode("scene", run, {}, arrays)
    (length,) = struct.unpack("<I", data[:4])
    header = json.loads(data[4 : 4 + length])
    assert header["kind"] == "scene"
    assert (4 + length) % 8 == 0
    sizes = {"f32": 4, "i32": 4, "u8": 1}
    for entry, array in zip(header["arrays"], arrays.values(), strict=True):
        assert entry["offset"] % 8 == 0
        start = 4 + length + entry["offset"]
        assert data[start : start + array.size * sizes[entry["dtype"]]] == array.tobytes()


def test_other_types_travel_as_the_nearest_one():
    arrays = {"double": np.array([0.1]), "long": np.array([7, -7]), "bool": np.array([True, False])}
    decoded = frames.decode(frames.encode("frame", "r", {}, arrays)).arrays
    assert {name: array.dtype.str for name, array in decoded.items()} == {"double": "<f4", "long": "<i4", "bool": "|u1"}
    assert decoded["double"][0] == np.float32(0.1)


def test_columns_and_slices_are_written_in_reading_order():
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    decoded = frames.decode(frames.encode("frame", "r", {}, {"t": array.T, "s": array[:, ::2]})).arrays
    np.testing.assert_array_equal(decoded["t"], array.T)
    np.testing.assert_array_equal(decoded["s"], array[:, ::2])


def test_numbers_that_json_lacks_travel_as_null():
    numbers = {"loss": float("nan"), "list": [1, float("inf")], "numpy": np.float32("nan"), "deep": {"x": -np.inf}}
    data = frames.encode("frame", "r", numbers)
    assert frames.decode(data).numbers == {"loss": None, "list": [1, None], "numpy": None, "deep": {"x": None}}
    assert b"NaN" not in data
    assert b"Infinity" not in data


def test_numpy_scalars_travel_as_numbers():
    assert frames.decode(frames.encode("frame", "r", {"n": np.int64(3), "x": np.float32(0.5)})).numbers == {
        "n": 3,
        "x": 0.5,
    }


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([1 + 2j]), np.array([2**40])])
def test_what_no_browser_can_read_is_refused(array):
    with pytest.raises(ValueError, match="'bad'"):
        frames.encode("frame", "r", {}, {"bad": array})


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xff\x00\x00\x00{}"])
def test_a_torn_message_is_refused(data):
    with pytest.raises(ValueError, match="shorter than its header"):
        frames.decode(data)


@pytest.mark.parametrize("kind", ["scene", "frame", "note", "reply"])
def test_the_kind_can_be_told_without_decoding(kind):
    assert frames.kind_of(frames.encode(kind, 'a"kind":"x"', {"kind": "y"})) == kind
