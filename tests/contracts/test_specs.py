"""Every lab's settings: described, readable, and the same after a trip through a link, a file or a socket."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.core import spec as specs
from dlviz.core.lab import BrokenLab, Lab, discover
from tests.contracts.samples import LABS, legal_specs

each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)


def test_every_lab_opens() -> None:
    broken: tuple[BrokenLab, ...] = discover()[1]
    assert broken == ()
    assert LABS


def test_spec_classes_have_names_of_their_own() -> None:
    """Streamlit's cache knows a dataclass by its name and fields alone."""
    names = [lab.spec.__name__ for lab in LABS]
    assert len(set(names)) == len(names)


@each_lab
def test_every_field_says_what_it_is(lab: Lab) -> None:
    for field in specs.describe(lab.spec):
        assert field["help"].strip().endswith("."), f"{field['name']} needs a help sentence"
        assert field["label"].strip(), f"{field['name']} needs a label"
        labels = field.get("labels") or field.get("options", ())
        assert len(labels) == len(field.get("options", ())), f"{field['name']} needs a label for each option"


@each_lab
def test_the_default_is_legal_and_described(lab: Lab) -> None:
    spec = lab.spec()
    specs.check(spec)
    assert specs.texts(spec) == {}
    described = json.loads(json.dumps(specs.describe(lab.spec)))
    assert {field["name"]: field["default"] for field in described} == specs.values(spec)


@each_lab
@given(data=st.data())
def test_a_spec_survives_a_link(lab: Lab, data: st.DataObject) -> None:
    spec = data.draw(legal_specs(lab))
    link = specs.link(lab.slug, spec)
    assert all(key.startswith(f"{lab.slug}.") for key in link)
    texts = {key.removeprefix(f"{lab.slug}."): text for key, text in link.items()}
    assert specs.read_leniently(lab.spec, texts) == (spec, [])
    assert specs.read(lab.spec, texts) == spec


@each_lab
@given(data=st.data())
def test_a_spec_survives_a_socket(lab: Lab, data: st.DataObject) -> None:
    spec = data.draw(legal_specs(lab))
    assert specs.from_values(lab.spec, json.loads(json.dumps(specs.values(spec)))) == spec


@each_lab
@given(data=st.data())
def test_a_spec_can_be_found_again_by_its_repr(lab: Lab, data: st.DataObject) -> None:
    """Cached functions take `repr(spec)` as their key: equal specs, equal keys, and only those."""
    one, other = data.draw(legal_specs(lab)), data.draw(legal_specs(lab))
    assert (repr(one) == repr(other)) == (one == other)
    assert hash(one) == hash(specs.from_values(lab.spec, specs.values(one)))


@each_lab
@given(texts=st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=6))
def test_any_link_opens(lab: Lab, texts: dict[str, str]) -> None:
    spec, ignored = specs.read_leniently(lab.spec, texts)
    specs.check(spec)
    # Chance may hit on the name of a field: Hypothesis tries words that stand in our code.
    unknown = set(texts) - set(specs.rules(lab.spec))
    assert len(unknown) <= len(ignored) <= len(texts)
    assert all("\n" not in line for line in ignored)
