"""Ways between codes against scipy and closed forms, pictures against torch, presets against the factors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation, Slerp

from dlviz.core.errors import InvalidInput
from dlviz.data import sprites
from dlviz.labs.autoencoder.interpolating import APART, interpolate
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.ways import arc, way_between

SHARES = torch.linspace(0, 1, 9, dtype=torch.float64)[:, None]


@pytest.fixture(scope="module")
def digits() -> AutoencoderRun:
    run = AutoencoderRun(AutoencoderSpec(dataset="digits", hidden=(20,), latent=6))
    run.advance(40)
    return run


@pytest.fixture(scope="module")
def shapes() -> AutoencoderRun:
    run = AutoencoderRun(AutoencoderSpec(dataset="sprites", hidden=(20,), latent=4, kind="conditional"))
    run.advance(10)
    return run


def test_the_arc_is_scipys_slerp() -> None:
    """Quaternions are vectors of four; scipy takes the shorter of two arcs, so theirs are less than 90° apart."""
    random = np.random.default_rng(0)
    for _ in range(5):
        a, b = random.normal(size=(2, 4))
        b = b if a @ b > 0 else -b
        a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
        wanted = Slerp([0, 1], Rotation.from_quat([a, b]))(SHARES.ravel().numpy()).as_quat()
        found = arc(torch.tensor(a), torch.tensor(b), SHARES)
        assert found is not None
        wanted *= np.sign((wanted * found.numpy()).sum(1, keepdims=True))  # q and −q are one rotation
        np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_an_arc_keeps_the_norm_and_goes_evenly_where_a_line_falls_inwards() -> None:
    generator = torch.Generator().manual_seed(1)
    a, b = torch.randn(2, 50, generator=generator, dtype=torch.float64)
    b = b * a.norm() / b.norm()
    found = arc(a, b, SHARES)
    assert found is not None
    assert torch.allclose(found.norm(dim=1), a.norm())
    steps = found.diff(dim=0).norm(dim=1)
    assert torch.allclose(steps, steps[0])
    angle = torch.arccos(a @ b / a.norm() ** 2)
    middle = way_between(a, b, 3, "linear")[0][1]
    assert middle.norm().double() == pytest.approx(float(a.norm() * (angle / 2).cos()))


def test_lengths_that_differ_go_evenly_from_one_to_the_other() -> None:
    a, b = torch.tensor([1.0, 0.0]).double(), torch.tensor([0.0, 3.0]).double()
    found = arc(a, b, SHARES)
    assert found is not None
    assert torch.allclose(found.norm(dim=1), 1 + 2 * SHARES[:, 0])
    assert torch.allclose(found[4], 2 * torch.tensor([0.5, 0.5]).double().sqrt())


@pytest.mark.parametrize("b", [[2.0, 4.0], [-2.0, -4.0], [0.0, 0.0], [1.0, 2.0]])
def test_codes_in_line_have_no_arc_and_the_way_is_straight(b: list[float]) -> None:
    a = torch.tensor([1.0, 2.0])
    path, is_arc = way_between(a, torch.tensor(b), 5, "spherical")
    assert not is_arc
    assert torch.equal(path, way_between(a, torch.tensor(b), 5, "linear")[0])


@pytest.mark.parametrize("way", ["linear", "spherical"])
def test_everything_on_the_way_is_torchs(digits: AutoencoderRun, way: str) -> None:
    found = interpolate(digits, 3, 8, 7, way, c=11)
    x, network = digits.data.pictures.test_x[[3, 8, 11]], digits.network
    assert digits.measured_at is not None
    with torch.no_grad():
        codes = network.encode(x).mean
        assert np.allclose(found["codes"], codes, atol=1e-6)
        assert np.allclose(found["path"][[0, -1]], codes[:2], atol=1e-6)
        strip = network.decode(torch.tensor(found["path"])).sigmoid()
        result = network.decode((codes[0] - codes[1] + codes[2])[None]).sigmoid()[0]
        reader = classifiers.shipped("digits")
        assert reader is not None
        read = reader(strip).softmax(1)
        faded = reader(torch.tensor(found["cross_fade"])).softmax(1)
    assert np.allclose(found["strip"], strip, atol=1e-6)
    assert np.allclose(found["result"], result, atol=1e-6)
    for prefix, shares in (("", read), ("fade_", faded)):
        assert np.allclose(found[f"{prefix}confidence"], shares.amax(1), atol=1e-5)
        assert found[f"{prefix}answer"].tolist() == shares.argmax(1).tolist()
    assert np.allclose(found["norm"], np.linalg.norm(found["path"], axis=1), atol=1e-6)
    assert np.allclose(found["change"][1:], ((strip[1:] - strip[:-1]) ** 2).mean((1, 2, 3)), atol=1e-7)
    # A cross-fade changes every pixel by as much in every step: each is 1/6 of the whole way, squared.
    assert np.allclose(found["fade_change"][1:], ((x[0] - x[1]) ** 2).mean() / 36, atol=1e-7)
    z = found["codes"][0] - found["codes"][1] + found["codes"][2]
    apart = np.linalg.norm(digits.measured().mean.numpy() - z, axis=1)
    order = [at for at in apart.argsort() if at not in (3, 8, 11)][:5]
    assert found["nearest"].tolist() == order
    assert np.allclose(found["distance"], apart[order], atol=1e-5)


def test_each_preset_changes_one_factor_of_another_picture(shapes: AutoencoderRun) -> None:
    found = interpolate(shapes)
    factors, labels = shapes.data.factors, shapes.data.pictures.test_y
    assert factors is not None
    low, high = np.array([sprites.LIMITS[name] for name in sprites.FACTORS]).T
    place = (factors.numpy() - low) / (high - low)
    for at, (a, b, c) in enumerate(found["presets"]):
        assert len({a, b, c}) == 3
        assert max(a, b, c) < 500
        assert labels[b] == labels[c]
        others = np.delete(np.arange(5), at)
        assert abs(place[b, at] - place[c, at]) >= APART
        assert abs(place[b, others] - place[c, others]).max() < 0.2
        assert abs(place[a, at] - place[b, at]) <= 0.08
        assert np.linalg.norm(place[a, others] - place[b, others]) > 0.8


def test_what_is_wanted_is_drawn_with_the_factors_of_a_less_b_and_c(shapes: AutoencoderRun) -> None:
    a, b, c = (int(at) for at in interpolate(shapes)["presets"][3])
    found = interpolate(shapes, a, b, c=c)
    factors = found["factors"].astype(np.float64)
    low, high = np.array([sprites.LIMITS[name] for name in sprites.FACTORS]).T
    name = shapes.spec.classes[int(shapes.data.pictures.test_y[a])]
    wanted = sprites.picture(name, *np.clip(factors[0] - factors[1] + factors[2], low, high))
    np.testing.assert_array_equal(found["wanted"], wanted)


def test_a_conditional_network_is_told_the_class_of_a_unless_another_is_given(shapes: AutoencoderRun) -> None:
    labels, network = shapes.data.pictures.test_y, shapes.network
    for label in (None, 2):
        found = interpolate(shapes, 1, 2, 3, label=label)
        told = torch.full((3,), int(labels[1]) if label is None else label)
        with torch.no_grad():
            wanted = network.decode(torch.tensor(found["path"]), told).sigmoid()
            codes = network.encode(shapes.data.pictures.test_x[1:3], labels[1:3]).mean
        assert np.allclose(found["strip"], wanted, atol=1e-6)
        assert np.allclose(found["codes"], codes, atol=1e-6)


def test_one_number_faces_and_the_same_picture_twice() -> None:
    run = AutoencoderRun(AutoencoderSpec(dataset="faces", hidden=(8,), latent=1, kind="plain", likelihood="gaussian"))
    found = interpolate(run, 4, 4, 2, "spherical", c=4)
    assert not found["is_arc"]
    assert "confidence" not in found.arrays
    assert np.allclose(found["change"], 0)
    assert np.allclose(found["combined"], found["codes"][0], atol=1e-6)
    assert len(found["nearest"]) == 5
    assert 4 not in found["nearest"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"a": -1}, "interpolate.a must be a whole number in [0, "),
        ({"b": 1.5}, "interpolate.b must be a whole number in [0, "),
        ({"c": "x"}, "interpolate.c must be a whole number in [0, "),
        ({"steps": 31}, "interpolate.steps must be a whole number in [2, 30]. Got 31. Try 30."),
        ({"way": ["linear"]}, "interpolate.way must be one of linear, spherical."),
        ({"label": 10}, "interpolate.label must be a whole number in [0, 9]. Got 10. Try 9."),
    ],
)
def test_what_cannot_be_is_refused(digits: AutoencoderRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        interpolate(digits, **options)
    assert words in str(problem.value)
