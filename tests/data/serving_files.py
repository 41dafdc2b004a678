"""A web server of this machine with a few files in it, for tests of what fetches."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dlviz.data.fetching import Source


class Files:
    """`files`: name → bytes. `hangs`: names of which only half comes, and then nothing; `cut`: and then the end."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.hangs: set[str] = set()
        self.cut: set[str] = set()
        self.asked: list[str] = []
        self.address = ""
        self.let_go = threading.Event()

    def source(self, name: str, *, published: bytes | None = None, before: tuple[str, ...] = ()) -> Source:
        """The source of a file here; `before`: addresses that are tried first."""
        data = self.files[name] if published is None else published
        return Source(name, (*before, self.address + name), len(data), hashlib.md5(data).hexdigest())


@contextlib.contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Files]:
    """The server, until the block ends."""
    found = Files(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            found.asked.append(name)
            if name not in found.files:
                self.send_error(404, "Not Found")
                return
            data = found.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            half = len(data) // 2
            with contextlib.suppress(ConnectionError):  # who asked is gone
                self.wfile.write(data[:half])
                self.wfile.flush()
                if name in found.hangs:
                    found.let_go.wait(60)
                if name not in found.cut:
                    self.wfile.write(data[half:])

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def nobody() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"


def wait_until(condition: object, seconds: float = 30) -> None:
    """Until a condition holds, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)
