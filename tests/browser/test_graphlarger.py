"""Larger data in the real app: what cannot be fetched is said; what is here is trained on, a piece goes up."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from dlviz.data.graphs import reading
from dlviz.labs.graph.larger import arriving, pieces, training
from dlviz.labs.graph.larger.sources import LARGER
from tests.browsing import free_port
from tests.browsing import serving as serving_app
from tests.data.serving_files import nobody
from tests.labs.graph.test_larger import made_by_pyg

pytestmark = pytest.mark.browser
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphlarger)"
LIVE = "[...(globalThis[Symbol.for('dlviz.sessions')]?.values() ?? [])][0]"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which made papers lie as if Cora had been fetched."""
    folder = tmp_path_factory.mktemp("kept")
    made = made_by_pyg("cora")
    masks = {"train": made.train_mask, "validation": made.val_mask, "test": made.test_mask}
    parts = {name: mask.nonzero()[:, 0].numpy() for name, mask in masks.items()}
    arrays = {"y": made.y.numpy(), **arriving._sparse(made.x), "edges": arriving.once(made.edge_index.numpy()), **parts}
    np.savez(folder / "cora.npz", **arrays)
    return folder


@pytest.fixture(scope="module")
def address(kept: Path) -> Iterator[str]:
    """The app, which can reach nothing."""
    away = nobody().rstrip("/")
    env = {**os.environ, "DLVIZ_DATA": str(kept), "https_proxy": away, "http_proxy": away, "no_proxy": "127.0.0.1"}
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}",
               "--server.address=127.0.0.1", "--server.headless=true"]  # fmt: skip
    with serving_app(command, port, env=env) as found:
        yield found


@pytest.fixture
def opened(page: Any, address: str) -> Any:
    page.set_viewport_size({"width": 1440, "height": 12000})
    page.goto(f"{address}/graph?graph.panel=Larger+data")
    page.wait_for_function(f"() => {PANEL}?.dlviz.graphlarger()?.cards.cora.whole !== undefined", timeout=60_000)
    yield page
    page.goto("about:blank")  # before its server ends


def percent_before(text: str, words: str) -> float:
    """The number of percent that stands before these words."""
    found = re.search(r"([\d.]+) % " + words, text)
    assert found, text
    return float(found[1])


def card(page: Any, name: str) -> Any:
    return page.locator(f".glg-card[data-set={name}]")


def test_a_machine_that_reaches_nothing_says_so(opened: Any) -> None:
    row = card(opened, "citeseer").locator(".away-row")
    expect(row.locator(".value")).to_have_text("from github.com")
    row.get_by_role("button", name="Fetch").click()
    expect(row.locator(".wrong")).to_contain_text("could not reach github.com: is it online?", timeout=60_000)
    expect(row.locator(".wrong")).to_contain_text("came with dlviz work without")
    expect(row.get_by_role("button", name="Fetch")).to_be_visible()


def test_a_whole_set_is_trained_on_and_compared(opened: Any, kept: Path) -> None:
    cora = card(opened, "cora")
    made = made_by_pyg("cora")
    a, b = made.y[made.edge_index]
    share = (a == b).float().mean().item()
    expect(cora).to_contain_text("of the edges join two of the same class", timeout=60_000)
    assert percent_before(cora.inner_text(), "of the edges join") == pytest.approx(100 * share, abs=0.05)
    cora.get_by_role("button", name="Train on the whole").click()
    done = f"() => {PANEL}.dlviz.graphlarger().cards.cora.whole?.isDone"
    opened.wait_for_function(done, timeout=240_000)
    whole = opened.evaluate(f"() => {PANEL}.dlviz.graphlarger().cards.cora.whole")
    with np.load(kept / "cora.npz") as arrays:
        wanted = list(training.train(LARGER["cora"], dict(arrays), 200, 1))
    np.testing.assert_allclose(whole["test"], [moment.test for moment in wanted], atol=1e-6)
    best = max(range(200), key=lambda k: (wanted[k].validation, k))
    expect(cora.locator(".sentence")).to_contain_text(f"best validation, {wanted[best].step}, ")
    said = cora.locator(".sentence").inner_text()
    assert percent_before(said, "of the test are right") == pytest.approx(100 * wanted[best].test, abs=0.05)


def test_a_piece_goes_to_the_stage(opened: Any, kept: Path) -> None:
    card(opened, "cora").get_by_role("button", name="Take a piece of it to the stage").click()
    opened.wait_for_function(f"() => {LIVE}.scene?.numbers.spec.dataset === 'own'", timeout=60_000)
    spec = opened.evaluate(f"() => {LIVE}.scene.numbers.spec")
    with np.load(kept / "cora.npz") as arrays:
        wanted = pieces.code(LARGER["cora"], dict(arrays), 1)
    assert spec["graph"] == wanted
    assert spec["features"] == "own"
    assert opened.evaluate(f"() => {LIVE}.scene.arrays.keys.shape[0]") == reading.read("graph", wanted).graph.count


def test_on_a_phone_nothing_sticks_out(opened: Any) -> None:
    opened.set_viewport_size({"width": 390, "height": 12000})
    assert opened.evaluate("() => document.documentElement.scrollWidth") <= 390
