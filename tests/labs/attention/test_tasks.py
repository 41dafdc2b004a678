"""Every task asks what it says it asks: the answers are worked out again by other means."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
import torch

from dlviz.data.sequences import IGNORED, Task
from dlviz.labs.attention.spec import TASKS, TRANSLATIONS, AttentionSpec
from dlviz.labs.attention.tasks import latin, puzzles
from dlviz.labs.attention.tasks.making import make

SMALL: dict[str, Any] = {"examples": 150, "length": 12}
PARTS = ("train", "validation", "test")


def made(task: str, **changes: Any) -> Task:
    return make(AttentionSpec(task=task, **{**SMALL, **changes}))


def rows(task: Task, part: str = "train") -> list[tuple[list[str], list[str | None]]]:
    """Tokens and answers as words; None where nothing is asked."""
    found = getattr(task, part)
    return [
        (
            [task.vocabulary[i] for i in ids[:length]],
            [None if t == IGNORED else task.classes[t] for t in targets],
        )
        for ids, length, targets in zip(
            found.inputs.tolist(), found.lengths.tolist(), found.targets.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize("task", TASKS)
def test_shapes_are_as_said_and_the_seed_decides(task: str) -> None:
    first, again, other = made(task), made(task), made(task, seed=2)
    assert first.pattern == ("decoder" if task in TRANSLATIONS else "every") == AttentionSpec(task=task).pattern
    for name in PARTS:
        part, same = getattr(first, name), getattr(again, name)
        assert torch.equal(part.inputs, same.inputs)
        assert torch.equal(part.targets, same.targets)
        assert part.inputs.max() < len(first.vocabulary)
        assert part.targets.max() < len(first.classes)
        assert (part.lengths <= 64).all()
        assert ((part.targets == IGNORED) | (part.targets >= 0)).all()
        assert (part.targets != IGNORED).any(1).all()
    if task != "characters":
        assert not torch.equal(first.train.inputs[:20], other.train.inputs[:20])


@pytest.mark.parametrize("task", TASKS)
def test_chance_is_the_entropy_of_the_answers(task: str) -> None:
    found = made(task)
    answers = [a for part in PARTS for _, row in rows(found, part) for a in row if a is not None]
    if task == "characters":  # of the training text
        answers = [a for _, row in rows(found) for a in row if a is not None]
    counts = Counter(answers)
    entropy = -sum(n / len(answers) * math.log(n / len(answers)) for n in counts.values())
    assert found.chance == pytest.approx(entropy, abs=0.01)


def test_a_passage_comes_again_and_counting_does_not_help() -> None:
    periods = set()
    for tokens, answers in rows(made("repeats", length=20)):
        period = next(p for p in range(1, 20) if all(a == b for a, b in zip(tokens, tokens[p:], strict=False)))
        periods.add(period)
        assert len(set(tokens[:period])) == period
        assert answers[: period - 1] == [None] * (period - 1)
        longer = [tokens[i % period] for i in range(21)]
        assert answers[period - 1 :] == longer[period:]
    assert periods == set(range(5, 11))


def test_backwards_is_backwards() -> None:
    for tokens, answers in rows(made("reverse")):
        assert answers == tokens[::-1]


def test_neighbours_are_compared() -> None:
    for tokens, answers in rows(made("neighbours")):
        assert answers[0] is answers[-1] is None
        for i in range(1, len(tokens) - 1):
            left, right = int(tokens[i - 1]), int(tokens[i + 1])
            assert answers[i] == ("left" if left > right else "right" if right > left else "alike")


def test_the_first_noun_does_it_to_the_second() -> None:
    orders = set()
    for tokens, answers in rows(made("who")):
        nouns = [i for i, word in enumerate(tokens) if word in puzzles.NOUNS]
        assert len(nouns) == 2
        assert any(word in puzzles.VERBS for word in tokens[nouns[0] : nouns[1]])
        asked = answers[: len(tokens)]
        assert [asked[i] for i in nouns] == ["doer", "done to"]
        assert sum(a is not None for a in answers) == 2
        orders.add((tokens[nouns[0]], tokens[nouns[1]]))
    assert any((b, a) in orders for a, b in orders)


@pytest.mark.parametrize(
    ("word", "said"),
    [("string", "ingstray"), ("apple", "appleway"), ("quiet", "ietquay"), ("squeeze", "eezesquay"), ("my", "ymay"),
     ("rhythm", "ythmrhay"), ("yellow", "ellowyay"), ("they", "eythay"), ("eye", "eyeway"), ("queen", "eenquay")],
)  # fmt: skip
def test_pig_latin_of_words_worked_out_by_hand(word: str, said: str) -> None:
    assert latin.latin(word) == said


def test_every_word_keeps_its_letters_in_pig_latin() -> None:
    words = latin.words()
    assert len(words) > 3000
    for word in words:
        said = latin.latin(word)
        ending = "way" if word[0] in "aeiou" else "ay"
        assert said.endswith(ending)
        stem = said.removesuffix(ending)
        assert sorted(stem) == sorted(word)
        assert any(stem[k:] + stem[:k] == word for k in range(len(word)))  # nothing but turned round


@pytest.mark.parametrize("task", TRANSLATIONS)
def test_what_is_held_back_of_a_translation_is_never_trained_on(task: str) -> None:
    found = made(task)
    trained = {"".join(tokens) for tokens, _ in rows(found)}
    assert not trained & {"".join(tokens) for part in ("validation", "test") for tokens, _ in rows(found, part)}
    for tokens, answers in rows(found):
        letters = [a for a in answers if a is not None]
        assert letters[-1] == "$"
        if task == "pig_latin":
            assert "".join(letters[:-1]) == latin.latin("".join(tokens))


def test_text_goes_on_as_it_is_written() -> None:
    found = made("characters", length=16)
    for part in PARTS:
        for tokens, answers in rows(found, part):
            assert tokens[1:] == answers[:-1]
    text = "".join("".join(tokens) for tokens, _ in rows(found))
    assert text.startswith("Hundreds of people have")
