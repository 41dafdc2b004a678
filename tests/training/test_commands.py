"""Commands: each is answered as docs/architecture.md says, and nothing a person sends ends a run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.training.frames import decode
from tests.training.driving import do, driver, finish, seen

# --- what goes wrong -----------------------------------------------------------------------------


def test_divergence_comes_back_to_the_last_good_moment_with_an_offer():
    made = driver()
    do(made, "advance", steps=50)
    finish(made)
    do(made, "set", changes={"learning_rate": 50})
    do(made, "play", on=True)
    (note,) = finish(made)
    assert note.numbers["level"] == "diverged"
    assert "w has grown past 1e6" in note.numbers["text"]
    good = made.run.step
    assert f"back at step {good}" in note.numbers["text"]
    assert good <= 50
    frame = seen(made)
    assert np.abs(frame.arrays["w"]).max() < 10
    assert frame.numbers["playing"] is False
    assert frame.numbers["live_step"] == good == frame.arrays["held"][-1]
    assert made.run.spec.learning_rate == 50  # the settings stay; the offer changes them
    halve, over = note.numbers["offers"]
    assert halve["commands"] == [{"do": "set", "changes": {"learning_rate": 25.0}}, {"do": "play", "on": True}]
    assert over["commands"] == [{"do": "reset"}]
    for command in [{"do": "set", "changes": {"learning_rate": 0.1}}, {"do": "play", "on": True, "steps": 20}]:
        made.command(command)
    assert finish(made) == []
    assert made.run.step == good + 20


def test_a_moment_with_a_nan_is_not_kept():
    made = driver()
    do(made, "advance", steps=5)
    finish(made)
    made.run.w[0] = float("nan")
    made._keep()
    assert np.isfinite(made.timeline.latest().snapshot.tensors["w"].numpy()).all()


def test_a_run_that_breaks_is_paused_and_says_why(monkeypatch):
    made = driver()

    def broken(steps):
        raise RuntimeError("no such kernel")

    monkeypatch.setattr(made.run, "advance", broken)
    do(made, "play", on=True)
    (note,) = finish(made)
    assert (note.numbers["level"], note.numbers["text"]) == ("error", "RuntimeError: no such kernel")


BAD = [
    ({}, "do must be one of play, advance"),
    ({"do": "fly"}, "Got 'fly'"),
    ({"do": ["play"]}, "do must be one of"),
    ({"do": "play"}, "play.on must be on or off"),
    ({"do": "play", "on": "yes"}, "play.on must be on or off"),
    ({"do": "play", "on": True, "steps": 0}, "play.steps must be a whole number in"),
    ({"do": "play", "on": True, "steps": -0.5}, "play.steps must be a whole number in"),
    ({"do": "advance"}, "advance.steps must be a whole number"),
    ({"do": "advance", "steps": 1e300}, "advance.steps must be a whole number"),
    ({"do": "advance", "steps": "ten"}, "advance.steps must be a whole number"),
    ({"do": "set"}, "set.changes must be an object"),
    ({"do": "set", "changes": {"learning_rate": -1}}, "learning_rate must be in [0, 100]. Got -1"),
    ({"do": "set", "changes": {"learning_rate": "fast"}}, "Got 'fast'"),
    ({"do": "set", "changes": {"<b>": 1}}, "FakeSpec has the fields"),
    ({"do": "edit", "array": "w", "index": 0, "value": 1}, "edit.index must be a list"),
    ({"do": "edit", "array": "v", "index": [0], "value": 1}, "Editing works on w"),
    ({"do": "edit", "array": "w", "index": [99], "value": 1}, "IndexError"),
    ({"do": "speed", "steps_per_second": 0}, "speed.steps_per_second must be in"),
    ({"do": "seek", "step": -1}, "seek.step must be a whole number"),
    ({"do": "seek", "step": True}, "seek.step must be a whole number"),
    ({"do": "branch", "step": "x"}, "branch.step must be a whole number"),
    ({"do": "probe", "panel": "none"}, "fake panel must be one of weights, slowly, picture"),
    ({"do": "probe", "panel": "picture"}, "probe.panel must be one of weights"),
    ({"do": "probe", "panel": "weights", "options": {"colour": 1}}, "colour"),
    ({"do": "claim", "slug": "moon"}, "claim.slug must be one of counts, broken"),
    ({"do": "reset", "seed": -1}, "seed must be a whole number in"),
    ({"do": "keep", "on": 1}, "keep.on must be on or off"),
]


@pytest.mark.parametrize(("command", "words"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_command_is_answered_and_changes_nothing(command, words):
    made = driver()
    do(made, "advance", steps=7)
    finish(made)
    before = seen(made)
    messages = [decode(message) for message in made.command({**command, "token": "t"})]
    (note,) = messages
    assert (note.kind, note.numbers["level"], note.numbers["token"]) == ("note", "error", "t")
    assert words in note.numbers["text"]
    after = seen(made)
    assert after.numbers == before.numbers
    np.testing.assert_array_equal(after.arrays["w"], before.arrays["w"])


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers())
FIELDS = "on steps changes array index value steps_per_second step panel slug options token".split()
DOINGS = "play advance reset set edit speed seek branch probe claim code keep".split()


@given(st.fixed_dictionaries({"do": st.sampled_from(DOINGS)}, optional=dict.fromkeys(FIELDS, ANYTHING)))
def test_no_command_ends_a_run(command):
    made = driver()
    for message in made.command(command):
        decode(message)
    made.command({"do": "play", "on": False})
    do(made, "advance", steps=3)
    finish(made)


# --- probes, experiments, code -------------------------------------------------------------------


def test_a_probe_answers_with_its_trace():
    made = driver()
    (reply,) = do(made, "probe", panel="weights", options={"times": 2}, token="t")
    np.testing.assert_array_equal(reply.arrays["w"], made.run.w.numpy() * 2)
    np.testing.assert_array_equal(reply.arrays["state/w"], made.run.w.numpy())
    assert reply.numbers["token"] == "t"
    assert reply.numbers["panel"] == "weights"
    assert reply.numbers["dims"] == {"w": ["unit"]}


def test_an_experiment_reports_and_ends_with_a_verdict_while_training_goes_on():
    made = driver()
    do(made, "play", on=True)
    assert do(made, "claim", slug="counts", token="c") == []
    replies = []
    while made.jobs:
        replies += [decode(message) for message in made.slice(0.002)]
    assert [reply.numbers.get("progress", {}).get("done") for reply in replies] == [0, 1, 2, None]
    assert replies[-1].numbers["verdict"] == {"holds": "yes", "sentence": "It counts.", "rows": [{"n": 3}]}
    assert {reply.numbers["token"] for reply in replies} == {"c"}
    assert made.run.step > 3


def test_a_broken_experiment_says_so():
    made = driver()
    do(made, "claim", slug="broken", token="c")
    note = finish(made)[-1]
    assert (note.kind, note.numbers["token"]) == ("note", "c")
    assert "ZeroDivisionError: on purpose" in note.numbers["text"]


def test_the_code_is_that_of_the_settings_of_now():
    made = driver()
    do(made, "set", changes={"learning_rate": 0.7})
    (reply,) = do(made, "code", token="t")
    assert reply.numbers["text"] == "rate = 0.7"
