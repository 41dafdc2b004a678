"""A panel's arrays, written to a file: everything the browser draws, as data."""

from __future__ import annotations

import argparse
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.cli.output import as_json, say, table
from dlviz.cli.settings import DEFAULT_STEPS, lab_arguments, new_run, pairs, read_lab
from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Lab, Panel, find, load
from dlviz.core.trace import Trace
from dlviz.training.jobs import to_the_end

NAME = "probe"
HELP = "a panel's Trace as .npz: arrays, dims/<name>, unit/<name>, state/<name>"
INPUT_AT_MOST = 64 * 1024 * 1024
STEPS_NOT_GIVEN = f"{DEFAULT_STEPS}, or none for a panel that shows nothing trained"
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def arguments(parser: argparse.ArgumentParser) -> None:
    """LAB PANEL --set … --steps … --input FILE --kernel FILE --text TEXT --option … --out FILE.npz."""
    lab_arguments(parser, STEPS_NOT_GIVEN)
    parser.add_argument("panel", metavar="PANEL", help="which panel of the lab")
    parser.add_argument("--input", metavar="FILE", help="what to probe with: .npy, .csv, or a picture")
    parser.add_argument("--kernel", metavar="FILE", help="the filter to probe with: .npy or .csv")
    parser.add_argument("--text", metavar="TEXT", help="the text to probe with, where letters or words are read")
    parser.add_argument(
        "--option", metavar="NAME=VALUE", action="append", default=[], help="an option of the panel; may be repeated"
    )
    parser.add_argument("--out", metavar="FILE.npz", required=True, help="where to write")


def read_input(path: Path) -> np.ndarray:
    """The array in a .npy or .csv file, or of a picture; raises `InvalidInput` for a file that holds none."""
    if path.suffix.lower() in PICTURES:
        return read_picture(path)
    return read_numbers(path, "--input", f"a .npy or a .csv file, or a picture ({' '.join(PICTURES)})", "points.csv")


def read_picture(path: Path) -> np.ndarray:
    """A picture as (channel, height, width) in [0, 1], one channel where it is grey; `InvalidInput` if it is none."""
    from dlviz.data import picture_files

    if not path.is_file():
        raise InvalidInput("--input", "must be a file that is there", str(path), "another path")
    try:
        return picture_files.read_picture(path)
    except picture_files.PictureProblem as problem:
        raise Unreadable(str(problem)) from None


class Unreadable(InvalidInput):
    """A file that cannot be read, in the words of whoever tried."""

    def __init__(self, words: str) -> None:
        Exception.__init__(self, words)


def read_numbers(path: Path, option: str, kinds: str, example: str) -> np.ndarray:
    """The finite numbers of a .npy or .csv file; raises `InvalidInput` for a file that holds none."""
    if path.suffix not in (".npy", ".csv"):
        raise InvalidInput(option, f"must be {kinds}", path.name, example)
    if not path.is_file():
        raise InvalidInput(option, "must be a file that is there", str(path), "another path")
    if path.stat().st_size > INPUT_AT_MOST:
        raise InvalidInput(option, "must be at most 64 MiB", f"{path.stat().st_size >> 20} MiB", "fewer rows")
    try:
        array = np.load(path, allow_pickle=False) if path.suffix == ".npy" else read_table(path)
    except (ValueError, OSError, EOFError) as problem:
        rule = f"must hold numbers and nothing else ({str(problem).splitlines()[0]})"
        raise InvalidInput(option, rule, path.name, "rows such as 0.5,-1.2") from None
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
        raise InvalidInput(option, "must hold finite numbers", path.name, "rows such as 0.5,-1.2")
    return array


def read_table(path: Path) -> np.ndarray:
    """The numbers of a .csv, (rows, columns). Raises ValueError for anything else in it, or nothing."""
    if not path.read_text(encoding="utf-8", errors="replace").strip():
        raise ValueError("it is empty")
    return np.loadtxt(path, delimiter=",", ndmin=2)


def read_options(probe: Any, panel: str, given: dict[str, str], named: dict[str, str | None]) -> dict[str, Any]:
    """The keyword arguments for a probe; raises `InvalidInput` for one that it does not take.

    `named`, by the option of the probe that they are for: the files `input` and `kernel`, and `text` as it was typed.
    """
    parameters = list(inspect.signature(probe).parameters)[1:]
    takes = [name for name in parameters if name not in named]
    options: dict[str, Any] = {}
    for name, text in given.items():
        if name not in takes:
            raise InvalidInput(f"The panel {panel}", f"has the options {', '.join(takes) or '(none)'}", name,
                               takes[0] if takes else "none")  # fmt: skip
        try:
            options[name] = json.loads(text)
        except json.JSONDecodeError:
            options[name] = text  # a word
    for name, value in named.items():
        if value is None:
            continue
        if name not in parameters:
            raise InvalidInput(f"The panel {panel}", f"takes no --{name}", value, "leaving it out")
        if name == "text":
            options[name] = value  # not as JSON: 305 is a text here
        elif name == "input":
            options[name] = read_input(Path(value))
        else:
            options[name] = read_numbers(Path(value), f"--{name}", "a .npy or a .csv file", f"{name}.npy")
    return options


def default_steps(lab: Lab, panel: Panel) -> int:
    """How long to train where nobody said: not at all for a panel that training has nothing to do with."""
    shown_elsewhere = bool(lab.training) and panel.slug != lab.training
    return 0 if shown_elsewhere or not panel.trained else DEFAULT_STEPS


def find_probe(slug: str, name: str) -> tuple[Panel, Any]:
    """The panel and its probe; raises `InvalidInput` for one that the server does not compute."""
    lab = find(slug)
    panel = lab.panel(name)
    if not panel.probe:
        known = [p.slug for p in lab.panels if p.probe]
        rule = f"must be one that the server computes: {', '.join(known)}"
        raise InvalidInput(f"{lab.slug} panel", rule, name, next(iter(known), "another lab"))
    return panel, load(panel.probe)


def settings_and_options(changes: list[str], lab: Lab, panel: Panel, probe: Any) -> tuple[list[str], list[str]]:
    """`--set` entries that are settings of the lab, and those that are only known as options of the panel.

    Raises `InvalidInput` for one that is neither.
    """
    fields, options = specs.rules(lab.spec), list(inspect.signature(probe).parameters)[1:]
    names = [entry.partition("=")[0].strip().removeprefix("--") for entry in changes]
    for name in names:
        if options and name and name not in fields and name not in options:
            rule = f"must name a setting ({', '.join(fields)}), or an option of the panel {panel.slug}"
            raise InvalidInput("--set", f"{rule} ({', '.join(options)})", name, f"{options[0]} or {next(iter(fields))}")
    own = [name in options and name not in fields for name in names]
    settings = [entry for entry, is_own in zip(changes, own, strict=True) if not is_own]
    return settings, [entry for entry, is_own in zip(changes, own, strict=True) if is_own]


def run(args: argparse.Namespace) -> int:
    """Train, probe, write, and say what was written."""
    panel, probe = find_probe(args.lab, args.panel)
    settings, own = settings_and_options(args.changes, find(args.lab), panel, probe)
    given = args.steps != STEPS_NOT_GIVEN
    lab, spec, steps = read_lab(
        argparse.Namespace(**{**vars(args), "changes": settings, "steps": args.steps if given else "0"})
    )
    steps = steps if given else default_steps(lab, panel)
    out = Path(args.out)
    if out.suffix != ".npz" or not out.parent.is_dir():
        raise InvalidInput("--out", "must be a .npz file in a folder that is there", args.out, "trace.npz")
    named = {"input": args.input, "kernel": args.kernel, "text": args.text}
    options = read_options(probe, panel.slug, pairs(own + args.option, "--option"), named)
    training = new_run(lab, spec)
    if steps:
        training.advance(steps)
    trace: Trace = to_the_end(probe(training, **options))
    trace.save(out)
    rows = [{"array": name, "shape": list(array.shape), "dims": list(trace.dims[name]),
             "unit": trace.units.get(name, "")} for name, array in trace.arrays.items()]  # fmt: skip
    if args.json:
        say(as_json({"out": str(out), "step": training.step, "arrays": rows, "state": list(trace.state)}))
        return 0
    for row in rows:
        row.update(shape=" × ".join(map(str, row["shape"])) or "scalar", dims=" ".join(row["dims"]))
    say(f"{out}: {panel.title} at step {training.step}, {len(trace.state)} parameter arrays under state/")
    say(table(rows))
    return 0
