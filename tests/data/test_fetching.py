"""Fetching files: what was published and nothing else, from whichever address gives it; and the child that does it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dlviz.core.lab import Progress
from dlviz.data import fetching
from dlviz.data.fetching import FetchProblem, Source, download, from_words, in_words, watch
from tests.data.serving_files import Files, nobody, serving, wait_until

LARGE = bytes(range(256)) * 2000


@pytest.fixture
def files() -> Iterator[Files]:
    with serving({"a.bin": LARGE, "b.bin": b"s" * 2**18}) as found:
        yield found


def told(sources: list[Source], folder: Path) -> list[tuple[int, int, str]]:
    heard: list[tuple[int, int, str]] = []
    download(sources, folder, lambda *news: heard.append(news))
    return heard


def test_files_arrive_as_they_are_and_bytes_are_counted(files: Files, tmp_path: Path) -> None:
    sources = [files.source("a.bin"), files.source("b.bin")]
    heard = told(sources, tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == LARGE
    assert (tmp_path / "b.bin").read_bytes() == b"s" * 2**18
    total = len(LARGE) + 2**18
    assert heard[-1] == (total, total, "b.bin")
    assert (len(LARGE), total, "a.bin") in heard
    counts = [done for done, _, _ in heard]
    assert counts == sorted(counts)
    assert from_words(in_words(sources)) == sources


def test_an_address_that_does_not_give_it_is_followed_by_the_next(files: Files, tmp_path: Path) -> None:
    gone = files.address + "elsewhere/a.bin"
    told([files.source("a.bin", before=(nobody() + "a.bin", gone))], tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == LARGE
    assert files.asked == ["elsewhere/a.bin", "a.bin"]


DAMAGED = (
    "a.bin as 127.0.0.1 gives it is not what was published under that name, or was damaged on the way: 256,000 bytes "
    "instead of 512,000."
)


def test_what_goes_wrong_is_said(files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "CONNECTING", 0.3)
    files.hangs.add("b.bin")
    files.cut.add("a.bin")
    missing = Source("c.bin", (files.address + "c.bin",), 4, "")
    cases: list[tuple[Source, str]] = [
        (Source("a.bin", (nobody() + "a.bin",), 9, ""), "This machine could not reach 127.0.0.1: is it online?"),
        (Source("a.bin", ("http://nowhere.invalid/a.bin",), 9, ""),
         "This machine could not reach nowhere.invalid: is it online?"),
        (missing, "127.0.0.1 does not give c.bin: it answers 404 Not Found."),
        (files.source("a.bin"), DAMAGED),
        (files.source("b.bin"), "127.0.0.1 stopped in the middle of b.bin, after 131,072 bytes."),
        (files.source("a.bin", published=b"tiny"), "127.0.0.1 sends more than a.bin has."),
    ]  # fmt: skip
    for source, words in cases:
        with pytest.raises(FetchProblem) as problem:
            told([source], tmp_path)
        assert str(problem.value) == words


def run(moves: Any) -> list[Progress]:
    """Every Progress until the end, at the pace that it asks for."""
    found = []
    for progress in moves:
        found.append(progress)
        time.sleep(min(progress.rest, 0.02))
    return found


def child(program: str) -> list[str]:
    return [sys.executable, "-c", program]


TELLS = """
import json, sys, time
order = json.loads(sys.stdin.readline())
for done in range(4):
    print(json.dumps({"done": done, "total": order, "text": "counting"}), flush=True)
    time.sleep(0.1)
"""


def test_a_child_is_watched_without_waiting_for_it() -> None:
    moves = watch(child(TELLS), 3)
    began = time.perf_counter()
    first = next(moves)
    assert (first.done, first.total) == (0, 0), "nothing is known yet, and nobody is kept waiting"
    assert time.perf_counter() - began < 5
    found = run(moves)
    assert (found[-1].done, found[-1].total, found[-1].text) == (3, 3, "counting")
    assert all(progress.rest > 0 for progress in found)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ('import json; print(json.dumps({"problem": "No such file."}))', "No such file."),
        ("import sys; sys.exit(3)", r"The process that fetched it ended unexpectedly \(status 3\)\."),
        ("import time; time.sleep(60)", r"Nothing has arrived for 0\.5 seconds: is this machine online\?"),
    ],
)
def test_a_child_that_fails_or_falls_silent_is_ended(program: str, words: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FetchProblem, match=words):
        run(watch(child(program), None, silence=0.5))
    assert time.perf_counter() - began < 30


SLEEPS = """
import os, pathlib, sys, time
from dlviz.data.fetching import end_with_parent
end_with_parent()
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""


def test_a_child_ends_when_it_is_no_longer_watched(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    moves = watch([*child(SLEEPS), str(file)], None)
    next(moves)
    wait_until(lambda: file.is_file() and file.read_text())
    number = int(file.read_text())
    moves.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_child_ends_when_whoever_began_it_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    orphan = subprocess.Popen([*child(SLEEPS), str(file)], stdin=subprocess.PIPE, text=True)
    assert orphan.stdin is not None
    orphan.stdin.write("order\n")
    orphan.stdin.flush()
    wait_until(lambda: file.is_file() and file.read_text())
    orphan.stdin.close()  # as the system does for a process that dies
    assert orphan.wait(30) == 1
