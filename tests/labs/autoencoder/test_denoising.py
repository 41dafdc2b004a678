"""The probe of the panel Denoise against scikit-image, scipy and numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio

from dlviz.core.errors import InvalidInput
from dlviz.labs.autoencoder import denoising
from dlviz.labs.autoencoder.denoising import BLURS, LEVELS, MEDIANS, denoise
from dlviz.labs.autoencoder.objective import damaged
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import NOISES, AutoencoderSpec
from dlviz.training.jobs import to_the_end

SMALL = {"dataset": "digits", "hidden": (32, 16), "latent": 8}


def run_of(**settings: object) -> AutoencoderRun:
    run = AutoencoderRun(AutoencoderSpec(**{**SMALL, **settings}))
    run.advance(200)
    return run


@pytest.mark.parametrize("kind", NOISES)
def test_decibels_are_those_of_scikit_image(kind: str) -> None:
    run = run_of(kind="conditional")
    trace = to_the_end(denoise(run, noise_kind=kind, noise=0.3, count=20))
    clean, hurt, again = (trace[name] for name in ("clean", "damaged", "restored"))
    assert clean.tolist() == run.data.pictures.test_x[:20].tolist()
    for i in range(20):
        before = peak_signal_noise_ratio(clean[i], hurt[i], data_range=1)
        after = peak_signal_noise_ratio(clean[i], again[i], data_range=1)
        assert trace["psnr_before"][i] == pytest.approx(before, abs=1e-3)
        assert trace["psnr_after"][i] == pytest.approx(after, abs=1e-3)
    with torch.no_grad():
        y = torch.from_numpy(trace["label"]).long()
        code = run.network.encode(torch.from_numpy(hurt), y)
        restored = run.network.decode(code.mean, y).sigmoid()
    np.testing.assert_allclose(again, restored.numpy(), atol=1e-6)
    assert np.abs(hurt - clean).max() > 0.3


def test_nothing_damaged_is_a_hundred_decibels() -> None:
    trace = to_the_end(denoise(run_of(), noise=0))
    assert trace["psnr_before"].tolist() == [100.0] * 9
    assert trace["damaged"].tolist() == trace["clean"].tolist()


def test_the_curves_are_over_all_pictures_and_of_the_best_width() -> None:
    run = run_of(kind="denoising", noise_kind="masking")
    trace = to_the_end(denoise(run, sweep=True, count=1))
    x, y = run.data.pictures.test_x[:200], run.data.pictures.test_y[:200]
    assert trace["noise_level"].tolist() == pytest.approx(list(LEVELS))
    clean = x.numpy()
    for row, kind in enumerate(NOISES):
        for at in (0, 4, 8):
            hurt = damaged(x, kind, LEVELS[at], torch.Generator().manual_seed(run.spec.seed)).numpy()
            assert trace["damaged_psnr"][row, at] == pytest.approx(whole(hurt, clean), abs=1e-3)
            again = denoising.restored(run.network, torch.from_numpy(hurt), y).numpy()
            assert trace["network_psnr"][row, at] == pytest.approx(whole(again, clean), abs=1e-3)
            sizes = {3: 1, 5: 2}  # SciPy's filters with OpenCV's borders
            medians = {side: ndimage.median_filter(hurt, (1, 1, side, side), mode="nearest") for side in sizes}
            blurs = {
                width: ndimage.gaussian_filter(hurt, (0, 0, width, width), mode="mirror", radius=(0, 0, r, r))
                for width, r in ((w, int(np.ceil(3 * w))) for w in BLURS)
            }
            for name, filtered in (("median", medians), ("blur", blurs)):
                found = {width: whole(values, clean) for width, values in filtered.items()}
                assert trace[f"{name}_psnr"][row, at] == pytest.approx(max(found.values()), abs=0.02)
                assert found[min(found, key=lambda w: abs(w - trace[f"{name}_width"][row, at]))] == pytest.approx(
                    max(found.values()), abs=0.02
                )
    assert set(MEDIANS) == set(sizes)
    # Trained on masking of 0.4: there it undoes more than it does harm.
    masking = list(NOISES).index("masking")
    assert trace["network_psnr"][masking, 4] > trace["damaged_psnr"][masking, 4] + 1


def whole(given: np.ndarray, clean: np.ndarray) -> float:
    return float(-10 * np.log10(mean_squared_error(clean, given)))


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_what_could_be_in_the_hidden_half(side: str) -> None:
    run = run_of(picture=3)
    trace = to_the_end(denoise(run, hide=side))
    hidden = trace["hidden"].astype(bool)
    half = {"left": np.s_[:, :4], "right": np.s_[:, 4:], "top": np.s_[:4], "bottom": np.s_[4:]}[side]
    assert hidden[half].all()
    assert hidden.sum() == 32
    picture = run.picture.pixels.numpy()[0]
    train = run.data.pictures.train_x.numpy()[:, 0]
    far = ((train - picture)[:, ~hidden] ** 2).mean(1)
    best = np.argsort(far, kind="stable")[:8]
    np.testing.assert_allclose(trace["alternative_error"], far[best], atol=1e-6)
    found = trace["alternatives"][:, 0]
    np.testing.assert_allclose(((found - picture)[:, ~hidden] ** 2).mean(1), far[best], atol=1e-6)


def test_a_picture_that_was_trained_on_is_no_alternative_to_itself() -> None:
    run = run_of()
    train = run.data.pictures.train_x
    found, _ = denoising.alternatives(train[5], train, "top")
    assert all((each != train[5]).any() for each in found["alternatives"])


def test_the_middle_of_an_odd_side_is_seen() -> None:
    assert denoising.hidden_half((25, 25), "left").sum() == 12 * 25
    assert not denoising.hidden_half((25, 25), "bottom")[12].any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"noise_kind": "rain"}, "gaussian, masking, salt_pepper"),
        ({"noise": 1.5}, r"\[0, 1\]"),
        ({"count": 0}, "whole number"),
        ({"hide": "front"}, "left, right, top, bottom"),
    ],
)
def test_what_is_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        to_the_end(denoise(run_of(), **options))
