"""Files from the network, fetched by a process of their own: it can be watched, and ended at any moment.

The child calls `download` and tells with `tell_by_lines` how far it is; whoever began it goes through `watch`, which
never waits for the network, as a job must not (dlviz/training/jobs.py); when it is closed, the child is gone.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from urllib.parse import urlsplit

from dlviz.core.errors import DlvizError
from dlviz.core.lab import Progress

CONNECTING = 10.0  # seconds for a first answer, and between two pieces of one
SILENCE = 30.0  # seconds without a word from the child after which it is given up
PIECE = 1 << 16
UNKNOWN_MOST = 256 << 20  # bytes of a file whose size nobody published
TELL_EVERY = 0.2  # seconds
REST = 0.2
ROOT = Path(__file__).parent.parent.parent

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Source:
    """A file: its name, the addresses that have it, tried in turn, its size in bytes, its MD5 as it was published.

    Where nobody published them size is 0 and the MD5 empty: whoever reads the file looks at what it holds.
    """

    name: str
    addresses: tuple[str, ...]
    size: int = 0
    md5: str = ""

    @property
    def hosts(self) -> list[str]:
        return list(dict.fromkeys(host_of(address) for address in self.addresses))


class FetchProblem(DlvizError):
    """Something could not be fetched; its text says why, for the person who asked."""


def host_of(address: str) -> str:
    """The machine that an address names."""
    return urlsplit(address).hostname or address


# --- in the child -----------------------------------------------------------------------------------


def download(sources: Sequence[Source], folder: Path, tell: Tell) -> None:
    """Fetch every file into `folder`; `tell(bytes so far, bytes in all, name of the file)` hears how far it is.

    Raises `FetchProblem` when no address gives what was published.
    """
    is_known = all(source.size for source in sources)
    total, before = sum(source.size for source in sources) if is_known else 0, 0
    for source in sources:
        file = folder / source.name
        _from_anywhere(source, file, lambda n, s=source, b=before: tell(b + n, total, s.name))  # type: ignore[misc]
        before += source.size or file.stat().st_size


def _from_anywhere(source: Source, file: Path, tell: Callable[[int], None]) -> None:
    problems: list[FetchProblem] = []
    for address in source.addresses:
        try:
            _from_one(address, source, file, tell)
        except FetchProblem as problem:
            problems.append(problem)
        else:
            return
    # Of an address that answers one learns more than of one that does not.
    raise next((each for each in problems if not isinstance(each, Unreachable)), Unreachable(source.hosts))


class Unreachable(FetchProblem):
    """Nobody answers."""

    def __init__(self, hosts: Sequence[str]) -> None:
        super().__init__(f"This machine could not reach {' or '.join(hosts)}: is it online?")


def _from_one(address: str, source: Source, file: Path, tell: Callable[[int], None]) -> None:
    host, found, told = host_of(address), 0, -TELL_EVERY
    seen = hashlib.md5(usedforsecurity=False)
    try:
        with urllib.request.urlopen(address, timeout=CONNECTING) as answer, file.open("wb") as kept:
            while piece := answer.read(PIECE):
                kept.write(piece)
                seen.update(piece)
                found += len(piece)
                if found > (2 * source.size + PIECE if source.size else UNKNOWN_MOST):
                    raise FetchProblem(f"{host} sends more than {source.name} has.")
                if monotonic() - told >= TELL_EVERY:
                    tell(found)
                    told = monotonic()
    except urllib.error.HTTPError as problem:
        raise FetchProblem(
            f"{host} does not give {source.name}: it answers {problem.code} {problem.reason}."
        ) from problem
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            raise FetchProblem(f"There is no room for {source.name}, {source.size:,} bytes.") from problem
        if found:
            raise FetchProblem(f"{host} stopped in the middle of {source.name}, after {found:,} bytes.") from problem
        raise Unreachable([host]) from problem
    except HTTPException as problem:
        raise FetchProblem(f"{host} stopped in the middle of {source.name}, after {found:,} bytes.") from problem
    if source.md5 and seen.hexdigest() != source.md5:
        rule = "is not what was published under that name, or was damaged on the way"
        raise FetchProblem(f"{source.name} as {host} gives it {rule}: {found:,} bytes instead of {source.size:,}.")
    tell(found)


def tell_by_lines(done: int, total: int, text: str) -> None:
    """One line of JSON a piece of news, for `watch`."""
    print(json.dumps({"done": done, "total": total, "text": text}), flush=True)


def end_with_parent() -> str:
    """The order that whoever began this process gave, its first line; when they are gone, so is this process."""
    order = sys.stdin.readline()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
    return order


# --- who began it -----------------------------------------------------------------------------------


def in_words(sources: Sequence[Source]) -> list[dict[str, object]]:
    """Sources as plain data, for an order in JSON."""
    return [asdict(source) for source in sources]


def from_words(given: Sequence[dict[str, object]]) -> list[Source]:
    """What `in_words` wrote."""
    return [Source(**{**each, "addresses": tuple(each["addresses"])}) for each in given]  # type: ignore[arg-type]


def watch(command: Sequence[str], order: object, silence: float = SILENCE) -> Generator[Progress, None, None]:
    """Run `command`, give it `order` as a line of JSON, and yield what it tells until it has ended well.

    Raises `FetchProblem` in its words, or where it says nothing for `silence` seconds. It never outlives this.
    """
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    news: SimpleQueue[str | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(child.stdout, news), daemon=True).start()
    try:
        with contextlib.suppress(BrokenPipeError):  # it has ended, and the end is heard below
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()
        latest, heard = Progress(0, 0, "", rest=REST), monotonic()
        while True:
            line = _newest(news)
            if line is None:
                break
            if line:
                told, heard = json.loads(line), monotonic()
                if "problem" in told:
                    raise FetchProblem(told["problem"])
                latest = Progress(told["done"], told["total"], told["text"], rest=REST)
            elif monotonic() - heard > silence:
                raise FetchProblem(f"Nothing has arrived for {silence:g} seconds: is this machine online?")
            yield latest
        if child.wait() != 0:
            raise FetchProblem(f"The process that fetched it ended unexpectedly (status {child.returncode}).")
    finally:
        child.kill()
        child.wait()
        with contextlib.suppress(BrokenPipeError):  # what it did not read is written once more when the pipe is closed
            child.stdin.close()


def _listen(words: object, news: SimpleQueue[str | None]) -> None:
    for line in words:  # type: ignore[attr-defined]
        news.put(line.strip())
    words.close()  # type: ignore[attr-defined]
    news.put(None)


def _newest(news: SimpleQueue[str | None]) -> str | None:
    """The last line there is, a problem before all others; "" where there is none, None at the end."""
    found = ""
    with contextlib.suppress(Empty):
        while True:
            line = news.get_nowait()
            if line is None:
                if not found:
                    return None
                news.put(None)  # to be heard next time
                return found
            found = line if '"problem"' not in found else found
    return found
