"""A data set fetched on a click, in the real app with a server of this machine for a source."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from dlviz.data.fetching import Source, in_words
from dlviz.labs.cnn.sources import IMAGES
from tests.browser.cnn_page import READY, link
from tests.browsing import free_port
from tests.browsing import serving as serving_app
from tests.data.serving_files import nobody, serving, wait_until
from tests.labs.cnn.test_fetching import mnist_files

pytestmark = pytest.mark.browser


def test_a_set_is_fetched_on_a_click_and_chosen_by_itself(page: Any, tmp_path: Path) -> None:
    made, pictures, _ = mnist_files()
    with serving(made) as files:
        here = [files.source(name) for name in made]
        away = [Source("a.tar.gz", (nobody() + "a.tar.gz",), 1000, "")]
        file = tmp_path / "sources.json"
        file.write_text(json.dumps({"fashion": in_words(here), "cifar10": in_words(away)}), encoding="utf-8")
        port = free_port()
        command = [sys.executable, "-m", "tests.browser.fetching_app", str(port), str(file)]
        env = {**os.environ, "DLVIZ_DATA": str(tmp_path / "kept")}
        with serving_app(command, port, env=env) as address:
            page.goto(link(address, dataset="digits", channels=[3], dense_units=[], examples=100))
            page.wait_for_function(READY, timeout=60_000)
            page.locator(".fold-head", has_text="Pictures").click()
            row = page.locator("[data-set=fashion]")
            total = sum(map(len, made.values()))
            expect(row.locator(".value")).to_have_text(f"{total / 1e6:.2g} MB from 127.0.0.1")
            expect(page.locator("[data-field=dataset] option[value=fashion]")).to_be_disabled()

            # One that nobody gives: why not, within seconds, and what works without.
            other = page.locator("[data-set=cifar10]")
            other.get_by_role("button", name="Fetch").click()
            words = "This machine could not reach 127.0.0.1: is it online? The digits, shapes and photographs"
            expect(other.locator(".wrong")).to_contain_text(words, timeout=30_000)
            expect(other.get_by_role("button", name="Fetch")).to_be_visible()

            # One that stops half-way, and is cancelled.
            files.hangs.add(IMAGES[0])
            row.get_by_role("button", name="Fetch").click()
            expect(row.get_by_role("progressbar")).to_be_visible()
            wait_until(lambda: files.asked)
            row.get_by_role("button", name="Cancel").click()
            expect(row.get_by_role("button", name="Fetch")).to_be_visible()
            expect(row.locator(".wrong")).to_have_text("")
            wait_until(lambda: not list((tmp_path / "kept").iterdir()))

            files.hangs.clear()
            files.let_go.set()
            row.get_by_role("button", name="Fetch").click()
            expect(page.locator("[data-field=dataset] select")).to_have_value("fashion", timeout=60_000)
            expect(row).to_have_count(0)
            expect(page.locator("[data-set=cifar10]")).to_have_count(1)
            page.wait_for_function(READY, timeout=60_000)
            assert [kept.name for kept in (tmp_path / "kept").iterdir()] == ["fashion.npz"]
            with np.load(tmp_path / "kept" / "fashion.npz") as kept:
                np.testing.assert_array_equal(kept["pictures"], pictures)
            page.goto("about:blank")  # before its server ends
