"""How both encoder–decoders are trained and measured, the training that ships, and the claim of the two."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress, Verdict
from dlviz.core.trace import Trace
from dlviz.data.sequences import IGNORED
from dlviz.labs.attention.bottleneck import data, keeping, measuring
from dlviz.labs.attention.bottleneck.model import EncoderDecoder
from dlviz.labs.attention.bottleneck.training import BATCH, LEARNING_RATE, NETWORKS, Learner, Pair, bottleneck, race
from dlviz.labs.attention.claims import rescuing
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.jobs import to_the_end

STEPS = 90  # of the experiment: as few as teach something
REPORTED = (1, 2, 8, 9, 12)


def ask(**options: Any) -> Trace:
    trace: Trace = to_the_end(bottleneck(AttentionRun(AttentionSpec()), **options))
    return trace


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
    trace = ask(hidden_size=32)
    assert trace["step"] == 0
    assert trace["steps"].tolist() == [0]
    assert "plain_by_length" not in trace.arrays
    np.testing.assert_allclose(trace["weights"].sum(-1), 1, atol=1e-5)
    for name in NETWORKS:  # knowing nothing is about as good as guessing among the letters
        assert trace[f"{name}_loss"][0] == pytest.approx(np.log(len(trace.state["vocabulary"])), rel=0.06)


# --- the training that ships ------------------------------------------------------------------------------


def test_it_opens_with_a_training_whose_curves_are_those_of_its_weights() -> None:
    moves = bottleneck(AttentionRun(AttentionSpec()))
    seen = [progress.trace for progress in moves if progress.trace is not None]  # type: ignore[union-attr]
    last = ask()
    pairs = data.load("digits", 1)
    assert [int(trace["step"]) for trace in (*seen, last)] == last["steps"].tolist()
    assert (last["steps"][0], last["steps"][-1]) == (0, keeping.STEPS)
    for at in (0, 3, -1):
        trace = [*seen, last][at]
        for name in NETWORKS:
            network = EncoderDecoder(len(pairs.vocabulary), 48, "none" if name == "plain" else "dot")
            start = f"{name}."
            network.load_state_dict({k.removeprefix(start): torch.from_numpy(v) for k, v in trace.state.items()
                                     if k.startswith(start)})  # fmt: skip
            *_, found = measuring.measured(network, pairs)
            assert found is not None
            assert trace[f"{name}_loss"][at] == pytest.approx(found.loss, rel=1e-3)
            np.testing.assert_allclose(trace[f"{name}_by_length"][at], list(found.by_length.values()), atol=0.026)
            counts = [len(pairs.by_length[n]) for n in range(1, data.TRAINED + 1)]  # those trained on, no others
            right = np.average(trace[f"{name}_by_length"][at, : data.TRAINED], weights=counts)
            assert found.right == pytest.approx(right, abs=0.01)
            written, _ = network.write(pairs.shown.inputs, pairs.shown.lengths, trace[f"{name}_written"].shape[1])
            assert np.array_equal(trace[f"{name}_written"], written)


def test_the_training_that_ships_can_be_made_again(tmp_path: Path) -> None:
    reports = list(keeping.make(tmp_path / "made" / "kept.npz", steps=6))
    kept = Trace.load(tmp_path / "made" / "kept.npz")
    moves: Any = race("digits", 1, 6, 48, "dot")
    alone: Trace = to_the_end(moves)
    marks = kept["steps"].tolist()
    assert marks == alone["steps"].tolist()[::-1][::2][::-1]
    assert marks[-1] == 6
    assert np.array_equal(kept["attention_by_length"], alone["attention_by_length"][np.isin(alone["steps"], marks)])
    weights = [values for key, values in kept.state.items() if key.startswith("6/attention.")]
    named = [values for key, values in alone.state.items() if key.startswith("attention.")]
    assert all(np.array_equal(one, other) for one, other in zip(weights, named, strict=True))
    assert len(reports) > 12


@pytest.mark.parametrize("content", [None, b"", b"not a file of arrays"])
def test_without_it_both_are_shown_before_training(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "FILE", tmp_path / "kept.npz")
    if content is not None:
        keeping.FILE.write_bytes(content)
    assert ask()["step"] == 0


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


@pytest.mark.timeout(300)
def test_the_experiments_rows_are_those_of_networks_trained_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescuing, "REPORTED", REPORTED)
    *reports, verdict = rescuing.experiment(seeds=(4,), steps=STEPS)
    assert isinstance(verdict, Verdict)
    done = [report.done for report in reports if isinstance(report, Progress)]
    assert len(done) == len(reports)
    assert all(0 <= after - before <= 1 for before, after in pairwise([0, *done]))
    assert verdict == rescuing.judge(verdict.rows)
    pairs = data.load("digits", 4)
    for row, network in zip(verdict.rows, Pair(pairs, 4, 48, "dot").networks.values(), strict=True):
        learner = Learner(network, pairs, 4, STEPS)
        for _ in range(STEPS):
            learner.learn()
        for count in REPORTED:
            part = pairs.by_length[count]
            written, _ = network.write(part.inputs, part.lengths, count + 1)
            wanted = float((written == part.targets).all(1).float().mean())
            assert row[f"right_of_{count}"] == pytest.approx(wanted, abs=1e-6)
        assert row["attention"] is (network.score == "dot")
    assert any(row["right_of_1"] > 0 for row in verdict.rows), "or this would compare nothing with nothing"


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
