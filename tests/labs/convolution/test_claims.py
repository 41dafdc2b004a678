"""Each experiment is run with fewer seeds, its rows are computed again by somebody else, its verdict is judged anew."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage, optimize, signal
from sklearn.linear_model import Ridge

from dlviz.data.digits import mnist_5k
from dlviz.labs.convolution.claims import CLAIMS, measuring, recovering, stacking, striding, translation
from tests.labs.convolution.claimed import FOUND, MODULES, SEEDS, rows


def test_every_claim_has_its_module() -> None:
    assert [claim.slug for claim in CLAIMS] == list(MODULES)


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.convolution.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(400)  # of a busy machine
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_the_whole_experiment_finds_what_it_found_before(claim: Any) -> None:
    *reports, verdict = claim.experiment()
    assert verdict.holds == FOUND[claim.slug], verdict.sentence
    assert len(reports) > 10


def test_the_read_out_is_ridge_regression() -> None:
    x, y, test_x, test_y = measuring.digits(1, 600, 300)
    features, test_features = x.flatten(1), test_x.flatten(1)
    penalty = 0.01 * features.square().mean().item() * len(features)
    twin = Ridge(alpha=penalty).fit(features.double().numpy(), np.eye(10)[y.numpy()])
    guess = twin.predict(test_features.double().numpy()).argmax(1)
    found = measuring.ReadOut(features, y, 0.01).accuracy(test_features, test_y)
    assert found == pytest.approx((guess == test_y.numpy()).mean(), abs=1 / 300 + 1e-9)
    pictures, labels = mnist_5k()
    same = (pictures.reshape(5000, -1)[None] == (test_x * 255).round().byte().flatten(1).numpy()[:5, None]).all(2)
    assert [labels[row.argmax()] for row in same] == test_y[:5].tolist()


# --- two 3 × 3 -----------------------------------------------------------------------------------


def test_fields_are_those_of_the_textbook_formula() -> None:
    seen = {row["layers"]: row for row in rows("two-threes-see-a-five") if row["what"] == "sees"}
    assert len(seen) == 4
    for layers, row in seen.items():
        sizes = [int(part.split(" ")[0]) for part in layers.split(" + ")]
        side = 1 + sum(k - 1 for k in sizes)
        assert (row["side_seen"], row["cells_seen"]) == (side, side * side)
        assert row["weights"] == sum(k * k for k in sizes)
    assert [row["weights"] for row in seen.values()] == [18, 25, 27, 49]


def test_the_rim_gets_its_share_of_the_random_weights() -> None:
    """Squares of random weights add up like the counts of ways: 1 2 3 2 1 for two 3 × 3."""
    ways = np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1])
    expected = {(3, 3): 1 - ways[1:-1, 1:-1].sum() / ways.sum(), (5,): 16 / 25}
    for sizes, share in expected.items():
        assert stacking.seen(sizes, tuple(range(300)))["outer_ring"] == pytest.approx(share, abs=0.03)


def test_no_other_fit_comes_closer_to_a_random_kernel() -> None:
    chosen = [row for row in rows("two-threes-see-a-five") if row["what"] == "makes"]
    assert [row["kernel"] for row in chosen] == ["random, seed 1", "random, seed 2", "Gaussian", "Sobel", "Laplacian"]
    random = np.random.default_rng(0)
    for seed, row in zip(SEEDS, chosen, strict=False):
        wanted = stacking.random_kernel(seed).numpy()
        wanted = wanted / np.linalg.norm(wanted)

        def miss(x: np.ndarray, wanted: np.ndarray = wanted) -> np.ndarray:
            return np.asarray(signal.convolve2d(x[:9].reshape(3, 3), x[9:].reshape(3, 3)) - wanted).ravel()

        others = [2 * optimize.least_squares(miss, random.normal(size=18) / 3).cost for _ in range(25)]
        assert row["energy_missed_1"] == pytest.approx(min(others), abs=1e-6)
        assert row["energy_missed_2"] < 1e-12
    gaussian, sobel = chosen[2], chosen[3]
    assert gaussian["energy_missed_1"] < 1e-12
    assert sobel["energy_missed_1"] < 1e-12
    small = np.outer([1, 2, 1], [1, 2, 1])
    assert np.array_equal(signal.convolve2d(small, small), np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]))


def test_the_fit_is_two_convolutions_in_a_row() -> None:
    fit = stacking.Fit(stacking.random_kernel(5), 2, seed=3)
    fit.improve(40)
    best = int(fit.misses.argmin())
    x = np.random.default_rng(1).normal(size=(12, 12))
    stacked = sum(
        signal.correlate2d(signal.correlate2d(x, a.reshape(3, 3), "valid"), b.reshape(3, 3), "valid")
        for a, b in zip(fit.a[best].numpy(), fit.b[best].numpy(), strict=True)
    )
    wanted = signal.correlate2d(x, fit.wanted.reshape(5, 5).numpy(), "valid")
    assert np.abs(stacked - wanted).max() < 1e-5


# --- translation ---------------------------------------------------------------------------------


def test_the_border_reaches_one_cell_a_layer() -> None:
    found = rows("commutes-with-translation")
    assert len(found) == 15
    for row in found:
        padded = row["padding"] != "valid"
        assert row["inside_error"] < 1e-12
        assert row["cells_spoiled"] == (row["layers"] if padded else 0)
        assert row["share_spoiled"] == pytest.approx(1 - ((32 - 2 * row["cells_spoiled"]) / 32) ** 2)
        assert (row["wrapped_error"] is None) == (not padded)
        if padded:
            assert (row["wrapped_error"] < 1e-12) == (row["padding"] == "circular")
            assert row["border_error"] > 0.01


def test_one_layer_equals_scipys_at_every_padding() -> None:
    whole, (top, left), kernels = translation.setting(1, 1)
    window = whole[0, 0, top : top + 32, left : left + 32].numpy()
    modes = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest", "circular": "grid-wrap"}
    for mode, name in modes.items():
        ours = translation.layers(torch.from_numpy(window)[None, None], kernels, mode)[0].numpy()
        for o, weight in enumerate(kernels[0][:, 0].numpy()):
            np.testing.assert_allclose(ours[o], ndimage.correlate(window, weight, mode=name), atol=1e-12)


def test_the_error_at_the_border_is_that_of_the_maps() -> None:
    """Computed with scipy on the whole picture: where the padded map differs from a map that needed no padding."""
    whole, (top, left), kernels = translation.setting(1, 2)
    weight = kernels[0][:, 0].numpy()
    picture = whole[0, 0].numpy()
    one = np.stack([ndimage.correlate(picture[top : top + 32, left : left + 32], w, mode="constant") for w in weight])
    two = np.stack(
        [ndimage.correlate(picture[top + 3 : top + 35, left + 3 : left + 35], w, mode="constant") for w in weight]
    )
    error = np.abs(one[:, 3:, 3:] - two[:, :-3, :-3]).max(0)
    rim = np.ones_like(error, dtype=bool)
    rim[1:-1, 1:-1] = False
    found = translation.moved("zeros", 1, 2)
    assert found["border_error"] == pytest.approx(error[rim].mean() / np.abs(one).mean())
    assert error[~rim].max() < 1e-12


# --- stride --------------------------------------------------------------------------------------


def test_sizes_follow_the_formula() -> None:
    found = [row for row in rows("stride-two-halves") if row["what"] == "size"]
    assert {row["kernel"] for row in found} == {1, 2, 3, 4, 5, 7}
    for row in found:
        sides = {n: (n + 2 * row["padding"] - row["kernel"]) // 2 + 1 for n in range(8, 65)}
        assert row["at_28"] == sides[28]
        assert row["halved"] == sum(m == -(-n // 2) for n, m in sides.items())
        assert row["most_short"] == max(-(-n // 2) - m for n, m in sides.items())
        if row["kernel"] % 2 and row["padding"] == row["kernel"] // 2:
            assert row["halved"] == row["sides"] == 57


def test_a_strided_map_follows_even_moves_only() -> None:
    for row in (row for row in rows("stride-two-halves") if row["what"] == "shift"):
        assert max(row["error_2"], row["error_4"], row["error_1_stride_1"]) < 1e-6
        assert min(row["error_1"], row["error_3"]) > 0.2
        x, _, _, _ = measuring.digits(row["seed"], striding.PICTURES, 0)
        weight = torch.randn(8, 1, 3, 3, generator=torch.Generator().manual_seed(row["seed"])).numpy()[:, 0]
        still, errors = [], {0: [], 1: []}  # type: ignore[var-annotated]
        for picture in np.pad(x[:, 0].numpy(), ((0, 0), (8, 8), (8, 8))):
            moved = np.roll(picture, 1, 1)
            for w in weight:
                before, after = (np.maximum(signal.correlate2d(p, w, "valid")[::2, ::2], 0) for p in (picture, moved))
                still.append(np.square(before).sum())
                for by in errors:
                    errors[by].append(np.square(after - np.roll(before, by, 1)).sum())
        expected = min(np.sqrt(sum(error) / sum(still)) for error in errors.values())
        assert row["error_1"] == pytest.approx(expected, rel=1e-4)


# --- verdicts ------------------------------------------------------------------------------------


def changed(slug: str, where: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
    """The rows of an experiment, those that match `where` with other values."""
    found = rows(slug)
    assert any(all(row.get(name) == value for name, value in where.items()) for row in found)
    return [{**row, **(values if all(row.get(n) == v for n, v in where.items()) else {})} for row in found]


@pytest.mark.parametrize(
    ("slug", "where", "values", "holds"),
    [
        ("two-threes-see-a-five", {}, {}, "yes"),
        ("two-threes-see-a-five", {"layers": "3 × 3 + 3 × 3", "what": "sees"}, {"cells_seen": 21}, "no"),
        ("two-threes-see-a-five", {"layers": "3 × 3 + 3 × 3", "what": "sees"}, {"weights": 26}, "no"),
        ("commutes-with-translation", {}, {}, "yes"),
        ("commutes-with-translation", {"padding": "valid"}, {"inside_error": 0.01}, "no"),
        ("commutes-with-translation", {"padding": "reflect"}, {"cells_spoiled": 9}, "no"),
        ("stride-two-halves", {}, {}, "partly"),
        ("stride-two-halves", {"kernel": 3, "padding": 1}, {"halved": 50}, "no"),
        ("random-kernels-separate", {"task": "digits", "network": "pixels"}, {"accuracy": 0.5}, "yes"),
        ("random-kernels-separate", {"task": "digits", "network": "random, ReLU"}, {"accuracy": 0.5}, "partly"),
        ("random-kernels-separate", {"network": "random, ReLU"}, {"accuracy": 0.1}, "no"),
        ("learning-recovers-sobel", {}, {}, "partly"),
        ("learning-recovers-sobel", {"pairs": "noise"}, {"error_1000": 0.5}, "no"),
    ],
)
def test_verdicts_follow_from_the_rows(slug: str, where: dict[str, Any], values: dict[str, Any], holds: str) -> None:
    assert MODULES[slug].judge(changed(slug, where, **values)).holds == holds


def test_a_layer_that_recovers_from_everything_would_make_it_true() -> None:
    found = [{**row, "error_1000": 0.001} for row in rows("learning-recovers-sobel")]
    assert recovering.judge(found).holds == "yes"
