"""Thirty sessions on one server, each with its own run: how long a click takes, how old a picture gets.

`python -m tests.load.thirty [ADDRESS]` prints it; the test and the bench use `measure`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import sys
import time
from dataclasses import dataclass, field

from tests import browsing
from tests.training.visiting import Visitor, live, open_page, run_async

SESSIONS = 30
SECONDS = 8.0
DATA_SETS = ("circle", "xor", "gauss", "spiral", "moons", "blobs")


@dataclass
class Session:
    """What one visitor saw."""

    clicks: list[float] = field(default_factory=list)  # seconds from a command to its reply
    ages: list[float] = field(default_factory=list)  # seconds that a picture stood until the next, while playing
    frames: int = 0
    first_step: int | None = None
    last_step: int = 0
    notes: list[str] = field(default_factory=list)
    trouble: str = ""


@dataclass
class Load:
    """All of them together; times in seconds."""

    sessions: list[Session]
    seconds: float
    opening: float  # until every page had its first picture

    @property
    def clicks(self) -> list[float]:
        return sorted(value for session in self.sessions for value in session.clicks)

    @property
    def ages(self) -> list[float]:
        return sorted(value for session in self.sessions for value in session.ages)

    @property
    def steps_per_second(self) -> float:
        return sum(s.last_step - (s.first_step or 0) for s in self.sessions) / self.seconds

    @property
    def frames_per_second(self) -> float:
        """Of one session."""
        return statistics.mean(session.frames for session in self.sessions) / self.seconds

    def lines(self) -> list[str]:
        """For a person to read."""
        return [
            f"{len(self.sessions)} sessions opened within {self.opening:.1f} s, then played for {self.seconds:.0f} s",
            f"click to reply: {_spread(self.clicks)}",
            f"age of a picture: {_spread(self.ages)}",
            f"{self.steps_per_second:.0f} steps/s in all, {self.frames_per_second:.1f} frames/s each",
        ]


async def measure_async(address: str, sessions: int, seconds: float) -> Load:
    begun = time.monotonic()
    ready, go = asyncio.Semaphore(0), asyncio.Event()
    found = [Session() for _ in range(sessions)]
    visits = [_visit(address, number, session, ready, go, seconds) for number, session in enumerate(found)]
    tasks = [asyncio.create_task(visit) for visit in visits]
    for _ in range(sessions):
        await ready.acquire()
    opening = time.monotonic() - begun
    go.set()
    await asyncio.gather(*tasks)
    return Load(found, seconds, opening)


def measure(address: str, sessions: int = SESSIONS, seconds: float = SECONDS) -> Load:
    """Let so many visitors play for so long, each clicking now and then."""
    return run_async(measure_async(address, sessions, seconds))


async def _visit(
    address: str, number: int, session: Session, ready: asyncio.Semaphore, go: asyncio.Event, seconds: float
) -> None:
    try:
        run = await open_page(address, query=f"playground.dataset={DATA_SETS[number % len(DATA_SETS)]}")
        async with live(address, run) as visitor:
            await visitor.until(lambda message: message.kind == "frame")
            ready.release()
            await go.wait()
            await _play(visitor, session, seconds, random.Random(number))
    except Exception as problem:  # noqa: BLE001 - whatever went wrong with one is a finding
        session.trouble = f"{type(problem).__name__}: {problem}"
        ready.release()


async def _play(visitor: Visitor, session: Session, seconds: float, chance: random.Random) -> None:
    """Play; every second or two a click on pause and on play, timed by its reply."""
    sent: dict[str, float] = {}
    end = time.monotonic() + seconds
    playing, next_click, shown_at = True, 0.0, time.monotonic()
    while (now := time.monotonic()) < end:
        if now >= next_click:
            token = f"click {len(sent)}"
            sent[token] = now
            await visitor.send("play", on=playing, token=token)
            next_click = now + (1.0 + chance.random() if playing else 0.3)
            playing = not playing
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(next_click, end) - time.monotonic())):
                message = await visitor.receive()
                now = time.monotonic()
                if message.kind == "frame":
                    if message.numbers["playing"] and session.frames:
                        session.ages.append(now - shown_at)
                    shown_at = now
                    session.frames += 1
                    session.first_step = message.step if session.first_step is None else session.first_step
                    session.last_step = message.step
                elif message.kind == "reply":
                    session.clicks.append(now - sent[message.numbers["token"]])
                elif message.kind == "note":
                    session.notes.append(message.numbers["text"])


def _spread(values: list[float]) -> str:
    """Of sorted seconds, in milliseconds."""
    if not values:
        return "none"
    late = values[min(len(values) - 1, int(0.95 * len(values)))]
    return f"median {statistics.median(values) * 1e3:.0f} ms, 95 % within {late * 1e3:.0f} ms"


def main() -> None:
    with contextlib.ExitStack() as stack:
        address = sys.argv[1] if len(sys.argv) > 1 else stack.enter_context(browsing.app())
        load = measure(address)
    print("\n".join(load.lines()))
    for session in load.sessions:
        if session.trouble:
            print(session.trouble)


if __name__ == "__main__":
    main()
