"""The driver with the real Playground run: what the fake run cannot show."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.core import spec as specs
from dlviz.labs.playground import LAB
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.driver import Driver
from dlviz.training.frames import decode
from tests.training.driving import do, finish, seen

SPECS = st.builds(
    PlaygroundSpec,
    optimizer=st.sampled_from(["sgd", "momentum", "rmsprop", "adam", "adamw"]),
    dropout=st.sampled_from([0, 0.3]),
    batch_norm=st.booleans(),
    batch_size=st.sampled_from([7, 10]),
    hidden_layers=st.sampled_from([(), (3,), (4, 2)]),
)


def driver(spec, folder=None):
    made = Driver("run-1", LAB, spec, folder=folder)
    made.scene()
    return made


def weights(frame):
    return {name: array for name, array in frame.arrays.items() if name.startswith(("weight", "bias", "norm"))}


@settings(max_examples=10)
@given(SPECS, st.lists(st.integers(1, 80), min_size=1, max_size=3))
def test_driven_looked_back_branched_and_spilled_it_trains_as_it_would_alone(tmp_path_factory, spec, pieces):
    folder = tmp_path_factory.mktemp("spill")
    made = driver(spec, folder)
    for steps in pieces:
        do(made, "advance", steps=steps)
        finish(made)
        do(made, "seek", step=steps // 2)
        do(made, "seek", step=None)
    while made.keeper.to_write:
        made.write_down()
    branched, resumed = made.branch(), driver(spec, folder)
    assert resumed.resume()
    alone = PlaygroundRun(spec)
    alone.advance(sum(pieces) + 30)
    for one in (made, branched, resumed):
        do(one, "advance", steps=30)
        finish(one)
        for name, array in weights(seen(one)).items():
            np.testing.assert_array_equal(array, alone.frame().arrays[name], err_msg=name)


def test_a_rate_too_high_comes_back_and_halving_it_often_enough_helps():
    preset = LAB.preset("rate-too-high")
    made = driver(specs.from_values(PlaygroundSpec, preset.changes))
    made.command({"do": "play", "on": True, "steps": 2000})
    rates = [made.run.spec.learning_rate]
    for _ in range(12):
        notes = [message for message in finish(made) if message.kind == "note"]
        if not notes:
            break
        assert notes[-1].numbers["level"] == "diverged"
        assert all(np.isfinite(array).all() for array in weights(seen(made)).values())
        for command in notes[-1].numbers["offers"][0]["commands"]:
            made.command(json.loads(json.dumps(command)) | ({"steps": 2000} if command["do"] == "play" else {}))
        rates.append(made.run.spec.learning_rate)
    assert rates[0] > rates[-1]
    assert made.live_step >= 2000
    assert seen(made).numbers["train_loss"] < 0.1


def test_points_placed_under_way_keep_the_training():
    own_points = "".join(["00000", "1zzzz", "0A0A0", "1y0y0", "0B0B0", "1x0x0"])
    made = driver(PlaygroundSpec(dataset="own", own_points=own_points))
    do(made, "advance", steps=10)
    finish(made)
    before = weights(seen(made))
    (scene,) = do(made, "set", changes={"own_points": made.run.spec.own_points + "0C0C0"})
    points = len(scene.arrays["train_points"]) + len(scene.arrays["test_points"])
    assert points == 7
    after = seen(made)
    assert after.step == 10
    for name, array in before.items():
        np.testing.assert_array_equal(after.arrays[name], array)
    assert "changed" in after.numbers["marks"][-1]["text"]


def test_a_run_without_points_says_what_it_needs():
    made = driver(PlaygroundSpec(dataset="own"))
    do(made, "play", on=True)
    (note,) = finish(made)
    assert "needs two training points" in note.numbers["text"]


@pytest.mark.parametrize("panel", [panel.slug for panel in LAB.panels if panel.probe])
def test_every_probe_can_be_asked_for(panel):
    made = driver(PlaygroundSpec(dataset="xor"))
    before = weights(seen(made))
    (reply,) = do(made, "probe", panel=panel, token="t")
    assert reply.kind == "reply"
    assert reply.arrays
    for name, array in weights(seen(made)).items():
        np.testing.assert_array_equal(array, before[name])


def test_the_code_of_the_lab_is_python():
    made = driver(PlaygroundSpec())
    (reply,) = do(made, "code", token="t")
    compile(reply.numbers["text"], "code", "exec")


def test_what_a_scene_and_a_frame_promise_is_there():
    made = driver(PlaygroundSpec())
    do(made, "advance", steps=60)
    finish(made)
    scene, frame = decode(made.scene()), seen(made)
    assert scene.numbers.keys() >= {"spec", "link", "features", "widths", "activations", "problem", "classes", "lab"}
    assert frame.numbers.keys() >= set(
        "epoch steps_per_epoch playing speed rate elapsed goal device live_step marks curve_names".split()
    )
    assert frame.numbers["curve_names"] == ["train_loss", "test_loss"]
    assert frame.arrays["curve"].shape == (3, 3)  # step 0 and two epochs
    assert frame.arrays["held"].tolist() == made.timeline.steps()
