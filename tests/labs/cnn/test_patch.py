"""The patch at every place: against the network called directly with the patch painted by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.labs.cnn import turns
from dlviz.labs.cnn.baselines import baseline_of
from dlviz.labs.cnn.occluding import patch
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.jobs import to_the_end

DIGITS = CnnSpec(dataset="digits", channels=(4, 6), dense_units=(8,), examples=400)
SHAPES = CnnSpec(dataset="shapes", channels=(4, 6), dense_units=(), examples=200, picture=4)
FILLS = ("grey", "black", "mean", "blurred")


def trained(spec: CnnSpec = DIGITS, steps: int = 30) -> CnnRun:
    run = CnnRun(spec)
    run.advance(steps)
    return run


def answered(run: CnnRun, picture: np.ndarray) -> np.ndarray:
    """The network's probabilities for one picture, called as it stands."""
    run.network.eval()
    with torch.no_grad():
        found = run.network(torch.from_numpy(picture)[None]).softmax(1)[0].numpy()
    run.network.train()
    return found  # type: ignore[no-any-return]


def by_hand(run: CnnRun, fill: str) -> np.ndarray:
    """What the patch shows, in numpy."""
    x = run.picture.numpy()
    match fill:
        case "grey":
            return np.full_like(x, 0.5)
        case "black":
            return np.zeros_like(x)
        case "mean":
            colour = run.pictures.train_x.numpy().astype(np.float64).mean((0, 2, 3))
            return np.broadcast_to(colour[:, None, None], x.shape).astype(np.float32)
        case _:  # the blur itself is held against scipy in test_attribution
            return baseline_of("blurred", run.picture, run.pictures.train_x, 1).numpy()


@pytest.mark.parametrize("spec", [DIGITS, SHAPES], ids=lambda spec: spec.dataset)
@pytest.mark.parametrize("fill", FILLS)
def test_probabilities_are_those_of_the_picture_painted_by_hand(spec: CnnSpec, fill: str) -> None:
    run = trained(spec)
    random = np.random.default_rng(0)
    for size in (2, 3, run.picture.shape[-1] // 2):
        trace = to_the_end(patch(run, size, fill))
        places = run.picture.shape[-1] - size + 1
        assert trace["probabilities"].shape == (places, places, spec.class_count)
        np.testing.assert_allclose(trace["before"], answered(run, run.picture.numpy()), atol=1e-6)
        cover = by_hand(run, fill)
        np.testing.assert_allclose(trace["cover"], cover, atol=1e-5)
        for top, left in [(0, 0), (places - 1, places - 1), *random.integers(0, places, (8, 2)).tolist()]:
            painted = run.picture.numpy().copy()
            painted[:, top : top + size, left : left + size] = cover[:, top : top + size, left : left + size]
            np.testing.assert_allclose(trace["probabilities"][top, left], answered(run, painted), atol=2e-5)


def test_the_share_of_the_fall_that_lies_on_the_shape() -> None:
    run = trained(SHAPES)
    trace = to_the_end(patch(run, 6))
    mask, places = run.pictures.masks[4].numpy(), 27  # type: ignore[index]
    np.testing.assert_array_equal(trace["mask"], mask)
    on, total, overlaps = np.zeros(6), np.zeros(6), []
    for top in range(places):
        for left in range(places):
            overlap = mask[top : top + 6, left : left + 6].mean()
            fall = np.maximum(0, trace["before"] - trace["probabilities"][top, left]).astype(float)
            on, total = on + fall * overlap, total + fall
            overlaps.append(overlap)
    np.testing.assert_allclose(trace["on_shape"], on / total, rtol=1e-4)
    assert trace["evenly"] == pytest.approx(np.mean(overlaps), rel=1e-5)
    assert not {"mask", "on_shape"} & to_the_end(patch(trained())).arrays.keys()
    own = trained(dataclasses.replace(SHAPES, own_pixels="A" * 4096), 1)
    assert "mask" not in to_the_end(patch(own)).arrays


def test_a_class_that_nowhere_falls_has_no_share() -> None:
    """A blank picture with a black patch over it is the picture itself."""
    run = trained(dataclasses.replace(SHAPES, picture=0), 1)
    run.picture = torch.zeros_like(run.picture)
    trace = to_the_end(patch(run, 4, "black"))
    np.testing.assert_allclose(trace["probabilities"], np.broadcast_to(trace["before"], (29, 29, 6)), atol=1e-6)
    blank = to_the_end(patch(trained(dataclasses.replace(DIGITS, own_pixels="A" * 86), 1)))
    assert np.isfinite(blank["probabilities"]).all()


def test_it_streams_whole_rows_of_the_moment_at_which_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "TURN", 0.0)
    run = trained(SHAPES)
    expected = to_the_end(patch(run))["probabilities"]
    work = patch(run)
    found: list[Progress] = []
    for progress in iter(lambda: next(work, None), None):
        found.append(progress)
        run.advance(1)
    assert len(found) == 13  # 625 places, 50 at a time
    for progress in found:
        trace = progress.trace
        assert trace is not None
        rows = len(trace["probabilities"])
        assert rows == progress.done // 25
        np.testing.assert_array_equal(trace["probabilities"], expected[:rows])
        assert trace["step"] == 30


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"size": 9},
            "patch.size must be a whole number of cells from 2 to half the side of the picture, 4. Got 9. Try 2",
        ),
        ({"size": 1}, "from 2 to half the side"),
        ({"size": 2.5}, "must be a whole number of cells"),
        ({"size": True}, "must be a whole number of cells"),
        ({"fill": "white"}, "patch.fill must be one of grey, black, mean, blurred"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        patch(CnnRun(DIGITS), **options)
    assert words in str(problem.value)
