"""Marks: what a person changed under way, to be shown on the curve and the timeline."""

from __future__ import annotations

from typing import Any

from dlviz.core import spec as specs
from dlviz.core.rules import Coded, Numbers

MOST = 60
# A slider that is dragged makes many changes; those within so many seconds of training are one mark.
ONE_GESTURE = 2.0


class Marks:
    """Marks by step, each with a line of text; the oldest go when there are too many."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def settings(self, step: int, elapsed: float, before: Any, after: Any) -> None:
        """One mark for each field that trains differently from now on."""
        for name, rule in specs.rules(type(before)).items():
            old, new = getattr(before, name), getattr(after, name)
            if old == new or rule.role == "view":
                continue
            label = rule.label or name.replace("_", " ")
            if isinstance(rule, Coded | Numbers):
                self._add(step, elapsed, name, f"{label} changed")
            else:
                self._add(step, elapsed, name, f"{label}: {rule.text(old)} → {rule.text(new)}", was=rule.text(old))

    def edit(self, step: int, elapsed: float, array: str, index: tuple[int, ...], value: float) -> None:
        """A mark for a parameter that was typed in."""
        place = f"{array}[{', '.join(map(str, index))}]"
        self._add(step, elapsed, place, f"{place} = {value:g}")

    def until(self, step: int) -> Marks:
        """A copy of the marks up to and including `step`."""
        part = Marks()
        part.entries = [dict(entry) for entry in self.entries if entry["step"] <= step]
        return part

    def shown(self) -> list[dict[str, Any]]:
        """`{"step", "text"}` of each, ascending by step."""
        return [{"step": entry["step"], "text": entry["text"]} for entry in self.entries]

    def _add(self, step: int, elapsed: float, what: str, text: str, was: str = "") -> None:
        last = self.entries[-1] if self.entries else None
        if last and last["what"] == what and elapsed - last["elapsed"] < ONE_GESTURE:
            self.entries.pop()
            if was:  # from what it was before the gesture to what it is now
                text, was = text.replace(f": {was} →", f": {last['was']} →", 1), last["was"]
        self.entries.append({"step": step, "elapsed": elapsed, "what": what, "text": text, "was": was})
        del self.entries[:-MOST]
