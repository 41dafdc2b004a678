"""Driver: one run with its timeline, its curve and its play state. It answers commands and makes messages.

Its only output is the folder it may be given for its moments, and it waits for nothing: whoever holds
it (a worker, the inline engine, a test) calls `slice` when there is time. What the commands may say
stands in `commands`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.core.lab import Lab, find, load
from dlviz.training import checkpoints, commands, frames, jobs
from dlviz.training.curve import Curve
from dlviz.training.divergence import last_sound_step, ways_on
from dlviz.training.jobs import Job
from dlviz.training.keeper import Keeper
from dlviz.training.marks import Marks
from dlviz.training.pace import Pace
from dlviz.training.run import Run, Snapshot
from dlviz.training.timeline import Timeline

Mode = Literal["paused", "playing", "advancing", "opening"]


class Driver:
    """One run under command.

    `changes` counts what a viewer could see change; `children` are branches that whoever holds this
    driver has not taken over yet. Messages are bytes in the envelope of `frames`.
    """

    mode: Mode
    goal: int | None  # the step to stop at

    def __init__(
        self,
        run_id: str,
        lab: Lab | str,
        spec: Any = None,
        *,
        run: Run | None = None,
        opening_steps: int = 0,
        folder: Path | None = None,
    ) -> None:
        self.id = run_id
        self.lab = find(lab) if isinstance(lab, str) else lab
        self.run: Run = run or load(self.lab.run)(spec or self.lab.spec())
        self.pace = Pace()
        self.pace.limit(self.lab.opening_speed)
        self.keeper = Keeper(folder)
        self.version = 0
        self.changes = 0
        self.children: list[Driver] = []
        self.jobs: list[Job] = []
        self.scene_spec: Any = None  # the spec that the viewers' scene shows
        self._outbox: list[bytes] = []
        self._token: str | None = None  # of the `advance` under way
        self._begin()
        if opening_steps and not checkpoints.open_trained(self):
            self.mode, self.goal = "opening", opening_steps

    def _begin(self) -> None:
        """At step 0: nothing measured, nothing kept but the first moment."""
        self.mode, self.goal = "paused", None
        self.elapsed = 0.0
        self.curve, self.marks = Curve(), Marks()
        self._newest: Snapshot | None = None  # the newest moment, while the run shows an earlier one
        self.keeper.begin()
        self._keep()

    # --- what a holder asks ----------------------------------------------------------------------

    @property
    def timeline(self) -> Timeline:
        return self.keeper.timeline

    @property
    def live_step(self) -> int:
        """The newest step of the run, also while it shows an earlier moment."""
        return self._newest.step if self._newest else self.run.step

    def wait(self) -> float | None:
        """Seconds until `slice` has something to do: 0 for now, None for not before a command."""
        if self.mode in ("advancing", "opening"):
            return 0.0
        waits = [jobs.wait(self.jobs), self.pace.wait() if self.mode == "playing" else None]
        return min((wait for wait in waits if wait is not None), default=None)

    def slice(self, seconds: float) -> list[bytes]:
        """Go on for about so long; the messages that came of it. A run that fails is paused, never raised."""
        end = perf_counter() + seconds
        jobs.go_on(self)
        while self.mode != "paused" and (steps := self._piece(end - perf_counter())) > 0:
            self._train(steps)
            if perf_counter() >= end:
                break
        return self.messages()

    def command(self, command: Mapping[str, Any]) -> list[bytes]:
        """Carry out one command; what cannot be done is answered by a note and changes nothing."""
        commands.carry_out(self, command)
        return self.messages()

    def messages(self) -> list[bytes]:
        """What waits to be sent; `slice`, `command` and `write_down` give it too."""
        messages, self._outbox = self._outbox, []
        return messages

    # --- training --------------------------------------------------------------------------------

    def _piece(self, seconds: float) -> int:
        """Steps to train in one go: what fits, up to the goal, to the next moment kept and to the speed limit."""
        most = min(self.pace.steps_within(seconds), max(1, self.keeper.next_step - self.run.step))
        if self.goal is not None:
            most = min(most, self.goal - self.run.step)
        allowance = self.pace.allowance() if self.mode == "playing" else None
        return most if allowance is None else min(most, allowance)

    def _train(self, steps: int) -> None:
        begun = perf_counter()
        try:
            events = self.run.advance(steps)
        except Diverged as problem:
            self._recover(problem)
            return
        except Exception as problem:  # noqa: BLE001 - whatever a model does, the other runs of this process go on
            self.note("error", jobs.in_words(problem))
            self.pause()
            return
        seconds = perf_counter() - begun
        self.elapsed += seconds
        self.pace.took(steps, seconds)
        self.changes += 1
        self._measured(events)
        if self.goal is not None and self.run.step >= self.goal:
            self.pause()
        else:
            self.keeper.keep_in_time(self.run, self.elapsed, self.pace.step_seconds)
            if self.keeper.may_write(self.elapsed):
                self._write_down()

    def _measured(self, events: list[Event]) -> None:
        for event in events:
            self.curve.add(event.step, event.values)

    def _recover(self, problem: Diverged) -> None:
        """Back to the last good moment, paused, with the settings of now and an offer to change them."""
        wanted = specs.values(self.run.spec)
        good = self.timeline.until(last_sound_step(self.curve)).latest().snapshot
        self.run.restore(good)
        had = specs.values(self.run.spec)
        changes = {name: value for name, value in wanted.items() if value != had[name]}
        if changes:
            self.run.set(changes)
        self.curve = self.curve.until(good.step)
        self.keeper.forget_after(good.step)
        self.note("diverged", f"{problem} The run is back at step {good.step}, its last good moment.",
                  offers=ways_on(self.run.spec))  # fmt: skip
        self.pause()

    # --- moments ---------------------------------------------------------------------------------

    def _keep(self) -> None:
        self.keeper.keep(self.run, self.elapsed)
        self.keeper.plan(self.run, self.pace.step_seconds)
        self.changes += 1

    def write_down(self) -> list[bytes]:
        """Write what is not yet in the folder, so that the run outlives this process."""
        self._write_down()
        return self.messages()

    def _write_down(self) -> None:
        try:
            self.keeper.write(self.elapsed, self.state())
        except OSError as problem:
            self.keeper.spill = None
            self.note("info", f"Moments can no longer be written down ({problem.strerror}). The run itself goes on.")

    def state(self) -> dict[str, Any]:
        """What belongs to this run beside its moments, as JSON."""
        return {"lab": self.lab.slug, "version": self.version, "elapsed": self.elapsed, "speed": self.pace.speed,
                "playing": self.mode == "playing", "goal": self.goal, "marks": self.marks.entries,
                "curve": self.curve.plain()}  # fmt: skip

    def resume(self, go_on: bool = True) -> bool:
        """Take over what an earlier process wrote down in the folder; False where it wrote nothing.

        Raises OSError or ValueError where the folder cannot be read.
        """
        found = self.keeper.spill.read() if self.keeper.spill else None
        if found is None or not len(found[0]):
            return False
        self.take_over(*found)
        state = found[1]
        self.version, self.pace.speed = state["version"], state["speed"]
        self.mode, self.goal = ("playing", state["goal"]) if state["playing"] and go_on else ("paused", None)
        self.pace.start()
        return True

    def take_over(self, timeline: Timeline, state: Mapping[str, Any]) -> None:
        """Go on from moments that were written down."""
        self.keeper.timeline = timeline
        self.run.restore(timeline.latest().snapshot)
        self.curve = Curve.from_plain(state["curve"]).until(self.run.step)
        self.marks.entries, self.elapsed = state["marks"], state["elapsed"]
        self.keeper.plan(self.run, None)
        self.changes += 1

    def branch(self, step: int | None = None, run_id: str = "") -> Driver:
        """A new run that goes on, when played, from the moment nearest to `step` (None: the one shown)."""
        snapshot, elapsed = self._newest or self.run.snapshot(), self.elapsed
        if step is None:
            snapshot = self.run.snapshot()
        elif step < snapshot.step:
            moment = self.timeline.nearest(step)
            snapshot, elapsed = moment.snapshot, moment.elapsed
        run = type(self.run)(self.run.spec)  # type: ignore[call-arg]
        run.restore(snapshot)
        child = Driver(run_id or secrets.token_urlsafe(18), self.lab, run=run)
        child.keeper.timeline, child.curve = self.timeline.until(snapshot.step), self.curve.until(snapshot.step)
        child.marks, child.elapsed = self.marks.until(snapshot.step), elapsed
        child.pace.speed, child.pace.step_seconds = self.pace.speed, self.pace.step_seconds
        child._keep()
        return child

    # --- what commands do ------------------------------------------------------------------------

    def start(self, mode: Mode, goal: int | None, token: str | None = None) -> None:
        """Train from the newest moment, up to step `goal` if there is one."""
        self._answer_advance()
        self.return_to_newest()
        self.mode, self.goal, self._token = mode, goal, token
        self.pace.start()
        self.changes += 1

    def pause(self) -> None:
        """Stop training; this very moment is kept."""
        if self.mode != "paused":
            self.mode, self.goal = "paused", None
            self._keep()
        self._answer_advance()

    def limit_speed(self, steps_per_second: float | None) -> None:
        """Play at this speed from now on; None for as fast as it goes."""
        self.pace.limit(steps_per_second)
        self.changes += 1

    def start_over(self, spec: Any) -> None:
        """The run of `spec` from step 0. Raises what the run raises, and then changes nothing."""
        self.run = type(self.run)(spec)  # type: ignore[call-arg]
        self._begin()
        self._answer_advance()

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change settings as the role of each says. Raises `InvalidInput`, and then changes nothing."""
        specs.from_values(type(self.run.spec), changes, self.run.spec)  # before the newest moment is brought back
        self.return_to_newest()
        before, playing = self.run.spec, self.mode == "playing"
        if self.run.set(changes):
            self._begin()
            self.mode = "playing" if playing else "paused"
            self._answer_advance()
        else:
            self.marks.settings(self.run.step, self.elapsed, before, self.run.spec)
            self._keep()

    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        """Write one parameter of the newest moment. Raises `InvalidInput`, and then changes nothing."""
        self.return_to_newest()
        self.run.edit(array, index, value)
        self.marks.edit(self.run.step, self.elapsed, array, index, value)
        self._keep()

    def look_at(self, step: int | None) -> None:
        """Show the moment nearest to `step`, or the newest; the run is paused."""
        self.pause()
        newest = self._newest or self.run.snapshot()
        moment = newest if step is None or step >= newest.step else self.timeline.nearest(step).snapshot
        self.run.restore(moment)
        self._newest = None if moment.step == newest.step else newest
        self.changes += 1

    def return_to_newest(self) -> None:
        """Stop looking back."""
        if self._newest is not None:
            self.look_at(None)

    def _answer_advance(self) -> None:
        token, self._token = self._token, None
        if token:
            self.reply(token, "advance", {"step": self.live_step})

    # --- messages --------------------------------------------------------------------------------

    def scene(self) -> bytes:
        """What stays until the next change of settings. Each call counts one version further."""
        self.version += 1
        self.changes += 1
        self.scene_spec = self.run.spec
        picture = self.run.scene()
        numbers = {**picture.numbers, "lab": self.lab.slug}
        return frames.encode("scene", self.id, numbers, picture.arrays, version=self.version, step=self.run.step)

    def frame(self) -> bytes:
        """This moment, complete in itself."""
        run, picture = self.run, self.run.frame()
        names = list(picture.numbers.get("curve_names") or self.curve.names)
        numbers = {
            "epoch": run.step // run.steps_per_epoch,
            **picture.numbers,
            "steps_per_epoch": run.steps_per_epoch,
            "playing": self.mode == "playing",
            "speed": self.pace.speed,
            "rate": self.pace.rate,
            "elapsed": self.elapsed,
            "goal": self.goal,
            "device": str(getattr(run, "device", "cpu")),
            "live_step": self.live_step,
            "marks": self.marks.shown(),
            "curve_names": names,
        }
        held = np.array(self.timeline.steps(), np.int32)
        arrays = {**picture.arrays, "held": held, "curve": self.curve.array(names)}
        return frames.encode("frame", self.id, numbers, arrays, version=self.version, step=run.step)

    def send_scene(self) -> None:
        """Put a new scene into the outbox."""
        self._outbox.append(self.scene())

    def note(self, level: str, text: str, token: str | None = None, offers: list[dict[str, Any]] | None = None) -> None:
        """Put words for the person at the screen into the outbox."""
        self._outbox.append(frames.encode_note(self.id, level, text, token, offers or []))

    def reply(self, token: str | None, of: str, numbers: Mapping[str, Any],
              arrays: Mapping[str, np.ndarray] | None = None) -> None:  # fmt: skip
        """Put the answer to the command that carried `token` into the outbox."""
        answer = {"token": token, "of": of, **numbers}
        self._outbox.append(frames.encode("reply", self.id, answer, arrays, version=self.version, step=self.run.step))
