"""The home page: what dlviz is, and a card for each lab. The page itself is one component that Python feeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from dlviz.core import spec as specs
from dlviz.core.lab import BrokenLab, Lab, discover
from dlviz.ui.components.mounting import component

PAGES = Path(__file__).parents[2] / "pages"
PRESETS_AT_MOST = 4  # on a card; the lab's own page has them all


def show() -> None:
    """Draw the home page; a card that is clicked opens its lab without loading the app again."""
    labs, broken = discover()
    # Streamlit names the element after its data, too: two visits with the same labs are one element.
    chosen = component("thumbnails")(key="home", data=content(labs.values(), broken), on_open_change=lambda: None)
    wanted = chosen.open
    if isinstance(wanted, dict) and wanted.get("slug") in labs:
        st.switch_page(PAGES / f"{wanted['slug']}.py", query_params=_texts(wanted.get("query")))


def content(labs: Any, broken: tuple[BrokenLab, ...]) -> dict[str, Any]:
    """What the component draws: a card a lab, and an error card for each that cannot be imported."""
    return {
        "labs": [_card(lab) for lab in labs],
        "broken": [{"slug": lab.slug, "reason": lab.reason} for lab in broken],
    }


def _card(lab: Lab) -> dict[str, Any]:
    default = lab.spec()
    presets = [
        {
            "title": preset.title,
            "query": specs.link(lab.slug, specs.from_values(lab.spec, preset.changes, default)),
        }
        for preset in lab.presets[:PRESETS_AT_MOST]
    ]
    return {
        "slug": lab.slug,
        "title": lab.title,
        "topic": lab.topic,
        "sentence": lab.sentence,
        "thumbnail": lab.thumbnail,
        "panels": [panel.title for panel in lab.panels if panel.component or panel.figure],
        "presets": presets,
    }


def _texts(query: Any) -> dict[str, str]:
    """The query of a link as the browser sent it back, if it is one: the page it opens checks what it says."""
    return {str(name): str(text) for name, text in query.items()} if isinstance(query, dict) else {}
