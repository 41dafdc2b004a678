"""Runs in worker processes: they start, answer, end with their viewers, and outlive their worker."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlviz.core.errors import InvalidInput
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.engine import EngineFull
from dlviz.training.frames import decode
from dlviz.training.local import LocalEngine
from tests.training.viewing import TestViewer, eventually


@pytest.fixture(scope="module")
def engine():
    made = LocalEngine(workers=1)
    yield made
    made.close()


@pytest.fixture
def short():
    """An engine with little patience, in a thread of this process, so that it starts at once."""
    made = LocalEngine(workers=1, grace=0.4, first_grace=1.2, most_runs=3, in_threads=True)
    yield made
    made.close()


@pytest.fixture
def viewer(engine):
    made = TestViewer(engine.start("playground", PlaygroundSpec(dataset="spiral"), opening_steps=30))
    made.until(lambda message: message.kind == "frame" and message.step == 30)
    yield made
    made.handle.stop()


def test_a_run_opens_with_a_scene_and_a_trained_frame(engine):
    viewer = TestViewer(engine.start("playground", PlaygroundSpec(dataset="moons"), opening_steps=30))
    scene = viewer.until(lambda message: True)
    assert (scene.kind, scene.run, scene.version) == ("scene", viewer.handle.id, 1)
    frame = viewer.until(lambda message: message.kind == "frame" and message.step == 30)
    assert (frame.version, frame.numbers["playing"]) == (1, False)
    viewer.handle.stop()


def test_the_worker_trains_what_a_run_in_this_process_would(viewer):
    from dlviz.labs.playground.run import PlaygroundRun

    viewer.ask("advance", steps=45)
    frame = viewer.until(lambda message: message.kind == "frame" and message.step == 75)
    run = PlaygroundRun(PlaygroundSpec(dataset="spiral"))
    run.advance(75)
    assert frame.arrays["weight.0"].tolist() == run.frame().arrays["weight.0"].tolist()


def test_frames_flow_while_playing_and_only_the_newest_waits(viewer):
    viewer.handle.send({"do": "play", "on": True})
    first = viewer.kind("frame")
    time.sleep(0.5)  # a slow viewer: some fifteen frames come meanwhile
    waiting = [decode(data) for data in iter(lambda: viewer.mailbox.take(True), None)]
    assert [message.kind for message in waiting] == ["frame"]
    assert waiting[0].step > first.step
    steps = [viewer.kind("frame").step for _ in range(5)]
    assert steps == sorted(set(steps))


def test_no_frames_are_made_for_nobody(engine):
    handle = engine.start("playground")
    handle.send({"do": "play", "on": True})
    assert eventually(lambda: handle._scene is not None)
    time.sleep(0.3)
    assert handle._frame is None
    assert eventually(lambda: handle.frame() is not None)  # reading is watching
    handle.stop()


def test_errors_are_notes_and_the_run_goes_on(viewer):
    note = viewer.ask("set", changes={"learning_rate": -1})
    assert (note.kind, note.numbers["level"]) == ("note", "error")
    assert viewer.ask("advance", steps=5).kind == "reply"


def test_a_branch_can_be_watched(engine, viewer):
    reply = viewer.ask("branch", step=10)
    child = TestViewer(engine.run(reply.numbers["run"]))
    assert child.kind("scene").run == child.handle.id
    assert child.kind("frame").step == reply.numbers["step"]
    assert child.ask("advance", steps=3).numbers["step"] == reply.numbers["step"] + 3
    child.handle.stop()


def test_an_opening_is_trained_once_for_all(engine, viewer):
    other = TestViewer(engine.start("playground", PlaygroundSpec(dataset="spiral"), opening_steps=30))
    assert other.kind("frame").step == 30
    viewer.ask("advance", steps=20)
    other.ask("advance", steps=20)
    ours = viewer.until(lambda m: m.kind == "frame" and m.step == 50)
    theirs = other.until(lambda m: m.kind == "frame" and m.step == 50)
    assert ours.arrays["weight.1"].tolist() == theirs.arrays["weight.1"].tolist()
    other.handle.stop()


def test_several_runs_all_move(engine):
    viewers = [TestViewer(engine.start("playground", PlaygroundSpec(seed=seed))) for seed in range(6)]
    for viewer in viewers:
        viewer.handle.send({"do": "play", "on": True})
    for viewer in viewers:
        viewer.until(lambda message: message.kind == "frame" and message.step > 20)
        viewer.handle.stop()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the processor time from /proc")
def test_a_resting_worker_takes_no_processor_time(engine, viewer):
    stat = Path(f"/proc/{engine._links[0].process.pid}/stat")

    def ticks():
        return sum(map(int, stat.read_text().rsplit(")", 1)[1].split()[11:13]))

    def rests():
        before = ticks()
        time.sleep(1)
        return (ticks() - before) / os.sysconf("SC_CLK_TCK") < 0.1

    assert eventually(rests)  # once what opens ahead is trained and what rests is written down


def test_runs_outlive_their_worker(engine, viewer):
    viewer.ask("set", changes={"learning_rate": 0.05})
    viewer.ask("advance", steps=100)
    folder = engine.folder / viewer.handle.id
    assert eventually(lambda: (folder / "130.safetensors").exists() and (folder / "0.safetensors").exists())
    pid = engine._links[0].process.pid
    os.kill(pid, signal.SIGKILL)
    note = viewer.kind("note")
    assert "ended unexpectedly" in note.numbers["text"]
    assert "goes on from step 130" in note.numbers["text"]
    frame = viewer.until(lambda message: message.kind == "frame" and message.step == 130)
    assert frame.arrays["held"][-1] == 130
    assert viewer.ask("advance", steps=5).numbers["step"] == 135
    assert engine._links[0].process.pid != pid


def test_a_run_ends_after_its_last_viewer(short):
    viewer = TestViewer(short.start("playground"))
    viewer.kind("frame")
    time.sleep(0.8)
    assert short.alive(viewer.handle.id)  # somebody is there
    folder = short.folder / viewer.handle.id
    viewer.leave()
    assert eventually(lambda: not short.alive(viewer.handle.id), 5)
    assert eventually(lambda: not folder.exists(), 5)


def test_a_viewer_who_comes_back_in_time_finds_the_run(short):
    viewer = TestViewer(short.start("playground"))
    viewer.kind("frame")
    viewer.leave()
    time.sleep(0.15)
    again = TestViewer(viewer.handle)
    assert again.kind("scene").run == viewer.handle.id
    time.sleep(0.8)
    assert short.alive(viewer.handle.id)


def test_a_kept_run_stays_and_one_that_nobody_saw_goes(short):
    kept, unseen = short.start("playground"), short.start("playground")
    viewer = TestViewer(kept)
    viewer.ask("keep", on=True)
    viewer.leave()
    time.sleep(1.0)
    assert eventually(lambda: not short.alive(unseen.id), 5)
    assert short.alive(kept.id)


def test_reading_keeps_a_run_as_watching_does(short):
    handle = short.start("playground")
    end = time.monotonic() + 1.6
    while time.monotonic() < end:
        handle.frame()
        time.sleep(0.1)
    assert short.alive(handle.id)
    assert eventually(lambda: not short.alive(handle.id), 5)


def test_there_is_room_for_so_many_runs(short):
    viewers = [TestViewer(short.start("playground")) for _ in range(3)]
    with pytest.raises(EngineFull, match="holds 3 runs"):
        short.start("playground")
    note = viewers[0].ask("branch")
    assert "holds 3 runs" in note.numbers["text"]
    viewers[1].leave()
    newest = short.start("playground")  # takes the place of the one nobody looks at
    assert not short.alive(viewers[1].handle.id)
    assert short.alive(newest.id)


def test_settings_of_the_engine_are_checked(monkeypatch):
    monkeypatch.setenv("DLVIZ_GRACE", "soon")
    with pytest.raises(InvalidInput, match=r"DLVIZ_GRACE must be a number in .* Got 'soon'. Try 10."):
        LocalEngine.from_environment()


ORPHANAGE = """
from dlviz.training.local import LocalEngine
import time
engine = LocalEngine(workers=1)
handle = engine.start("playground")
handle.send({"do": "play", "on": True})
print(engine._links[0].process.pid, engine.folder, flush=True)
time.sleep(60)
"""


def running(pid):
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc whether a process lives")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_the_page_process(ending):
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHANAGE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    pid, folder = parent.stdout.readline().split()
    time.sleep(0.5)
    assert running(pid)
    parent.send_signal(ending)
    parent.wait()
    assert eventually(lambda: not running(pid))
    assert eventually(lambda: not Path(folder).exists())
