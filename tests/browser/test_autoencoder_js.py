"""The browser's autoencoder (lib/autoencoder.js) and classifier against torch, every layer of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.autoencoder import probe
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
CLOSE = 1e-4

MADE = """({scene, state}) => {
  const plain = ([name, {shape, data}]) => [`state/${name}`, {shape, data: Float32Array.from(data)}];
  return {scene: {numbers: scene}, reply: {arrays: Object.fromEntries(Object.entries(state).map(plain))}};
}"""
BOTH = """(given) => {
  const {scene, reply} = made(given);
  const network = autoencoder.readAutoencoder(scene, reply);
  const layers = (list) => list.map(({row, values}) => [row.name, [...values]]);
  const code = network.encode(Float32Array.from(given.pixels), given.label);
  const again = network.decode(given.z, given.label);
  return {mean: [...code.mean], logVariance: code.logVariance && [...code.logVariance], picture: [...again.picture],
    layers: [...layers(code.layers), ...layers(again.layers)]};
}"""
READ = "(given) => [...autoencoder.readClassifier(made(given).reply, given.shape)(Float32Array.from(given.pixels))]"


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.autoencoder = await import('/lib/autoencoder.js'); }")
        opened.evaluate(f"() => {{ window.made = {MADE}; }}")
        yield opened


def plain(state: dict[str, np.ndarray]) -> dict[str, Any]:
    return {name: {"shape": array.shape, "data": array.ravel().tolist()} for name, array in state.items()}


SPECS = [
    AutoencoderSpec(hidden=(64, 128)),
    AutoencoderSpec(kind="plain", hidden=(), activation="linear", latent=5, likelihood="gaussian"),
    AutoencoderSpec(kind="sparse", hidden=(30, 21), activation="relu", latent=13, dataset="digits"),
    AutoencoderSpec(kind="conditional", dataset="sprites", hidden=(40, 30), latent=3),
    AutoencoderSpec(kind="denoising", network="convolutional", dataset="faces", channels=(4, 6, 8)),
    AutoencoderSpec(kind="conditional", network="convolutional", dataset="mnist", channels=(5, 7), activation="relu"),
    AutoencoderSpec(network="convolutional", dataset="digits", channels=(3, 4, 5), latent=1),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset}-{spec.kind}-{spec.network}")
def test_every_layer_equals_torchs(page: Any, spec: AutoencoderSpec) -> None:
    run = AutoencoderRun(spec)
    run.advance(8)
    pixels, _ = run.picture.batch
    label = torch.tensor([len(spec.classes) - 1])
    z = torch.randn(1, spec.latent, generator=torch.Generator().manual_seed(2))
    given = {"scene": dict(run.scene().numbers), "state": plain(dict(probe.weights(run).state)),
             "pixels": pixels.ravel().tolist(), "label": int(label), "z": z[0].tolist()}  # fmt: skip
    wanted: dict[str, np.ndarray] = {}
    for name, module in run.network.named_modules():
        if name in {row.name for row in spec.rows}:
            module.register_forward_hook(
                lambda _m, _g, after, name=name: wanted.__setitem__(name, after[0].detach().numpy().ravel())
            )
    with torch.no_grad():
        code = run.network.encode(pixels, label)
        picture = run.network.pictures(run.network.decode(z, label))[0].numpy().ravel()
    found = page.evaluate(BOTH, given)
    assert np.allclose(found["mean"], code.mean[0], atol=CLOSE)
    assert (found["logVariance"] is None) == (code.log_variance is None)
    if code.log_variance is not None:
        assert np.allclose(found["logVariance"], code.log_variance[0], atol=CLOSE)
    assert np.allclose(found["picture"], picture, atol=CLOSE)
    assert [name for name, _ in found["layers"]] == [row.name for row in spec.rows]
    for name, values in found["layers"]:
        if name == "mean" and spec.kind == "sparse":
            continue  # the page has it behind the sigmoid
        assert np.allclose(values, wanted[name], atol=CLOSE), name


@pytest.mark.parametrize("name", classifiers.NAMES)
def test_the_classifier_equals_torchs(page: Any, name: str) -> None:
    network = classifiers.shipped(name)
    assert network is not None
    x = classifiers.parts_of(name)[1][0][:3]
    for picture, wanted in zip(x, network(x).softmax(1), strict=True):
        given = {"scene": {}, "state": plain(classifiers.state_of(network)), "shape": list(picture.shape)}
        found = page.evaluate(READ, given | {"pixels": picture.ravel().tolist()})
        assert np.allclose(found, wanted, atol=1e-5)
