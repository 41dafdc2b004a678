"""The data sets keep what they promise: place, balance, repeatability, and separability as documented."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.core.errors import InvalidInput
from dlviz.labs.playground.data import SETS, decode_points, encode_points, features, load
from dlviz.labs.playground.spec import FEATURES, MANY_CLASS_SETS, TWO_CLASS_SETS, PlaygroundSpec

MADE = [*TWO_CLASS_SETS, *(name for name in MANY_CLASS_SETS if name != "own")]


@pytest.mark.parametrize("name", MADE)
def test_every_set_stays_in_the_plane_is_balanced_and_repeats(name: str) -> None:
    for classes in (2,) if name in TWO_CLASS_SETS else (2, 5, 8):
        spec = PlaygroundSpec(dataset=name, classes=classes, samples=400)
        points, again = load(spec), load(spec)
        x, y = torch.cat([points.train_x, points.test_x]), torch.cat([points.train_y, points.test_y])
        assert x.abs().max() <= 6
        assert len(points.train_x) == 200
        counts = torch.bincount(y, minlength=classes)
        assert counts.min() > 400 / classes * 0.75
        assert torch.equal(points.train_x, again.train_x)
        assert not torch.equal(points.train_x, load(PlaygroundSpec(dataset=name, classes=classes, seed=2)).train_x)


@pytest.mark.parametrize("name", MADE)
def test_noise_moves_points(name: str) -> None:
    calm, noisy = (SETS[name](300, 2, noise, torch.Generator().manual_seed(3))[0] for noise in (0.0, 0.3))
    assert (calm - noisy).norm(dim=1).median() > 0.1


def test_linear_separability_is_as_everybody_knows() -> None:
    from sklearn.linear_model import LogisticRegression

    def linear_accuracy(name: str) -> float:
        x, y = SETS[name](600, 2, 0.0, torch.Generator().manual_seed(0))
        return LogisticRegression(C=1e4, max_iter=2000).fit(x.numpy(), y.numpy()).score(x.numpy(), y.numpy())

    assert linear_accuracy("gauss") > 0.99
    for name in ("xor", "circle", "spiral"):
        assert linear_accuracy(name) < 0.75


def test_features_equal_numpy() -> None:
    x = torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
    a, b = x.numpy().T
    expected = np.stack([a, b, a**2, b**2, a * b, np.sin(a), np.sin(b)], axis=1)
    np.testing.assert_allclose(features(x, FEATURES).numpy(), expected, rtol=1e-6)


def test_regression_targets() -> None:
    points = load(PlaygroundSpec(problem="regression", surface="plane"))
    torch.testing.assert_close(points.train_y, points.train_x.sum(1) / 12)
    hills = load(PlaygroundSpec(problem="regression", surface="hills", samples=2000))
    assert hills.train_y.max() > 0.7
    assert hills.train_y.min() < -0.7
    top = (hills.train_x - torch.tensor([4.0, 2.5])).norm(dim=1).argmin()
    distance = (hills.train_x[top] - torch.tensor([4.0, 2.5])).norm()
    assert hills.train_y[top].item() == pytest.approx(1 - distance.item() / 2, abs=1e-5)


@given(st.lists(st.tuples(st.integers(0, 7), st.floats(-6, 6), st.floats(-6, 6)), max_size=60))
def test_own_points_survive_the_code(points: list[tuple[int, float, float]]) -> None:
    x = torch.tensor([[a, b] for _, a, b in points], dtype=torch.float32).reshape(-1, 2)
    y = torch.tensor([label for label, _, _ in points], dtype=torch.long)
    back_x, back_y = decode_points(encode_points(x, y), 8)
    assert torch.equal(back_y, y)
    assert len(points) == 0 or (back_x - x).abs().max() <= 6 / 4095 + 1e-6


@pytest.mark.parametrize(("text", "words"), [("0000", "five characters"), ("9zzzz", "class from 0 to 7"),
                                             ("0zz<z", "four letters"), ("3zzzz", "classes below 2")])  # fmt: skip
def test_damaged_codes_are_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        decode_points(text, 2)


def test_a_placed_point_keeps_its_set_when_others_follow() -> None:
    x, y = torch.linspace(-5, 5, 40)[:, None].repeat(1, 2), torch.arange(40) % 2
    few = load(PlaygroundSpec(dataset="own", own_points=encode_points(x[:20], y[:20])))
    many = load(PlaygroundSpec(dataset="own", own_points=encode_points(x, y)))
    assert torch.equal(many.train_x[: len(few.train_x)], few.train_x)
    assert torch.equal(many.test_x[: len(few.test_x)], few.test_x)
