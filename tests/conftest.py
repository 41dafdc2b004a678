"""Fixtures that every kind of test may ask for: one server and one Chromium for the whole session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

# Before anything imports torch: sums come out the same whatever the machine, and tests share two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DLVIZ_DEVICE", "cpu")

import pytest
from hypothesis import HealthCheck, settings

from tests import browsing

# Derandomized, so that a red test is red for the next person too; no deadline, because machines differ.
settings.register_profile(
    "dlviz", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("dlviz")


@pytest.fixture(scope="session")
def app_address() -> Iterator[str]:
    """The address of the real app on a free port."""
    with browsing.app() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium; open a context or a page of your own in it."""
    with browsing.chromium() as browser:
        yield browser
