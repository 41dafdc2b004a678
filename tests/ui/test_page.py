"""Pages without a browser: every page runs, links open what they say, and bad links say what was ignored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dlviz.core import spec as specs
from dlviz.core.lab import Preset, discover
from dlviz.training import checkpoints
from dlviz.training import engine as engines
from dlviz.training.frames import decode
from dlviz.ui.shell import opening_components

ROOT = Path(__file__).parents[2]
LABS = discover()[0]


@pytest.fixture(autouse=True)
def inline_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs in this process, so that a page test is over when the page is."""
    monkeypatch.setenv("DLVIZ_ENGINE", "inline")
    engines.set_engine(None)
    yield
    engines.get_engine().close()
    engines.set_engine(None)


def open_page(slug: str, **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "dlviz/ui/main.py"), default_timeout=60)
    for name, text in query.items():
        page.query_params[name.replace("__", ".")] = text
    page.run()
    page.switch_page(f"../../pages/{slug}.py")
    return page.run()


def data_of(page: AppTest, key: str) -> dict[str, Any]:
    """What Python sent to the component with that key."""
    found = [e for e in page.get("bidi_component") if f"-{key}-" in e.proto.id or e.proto.id.endswith(f"-{key}")]
    assert len(found) == 1, f"{key}: {[e.proto.id for e in page.get('bidi_component')]}"
    return json.loads(found[0].proto.json)


def spec_of_run(page: AppTest, slug: str) -> dict[str, Any]:
    handle, _ = page.session_state[f"{slug}/run"]
    return decode(handle.scene()).numbers["spec"]


@pytest.mark.parametrize("slug", ["home", *LABS])
def test_every_page_opens_without_an_exception(slug: str) -> None:
    page = open_page(slug)
    assert not page.exception
    assert page.get("bidi_component")


@pytest.mark.parametrize("slug", ["home", *LABS])
def test_the_shell_preloads_the_components_that_the_page_mounts(slug: str) -> None:
    page = open_page(slug)
    mounted = {element.proto.component_name.removeprefix("dlviz_") for element in page.get("bidi_component")}
    assert mounted == set(opening_components(slug))


@pytest.mark.parametrize("slug", LABS)
def test_a_lab_opens_trained_as_far_as_it_says(slug: str) -> None:
    page = open_page(slug)
    handle, _ = page.session_state[f"{slug}/run"]
    lab = LABS[slug]
    shipped = checkpoints.opening(lab, lab.spec())
    assert decode(handle.frame()).step == (shipped[0].latest().step if shipped else lab.opening_steps)
    assert spec_of_run(page, slug) == specs.values(LABS[slug].spec())


@pytest.mark.parametrize(("slug", "preset"), [(s, p) for s, lab in LABS.items() for p in lab.presets if p.trained])
def test_a_link_to_a_trained_preset_opens_with_what_ships(slug: str, preset: Preset) -> None:
    lab = LABS[slug]
    spec: Any = specs.from_values(lab.spec, preset.changes)
    page = open_page(slug, **specs.link(slug, spec))
    handle, _ = page.session_state[f"{slug}/run"]
    shipped = checkpoints.opening(lab, spec)
    assert shipped is not None
    assert decode(handle.frame()).step == shipped[0].latest().step


@pytest.mark.parametrize("slug", LABS)
def test_every_panel_opens(slug: str) -> None:
    page = open_page(slug)
    shown = [panel for panel in LABS[slug].panels if panel.component or panel.figure]
    for panel in [panel.slug for panel in shown] + ["claims", "questions", "code"]:
        page.segmented_control[0].set_value(panel)
        assert not page.run().exception, panel
        drawn = [panel.slug for panel in shown if panel.figure and not panel.component]
        assert bool(page.get("plotly_chart")) == (panel in drawn), panel


def test_a_link_opens_its_settings_and_a_rerun_keeps_the_run() -> None:
    page = open_page("playground", playground__dataset="spiral", playground__hidden_layers="8,8", playground__step="40")
    spec = spec_of_run(page, "playground")
    assert (spec["dataset"], spec["hidden_layers"]) == ("spiral", [8, 8])
    handle, opening = page.session_state["playground/run"]
    assert opening.ignored == ()
    assert decode(handle.frame()).step == 40
    page.run()
    assert page.session_state["playground/run"][0].id == handle.id


BAD_LINKS = {
    "dataset": ("cheese", "must be one of circle, xor"),
    "learning_rate": ("-3", "must be in [1e-05, 10]"),
    "hidden_layers": ("99,99", "0 to 6 whole numbers in [1, 8]"),
    "activations": ("<script>alert(1)</script>", "must be made of relu"),
    "step": ("many", "whole number in [0, 50000]"),
    "hide": ("everything", "must name settings of the lab"),
    "cheese": ("yes", "has the fields problem"),
}


@pytest.mark.parametrize("name", BAD_LINKS)
def test_a_bad_link_opens_the_default_and_says_what_it_ignored(name: str) -> None:
    text, words = BAD_LINKS[name]
    page = open_page("playground", **{f"playground__{name}": text, "playground__noise": "10"})
    assert not page.exception
    spec = spec_of_run(page, "playground")
    assert spec["noise"] == 10
    assert {**spec, "noise": 0.0} == specs.values(LABS["playground"].spec())
    shown = "".join(element.proto.body for element in page.get("html"))
    assert "Ignored in this link" in shown
    assert words.split(",")[0] in shown.replace("&#x27;", "'")
    assert "<script>alert" not in shown


def test_hidden_controls_reach_the_components() -> None:
    page = open_page("playground", playground__hide="optimizer,noise")
    assert data_of(page, "playground.stage")["hide"] == ["optimizer", "noise"]
    assert data_of(page, "playground.trainbar")["hide"] == ["optimizer", "noise"]


def test_a_run_that_is_gone_is_replaced_with_the_same_settings() -> None:
    page = open_page("playground", playground__dataset="xor")
    handle, _ = page.session_state["playground/run"]
    handle.stop()
    page.run()
    again, _ = page.session_state["playground/run"]
    assert again.id != handle.id
    assert spec_of_run(page, "playground")["dataset"] == "xor"


@pytest.mark.parametrize("slug", LABS)
def test_presets_reach_the_page_with_every_field(slug: str) -> None:
    page = open_page(slug)
    presets = data_of(page, f"{slug}.presets")["presets"]
    assert [preset["slug"] for preset in presets] == [preset.slug for preset in LABS[slug].presets]
    for preset in presets:
        assert set(preset["changes"]) == set(specs.rules(LABS[slug].spec))
