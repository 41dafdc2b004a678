"""Every task asks what it says it asks: the answers are worked out again by other means."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.errors import InvalidInput
from dlviz.data.sequences import IGNORED, Task
from dlviz.data.texts import normal, shipped
from dlviz.data.translations import in_words
from dlviz.labs.recurrent.spec import PATTERNS, TASKS, RecurrentSpec
from dlviz.labs.recurrent.tasks import making, sentiment, tagging

SMALL: dict[str, Any] = {"examples": 120, "lag": 14}


def made(task: str, **changes: Any) -> Task:
    return making.make(RecurrentSpec(task=task, **{**SMALL, **changes}))


def texts(found: Task, part: str = "train") -> list[tuple[str, str]]:
    """Sources and targets of a translation as words."""
    sequences = getattr(found, part)
    rows = []
    for ids, length, target in zip(sequences.inputs, sequences.lengths, sequences.targets, strict=True):
        source = "".join(found.vocabulary[i] for i in ids[:length])
        rows.append((source, "".join(found.vocabulary[i] for i in target if i != IGNORED)))
    return rows


@pytest.mark.parametrize("task", TASKS)
def test_shapes_are_as_said_and_the_seed_decides(task: str) -> None:
    found, again, other = made(task), made(task), made(task, seed=2)
    assert found.pattern == PATTERNS.get(task, "every") == RecurrentSpec(task=task).pattern
    for name in ("train", "validation", "test"):
        part, same = getattr(found, name), getattr(again, name)
        assert torch.equal(part.inputs, same.inputs)
        assert torch.equal(torch.nan_to_num(part.targets.float()), torch.nan_to_num(same.targets.float()))
        assert len(part.inputs) == len(part.lengths) == len(part.targets) == len(part) > 0
        assert part.lengths.min() >= 1
        assert part.lengths.max() <= part.inputs.shape[1]
        if found.vocabulary:
            assert part.inputs.min() >= 0
            assert part.inputs.max() < len(found.vocabulary)
        else:
            assert part.inputs.shape[2] == len(found.features)
        if found.classes:
            asked = part.targets[part.targets != IGNORED]
            assert asked.min() >= 0
            assert asked.max() < len(found.classes)
    if task not in ("characters", "weather"):
        assert not torch.equal(found.test.inputs[:9], other.test.inputs[:9])


@pytest.mark.parametrize("task", [task for task in TASKS if task not in ("weather", "sines", "adding")])
def test_chance_is_the_loss_of_who_knows_only_the_frequencies(task: str) -> None:
    """Cross entropy of constant logits, fitted by torch."""
    found = made(task)
    targets = found.stream if len(found.stream) else found.train.targets
    every = torch.cat([targets.flatten()] if len(found.stream) else [p.targets.flatten() for p in (found.train,)])
    asked = every[every != IGNORED]
    shares = torch.bincount(asked, minlength=len(found.classes)).double() / len(asked)
    wanted = torch.nn.functional.cross_entropy(shares.clamp(min=1e-300).log().expand(len(asked), -1), asked)
    assert found.chance == pytest.approx(float(wanted), rel=0.02)


def test_copy_asks_for_the_symbols_after_the_sign() -> None:
    found = made("copy")
    for ids, target in zip(found.train.inputs[:30].tolist(), found.train.targets[:30].tolist(), strict=True):
        words = "".join(found.vocabulary[i] for i in ids)
        assert len(words) == 4 + 14 + 1 + 4
        assert words[4:18] == "." * 14
        assert words[18] == ">"
        assert target[:19] == [IGNORED] * 19
        assert "".join(found.vocabulary[i] for i in target[19:]) == words[:4]


def test_adding_marks_one_number_in_each_half() -> None:
    found = made("adding", lag=15)
    values, marks = found.train.inputs.unbind(2)
    assert torch.equal(marks[:, :7].sum(1), torch.ones(len(marks)))
    assert torch.equal(marks[:, 7:].sum(1), torch.ones(len(marks)))
    assert torch.allclose((values * marks).sum(1), found.train.targets)
    many = made("adding", examples=5000)
    assert many.chance == pytest.approx(float(many.train.targets.var()), rel=0.05)
    assert float(many.train.targets.mean()) == pytest.approx(1, abs=0.02)


def test_brackets_are_counted_and_never_closed_too_early() -> None:
    found = made("brackets", lag=40)
    signs = 1 - 2 * found.train.inputs.numpy()
    depth = np.cumsum(signs, 1)
    assert (depth >= 0).all()
    assert depth.max() == 6
    assert np.array_equal(depth, found.train.targets.numpy())


def test_parity_says_after_each_bit_whether_the_ones_are_odd() -> None:
    found = made("parity")
    ones = np.cumsum(found.train.inputs.numpy(), 1)
    assert np.array_equal(ones % 2, found.train.targets.numpy())


def test_dates_are_the_day_that_is_written() -> None:
    forms = ["%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%b %d %y", "%d %b %y", "%b %d %Y", "%d %b %Y"]
    for source, target in texts(made("dates")):
        assert target.endswith("$")
        day = datetime.date.fromisoformat(target[:-1])
        read = []
        for form in forms:
            try:
                read.append(datetime.datetime.strptime(source, form).date())
            except ValueError:
                continue
        assert day in read, source


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "zero"), (7, "seven"), (13, "thirteen"), (20, "twenty"), (42, "forty two"), (100, "one hundred"),
     (305, "three hundred and five"), (999, "nine hundred and ninety nine"), (610, "six hundred and ten")],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_digit_words_are_numbers_and_what_is_held_back_is_new() -> None:
    found = made("digit_words", examples=400)
    known = {in_words(n): str(n) for n in range(1000)}
    assert len(known) == 1000
    for part in ("train", "validation", "test"):
        assert all(known[source] + "$" == target for source, target in texts(found, part))
    trained = {source for source, _ in texts(found)}
    assert not trained & {source for part in ("validation", "test") for source, _ in texts(found, part)}


def test_tags_are_those_of_the_grammar() -> None:
    found = made("tagging", examples=600)
    allowed = {tag: set(words) for tag, words in tagging.WORDS.items()}
    allowed["verb"] |= allowed.pop("plain verb")
    seen: dict[str, set[str]] = {}
    for ids, tags, length in zip(found.train.inputs, found.train.targets, found.train.lengths, strict=True):
        for i, tag in zip(ids[:length].tolist(), tags[:length].tolist(), strict=True):
            word = found.vocabulary[i]
            assert word in allowed[found.classes[tag]]
            seen.setdefault(word, set()).add(found.classes[tag])
        assert (tags[length:] == IGNORED).all()
    assert all(seen[word] >= {"noun", "verb"} for word in tagging.EITHER)


def polarity(words: list[str]) -> int:
    """The rules read from the sentence alone: the last clause counts, *not* turns it round."""
    last = words[max((i for i, word in enumerate(words) if word in ("and", "but")), default=-1) + 1 :]
    bad, good = sentiment.lexicon()
    word = last[-1]
    assert (word in good) != (word in bad)
    return int((word in good) != ("not" in last))


def test_sentences_are_as_friendly_as_their_last_clause() -> None:
    found = made("sentiment", examples=500)
    for ids, length, target in zip(found.train.inputs, found.train.lengths, found.train.targets, strict=True):
        assert polarity([found.vocabulary[i] for i in ids[:length]]) == target
    bad, good = sentiment.lexicon()
    assert not set(bad) & set(good)
    assert len(bad) + len(good) == len(sentiment.WORDS) > 60, "the lexicon rates every word clearly"
    assert "terrible" in bad
    assert "wonderful" in good


def test_weather_asks_for_tomorrow_and_trains_on_no_future_day() -> None:
    found = made("weather", lag=20)
    import pandas as pd
    from vega_datasets import data

    table: pd.DataFrame = data.seattle_weather()
    known = table[table.date.dt.year < 2014].temp_max
    for part, years in ((found.train, (2012, 2013)), (found.validation, (2014,)), (found.test, (2015,))):
        days = (table[table.date.dt.year.isin(years)].temp_max.to_numpy() - known.mean()) / known.std()
        for row in (0, 1, len(part) - 1):
            assert np.allclose(part.inputs[row, :, 0], days[3 * row : 3 * row + 20], atol=1e-5)
            assert np.allclose(part.targets[row], days[3 * row + 1 : 3 * row + 21], atol=1e-5)
    year = (table[table.date.dt.year == 2014].temp_max.to_numpy() - known.mean()) / known.std()
    assert found.chance == pytest.approx(np.mean(np.diff(year) ** 2), rel=1e-4)


def test_sines_ask_for_the_next_value() -> None:
    found = made("sines", lag=60)
    assert torch.equal(found.train.inputs[:, 1:, 0], found.train.targets[:, :-1])
    assert float(found.train.targets.std()) == pytest.approx(math.sqrt(0.5), rel=0.1)


# --- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["python", "manual", "news", "brackets"])
def test_a_text_is_read_in_its_order_and_each_letter_foretells_the_next(text: str) -> None:
    found = made("characters", text=text)
    letters = "".join(found.vocabulary[i] for i in found.stream)
    whole = shipped(text)
    assert whole.startswith(letters)
    assert len(letters) == int(len(whole) * 0.9)
    for part in (found.train, found.validation, found.test):
        assert torch.equal(part.inputs[:, 1:], part.targets[:, :-1])
    held = "".join(found.vocabulary[i] for i in found.validation.inputs[0])
    assert held in whole[len(letters) - 1 :]


def test_bracket_text_is_well_nested() -> None:
    text, stack = shipped("brackets"), []
    for letter in text:
        if letter in "([{":
            stack.append(letter)
        elif letter in ")]}":
            assert stack.pop() + letter in ("()", "[]", "{}")
    assert len(stack) <= 6


@pytest.mark.parametrize(
    ("text", "clean"),
    [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("e\u0301", "é"), ("a\x00b\x07\tc", "ab\tc"), ("🙂 שלום", "🙂 שלום"),
     ("<b>x</b>", "<b>x</b>")],
)  # fmt: skip
def test_texts_of_ones_own_are_read_in_one_form(text: str, clean: str) -> None:
    assert normal(text) == clean
    found = made("characters", text="own", own_text=text * 20)
    assert set(found.vocabulary) == set(clean)


@pytest.mark.parametrize("text", ["", "too short", "\x00" * 100])
def test_a_text_with_nothing_to_learn_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"own_text must have at least 20 characters.*pasting a page"):
        made("characters", text="own", own_text=text)


def test_one_letter_repeated_is_a_text_with_nothing_to_guess() -> None:
    found = made("characters", text="own", own_text="a" * 50)
    assert found.vocabulary == ("a",)
    assert found.chance == 0


def test_a_long_paste_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidInput, match=r"own_text must be at most 20,000 characters. Got '10,000,000 characters'"):
        RecurrentSpec(text="own", own_text="a" * 10_000_000)
