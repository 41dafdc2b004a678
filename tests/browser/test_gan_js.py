"""Both networks in the browser (lib/gan.js) against torch: every layer, the map, the slope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.gan import probe
from dlviz.labs.gan.objective import generator_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
CLOSE = 1e-4

SMALL = {"generator_hidden": (13, 16), "discriminator_hidden": (17, 16), "examples": 100, "batch_size": 16}
CONVOLUTIONAL = {"network": "dcgan", "channels": (6, 4), "batch_norm": "both", "noise_dimensions": 5, "examples": 60,
                 "batch_size": 8}  # fmt: skip
SPECS = [
    GanSpec(**SMALL),
    GanSpec(**SMALL, batch_norm="both", conditional=True, noise_dimensions=1),
    GanSpec(**SMALL, dataset="digits", conditional=True, spectral_norm=True),
    GanSpec(**CONVOLUTIONAL, dataset="mnist", conditional=True),
    GanSpec(**CONVOLUTIONAL, dataset="sprites", spectral_norm=True),
]
BOTH = """({scene, state, z, label, points}) => {
  const arrays = Object.fromEntries(Object.entries(state).map(([name, {shape, data}]) => [`state/${name}`, {shape, data: Float32Array.from(data)}]));
  const network = gan.readGan({numbers: scene}, arrays);
  const made = network.generate(Float32Array.from(z), label);
  const judged = network.judge(made.example, label);
  const layers = (list) => list.map(({row, values}) => [row.name, [...values]]);
  const all = Float32Array.from(points);
  return {example: [...made.example], logit: judged.logit, layers: [...layers(made.layers), ...layers(judged.layers)],
    heights: [...network.heights(all, label)], slope: [...network.slope(made.example, label).gradient]};
}"""  # noqa: E501


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.gan = await import('/lib/gan.js'); }")
        yield opened


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset}-{spec.network}-{spec.told}")
def test_every_layer_equals_torchs(page: Any, spec: GanSpec) -> None:
    run = GanRun(spec)
    run.advance(6)
    network = run.network.eval()
    label = torch.tensor([max(0, spec.told - 1)])
    z = torch.randn(1, spec.noise_dimensions, generator=torch.Generator().manual_seed(2))
    wanted: dict[str, np.ndarray] = {}
    hooks = [
        network.get_submodule(row.name).register_forward_hook(
            lambda _m, _g, after, name=row.name: wanted.__setitem__(name, after[0].detach().numpy().ravel())
        )
        for row in spec.rows
    ]
    x = network.generator(z, label).detach().requires_grad_()
    logit = network.discriminator(x, label)
    (slope,) = torch.autograd.grad(logit.sum(), x)
    for hook in hooks:
        hook.remove()
    points = run.real.x[:6]
    given = {"scene": dict(run.scene().numbers), "z": z[0].tolist(), "label": int(label),
             "points": points.ravel().tolist(),
             "state": {k: {"shape": v.shape, "data": v.ravel().tolist()} for k, v in probe.weights(run).state.items()},
             }  # fmt: skip
    found = page.evaluate(BOTH, given)
    np.testing.assert_allclose(found["example"], x.detach().numpy().ravel(), atol=CLOSE)
    assert found["logit"] == pytest.approx(logit.item(), abs=CLOSE)
    assert [name for name, _ in found["layers"]] == [row.name for row in spec.rows]
    for name, values in found["layers"]:
        np.testing.assert_allclose(values, wanted[name], atol=CLOSE, err_msg=name)
    heights = network.discriminator(points, label.expand(6))[:, 0]
    np.testing.assert_allclose(found["heights"], heights.detach(), atol=CLOSE)
    np.testing.assert_allclose(found["slope"], slope.numpy().ravel(), atol=CLOSE)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_pull_is_the_slope_of_the_generators_loss(page: Any, loss: str) -> None:
    logits = torch.linspace(-6, 6, 13, requires_grad=True)
    (wanted,) = torch.autograd.grad(generator_losses(loss, logits).sum(), logits)
    found = page.evaluate(
        "([loss, logits]) => logits.map((logit) => gan.pullOf(loss, logit))", [loss, logits.detach().tolist()]
    )
    np.testing.assert_allclose(found, wanted, atol=1e-6)
