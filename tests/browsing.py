"""A real server and a real Chromium, for the browser tests, the bench and the photographs.

`python -m tests.browsing` prints the Chromium that will be used, and installs one where there is none.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless=new",
    "--no-sandbox",  # tests run as root in containers, and open nothing but the local server
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The Chromium to drive: `DLVIZ_CHROMIUM`, else the system's, else the one Playwright has downloaded."""
    named = os.environ.get("DLVIZ_CHROMIUM")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"DLVIZ_CHROMIUM names no file. Got {named}.")
        return named
    for name in SYSTEM_NAMES:
        path = shutil.which(name)
        # Ubuntu's chromium-browser may be a script that only says "install the snap".
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install_chromium() -> None:
    """Debian's `chromium` where root may install it, else Playwright's own build."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        if subprocess.run(install, env=quiet, check=False).returncode == 0 and find_chromium():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(address: str, within: float, process: subprocess.Popen[bytes] | None = None) -> bool:
    """Whether `/_stcore/health` answers "ok" within so many seconds, while `process` lives."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            return False
        nobody_listens_yet = contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError)
        with nobody_listens_yet, urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            if answer.read().strip() == b"ok":
                return True
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def serving(command: list[str], port: int, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> Iterator[str]:
    """Run a server command until the block ends; gives its address. Its words are shown if it does not come up."""
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT
        )
        try:
            if not healthy(address, within=60, process=process):
                words.seek(0)
                raise RuntimeError(f"{' '.join(command)} did not come up:\n{words.read().decode(errors='replace')}")
            yield address
        finally:
            process.terminate()  # the server stops its own workers
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def app() -> Iterator[str]:
    """The app on a free port; gives its address."""
    port = free_port()
    with serving([sys.executable, "-m", "dlviz", "serve", "--port", str(port)], port) as address:
        yield address


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A running Chromium (a Playwright `Browser`)."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise RuntimeError("There is no Chromium here. `python -m tests.browsing` installs one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def main() -> None:
    if find_chromium() is None:
        install_chromium()
    found = find_chromium()
    if found is None:
        sys.exit("No Chromium could be found or installed. Set DLVIZ_CHROMIUM to the path of one.")
    print(found)


if __name__ == "__main__":
    main()
