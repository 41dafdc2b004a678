"""Scene and frames: the bytes of the maps lead back to the maps, and a frame is cheap."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from dlviz.labs.cnn.probe import feature_maps
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.scene import MAPS_AT_MOST, in_bytes
from dlviz.labs.cnn.spec import CnnSpec


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(CnnSpec(examples=200))
    run.advance(3)
    return run


def test_bytes_lead_back_to_the_maps_within_half_a_step(run: CnnRun) -> None:
    arrays, whole = run.frame().arrays, feature_maps(run)
    for row in run.spec.rows:
        if row.kind == "softmax":
            continue
        if len(row.output_shape) == 1:
            assert np.array_equal(arrays[f"units.{row.name}"], whole[row.name])
            continue
        bytes_, span = arrays[f"maps.{row.name}"], arrays[f"range.{row.name}"]
        assert bytes_.dtype == np.uint8
        low, high = span[:, 0, None, None], span[:, 1, None, None]
        back = low + bytes_ / 255 * (high - low)
        half = (high - low) / 255 / 2
        assert (np.abs(back - whole[row.name]) <= half * 1.001 + 1e-6).all(), row.name
    assert np.array_equal(arrays["logits"], whole["logits"])


def test_a_map_without_contrast_keeps_its_value() -> None:
    found, span = in_bytes(np.full((1, 2, 2), 0.75, dtype=np.float32))
    assert (found == 0).all()
    assert span.tolist() == [[0.75, 0.75]]


def test_a_frame_carries_so_many_maps_at_most() -> None:
    run = CnnRun(CnnSpec(dataset="digits", channels=(80,), examples=100))
    arrays = run.frame().arrays
    assert arrays["maps.conv1"].shape == (MAPS_AT_MOST, 8, 8)
    assert arrays["range.conv1"].shape == (MAPS_AT_MOST, 2)


def test_the_scene_says_what_the_rows_are(run: CnnRun) -> None:
    scene = run.scene()
    assert [row["name"] for row in scene.numbers["rows"]] == [row.name for row in run.spec.rows]
    assert scene.numbers["parameters"] == sum(p.numel() for p in run.network.parameters())
    assert np.array_equal(scene.arrays["picture"], run.picture.numpy())
    assert scene.numbers["label"] == int(run.pictures.test_y[0])


def test_a_frame_costs_less_than_three_milliseconds(run: CnnRun) -> None:
    """Of the best of many: another program on the machine is not the frame's fault."""
    run.frame()

    def seconds() -> float:
        begun = perf_counter()
        run.frame()
        return perf_counter() - begun

    assert min(seconds() for _ in range(40)) < 3e-3
