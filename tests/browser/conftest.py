"""Browser tests: a page that fails its test on any error in it, and the harness for components without the app."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
ACTIONS = ("click", "fill", "press", "select_option")


@pytest.fixture(scope="session", autouse=True)
def _pages_rest() -> Iterator[None]:
    """Every wait for a condition and every action comes back only when the page has drawn what it knows.

    A panel draws at the next frame. On a busy machine a test can look between what the panel has been told and the
    frame that draws it; it then reads the picture before, and fails for nothing that a person could ever see."""
    from playwright.sync_api import Error, Locator, Page, TimeoutError

    def rest(page: Any) -> None:
        with contextlib.suppress(Error):  # the action led to another page, or closed this one
            page.evaluate(REST)

    wait = Page.wait_for_function

    def waiting(page: Any, condition: str, **options: Any) -> Any:
        found = wait(page, condition, **options)
        rest(page)
        try:
            return wait(page, condition, **(options | {"timeout": 500}))  # as it is drawn
        except TimeoutError:  # it held for a moment only: some conditions do
            return found

    def acting(act: Any) -> Any:
        def acted(locator: Any, *given: Any, **options: Any) -> Any:
            found = act(locator, *given, **options)
            rest(locator.page)
            return found

        return acted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "wait_for_function", waiting)
        for name in ACTIONS:
            patch.setattr(Locator, name, acting(getattr(Locator, name)))
        yield


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
