"""Train a lab's model without a page: one JSON event a line, then a summary."""

from __future__ import annotations

import argparse
import time
from typing import Any

from dlviz.cli.output import as_json, say, shown
from dlviz.cli.settings import lab_arguments, new_run, read_lab
from dlviz.core import spec as specs
from dlviz.core.errors import DlvizError
from dlviz.core.events import Event
from dlviz.core.lab import Lab
from dlviz.training import frames
from dlviz.training.engine import RunHandle
from dlviz.training.local import LocalEngine

NAME = "train"
HELP = "train a lab's model: one JSON event a line, then a summary"
WORKER_SLICE = 1000
WORKER_PATIENCE = 120.0  # seconds
SLICE = 50  # steps between two looks at the clock: events come as they happen, and Ctrl-C is heard


def arguments(parser: argparse.ArgumentParser) -> None:
    """LAB --set … --seed … --steps … --engine …."""
    lab_arguments(parser)
    parser.add_argument(
        "--engine", choices=("direct", "local"), default="direct",
        help="direct: in this process; local: in a worker process, as the page does (%(default)s)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Train, report, sum up."""
    lab, spec, steps = read_lab(args)
    reached = train_in_worker(lab, spec, steps) if args.engine == "local" else train_here(new_run(lab, spec), steps)
    summary = {"lab": lab.slug, "settings": specs.texts(spec), "engine": args.engine, **reached}
    if args.json:
        say(as_json({"summary": summary}))
        return 0
    changed = " ".join(f"{name}={text}" for name, text in summary["settings"].items()) or "as it opens"
    say(f"{lab.title}, {changed}: {reached['step']} steps in {reached['seconds']:.2f} s, "
        f"{reached['steps_per_second']:.0f} a second")  # fmt: skip
    say("  ".join(f"{name} {shown(value)}" for name, value in reached["numbers"].items()))
    return 0


def event_line(event: Event) -> str:
    """An event as one JSON line."""
    return as_json({"event": event.name, "step": event.step, **event.values})


def measurements(numbers_of_frame: dict[str, Any]) -> dict[str, float]:
    """Of a frame's numbers, those that are measurements of the model: losses and accuracies."""
    return {
        name: value
        for name, value in numbers_of_frame.items()
        if name.partition("_")[2] in ("loss", "accuracy") and isinstance(value, int | float)
    }


def train_here(training: Any, steps: int) -> dict[str, Any]:
    """Train in this process; prints every event and returns what was reached."""
    begun = time.perf_counter()
    while training.step < steps:
        for event in training.advance(min(SLICE, steps - training.step)):
            say(event_line(event))
    seconds = time.perf_counter() - begun
    return {
        "step": training.step,
        "epoch": training.step / training.steps_per_epoch,
        "seconds": round(seconds, 3),
        "steps_per_second": round(training.step / seconds, 1) if training.step else 0.0,
        "numbers": measurements(dict(training.frame().numbers)),
    }


def train_in_worker(lab: Lab, spec: Any, steps: int) -> dict[str, Any]:
    """Train in a worker process, the way the page does; prints the newest frame's measurements now and then."""
    engine = LocalEngine.from_environment()
    try:
        handle = engine.start(lab.slug, spec)
        handle.send({"do": "keep", "on": True})
        trained = 0
        while True:
            piece = min(WORKER_SLICE, steps - trained)
            if piece:
                handle.ask({"do": "advance", "steps": piece}, timeout=WORKER_PATIENCE)
            trained += piece
            frame = frames.decode(frame_of_step(handle, trained))
            say(event_line(Event(frame.step, "frame", measurements(frame.numbers))))
            if trained >= steps:
                break
    finally:
        engine.close()
    seconds = frame.numbers["elapsed"]
    return {
        "step": frame.step,
        "epoch": frame.step / frame.numbers["steps_per_epoch"],
        "seconds": round(seconds, 3),
        "steps_per_second": round(frame.step / seconds, 1) if seconds else 0.0,
        "numbers": measurements(frame.numbers),
    }


def frame_of_step(handle: RunHandle, step: int) -> bytes:
    """The frame of that step: the answer to `advance` may arrive just before it."""
    deadline = time.monotonic() + WORKER_PATIENCE
    while time.monotonic() < deadline:
        message = handle.frame()
        if message is not None and frames.decode(message).step >= step:
            return message
        time.sleep(0.01)
    raise DlvizError(f"The worker sent no picture of step {step} within {WORKER_PATIENCE:.0f} seconds.")
