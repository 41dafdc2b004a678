"""Stories are read as written, and their conditions mean what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlviz.core.story import HAPPENINGS, Condition, Step, parse, read

STORY = """
# A title before the steps

## Look

Press **Play**.
Watch.

done-when: playing

## Change

Two words.

done-when: dataset=xor and hidden_layers!=none and test_loss < 0.05
"""


def test_steps_are_read_in_order() -> None:
    look, change = parse(STORY)
    assert look == Step("Look", "Press **Play**.\nWatch.", (Condition("playing", "=", "on"),))
    assert change.title == "Change"
    assert change.done_when == (
        Condition("dataset", "=", "xor"),
        Condition("hidden_layers", "!=", "none"),
        Condition("test_loss", "<", 0.05),
    )
    assert change.describe()["done_when"][2] == ["test_loss", "<", 0.05]


def test_a_step_is_done_when_every_condition_is_met() -> None:
    _, change = parse(STORY)
    done = {"dataset": "xor", "hidden_layers": [4, 2], "test_loss": 0.049}
    assert change.done(done)
    for name, value in (("dataset", "circle"), ("hidden_layers", []), ("test_loss", 0.05), ("test_loss", None)):
        assert not change.done({**done, name: value}), name
    assert not change.done({name: value for name, value in done.items() if name != "test_loss"})


@pytest.mark.parametrize(
    ("text", "value", "met"),
    [
        ("step>=500", 500, True),
        ("step>=500", 499, False),
        ("step>=500", "many", False),
        ("hidden_layers=8", [8], True),
        ("hidden_layers=8,8", (8, 8), True),
        ("hidden_layers=none", [], True),
        ("batch_norm", True, True),
        ("batch_norm", False, False),
        ("batch_norm=off", False, True),
        ("learning_rate!=0.03", 0.1, True),
    ],
)
def test_values_are_compared_as_a_link_writes_them(text: str, value: object, met: bool) -> None:
    (step,) = parse(f"## A\n\nText.\n\ndone-when: {text}\n")
    (condition,) = step.done_when
    assert condition.met({condition.name: value}) is met


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no steps", "at least one step"),
        ("## A\n\nText.\n", "'A' needs exactly one line 'done-when: …', found 0"),
        ("## A\n\nText.\n\ndone-when: playing\ndone-when: edited\n", "found 2"),
        ("## A\n\ndone-when: playing\n", "'A' has no text"),
        ("## A\n\nText.\n\ndone-when: step => 5\n", "'step => 5' is not a name"),
        ("## A\n\nText.\n\ndone-when: playing or edited\n", "'playing or edited' is not a name"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        parse(text)


def test_a_lab_without_a_story_tells_none(tmp_path: Path) -> None:
    assert read(tmp_path) == ()
    (tmp_path / "story.md").write_text(STORY, encoding="utf-8")
    assert read(tmp_path) == parse(STORY)


def test_every_word_that_a_component_reports_may_stand_in_a_story() -> None:
    """`happened.<word>` in the browser's code and `HAPPENINGS` are one list."""
    static = Path(__file__).parents[2] / "dlviz" / "ui" / "static"
    said = {
        word
        for path in static.rglob("*.js")
        for word in re.findall(r"\"happened\.([a-z_]+)\"", path.read_text(encoding="utf-8"))
    }
    assert {"pinned", "slid", "wiped", "dragged", "guessed"} <= said <= HAPPENINGS
