"""Browser tests: a page that fails its test on any error in it, and the harness for components without the app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser import harness
from tests.browsing import free_port


@pytest.fixture(scope="session")
def browser(chromium: Any) -> Any:
    """The session's one Chromium."""
    return chromium


@pytest.fixture(scope="session")
def app(app_address: str) -> str:
    """The address of the real app."""
    return app_address


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of this folder that fails is tried once more: its page shares two cores with everything else that runs,
    and may miss a moment. The summary names each that was (`R`), so that none stays so."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


def _counts(message: Any) -> bool:
    # On a deep link Streamlit looks for its server under the page's path first; the 404 is its own affair.
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


# Long enough for what is asked for at a frame to be drawn, and for what that asks for to be drawn too.
REST = """() => new Promise((rested) => {
  const frames = (count, then) => requestAnimationFrame(() => (count > 1 ? frames(count - 1, then) : then()));
  frames(2, () => setTimeout(() => frames(2, rested), 40));
  setTimeout(rested, 3000);
})"""


def rest_after_waiting(page: Any) -> None:
    """Let `page.wait_for_function` come back only when the page has drawn what it knows.

    A panel draws at the next frame. On a busy machine a condition can hold of what the panel has been told before the
    frame that draws it, and a test that reads the picture then reads the one before it."""
    wait = page.wait_for_function

    def waiting(condition: str, *, arg: Any = None, **options: Any) -> Any:
        found = wait(condition, arg=arg, **options)
        page.evaluate(REST)
        try:
            return wait(condition, arg=arg, timeout=500)  # as it is drawn
        except PlaywrightTimeoutError:  # it held for a moment only: some conditions do
            return found

    page.wait_for_function = waiting


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh page of 1440 × 900 whose errors fail the test. Other options of the context come by
    `@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)`."""
    options = {"viewport": {"width": 1440, "height": 900}} | getattr(request, "param", {})
    context = browser.new_context(**options)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda problem: problems.append(f"page error: {problem}"))
    opened.on("console", lambda message: problems.append(f"console: {message.text}") if _counts(message) else None)
    rest_after_waiting(opened)
    opened.problems = problems  # a test that provokes an error clears what it expected
    yield opened
    context.close()
    assert problems == []


@pytest.fixture(scope="session")
def _harness_server() -> Iterator[tuple[str, harness.Harness]]:
    port = free_port()
    with harness.serving(port) as serving:
        yield f"http://127.0.0.1:{port}", serving


@pytest.fixture
def serve_static(_harness_server: tuple[str, harness.Harness]) -> tuple[str, harness.Harness]:
    """(address, Harness): mount.html, the static files and fake runs; every test begins with no runs."""
    _harness_server[1].runs.clear()
    return _harness_server


@pytest.fixture
def mounted(page: Any, serve_static: tuple[str, harness.Harness]) -> Any:
    """`mounted("trainbar", data={…}, theme="dark")` opens the harness page with that component."""

    def open_with(*names: str, data: dict[str, Any] | None = None, theme: str = "light") -> Any:
        page.goto(f"{serve_static[0]}/mount.html?theme={theme}")
        page.wait_for_selector("html[data-ready=yes]")
        for name in names:
            page.evaluate("([name, data]) => harness.mount(name, data)", [name, data or {"run": "fake"}])
        return page

    return open_with
