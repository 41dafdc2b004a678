"""Roles of heads against plain loops over sequences, queries and keys, and against patterns made by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention import masks, probe
from dlviz.labs.attention.attending import Attended, attentions
from dlviz.labs.attention.measuring import answers_of
from dlviz.labs.attention.reading import Reading
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.roles import MARGIN, ROLES, THRESHOLD, measured, roles
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

KINDS = (("", "encoder", "attention"), ("decoder_", "decoder", "attention"), ("cross_", "decoder", "cross"))
SMALL = {"width": 16, "heads": 2, "examples": 60}


def kind_of(role: str, query: list[Any], key: list[Any], q: int, k: int, crosses: bool) -> bool:
    """Whether the key at k is of that kind for the query at q; the definitions of `roles`, written again."""
    before = k < q or crosses
    match role:
        case "previous":
            return k + 1 == q
        case "itself":
            return k == q
        case "next":
            return k - 1 == q
        case "first":
            return k == 0 and (q > 0 or crosses)
        case "same":
            return before and key[k] == query[q]
        case "induction":
            return before and k > 0 and key[k - 1] == query[q]
        case _:
            return not any(letter.isalnum() for letter in str(key[k]))


Row = tuple[list[Any], list[Any], np.ndarray, np.ndarray]  # query and key tokens, hidden (query, key), weights


def by_hand(rows: list[Row], role: str, crosses: bool) -> tuple[np.ndarray, float, int]:
    """Mass of each head, chance and count; weights (head, query, key)."""
    heads = len(rows[0][3])
    masses: list[list[float]] = [[] for _ in range(heads)]
    chances = []
    for query, key, hidden, weights in rows:
        for q in range(len(query)):
            seen = [k for k in range(len(key)) if not hidden[q, k]]
            of_kind = [k for k in seen if kind_of(role, query, key, q, k, crosses)]
            if len(seen) < 2 or not of_kind:
                continue
            chances.append(len(of_kind) / len(seen))
            for head in range(heads):
                masses[head].append(float(sum(weights[head, q, k] for k in of_kind)))
    if not chances:
        return np.zeros(heads), 0.0, 0
    return np.array([np.mean(mass) for mass in masses]), float(np.mean(chances)), len(chances)


def agree(trace: Any, prefix: str, layer: int, rows: list[Row], crosses: bool = False) -> None:
    for at, role in enumerate(ROLES):
        mass, chance, count = by_hand(rows, role, crosses)
        np.testing.assert_allclose(trace[f"{prefix}mass"][layer, :, at], mass, atol=1e-6, err_msg=role)
        assert trace[f"{prefix}chance"][at] == pytest.approx(chance, abs=1e-6), role
        assert trace[f"{prefix}count"][at] == count, role


@pytest.mark.parametrize("spec", [
    AttentionSpec(task="repeats", length=11, **SMALL),
    AttentionSpec(task="who", **SMALL),
    AttentionSpec(task="characters", length=30, mask="window", window=2, **SMALL),
], ids=lambda spec: spec.task)  # fmt: skip
def test_masses_and_chance_are_those_of_plain_loops(spec: AttentionSpec) -> None:
    run = AttentionRun(spec)
    run.advance(5)
    trace = roles(run, count=9)
    part = run.task.validation
    for layer in range(spec.layers):
        rows = []
        for i in range(9):
            n = int(part.lengths[i])  # each sequence alone: nothing is padded
            ids = part.inputs[i : i + 1, :n]
            tokens = [run.task.vocabulary[id] for id in ids[0].tolist()]
            weights = probe.heads_of(run, Reading(ids, None, n))["weights"][layer]
            rows.append((tokens, tokens, masks.of_spec(spec, n).numpy(), weights))
        agree(trace, "", layer, rows)
    assert int(trace["sequences"]) == 9
    assert (trace["count"][ROLES.index("separator")] > 0) == (spec.task == "characters")


def test_a_translators_three_attentions() -> None:
    run = AttentionRun(AttentionSpec(task="dates", layers=1, **SMALL))
    run.advance(5)
    trace = roles(run, count=7)
    part = run.task.validation[torch.arange(7)]
    with torch.no_grad(), recording(run.network) as seen:
        answers_of(run.network, part)
    name = run.task.vocabulary
    for prefix, stack, kind in KINDS:
        weights = seen[f"{stack}.blocks.0.{kind}.part.weights"].numpy()
        rows = []
        for i in range(7):
            source = [name[id] for id in part.inputs[i, : part.lengths[i]].tolist()]
            answer = [name[id] for id in part.targets[i].tolist() if id >= 0]
            read = ["^", *answer[:-1]]
            query, key = (source, source) if stack == "encoder" else (read, source if kind == "cross" else read)
            ahead = prefix == "decoder_"
            hidden = np.array([[ahead and k > q for k in range(len(key))] for q in range(len(query))])
            rows.append((query, key, hidden, weights[i, :, : len(query), : len(key)]))
        agree(trace, prefix, 0, rows, crosses=kind == "cross")


def made(tokens: list[list[int]], hidden: Tensor) -> Attended:
    ids = torch.tensor(tokens)
    return Attended("", "core", "attention", hidden[None], ids, ids, torch.ones_like(ids, dtype=torch.bool))


def test_heads_made_by_hand_get_their_names() -> None:
    tokens = [[0, 1, 2, 0, 1, 2, 0, 1]]
    n = len(tokens[0])
    hidden = masks.hidden("causal", n)
    pattern = torch.zeros(1, 4, n, n)
    for q in range(n):
        pattern[0, 0, q, max(0, q - 1)] = 1  # previous
        pattern[0, 1, q, max(0, q - 2)] = 1  # the token after the same one: two back, from the fourth on
        pattern[0, 2, q, : q + 1] = 1 / (q + 1)  # even
        pattern[0, 3, q, q] = 1 if q < 4 else THRESHOLD - 0.01  # itself, but not enough: the rest even below
        if q >= 4:
            pattern[0, 3, q, :q] = (1 - THRESHOLD + 0.01) / q
    found = {name: values for name, (values, _) in measured(made(tokens, hidden), [pattern], ("a", "b", "c")).items()}
    names = [ROLES[at] if at >= 0 else None for at in found["named"][0]]
    assert names == ["previous", "induction", None, "itself"]
    mass = dict(zip(ROLES, found["mass"][0].T, strict=True))
    assert mass["previous"][0] == 1
    # Of the five queries that stood before, one to four may choose between one and two such tokens.
    assert mass["induction"][1] == pytest.approx(1)
    np.testing.assert_allclose(found["mass"][0, 2], found["chance"], atol=1e-6)  # an even pattern is chance itself
    assert found["entropy"][0, 0] == 0
    even = np.mean([math.log(q + 1) for q in range(1, n)])
    assert found["entropy_even"] == pytest.approx(even, abs=1e-6)
    assert found["entropy"][0, 2] == pytest.approx(even, abs=1e-6)


def test_what_the_mask_forces_is_no_role() -> None:
    """Two tokens in sight: half the attention on the one before is what an even pattern has, and 60 % no role."""
    n = 6
    hidden = masks.hidden("window", n, 1) | masks.hidden("causal", n)
    pattern = torch.zeros(1, 1, n, n)
    for q in range(n):
        pattern[0, 0, q, max(0, q - 1)] = 0.6
        pattern[0, 0, q, q] += 0.4
    found = measured(made([[0, 1, 2, 3, 4, 5]], hidden), [pattern], tuple("abcdef"))
    previous = ROLES.index("previous")
    assert found["mass"][0][0, 0, previous] == pytest.approx(0.6)
    assert found["chance"][0][previous] == pytest.approx(0.5)
    assert THRESHOLD < 0.6
    assert MARGIN > 0.6 - 0.5
    assert found["named"][0][0, 0] != previous


def test_training_makes_induction_heads_and_they_are_found() -> None:
    run = AttentionRun(AttentionSpec())
    at = ROLES.index("induction")
    before = roles(run)
    assert (before["named"] == -1).all()
    np.testing.assert_allclose(before["mass"][:, :, at], before["chance"][at], atol=0.06)
    run.advance(300)
    after = roles(run)
    assert (after["named"][1] == at).sum() >= 2, "in the second layer"
    assert not (after["named"][0] == at).any(), "nothing in the first layer can know what stood before a token"
    assert after["loss"] < before["loss"] / 4
    first, second = after["mass"][0, :, 0], after["mass"][1, :, 0]
    assert first.max() > second.max() + 0.2, "the first layer looks at the token before"


def test_attentions_hide_what_the_network_hides() -> None:
    """A key has a weight exactly where it is not hidden."""
    for task in ("who", "dates"):
        run = AttentionRun(AttentionSpec(task=task, **SMALL))
        part = run.task.validation[torch.arange(12)]
        with torch.no_grad(), recording(run.network) as seen:
            answers_of(run.network, part)
        for attended in attentions(run.network, part):
            weights = seen[attended.tap(1, "weights")]
            assert torch.equal(weights > 0, ~attended.hidden[:, None].expand_as(weights))


@pytest.mark.parametrize("count", [0, 301, 1.5, True, "many"])
def test_a_count_that_cannot_be_is_refused_in_words(count: Any) -> None:
    with pytest.raises(InvalidInput, match=r"roles\.count must be a whole number in \[1, 300\].*Try 64"):
        roles(AttentionRun(AttentionSpec(**SMALL)), count=count)
