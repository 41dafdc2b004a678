"""The plane of codes in the real app: opening it, pointing at it, and checking what it says of a place."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from scipy import stats

from dlviz.labs.autoencoder import probe
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.evaluating import evaluating

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.autoencoder)"
SHOWN = f"const s = {STAGE}?.dlviz.autoencoder()?.plane;"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()].at(-1)"
PIXEL = 1e-3
NEAR_A_BOUND = 2e-3  # torch's distances are less exact than the page's


def plane(page: Any, expression: str = "s", arg: Any = None) -> Any:
    """A JavaScript expression of what the plane shows, `s`."""
    return page.evaluate(f"(arg) => {{ {SHOWN} return {expression}; }}", arg)


def wait(page: Any, condition: str, arg: Any = None) -> Any:
    """Wait until it holds and nothing moves; what the plane shows."""
    text = f"(arg) => {{ {SHOWN} return s && !s.moving && s.reach !== null && ({condition}); }}"
    page.wait_for_function(text, arg=arg, timeout=60_000)
    return plane(page)


def open_plane(page: Any, app: str, steps: int, **fields: Any) -> AutoencoderRun:
    """The lab with these settings after so many steps; the same run here."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 12_000})
    page.goto(f"{app}/autoencoder?{urlencode({f'autoencoder.{name}': value for name, value in fields.items()})}")
    page.wait_for_function(f"() => {{ {SHOWN} return s; }}", timeout=60_000)
    page.evaluate(f"(steps) => {LIVE}.ask({{ do: 'advance', steps }})", steps)
    given: dict[str, Any] = {
        name: tuple(map(int, value.split(","))) if name == "hidden" else value for name, value in fields.items()
    }
    run = AutoencoderRun(AutoencoderSpec(**given))
    run.advance(steps)
    wait(page, "s.step === arg[0] && s.measuredAt === arg[1]", [steps, run.measured_at])
    return run


def point(page: Any, x: float, y: float) -> Any:
    """Point at a place of the plane; what is shown there."""
    page.mouse.move(*plane(page, "s.at(arg)", [x, y]))
    there = "Math.abs(s.place[0] - arg[0]) < 0.02 && (!s.names[1] || Math.abs(s.place[1] - arg[1]) < 0.02)"
    return wait(page, f"s.how === 'hover' && {there}", [x, y])


def decoded(run: AutoencoderRun, z: Any, label: int = 0) -> np.ndarray:
    with evaluating(run.network):
        flat = torch.tensor(np.asarray(z, dtype=np.float32))
        labels = torch.full((len(flat),), label)
        found: np.ndarray = run.network.pictures(run.network.decode(flat, labels)).numpy()
        return found


def read(run: AutoencoderRun, pictures: np.ndarray) -> np.ndarray:
    network = classifiers.shipped(run.spec.dataset)
    assert network is not None
    with torch.no_grad():
        return network(torch.tensor(pictures).clamp(0, 1)).softmax(1).numpy()


def mixture(mean: np.ndarray, covariances: np.ndarray, place: Any) -> float:
    """The mean of normal densities at a place."""
    each = [stats.multivariate_normal(m, c).pdf(place) for m, c in zip(mean, covariances, strict=True)]
    return float(np.mean(each))


def check_place(run: AutoencoderRun, page: Any, label: int = 0) -> Any:
    """Everything that is said of the place shown; what the plane shows."""
    found = plane(page)
    z, codes = np.array(found["z"]), run.measured().mean.numpy()
    picture = decoded(run, [z], label)[0]
    np.testing.assert_allclose(plane(page, "s.picture()"), picture.ravel(), atol=PIXEL)
    channels, height, width = run.spec.picture_shape
    drawn = page.locator(".plane-picture").evaluate(
        "(e) => [...e.getContext('2d').getImageData(0, 0, e.width, e.height).data]"
    )
    shown = np.array(drawn).reshape(height, width, 4)[:, :, :channels].transpose(2, 0, 1)
    np.testing.assert_allclose(shown / 255, picture.clip(0, 1), atol=PIXEL + 0.5 / 255)
    far = np.linalg.norm(codes - z, axis=1)
    nearest = far.argsort(kind="stable")[:3]
    np.testing.assert_allclose([one["distance"] for one in found["near"]], far[nearest], atol=1e-4)
    if classifiers.shipped(run.spec.dataset) is not None:
        np.testing.assert_allclose(found["probabilities"], read(run, picture[None])[0], atol=1e-3)
    if abs(np.sort(far)[probe.NEIGHBOURS - 1] - found["reach"]) > NEAR_A_BOUND:
        assert found["isInside"] == bool(probe.among(torch.tensor(z[None], dtype=torch.float32), run.measured().mean))
    log_variance = run.measured().log_variance
    if log_variance is not None:
        away = ((z - codes) ** 2 / np.exp(log_variance.numpy())).sum(1)
        assert found["clouds"] == pytest.approx((away <= stats.chi2(len(z)).ppf(0.99)).sum(), abs=1)
        place, origin = np.array(found["place"][: len(z)]), np.array(found["origin"][: len(z)])
        assert found["prior"] == pytest.approx(stats.norm.pdf(place - origin).prod(), rel=1e-6)
    return found


def is_shared(page: Any, key: str) -> Any:
    return page.evaluate(f"(key) => {LIVE}.shared.get(key) ?? null", key)
