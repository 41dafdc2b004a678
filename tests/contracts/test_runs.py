"""Laws of every run: training is additive, a snapshot is the whole moment, the same spec gives the same curve."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged, InvalidInput
from dlviz.core.lab import Lab, load
from dlviz.training import frames
from dlviz.training.run import Picture, Run, Snapshot
from tests.contracts.samples import LABS, legal_specs

each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
# Shrinking would train hundreds of models more; a failing spec is small enough to read as it is.
PHASES = [Phase.explicit, Phase.generate]
EXAMPLES = 25
FEWER = {
    "attention": 8,
    "autoencoder": 8,
    "cnn": 5,
    "gan": 8,
    "graph": 12,
    "recurrent": 10,
}  # a lab whose every run takes tenths of a second
steps = st.integers(1, 30)


def tried(**strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[[Lab], None]]:
    """A law over random settings of every lab: `law(lab, **drawn)`."""

    def decorate(law: Callable[..., None]) -> Callable[[Lab], None]:
        @each_lab
        @functools.wraps(law, assigned=("__module__", "__name__", "__doc__"), updated=())
        def test(lab: Lab) -> None:
            @settings(max_examples=FEWER.get(lab.slug, EXAMPLES), phases=PHASES)
            @given(**strategies)
            def once(**drawn: Any) -> None:
                law(lab, **drawn)

            once()

        del test.__wrapped__  # pytest would read the law's parameters as fixtures
        return test

    return decorate


def new(lab: Lab, spec: Any) -> Run:
    run: Run = load(lab.run)(spec)
    return run


def bits(tensor: Tensor) -> tuple[str, tuple[int, ...], bytes]:
    """A tensor as something that is equal only when every bit is, NaNs too."""
    return str(tensor.dtype), tuple(tensor.shape), tensor.detach().contiguous().numpy().tobytes()


def moment(run: Run) -> dict[str, Any]:
    """The whole state of a run, to compare bit by bit."""
    snapshot = run.snapshot()
    return {
        "step": snapshot.step,
        "plain": json.dumps(snapshot.plain, sort_keys=True),
        **{name: bits(tensor) for name, tensor in snapshot.tensors.items()},
    }


def train(run: Run, *pieces: int) -> tuple[list[Any], str]:
    """Train piece by piece; the events, and the words if it ended early."""
    events: list[Any] = []
    try:
        for piece in pieces:
            events += [(event.step, event.name, repr(event.values)) for event in run.advance(piece)]
    except (Diverged, InvalidInput) as problem:
        return [], str(problem)  # what was measured in the piece that failed is lost with it
    return events, ""


@tried(data=st.data(), a=steps, b=steps)
def test_training_is_additive(lab: Lab, data: st.DataObject, a: int, b: int) -> None:
    spec = data.draw(legal_specs(lab))
    in_two, at_once = new(lab, spec), new(lab, spec)
    assert train(in_two, a, b) == train(at_once, a + b)
    assert moment(in_two) == moment(at_once)


@tried(data=st.data(), n=steps)
def test_the_same_spec_gives_the_same_curve(lab: Lab, data: st.DataObject, n: int) -> None:
    """Also when another run trains in between: a run owns its chance."""
    spec, other = data.draw(legal_specs(lab)), data.draw(legal_specs(lab))
    first = new(lab, spec)
    found = train(first, n)
    second, disturbing = new(lab, spec), new(lab, other)
    train(disturbing, n)
    assert train(second, n) == found
    assert moment(second) == moment(first)


@tried(data=st.data(), a=steps, b=steps)
def test_a_snapshot_is_the_whole_moment(lab: Lab, data: st.DataObject, a: int, b: int) -> None:
    run = new(lab, data.draw(legal_specs(lab)))
    assume(train(run, a)[1] == "")
    before, snapshot = moment(run), run.snapshot()
    future = train(run, b)
    if not future[1]:
        reached = moment(run)
    run.restore(snapshot)
    assert moment(run) == before
    assert train(run, b) == future
    if not future[1]:
        assert moment(run) == reached


@tried(data=st.data(), a=steps)
def test_a_snapshot_leads_back_over_any_change(lab: Lab, data: st.DataObject, a: int) -> None:
    """After other settings, other data, another model; and into a run that never saw this one."""
    spec, other = data.draw(legal_specs(lab)), data.draw(legal_specs(lab))
    run = new(lab, spec)
    assume(train(run, a)[1] == "")
    before, snapshot = moment(run), run.snapshot()
    future = train(run, 5)
    run.set(specs.values(other))
    train(run, 3)
    run.restore(snapshot)
    assert run.spec == spec
    assert moment(run) == before
    stranger = new(lab, other)
    stranger.restore(snapshot)
    assert stranger.spec == spec
    assert moment(stranger) == before
    assert train(stranger, 5) == train(run, 5) == future


@each_lab
def test_a_snapshot_is_a_copy(lab: Lab) -> None:
    run = new(lab, lab.spec())
    run.advance(3)
    snapshot = run.snapshot()
    kept = {name: bits(tensor) for name, tensor in snapshot.tensors.items()}
    assert snapshot.size() == sum(len(data) for _, _, data in kept.values())
    run.advance(5)
    assert {name: bits(tensor) for name, tensor in snapshot.tensors.items()} == kept
    json.dumps(snapshot.plain, allow_nan=False)
    assert isinstance(snapshot, Snapshot)


@tried(data=st.data())
def test_a_change_takes_effect_as_its_role_says(lab: Lab, data: st.DataObject) -> None:
    spec = data.draw(legal_specs(lab))
    run = new(lab, lab.spec())
    run.advance(4)
    wanted = specs.roles_of_change(lab.spec(), spec)
    anew = run.set(specs.values(spec))
    assert run.spec == spec
    assert anew == bool(wanted & {"structure", "data"})
    assert run.step == (0 if anew else 4)
    if anew:
        assert moment(run) == moment(new(lab, spec))


@tried(data=st.data())
def test_what_a_viewer_chooses_does_not_touch_training(lab: Lab, data: st.DataObject) -> None:
    spec = data.draw(legal_specs(lab, roles=("view",)))
    run, plain = new(lab, lab.spec()), new(lab, lab.spec())
    run.set(specs.values(spec))
    assert train(run, 5) == train(plain, 5)
    assert {**moment(run), "plain": ""} == {**moment(plain), "plain": ""}  # the plain part holds the spec


@each_lab
def test_a_change_that_cannot_work_changes_nothing(lab: Lab) -> None:
    run = new(lab, lab.spec())
    run.advance(3)
    before = moment(run)
    with pytest.raises(InvalidInput):
        run.set({"no_such_field": 1})
    for name in specs.rules(lab.spec):
        with pytest.raises(InvalidInput):
            run.set({name: object()})
    for array, index, value in (("no_such_array", (0,), 1.0), ("", (), 1.0)):
        with pytest.raises(InvalidInput):
            run.edit(array, index, value)
    assert moment(run) == before


def complete(picture: Picture) -> frames.Message:
    """What arrives in the browser; raises if the picture cannot travel."""
    return frames.decode(frames.encode("frame", "run", picture.numbers, picture.arrays))


@tried(data=st.data(), n=steps)
def test_a_frame_is_complete_at_every_moment(lab: Lab, data: st.DataObject, n: int) -> None:
    """The same arrays before and after training, all finite; looking changes nothing."""
    run = new(lab, data.draw(legal_specs(lab)))
    opening = complete(run.frame())
    assume(train(run, n)[1] == "")
    before = moment(run)
    later = complete(run.frame())
    assert moment(run) == before
    assert list(later.arrays) == list(opening.arrays)
    assert later.numbers.keys() == opening.numbers.keys()
    for name, array in later.arrays.items():
        assert np.isfinite(array).all(), f"{name} is not finite"
        assert array.shape == opening.arrays[name].shape or name in ("curve", "held")
    first, second = complete(run.frame()), complete(run.frame())
    assert first.numbers == second.numbers
    assert all(first.arrays[name].tobytes() == second.arrays[name].tobytes() for name in first.arrays)


@tried(data=st.data())
def test_a_scene_tells_the_settings_and_the_link(lab: Lab, data: st.DataObject) -> None:
    spec = data.draw(legal_specs(lab))
    run = new(lab, spec)
    scene = complete(run.scene())
    assert scene.numbers["spec"] == json.loads(json.dumps(specs.values(spec)))
    assert scene.numbers["link"] == specs.link(lab.slug, spec)
    assert all(np.isfinite(array).all() for array in scene.arrays.values())
    train(run, 3)
    again = complete(run.scene())
    assert again.numbers == scene.numbers
    assert all(again.arrays[name].tobytes() == array.tobytes() for name, array in scene.arrays.items())


@each_lab
def test_steps_per_epoch_is_what_an_epoch_takes(lab: Lab) -> None:
    run = new(lab, lab.spec())
    n = run.steps_per_epoch
    measured = [event.step for event in run.advance(3 * n) if event.name == "epoch"]
    assert measured == [0, n, 2 * n, 3 * n]
