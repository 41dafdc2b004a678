"""The panel Compression: PCA against scikit-learn's, errors and bytes by hand, a sweep done again, the kept one."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import compressing, kept_sweep, principal, storing, sweeping
from dlviz.labs.autoencoder.compressing import compression
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.labs.autoencoder.sweeping import SIZES
from dlviz.training.jobs import to_the_end

SMALL = {"dataset": "digits", "hidden": (32, 16), "examples": 400}


def made(**settings: Any) -> AutoencoderRun:
    return AutoencoderRun(AutoencoderSpec(**{**SMALL, **settings}))


@pytest.mark.parametrize("settings", [{}, {"dataset": "faces", "kind": "plain"}, {"dataset": "sprites"},
                                      {"kind": "conditional", "leave_out": "4"}])  # fmt: skip
def test_without_training_there_is_pca_and_the_runs_own_network(settings: dict[str, Any]) -> None:
    run = made(**settings)
    run.advance(3)
    trace = to_the_end(compression(run))
    assert not trace["done"].any()
    assert "autoencoder_error" not in trace.arrays
    pictures = run.data.pictures
    train, test = (x.flatten(1).double().numpy() for x in (pictures.train_x, pictures.test_x))
    whole = PCA(svd_solver="full").fit(train)
    np.testing.assert_allclose(trace["share"], whole.explained_variance_ratio_[: len(trace["share"])], rtol=1e-3,
                               atol=1e-6)  # fmt: skip
    np.testing.assert_allclose(trace["mean_picture"].ravel(), whole.mean_, atol=1e-6)
    for at, size in enumerate(SIZES):
        found = PCA(size, svd_solver="full").fit(train)
        codes, code = found.transform(train), found.transform(test)
        again = found.inverse_transform(code)
        assert trace["pca_error"][at] == pytest.approx(np.square(again - test).mean(), rel=1e-3)
        assert trace["curve"][size] == pytest.approx(trace["pca_error"][at], rel=1e-3)
        kept = 1 - np.square(again - test).sum() / np.square(test - found.mean_).sum()
        assert trace["pca_explained"][at] == pytest.approx(kept, abs=1e-4)
        low, high = codes.min(0), codes.max(0)
        byte = np.clip(np.round((code - low) / (high - low) * 255), 0, 255)
        rounded = found.inverse_transform(low + byte / 255 * (high - low))
        assert trace["pca_quantized"][at] == pytest.approx(np.square(rounded - test).mean(), rel=1e-3)
        first = np.clip(again[: compressing.SHOWN], 0, 1) * 255
        assert np.abs(trace["pca_again"][at].reshape(first.shape) - first).max() <= 0.51
    with torch.no_grad():
        network, x, y = run.network, pictures.test_x, pictures.test_y
        again = network.pictures(network.decode(network.encode(x, y).mean, y))
        assert float(trace["own_error"]) == pytest.approx(((again - x) ** 2).mean().item(), rel=1e-4)


def test_a_sweep_is_what_training_each_alone_gives() -> None:
    run, steps = made(leave_out="2"), 60
    told: list[Any] = []
    trace = to_the_end(compression(run, steps), told.append)
    assert trace["done"].tolist() == [2] * len(SIZES)
    partial = [each.trace for each in told if each.trace is not None]
    assert len(partial) == 1 + 2 * len(SIZES)
    assert [int(each["done"].sum()) for each in partial] == list(range(13))
    assert np.isnan(partial[1]["autoencoder_error"]).tolist() == [False] + [True] * 5
    assert told[-1].done == told[-1].total
    pictures, test = run.data.pictures, run.data.pictures.test_x
    at = SIZES.index(4)
    for name in sweeping.NETWORKS:
        moves = sweeping.trained(name, run.spec, 4, pictures, steps)
        while True:
            try:
                next(moves)
            except StopIteration as end:
                network = end.value
                break
        with torch.no_grad():
            codes, code = network.encode(pictures.train_x).mean, network.encode(test).mean
            again = network.decode(code)
            low, high = codes.numpy().min(0), codes.numpy().max(0)
            byte = np.clip(np.round((code.numpy() - low) / (high - low) * 255), 0, 255)
            rounded = network.decode(torch.from_numpy((low + byte / 255 * (high - low)).astype(np.float32)))
        assert trace[f"{name}_error"][at] == pytest.approx(((again - test) ** 2).mean().item(), rel=1e-4)
        assert trace[f"{name}_quantized"][at] == pytest.approx(((rounded - test) ** 2).mean().item(), rel=1e-5)
        kept = 1 - ((again - test) ** 2).sum() / ((test - pictures.train_x.mean(0)) ** 2).sum()
        assert trace[f"{name}_explained"][at] == pytest.approx(kept.item(), abs=1e-4)
        assert trace[f"{name}_parameters"][at] == sum(values.numel() for values in network.parameters())
        shown = (again[: compressing.SHOWN].clamp(0, 1) * 255).numpy()
        assert np.abs(trace[f"{name}_again"][at] - shown).max() <= 0.51
    first = PCA(4, svd_solver="full").fit(pictures.train_x.flatten(1).double().numpy()).components_.T
    wanted = np.rad2deg(np.sort(subspace_angles(network.decoder.output.weight.detach().double().numpy(), first)))
    np.testing.assert_allclose(trace["linear_angles"][at][:4], wanted, atol=1e-2)
    assert (trace["linear_angles"][at][4:] == -1).all()


def test_a_linear_autoencoder_comes_near_the_space_of_pca() -> None:
    pictures = made().data.pictures
    moves = sweeping.trained("linear", AutoencoderSpec(**SMALL), 4, pictures, 1500)
    while True:
        try:
            next(moves)
        except StopIteration as end:
            network = end.value
            break
    angles = principal.angles(principal.columns(network, 4), principal.analyse(pictures.train_x, 4).directions.T)
    assert angles.max() < 10


CONVOLUTIONS = [("linear", {"dataset": "sprites"}), ("autoencoder", {"channels": (4,)})]


@pytest.mark.parametrize(("name", "settings"), CONVOLUTIONS)
def test_layers_of_the_run_are_kept_and_the_linear_one_has_none(name: str, settings: dict[str, Any]) -> None:
    settings = {"network": "convolutional", **settings}
    spec = sweeping.spec_of(name, AutoencoderSpec(**{**SMALL, **settings}), 3)
    assert (spec.kind, spec.latent, spec.likelihood) == ("plain", 3, "gaussian")
    moves = sweeping.trained(name, AutoencoderSpec(**{**SMALL, **settings}), 3, made(**settings).data.pictures, 2)
    assert [*moves] == [2]
    kinds = {row.kind for row in spec.rows}
    assert ("conv" in kinds) == (name == "autoencoder")


def test_bytes_are_those_of_a_file() -> None:
    chance = torch.Generator().manual_seed(0)
    for channels in (1, 3):
        pictures = torch.rand(3, channels, 9, 9, generator=chance)
        assert storing.raw_bytes(pictures) == channels * 81
        sizes = []
        for each in pictures:
            pixels = (each * 255).round().byte().permute(1, 2, 0).squeeze(-1).numpy()
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG", optimize=True)
            np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(file.getvalue()))), pixels)
            sizes.append(len(file.getvalue()))
        assert storing.png_bytes(pictures) == pytest.approx(np.mean(sizes))
    codes = torch.tensor([[0.0, -5.0], [1.0, 9.0], [0.5, 0.3]])
    again = storing.quantized(codes, torch.zeros(2), torch.ones(2))
    np.testing.assert_allclose(again, [[0, 0], [1, 1], [128 / 255, 76 / 255]], atol=2e-3)
    assert len(storing.quantized(torch.rand(4000, 1, generator=chance), torch.zeros(1), torch.ones(1)).unique()) == 256


def test_the_kept_sweep_is_of_the_default_settings_only() -> None:
    trace = to_the_end(compression(AutoencoderRun(AutoencoderSpec())))
    assert trace["done"].tolist() == [2] * len(SIZES)
    assert int(trace["trained"]) == kept_sweep.STEPS
    assert (np.diff(trace["autoencoder_error"]) < 0).all()
    assert (trace["autoencoder_error"][:4] < trace["pca_error"][:4]).all()
    assert (trace["linear_error"] > 0.999 * trace["pca_error"]).all(), "nothing linear does better than PCA trained"
    assert trace["linear_angles"][1][:2].max() < 10
    assert kept_sweep.FILE.stat().st_size < 1_500_000
    assert kept_sweep.same(AutoencoderSpec(kind="plain", latent=20, beta=4, learning_rate=0.1))
    assert kept_sweep.read(AutoencoderSpec(seed=2)) is None
    assert kept_sweep.read(AutoencoderSpec(hidden=(64,))) is None


def test_a_kept_sweep_that_cannot_be_read_leaves_pca(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "broken.npz").write_bytes(b"no archive")
    monkeypatch.setattr(kept_sweep, "FILE", tmp_path / "broken.npz")
    assert kept_sweep.read(AutoencoderSpec()) is None
    monkeypatch.undo()
    monkeypatch.setattr(kept_sweep, "same", lambda spec: True)
    run = made()
    path = tmp_path / "kept.npz"
    monkeypatch.setattr(kept_sweep, "AutoencoderSpec", lambda: AutoencoderSpec(**SMALL))
    to_the_end(kept_sweep.make(path, 5))
    monkeypatch.setattr(kept_sweep, "FILE", path)
    found, wanted = kept_sweep.read(run.spec), to_the_end(compression(run, 5))
    assert isinstance(found, Trace)
    np.testing.assert_array_equal(found["autoencoder_error"], wanted["autoencoder_error"])
    np.testing.assert_allclose(found["linear_angles"], wanted["linear_angles"], atol=0.05)


@pytest.mark.parametrize("steps", [-1, 5001, True, "many"])
def test_bad_steps_are_refused(steps: Any) -> None:
    with pytest.raises(InvalidInput, match=r"compression.steps must be a whole number in \[0, 5000\]"):
        compression(made(), steps)
