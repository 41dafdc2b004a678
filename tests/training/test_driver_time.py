"""The driver in time: looking back, branching, and going on in another process."""

import numpy as np

from dlviz.training.driver import Driver
from dlviz.training.frames import decode
from tests.training.driving import do, driver, finish, seen, trained
from tests.training.fake import LAB, FakeSpec

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
