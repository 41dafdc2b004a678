"""The page around the components: width, type and the quiet chrome. Colours come from the theme."""

import streamlit as st

# Streamlit's own class names are not an interface; the data-testid and st-key hooks used here are.
CSS = """
<style>
[data-testid="stMainBlockContainer"] { max-width: 1360px; padding: 4.2rem 2.2rem 5rem; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: .9rem; }
[data-testid="stMainBlockContainer"] h2 { font-weight: 620; letter-spacing: -.01em; }
.dlviz-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem 1rem; }
.dlviz-head h1 { font-size: 1.75rem; font-weight: 660; letter-spacing: -.02em; margin: 0; padding: 0; }
.dlviz-head p { margin: 0; opacity: .72; font-size: 1.02rem; }
.dlviz-note { border-left: 3px solid var(--st-primary-color, #888); padding: .35rem .8rem; margin: 0; }
.dlviz-panel-text { max-width: 46rem; opacity: .78; margin: 0 0 .2rem; }
.dlviz-figure-note { opacity: .65; font-size: .86rem; margin: 0; max-width: 46rem; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 3.8rem .8rem 4rem; }
  .dlviz-head h1 { font-size: 1.35rem; }
}
</style>
"""


def dress() -> None:
    """Put the style of the page in place; called once a run, before the page."""
    st.html(CSS)
