"""The live route on the real app, started as a person starts it: `streamlit run app.py`."""

import asyncio
import contextlib
import http.client
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from starlette.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dlviz.labs.playground import LAB
from dlviz.training.live import MOST_BYTES, same_origin
from tests.browsing import ROOT, free_port, healthy
from tests.training.visiting import live, open_page, run_async

pytestmark = pytest.mark.slow  # it starts the app, once as it is and once under a base path

BASE = "teaching/deep"


@contextlib.contextmanager
def start(base=""):
    """The app in a process of its own, with little patience; gives the address it listens on."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true",
               "--server.address=127.0.0.1", f"--server.baseUrlPath={base}"]  # fmt: skip
    env = {**os.environ, "DLVIZ_GRACE": "1", "DLVIZ_WORKERS": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert healthy(f"{address}/{base}".rstrip("/"), within=60, process=process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def address():
    with start() as found:
        yield found


def visit(talk):
    """Run one conversation."""
    return run_async(talk)


async def closing_code(address, run, send=None, **how):
    async with live(address, run, **how) as visitor:
        try:
            if send:
                await send(visitor.socket)
            async with asyncio.timeout(30):
                while True:
                    await visitor.receive()
        except ConnectionClosed as closed:
            return closed.rcvd.code


def test_a_page_opens_a_run_that_plays(address):
    async def talk():
        async with live(address, await open_page(address)) as visitor:
            first = await visitor.receive()
            assert (first.kind, first.version) == ("scene", 1)
            frame = await visitor.until(lambda m: m.kind == "frame" and m.numbers["goal"] is None)
            assert frame.step == LAB.opening_steps > 0
            await visitor.send("play", on=True)
            steps = [(await visitor.until(lambda m: m.kind == "frame")).step for _ in range(20)]
            assert steps == sorted(steps)
            assert steps[-1] > LAB.opening_steps
            paused = await visitor.ask("play", on=False)
            assert paused.kind == "reply"
            last = await visitor.until(lambda m: m.kind == "frame" and not m.numbers["playing"])
            assert last.step >= steps[-1]

    visit(talk())


def test_a_slow_viewer_gets_two_frames_and_then_the_newest(address):
    async def talk():
        async with live(address, await open_page(address), asks_on=False) as visitor:
            await visitor.until(lambda m: m.kind == "frame" and m.numbers["goal"] is None)
            await visitor.send("next")
            await visitor.send("play", on=True)
            early = [await visitor.receive() for _ in range(2)]
            assert {message.kind for message in early} == {"frame"}
            with pytest.raises(TimeoutError):  # no credit, no frame
                async with asyncio.timeout(1.0):
                    await visitor.receive()
            reply = await visitor.ask("speed", steps_per_second=None)  # messages need no credit
            assert reply.kind == "reply"
            await visitor.send("play", on=False)
            await visitor.send("next")
            newest = await visitor.receive()
            assert newest.kind == "frame"
            assert newest.step > early[-1].step
            with pytest.raises(TimeoutError):  # all those between are gone
                async with asyncio.timeout(0.5):
                    await visitor.receive()

    visit(talk())


def test_two_viewers_see_one_run(address):
    async def talk():
        run = await open_page(address)
        async with live(address, run) as one, live(address, run) as other:
            await other.until(lambda m: m.kind == "frame")
            await one.ask("set", changes={"learning_rate": 0.25})
            scene = await other.until(lambda m: m.kind == "scene" and m.version > 1)
            assert scene.numbers["spec"]["learning_rate"] == 0.25

    visit(talk())


def test_bad_commands_are_answered_and_the_socket_stays(address):
    async def talk():
        async with live(address, await open_page(address)) as visitor:
            for text in ["{", "[]", "7", "null", '"play"', "[" * 100_000, '{"do": NaN}', "{}"]:
                await visitor.socket.send(text)
                note = await visitor.until(lambda m: m.kind == "note")
                assert note.numbers["level"] == "error"
            assert (await visitor.ask("advance", steps=3)).kind == "reply"

    visit(talk())


def test_an_unknown_run_is_said_to_be_gone(address):
    assert visit(closing_code(address, "nobody")) == 4404


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_site_is_refused(address, origin):
    async def talk():
        run = await open_page(address)
        with pytest.raises(InvalidStatus) as refused:
            async with live(address, run, origin=origin):
                pass
        assert refused.value.response.status_code == 403

    visit(talk())


def test_an_oversized_command_closes_the_socket(address):
    async def talk():
        run = await open_page(address)

        async def send(socket):
            await socket.send('{"do": "set", "changes": "' + "x" * MOST_BYTES + '"}')

        assert await closing_code(address, run, send) == 1009

    visit(talk())


def test_a_binary_command_closes_the_socket(address):
    async def talk():
        run = await open_page(address)

        async def send(socket):
            await socket.send(b"{}")

        assert await closing_code(address, run, send) == 1003

    visit(talk())


def test_too_many_commands_close_the_socket(address):
    async def talk():
        run = await open_page(address)

        async def send(socket):
            for _ in range(2000):
                await socket.send('{"do": "next"}')

        assert await closing_code(address, run, send) == 1008

    visit(talk())


def test_a_run_ends_when_its_last_page_is_gone(address):
    async def talk():
        run = await open_page(address)
        async with live(address, run) as visitor:
            await visitor.until(lambda m: m.kind == "frame")
        await asyncio.sleep(0.3)
        async with live(address, run) as visitor:  # back in time
            assert (await visitor.receive()).kind == "scene"
        await asyncio.sleep(3)
        assert await closing_code(address, run) == 4404

    visit(talk())


def get(address, path, **headers):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_answers_carry_the_headers(address):
    for path in ("/", "/playground", "/_stcore/health"):
        answer, _ = get(address, path)
        assert answer.status == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_our_files_are_asked_for_again_and_sent_once(address):
    answer, body = get(address, "/app/static/lib/message.js")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert b"export function decode" in body
    again, nothing = get(address, "/app/static/lib/message.js", **{"If-None-Match": answer.headers["etag"]})
    assert (again.status, nothing) == (304, b"")


def test_under_a_base_path():
    with start(BASE) as address:

        async def talk(prefix):
            async with live(f"{address}{prefix}", "nobody", origin=address) as visitor:
                try:
                    await visitor.receive()
                except ConnectionClosed as closed:
                    return closed.rcvd.code

        assert visit(talk("")) == 4404
        assert visit(talk(f"/{BASE}")) == 4404
        assert get(address, f"/{BASE}/app/static/lib/message.js")[0].headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("origin", "host", "forwarded", "same"),
    [
        (None, "example.org", None, True),
        ("https://example.org", "example.org", None, True),
        ("https://example.org", "example.org:443", None, True),
        ("http://EXAMPLE.org:8501", "example.org:8501", None, True),
        ("http://[::1]:8501", "[::1]:8501", None, True),
        ("https://example.org", "127.0.0.1:8501", "example.org", True),
        ("https://example.org.evil", "example.org", None, False),
        ("https://evil", "example.org", "example.org", False),
        ("http://example.org:8502", "example.org:8501", None, False),
        ("http://user@evil/", "example.org", None, False),
        ("null", "example.org", None, False),
        ("", "example.org", None, False),
        ("http://example.org:port", "example.org", None, False),
        ("", "", None, False),
    ],
)
def test_the_page_must_come_from_this_server(origin, host, forwarded, same):
    given = {"host": host, "origin": origin, "x-forwarded-host": forwarded}
    assert same_origin(Headers({name: value for name, value in given.items() if value is not None})) is same
