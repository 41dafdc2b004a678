"""Gradients through time against autograd, spectra against numpy and scipy, clipping against torch's own."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from scipy import linalg, stats
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.recurrent.backward import Backward, Pass
from dlviz.labs.recurrent.decay import by_distance, fit
from dlviz.labs.recurrent.gates import unroll
from dlviz.labs.recurrent.model import Translator, build
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.labs.recurrent.through_time import ANSWERS, ROWS, through_time
from dlviz.training.jobs import to_the_end

SPECS = [
    RecurrentSpec(hidden_size=7, embedding_size=5, reading="def carry(state):"),
    RecurrentSpec(hidden_size=6, layers=3, cell="gru", text="brackets"),
    RecurrentSpec(hidden_size=7, layers=2, cell="rnn", text="news", reading="the old man"),
    RecurrentSpec(task="sentiment", hidden_size=6, bidirectional=True, layers=2),
    RecurrentSpec(task="tagging", hidden_size=6, bidirectional=True, cell="gru", reading="the old fish swims"),
    RecurrentSpec(task="parity", hidden_size=6, bidirectional=True, cell="rnn", lag=12),
    RecurrentSpec(task="adding", hidden_size=8, lag=30),
    RecurrentSpec(task="weather", hidden_size=8, layers=2),
    RecurrentSpec(task="dates", hidden_size=12, layers=2),
    RecurrentSpec(task="digit_words", hidden_size=9, cell="gru"),
]


def ask(run: RecurrentRun, **options: Any) -> Trace:
    found = through_time(run, **options)
    trace: Trace = to_the_end(found)
    return trace


def of_autograd(run: RecurrentRun) -> np.ndarray:
    """Norms (answer, step) by one backward pass of torch's own layers for each answer, in float64."""
    network = copy.deepcopy(run.network).double().eval()
    reading = run.reading
    inputs = reading.inputs if reading.inputs.ndim == 2 else reading.inputs.double()
    if isinstance(network, Translator):
        x = network.embedding(inputs).detach().requires_grad_()
        state = network.encoder(x)[1]
        read = torch.zeros(1, 1, dtype=torch.long)
        logits = []
        for _ in range(len(run.network.write(inputs, torch.tensor([reading.steps]), reading.targets.shape[1])[0])):
            hidden, state = network.decoder(network.embedding(read), state)
            logits.append(network.head(hidden)[0, 0])
            read = logits[-1].argmax().reshape(1, 1)
    else:
        x = network.embed(inputs).detach().requires_grad_()
        hidden, state = network.core(x)
        h = state[0] if isinstance(state, tuple) else state
        last = torch.cat(list(h[-run.spec.directions :]), 1)
        logits = list(network.head(last if network.last else hidden[0]))
    rows = [torch.autograd.grad(z.max(), x, retain_graph=True)[0][0].norm(dim=1) for z in logits]
    return torch.stack(rows).numpy()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.task}-{spec.cell}-{spec.layers}")
def test_norms_are_those_of_autograd(spec: RecurrentSpec) -> None:
    run = RecurrentRun(spec)
    run.advance(5)
    wanted = of_autograd(run)
    trace = ask(run)
    np.testing.assert_allclose(trace["norms"], wanted, rtol=2e-4, atol=1e-6 * wanted.max())
    answers = len(wanted)
    steps = run.reading.steps
    first = steps if run.task.pattern == "decoder" else steps - 1 if run.task.pattern == "last" else 0
    assert trace["places"].tolist() == list(range(first, first + answers))
    # The mean at each distance and the line through their logarithms, by scipy.
    places = trace["places"]
    means = [
        np.mean([wanted[a, p - d] for a, p in enumerate(places) if 0 <= p - d < steps] or [0])
        for d in range(places[-1] + 1)
    ]
    np.testing.assert_allclose(trace["means"], means, rtol=1e-3, atol=1e-6 * wanted.max())
    if spec.bidirectional:
        assert "decay" not in trace.arrays
        return
    nearer = np.arange(len(means) // 2 + 1 if answers > 1 else len(means))
    kept = [d for d in nearer if means[d] > 0]
    line = stats.linregress(kept, np.log(trace["means"][kept].astype(float)))
    assert trace["decay"] == pytest.approx(np.exp(line.slope), rel=1e-4)
    assert trace["start"] == pytest.approx(np.exp(line.intercept), rel=1e-3)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_pass_pulls_back_what_autograd_does(cell: str) -> None:
    """Whole gradients, not norms: of the input and of the first states, where the last states have some too."""
    torch.manual_seed(3)
    core = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](4, 5, 2, batch_first=True).double()
    x = torch.randn(1, 7, 4, dtype=torch.float64, requires_grad=True)
    h, c = (torch.randn(2, 1, 5, dtype=torch.float64, requires_grad=True) for _ in range(2))
    state = (h, c) if cell == "lstm" else h
    output, last = core(x, state)
    above = torch.randn(3, 7, 5, dtype=torch.float64)
    ends = [(torch.randn(3, 5).double(), torch.randn(3, 5).double()) for _ in range(2)]
    found, firsts = Pass(core, unroll(core, x, state=state), state).back(above, ends)
    tops: list[Tensor] = list(last) if cell == "lstm" else [last]
    for row in range(3):
        total = (output[0] * above[row]).sum()
        for at in range(2):
            total = total + sum((top[at, 0] * ends[at][k][row]).sum() for k, top in enumerate(tops))
        wanted = torch.autograd.grad(total, [x, h] + ([c] if cell == "lstm" else []), retain_graph=True)
        torch.testing.assert_close(found[row], wanted[0][0])
        for at in range(2):
            torch.testing.assert_close(firsts[at][0][row], wanted[1][at, 0])
            if cell == "lstm":
                torch.testing.assert_close(firsts[at][1][row], wanted[2][at, 0])


def test_in_a_linear_network_the_decay_is_the_spectral_radius() -> None:
    """Inputs of nothing keep every tanh′ at 1: then ‖∂z/∂x_s‖ ~ ρᵈ for long distances."""
    run = RecurrentRun(RecurrentSpec(task="adding", cell="rnn", hidden_size=6, lag=200, seed=4))
    with torch.no_grad():
        for name, value in run.network.named_parameters():
            if "bias" in name:
                value.zero_()
        matrix = run.network.core.weight_hh_l0
        symmetric = torch.linalg.qr(torch.randn(6, 6, generator=torch.Generator().manual_seed(1)))[0]
        matrix.copy_(symmetric @ torch.diag(torch.tensor([0.95, 0.6, -0.5, 0.4, 0.2, 0.1])) @ symmetric.T)
        run.reading.inputs.zero_()
    trace = ask(run)
    assert trace["slope_mean"] == pytest.approx(1)
    norms = trace["norms"][0].astype(float)
    assert norms[20] / norms[120] == pytest.approx(0.95**100, rel=1e-4)
    assert trace["spectral_radius"] == pytest.approx(0.95, rel=1e-5)
    assert trace["decay"] == pytest.approx(0.95, abs=0.003)


def test_the_spectrum_is_numpys_and_scipys() -> None:
    run = RecurrentRun(RecurrentSpec(cell="rnn", hidden_size=9, layers=2, reading="import numpy"))
    trace = ask(run)
    for layer in range(2):
        matrix = getattr(run.network.core, f"weight_hh_l{layer}").detach().double().numpy()
        ours = trace["eigenvalues_real"][layer, 0] + 1j * trace["eigenvalues_imaginary"][layer, 0]
        np.testing.assert_allclose(np.sort_complex(ours), np.sort_complex(np.linalg.eigvals(matrix)), atol=1e-6)
        assert trace["spectral_radius"][layer, 0] == pytest.approx(abs(linalg.eigvals(matrix)).max(), rel=1e-5)
        assert trace["largest_singular_value"][layer, 0] == pytest.approx(linalg.svdvals(matrix)[0], rel=1e-5)
    with torch.no_grad():
        hidden, _ = run.network.core(run.network.embed(run.reading.inputs))
    slopes = 1 - hidden.double().numpy() ** 2
    assert trace["slope_mean"][1, 0] == pytest.approx(slopes.mean(), rel=1e-5)
    assert trace["slope_largest"][1, 0] == pytest.approx(slopes.max(), rel=1e-5)


def test_no_step_of_an_rnn_lets_more_through_than_its_bound() -> None:
    run = RecurrentRun(RecurrentSpec(cell="rnn", hidden_size=12, initial="orthogonal", gain=1.6))
    trace = ask(run)
    bound = trace["largest_singular_value"][0, 0] * trace["slope_largest"][0, 0]
    w = linalg.svdvals(run.network.core.weight_ih_l0.detach().numpy())[0]
    head = np.linalg.norm(run.network.head.weight.detach().numpy(), axis=1)[trace["said"]]
    for answer, place in enumerate(trace["places"]):
        distance = place - np.arange(place + 1)
        limit = head[answer] * w * bound**distance * trace["slope_largest"][0, 0]
        assert (trace["norms"][answer, : place + 1] <= limit * (1 + 1e-4)).all()


def test_what_a_gate_keeps_is_its_geometric_mean() -> None:
    for cell, row in (("lstm", 1), ("gru", 1)):
        run = RecurrentRun(RecurrentSpec(cell=cell, hidden_size=5, reading="return self"))
        core, size = run.network.core, 5
        with torch.no_grad():
            x = run.network.embed(run.reading.inputs)
            hidden, _ = core(x)
            before = torch.cat([torch.zeros(1, 1, size), hidden[:, :-1]], 1)
            rows = slice(row * size, (row + 1) * size)
            gate = torch.sigmoid(
                x @ core.weight_ih_l0[rows].T + core.bias_ih_l0[rows]
                + before @ core.weight_hh_l0[rows].T + core.bias_hh_l0[rows]
            )  # fmt: skip
        np.testing.assert_allclose(ask(run)["kept"][0, 0], stats.gmean(gate[0].numpy()), rtol=1e-4)


def test_three_cells_begin_as_their_settings_say() -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=8, seed=7))
    trace = ask(run, of="cells", forget_bias=3.0, gain=1.4, distance=60)
    assert trace["rnn_spectral_radius"] == pytest.approx(1.4, rel=1e-5)
    lengths = {len(trace[f"{cell}_means"]) for cell in ("rnn", "gru", "lstm")}
    assert lengths == {60}
    assert trace["lstm_kept"].mean() == pytest.approx(torch.sigmoid(torch.tensor(3.0)).item(), abs=0.02)
    for cell, settings in {
        "rnn": {"initial": "orthogonal", "gain": 1.4},
        "lstm": {"forget_bias": 3.0},
        "gru": {},
    }.items():
        alone = RecurrentRun(RecurrentSpec(hidden_size=8, seed=7, cell=cell, **settings))
        alone.reading = type(alone.reading)(alone.reading.inputs[:, :60], None)
        wanted = of_autograd(alone)[-ANSWERS:]
        np.testing.assert_allclose(trace[f"{cell}_norms"], wanted, rtol=2e-4, atol=1e-6 * wanted.max())
        assert trace[f"{cell}_places"].tolist() == list(range(60 - ANSWERS, 60))


def test_more_forget_bias_keeps_more() -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=16))
    decays = [
        float(ask(run, of="cells", forget_bias=bias, distance=60)["lstm_decay"]) for bias in (-3.0, 0.0, 3.0, 5.0)
    ]
    assert decays == sorted(decays)
    assert decays[-1] > 0.95 > 0.7 > decays[0]


def test_trained_cells_are_runs_of_their_own() -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=6, seed=2, task="copy"))
    trace = ask(run, of="cells", trained=12)
    alone = RecurrentRun(RecurrentSpec(hidden_size=6, seed=2, task="copy", cell="gru"))
    alone.advance(12)
    for name, value in alone.network.state_dict().items():
        assert np.array_equal(trace.state[f"gru.{name}"], value.numpy())
    wanted = of_autograd(alone)[-len(trace["gru_norms"]) :]
    np.testing.assert_allclose(trace["gru_norms"], wanted, rtol=2e-4, atol=1e-6 * wanted.max())


@pytest.mark.parametrize(
    "spec",
    [
        RecurrentSpec(hidden_size=8, clip_at=0.05),
        RecurrentSpec(task="parity", hidden_size=8, clip_at=0.01, dropout=0.3, cell="gru"),
        RecurrentSpec(task="dates", hidden_size=8, clip_at=0.02),
    ],
    ids=lambda spec: spec.task,
)
def test_clipping_is_torchs_on_the_gradient_of_the_next_step(spec: RecurrentSpec) -> None:
    run = RecurrentRun(spec)
    run.advance(4)
    trace = ask(run, of="clipping")
    ahead = RecurrentRun(spec)
    ahead.advance(4)
    ahead.set({"clipping": "none"})
    ahead.advance(1)  # leaves the gradient of that step in the parameters
    gradients = [p.grad.clone() for p in ahead.network.parameters()]
    whole = torch.cat([g.flatten() for g in gradients])
    assert trace["entries"] == len(whole)
    np.testing.assert_allclose(trace["gradient"], whole.numpy(), rtol=1e-4, atol=1e-8)
    assert trace["norm"] == pytest.approx(ahead.gradient_norm, rel=1e-5)
    for way, clip in (("norm", nn.utils.clip_grad_norm_), ("value", nn.utils.clip_grad_value_)):
        for p, g in zip(ahead.network.parameters(), gradients, strict=True):
            p.grad = g.clone()
        clip(ahead.network.parameters(), spec.clip_at)
        cut = torch.cat([p.grad.flatten() for p in ahead.network.parameters()])
        assert trace[f"norm_by_{way}"] == pytest.approx(float(cut.norm()), rel=1e-4)
        same = float(torch.nn.functional.cosine_similarity(cut.double(), whole.double(), dim=0))
        assert trace[f"cosine_by_{way}"] == pytest.approx(same, abs=1e-5)
    assert trace["cosine_by_norm"] == pytest.approx(1, abs=1e-6)


def test_an_explosion_is_larger_than_what_fades() -> None:
    run = RecurrentRun(RecurrentSpec(task="adding", hidden_size=64, lag=100, truncation=200))
    small, large = (ask(run, of="explosion", gain=gain)["norm"] for gain in (0.8, 2.0))
    assert large > 10_000 * small


def test_probing_between_two_steps_changes_nothing() -> None:
    for spec in (RecurrentSpec(hidden_size=8, dropout=0.4), RecurrentSpec(task="adding", hidden_size=8, lag=20)):
        run, untouched = RecurrentRun(spec), RecurrentRun(spec)
        chance = torch.get_rng_state()
        for _ in range(3):
            run.advance(2)
            untouched.advance(2)
            for of in ("sequence", "cells", "clipping", "explosion"):
                ask(run, of=of)
            pairs = zip(run.network.parameters(), untouched.network.parameters(), strict=True)
            assert all(torch.equal(one.grad, other.grad) for one, other in pairs)
        one, other = run.snapshot(), untouched.snapshot()
        assert one.plain == other.plain
        assert all(torch.equal(one.tensors[name], other.tensors[name]) for name in other.tensors)
        assert torch.equal(torch.get_rng_state(), chance)


def test_what_cannot_be_asked_is_said() -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=4))
    for options, words in (
        ({"of": "space"}, "must be one of sequence, cells, clipping, explosion"),
        ({"of": "cells", "forget_bias": 9}, "forget_bias"),
        ({"of": "cells", "gain": "much"}, "gain"),
        ({"of": "cells", "distance": 1}, "whole number from 2 to 1000"),
        ({"of": "cells", "trained": 1.5}, "whole number from 0"),
        ({"of": "explosion", "gain": -1}, "gain"),
    ):
        with pytest.raises(InvalidInput, match=words):
            ask(run, **options)


def test_a_line_needs_some_distances() -> None:
    assert fit(by_distance(np.array([[0.5]]), np.array([0])), 1) is None
    run = RecurrentRun(RecurrentSpec(hidden_size=4, reading="ab"))
    assert "decay" not in ask(run).arrays


def test_rows_come_as_they_are_worked_out() -> None:
    run = RecurrentRun(RecurrentSpec(hidden_size=4))
    found = through_time(run)
    first = next(found)  # type: ignore[call-overload]
    assert first.trace["norms"].shape == (ROWS, run.reading.steps)
    assert np.array_equal(first.trace["norms"], ask(run)["norms"][:ROWS])


def test_a_network_is_built_as_torch_would() -> None:
    """The rows of `Backward` for one answer, against the whole gradient by autograd."""
    run = RecurrentRun(RecurrentSpec(hidden_size=5, reading="yield"))
    network = build(run.spec, run.task)
    x = network.embed(run.reading.inputs).detach().requires_grad_()
    logits = network.head(network.core(x)[0][0])
    backward = Backward(network, run.reading)
    wanted = torch.autograd.grad(logits[3, backward.said[3]], x)[0][0]
    torch.testing.assert_close(backward.of(range(3, 4))[0], wanted.double(), rtol=1e-4, atol=1e-8)
