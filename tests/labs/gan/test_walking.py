"""Walks among noises against closed forms and torch: the way, what is made on it, what both judges say, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.__main__ import main
from dlviz.core.errors import InvalidInput
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.labs.gan.walking import walk
from dlviz.training import classifiers

DIGITS = GanSpec(dataset="digits", noise_dimensions=6, batch_norm="generator", generator_hidden=(24,),
                 discriminator_hidden=(24,), examples=200, batch_size=32)  # fmt: skip


@pytest.fixture(scope="module")
def digits() -> GanRun:
    run = GanRun(DIGITS)
    run.advance(30)
    return run


def made(run: GanRun, z: torch.Tensor, label: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Samples as they are shown and logits, by the networks alone."""
    network, labels = run.network, torch.full((len(z),), label)
    network.eval()
    with torch.no_grad():
        fake = network.generator(z, labels)
        logits = network.discriminator(fake, labels)[:, 0]
    network.train()
    return fake if run.spec.is_planar else ((fake + 1) / 2).clamp(0, 1), logits


def test_the_straight_way_and_all_that_is_said_of_it(digits: GanRun) -> None:
    found = walk(digits, a=2, b=5, steps=7)
    a, b = digits.shown.z[2].numpy().astype(float), digits.shown.z[5].numpy().astype(float)
    share = np.linspace(0, 1, 7)[:, None]
    np.testing.assert_allclose(found["z"], (1 - share) * a + share * b, atol=1e-6)
    samples, logits = made(digits, torch.from_numpy(found["z"]))
    np.testing.assert_allclose(found["samples"], samples, atol=1e-6)
    np.testing.assert_allclose(found["d"], 1 / (1 + np.exp(-logits.double().numpy())), atol=1e-6)
    # |z|² on a straight line is a parabola in t.
    wanted = (1 - share) ** 2 * (a @ a) + 2 * share * (1 - share) * (a @ b) + share**2 * (b @ b)
    np.testing.assert_allclose(found["norm"], np.sqrt(wanted[:, 0]), atol=1e-5)
    steps = np.diff(samples.double().numpy().reshape(7, -1), axis=0)
    np.testing.assert_allclose(found["change"], [0, *np.sqrt((steps**2).mean(1))], atol=1e-6)
    reader = classifiers.shipped("digits")
    assert reader is not None
    with torch.no_grad():
        np.testing.assert_allclose(found["read"], reader(samples).softmax(1), atol=1e-5)
    assert not found["is_arc"]


def test_an_arc_keeps_the_length_where_the_line_cuts_through(digits: GanRun) -> None:
    a, b = [2.0, 0, 0, 0, 0, 0], [0, 0, 2.0, 0, 0, 0]
    arc, line = walk(digits, a=a, b=b, steps=5, way="spherical"), walk(digits, a=a, b=b, steps=5)
    assert arc["is_arc"]
    np.testing.assert_allclose(arc["norm"], 2, atol=1e-6)
    turned = np.linspace(0, np.pi / 2, 5)
    np.testing.assert_allclose(arc["z"][:, [0, 2]], 2 * np.stack([np.cos(turned), np.sin(turned)], 1), atol=1e-6)
    assert line["norm"][2] == pytest.approx(np.sqrt(2), abs=1e-6)


def test_two_directions_are_bilinear_and_their_rows_are_walks(digits: GanRun) -> None:
    found = walk(digits, a=0, b=1, c=2, d=3, steps=4)
    corners = digits.shown.z[:4].double().numpy().reshape(2, 2, -1)
    share = np.linspace(0, 1, 4)
    weights = np.stack([1 - share, share])  # (corner, station)
    np.testing.assert_allclose(found["grid_z"], np.einsum("ys,xt,yxu->stu", weights, weights, corners), atol=1e-6)
    samples, logits = made(digits, torch.from_numpy(found["grid_z"]).flatten(0, 1))
    np.testing.assert_allclose(found["grid_samples"].reshape(samples.shape), samples, atol=1e-6)
    np.testing.assert_allclose(found["grid_d"].ravel(), logits.sigmoid(), atol=1e-6)
    np.testing.assert_allclose(found["grid_samples"][0], found["samples"], atol=1e-6)
    last = walk(digits, a=2, b=3, steps=4)
    np.testing.assert_allclose(found["grid_samples"][-1], last["samples"], atol=1e-6)


def test_points_walk_in_the_plane_and_a_critic_gives_heights() -> None:
    run = GanRun(GanSpec(generator_hidden=(16,), discriminator_hidden=(16,), loss="wgangp", examples=100))
    run.advance(10)
    found = walk(run, a=0, b=9, steps=5)
    samples, logits = made(run, torch.from_numpy(found["z"]))
    np.testing.assert_allclose(found["samples"], samples, atol=1e-6)
    np.testing.assert_allclose(found["d"], logits, atol=1e-5)
    np.testing.assert_allclose(
        found["change"][1:], np.linalg.norm(np.diff(found["samples"], axis=0), axis=1), atol=1e-6
    )
    assert "read" not in found.arrays


def test_conditional_networks_are_told_one_class_all_the_way() -> None:
    run = GanRun(GanSpec(dataset="disjoint", conditional=True, generator_hidden=(16,), discriminator_hidden=(16,)))
    run.advance(5)
    for label in (0, 1):
        found = walk(run, label=label)
        np.testing.assert_allclose(found["samples"], made(run, torch.from_numpy(found["z"]), label)[0], atol=1e-6)
    assert not np.allclose(walk(run, label=0)["samples"], walk(run, label=1)["samples"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"a": 64}, "walk.a must be a whole number in [0, 63]. Got 64. Try 63."),
        ({"b": [0.0, 1.0]}, "walk.b must have as many numbers as the noise has, 6."),
        ({"a": [0, 0, 0, 0, 0, 99]}, "walk.a must be a number in [-10, 10]. Got 99."),
        ({"a": "seven"}, "walk.a must be a whole number"),
        ({"steps": 2}, "walk.steps must be a whole number in [3, 15]. Got 2. Try 3."),
        ({"way": "round"}, "walk.way must be one of linear, spherical."),
        ({"c": 2}, "walk.d must be given with the other of c and d"),
        ({"label": 3}, "walk.label needs a conditional GAN"),
    ],
)
def test_what_cannot_be_walked_is_refused_in_words(digits: GanRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        walk(digits, **options)
    assert words in str(refused.value)


def test_the_command_line_gives_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "walk.npz"
    settings = ["--set", "generator_hidden=8", "--set", "discriminator_hidden=8", "--set", "examples=50"]
    ends = ["--set", "a=[0.5, -1]", "--set", "b=3", "--set", "steps=9"]
    assert main(["probe", "gan", "walk", *settings, *ends, "--steps", "3", "--out", str(out)]) == 0
    capsys.readouterr()
    run = GanRun(GanSpec(generator_hidden=(8,), discriminator_hidden=(8,), examples=50))
    run.advance(3)
    wanted = walk(run, a=[0.5, -1.0], b=3, steps=9)
    with np.load(out) as found:
        for name in ("z", "samples", "d", "norm"):
            np.testing.assert_allclose(found[name], wanted[name], atol=1e-6)
