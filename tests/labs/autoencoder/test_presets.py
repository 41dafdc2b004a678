"""Every preset is trained for as long as its line says, and what the line promises is looked for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from dlviz.core.errors import Diverged
from dlviz.core.spec import from_values
from dlviz.labs.autoencoder.measuring import LEAST_SPREAD
from dlviz.labs.autoencoder.presets import PRESETS
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec

BY_SLUG = {preset.slug: preset for preset in PRESETS}
pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]


@cache
def trained(slug: str, steps: int) -> AutoencoderRun:
    run = AutoencoderRun(from_values(AutoencoderSpec, BY_SLUG[slug].changes if slug else {}))
    run.advance(steps)
    run.measured_now()
    return run


def numbers(slug: str, steps: int) -> dict[str, float]:
    return trained(slug, steps).measured().numbers


def test_the_codes_of_the_plain_one_spread_far() -> None:
    assert trained("plain", 600).measured().mean.abs().max() > 6
    assert trained("", 600).measured().mean.abs().max() < 6


def test_a_linear_one_is_as_good_as_pca() -> None:
    pictures = trained("linear", 2000).data.pictures
    x, test = (part.flatten(1).numpy() for part in (pictures.train_x, pictures.test_x))
    pca = PCA(4).fit(x)
    best = ((pca.inverse_transform(pca.transform(test)) - test) ** 2).mean()
    assert 0.99 < numbers("linear", 2000)["test_squared_error"] / best < 1.02


def test_the_deep_one_learns() -> None:
    assert numbers("stacked", 400)["validation_reconstruction"] < 190


def test_damage_is_undone() -> None:
    from dlviz.labs.autoencoder.objective import damaged

    run = trained("denoising", 500)
    x = run.data.pictures.test_x[:200]
    noisy = damaged(x, "gaussian", 0.4, torch.Generator().manual_seed(1))
    with torch.no_grad():
        again = run.network.pictures(run.network.decode(run.network.encode(noisy).mean))
    assert ((again - x) ** 2).mean() < ((noisy - x) ** 2).mean() / 2


def test_few_units_are_active_at_a_time() -> None:
    run = trained("sparse", 600)
    codes = run.measured().mean
    assert codes.shape[1] == 64
    assert 0.02 < codes.mean() < 0.11
    assert numbers("sparse", 600)["validation_reconstruction"] < 215


def test_told_the_class_the_same_code_becomes_another_digit() -> None:
    from dlviz.training import classifiers

    run = trained("conditional", 1000)
    reader = classifiers.shipped("mnist")
    assert reader is not None
    with torch.no_grad():
        again = run.network.pictures(run.network.decode(torch.zeros(10, 2), torch.arange(10)))
    assert (classifiers.logits(reader, again).argmax(1) == torch.arange(10)).sum() >= 9


def test_convolutions_need_fewer_parameters() -> None:
    counts = [sum(p.numel() for p in AutoencoderRun(from_values(AutoencoderSpec, changes)).network.parameters())
              for changes in (BY_SLUG["convolutional"].changes, {})]  # fmt: skip
    assert counts[0] < 90_000 < counts[1]


def test_sixteen_numbers_are_mostly_used_and_sharper() -> None:
    found = trained("wide", 800).measured()
    assert (found.dimension_spread >= LEAST_SPREAD).sum() >= 9
    assert numbers("wide", 800)["validation_elbo"] > numbers("", 800)["validation_elbo"] + 10


def test_all_collapses_under_pressure() -> None:
    run = trained("collapse", 300)
    assert (run.measured().dimension_spread < LEAST_SPREAD).all()
    with torch.no_grad():
        again = run.network.pictures(run.network.decode(run.measured().mean))
    assert again.std(0).max() < 0.05


def test_a_warm_up_keeps_what_pressure_from_the_start_loses() -> None:
    run = trained("warmup", 1500)
    spec = from_values(AutoencoderSpec, {**BY_SLUG["warmup"].changes, "warmup": 0})
    pressed = AutoencoderRun(spec)
    pressed.advance(1500)
    in_use = [int((each.measured_now().dimension_spread >= LEAST_SPREAD).sum()) for each in (run, pressed)]
    assert in_use[0] >= in_use[1]
    assert run.beta == pressed.beta == 3


def test_under_the_squared_error_codes_draw_together() -> None:
    assert numbers("mean-squares", 600)["validation_kl"] < numbers("", 600)["validation_kl"] - 1


def test_sprites_learn() -> None:
    assert numbers("sprites", 300)["validation_squared_error"] < 0.02


def test_new_faces_do_not_follow_the_trained_ones() -> None:
    run = AutoencoderRun(from_values(AutoencoderSpec, BY_SLUG["faces"].changes))
    run.advance(1500)
    found = run.measured_now().numbers
    assert found["train_squared_error"] < 0.7 * found["validation_squared_error"]


def test_the_stranger_comes_back_with_a_larger_error() -> None:
    run = trained("stranger", 800)
    with torch.no_grad():
        errors = [((run.network.pictures(run.network.decode(run.network.encode(x).mean)) - x) ** 2).flatten(1).mean(1)
                  for x in (run.data.pictures.test_x, run.data.strangers)]  # fmt: skip
    assert errors[1].mean() > 1.15 * errors[0].mean()


def test_one_number_is_a_line() -> None:
    run = trained("one-number", 600)
    assert run.measured().mean.shape[1] == 1
    assert numbers("one-number", 600)["validation_elbo"] < numbers("", 600)["validation_elbo"]


def test_ten_pictures_are_learned_by_heart() -> None:
    run = AutoencoderRun(from_values(AutoencoderSpec, BY_SLUG["few-pictures"].changes))
    run.advance(50)
    early = dict(run.measured_now().numbers)
    run.advance(450)
    late = run.measured_now().numbers
    assert late["train_loss"] < early["train_loss"]
    assert late["validation_loss"] > early["validation_loss"]


def test_too_high_a_rate_diverges() -> None:
    run = AutoencoderRun(from_values(AutoencoderSpec, BY_SLUG["diverging"].changes))
    with pytest.raises(Diverged):
        run.advance(100)


def test_every_preset_is_looked_at() -> None:
    assert len(PRESETS) == 17
    assert np.isfinite([numbers("plain", 600)["train_loss"]]).all()
