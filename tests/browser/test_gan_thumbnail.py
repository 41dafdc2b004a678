"""The thumbnail of the GAN lab: points that follow a network's slope, against torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

PLAYED = """async (target) => {
  const { Competing, slopeAt } = await import('/thumbnails/competing.js');
  const ctx = { reducedMotion: true, signal: new AbortController().signal };
  const game = new Competing(document.createElement('canvas'), ctx, () => {}, 9);
  game.start(target);
  const began = game.fake.map((point) => [...point]);
  for (let k = 0; k < 50; k += 1) game.turn();
  const layers = game.network.layers.map(({ weight, bias }) => [[...weight], [...bias]]);
  const [before, slopes] = [game.fake, game.fake.map((point) => slopeAt(game.network, point))];
  game.finish();
  return { noise: game.noise, began, layers, before, slopes, real: game.real, fake: game.fake, done: game.done };
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        yield opened


@pytest.mark.parametrize("target", ["ring", "six", "wave"])
def test_fakes_follow_torchs_slope_and_come_to_lie_among_the_real_points(page: Any, target: str) -> None:
    played = page.evaluate(PLAYED, target)
    np.testing.assert_allclose(played["began"], 0.15 * np.array(played["noise"]), atol=1e-12)
    x = torch.tensor(played["before"], dtype=torch.float64, requires_grad=True)
    value: torch.Tensor = x
    for k, (weight, bias) in enumerate(played["layers"]):
        value = value @ torch.tensor(weight, dtype=x.dtype).reshape(len(bias), -1).T + torch.tensor(bias, dtype=x.dtype)
        value = value.tanh() if k < len(played["layers"]) - 1 else value
    real = torch.ones(len(x), dtype=torch.long)
    (slope,) = torch.autograd.grad(nn.functional.cross_entropy(value, real, reduction="sum"), x)
    np.testing.assert_allclose(played["slopes"], slope, atol=1e-8)
    apart = torch.cdist(torch.tensor(played["fake"]), torch.tensor(played["real"]))
    assert played["done"]
    assert apart.min(1).values.mean() < 0.1, "fakes lie among the real points"
    assert apart.min(0).values.mean() < 0.12, "and everywhere among them"
