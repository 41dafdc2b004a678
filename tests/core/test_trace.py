"""Trace: what a probe returns survives a file, and bad axis names do not get in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlviz.core.trace import Trace


def sample() -> Trace:
    return Trace(
        arrays={"maps": np.arange(24, dtype=np.float32).reshape(2, 3, 4), "loss": np.array(0.5)},
        dims={"maps": ("unit", "height", "width"), "loss": ()},
        units={"loss": "nats"},
        state={"linear.0.weight": np.eye(2, dtype=np.float32)},
    )


def test_a_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    trace, path = sample(), tmp_path / "trace.npz"
    trace.save(path)
    again = Trace.load(path)
    assert dict(again.dims) == dict(trace.dims)
    assert dict(again.units) == dict(trace.units)
    for name in trace.arrays:
        np.testing.assert_array_equal(again[name], trace[name])
        assert again[name].dtype == trace[name].dtype
    np.testing.assert_array_equal(again.state["linear.0.weight"], trace.state["linear.0.weight"])


def test_numpy_alone_can_read_the_file(tmp_path: Path) -> None:
    sample().save(tmp_path / "trace.npz")
    with np.load(tmp_path / "trace.npz", allow_pickle=False) as file:
        assert sorted(file.files) == ["dims/loss", "dims/maps", "loss", "maps", "state/linear.0.weight", "unit/loss"]
        assert file["dims/maps"].tolist() == ["unit", "height", "width"]


def test_an_axis_outside_the_closed_list_is_refused() -> None:
    with pytest.raises(ValueError, match=r"names unknown axes \['rows'\]"):
        Trace({"a": np.zeros(3)}, {"a": ("rows",)})


@pytest.mark.parametrize("dims", [{}, {"a": ("unit", "unit")}])
def test_every_dimension_needs_a_name(dims: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=r"has shape \(3,\) but dims"):
        Trace({"a": np.zeros(3)}, dims)
