"""The claims that are measured on pictures: pooling, random kernels, and learning, each computed again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import ndimage, signal
from sklearn.linear_model import LogisticRegression, Ridge

from dlviz.labs.convolution.claims import chance, measuring, pooling, recovering
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.labs.convolution.claimed import rows

# --- pooling -------------------------------------------------------------------------------------


def test_digits_are_moved_by_exactly_one_pixel() -> None:
    x, _, _, _ = measuring.digits(3, 20, 0)
    for shift in pooling.SHIFTS:
        expected = ndimage.shift(x.numpy(), (0, 0, *shift), order=0, cval=0)
        np.testing.assert_array_equal(pooling.moved(x, shift).numpy(), expected)


def test_accuracies_of_flattened_and_pooled_pixels_are_sklearns() -> None:
    for row in (row for row in rows("pooling-tolerates-a-pixel") if row["features"].startswith("pixels")):
        x, y, test_x, test_y = (t.numpy() for t in measuring.digits(row["seed"], pooling.TRAIN, pooling.TEST))

        def features(pictures: np.ndarray, name: str = row["features"]) -> np.ndarray:
            blocks = pictures.reshape(-1, 14, 2, 14, 2).astype(np.float64)
            pooled = blocks.max((2, 4)) if "max" in name else blocks.mean((2, 4)) if "average" in name else pictures
            return pooled.reshape(len(pictures), -1).astype(np.float64)

        train = features(x)
        twin = Ridge(alpha=0.01 * np.square(train).mean() * len(train)).fit(train, np.eye(10)[y])

        def accuracy(pictures: np.ndarray, twin: Any = twin, truth: Any = test_y, of: Any = features) -> float:
            return float((twin.predict(of(pictures)).argmax(1) == truth).mean())

        assert row["numbers"] == train.shape[1]
        assert row["accuracy"] == pytest.approx(accuracy(test_x), abs=0.003)
        moved = [accuracy(ndimage.shift(test_x, (0, 0, *shift), order=0)) for shift in pooling.SHIFTS]
        assert row["accuracy_moved"] == pytest.approx(np.mean(moved), abs=0.003)
        assert row["lost"] == pytest.approx(row["accuracy"] - row["accuracy_moved"])


def test_pooled_maps_of_edges_are_compared_with_as_many_numbers() -> None:
    found = rows("pooling-tolerates-a-pixel")
    for flat, pooled in (pooling.PAIRS["edges by 2"], pooling.PAIRS["edges by 4"]):
        counts = {row["numbers"] for row in found if row["features"] in (flat, pooled)}
        assert len(counts) == 1
    x, _, _, _ = measuring.digits(1, 1, 0)
    vertical = signal.correlate2d(x[0, 0].numpy(), np.outer([1, 2, 1], [-1, 0, 1]), "valid") / 4
    maps = pooling.edges(x)[0].numpy()
    np.testing.assert_allclose(maps[0], np.maximum(vertical, 0), atol=1e-6)
    np.testing.assert_allclose(maps[2], np.maximum(-vertical, 0), atol=1e-6)


def test_an_even_race_is_not_called_a_win() -> None:
    """The verdict follows the numbers: with the pooled rows made equal to the flat ones it does not hold."""
    found = rows("pooling-tolerates-a-pixel")
    flat = {(row["seed"], flat): row for flat, _ in pooling.PAIRS.values() for row in found if row["features"] == flat}
    twin = {pooled: flat_ for flat_, pooled in pooling.PAIRS.values()}
    even = [{**row, "lost": flat[row["seed"], twin[row["features"]]]["lost"]} if row["features"] in twin else row
            for row in found]  # fmt: skip
    assert pooling.judge(even).holds == "no"


# --- random kernels ------------------------------------------------------------------------------


def test_the_mean_edge_is_grey_in_every_direction() -> None:
    pictures, labels = chance.edges(1, 4000)
    assert sorted(labels.unique().tolist()) == [0, 1, 2, 3]
    for label in range(4):
        assert (pictures[labels == label].mean(0) - 0.5).abs().max() < 0.09
    clean = ndimage.gaussian_filter(pictures[labels == 0][:50, 0].numpy(), (0, 1.5, 1.5))
    across, down = np.abs(np.diff(clean, axis=2)).mean(), np.abs(np.diff(clean, axis=1)).mean()
    assert across > 2 * down, "direction 0 is a vertical edge"


def test_pixels_cannot_tell_edges_apart_whichever_linear_reader_is_used() -> None:
    for row in (row for row in rows("random-kernels-separate") if row["task"] == "edges"):
        x, y = chance.edges(row["seed"], chance.TRAIN)
        test_x, test_y = chance.edges(row["seed"] + 1000, chance.TEST)
        made = chance.network(row["network"], row["seed"])
        train, test = made(x).numpy(), made(test_x).numpy()
        twin = LogisticRegression(max_iter=300).fit(train * 3, y.numpy())
        accuracy = twin.score(test * 3, test_y.numpy())
        assert row["numbers"] == train.shape[1]
        if row["network"].endswith(", ReLU"):
            assert accuracy > 0.95
            assert row["accuracy"] > 0.95
        else:
            assert accuracy < 0.36
            assert row["accuracy"] < 0.36


def test_the_random_network_is_what_scipy_makes_of_it() -> None:
    x, _ = chance.edges(5, 3)
    kernels = chance.random_kernels(5)
    assert kernels.sum((2, 3)).abs().max() < 1e-5
    for name, rectify in (("random, ReLU", lambda m: np.maximum(m, 0)), ("random, no ReLU", lambda m: m)):
        found = chance.network(name, 5)(x).numpy().reshape(3, 16, 3, 3)
        for o in (0, 7, 15):
            map_ = rectify(signal.correlate2d(x[1, 0].numpy(), kernels[o, 0].numpy(), "valid"))
            np.testing.assert_allclose(found[1, o], map_.reshape(3, 4, 3, 4).mean((1, 3)), atol=1e-5)


# --- recovering ----------------------------------------------------------------------------------


def test_errors_are_those_of_the_run() -> None:
    sobel = np.outer([1, 2, 1], [-1, 0, 1])
    for row in rows("learning-recovers-sobel"):
        run = ConvolutionRun(ConvolutionSpec(pairs=row["pairs"], learning_rate=recovering.RATE, seed=row["seed"]))
        before = run.losses()["test_loss"]
        run.advance(200)
        learned = run.network[0].get_parameter("weight").detach().numpy()[0, 0]
        assert row["error_200"] == pytest.approx(np.linalg.norm(learned - sobel) / np.linalg.norm(sobel), rel=1e-4)
        assert row["loss_left"] <= run.losses()["test_loss"] / before + 1e-6


def test_noise_is_a_round_bowl_and_photographs_are_not() -> None:
    for row in rows("learning-recovers-sobel"):
        if row["pairs"] == "flat":
            assert row["condition"] is None
            assert row["error_1000"] > 0.9
            assert row["loss_left"] < 1e-4
            continue
        run = ConvolutionRun(ConvolutionSpec(pairs=row["pairs"], seed=row["seed"]))
        windows = np.lib.stride_tricks.sliding_window_view(run.inputs[:, 0].double().numpy(), (3, 3), axis=(1, 2))
        seen = np.c_[windows.reshape(-1, 9), np.ones(windows.size // 9)]
        values = np.linalg.svd(seen, compute_uv=False) ** 2
        assert row["condition"] == pytest.approx(values[0] / values[-1], rel=1e-6)
    of = {row["pairs"]: row for row in rows("learning-recovers-sobel")}
    assert of["noise"]["condition"] < 1.2 < 100 < of["digits"]["condition"] < of["photos"]["condition"]
    assert of["noise"]["error_50"] < 1e-3 < of["digits"]["error_50"] < of["photos"]["error_50"]
