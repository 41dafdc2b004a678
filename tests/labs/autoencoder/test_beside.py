"""The autoencoder beside the VAE: how both begin and are trained, every number computed apart as well, what ships."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.beside import keeping, looking, measuring
from dlviz.labs.autoencoder.beside.looking import NETWORKS
from dlviz.labs.autoencoder.beside.training import MOST_STEPS, Pair, beside, race, specs_of
from dlviz.labs.autoencoder.model import Autoencoder, build
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.jobs import to_the_end

SMALL = AutoencoderSpec(dataset="digits", hidden=(24, 12), seed=3, examples=600)
STEPS = 24


def ask(spec: AutoencoderSpec = SMALL, **options: Any) -> Trace:
    trace: Trace = to_the_end(beside(AutoencoderRun(spec), **options))
    return trace


def twin(kind: str, spec: AutoencoderSpec = SMALL, latent: int = 2, beta: float = 1.0) -> AutoencoderRun:
    """A run made apart, begun with the VAE's numbers in all that it has."""
    own = replace(spec, kind=kind, latent=latent, beta=beta)
    run, common = AutoencoderRun(own), build(replace(own, kind="variational")).state_dict()
    run.network.load_state_dict({name: common[name] for name in run.network.state_dict()})
    return run


def sure_of(network: Autoencoder, reader: nn.Module, z: torch.Tensor) -> np.ndarray:
    """The largest probability, one picture at a time."""
    found = []
    with torch.no_grad():
        for one in z:
            pixels = torch.sigmoid(network.decoder(one[None]))
            logits = reader(pixels)[0].double()
            found.append(float((logits - logits.logsumexp(0)).exp().max()))
    return np.array(found)


# --- how both are trained ---------------------------------------------------------------------------------


def test_both_begin_with_the_same_numbers() -> None:
    pair = Pair(specs_of(SMALL, 4, 1.0))
    plain, variational = (pair.runs[kind].network.state_dict() for kind in NETWORKS)
    assert set(variational) - set(plain) == {"log_variance.weight", "log_variance.bias"}
    assert all(torch.equal(values, variational[name]) for name, values in plain.items())
    assert torch.equal(variational["mean.weight"], build(pair.runs["variational"].spec).state_dict()["mean.weight"])


@pytest.mark.parametrize(("latent", "beta"), [(2, 1.0), (8, 0.25)])
def test_a_race_is_two_runs_stepped_apart(latent: int, beta: float) -> None:
    trace = ask(steps=STEPS, latent=latent, beta=beta)
    for kind in NETWORKS:
        run = twin(kind, latent=latent, beta=beta)
        run.advance(STEPS)
        decoder = {name: value for name, value in run.network.state_dict().items() if name.startswith("decoder.")}
        assert decoder
        for name, value in decoder.items():
            assert np.array_equal(trace.state[f"{kind}.{name}"], value), name
        with torch.no_grad():
            code = run.network.encode(run.data.pictures.test_x[:500])
        np.testing.assert_allclose(trace[f"{kind}_codes"], code.mean.detach(), atol=1e-6)
        assert (f"{kind}_log_variance" in trace.arrays) == (code.log_variance is not None)
        again = torch.sigmoid(run.network.decoder(code.mean)).detach()
        error = ((again - run.data.pictures.test_x[:500]) ** 2).mean()
        assert trace[f"{kind}_squared_error"][-1] == pytest.approx(float(error), rel=1e-4)
        if code.log_variance is not None:
            gauss = torch.distributions.Normal(code.mean, (code.log_variance / 2).exp())
            kl = torch.distributions.kl_divergence(gauss, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
            assert trace[f"{kind}_kl"][-1] == pytest.approx(float(kl), rel=1e-4)
    batches = [twin(kind) for kind in NETWORKS]
    for run in batches:
        run.advance(STEPS)
    assert torch.equal(batches[0].order, batches[1].order), "both are shown the same pictures in the same order"


def test_a_race_goes_on_in_turns_and_shows_each_mark() -> None:
    run, untouched = AutoencoderRun(SMALL), AutoencoderRun(SMALL)
    done, seen = [0], []
    for progress in beside(run, steps=STEPS):  # type: ignore[union-attr]
        assert isinstance(progress, Progress)
        done.append(progress.done)
        if progress.trace is not None:
            known = np.isfinite(progress.trace["plain_squared_error"])
            seen.append((int(progress.trace["step"]), int(known.sum())))
            assert np.array_equal(known, np.isfinite(progress.trace["variational_from_between"]))
    assert all(0 <= after - before <= 1 for before, after in pairwise(done))
    assert [count for _, count in seen] == list(range(1, len(seen) + 1))
    assert (seen[0][0], seen[-1][0]) == (0, STEPS)
    assert all(torch.equal(run.snapshot().tensors[name], value) for name, value in untouched.snapshot().tensors.items())


# --- what is measured --------------------------------------------------------------------------------------


@pytest.mark.parametrize("latent", [2, 4])
def test_shares_and_maps_are_those_of_a_computation_apart(latent: int) -> None:
    trace = ask(steps=STEPS * 4, latent=latent)
    reader = classifiers.shipped("digits")
    assert reader is not None
    reach = float(trace["reach"])
    far = []
    for kind in NETWORKS:
        run = twin(kind, latent=latent)
        run.advance(STEPS * 4)
        codes = trace[f"{kind}_codes"].astype(np.float64)
        labels = run.data.pictures.test_y[: len(codes)]
        for at, source in enumerate(measuring.SOURCES):
            chance = torch.Generator().manual_seed(SMALL.seed)
            z = measuring.drawn(source, torch.tensor(codes, dtype=torch.float32), labels, 500, chance)
            sure = sure_of(run.network, reader, z)
            assert trace[f"{kind}_from_{source}"][-1] == pytest.approx((sure > 0.8).mean(), abs=0.0021)
            shown = trace[f"{kind}_drawn"][at]
            np.testing.assert_allclose(shown[: len(z)], z[:12], atol=1e-5)
            assert np.isnan(shown[len(z) :]).all()
        # The window: centre, directions, and the places of codes and clouds in it.
        center, axes = trace[f"{kind}_center"], trace[f"{kind}_axes"].astype(np.float64)
        np.testing.assert_allclose(center, codes.mean(0), atol=1e-5)
        if latent == 2:
            np.testing.assert_allclose(axes, np.diag(codes.std(0)), atol=1e-5)
        else:
            values = np.linalg.svd(codes - codes.mean(0), full_matrices=False)[1][:2] / len(codes) ** 0.5
            np.testing.assert_allclose(np.linalg.norm(axes, axis=1), values, rtol=1e-4)
        u = (codes - codes.mean(0)) @ np.linalg.pinv(axes)
        np.testing.assert_allclose(trace[f"{kind}_places"], u, atol=1e-3)
        np.testing.assert_allclose(u.std(0), 1, atol=1e-4)
        far.append(abs(u).max())
        # The map, cell by cell, from its upper left corner.
        side = looking.SIDE
        cells = np.array([[(2 * c + 1) / side - 1, 1 - (2 * r + 1) / side] for r in range(side) for c in range(side)])
        z = center + (reach * cells) @ axes
        sure = sure_of(run.network, reader, torch.tensor(z, dtype=torch.float32))
        np.testing.assert_allclose(trace[f"{kind}_confidence"].ravel(), sure, atol=2e-5)
        own = np.sort(cdist(codes, codes), 1)[:, 5]
        near = np.sort(cdist(z, codes), 1)[:, 4] <= np.quantile(own, 0.95)
        assert (trace[f"{kind}_inside"].ravel() != near).mean() < 0.004
        circle = (np.square(reach * cells).sum(1)) <= 4
        assert trace[f"{kind}_unsure"][-1] == pytest.approx((sure[circle] < 0.5).mean(), abs=0.005)
        assert trace[f"{kind}_far"][-1] == pytest.approx(1 - near[circle].mean(), abs=0.005)
        hole = trace[f"{kind}_hole"]
        assert np.hypot(*hole) <= 2
        at_hole = np.abs(reach * cells - hole).sum(1).argmin()
        assert sure[at_hole] == pytest.approx(sure[circle].min(), abs=1e-5)
    assert reach == pytest.approx(min(6, max(2.5, 1.05 * max(far))), rel=1e-4)


def test_sources_are_what_they_say() -> None:
    chance = torch.Generator().manual_seed(0)
    mixing = torch.tensor([[2.0, 0.0, 0.0], [1.5, 0.4, 0.0], [0.0, 0.3, 0.7]])
    codes = torch.randn(400, 3, generator=chance) @ mixing.T + torch.tensor([3.0, -1.0, 0.5])
    labels = torch.arange(400) % 4
    many = 20_000
    found = {source: measuring.drawn(source, codes, labels, many, chance) for source in measuring.SOURCES}
    covariance = {source: torch.cov(z.T) for source, z in found.items()}
    own = torch.cov(codes.T)
    torch.testing.assert_close(covariance["prior"], torch.eye(3), atol=0.05, rtol=0.05)
    torch.testing.assert_close(covariance["scaled"], torch.diag(own.diag()), atol=0.12, rtol=0.05)
    torch.testing.assert_close(covariance["fitted"], own, atol=0.12, rtol=0.05)
    torch.testing.assert_close(found["fitted"].mean(0), codes.mean(0), atol=0.06, rtol=0)
    low, high = codes.min(0).values, codes.max(0).values
    assert ((found["box"] >= low) & (found["box"] <= high)).all()
    own_fifth = np.sort(cdist(codes, codes), 1)[:, 5]
    fifth = np.sort(cdist(found["empty"][:500], codes), 1)[:, 4]
    assert (fifth > np.quantile(own_fifth, 0.95) - 1e-4).all()
    middles = (codes[:, None] + codes[None]) / 2
    differ = labels[:, None] != labels[None]
    gaps = torch.cdist(found["between"][:50], middles[differ]).min(1).values
    assert gaps.max() < 1e-3
    assert torch.equal(found["codes"], codes)
    some = measuring.drawn("empty", codes, labels, 300, torch.Generator().manual_seed(5), wanted=7)
    assert torch.equal(some, measuring.drawn("empty", codes, labels, 300, torch.Generator().manual_seed(5))[:7])
    with pytest.raises(ValueError, match="one of prior, scaled"):
        measuring.drawn("anywhere", codes, labels, 3, chance)


def test_where_all_are_of_one_class_nothing_lies_between() -> None:
    codes = torch.randn(30, 2, generator=torch.Generator().manual_seed(0))
    z = measuring.drawn("between", codes, torch.zeros(30, dtype=torch.long), 9, torch.Generator())
    assert z.shape == (0, 2)
    assert np.isnan(measuring.share(z[:, 0]))


@pytest.mark.parametrize(
    "changes",
    [
        {"dataset": "faces", "hidden": (16,)},
        {"dataset": "sprites", "network": "convolutional", "channels": (4,), "likelihood": "gaussian"},
        {"dataset": "digits", "kind": "conditional", "leave_out": "3", "hidden": ()},
        {"dataset": "digits", "kind": "sparse", "latent": 1, "activation": "linear", "warmup": 900, "beta": 7.0},
    ],
)
def test_every_kind_of_run_has_its_pair(changes: dict[str, Any]) -> None:
    trace = ask(AutoencoderSpec(examples=200, **changes), steps=3, latent=4)
    is_read = changes["dataset"] != "faces"
    for kind in NETWORKS:
        assert (f"{kind}_confidence" in trace.arrays) == (f"{kind}_from_codes" in trace.arrays) == is_read
        assert np.isfinite(trace[f"{kind}_squared_error"]).all()
        assert trace[f"{kind}_codes"].shape[1] == 4
    assert not any(name.startswith(NETWORKS) for name in ask(SMALL, parameters=False).state)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"latent": 3}, "must be one of 2, 4, 8, 16, 32"),
        ({"latent": True}, "must be one of"),
        ({"latent": "2"}, "must be one of"),
        ({"beta": -1}, r"must be a number in \[0, 100\]"),
        ({"beta": "much"}, "must be a number"),
        ({"beta": float("nan")}, "must be a number"),
        ({"steps": MOST_STEPS + 1}, "must be a whole number in"),
        ({"steps": 2.5}, "must be a whole number in"),
    ],
)
def test_what_cannot_be_trained_is_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        ask(**options)


# --- the trainings that ship ---------------------------------------------------------------------------------


@pytest.mark.parametrize("latent", keeping.KEPT_LATENTS)
def test_it_opens_with_a_training_whose_curves_are_those_of_its_weights(latent: int) -> None:
    spec = AutoencoderSpec()
    moves = beside(AutoencoderRun(spec), latent=latent)
    seen: list[Trace] = [p.trace for p in moves if p.trace is not None]  # type: ignore[union-attr]
    last = ask(spec, latent=latent)
    assert [int(trace["step"]) for trace in seen] == [0, int(last["steps"][keeping.MOMENTS[0]])]
    assert int(last["step"]) == last["steps"][-1] == keeping.STEPS
    pair = Pair(specs_of(spec, latent, 1.0))
    test_x = pair.runs["plain"].data.pictures.test_x[:500]
    reader = classifiers.shipped("mnist")
    assert reader is not None
    for trace in (*seen, last):
        at = last["steps"].tolist().index(int(trace["step"]))
        for kind in NETWORKS:
            network = pair.runs[kind].network
            values = {k.removeprefix(f"{kind}."): torch.from_numpy(v) for k, v in trace.state.items()
                      if k.startswith(f"{kind}.")}  # fmt: skip
            network.load_state_dict(values, strict=False)
            codes = torch.from_numpy(trace[f"{kind}_codes"])
            if at == 0:
                torch.testing.assert_close(codes, network.encode(test_x).mean.detach())
            with torch.no_grad():
                again = torch.sigmoid(network.decode(codes))
            error = float(((again - test_x) ** 2).mean())
            assert trace[f"{kind}_squared_error"][at] == pytest.approx(error, rel=2e-3)
            for source in ("scaled", "prior", "between", "codes"):
                sure = measuring.confidence(network, reader, source, codes, pair.labels, spec.seed)
                assert trace[f"{kind}_from_{source}"][at] == pytest.approx(measuring.share(sure), abs=0.011)


def test_what_ships_is_small() -> None:
    assert sum(keeping.file_of(latent).stat().st_size for latent in keeping.KEPT_LATENTS) < 4e6


def test_the_training_that_ships_can_be_made_again(tmp_path: Path) -> None:
    path = tmp_path / "made" / "kept.npz"
    reports = list(keeping.make(2, path, steps=5))
    kept, specs = Trace.load(path), specs_of(AutoencoderSpec(), 2, keeping.BETA)
    alone: Trace = to_the_end(race(specs, 5))
    assert len(reports) > 10
    for name in ("plain_squared_error", "variational_from_prior", "variational_kl"):
        assert np.array_equal(kept[name], alone[name])
    opened: Trace = to_the_end(keeping.opened(kept, specs))
    assert int(opened["step"]) == 5
    assert np.array_equal(opened["variational_codes"], alone["variational_codes"])
    for name, values in alone.state.items():
        if name.startswith(NETWORKS):
            np.testing.assert_allclose(opened.state[name], values, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("content", [None, b"", b"not a file of arrays"])
def test_without_it_both_are_shown_before_training(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FOLDER", tmp_path)
    if content is not None:
        keeping.file_of(2).write_bytes(content)
    assert ask(AutoencoderSpec(examples=100))["step"] == 0
    assert ask(AutoencoderSpec())["steps"].tolist() == [0]
