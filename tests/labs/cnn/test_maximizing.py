"""Activation maximization against autograd, scipy and the network's own answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn.maximizing import Climb, ascend, maximizing, roughness, variation_slope
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.labs.cnn.top_pictures import top_pictures
from dlviz.training.jobs import to_the_end

SMALL = CnnSpec(dataset="digits", channels=(3, 4), dense_units=(5,), examples=100)
COLOURS = CnnSpec(dataset="shapes", channels=(3, 4), dense_units=(), examples=100)
BARE = {"jitter": 0, "blur": 0.0, "decay": 0.0, "variation": 0.0}
TARGETS = [
    ("conv1", 2, "cell"),
    ("conv2", 1, "map"),
    ("pool1", 0, "cell"),
    ("dense1", 4, "cell"),
    ("output", 3, "cell"),
]


@pytest.fixture(scope="module", params=[SMALL, COLOURS], ids=["grey", "colour"])
def run(request: pytest.FixtureRequest) -> CnnRun:
    run = CnnRun(request.param)
    run.advance(20)
    return run


def found(run: CnnRun, **options: Any) -> Trace:
    return to_the_end(maximizing(run, **options))


def asked(run: CnnRun, row: str, channel: int, measure: str, pictures: Tensor) -> Tensor:
    """The activation of pictures (batch, …) from a hook on the run's own network, (batch,)."""
    kept: list[Tensor] = []
    handle = run.network.get_submodule(row).register_forward_hook(lambda _module, _given, made: kept.append(made))
    run.network.eval()
    run.network(pictures)
    run.network.train()
    handle.remove()
    made = kept[0][:, channel].flatten(1) if kept[0].ndim == 4 else kept[0][:, channel, None]
    return made.max(1).values if measure == "cell" else made.mean(1)


def targets(run: CnnRun) -> list[tuple[str, int, str]]:
    return [each for each in TARGETS if each[0] in dict(run.network.named_children())]


def test_the_first_step_by_hand(run: CnnRun) -> None:
    for row, channel, measure in targets(run):
        options = {"row": row, "channel": channel, "measure": measure, "steps": 1, "rate": 0.07, **BARE}
        trace = found(run, start="picture", **options)
        np.testing.assert_array_equal(trace["start"], run.picture.numpy())
        x = run.picture.clone()[None].requires_grad_()
        value = asked(run, row, channel, measure, x)[0]
        assert trace["activation"][0] == pytest.approx(value.item(), rel=1e-4, abs=1e-5)
        (slope,) = torch.autograd.grad(value, x)
        expected = (run.picture + 0.07 * slope[0] / slope.pow(2).mean().sqrt()).clamp(0, 1)
        np.testing.assert_allclose(trace["picture"], (expected * 255).round().numpy() / 255, atol=1.01 / 255)
        after = asked(run, row, channel, measure, expected[None]).item()
        assert trace["activation"][1] == pytest.approx(after, rel=1e-3, abs=1e-4)
        assert trace["stuck"] == 0


def test_each_regularizer_by_hand() -> None:
    """A value with a constant slope, so that what is left of a step is the regularizer's."""
    random = np.random.default_rng(0)
    x, mean = (torch.from_numpy(random.random((2, 9, 9), np.float32)) for _ in range(2))
    pull = torch.from_numpy(random.standard_normal((2, 9, 9)).astype(np.float32))
    g = (pull / pull.square().mean().sqrt()).numpy()

    def step(at: int = 0, generator_seed: int = 5, **changes: Any) -> np.ndarray:
        climb = Climb(**{"steps": 10, "rate": 0.02, **BARE, **changes})
        generator = torch.Generator().manual_seed(generator_seed)
        moved, climbs = ascend(lambda p: (p * pull).sum((1, 2, 3)), x, mean, climb, at, generator)
        assert climbs
        return moved.numpy()

    plain = x.numpy() + 0.02 * g
    np.testing.assert_allclose(step(), plain.clip(0, 1), atol=1e-6)
    np.testing.assert_allclose(step(5), plain.clip(0, 1), atol=1e-6)
    back = plain - 0.1 * (x - mean).numpy()
    np.testing.assert_allclose(step(decay=0.1), back.clip(0, 1), atol=1e-6)

    leaf = x.clone().requires_grad_()
    total = sum((leaf.diff(dim=dim).square() + 1e-3).sqrt().sum() for dim in (1, 2))
    (slope,) = torch.autograd.grad(total, leaf)  # type: ignore[arg-type]
    np.testing.assert_allclose(variation_slope(x).numpy(), slope.numpy(), atol=1e-5)
    np.testing.assert_allclose(step(variation=0.3), (plain - 0.02 * 0.3 * slope.numpy()).clip(0, 1), atol=1e-6)

    np.testing.assert_allclose(step(2, blur=0.8), step(2), atol=1e-6)
    smooth = np.stack([gaussian_filter(plane, 0.8, mode="mirror", radius=2) for plane in plain])
    np.testing.assert_allclose(step(3, blur=0.8), smooth.clip(0, 1), atol=1e-6)

    down, across = torch.randint(-2, 3, (2,), generator=torch.Generator().manual_seed(5)).tolist()
    assert (down, across) != (0, 0)
    shifted = x.numpy() + 0.02 * np.roll(g, (-down, -across), (1, 2))
    np.testing.assert_allclose(step(jitter=2), shifted.clip(0, 1), atol=1e-6)


def test_the_numbers_are_those_of_the_final_picture(run: CnnRun) -> None:
    for row, channel, measure in targets(run):
        trace = found(run, row=row, channel=channel, measure=measure, steps=12, start="noise", seed=3)
        final = torch.from_numpy(trace["picture"])[None]
        np.testing.assert_array_equal((final * 255).round().div(255).numpy(), final.numpy())
        own = asked(run, row, channel, measure, final).item()
        assert trace["reached"] == pytest.approx(own, rel=1e-4, abs=1e-5)
        assert len(trace["activation"]) == 13
        run.network.eval()
        np.testing.assert_allclose(trace["logits"], run.network(final)[0].detach().numpy(), rtol=1e-3, atol=1e-4)
        run.network.train()
        best = asked(run, row, channel, measure, run.pictures.test_x)
        assert trace["test_best"] == pytest.approx(best.max().item(), rel=1e-4, abs=1e-5)
        assert best[int(trace["test_index"])].item() == pytest.approx(best.max().item(), rel=1e-4, abs=1e-5)
        p = trace["picture"]
        rough = (np.abs(np.diff(p, axis=1)).mean() + np.abs(np.diff(p, axis=2)).mean()) / 2
        assert trace["roughness"] == pytest.approx(rough, rel=1e-5)
        assert trace["test_roughness"] == pytest.approx(roughness(run.pictures.test_x).item())
        assert ("place" in trace.arrays) == ("field" in trace.arrays) == (not row.startswith(("dense", "output")))
        if measure == "cell" and "place" in trace.arrays:
            top = to_the_end(top_pictures(run, row))
            np.testing.assert_array_equal(trace["field"], top["field"])
    assert trace["at_step"] == run.step


def test_it_rises_and_the_regularizers_smooth_it(run: CnnRun) -> None:
    bare, whole = found(run, channel=2, **BARE), found(run, channel=2)
    assert bare["activation"][-1] > bare["activation"][0]
    assert bare["reached"] > bare["test_best"]
    assert whole["reached"] > whole["activation"][0]
    assert bare["roughness"] > 2 * whole["roughness"]
    for name, value in (("blur", 0.6), ("decay", 0.05), ("variation", 0.4)):
        assert found(run, channel=2, **{**BARE, name: value})["roughness"] < bare["roughness"], name


def test_the_same_seed_gives_the_same_picture(run: CnnRun) -> None:
    one, again, other = (found(run, start="noise", steps=8, jitter=2, seed=seed)["picture"] for seed in (4, 4, 5))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_pictures_come_on_the_way_and_training_goes_on_beside() -> None:
    run = CnnRun(SMALL)
    expected = found(run, row="conv2", channel=1, steps=200)
    moving = maximizing(run, row="conv2", channel=1, steps=200)
    run.advance(2)
    run.set({"channels": (2,)})
    steps, trace = [], None
    while trace is None:
        try:
            steps.append(next(moving))
        except StopIteration as end:
            trace = end.value
    np.testing.assert_array_equal(trace["picture"], expected["picture"])
    assert trace["at_step"] == 0
    for step in steps:
        if step.trace is not None:
            assert len(step.trace["activation"]) == step.done + 1
            np.testing.assert_array_equal(step.trace["activation"], trace["activation"][: step.done + 1])
            assert step.trace["picture"].shape == (1, 8, 8)


def test_where_there_is_no_gradient_the_picture_stays() -> None:
    run = CnnRun(SMALL)
    nn.init.zeros_(run.network.output.weight)  # type: ignore[arg-type]
    trace = found(run, start="picture", steps=5, **BARE)
    assert trace["stuck"] == 5
    np.testing.assert_allclose(trace["picture"], run.picture.numpy(), atol=0.5 / 255)
    run.set({"own_pixels": "A" * 86})  # a blank drawing
    trace = found(run, row="conv1", start="picture", steps=5)
    assert not trace["start"].any()
    assert trace["reached"] > trace["activation"][0]


BAD = [
    ({"row": "conv9"}, r"maximizing\.row must be one of conv1.*output. Got 'conv9'"),
    ({"channel": 10}, r"maximizing\.channel must be a whole number from 0 to 9: output makes 10. Got 10"),
    ({"measure": "sum"}, r"maximizing\.measure must be one of cell, map"),
    ({"start": "photo"}, r"maximizing\.start must be one of flat, noise, picture. Got 'photo'"),
    ({"steps": 0}, r"maximizing\.steps must be a whole number in \[1, 512\]. Got 0"),
    ({"rate": float("nan")}, r"maximizing\.rate must be in \[0.005, 1\]"),
    ({"jitter": 1.5}, r"maximizing\.jitter must be a whole number in \[0, 4\]"),
    ({"blur": -1}, r"maximizing\.blur must be in \[0, 2\]"),
    ({"seed": "x"}, r"maximizing\.seed must be a whole number"),
]


@pytest.mark.parametrize(
    ("options", "words"), BAD, ids=lambda given: next(iter(given)) if isinstance(given, dict) else ""
)
def test_bad_questions(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        maximizing(CnnRun(SMALL), **options)
