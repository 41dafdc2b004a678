"""Specs: every rule refuses in words, and texts and JSON values lead back to the same spec."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, dataclass
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import PACKED, Choice, Coded, Flag, Numbers, Range, Several, Sizes, Text
from dlviz.core.spec import Checked


@dataclass(frozen=True)
class SampleSpec(Checked):
    """One field of every rule."""

    rate: Annotated[float, Range(1e-4, 10, log=True, role="live", unit="per step", help="h")] = 0.1
    count: Annotated[int, Range(1, 8, whole=True, help="h")] = 2
    colour: Annotated[str, Choice(("red", "green"), help="h")] = "red"
    inputs: Annotated[tuple[str, ...], Several(("a", "b", "c"), help="h")] = ("a",)
    layers: Annotated[tuple[str, ...], Several(("x", "y"), repeat=True, at_most=3, help="h")] = ("x",)
    widths: Annotated[tuple[int, ...], Sizes(1, 8, at_most=3, help="h")] = (4, 2)
    loud: Annotated[bool, Flag(role="view", help="h")] = False
    code: Annotated[str, Coded(10, role="points", help="h")] = ""

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        if self.colour == "green" and self.count != 2:
            yield "count", InvalidInput("SampleSpec.count", "must be 2 with green", self.count, "2")


legal = st.builds(
    SampleSpec,
    rate=st.floats(1e-4, 10),
    count=st.just(2),
    colour=st.sampled_from(("red", "green")),
    inputs=st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(tuple),
    layers=st.lists(st.sampled_from("xy"), min_size=1, max_size=3).map(tuple),
    widths=st.lists(st.integers(1, 8), max_size=3).map(tuple),
    loud=st.booleans(),
    code=st.from_regex(r"[A-Za-z0-9_.-]{0,10}", fullmatch=True),
)


@given(legal)
def test_texts_lead_back_to_the_same_spec(spec: SampleSpec) -> None:
    assert specs.read(SampleSpec, specs.texts(spec)) == spec
    assert specs.read(SampleSpec, specs.texts(spec, only_changed=False)) == spec


@given(legal)
def test_json_values_lead_back_to_the_same_spec(spec: SampleSpec) -> None:
    assert specs.from_values(SampleSpec, json.loads(json.dumps(specs.values(spec)))) == spec


@given(legal)
def test_a_good_link_is_read_in_full(spec: SampleSpec) -> None:
    assert specs.read_leniently(SampleSpec, specs.texts(spec)) == (spec, [])


@given(st.dictionaries(st.sampled_from([*specs.rules(SampleSpec), "unknown", "<b>"]), st.text(max_size=40)))
def test_any_link_opens_something_and_says_what_it_ignored(texts: dict[str, str]) -> None:
    spec, ignored = specs.read_leniently(SampleSpec, texts)
    specs.check(spec)
    kept = specs.texts(spec)
    assert all("\n" not in line and len(line) < 400 for line in ignored)
    assert ("unknown" in texts) <= any("has the fields" in line for line in ignored)
    assert set(kept) <= set(texts)


def refusal(attempt: Callable[[], object]) -> str | None:
    """The words of the InvalidInput that `attempt` raises, or None; anything else it raises fails the test."""
    try:
        attempt()
    except InvalidInput as problem:
        return str(problem)
    return None


@given(st.sampled_from(list(specs.rules(SampleSpec))), st.text(max_size=30))
def test_a_text_is_read_or_refused_in_words(name: str, text: str) -> None:
    words = refusal(lambda: specs.read(SampleSpec, {name: text}))
    if words is not None:
        assert words.startswith(("SampleSpec.count must be 2", f"SampleSpec.{name} "))
        assert ". Got " in words
        assert words.endswith(".")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(list(specs.rules(SampleSpec))), json_values)
def test_a_json_value_is_taken_or_refused_in_words(name: str, value: object) -> None:
    """A command over the socket may hold anything that JSON can; nothing but InvalidInput may come of it."""
    words = refusal(lambda: specs.check(specs.from_values(SampleSpec, {name: value})))
    assert words is None or ". Got " in words


WORDS = [
    ({"rate": "abc"}, "SampleSpec.rate must be a number in [0.0001, 10]. Got 'abc'. Try 0.0316228."),
    ({"rate": "-1"}, "SampleSpec.rate must be in [0.0001, 10]. Got -1.0. Try 0.0001."),
    ({"rate": "99"}, "SampleSpec.rate must be in [0.0001, 10]. Got 99.0. Try 10."),
    ({"rate": "nan"}, "SampleSpec.rate must be in [0.0001, 10]. Got nan. Try 0.0316228."),
    ({"rate": "inf"}, "SampleSpec.rate must be in [0.0001, 10]. Got inf. Try 10."),
    ({"count": "2.5"}, "SampleSpec.count must be a whole number in [1, 8]. Got 2.5. Try 2."),
    ({"count": "9"}, "SampleSpec.count must be a whole number in [1, 8]. Got 9. Try 8."),
    ({"colour": "blue"}, "SampleSpec.colour must be one of red, green. Got 'blue'. Try red."),
    ({"inputs": "a,z"}, "SampleSpec.inputs must be made of a, b, c. Got 'z'. Try a."),
    ({"inputs": ""}, "SampleSpec.inputs must name 1 to 32 of a, b, c. Got (). Try a."),
    ({"inputs": "a,a"}, "SampleSpec.inputs must not name anything twice. Got 'a,a'. Try a."),
    ({"widths": "99,99"}, "SampleSpec.widths must be 0 to 3 whole numbers in [1, 8]. Got '99,99'. Try 8,8."),
    ({"widths": "4,4,4,4"}, "SampleSpec.widths must be 0 to 3 whole numbers in [1, 8]. Got (4, 4, 4, 4). Try 4,4."),
    ({"widths": "a"}, "SampleSpec.widths must be whole numbers in [1, 8], commas between. Got 'a'. Try 4,4."),
    ({"loud": "maybe"}, "SampleSpec.loud must be on or off. Got 'maybe'. Try on."),
    ({"code": "<script>"}, ("SampleSpec.code must be at most 10 characters of letters, digits, _ . -. "
                            "Got '<script>'. Try leaving it out.")),
    ({"colour": "green", "count": "3"}, "SampleSpec.count must be 2 with green. Got 3. Try 2."),
    ({"hue": "1"}, ("SampleSpec has the fields rate, count, colour, inputs, layers, widths, loud, code. "
                    "Got 'hue'. Try rate.")),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "words"), WORDS)
def test_the_words_of_a_refusal(texts: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        specs.read(SampleSpec, texts)
    assert str(problem.value) == words


@pytest.mark.parametrize("value", [10**400, -(10**400), 2.0, True, None, [], {}])
def test_numbers_that_only_json_can_hold_are_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="must be a whole number"):
        specs.from_values(SampleSpec, {"count": value})


def test_what_a_refusal_suggests_works() -> None:
    """The suggestion at the end of the sentence must itself be legal."""
    for texts, words in WORDS:
        suggestion = words.rpartition("Try ")[2].removesuffix(".")
        (name, _), *others = texts.items()
        if name in specs.rules(SampleSpec) and not others and suggestion != "leaving it out":
            specs.read(SampleSpec, {name: suggestion})


def test_a_conflict_in_a_link_costs_one_entry_not_all() -> None:
    spec, ignored = specs.read_leniently(SampleSpec, {"colour": "green", "count": "3", "rate": "1"})
    assert (spec.colour, spec.count, spec.rate) == ("green", 2, 1)
    assert ignored == ["SampleSpec.count must be 2 with green. Got 3. Try 2."]


def test_entries_of_a_link_may_settle_a_conflict_with_a_default() -> None:
    spec, ignored = specs.read_leniently(SampleSpec, {"count": "2", "colour": "green"})
    assert (spec.colour, ignored) == ("green", [])


def test_a_spec_cannot_be_made_illegal_or_changed() -> None:
    with pytest.raises(InvalidInput):
        SampleSpec(rate=0)
    with pytest.raises(FrozenInstanceError):
        SampleSpec().rate = 1  # type: ignore[misc]


def test_roles_say_what_a_change_does() -> None:
    assert specs.roles_of_change(SampleSpec(), SampleSpec()) == set()
    assert specs.roles_of_change(SampleSpec(), SampleSpec(rate=1, loud=True)) == {"live", "view"}


def test_describe_is_plain_json_with_every_field() -> None:
    described = json.loads(json.dumps(specs.describe(SampleSpec)))
    assert [field["name"] for field in described] == list(specs.rules(SampleSpec))
    assert described[0] == {
        "name": "rate", "default": 0.1, "kind": "range", "role": "live", "label": "rate", "unit": "per step",
        "help": "h", "low": 1e-4, "high": 10, "log": True, "whole": False,
    }  # fmt: skip


def test_links_name_the_lab() -> None:
    assert specs.link("sample", SampleSpec(rate=1), [("hide", "rate")]) == {"sample.rate": "1", "sample.hide": "rate"}


@given(st.text(max_size=400))
def test_a_text_reads_what_it_writes(text: str) -> None:
    rule = Text(400)
    assert rule.parse("text", rule.text(text)) == text
    rule.check("text", text)


def test_a_text_is_short_in_a_link_and_no_bomb() -> None:
    rule = Text(20_000)
    page = "She sells sea shells by the sea shore.\r\n" * 400
    assert len(rule.text(page)) < 400
    bomb = PACKED + base64.urlsafe_b64encode(zlib.compress(b"a" * 10_000_000)).decode()
    with pytest.raises(InvalidInput, match=r"at most 20,000 characters. Got '80,004 characters'. Try a part of it"):
        rule.check("text", rule.parse("text", bomb))
    for broken in ["z~", "z~!!", "z~aGVsbG8", PACKED + base64.urlsafe_b64encode(zlib.compress(b"\xff")).decode()]:
        with pytest.raises(InvalidInput, match="leaving it out"):
            rule.parse("text", broken)
    with pytest.raises(InvalidInput, match=r"half of a letter \(U\+D800\)"):
        rule.check("text", "\ud800")
    with pytest.raises(InvalidInput, match="must be a text"):
        rule.check("text", 3)


def test_numbers_read_what_they_write_and_name_the_one_that_is_none() -> None:
    rule = Numbers(-100, 100, at_most=4)
    for value in [(), (-1.0, 0.0, 1.0), (0.1, 1 / 3), (1e-7,)]:
        assert rule.parse("kernel", rule.text(value)) == value
        rule.check("kernel", value)
    assert rule.text((-1.0, 0.5)) == "-1_0.5"
    with pytest.raises(InvalidInput, match=r"must be numbers with _ between.*-1_x_1"):
        rule.parse("kernel", "-1_x_1")
    for bad in [(float("nan"),), (101.0,), ("a",), (True,), (0.0,) * 5, [0.0]]:
        with pytest.raises(InvalidInput):
            rule.check("kernel", bad)
