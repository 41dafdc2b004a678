"""Beam search against trying everything, and a translation against torch's own writing."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.attention import beam
from dlviz.labs.attention.answering import MOST_WRITTEN, until_end
from dlviz.labs.attention.model import Translator
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.labs.attention.translating import Writer, translate
from dlviz.training.jobs import to_the_end

END = 1


def last(found: Any) -> beam.Found:
    *_, final = found
    assert isinstance(final, beam.Found)
    return final


def chance(classes: int, seed: int) -> beam.Next:
    """A language model of pure chance: a fixed row of log-probabilities after each beginning."""
    known: dict[tuple[int, ...], Tensor] = {}
    generator = torch.Generator().manual_seed(seed)

    def following(beginnings: list[tuple[int, ...]]) -> Tensor:
        for each in beginnings:
            if each not in known:
                known[each] = (2 * torch.randn(classes, generator=generator, dtype=torch.float64)).log_softmax(0)
        return torch.stack([known[each] for each in beginnings])

    return following


def everything(following: beam.Next, classes: int, most: int) -> dict[tuple[int, ...], float]:
    """Every sequence there is with its log-probability: ended, or `most` long."""
    found = {}
    for length in range(1, most + 1):
        for tokens in itertools.product(range(classes), repeat=length):
            if END in tokens[:-1] or (length < most and tokens[-1] != END):
                continue
            steps = (following([tokens[:at]])[0, token] for at, token in enumerate(tokens))
            found[tokens] = float(sum(steps))
    return found


@pytest.mark.parametrize("penalty", [0.0, 0.7])
@pytest.mark.parametrize("seed", range(4))
def test_a_beam_as_wide_as_all_there_is_finds_the_best_of_all(seed: int, penalty: float) -> None:
    following = chance(4, seed)
    all_there_is = everything(following, 4, 4)
    assert sum(np.exp(list(all_there_is.values()))) == pytest.approx(1, abs=1e-12)
    ranked = last(beam.search(following, len(all_there_is), 4, END, penalty)).ranked
    assert {each.tokens: each.total for each in ranked} == pytest.approx(all_there_is, abs=1e-12)
    wanted = sorted(all_there_is, key=lambda tokens: -all_there_is[tokens] / len(tokens) ** penalty)
    assert [each.tokens for each in ranked] == wanted


@pytest.mark.parametrize("seed", range(6))
def test_a_beam_of_one_is_greedy(seed: int) -> None:
    following = chance(5, seed)
    tokens: tuple[int, ...] = ()
    while len(tokens) < 6 and END not in tokens:
        tokens = (*tokens, int(following([tokens])[0].argmax()))
    ranked = last(beam.search(following, 1, 6, END)).ranked
    assert [each.tokens for each in ranked] == [tokens]
    assert ranked[0].ended is (tokens[-1] == END)


def test_a_beam_finds_what_greedy_misses() -> None:
    """After the likelier first token nothing is likely."""
    logs = {(): [0.6, 0.0, 0.4], (0,): [0.3, 0.35, 0.35], (2,): [0.05, 0.9, 0.05]}

    def following(beginnings: list[tuple[int, ...]]) -> Tensor:
        return torch.tensor([logs.get(each, [0.0, 1.0, 0.0]) for each in beginnings]).double().log()

    greedy, wide = (last(beam.search(following, beams, 4, END)).ranked[0] for beams in (1, 2))
    assert greedy.tokens == (0, 1)
    assert wide.tokens == (2, 1)
    assert np.exp([wide.total, greedy.total]) == pytest.approx([0.36, 0.21])


def test_the_tree_holds_what_was_kept_and_what_was_cut() -> None:
    found = last(beam.search(chance(5, 1), 3, 5, END))
    for step in range(5):
        level = [node for node in found.nodes if node.step == step]
        assert [node.total for node in level] == sorted((node.total for node in level), reverse=True)
        over = sum(node.kept and node.token == END for node in found.nodes if node.step < step)
        assert sum(node.kept for node in level) == (3 - over if level else 0)
        assert not any(node.kept for node in level[3 - over :])
    for each in found.ranked:
        at, tokens = each.node, []
        while at != beam.ROOT:
            tokens.append(found.nodes[at].token)
            at = found.nodes[at].parent
        assert tuple(reversed(tokens)) == each.tokens


def translated(run: AttentionRun, **options: Any) -> Trace:
    trace: Trace = to_the_end(translate(run, **options))  # type: ignore[arg-type]
    return trace


@pytest.mark.parametrize(
    "spec",
    [
        AttentionSpec(task="digit_words", width=16, examples=300),
        AttentionSpec(task="pig_latin", width=12, heads=2, position="rope", norm="post", examples=300, layers=1),
    ],
    ids=lambda spec: spec.task,
)
def test_a_translation_is_torchs(spec: AttentionSpec) -> None:
    run = AttentionRun(spec)
    run.advance(60)
    network = run.network
    assert isinstance(network, Translator)
    trace = translated(run, beams=3)
    vocabulary = run.task.vocabulary
    theirs = network.write(run.reading.inputs, run.reading.lengths, MOST_WRITTEN)[0].tolist()
    assert until_end(trace["greedy"].tolist(), vocabulary) == until_end(theirs, vocabulary)
    with torch.no_grad():
        for row, total, score in zip(trace["hypotheses"], trace["totals"], trace["scores"], strict=True):
            tokens = [token for token in row.tolist() if token >= 0]
            read = torch.tensor([[0, *tokens[:-1]]])
            logs = network(run.reading.inputs, run.reading.lengths, read)[0].log_softmax(1)
            expected = float(logs[torch.arange(len(tokens)), torch.tensor(tokens)].sum())
            assert total == pytest.approx(expected, abs=2e-4)
            assert score == total
    assert (np.diff(trace["scores"]) <= 0).all()
    np.testing.assert_allclose(trace["cross"].sum(3), 1, atol=1e-9)
    assert trace["cross"].shape[0] == spec.layers
    one = translated(run, beams=1)
    assert one["hypotheses"][0].tolist() == one["greedy"].tolist()


def test_a_trained_network_translates_a_text_and_ranks_by_the_penalty() -> None:
    run = AttentionRun(AttentionSpec(task="digit_words"))
    run.advance(400)
    trace = translated(run, text="five hundred and forty two", beams=4, penalty=1.0)
    vocabulary = run.task.vocabulary
    assert "".join(vocabulary[token] for token in until_end(trace["greedy"].tolist(), vocabulary)) == "542"
    lengths = (trace["hypotheses"] >= 0).sum(1)
    np.testing.assert_allclose(trace["scores"], trace["totals"] / lengths, rtol=1e-12)


def test_writing_leaves_the_network_in_its_own_precision() -> None:
    run = AttentionRun(AttentionSpec(task="digit_words", width=8, heads=2, examples=60))
    translated(run)
    assert all(parameter.dtype == torch.float32 for parameter in run.network.parameters())
    assert isinstance(run.network, Translator)
    assert Writer(run.network, run.reading.inputs[0].tolist()).following([(3,), (4,)]).shape == (
        2,
        len(run.task.vocabulary),
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"beams": 9}, r"beams must be a whole number from 1 to 8. Got 9. Try 4"),
        ({"beams": True}, r"beams must be a whole number"),
        ({"penalty": -1}, r"penalty must be a number from 0 to 2"),
        ({"penalty": float("nan")}, r"penalty must be a number from 0 to 2"),
        ({"text": ["a"]}, r"text must be a text"),
        ({"text": ""}, r"must have some characters"),
        ({"text": "<b>"}, r"must be made of characters that the network has learned. Got '< b >'"),
    ],
)
def test_what_cannot_be_translated_is_refused_in_words(options: dict[str, Any], words: str) -> None:
    run = AttentionRun(AttentionSpec(task="digit_words", width=8, heads=2, examples=600))
    with pytest.raises(InvalidInput, match=words):
        translated(run, **options)


@pytest.mark.parametrize("position", ["learned", "rope"])
def test_where_what_comes_next_is_the_answer_it_goes_on(position: str) -> None:
    run = AttentionRun(AttentionSpec(length=12, width=16, position=position))
    run.advance(40)
    trace = translated(run, beams=3)
    assert "cross" not in trace.arrays
    ids, network = run.reading.inputs[0].tolist(), run.network
    assert trace["tokens"].tolist() == ids
    greedy = list(ids)
    with torch.no_grad():
        for _ in range(12):
            greedy.append(int(network(torch.tensor([greedy]), torch.tensor([len(greedy)]))[0, -1].argmax()))
        for row, total in zip(trace["hypotheses"].tolist(), trace["totals"], strict=True):
            logs = network(torch.tensor([[*ids, *row[:-1]]]), torch.tensor([len(ids) + 11]))[0].log_softmax(1)
            expected = sum(float(logs[len(ids) - 1 + at, token]) for at, token in enumerate(row))
            assert total == pytest.approx(expected, abs=2e-4)
    assert trace["greedy"].tolist() == greedy[len(ids) :]
    assert trace["greedy_log_probabilities"].argmax(1).tolist() == trace["greedy"].tolist()


def test_of_a_long_text_the_end_is_read_where_it_goes_on() -> None:
    run = AttentionRun(AttentionSpec(length=12, width=8, heads=2, examples=60))
    trace = translated(run, text="ab" * 4999 + "xy")
    assert len(trace["tokens"]) == 52
    assert [run.task.vocabulary[token] for token in trace["tokens"][-2:]] == ["x", "y"]
    assert int(trace.state["given"]) == 10_000


def test_other_tasks_have_nothing_to_write() -> None:
    run = AttentionRun(AttentionSpec(task="reverse", length=8, width=8, heads=2, examples=60))
    with pytest.raises(InvalidInput, match=r"says what comes next. Got 'reverse'. Try task=digit_words"):
        translated(run)
