"""Spill: a run's timeline and state in a folder, from which it goes on when its worker dies."""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
from pathlib import Path
from time import perf_counter
from typing import Any

from safetensors.torch import load_file, save

from dlviz.training.run import Snapshot
from dlviz.training.timeline import Moment, Timeline

STATE = "state.json"
SUFFIX = ".safetensors"


class Spill:
    """One folder: a file for each moment, and `state.json`.

    Files are safetensors, so that reading them runs no code, and are put in place whole, so that a
    process that dies while writing leaves what was there before.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[int, Snapshot] = {}

    def write(self, timeline: Timeline, state: dict[str, Any], seconds: float = math.inf) -> bool:
        """Bring the folder up to `timeline` and `state`, the newest moment first; True when it is.

        Moments already there are not written again; after `seconds` the rest is left for the next call.
        """
        end = perf_counter() + seconds
        self.folder.mkdir(parents=True, exist_ok=True)
        held = {moment.step: moment for moment in reversed(timeline.moments())}
        for step in self._written.keys() - held.keys():
            self._file(step).unlink(missing_ok=True)
            del self._written[step]
        missing = [moment for step, moment in held.items() if self._written.get(step) is not moment.snapshot]
        _put(self.folder / STATE, json.dumps(state).encode())
        for moment in missing:
            if moment is not missing[0] and perf_counter() >= end:
                return False
            self._write(moment)
        return True

    def _write(self, moment: Moment) -> None:
        plain = {"plain": json.dumps(moment.snapshot.plain), "elapsed": str(moment.elapsed)}
        tensors = {name: tensor.contiguous() for name, tensor in moment.snapshot.tensors.items()}
        _put(self._file(moment.step), save(tensors, plain))
        self._written[moment.step] = moment.snapshot

    def read(self) -> tuple[Timeline, dict[str, Any]] | None:
        """The timeline and state last written, or None where nothing was. Raises OSError, ValueError."""
        if not (self.folder / STATE).is_file():
            return None
        timeline = Timeline()
        for file in sorted(self.folder.glob(f"*{SUFFIX}")):
            notes = _notes(file)
            snapshot = Snapshot(int(file.stem), load_file(file), json.loads(notes["plain"]))
            timeline.keep(snapshot, float(notes["elapsed"]))
            self._written[snapshot.step] = snapshot
        return timeline, json.loads((self.folder / STATE).read_text())

    def peek(self) -> dict[str, Any] | None:
        """What one of the moments says in plain, without its tensors; None where there is none. Raises as `read`."""
        file = next(iter(sorted(self.folder.glob(f"*{SUFFIX}"))), None)
        plain: dict[str, Any] | None = json.loads(_notes(file)["plain"]) if file else None
        return plain

    def remove(self) -> None:
        """Delete the folder; nobody will go on from it."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder)

    def _file(self, step: int) -> Path:
        return self.folder / f"{step}{SUFFIX}"


def _put(file: Path, content: bytes) -> None:
    draft = file.with_suffix(".draft")
    draft.write_bytes(content)
    os.replace(draft, file)


def _notes(file: Path) -> dict[str, str]:
    """The metadata at the head of a safetensors file: u64 length, then JSON."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if length > file.stat().st_size:
            raise ValueError(f"{file.name} is damaged")
        return json.loads(opened.read(length))["__metadata__"]
