"""The interface: what pages hold, whatever trains behind it."""

import subprocess
import sys

import pytest

from dlviz.core.errors import InvalidInput
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training import engine as engines
from dlviz.training.engine import RunGone, get_engine, set_engine
from dlviz.training.frames import decode
from dlviz.training.inline import InlineEngine
from tests.training.viewing import TestViewer


@pytest.fixture
def inline():
    engine = InlineEngine()
    yield engine
    engine.close()


@pytest.mark.parametrize("module", ["dlviz.training.engine", "dlviz.training.live", "dlviz.training.local"])
def test_the_page_process_needs_neither_torch_nor_this_room_streamlit(module):
    code = f"import sys, {module}; print([name for name in ('torch', 'streamlit') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_run_opens_trained_with_scene_and_frame(inline):
    handle = inline.start("playground", PlaygroundSpec(dataset="xor"), opening_steps=50)
    scene, frame = decode(handle.scene()), decode(handle.frame())
    assert scene.numbers["spec"]["dataset"] == "xor"
    assert (frame.step, frame.version) == (50, scene.version)
    assert inline.alive(handle.id)
    assert inline.run(handle.id) is handle


def test_commands_are_carried_out_at_once(inline):
    handle = inline.start("playground")
    handle.send({"do": "advance", "steps": 30, "token": "a"})
    handle.send({"do": "play", "on": True, "steps": 12})
    assert decode(handle.frame()).step == 42
    (scene, reply) = map(decode, handle.messages())
    assert scene.kind == "scene"
    assert reply.numbers == {"token": "a", "of": "advance", "step": 30}
    assert handle.messages() == []


def test_playing_goes_on_while_pumped(inline):
    handle = inline.start("playground")
    handle.send({"do": "play", "on": True})
    assert decode(handle.frame()).step == 0
    inline.pump(0.1)
    step = decode(handle.frame()).step
    assert step > 10
    handle.send({"do": "play", "on": False})
    inline.pump(0.05)
    assert decode(handle.frame()).step == step


def test_a_branch_is_a_run_of_its_own(inline):
    handle = inline.start("playground", opening_steps=100)
    viewer = TestViewer(handle)
    reply = viewer.ask("branch", step=20)
    child = inline.run(reply.numbers["run"])
    assert decode(child.frame()).step == reply.numbers["step"]
    assert decode(child.scene()).run == child.id


def test_what_nobody_has_seen_waits_for_the_next_viewer(inline):
    handle = inline.start("playground")
    handle.send({"do": "fly"})
    viewer = TestViewer(handle)
    kinds = [decode(viewer.mailbox.take(True)).kind for _ in range(3)]
    assert kinds == ["scene", "note", "frame"]


def test_a_stopped_run_is_gone(inline):
    handle = inline.start("playground")
    viewer = TestViewer(handle)
    handle.stop()
    assert viewer.mailbox.ended
    assert not inline.alive(handle.id)
    with pytest.raises(RunGone, match="has ended"):
        inline.run(handle.id)
    handle.send({"do": "play", "on": True})  # to nobody: no error
    handle.stop()


def test_an_unknown_lab_is_refused(inline):
    with pytest.raises(InvalidInput, match="lab must be one of"):
        inline.start("moon")


def test_the_environment_chooses_the_engine(monkeypatch):
    before = set_engine(None)
    try:
        monkeypatch.setenv(engines.VARIABLE, "inline")
        assert isinstance(get_engine(), InlineEngine)
        assert get_engine() is get_engine()
        engines.close_engine()
        monkeypatch.setenv(engines.VARIABLE, "moon")
        with pytest.raises(InvalidInput, match="DLVIZ_ENGINE must be one of local, thread, inline"):
            get_engine()
    finally:
        set_engine(before)
