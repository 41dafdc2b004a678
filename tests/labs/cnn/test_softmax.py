"""The probe of the panel Softmax, against scipy and torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy import special, stats

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.softmax import softmax
from dlviz.labs.cnn.spec import CnnSpec


@pytest.mark.parametrize("temperature", [0.1, 1, 3.5, 10])
def test_every_step_is_that_of_scipy_and_can_be_recomputed_from_the_state(temperature: float) -> None:
    run = CnnRun(CnnSpec(dataset="digits", channels=(4,), picture=7))
    run.advance(20)
    trace = softmax(run, temperature=temperature)
    state = {name: torch.from_numpy(array) for name, array in trace.state.items()}
    picture = state.pop("picture")
    assert torch.equal(picture, run.pictures.test_x[7])
    network = build(run.spec)
    network.load_state_dict(state)
    with torch.no_grad():
        logits = network.eval()(picture[None])[0].double().numpy()
    np.testing.assert_allclose(trace["logits"], logits, rtol=1e-6)
    expected = special.softmax(logits / temperature)
    np.testing.assert_allclose(trace["probabilities"], expected, rtol=1e-6)
    np.testing.assert_allclose(trace["shifted"], logits - logits.max(), atol=1e-6)
    np.testing.assert_allclose(trace["exponentials"], np.exp((logits - logits.max()) / temperature), rtol=1e-6)
    assert trace["entropy"] == pytest.approx(stats.entropy(expected), abs=1e-6)


@pytest.mark.parametrize("temperature", [0.09, 11, 0, "1", True, float("nan")])
def test_a_temperature_outside_is_refused(temperature: Any) -> None:
    run = CnnRun(CnnSpec(dataset="digits", channels=(4,)))
    with pytest.raises(InvalidInput, match=r"softmax\.temperature must be from 0\.1 to 10"):
        softmax(run, temperature=temperature)
