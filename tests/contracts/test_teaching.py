"""Presets, claims, questions, story and code of every lab hold together."""

from __future__ import annotations

import pytest

from dlviz.core import spec as specs
from dlviz.core import story
from dlviz.core.errors import Diverged
from dlviz.core.lab import Lab, load
from dlviz.training.driver import Driver
from dlviz.training.frames import decode
from tests.contracts.samples import LABS
from tests.contracts.test_runs import new

each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)


def unique(slugs: list[str]) -> bool:
    return len(set(slugs)) == len(slugs)


@each_lab
def test_presets_are_legal_settings_with_something_to_watch(lab: Lab) -> None:
    assert unique([preset.slug for preset in lab.presets])
    for preset in lab.presets:
        assert preset.title.strip()
        assert preset.text.strip().endswith(".")
        spec = specs.from_values(lab.spec, preset.changes)
        assert spec != lab.spec(), f"{preset.slug} changes nothing"
        run = new(lab, spec)
        if not run.frame().arrays:  # nothing to learn, a pooling layer for instance
            continue
        try:
            run.advance(60)
        except Diverged:
            assert preset.fails, f"{preset.slug} diverges and does not say that it fails"


@each_lab
def test_claims_say_what_is_claimed_and_how_it_is_tried(lab: Lab) -> None:
    claims = lab.claim_list()
    assert unique([claim.slug for claim in claims])
    for claim in claims:
        assert claim.usual.strip().endswith(".")
        assert claim.method.strip().endswith(".")
        assert callable(claim.experiment)


@each_lab
def test_questions_have_one_right_answer_and_a_reason_for_each_option(lab: Lab) -> None:
    questions = lab.question_list()
    assert unique([question.slug for question in questions])
    for question in questions:
        assert question.text.strip().endswith(("?", "."))
        assert len(question.options) >= 2
        assert unique(list(question.options))
        assert question.answer in range(len(question.options))
        assert len(question.because) == len(question.options)
        assert all(reason.strip() for reason in question.because)
        assert not question.action or lab.preset(question.action)


@each_lab
def test_the_right_answer_is_not_always_in_one_place(lab: Lab) -> None:
    places = {question.answer for question in lab.question_list()}
    assert len(places) > 1 or len(lab.question_list()) < 3


@each_lab
def test_every_step_of_the_story_can_be_completed(lab: Lab) -> None:
    """Each name in a condition is something the page knows: a happening, a number of the frame, a setting."""
    steps = story.read(lab.folder)
    assert steps
    frame = decode(Driver("run", lab).frame())
    known = story.HAPPENINGS | {"step"} | set(frame.numbers) | set(specs.rules(lab.spec))
    for step in steps:
        for condition in step.done_when:
            assert condition.name in known, f"{step.title}: {condition.name}"
            if condition.name in specs.rules(lab.spec) and condition.op in ("=", "!="):
                text = f"{condition.value:g}" if isinstance(condition.value, float) else condition.value
                specs.rules(lab.spec)[condition.name].parse(condition.name, text)


@each_lab
def test_the_code_of_every_setting_is_a_program(lab: Lab) -> None:
    if not lab.code:
        return
    for spec in [lab.spec(), *(specs.from_values(lab.spec, preset.changes) for preset in lab.presets)]:
        text = load(lab.code)(spec)
        compile(text, f"{lab.slug}.py", "exec")
        assert "dlviz" not in [line.split()[1].partition(".")[0] for line in text.splitlines()
                               if line.startswith(("import ", "from "))], "it must run without dlviz"  # fmt: skip
