"""What Streamlit runs: the navigation over the home page and every lab. Pages stand in pages/."""

from pathlib import Path

import streamlit as st

from dlviz.core.lab import discover
from dlviz.ui.look import dress

PAGES = Path(__file__).parents[2] / "pages"


def navigate() -> None:
    """Offer the home page and the labs, by topic, and run the one asked for."""
    # No page title here: it would override the title of every page.
    st.set_page_config(layout="wide", page_icon=str(Path(__file__).parent / "static" / "icon.png"))
    sections: dict[str, list] = {"": [st.Page(PAGES / "home.py", title="dlviz", url_path="home", default=True)]}
    for lab in discover()[0].values():
        page = st.Page(PAGES / f"{lab.slug}.py", title=lab.title, url_path=lab.slug)
        sections.setdefault(lab.topic, []).append(page)
    # One topic needs no menu; its labs stand in the bar themselves.
    flat = [page for pages in sections.values() for page in pages]
    chosen = st.navigation(flat if len(flat) <= 7 else sections, position="top")
    dress()
    chosen.run()


navigate()
