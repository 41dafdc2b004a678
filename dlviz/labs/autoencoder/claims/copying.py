"""A denoising autoencoder learns what the data are like; an overcomplete plain one only copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder import objective
from dlviz.labs.autoencoder.claims.collapsing import SLICE
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

KINDS, SEEDS, STEPS = ("linear", "plain", "denoising"), (1, 2, 3), 1500
LATENT, NOISE, LABELLED = 128, 0.3, 50
COPIED = 0.04  # squared error up to which a picture counts as given back; always black has 0.19


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """Rows of (kind, seed, test, restored, damage, strangers, read), see `measured`."""
    rows: list[dict[str, Any]] = []
    pace = Pace(len(KINDS) * len(seeds) * steps, SLICE)
    for seed in seeds:
        for kind in KINDS:
            run = AutoencoderRun(setting(kind, seed))
            yield from pace.train(run, steps, f"{kind}, seed {seed}")
            rows.append({"kind": kind, "seed": seed, **measured(run)})
    yield judge(rows)


def setting(kind: str, seed: int) -> AutoencoderSpec:
    """A linear one has neither hidden layers nor activations, and is trained for the squared error."""
    if kind == "linear":
        return AutoencoderSpec(dataset="digits", kind="plain", hidden=(), activation="linear", likelihood="gaussian",
                               latent=LATENT, seed=seed, learning_rate=0.003)  # fmt: skip
    return AutoencoderSpec(dataset="digits", kind=kind, hidden=(128,), latent=LATENT, noise=NOISE, seed=seed,
                           learning_rate=0.003)  # fmt: skip


def measured(run: AutoencoderRun) -> dict[str, float]:
    """Squared errors, means over cells: of test digits (`test`); of damaged test digits against the clean ones, before
    (`damage`) and after (`restored`); of test digits whose cells are shuffled, given back (`strangers`). `read`: share
    of test digits read rightly by a linear classifier on the codes of 50 training digits."""
    pictures, chance = run.data.pictures, torch.Generator().manual_seed(0)
    x = pictures.test_x
    damaged = objective.damaged(x, "gaussian", NOISE, chance)
    shuffled = x.flatten(1)[:, torch.randperm(x[0].numel(), generator=chance)].reshape(x.shape)
    with evaluating(run.network):
        return {
            "test": _error(again(run.network, x), x),
            "damage": _error(damaged, x),
            "restored": _error(again(run.network, damaged), x),
            "strangers": _error(again(run.network, shuffled), shuffled),
            "read": read(run.network.encode(pictures.train_x[:LABELLED]).mean, pictures.train_y[:LABELLED],
                         run.network.encode(x).mean, pictures.test_y),
        }  # fmt: skip


def again(network: Autoencoder, pictures: Tensor) -> Tensor:
    return network.pictures(network.decode(network.encode(pictures).mean))


def _error(a: Tensor, b: Tensor) -> float:
    return ((a - b) ** 2).mean().item()


def read(codes: Tensor, labels: Tensor, test: Tensor, truth: Tensor) -> float:
    """Share read rightly by ridge regression onto the classes: a closed form, no training of its own."""
    middle, spread = codes.mean(0), codes.std(0).clamp(min=1e-3)
    a = torch.cat([(codes - middle) / spread, torch.ones(len(codes), 1)], 1)
    wanted = torch.nn.functional.one_hot(labels, 10).float()
    weight = torch.linalg.solve(a.T @ a + 10.0 * torch.eye(a.shape[1]), a.T @ wanted)
    b = torch.cat([(test - middle) / spread, torch.ones(len(test), 1)], 1)
    return (b @ weight).argmax(1).eq(truth).float().mean().item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def of(kind: str, name: str) -> list[float]:
        return [row[name] for row in rows if row["kind"] == kind]

    def copies(kind: str) -> bool:
        """Whether it gives back pictures that are none of the data, and damage, about as they are."""
        return max(of(kind, "strangers")) < COPIED and min(of(kind, "restored")) > 0.8 * mean(of(kind, "damage"))

    restores = max(of("denoising", "restored")) < min(min(of(kind, "restored")) for kind in ("linear", "plain")) * 0.8
    reads = min(of("denoising", "read")) > max(max(of(kind, "read")) for kind in ("linear", "plain"))
    sentence = (
        f"Digits with their cells shuffled come back with a squared error of {span(of('linear', 'strangers'))} from "
        f"the linear one, which {'copies anything' if copies('linear') else 'does not copy them'}, of "
        f"{span(of('plain', 'strangers'))} from the plain one with hidden layers, which "
        f"{'copies them too' if copies('plain') else 'has not learned to copy: it fails on what is no digit'}. Damage "
        f"of {mean(of('plain', 'damage')):.2g} becomes {span(of('linear', 'restored'))}, "
        f"{span(of('plain', 'restored'))}, and with the denoising one "
        f"{span(of('denoising', 'restored'))}. From {LABELLED} codes with their classes "
        f"{span(of('linear', 'read'))}, {span(of('plain', 'read'))} and {span(of('denoising', 'read'))} of the test "
        f"digits are read rightly."
    )
    holds = restores and copies("linear")
    return Verdict("yes" if holds and copies("plain") and reads else "partly" if holds else "no", sentence, rows)
