"""Each experiment is run with fewer seeds, some of its rows are computed again, its verdict is judged anew."""

from __future__ import annotations

import math
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
import torch
from torch import nn

from dlviz.data.sequences import IGNORED
from dlviz.labs.recurrent.claims import CLAIMS, clipping, counting, directions, forgetting, handing, keeping
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.training.answers import share_right
from tests.labs.experiments import rows_of

MODULES: dict[str, Any] = {
    "lstm-keeps": keeping, "gru-three-quarters": counting, "forget-bias": forgetting, "clipping-rescues": clipping,
    "both-directions": directions, "handing-over": handing,
}  # fmt: skip
FOUND = {
    "lstm-keeps": ("yes", "partly"), "gru-three-quarters": ("yes",), "forget-bias": ("partly",),
    "clipping-rescues": ("yes",), "both-directions": ("yes",), "handing-over": ("partly",),
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "lstm-keeps": {"seeds": (1,), "steps": {8: 60, 30: 30}},
    "gru-three-quarters": {"sizes": ((3, 5), (16, 64))},
    "forget-bias": {"seeds": (1, 2), "steps": {"text": 12, "copy": 24}},
    "clipping-rescues": {"seeds": (1,), "steps": 36},
    "both-directions": {"seeds": (1, 2), "steps": 60},
    "handing-over": {"seeds": (1,), "steps": 60},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, OPTIONS[slug], most=60)


def row(slug: str, **wanted: Any) -> dict[str, Any]:
    (found,) = (row for row in rows(slug) if all(row[name] == value for name, value in wanted.items()))
    return found


def test_every_claim_has_its_module() -> None:
    assert [claim.slug for claim in CLAIMS] == list(MODULES)


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.recurrent.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_the_whole_experiment_finds_what_it_found_before(claim: Any) -> None:
    *reports, verdict = claim.experiment()
    assert verdict.holds in FOUND[claim.slug], verdict.sentence
    assert len(reports) > 10


# --- their numbers, by other means -----------------------------------------------------------------


def test_an_error_is_that_of_torchs_own_layers() -> None:
    run = RecurrentRun(keeping.setting("lstm", 8, 1))
    run.advance(60)
    test = run.task.test[torch.arange(keeping.TESTED)]
    lstm = nn.LSTM(2, 24, batch_first=True)
    lstm.load_state_dict(run.network.core.state_dict())
    with torch.no_grad():
        answers = run.network.head(lstm(test.inputs)[0][:, -1])[:, 0]
    wanted = float(((answers - test.targets) ** 2).mean())
    assert row("lstm-keeps", numbers=8, cell="lstm")["error"] == pytest.approx(wanted, rel=1e-4)


def test_parameters_are_those_of_layers_that_were_made() -> None:
    for found in rows("gru-three-quarters"):
        for cell, made in (("gru", nn.GRU), ("lstm", nn.LSTM)):
            layer = made(found["inputs"], found["hidden_size"], found["layers"], bidirectional=found["both_directions"])
            assert found[cell] == sum(p.numel() for p in layer.parameters())
    text = row("gru-three-quarters", inputs=16, hidden_size=64, layers=1, both_directions=False)
    run = RecurrentRun(forgetting.setting("text", 1.0, 1))
    assert text["whole_lstm"] == sum(p.numel() for p in run.network.parameters())


def test_losses_with_a_forget_bias_are_those_of_a_run() -> None:
    run = RecurrentRun(forgetting.setting("copy", 3.0, 2))
    assert torch.equal(run.network.core.bias_ih_l0[24:48], torch.full((24,), 3.0))
    run.advance(24)
    test = run.task.validation[torch.arange(forgetting.TESTED["copy"])]
    with torch.no_grad():
        logits, _ = run.network(test.inputs, test.lengths)
    wanted = nn.functional.cross_entropy(logits.flatten(0, 1), test.targets.flatten(), ignore_index=IGNORED)
    found = row("forget-bias", task="copy", forget_bias=3.0, seed=2)["loss"]
    assert found == pytest.approx(float(wanted), rel=1e-5)


def test_cosines_are_those_of_the_gradient_that_torch_clips() -> None:
    run = RecurrentRun(clipping.setting("value", 1))
    cosines = []
    for _ in range(36):
        run.optimizer.zero_grad()
        run._batch_loss().backward()
        before = torch.cat([p.grad.flatten() for p in run.network.parameters()])
        nn.utils.clip_grad_value_(run.network.parameters(), 0.1)
        after = torch.cat([p.grad.flatten() for p in run.network.parameters()])
        if not torch.equal(before, after):
            cosines.append(float(nn.functional.cosine_similarity(before, after, 0)))
        run.optimizer.step()
        run.step += 1
        if run._epoch_is_over():
            run.position = 0
    found = row("clipping-rescues", clipping="value")
    assert found["clipped"] == len(cosines) > 0
    assert found["lowest_cosine"] == pytest.approx(min(cosines), abs=1e-5)
    assert found["mean_cosine"] == pytest.approx(sum(cosines) / len(cosines), abs=1e-5)
    by_norm = row("clipping-rescues", clipping="norm")
    assert by_norm["lowest_cosine"] == pytest.approx(1, abs=1e-6)
    assert row("clipping-rescues", clipping="none")["clipped"] == 0


def test_open_words_are_those_with_two_tags_after_the_same_words() -> None:
    run = RecurrentRun(directions.setting(False, 1))
    open_ = directions.left_open(run.task.train, run.task.test)
    train = [
        ([run.task.vocabulary[i] for i in ids[:n]], tags[:n].tolist())
        for ids, tags, n in zip(run.task.train.inputs, run.task.train.targets, run.task.train.lengths, strict=True)
    ]
    checked = 0
    for i in range(60):
        words = [run.task.vocabulary[k] for k in run.task.test.inputs[i, : run.task.test.lengths[i]]]
        for t in range(len(words)):
            after = {tags[t] for seen, tags in train if seen[: t + 1] == words[: t + 1]}
            assert bool(open_[i, t]) is (len(after) > 1)
            checked += len(after) > 1
    assert checked > 5


def test_shares_of_right_tags_are_counted() -> None:
    run = RecurrentRun(directions.setting(True, 2))
    run.advance(60)
    test = run.task.test
    open_ = directions.left_open(run.task.train, test)
    right = {True: [0, 0], False: [0, 0]}
    with torch.no_grad():
        for i, n in enumerate(test.lengths.tolist()):
            answers = run.network(test.inputs[i : i + 1, :n])[0][0].argmax(1)
            for t in range(n):
                right[bool(open_[i, t])][0] += int(answers[t] == test.targets[i, t])
                right[bool(open_[i, t])][1] += 1
    found = row("both-directions", seed=2, both_directions=True)
    assert found["open_words"] == right[True][1]
    assert found["open"] == pytest.approx(right[True][0] / right[True][1])
    assert found["others"] == pytest.approx(right[False][0] / right[False][1])


def test_an_answer_depends_on_the_neighbours_only_with_the_error() -> None:
    for only_last, made in ((False, handing.Handing), (True, handing.Erring)):
        run = made(handing.setting(1))
        run.advance(60)
        test = run.task.test
        alone, beside = torch.tensor([7]), torch.tensor([3, 7])
        with torch.no_grad():
            run.network.eval()
            one = run.network(test.inputs[alone], test.lengths[alone])[0]
            two = run.network(test.inputs[beside], test.lengths[beside])[1]
        assert torch.allclose(one, two, atol=1e-6) is not only_last
        found = row("handing-over", only_last=only_last)
        assert (found["moved"] > 1e-4) is only_last


# --- verdicts ---------------------------------------------------------------------------------------


def adding(short: tuple[float, float], long: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        {"seed": seed, "numbers": lag, "cell": cell, "error": error, "chance": 1 / 6}
        for seed in (1, 2)
        for lag, errors in ((8, short), (30, long))
        for cell, error in zip(("rnn", "lstm"), errors, strict=True)
    ]


@pytest.mark.parametrize(
    ("long", "holds"),
    [((0.16, 0.001), "yes"), ((0.16, 0.1), "partly"), ((0.001, 0.001), "no"), ((0.1, math.inf), "no")],
)
def test_the_lstm_keeps_only_where_it_learns_and_the_rnn_does_not(long: tuple[float, float], holds: str) -> None:
    assert keeping.judge(adding((0.01, 0.01), long)).holds == holds


@pytest.mark.parametrize(
    ("gains", "holds"),
    [
        ({("text", 1.0): 0.1, ("copy", 1.0): 0.2, ("text", 3.0): 0.1, ("copy", 3.0): 0.1}, "yes"),
        ({("text", 1.0): -0.1, ("copy", 1.0): 0.2, ("text", 3.0): -0.1, ("copy", 3.0): 0.1}, "partly"),
        ({("text", 1.0): -0.1, ("copy", 1.0): -0.2, ("text", 3.0): -0.1, ("copy", 3.0): -0.1}, "no"),
    ],
)
def test_a_bias_helps_where_every_seed_says_so(gains: dict[tuple[str, float], float], holds: str) -> None:
    made = [
        {"seed": seed, "task": task, "forget_bias": bias, "chance": 1.4,
         "loss": 1.0 + 0.001 * seed - gains.get((task, bias), 0.0)}
        for seed in (1, 2, 3) for task in ("text", "copy") for bias in (0.0, 1.0, 3.0)
    ]  # fmt: skip
    verdict = forgetting.judge(made)
    assert verdict.holds == holds
    assert "+-" not in verdict.sentence


@pytest.mark.parametrize(
    ("lost", "cosine", "holds"),
    [((1, 0, 0), 0.7, "yes"), ((1, 0, 0), 0.99, "partly"), ((1, 1, 0), 0.7, "partly"), ((0, 0, 0), 0.99, "no")],
)
def test_clipping_rescues_and_turns(lost: tuple[int, int, int], cosine: float, holds: str) -> None:
    made = [
        {"seed": seed, "clipping": way, "lost_at": lost[k], "largest_norm": 9.0, "error": 0.1, "clipped": 5,
         "lowest_cosine": cosine if way == "value" else 1.0, "mean_cosine": cosine if way == "value" else 1.0}
        for seed in (1, 2) for k, way in enumerate(clipping.WAYS)
    ]  # fmt: skip
    assert clipping.judge(made).holds == holds


@pytest.mark.parametrize(("open_", "others", "holds"), [(0.3, 0.01, "yes"), (0.001, 0.1, "partly"), (-0.1, 0.0, "no")])
def test_both_directions_must_help_most_where_the_clue_comes_later(open_: float, others: float, holds: str) -> None:
    made = [
        {"seed": seed, "both_directions": both, "open_words": 9, "open": 0.5 + both * open_ + 0.001 * seed * both,
         "others": 0.9 + both * others}
        for seed in (1, 2, 3) for both in (False, True)
    ]  # fmt: skip
    assert directions.judge(made).holds == holds


@pytest.mark.parametrize(("right", "moved", "holds"), [(0.6, 0.5, "yes"), (0.89, 0.5, "partly"), (0.89, 1e-5, "no")])
def test_an_error_shows_itself_in_what_is_right(right: float, moved: float, holds: str) -> None:
    made = [
        {"seed": seed, "only_last": last, "right": right if last else 0.9, "changed": 0.1 * last, "moved": moved * last}
        for seed in (1, 2) for last in (False, True)
    ]  # fmt: skip
    assert handing.judge(made).holds == holds


def test_a_share_of_right_answers_skips_what_is_not_asked() -> None:
    answers, targets = torch.tensor([[1, 2, 0]]), torch.tensor([[1, 0, IGNORED]])
    assert share_right(answers, targets) == 0.5
