"""Encoder–decoders with and without attention: against the formulas by hand, against loops of torch, and the claim."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress, Verdict
from dlviz.core.trace import Trace
from dlviz.data.sequences import IGNORED
from dlviz.labs.attention.bottleneck import data
from dlviz.labs.attention.bottleneck.model import EncoderDecoder
from dlviz.labs.attention.bottleneck.training import BATCH, LEARNING_RATE, NETWORKS, Learner, Pair, bottleneck
from dlviz.labs.attention.claims import rescuing
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.jobs import to_the_end

LETTERS, SIZE = 9, 5
SOURCE, READ = [3, 4, 2, 5, 7, 3], [0, 6, 8, 2]
SCORES = ("none", "dot", "additive")


def ask(**options: Any) -> Trace:
    trace: Trace = to_the_end(bottleneck(AttentionRun(AttentionSpec()), **options))
    return trace


# --- the network, by hand ---------------------------------------------------------------------------


def gru(gate: dict[str, Any], x: Tensor, h: Tensor) -> Tensor:
    """One step of a GRU as its paper has it, with torch's names and order of gates."""
    fed = gate["weight_ih_l0"] @ x + gate["bias_ih_l0"]
    kept = gate["weight_hh_l0"] @ h + gate["bias_hh_l0"]
    (r, z, n), (ur, uz, un) = fed.split(len(h)), kept.split(len(h))
    reset, update = torch.sigmoid(r + ur), torch.sigmoid(z + uz)
    return (1 - update) * torch.tanh(n + reset * un) + update * h


def by_hand(network: EncoderDecoder, source: list[int], read: list[int]) -> tuple[Tensor, Tensor | None]:
    """Logits (output, letter) and weights (output, input), letter by letter."""
    values: dict[str, Tensor] = dict(network.named_parameters())
    gates = {part: {n.partition(".")[2]: v for n, v in values.items() if n.startswith(part)}
             for part in ("encoder", "decoder")}  # fmt: skip
    h, states = torch.zeros(SIZE, dtype=torch.float64), []
    for letter in source:
        h = gru(gates["encoder"], values["embedding.weight"][letter], h)
        states.append(h)
    logits, rows = [], []
    d = h
    for letter in read:
        d = gru(gates["decoder"], values["embedding.weight"][letter], d)
        told = d
        if network.score != "none":
            if network.score == "dot":
                scores = torch.stack([(d * s).sum() for s in states])
            else:
                query = values["query.weight"] @ d
                keys = [values["key.weight"] @ s + values["key.bias"] for s in states]
                scores = torch.stack([values["voice.weight"][0] @ torch.tanh(query + key) for key in keys])
            weights = scores.exp() / scores.exp().sum()
            context = torch.stack([w * s for w, s in zip(weights, states, strict=True)]).sum(0)
            rows.append(weights)
            told = torch.cat([context, d])
        combined = torch.tanh(values["combine.weight"] @ told + values["combine.bias"])
        logits.append(values["head.weight"] @ combined + values["head.bias"])
    return torch.stack(logits), torch.stack(rows) if rows else None


@pytest.mark.parametrize("score", SCORES)
def test_values_and_gradients_are_those_of_the_formulas(score: str) -> None:
    torch.manual_seed(4)
    network = EncoderDecoder(LETTERS, SIZE, score).double()
    logits, weights = network(torch.tensor([SOURCE]), torch.tensor([len(SOURCE)]), torch.tensor([READ]))
    wanted, rows = by_hand(network, SOURCE, READ)
    torch.testing.assert_close(logits[0], wanted, rtol=1e-12, atol=1e-12)
    assert (weights is None) is (score == "none")
    if weights is not None:
        torch.testing.assert_close(weights[0], rows, rtol=1e-12, atol=1e-12)
    pull = torch.randn(logits.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    found = torch.autograd.grad((logits * pull).sum(), list(network.parameters()))
    right = torch.autograd.grad((wanted * pull[0]).sum(), list(network.parameters()))
    for one, other in zip(found, right, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("score", SCORES)
def test_what_fills_up_a_batch_is_not_read(score: str) -> None:
    torch.manual_seed(4)
    network = EncoderDecoder(LETTERS, SIZE, score).double()
    inputs = torch.tensor([[*SOURCE, 8, 8], [5, 6, 7, 3, 3, 2, 4, 8]])
    logits, weights = network(inputs, torch.tensor([len(SOURCE), 8]), torch.tensor([READ, READ]))
    alone, own = network(torch.tensor([SOURCE]), torch.tensor([len(SOURCE)]), torch.tensor([READ]))
    torch.testing.assert_close(logits[0], alone[0], rtol=1e-12, atol=1e-12)
    if weights is not None and own is not None:
        assert weights[0, :, len(SOURCE) :].eq(0).all()
        torch.testing.assert_close(weights[0, :, : len(SOURCE)], own[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("score", SCORES)
def test_writing_is_reading_what_was_written(score: str) -> None:
    torch.manual_seed(4)
    network = EncoderDecoder(LETTERS, SIZE, score)
    source, length = torch.tensor([SOURCE]), torch.tensor([len(SOURCE)])
    written, weights = network.write(source, length, 7)
    logits, looks = network(source, length, torch.cat([torch.zeros(1, 1, dtype=torch.long), written[:, :-1]], 1))
    assert torch.equal(logits.argmax(-1), written)
    if weights is not None:
        torch.testing.assert_close(weights, looks)


def test_a_score_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="must be one of none, dot, additive"):
        EncoderDecoder(LETTERS, SIZE, "cosine")


def test_both_begin_alike_wherever_they_are_alike() -> None:
    pair = Pair(data.load("digits", 3, with_training=False), 3, 16, "additive")
    plain, attention = (dict(pair.networks[name].named_parameters()) for name in NETWORKS)
    alike = [name for name in plain if name.split(".")[0] in ("embedding", "encoder", "decoder", "head")]
    assert len(alike) == 11
    assert all(torch.equal(plain[name], attention[name]) for name in alike)


# --- the sentences ------------------------------------------------------------------------------------


def texts(vocabulary: tuple[str, ...], part: Any) -> list[tuple[str, str]]:
    sources = [
        "".join(vocabulary[i] for i in row[:n]) for row, n in zip(part.inputs.tolist(), part.lengths, strict=True)
    ]
    targets = ["".join(vocabulary[i] for i in row if i != IGNORED) for row in part.targets.tolist()]
    return list(zip(sources, targets, strict=True))


def test_rows_of_digits_are_held_back_by_length() -> None:
    pairs = data.load("digits", 1)
    train = texts(pairs.vocabulary, pairs.train)
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    for count, part in pairs.by_length.items():
        held = texts(pairs.vocabulary, part)
        assert len(set(held)) == len(held) == {1: 10}.get(count, data.A_LENGTH)
        for source, target in held:
            assert "".join(str(words.index(word)) for word in source.split()) + "$" == target
            assert len(target) == count + 1
        if count > data.FEW:
            assert not set(held) & set(train)
        else:
            assert set(held) <= set(train), "too few to hold any back"
    assert {len(target) - 1 for _, target in train} == set(range(1, data.TRAINED + 1))
    shown = texts(pairs.vocabulary, pairs.shown)
    assert [len(target) - 1 for _, target in shown] == list(data.SHOWN)
    assert len(set(shown)) == 12


def test_dates_are_held_back() -> None:
    pairs = data.load("dates", 2)
    train = {source for source, _ in texts(pairs.vocabulary, pairs.train)}
    for length, part in pairs.by_length.items():
        for source, target in texts(pairs.vocabulary, part):
            assert len(source) == length
            assert source not in train
            assert len(target) == len("1987-03-05$")
    assert not train & {source for source, _ in texts(pairs.vocabulary, pairs.shown)}


# --- the training ---------------------------------------------------------------------------------------


def test_a_learner_is_a_loop_of_torch() -> None:
    pairs = data.load("digits", 5)
    network, twin = (Pair(pairs, 5, 16, "dot").networks["attention"] for _ in range(2))
    learner = Learner(network, pairs, 5, steps=12)
    order, optimizer = torch.Generator().manual_seed(5), torch.optim.Adam(twin.parameters(), LEARNING_RATE)
    for step in range(12):
        learner.learn()
        at = torch.randint(len(pairs.train), (BATCH,), generator=order)
        losses, count = [], 0
        for i in at.tolist():  # one sentence at a time
            target = pairs.train.targets[i][pairs.train.targets[i] != IGNORED][None]
            source = pairs.train.inputs[i][: int(pairs.train.lengths[i])][None]
            read = torch.cat([torch.zeros(1, 1, dtype=torch.long), target[:, :-1]], 1)
            logits, _ = twin(source, torch.tensor([source.shape[1]]), read)
            losses.append(nn.functional.cross_entropy(logits[0], target[0], reduction="sum"))
            count += target.shape[1]
        for group in optimizer.param_groups:
            group["lr"] = 0.005 if step < 8 else 0.005 * (12 - step) / 4
        optimizer.zero_grad()
        (torch.stack(losses).sum() / count).backward()
        nn.utils.clip_grad_norm_(twin.parameters(), 1.0)
        optimizer.step()
    for name, value in network.state_dict().items():
        torch.testing.assert_close(value, twin.state_dict()[name], rtol=2e-3, atol=2e-5)


def test_a_race_measures_what_both_write() -> None:
    steps = 40
    trace = ask(steps=steps, hidden_size=16)
    pairs = data.load("digits", 1)
    pair = Pair(pairs, 1, 16, "dot")
    assert trace["steps"][[0, -1]].tolist() == [0, steps]
    for name, network in pair.networks.items():
        learner = Learner(network, pairs, 1, steps)
        while learner.step < steps:
            learner.learn()
        assert all(np.array_equal(trace.state[f"{name}.{key}"], value) for key, value in network.state_dict().items())
        total, right, whole, asked, sentences = 0.0, 0, 0, 0, 0
        for at, (count, part) in enumerate(pairs.by_length.items()):
            good = 0
            for source, length, target in zip(part.inputs, part.lengths, part.targets, strict=True):
                written, _ = network.write(source[None, :length], length[None], count + 1)
                good += bool(torch.equal(written[0], target))
                if count > pairs.trained:
                    continue
                read = torch.cat([torch.zeros(1, dtype=torch.long), target[:-1]])[None]
                with torch.no_grad():
                    logits, _ = network(source[None, :length], length[None], read)
                total += float(nn.functional.cross_entropy(logits[0], target, reduction="sum"))
                right += int((written[0] == target).sum())
                asked += count + 1
            assert trace[f"{name}_by_length"][-1, at] == pytest.approx(good / len(part), abs=1e-6)
            if count <= pairs.trained:
                whole, sentences = whole + good, sentences + len(part)
        assert trace[f"{name}_loss"][-1] == pytest.approx(total / asked, rel=1e-4)
        assert trace[f"{name}_letters"][-1] == pytest.approx(right / asked, abs=1e-6)
        assert trace[f"{name}_right"][-1] == pytest.approx(whole / sentences, abs=1e-6)
        assert trace[f"{name}_parameters"] == sum(p.numel() for p in network.parameters())
    for i, row in enumerate(pairs.shown.inputs):
        length = pairs.shown.lengths[i : i + 1]
        written, weights = pair.networks["attention"].write(row[None, : int(length)], length, trace["weights"].shape[1])
        assert trace["attention_written"][i].tolist() == written[0].tolist()
        assert weights is not None
        np.testing.assert_allclose(trace["weights"][i, :, : int(length)], weights[0].detach(), atol=1e-5)


def test_a_race_goes_on_in_turns_and_shows_each_mark() -> None:
    run, untouched = (AttentionRun(AttentionSpec()) for _ in range(2))
    done, seen = [0], []
    for progress in bottleneck(run, task="dates", steps=20, hidden_size=16, score="additive"):  # type: ignore[union-attr]
        assert isinstance(progress, Progress)
        done.append(progress.done)
        if progress.trace is not None:
            known = np.isfinite(progress.trace["plain_loss"])
            seen.append((int(progress.trace["step"]), int(known.sum())))
            assert np.array_equal(known, np.isfinite(progress.trace["attention_by_length"][:, 0]))
    assert all(0 <= after - before <= 1 for before, after in pairwise(done))
    assert [count for _, count in seen] == list(range(1, len(seen) + 1))
    assert seen[-1][0] == 20
    assert all(torch.equal(run.snapshot().tensors[name], value) for name, value in untouched.snapshot().tensors.items())


def test_before_training_both_are_there_at_once() -> None:
    trace = ask()
    assert trace["step"] == 0
    assert trace["steps"].tolist() == [0]
    assert "plain_by_length" not in trace.arrays
    np.testing.assert_allclose(trace["weights"].sum(-1), 1, atol=1e-5)
    for name in NETWORKS:  # knowing nothing is about as good as guessing among the letters
        assert trace[f"{name}_loss"][0] == pytest.approx(np.log(len(trace.state["vocabulary"])), rel=0.06)


def test_what_cannot_be_trained_is_said() -> None:
    for options, words in (
        ({"task": "poems"}, "must be digits or dates"),
        ({"score": "none"}, "must be dot or additive"),
        ({"hidden_size": 7}, "must be one of 16, 32, 48, 64, 96"),
        ({"hidden_size": True}, "must be one of"),
        ({"hidden_size": [48]}, "must be one of"),
        ({"steps": -1}, "whole number from 0 to 3000"),
        ({"steps": 2.5}, "whole number from 0 to 3000"),
    ):
        with pytest.raises(InvalidInput, match=words):
            ask(**options)


# --- the claim --------------------------------------------------------------------------------------------


def test_the_experiments_rows_are_those_of_networks_trained_alone() -> None:
    *reports, verdict = rescuing.experiment(seeds=(4,), steps=30)
    assert isinstance(verdict, Verdict)
    done = [report.done for report in reports if isinstance(report, Progress)]
    assert len(done) == len(reports)
    assert all(0 <= after - before <= 1 for before, after in pairwise([0, *done]))
    assert verdict == rescuing.judge(verdict.rows)
    pairs = data.load("digits", 4)
    for row, network in zip(verdict.rows, Pair(pairs, 4, 48, "dot").networks.values(), strict=True):
        learner = Learner(network, pairs, 4, 30)
        for _ in range(30):
            learner.learn()
        for count in (1, 2, 8, 12):
            part = pairs.by_length[count]
            written, _ = network.write(part.inputs, part.lengths, count + 1)
            wanted = float((written == part.targets).all(1).float().mean())
            assert row.get(f"right_of_{count}", wanted) == pytest.approx(wanted, abs=1e-6)
        assert row["attention"] is (network.score == "dot")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_whole_experiment_finds_what_it_found_before() -> None:
    *_, verdict = rescuing.experiment()
    assert isinstance(verdict, Verdict)
    assert verdict.holds == "partly", verdict.sentence


@pytest.mark.parametrize(
    ("plain", "attention", "beyond", "holds"),
    [(0.1, 0.95, 0.9, "yes"), (0.1, 0.95, 0.0, "partly"), (0.7, 0.95, 0.9, "no"), (0.1, 0.5, 0.5, "no")],
)
def test_it_rescues_where_every_seed_says_so(plain: float, attention: float, beyond: float, holds: str) -> None:
    made = [
        {"seed": seed, "attention": looks, "parameters": 9, **dict.fromkeys(("right_of_2", "right_of_4"), 1.0),
         "right_of_6": 0.9, "right_of_8": attention if looks else plain, "right_of_9": 0.5,
         "right_of_12": beyond if looks else 0.0}
        for seed in (1, 2) for looks in (False, True)
    ]  # fmt: skip
    assert rescuing.judge(made).holds == holds
    made[-1]["right_of_8"] = 0.2  # one seed alone that does not hold
    assert rescuing.judge(made).holds == "no"
