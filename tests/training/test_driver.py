"""The driver: it trains as asked, at the pace asked, and takes changes under way."""

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.training.driving import do, driver, finish, seen, trained
from tests.training.fake import STEPS_PER_EPOCH, FakeRun, FakeSpec

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
