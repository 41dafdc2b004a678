"""The floor in the real app: files that last, a bar that stays in sight, keys that Streamlit does not steal."""

from __future__ import annotations

from typing import Any

import pytest

from dlviz.ui.components import lasting
from tests.training.visiting import run_async

STEP_SHOWN = """() => [...document.querySelectorAll("*")].some((host) =>
  /\\d/.test(host.shadowRoot?.querySelector(".figure.step .value")?.textContent ?? ""))"""


def ask(path: str) -> tuple[str, dict[bytes, bytes]]:
    """The path that arrives behind LastingFiles, and the headers that come back."""
    seen, answered = [], {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"no-cache")]})

    async def send(message: Any) -> None:
        answered.update(message["headers"])

    run_async(lasting.LastingFiles(app)({"type": "http", "path": path, "headers": []}, None, send))
    return seen[0], answered


@pytest.mark.parametrize("base", ["", "/course"])
def test_stamped_addresses_are_the_plain_files_and_last(base: str) -> None:
    path, headers = ask(f"{base}/app/static/{lasting.stamp()}/lib/live.js")
    assert path == f"{base}/app/static/lib/live.js"
    assert headers[b"cache-control"] == lasting.FOREVER


@pytest.mark.parametrize("path", ["/app/static/lib/live.js", "/app/static/v-000000000000/lib/live.js", "/playground"])
def test_nothing_else_lasts(path: str) -> None:
    assert ask(path)[1][b"cache-control"] == b"no-cache"


def test_another_content_has_another_stamp(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "STATIC", tmp_path)
    stamps = []
    for text in ("a", "b", "a"):
        (tmp_path / "file.js").write_text(text)
        stamps.append(lasting.stamp.__wrapped__())
    assert stamps[0] == stamps[2] != stamps[1]


@pytest.fixture
def lab(page: Any, app: str) -> Any:
    page.goto(f"{app}/playground")
    page.locator(".figure .value").first.wait_for()
    page.wait_for_function(STEP_SHOWN)
    return page


def test_a_second_visit_fetches_none_of_our_files(lab: Any) -> None:
    lab.reload()
    lab.get_by_role("button", name="One step").wait_for()
    code = """() => performance.getEntriesByType("resource").filter(({name}) => name.includes("/app/static/v-"))
      .map(({transferSize, name}) => [name, transferSize])"""
    sizes = lab.evaluate(code)
    assert len(sizes) > 20
    assert [name for name, size in sizes if size > 0] == []


def test_the_bar_stays_in_sight(lab: Any) -> None:
    lab.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollHeight > 1800")
    lab.evaluate("""() => document.querySelector("[data-testid=stMain]").scrollTo(0, 700)""")
    lab.wait_for_timeout(200)
    assert lab.evaluate("""() => document.querySelector("[data-testid=stMain]").scrollTop""") > 300
    box = lab.get_by_role("toolbar", name="Training").bounding_box()
    assert 0 <= box["y"] < 120


def test_keys_train_and_streamlit_does_not_run_again(lab: Any) -> None:
    step = lab.locator(".figure.step .value")
    lab.keyboard.press("r")
    lab.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
    for _ in range(3):
        lab.keyboard.press("ArrowRight")
    lab.wait_for_timeout(600)
    assert step.inner_text() == "3"
    assert lab.locator("[data-testid=stException]").count() == 0


def test_colours_of_a_component_are_the_theme_of_the_page(lab: Any) -> None:
    from dlviz.figures.palette import LIGHT

    code = """() => { const roots = [...document.querySelectorAll("*")].map((host) => host.shadowRoot).filter(Boolean);
      const bar = roots.map((root) => root.querySelector(".bar")).find(Boolean);
      const style = getComputedStyle(bar.getRootNode().host);
      const names = ["--st-primary-color", "--st-background-color", "--st-border-color"];
      return names.map((name) => style.getPropertyValue(name).trim()); }"""
    assert lab.evaluate(code) == [LIGHT.accent, LIGHT.paper, LIGHT.line]


def test_where_no_socket_opens_the_page_still_trains(page: Any, app: str) -> None:
    page.add_init_script("""const Real = WebSocket;
      window.WebSocket = class extends Real {
        constructor(address, protocols) {
          super(address.includes("/api/live/") ? "ws://127.0.0.1:9/" : address, protocols);
        }
      };""")
    page.goto(f"{app}/playground")
    page.get_by_text("Slow connection: two pictures a second").wait_for(timeout=20000)
    step = page.locator(".figure.step .value")
    page.wait_for_function(STEP_SHOWN)
    before = step.inner_text()
    page.get_by_role("button", name="One step").click()
    page.wait_for_timeout(2500)
    assert int(step.inner_text().replace(",", "")) == int(before.replace(",", "")) + 1
    page.problems.clear()  # the browser reports the socket that could not open
