"""Held gates in the browser (static/gates) against torch with the same overwriting: losses, answers, texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from dlviz.labs.recurrent.model import Translator
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from tests.browser.gates_page import gates_page
from tests.browser.test_recurrent_js import given

pytestmark = pytest.mark.browser
CLOSE = 2e-5


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with gates_page(chromium) as opened:
        yield opened


def held(core: Any, x: Tensor, clamps: list[dict[str, Any]], state: Any = None) -> tuple[Tensor, Any]:
    """What a core of one direction makes of x (step, input) with gates overwritten, by torch; and its last state."""
    kind = core.mode.lower()
    size = core.hidden_size
    last_h, last_c = [], []
    for layer in range(core.num_layers):
        w, u, b, d = (getattr(core, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        h, c = (torch.zeros(size), torch.zeros(size)) if state is None else (state[0][layer], state[1][layer])
        rows = []
        for t in range(len(x)):
            own = [m for m in clamps if m["layer"] == layer and m["from"] <= t <= m["to"]]

            def force(name: str, value: Tensor, own: list[dict[str, Any]] = own) -> Tensor:
                for clamp in own:
                    if clamp["name"] == name:
                        value = value.clone()
                        value[slice(None) if clamp["units"] is None else clamp["units"]] = clamp["value"]
                return value

            if kind == "lstm":
                i, f, g, o = (w @ x[t] + b + u @ h + d).chunk(4)
                new = force("input_gate", i.sigmoid()) * force("candidate", g.tanh())
                c = force("forget_gate", f.sigmoid()) * c + new
                h = force("output_gate", o.sigmoid()) * c.tanh()
            elif kind == "gru":
                from_x, from_h = (w @ x[t] + b).chunk(3), (u @ h + d).chunk(3)
                r = force("reset_gate", (from_x[0] + from_h[0]).sigmoid())
                z = force("update_gate", (from_x[1] + from_h[1]).sigmoid())
                h = (1 - z) * force("candidate", (from_x[2] + r * from_h[2]).tanh()) + z * h
            else:
                h = force("hidden", (w @ x[t] + b + u @ h + d).tanh())
            rows.append(h)
        x = torch.stack(rows)
        last_h.append(h)
        last_c.append(c)
    return x, (torch.stack(last_h), torch.stack(last_c))


def clamp(name: str, first: int, last: int, value: float, **more: Any) -> dict[str, Any]:
    return {"name": name, "part": "core", "layer": 0, "direction": 0, "from": first, "to": last, "value": value,
            "units": None} | more  # fmt: skip


HELD = """(given) => {
  const [network, scene] = [made(given), sceneOf(given)];
  const free = new passJs.Pass(network, scene);
  const clamped = new passJs.Pass(network, scene, {clamps: given.clamps, like: free});
  const effect = holdingJs.effectOf(free, clamped);
  return {free: [...free.losses], held: [...clamped.losses], effect, written: [free.written, clamped.written],
          said: free.logits.map((_, t) => [free.saidAt(t), clamped.saidAt(t)])};
}"""


def arrays(run: RecurrentRun) -> dict[str, Any]:
    return {name: {"shape": a.shape, "data": a.ravel().tolist()} for name, a in run.scene().arrays.items()}


CASES = [
    (RecurrentSpec(hidden_size=7, layers=2, seed=4),
     [clamp("forget_gate", 5, 20, 0.0, layer=1), clamp("candidate", 10, 30, -1.0, units=[0, 3])]),
    (RecurrentSpec(hidden_size=7, cell="gru", text="brackets"),
     [clamp("update_gate", 3, 3, 1.0), clamp("reset_gate", 50, 90, 0.4, units=[1, 2, 6])]),
    (RecurrentSpec(hidden_size=5, cell="rnn", task="weather"), [clamp("hidden", 4, 9, 0.3, units=[2])]),
    (RecurrentSpec(hidden_size=6, task="parity"), [clamp("output_gate", 8, 19, 0.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "clamps"), CASES, ids=lambda x: x.task if isinstance(x, RecurrentSpec) else "")
def test_losses_under_clamps_equal_torchs(page: Any, spec: RecurrentSpec, clamps: list[dict[str, Any]]) -> None:
    run = RecurrentRun(spec)
    run.advance(20)
    found = page.evaluate(HELD, given(run) | {"arrays": arrays(run), "clamps": clamps})
    network, targets = run.network, run.reading.targets
    assert targets is not None
    losses, said = [], []
    with torch.no_grad():
        for some in ([], clamps):
            hidden, _ = held(network.core, network.embed(run.reading.inputs)[0], some)
            answers = network.head(hidden[-1:] if spec.pattern == "last" else hidden)
            asked = targets.flatten()
            if run.task.answers_numbers:
                losses.append(((answers[:, 0] - asked) ** 2).numpy())
                said.append(answers[:, 0].numpy())
            else:
                losses.append(torch.nn.functional.cross_entropy(answers, asked, reduction="none").numpy())
                said.append(answers.argmax(1).numpy())
    ours = [np.array([np.nan if x is None else x for x in found[which]], dtype=float) for which in ("free", "held")]
    for mine, theirs in zip(ours, losses, strict=True):
        np.testing.assert_allclose(mine[~np.isnan(mine)], theirs, atol=CLOSE)
    assert np.abs(losses[0] - losses[1]).max() > 1e-3
    effect = found["effect"]
    last = max(c["to"] for c in clamps)
    assert (effect["from"], effect["to"]) == (min(c["from"] for c in clamps), last)
    assert effect["all"]["now"] == pytest.approx(losses[1].mean(), abs=CLOSE)
    if spec.pattern == "every" and last + 1 < len(losses[0]):
        assert effect["after"]["before"] == pytest.approx(losses[0][last + 1 :].mean(), abs=CLOSE)
        assert effect["after"]["now"] == pytest.approx(losses[1][last + 1 :].mean(), abs=CLOSE)
        assert effect["within"]["now"] == pytest.approx(losses[1][effect["from"] : last + 1].mean(), abs=CLOSE)
        apart = np.abs(said[0] - said[1]) > (0.01 if run.task.answers_numbers else 0)
        assert effect["changed"] == np.flatnonzero(apart).tolist()


def test_a_cell_that_reads_from_the_end_is_felt_before_the_span(page: Any) -> None:
    run = RecurrentRun(RecurrentSpec(task="tagging", cell="gru", hidden_size=5, bidirectional=True, example=2))
    clamps = [clamp("update_gate", 2, 3, 0.0, direction=1)]
    found = page.evaluate(HELD, given(run) | {"arrays": arrays(run), "clamps": clamps})
    free, held_ = (np.array(found[which], dtype=float) for which in ("free", "held"))
    outside = np.array([t not in (2, 3) for t in range(len(free))])
    assert found["effect"]["backward"]
    assert found["effect"]["after"]["now"] == pytest.approx(held_[outside].mean())
    assert found["effect"]["after"]["before"] == pytest.approx(free[outside].mean())
    assert np.abs(held_ - free)[:2].min() > 0
    assert np.abs(held_ - free)[4:].max() == 0


def test_a_translator_held_in_its_encoder_and_its_decoder(page: Any) -> None:
    run = RecurrentRun(RecurrentSpec(task="digit_words", hidden_size=9, example=3))
    run.advance(60)
    network = run.network
    assert isinstance(network, Translator)
    clamps = [clamp("forget_gate", 1, 6, 0.0, part="encoder"), clamp("output_gate", 0, 1, 0.0, part="decoder")]
    found = page.evaluate(HELD, given(run) | {"arrays": arrays(run), "clamps": clamps})
    reading, end = run.reading, run.task.vocabulary.index("$")
    assert reading.targets is not None
    with torch.no_grad():
        _, state = held(network.encoder, network.embedding(reading.inputs)[0], clamps[:1])
        free = found["written"][0]
        read = torch.tensor([0, *free[:-1]])
        hidden, _ = held(network.decoder, network.embedding(read), clamps[1:], state)
        targets = reading.targets[0, : len(free)]
        expected = torch.nn.functional.cross_entropy(network.head(hidden), targets, reduction="none", ignore_index=-100)
        tokens: list[int] = []
        while len(tokens) < reading.targets.shape[1] and end not in tokens:
            so_far = network.embedding(torch.tensor([0, *tokens]))
            tokens.append(int(network.head(held(network.decoder, so_far, clamps[1:], state)[0][-1]).argmax()))
    theirs = run.network.write(reading.inputs, torch.tensor([reading.steps]), reading.targets.shape[1])[0].tolist()
    assert free == (theirs[: theirs.index(end) + 1] if end in theirs else theirs)
    ours = np.array([np.nan if x is None else x for x in found["held"]], dtype=float)
    known = ~np.isnan(ours)
    np.testing.assert_allclose(ours[known], expected.numpy()[: len(ours)][known], atol=CLOSE)
    assert found["written"][1] == tokens


def mulberry(seed: int) -> Iterator[float]:
    """The generator of the page, in Python: 32-bit integers."""
    whole = 0xFFFFFFFF
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & whole
        mixed = ((state ^ (state >> 15)) * (state | 1)) & whole
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61) & whole)) & whole
        yield ((mixed ^ (mixed >> 14)) & whole) / 2**32


def test_two_texts_from_the_same_random_numbers(page: Any) -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=8))
    run.advance(30)
    clamps = [clamp("input_gate", 3, 9, 0.1), clamp("forget_gate", 3, 9, 0.5, units=[0, 1])]
    at, count, seed, temperature = 24, 40, 7, 0.8
    found = page.evaluate(
        """(given) => {
            const network = made(given);
            const {inputs, at, options} = given;
            return [[], given.clamps].map((clamps) => holdingJs.writeOn(network, inputs, at, clamps, options));
        }""",
        given(run)
        | {"at": at, "clamps": clamps, "options": {"count": count, "seed": seed, "temperature": temperature}},
    )
    network = run.network
    for tokens, some in zip(found, ([], [c | {"from": 0, "to": 0} for c in clamps]), strict=True):
        chance = mulberry(seed)
        with torch.no_grad():
            hidden, state = held(network.core, network.embed(run.reading.inputs)[0, : at + 1], [])
            for token in tokens:
                shares = (network.head(hidden[-1]).double() / temperature).softmax(0).cumsum(0)
                u = next(chance)
                expected = int((shares <= u).sum())
                assert token == expected or abs(float(shares[min(token, expected)]) - u) < CLOSE
                hidden, state = held(network.core, network.embed(torch.tensor([[token]]))[0], some, state)
    assert found[0] != found[1]
    drawn = page.evaluate("(seed) => { const random = holdingJs.randomFrom(seed); return [random(), random()]; }", seed)
    chance = mulberry(seed)
    assert drawn == [next(chance), next(chance)]


def test_the_step_of_the_cells_here_is_that_of_the_lab() -> None:
    """The recomputation above, unheld, is torch's own."""
    run = RecurrentRun(RecurrentSpec(hidden_size=5, cell="gru"))
    core, x = run.network.core, run.network.embed(run.reading.inputs)
    assert torch.allclose(held(core, x[0], [])[0], core(x)[0][0], atol=1e-6)
