"""The page of a lab, the same for all: head, train bar, timeline, stage, then one panel at a time."""

from __future__ import annotations

import html
from dataclasses import asdict
from typing import Any

import streamlit as st

from dlviz.core import spec as specs
from dlviz.core import story
from dlviz.core.lab import Lab, Panel, load
from dlviz.training.engine import RunHandle, get_engine
from dlviz.ui.components.mounting import component
from dlviz.ui.figure import show_figure
from dlviz.ui.relay import relay
from dlviz.ui.state import Opening, run_of


def show(lab: Lab) -> None:
    """Draw the whole page of one lab for this session's run of it."""
    handle, opening = run_of(lab)
    common = {"run": handle.id, "slug": lab.slug, "session": f"{lab.slug}/page"}
    _head(lab, opening)
    settings = {"fields": specs.describe(lab.spec), "hide": list(opening.hidden)}
    component("trainbar")(
        key=f"{lab.slug}.trainbar",
        data={**common, **settings, "part": "page" if lab.training else "whole"},
        on_lost_change=lambda: _start_again(lab, handle),
    )
    if not lab.training:
        component("timeline")(key=f"{lab.slug}.timeline", data=common)
    _story(lab, common)
    component("presets")(key=f"{lab.slug}.presets", data={**common, **_presets(lab)})
    previews = load(lab.previews)() if lab.previews else None
    component(lab.stage)(key=f"{lab.slug}.stage", data={**common, **settings, "previews": previews})
    relay(lab, handle, common)
    _panels(lab, handle, common, settings)


def _head(lab: Lab, opening: Opening) -> None:
    lines = [
        f"<p class='dlviz-note' role='status'>Ignored in this link: {html.escape(line)}</p>" for line in opening.ignored
    ]
    st.html(
        f"<div class='dlviz-head'><h1>{html.escape(lab.title)}</h1><p>{html.escape(lab.sentence)}</p></div>"
        + "".join(lines)
    )


def _start_again(lab: Lab, handle: RunHandle) -> None:
    """The browser says that its run is gone. Only a run that really is gone is replaced, so that a
    click delivered twice starts nothing twice."""
    if not get_engine().alive(handle.id):
        run_of(lab)


def _story(lab: Lab, common: dict[str, Any]) -> None:
    steps = [step.describe() for step in story.read(lab.folder)]
    if steps:
        component("story")(key=f"{lab.slug}.story", data={**common, "steps": steps})


def _presets(lab: Lab) -> dict[str, Any]:
    """Each preset with every field, so that one command sets the scene whatever was set before; and whether
    a lab goes on to train then, which it does not where training is one panel's matter."""
    default = lab.spec()
    presets = [
        {
            **{name: getattr(preset, name) for name in ("slug", "title", "text", "fails", "trained")},
            "changes": specs.values(specs.from_values(lab.spec, preset.changes, default)),
        }
        for preset in lab.presets
    ]
    return {"presets": presets, "plays": not lab.training}


@st.fragment
def _panels(lab: Lab, handle: RunHandle, common: dict[str, Any], settings: dict[str, Any]) -> None:
    """The panels of the lab and what every lab has, one at a time; the choice is part of the link."""
    shown = {panel.slug: panel.title for panel in lab.panels if panel.component or panel.figure}
    if lab.claims:
        shown["claims"] = "Claims"
    if lab.questions:
        shown["questions"] = "Check yourself"
    if lab.code:
        shown["code"] = "Code"
    if not shown:
        return
    key = f"{lab.slug}.panel"
    first = next(iter(shown))
    # A link names a panel by its title, as Streamlit writes it, and the first one not at all.
    if st.query_params.get(key, shown[first]) not in shown.values():
        st.query_params.pop(key, None)
    with st.container(key="dlviz-panels"):
        choice = st.segmented_control(
            "Panel", list(shown), format_func=shown.__getitem__, default=first, required=True, key=key,
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        match choice or first:
            case "claims":
                _claims(lab, common)
            case "questions":
                questions = [asdict(question) for question in lab.question_list()]
                component("questions")(
                    key=f"{lab.slug}.questions", data={**common, "questions": questions, **_presets(lab)}
                )
            case "code":
                component("codeview")(key=f"{lab.slug}.code", data=common)
            case slug:
                _panel(lab, lab.panel(slug), handle, common, settings)


def _claims(lab: Lab, common: dict[str, Any]) -> None:
    claims = [{"slug": c.slug, "usual": c.usual, "method": c.method} for c in lab.claim_list()]
    component("claims")(key=f"{lab.slug}.claims", data={**common, "claims": claims})


def _panel(
    lab: Lab, panel: Panel, handle: RunHandle, common: dict[str, Any], settings: dict[str, Any]
) -> None:  # fmt: skip
    st.html(f"<p class='dlviz-panel-text'>{html.escape(panel.text)}</p>")
    if panel.slug == lab.training:
        component("trainbar")(key=f"{lab.slug}.training", data={**common, **settings, "part": "training"})
        component("timeline")(key=f"{lab.slug}.timeline", data=common)
    if panel.component:
        component(panel.component)(key=f"{lab.slug}.{panel.slug}", data={**common, **settings})
    else:
        show_figure(lab, panel, handle)
