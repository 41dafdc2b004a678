"""The HTML shell names its server, whatever the answer's encoding or the base path; other answers stay as they are."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config

from dlviz.ui.components.lasting import STATIC, preloads
from dlviz.ui.shell import Shell, opening_components

SHELL = "<!doctype html><html><head><title>x</title></head><body>" + "y" * 3000 + "</body></html>"
TOLD = '<head><script>window.__streamlit={BACKEND_BASE_URL:location.origin+"/"}</script>'


def client() -> TestClient:
    async def page(request: object) -> Response:
        return HTMLResponse(SHELL)

    async def parts(request: object) -> Response:
        return StreamingResponse(iter([SHELL[:20], SHELL[20:70], SHELL[70:]]), media_type="text/html")

    async def text(request: object) -> Response:
        return PlainTextResponse("<head>")

    async def missing(request: object) -> Response:
        return HTMLResponse("<head>", status_code=404)

    routes = [Route("/page", page), Route("/parts", parts), Route("/text", text), Route("/missing", missing)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Shell), Middleware(GZipMiddleware)]))


@pytest.mark.parametrize("path", ["/page", "/parts"])
def test_the_shell_is_told_where_its_server_is(path: str) -> None:
    answer = client().get(path, headers={"accept": "text/html,*/*", "accept-encoding": "gzip"})
    assert TOLD in answer.text
    before, _, after = answer.text.partition("<title>")
    assert "<head><title>" + after == SHELL.partition("<html>")[2]
    preloaded = re.findall(r'<link rel="modulepreload"[^>]* href="/app/static/[^/"]+/([^"]+)"', before)
    assert "thumbnails/component.js" in preloaded
    assert all((STATIC / file).is_file() for file in preloaded)
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_base_path_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def option(name: str) -> str:
        asked.append(name)
        return "/class/a/"

    monkeypatch.setattr(config, "get_option", option)
    answer = client().get("/page", headers={"accept": "text/html"})
    assert asked == ["server.baseUrlPath"]
    assert 'location.origin+"/class/a/"' in answer.text


@pytest.mark.parametrize(("path", "text"), [("/text", "<head>"), ("/missing", "<head>")])
def test_other_answers_stay_as_they_are(path: str, text: str) -> None:
    assert client().get(path, headers={"accept": "text/html"}).text == text


def test_a_lab_preloads_just_the_modules_that_its_page_imports() -> None:
    asked = re.findall(r'href="/app/static/[^/"]+/([^"]+)"', preloads("/", opening_components("playground")))
    assert {"lib/live.js", "lib/nn.js", "playground/network.js", "playground/output.js", "warp/component.js"} <= set(
        asked
    )
    assert not any(file.startswith(("thumbnails/", "neuron/", "claims/")) for file in asked)
    assert len(asked) == len(set(asked))
