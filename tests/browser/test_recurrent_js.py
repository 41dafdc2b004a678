"""The browser's recurrent layers (lib/recurrent.js) against torch: every gate, every answer, clamped and written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlviz.labs.recurrent import probe
from dlviz.labs.recurrent.model import Translator
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
CLOSE = 2e-6

MADE = """({scene, state}) => {
  const plain = ([name, {shape, data}]) => [`state/${name}`, {shape, data: Float32Array.from(data)}];
  return recurrent.readNetwork({numbers: scene}, {arrays: Object.fromEntries(Object.entries(state).map(plain))});
}"""

READ = """(given) => {
  const network = made(given);
  const read = network.read(given.inputs, given.options);
  const gates = Object.fromEntries(Object.entries(read.gates).map(
    ([name, layers]) => [name, layers.map((ways) => ways.map((values) => [...values]))]));
  const written = network.parts.decoder ? network.write(given.inputs, 24).tokens : null;
  return {gates, logits: [...read.logits], answers: read.answers, written};
}"""

STEPS = """(given) => {
  const network = made(given);
  const state = network.begin();
  return given.inputs.map((input) => [...network.step(input, state).logits]);
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.recurrent = await import('/lib/recurrent.js'); }")
        opened.evaluate(f"() => {{ window.made = {MADE}; }}")
        yield opened


def given(run: RecurrentRun) -> dict[str, Any]:
    """What the page knows of a run: scene, weights, the sequence on the screen."""
    trace = probe.weights(run)
    state = {name: {"shape": array.shape, "data": array.ravel().tolist()} for name, array in trace.state.items()}
    return {"scene": dict(run.scene().numbers), "state": state, "inputs": run.reading.inputs[0].tolist()}


SPECS = [
    RecurrentSpec(hidden_size=9, embedding_size=5, example=1),
    RecurrentSpec(hidden_size=7, layers=3, cell="gru", text="brackets"),
    RecurrentSpec(hidden_size=7, layers=2, cell="rnn", text="news"),
    RecurrentSpec(task="sentiment", hidden_size=6, bidirectional=True, layers=2),
    RecurrentSpec(task="tagging", hidden_size=6, bidirectional=True, cell="gru", reading="the old fish swims"),
    RecurrentSpec(task="adding", hidden_size=8, cell="rnn", lag=30),
    RecurrentSpec(task="weather", hidden_size=8, layers=2),
    RecurrentSpec(task="dates", hidden_size=12),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.task}-{spec.cell}")
def test_every_gate_and_answer_equals_torchs(page: Any, spec: RecurrentSpec) -> None:
    run = RecurrentRun(spec)
    run.advance(3)
    found = page.evaluate(READ, given(run) | {"options": {}})
    trace = probe.gates(run)
    names = [name for name, dims in trace.dims.items() if "direction" in dims and not name.startswith("decoder")]
    assert set(found["gates"]) == set(names)
    for name in names:
        ours = np.array(found["gates"][name]).reshape(trace[name].shape)
        assert np.abs(ours - trace[name]).max() < CLOSE, name
    if isinstance(run.network, Translator):
        reading = run.reading
        theirs = run.network.write(reading.inputs, torch.tensor([reading.steps]), 24)[0].tolist()
        end = run.task.vocabulary.index("$")
        assert found["written"] == (theirs[: theirs.index(end) + 1] if end in theirs else theirs)
    else:
        assert np.abs(np.array(found["logits"]).reshape(trace["logits"].shape) - trace["logits"]).max() < CLOSE * 10
        assert found["answers"] == len(trace["logits"])


def test_one_step_at_a_time_says_the_same(page: Any) -> None:
    run = RecurrentRun(SPECS[1])
    steps = page.evaluate(STEPS, given(run))
    assert np.abs(np.array(steps) - probe.weights(run)["logits"]).max() < CLOSE * 10


@pytest.mark.parametrize("name", ["forget_gate", "input_gate", "output_gate", "candidate", "cell", "hidden"])
def test_a_clamped_gate_is_what_torch_makes_of_it(page: Any, name: str) -> None:
    """The same LSTM, one layer of two, written with torch's functions and one gate overwritten on a span."""
    run = RecurrentRun(RecurrentSpec(hidden_size=6, layers=2, seed=4))
    clamp = {"name": name, "layer": 1, "direction": 0, "from": 3, "to": 8, "value": 0.25, "units": [0, 4]}
    found = page.evaluate(READ, given(run) | {"options": {"clamps": [clamp]}})
    core, x = run.network.core, run.network.embed(run.reading.inputs)
    with torch.no_grad():
        below = torch.nn.LSTM(16, 6, batch_first=True)
        below.load_state_dict({k: v for k, v in core.state_dict().items() if k.endswith("_l0")})
        hidden, _ = below(x)
        w, u, b, d = (getattr(core, f"{part}_l1") for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        h = c = torch.zeros(6)
        rows = []
        for t in range(hidden.shape[1]):
            i, f, g, o = functional.linear(hidden[0, t], w, b).add(functional.linear(h, u, d)).chunk(4)
            parts = {
                "input_gate": i.sigmoid(),
                "forget_gate": f.sigmoid(),
                "candidate": g.tanh(),
                "output_gate": o.sigmoid(),
            }
            on = 3 <= t <= 8
            if on and name in parts:
                parts[name][[0, 4]] = 0.25
            c = parts["forget_gate"] * c + parts["input_gate"] * parts["candidate"]
            if on and name == "cell":
                c[[0, 4]] = 0.25
            h = parts["output_gate"] * c.tanh()
            if on and name == "hidden":
                h[[0, 4]] = 0.25
            rows.append(run.network.head(h))
        wanted = torch.stack(rows).numpy()
    assert np.abs(np.array(found["logits"]).reshape(wanted.shape) - wanted).max() < CLOSE * 10
    free = page.evaluate(READ, given(run) | {"options": {}})
    assert np.abs(np.array(free["logits"]) - np.array(found["logits"])).max() > 1e-4
