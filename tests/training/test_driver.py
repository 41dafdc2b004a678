"""The driver: commands do what docs/architecture.md says, and nothing a person sends ends a run."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.training.driver import Driver
from dlviz.training.frames import decode
from tests.training.fake import LAB, STEPS_PER_EPOCH, FakeRun, FakeSpec


def driver(**changes) -> Driver:
    made = Driver("run-1", LAB, FakeSpec(**changes))
    made.scene()
    return made


def do(made, do, **fields):
    return [decode(message) for message in made.command({"do": do, **fields})]


def finish(made):
    """Train until the driver rests; the messages on the way."""
    messages = []
    while made.wait() is not None:
        messages += [decode(message) for message in made.slice(0.005)]
    return messages


def seen(made):
    return decode(made.frame())


def trained(steps, **changes):
    run = FakeRun(FakeSpec(**changes))
    run.advance(steps)
    return run.w.numpy()


# --- training ------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_slices_and_moments_kept_leave_the_training_as_it_is(pieces):
    made = driver()
    for steps in pieces:
        do(made, "advance", steps=steps)
        finish(made)
    np.testing.assert_array_equal(made.run.w.numpy(), trained(sum(pieces)))
    assert made.live_step == sum(pieces)


def test_play_goes_on_until_pause():
    made = driver()
    assert made.wait() is None
    do(made, "play", on=True)
    assert made.wait() == 0
    made.slice(0.02)
    step = made.run.step
    assert step > 1
    assert seen(made).numbers["playing"] is True
    do(made, "play", on=True)  # absolute: playing on is no change
    made.slice(0.01)
    assert made.run.step > step
    do(made, "play", on=False)
    step = made.run.step
    assert made.slice(0.02) == []
    assert made.run.step == step
    assert seen(made).numbers["playing"] is False
    assert made.timeline.latest().step == step


def test_play_stops_at_its_goal():
    made = driver()
    do(made, "play", on=True, steps=37)
    assert seen(made).numbers["goal"] == 37
    finish(made)
    assert (made.run.step, seen(made).numbers["goal"], seen(made).numbers["playing"]) == (37, None, False)


def test_an_advance_is_answered_when_it_is_done():
    made = driver()
    assert do(made, "advance", steps=40, token="t") == []
    (reply,) = finish(made)
    assert (reply.kind, reply.numbers) == ("reply", {"token": "t", "of": "advance", "step": 40})
    do(made, "advance", steps=100_000, token="u")
    (first, second) = do(made, "play", on=False, token="v")
    assert [first.numbers["token"], second.numbers["token"]] == ["u", "v"]


def test_a_slice_takes_about_as_long_as_asked():
    made = driver(nap=0.001)
    do(made, "play", on=True)
    for _ in range(30):
        made.slice(0.02)
    begun = time.perf_counter()
    for _ in range(10):
        made.slice(0.02)
    assert 0.1 < time.perf_counter() - begun < 1.0


def test_a_speed_limit_holds():
    made = driver()
    do(made, "speed", steps_per_second=200)
    do(made, "play", on=True)
    begun = time.perf_counter()
    while time.perf_counter() - begun < 0.5:
        made.slice(0.005)
        assert made.wait() <= 1 / 200 + 1e-6
    assert 50 < made.run.step <= 105
    assert seen(made).numbers["speed"] == 200
    do(made, "speed", steps_per_second=None)
    made.slice(0.05)
    assert made.run.step > 150


def test_training_time_and_rate_are_measured():
    made = driver(nap=0.001)
    do(made, "play", on=True)
    made.slice(0.6)
    numbers = seen(made).numbers
    assert 0.5 < numbers["elapsed"] < 2
    assert 50 < numbers["rate"] <= 1000


def test_the_curve_holds_every_epoch_at_first():
    made = driver()
    do(made, "advance", steps=100)
    finish(made)
    frame = seen(made)
    assert frame.numbers["curve_names"] == ["train_loss"]
    assert frame.arrays["curve"][0].tolist() == list(range(STEPS_PER_EPOCH, 101, STEPS_PER_EPOCH))
    run = FakeRun(FakeSpec())
    run.advance(100)
    assert frame.arrays["curve"][1, -1] == np.float32(run.loss())


def test_moments_cost_little_of_a_long_training():
    made = driver()
    do(made, "play", on=True)
    made.slice(1.5)
    assert made.keeper._keeping_seconds < 0.02 * made.elapsed + 0.02
    assert len(made.timeline) > 20


# --- settings ------------------------------------------------------------------------------------


def test_a_live_setting_keeps_the_run_and_makes_a_mark():
    made = driver()
    do(made, "advance", steps=10)
    finish(made)
    version = made.version
    scene, reply = do(made, "set", changes={"learning_rate": 0.5}, token="t")
    assert (scene.kind, scene.version, scene.numbers["spec"]["learning_rate"]) == ("scene", version + 1, 0.5)
    assert reply.numbers["token"] == "t"
    frame = seen(made)
    assert (frame.step, frame.version) == (10, version + 1)
    assert frame.numbers["marks"] == [{"step": 10, "text": "Learning rate: 0.1 → 0.5"}]


def test_a_dragged_slider_makes_one_mark():
    made = driver()
    for rate in (0.2, 0.3, 0.4):
        do(made, "set", changes={"learning_rate": rate})
    assert [mark["text"] for mark in seen(made).numbers["marks"]] == ["Learning rate: 0.1 → 0.4"]


def test_a_view_setting_makes_no_mark():
    made = driver()
    do(made, "set", changes={"shown": True})
    assert seen(made).numbers["marks"] == []


def test_a_structural_setting_starts_afresh_and_plays_on():
    made = driver()
    do(made, "advance", steps=50)
    finish(made)
    do(made, "play", on=True)
    (scene,) = do(made, "set", changes={"size": 7})
    assert scene.arrays["ones"].shape == (7,)
    frame = seen(made)
    assert frame.step == 0
    assert frame.numbers["playing"] is True
    assert frame.arrays["held"].tolist() == [0]
    assert frame.arrays["curve"].shape[1] == 0


def test_reset_is_the_same_run_again():
    made = driver()
    do(made, "set", changes={"learning_rate": 0.2})
    do(made, "advance", steps=30)
    finish(made)
    (scene, _) = do(made, "reset", token="t")
    assert scene.kind == "scene"
    assert (made.run.step, made.run.spec.learning_rate, made.elapsed) == (0, 0.2, 0)
    do(made, "advance", steps=30)
    finish(made)
    np.testing.assert_array_equal(made.run.w.numpy(), trained(30, learning_rate=0.2))
    do(made, "reset", seed=5)
    assert made.run.spec.seed == 5


def test_an_edit_writes_one_parameter():
    made = driver()
    do(made, "edit", array="w", index=[1], value=0.25)
    assert seen(made).arrays["w"][1] == 0.25
    assert made.timeline.latest().snapshot.tensors["w"][1] == 0.25
    assert seen(made).numbers["marks"][0]["text"] == "w[1] = 0.25"


# --- time ----------------------------------------------------------------------------------------


def test_looking_back_and_returning_is_the_identity():
    made = driver()
    do(made, "advance", steps=200)
    finish(made)
    now = made.run.w.clone()
    do(made, "play", on=True)
    do(made, "play", on=False)
    (reply,) = do(made, "seek", step=20, token="t")
    frame = seen(made)
    assert reply.numbers["step"] == frame.step == made.timeline.nearest(20).step
    assert abs(frame.step - 20) <= 2
    assert frame.numbers["live_step"] == 200
    np.testing.assert_array_equal(frame.arrays["w"], trained(frame.step))
    do(made, "seek", step=None)
    assert seen(made).step == 200
    assert made.run.w.equal(now)
    do(made, "seek", step=5)
    do(made, "advance", steps=10)  # training goes on from the newest moment
    finish(made)
    np.testing.assert_array_equal(made.run.w.numpy(), trained(210))


def test_looking_back_shows_the_settings_of_then():
    made = driver()
    do(made, "advance", steps=10)
    finish(made)
    do(made, "set", changes={"learning_rate": 0.5})
    do(made, "advance", steps=10)
    finish(made)
    (scene,) = do(made, "seek", step=5)
    assert scene.numbers["spec"]["learning_rate"] == 0.1
    (scene,) = do(made, "seek", step=None)
    assert scene.numbers["spec"]["learning_rate"] == 0.5


def test_seeking_pauses():
    made = driver()
    do(made, "play", on=True)
    made.slice(0.01)
    do(made, "seek", step=0)
    assert made.wait() is None
    assert (seen(made).step, seen(made).numbers["playing"]) == (0, False)


def test_a_branch_goes_its_own_way():
    made = driver()
    do(made, "advance", steps=100)
    finish(made)
    (reply,) = do(made, "branch", step=40, token="t")
    (child,) = made.children
    assert child.id == reply.numbers["run"] != made.id
    assert len(child.id) >= 20
    start = child.run.step
    assert start == reply.numbers["step"] == made.timeline.nearest(40).step
    frame = seen(child)
    assert frame.arrays["held"].tolist() == [step for step in made.timeline.steps() if step <= start]
    assert frame.arrays["curve"][0].max() <= start
    child.scene()
    do(child, "set", changes={"learning_rate": 0.9})
    do(child, "advance", steps=100 - start)
    finish(child)
    assert not np.array_equal(child.run.w.numpy(), made.run.w.numpy())
    np.testing.assert_array_equal(made.run.w.numpy(), trained(100))


def test_a_branch_of_now_trains_like_its_parent():
    made = driver()
    do(made, "advance", steps=33)
    finish(made)
    child = made.branch()
    for one in (made, child):
        do(one, "advance", steps=20)
        finish(one)
    np.testing.assert_array_equal(made.run.w.numpy(), child.run.w.numpy())


def test_the_opening_is_trained_before_it_rests():
    made = Driver("r", LAB, FakeSpec(), opening_steps=60)
    assert made.mode == "opening"
    finish(made)
    assert (made.run.step, made.mode) == (60, "paused")


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
    ({"do": "probe", "panel": "none"}, "fake panel must be one of weights, picture"),
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
    while made.claims:
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


# --- going on in another process -----------------------------------------------------------------


def test_a_run_goes_on_from_its_folder(tmp_path):
    made = Driver("r", LAB, FakeSpec(), folder=tmp_path)
    do(made, "set", changes={"learning_rate": 0.2})
    do(made, "speed", steps_per_second=500)
    do(made, "advance", steps=120)
    finish(made)
    while made.keeper.to_write:
        made.write_down()
    again = Driver("r", LAB, FakeSpec(), folder=tmp_path)
    assert again.resume()
    assert (again.run.step, again.run.spec.learning_rate, again.pace.speed) == (120, 0.2, 500)
    assert again.timeline.steps() == made.timeline.steps()
    for one in (made, again):
        do(one, "advance", steps=30)
        finish(one)
    np.testing.assert_array_equal(made.run.w.numpy(), again.run.w.numpy())
    np.testing.assert_array_equal(seen(made).arrays["curve"], seen(again).arrays["curve"])


def test_a_run_that_wrote_nothing_begins_anew(tmp_path):
    assert not Driver("r", LAB, FakeSpec(), folder=tmp_path / "none").resume()


def test_a_full_disk_ends_the_writing_not_the_run(tmp_path):
    (tmp_path / "file").write_text("in the way")
    made = Driver("r", LAB, FakeSpec(), folder=tmp_path / "file")
    (note,) = [decode(message) for message in made.write_down()]
    assert "can no longer be written down" in note.numbers["text"]
    do(made, "advance", steps=5)
    finish(made)
    assert made.run.step == 5
