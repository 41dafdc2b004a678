"""Laws of every panel: a probe leaves no trace on the model, a figure changes nothing it is given."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Lab, Panel, load
from dlviz.core.trace import Trace
from dlviz.figures.view import View
from dlviz.training import frames
from dlviz.training.jobs import to_the_end
from dlviz.training.run import Run
from tests.contracts.samples import LABS
from tests.contracts.test_runs import moment, new

STATIC = Path(__file__).parent.parent.parent / "dlviz" / "ui" / "static"
PANELS = [(lab, panel) for lab in LABS for panel in lab.panels]
PROBES = [(lab, panel) for lab, panel in PANELS if panel.probe]


def name(value: Any) -> str:
    return str(getattr(value, "slug", ""))


each_lab = pytest.mark.parametrize("lab", LABS, ids=name)
each_panel = pytest.mark.parametrize(("lab", "panel"), PANELS, ids=name)
each_probe = pytest.mark.parametrize(("lab", "panel"), PROBES, ids=name)


def settings_worth_probing(lab: Lab) -> list[Any]:
    """The default, and every preset that trains."""
    return [lab.spec(), *(specs.from_values(lab.spec, p.changes) for p in lab.presets if not p.fails)]


def modules(run: Run) -> Iterator[nn.Module]:
    """Every module that a run holds."""
    for value in vars(run).values():
        if isinstance(value, nn.Module):
            yield from value.modules()


def hooks(run: Run) -> int:
    """How many hooks hang on the modules of a run."""
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(module, kind)) for module in modules(run) for kind in kinds)


def advance(run: Run, steps: int) -> None:
    """Train, where the settings leave something to learn."""
    with contextlib.suppress(InvalidInput):
        run.advance(steps)


def probed(run: Run, panel: Panel) -> Trace | None:
    """The panel's Trace; None where the panel says in words that it does not apply to these settings."""
    try:
        trace: Trace = to_the_end(load(panel.probe)(run))
    except InvalidInput:
        return None
    return trace


@each_panel
def test_every_panel_can_be_shown(lab: Lab, panel: Panel) -> None:
    assert panel.title.strip()
    assert panel.text.strip().endswith(".")
    assert panel.probe or panel.component, "nothing to show"
    assert not panel.figure or panel.probe, "a figure draws what a probe found"
    for ref in (panel.probe, panel.figure):
        assert not ref or callable(load(ref))
    assert not panel.component or (STATIC / panel.component / "component.js").is_file()


@each_lab
def test_panels_have_slugs_of_their_own(lab: Lab) -> None:
    slugs = [panel.slug for panel in lab.panels]
    assert len(set(slugs)) == len(slugs)


@each_probe
def test_a_probe_leaves_the_run_as_it_was(lab: Lab, panel: Panel) -> None:
    answered = 0
    for spec in settings_worth_probing(lab):
        run, untouched = new(lab, spec), new(lab, spec)
        for each in (run, untouched):
            advance(each, 7)
        modes = [module.training for module in modules(run)]
        chance = torch.get_rng_state()
        trace = probed(run, panel)
        answered += trace is not None
        assert hooks(run) == 0
        assert [module.training for module in modules(run)] == modes
        assert torch.equal(torch.get_rng_state(), chance), "a probe must not draw from the global generator"
        assert moment(run) == moment(untouched)
        assert run.frame().numbers == untouched.frame().numbers
        for each in (run, untouched):
            advance(each, 5)
        assert moment(run) == moment(untouched)
    assert answered


@each_probe
def test_a_probe_that_fails_leaves_no_hook_behind(lab: Lab, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    run = new(lab, lab.spec())
    run.advance(2)
    before = moment(run)
    leaves = [module for module in modules(run) if not list(module.children())]

    def fail(*_args: Any, **_options: Any) -> Any:
        raise ArithmeticError("broken on purpose")

    # Of a panel with a network of its own every layer of that kind breaks.
    monkeypatch.setattr(leaves[-1] if panel.trained else type(leaves[-1]), "forward", fail)
    with pytest.raises(ArithmeticError, match="broken on purpose"):
        to_the_end(load(panel.probe)(run))
    assert hooks(run) == 0
    assert moment(run) == before


@each_probe
def test_a_trace_travels_and_can_be_kept(lab: Lab, panel: Panel, tmp_path: Path) -> None:
    run = new(lab, lab.spec())
    run.advance(7)
    trace = probed(run, panel)
    assert trace is not None, "a panel answers for the settings a lab opens with"
    assert trace.arrays
    assert trace.state, "parameters, so that anyone can recompute the arrays"
    for array_name, array in trace.arrays.items():
        assert array.dtype.kind not in "fc" or np.isfinite(array).all(), array_name
    frames.encode("reply", "run", {}, trace.arrays)
    trace.save(tmp_path / "trace.npz")
    again = Trace.load(tmp_path / "trace.npz")
    assert all(np.array_equal(again[key], array) for key, array in trace.arrays.items())


@each_probe
def test_a_trace_is_a_copy(lab: Lab, panel: Panel) -> None:
    """Training that goes on must not change what was seen, nor a reader of the Trace the model."""
    run = new(lab, lab.spec())
    run.advance(3)
    trace = probed(run, panel)
    assert trace is not None
    kept = copy.deepcopy(trace)
    run.advance(20)
    assert same(trace, kept)
    before = moment(run)
    for array in [*trace.arrays.values(), *trace.state.values()]:
        if array.flags.writeable and array.dtype.kind == "f":
            array += 1
    assert moment(run) == before


def same(one: Trace, other: Trace) -> bool:
    """Whether two traces hold the same bits."""
    if (dict(one.dims), dict(one.units)) != (dict(other.dims), dict(other.units)):
        return False
    pairs = [(one.arrays, other.arrays), (one.state, other.state)]
    return all(
        left.keys() == right.keys() and all(left[key].tobytes() == right[key].tobytes() for key in left)
        for left, right in pairs
    )


@pytest.mark.parametrize(("lab", "panel"), [(lab, panel) for lab, panel in PROBES if panel.figure], ids=name)
def test_a_figure_changes_nothing_it_is_given(lab: Lab, panel: Panel) -> None:
    drawn = 0
    for spec in settings_worth_probing(lab):
        run = new(lab, spec)
        advance(run, 7)
        trace = probed(run, panel)
        if trace is None:
            continue
        kept = copy.deepcopy(trace)
        view: View = load(panel.figure)(trace)
        assert same(trace, kept)
        assert view.alt.strip()
        assert view.caption.strip()
        assert view.source.strip()
        assert view.figure.to_json() == load(panel.figure)(trace).figure.to_json(), "the same trace, the same figure"
        drawn += 1
    assert drawn
