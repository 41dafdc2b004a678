"""Training learns, states go on as they must, and what a person types is read or refused in words."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.data.sequences import IGNORED
from dlviz.labs.recurrent import learning, measuring
from dlviz.labs.recurrent.model import Reader, Translator, build, parameters
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.evaluating import evaluating

SMALL: dict[str, Any] = {"hidden_size": 8, "embedding_size": 5, "examples": 100, "lag": 12}


def run(**changes: Any) -> RecurrentRun:
    return RecurrentRun(RecurrentSpec(**{**SMALL, **changes}))


@pytest.mark.parametrize(
    ("changes", "steps", "name", "bound"),
    [
        ({"task": "parity", "cell": "rnn", "hidden_size": 8, "learning_rate": 0.02, "lag": 20}, 250, "accuracy", 0.99),
        ({"task": "tagging", "bidirectional": True, "hidden_size": 16}, 150, "accuracy", 0.97),
        ({"task": "digit_words", "learning_rate": 0.01, "batch_size": 32}, 250, "whole", 0.85),
        ({"task": "sines", "hidden_size": 16, "lag": 30, "learning_rate": 0.01}, 150, "loss", 0.05),
    ],
)
def test_tasks_are_learned(changes: dict[str, Any], steps: int, name: str, bound: float) -> None:
    trained = RecurrentRun(RecurrentSpec(**changes))
    trained.advance(steps)
    found = measuring.measure(trained.network, trained.task)[f"validation_{name}"]
    assert found < bound if name == "loss" else found > bound


def test_a_texts_state_goes_on_and_its_gradient_does_not() -> None:
    """Two pieces of the text by the run, and by torch's own LSTM in one go: the same answers, other gradients."""
    made = run(batch_size=4, truncation=7)
    network = made.network
    assert isinstance(network, Reader)
    length = made._stream_length
    text = made.task.stream[: 4 * length].reshape(4, length)
    whole = network.head(network.core(network.embedding(text[:, :14]))[0])
    first, state = network(text[:, :7])
    second, _ = network(text[:, 7:14], None, learning.detached(state))
    assert torch.allclose(torch.cat([first, second], 1), whole, atol=1e-6)
    x = network.embedding.weight
    cut = torch.autograd.grad(second[:, -1].sum(), x, retain_graph=True)[0]
    full = torch.autograd.grad(whole[:, -1].sum(), x)[0]
    assert (cut - full).abs().max() > 1e-7
    pieces = ((whole[:, at : at + 7].detach(), text[:, at + 1 : at + 8]) for at in (0, 7))
    losses = [float(nn.functional.cross_entropy(answers.flatten(0, 1), right.flatten())) for answers, right in pieces]
    made.optimizer = torch.optim.SGD(network.parameters(), lr=0.0)
    for expected in losses:
        loss = made._stream_loss()
        assert float(loss.detach()) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("task", ["adding", "copy", "sentiment", "tagging"])
def test_a_cut_gradient_is_torchs_over_detached_pieces(task: str) -> None:
    made = run(task=task)
    network, batch = made.network, made.task.train[torch.arange(6)]
    assert isinstance(network, Reader)
    whole = learning.cut_answers(network, batch, 200)
    with evaluating(network):
        packed, _ = network(batch.inputs, batch.lengths)
    asked = batch.targets != IGNORED if made.task.pattern == "every" else torch.ones(6, dtype=torch.bool)
    assert torch.allclose(whole[asked], packed[asked], atol=1e-6), "what lies behind a sequence's end changes nothing"
    names = ["core.weight_hh_l0", "core.weight_ih_l0"]
    weights = [dict(network.named_parameters())[name] for name in names]
    full = torch.autograd.grad(learning.loss_of(network, made.task, batch, 200), weights)
    short = torch.autograd.grad(learning.loss_of(network, made.task, batch, 3), weights)
    assert any((a - b).abs().max() > 1e-6 for a, b in zip(full, short, strict=True))
    same = torch.autograd.grad(learning.loss_of(network, made.task, batch, batch.inputs.shape[1]), weights)
    assert all(torch.equal(a, b) for a, b in zip(full, same, strict=True))


def test_clipping_is_torchs() -> None:
    for clipping in ("none", "norm", "value"):
        made = run(clipping=clipping, clip_at=0.01)
        made.optimizer = torch.optim.SGD(made.network.parameters(), lr=0.0)
        made.advance(1)
        found = [p.grad.clone() for p in made.network.parameters() if p.grad is not None]
        again = run(clipping="none")
        loss = again._stream_loss()
        loss.backward()
        norm = nn.utils.get_total_norm([p.grad for p in again.network.parameters() if p.grad is not None])
        assert made.gradient_norm == pytest.approx(float(norm), rel=1e-5)
        if clipping == "norm":
            nn.utils.clip_grad_norm_(again.network.parameters(), 0.01)
        elif clipping == "value":
            nn.utils.clip_grad_value_(again.network.parameters(), 0.01)
        wanted = [p.grad for p in again.network.parameters() if p.grad is not None]
        assert all(torch.allclose(a, b, atol=1e-9) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("both", [False, True])
def test_parameters_by_formula_are_those_there_are(cell: str, both: bool) -> None:
    spec = RecurrentSpec(task="tagging", cell=cell, layers=3, bidirectional=both, hidden_size=7, embedding_size=5)
    made = RecurrentRun(spec)
    network = made.network
    assert isinstance(network, Reader)
    by_layer = parameters(spec, 5)
    for layer, row in enumerate(by_layer):
        own = sum(p.numel() for name, p in network.core.named_parameters() if f"_l{layer}" in name)
        assert own == row["parameters"]
    total = sum(row["parameters"] for row in by_layer) + network.embedding.weight.numel()
    total += sum(p.numel() for p in network.head.parameters())
    assert total == made.scene().numbers["parameters"]


def test_forget_bias_and_rotations_begin_as_said() -> None:
    network = build(RecurrentSpec(forget_bias=2.5, hidden_size=6, initial="orthogonal", gain=1.5), run().task)
    assert isinstance(network, Reader)
    assert torch.equal(network.core.bias_ih_l0[6:12], torch.full((6,), 2.5))
    assert torch.equal(network.core.bias_hh_l0[6:12], torch.zeros(6))
    assert (network.core.bias_ih_l0[:6].abs() <= 6**-0.5).all()
    for block in network.core.weight_hh_l0.split(6):
        assert torch.allclose(block @ block.T, torch.eye(6) * 1.5**2, atol=1e-5)


def test_a_translator_taught_says_what_torch_says_and_writes_by_itself() -> None:
    made = run(task="dates")
    network, batch = made.network, made.task.validation[torch.arange(5)]
    assert isinstance(network, Translator)
    written = network.write(batch.inputs, batch.lengths, 12)
    for i in range(5):  # one at a time, without padding, step by step
        ids = batch.inputs[i, : batch.lengths[i]][None]
        _, state = network.encoder(network.embedding(ids))
        token, own = torch.zeros(1, 1, dtype=torch.long), []
        for _ in range(12):
            hidden, state = network.decoder(network.embedding(token), state)
            token = network.head(hidden).argmax(2)
            own.append(int(token))
        assert written[i].tolist() == own


@pytest.mark.parametrize(
    ("task", "text", "words"),
    [
        ("characters", "def naïve(🙂):", "Got 'ï 🙂'"),
        ("tagging", "the elephant swims", "Got 'elephant'"),
        ("brackets", "([)", r"Got '\['"),
        ("characters", "abcdefghi" + "äöüßéèà", "Got 'ä ö ü ß é …'"),
        ("tagging", "   ", "must have some words"),
    ],
)
def test_what_the_network_has_never_seen_is_named(task: str, text: str, words: str) -> None:
    made = run(task=task)
    before = made.snapshot()
    with pytest.raises(InvalidInput, match=words):
        made.set({"reading": text})
    assert made.spec.reading == ""
    assert made.snapshot().plain == before.plain


def test_a_reading_of_ones_own_is_read() -> None:
    made = run(task="tagging")
    assert made.set({"reading": "The old  FISH swims"}) is False
    words = [made.task.vocabulary[i] for i in made.reading.inputs[0]]
    assert words == ["the", "old", "fish", "swims"]
    assert made.reading.targets is None
    text = run()
    text.set({"reading": "def f(x):\r\n"})
    assert "".join(text.task.vocabulary[i] for i in text.reading.inputs[0]) == "def f(x):"
    assert text.task.vocabulary[int(text.reading.targets[0, -1])] == "\n"


def test_both_directions_and_numbers_are_refused_where_they_mean_nothing() -> None:
    with pytest.raises(InvalidInput, match="bidirectional goes only with tasks whose sequence is there to its end"):
        RecurrentSpec(bidirectional=True)
    with pytest.raises(InvalidInput, match="reading goes only with tasks that read letters or words"):
        RecurrentSpec(task="weather", reading="12")


def test_a_text_shorter_than_a_batch_is_read_in_fewer_pieces() -> None:
    made = RecurrentRun(RecurrentSpec(text="own", own_text="abcdefghij" * 2, batch_size=128, hidden_size=4))
    made.advance(5)
    assert made.streams == 9
    assert made.epoch == 5
