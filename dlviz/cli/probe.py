"""A panel's arrays, written to a file: everything the browser draws, as data."""

from __future__ import annotations

import argparse
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.cli.output import as_json, say, table
from dlviz.cli.settings import lab_arguments, new_run, pairs, read_lab
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import load
from dlviz.core.trace import Trace

NAME = "probe"
HELP = "a panel's Trace as .npz: arrays, dims/<name>, unit/<name>, state/<name>"
INPUT_AT_MOST = 64 * 1024 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    """LAB PANEL --set … --steps … --input FILE --option … --out FILE.npz."""
    lab_arguments(parser)
    parser.add_argument("panel", metavar="PANEL", help="which panel of the lab")
    parser.add_argument("--input", metavar="FILE", help="what to probe with: .npy, or .csv with numbers")
    parser.add_argument(
        "--option", metavar="NAME=VALUE", action="append", default=[], help="an option of the panel; may be repeated"
    )
    parser.add_argument("--out", metavar="FILE.npz", required=True, help="where to write")


def read_input(path: Path) -> np.ndarray:
    """The array in a .npy or .csv file; raises `InvalidInput` for a file that holds none."""
    if path.suffix not in (".npy", ".csv"):
        raise InvalidInput("--input", "must be a .npy or a .csv file", path.name, "points.csv")
    if not path.is_file():
        raise InvalidInput("--input", "must be a file that is there", str(path), "another path")
    if path.stat().st_size > INPUT_AT_MOST:
        raise InvalidInput("--input", "must be at most 64 MiB", f"{path.stat().st_size >> 20} MiB", "fewer rows")
    try:
        array = np.load(path, allow_pickle=False) if path.suffix == ".npy" else read_table(path)
    except (ValueError, OSError, EOFError) as problem:
        rule = f"must hold numbers and nothing else ({str(problem).splitlines()[0]})"
        raise InvalidInput("--input", rule, path.name, "rows such as 0.5,-1.2") from None
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
        raise InvalidInput("--input", "must hold finite numbers", path.name, "rows such as 0.5,-1.2")
    return array


def read_table(path: Path) -> np.ndarray:
    """The numbers of a .csv, (rows, columns). Raises ValueError for anything else in it, or nothing."""
    if not path.read_text(encoding="utf-8", errors="replace").strip():
        raise ValueError("it is empty")
    return np.loadtxt(path, delimiter=",", ndmin=2)


def read_options(probe: Any, panel: str, given: dict[str, str], input_file: str | None) -> dict[str, Any]:
    """The keyword arguments for a probe; raises `InvalidInput` for one that it does not take."""
    takes = [name for name in list(inspect.signature(probe).parameters)[1:] if name != "input"]
    options: dict[str, Any] = {}
    for name, text in given.items():
        if name not in takes:
            raise InvalidInput(f"The panel {panel}", f"has the options {', '.join(takes) or '(none)'}", name,
                               takes[0] if takes else "none")  # fmt: skip
        try:
            options[name] = json.loads(text)
        except json.JSONDecodeError:
            options[name] = text  # a word
    if input_file is not None:
        if "input" not in inspect.signature(probe).parameters:
            raise InvalidInput(f"The panel {panel}", "takes no --input", input_file, "leaving it out")
        options["input"] = read_input(Path(input_file))
    return options


def run(args: argparse.Namespace) -> int:
    """Train, probe, write, and say what was written."""
    lab, spec, steps = read_lab(args)
    panel = lab.panel(args.panel)
    if not panel.probe:
        known = ", ".join(p.slug for p in lab.panels if p.probe)
        raise InvalidInput(f"{lab.slug} panel", f"must be one that the server computes: {known}", args.panel,
                           next((p.slug for p in lab.panels if p.probe), "another lab"))  # fmt: skip
    out = Path(args.out)
    if out.suffix != ".npz" or not out.parent.is_dir():
        raise InvalidInput("--out", "must be a .npz file in a folder that is there", args.out, "trace.npz")
    probe = load(panel.probe)
    options = read_options(probe, panel.slug, pairs(args.option, "--option"), args.input)
    training = new_run(lab, spec)
    training.advance(steps)
    trace: Trace = probe(training, **options)
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
