"""Where no WebSocket opens: messages by rerun, twice a second. The browser says when it needs this."""

from __future__ import annotations

import base64
import time
from typing import Any

import streamlit as st

from dlviz.core.lab import Lab
from dlviz.training.engine import RunHandle
from dlviz.ui.components.mounting import component

PERIOD = 0.5


def relay(lab: Lab, handle: RunHandle, common: dict[str, Any]) -> None:
    """Mount the relay: idle until the browser triggers `needed`, then polling."""
    if st.session_state.get(f"{lab.slug}/relayed"):
        _polling(lab, handle, common)
    else:
        _idle(lab, handle, common)


@st.fragment
def _idle(lab: Lab, handle: RunHandle, common: dict[str, Any]) -> None:
    if st.session_state.get(f"{lab.slug}/relayed"):
        st.rerun()  # the trigger ran this fragment alone; the page has to mount the other one
    _mount(lab, handle, {**common, "messages": []})


@st.fragment(run_every=PERIOD)
def _polling(lab: Lab, handle: RunHandle, common: dict[str, Any]) -> None:
    # The scene each time: what a rerun sends may be dropped, and a page that comes back has none yet.
    messages = [handle.scene(), *handle.messages(), handle.frame()]
    texts = [base64.b64encode(message).decode() for message in messages if message is not None]
    _mount(lab, handle, {**common, "messages": list(dict.fromkeys(texts))})
    # A fragment that ends while its own timer fires drops what it has not sent yet (STREAMLIT.md, 2.7).
    time.sleep(0.01)


def _mount(lab: Lab, handle: RunHandle, data: dict[str, Any]) -> None:
    key = f"{lab.slug}.relay"

    def needed() -> None:
        st.session_state[f"{lab.slug}/relayed"] = True

    def command() -> None:
        # The browser gives every command a token; a click delivered twice carries the same one.
        sent = st.session_state[key]["command"]
        for order in sent if isinstance(sent, list) else [sent]:
            token = order.get("token")
            seen: dict[str, None] = st.session_state.setdefault(f"{lab.slug}/tokens", {})
            if token is None or token not in seen:
                seen[token] = None
                handle.send(order)

    component("relay")(key=key, data=data, on_needed_change=needed, on_command_change=command)
