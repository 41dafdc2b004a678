"""Finding a Chromium: the one named, the system's, and where there is none, the right way to install one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import browsing


def test_the_one_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine = tmp_path / "chromium"
    mine.touch()
    monkeypatch.setenv("DLVIZ_CHROMIUM", str(mine))
    assert browsing.find_chromium() == str(mine)
    monkeypatch.setenv("DLVIZ_CHROMIUM", str(tmp_path / "missing"))
    with pytest.raises(FileNotFoundError, match="DLVIZ_CHROMIUM names no file"):
        browsing.find_chromium()


def test_a_stub_that_cannot_start_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ubuntu's chromium-browser may be a script that only says how to install the snap."""
    monkeypatch.delenv("DLVIZ_CHROMIUM", raising=False)
    for name, code in (("chromium", 1), ("google-chrome", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browsing.find_chromium() == str(tmp_path / "google-chrome")


@pytest.mark.parametrize(
    ("user", "apt", "first"),
    [(0, "/usr/bin/apt-get", "apt-get update"), (1000, "/usr/bin/apt-get", "playwright"), (0, None, "playwright")],
    ids=["root on Debian", "somebody on Debian", "root elsewhere"],
)
def test_who_installs_what(monkeypatch: pytest.MonkeyPatch, user: int, apt: str | None, first: str) -> None:
    called: list[str] = []

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[bytes]:
        called.append(" ".join(command))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(shutil, "which", lambda _name: apt)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(browsing, "find_chromium", lambda: "/usr/bin/chromium")
    browsing.install_chromium()
    if first == "playwright":
        assert called == [f"{sys.executable} -m playwright install chromium"]
    else:
        assert called[0].startswith(first)
        assert "install" in called[1]
        assert " chromium " in f"{called[1]} "
        assert len(called) == 2


def test_a_server_that_does_not_come_up_shows_its_words() -> None:
    port = browsing.free_port()
    command = [sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"]
    with pytest.raises(RuntimeError, match="no such thing"), browsing.serving(command, port):
        pass
