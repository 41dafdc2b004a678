"""Make the checkpoints again that labs open with, from nothing but the code here."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from dlviz.cli.output import as_json, complain, say
from dlviz.core.lab import Progress, discover, find, load

NAME = "pretrain"
HELP = "make assets/checkpoints again"


def arguments(parser: argparse.ArgumentParser) -> None:
    """[LAB]…."""
    parser.add_argument("labs", metavar="LAB", nargs="*", help="which labs; all if none given")


def run(args: argparse.Namespace) -> int:
    """Run each lab's `pretrain`; a lab without one says that it needs none."""
    for lab in [find(slug) for slug in args.labs] or list(discover()[0].values()):
        if not lab.pretrain:
            text = f"{lab.slug} ships no checkpoint: its opening state is computed in an instant."
            say(as_json({"lab": lab.slug, "files": [], "text": text}) if args.json else text)
            continue
        begun, files = time.perf_counter(), []
        for report in load(lab.pretrain)():
            if isinstance(report, Path):
                files.append(str(report))
            elif isinstance(report, Progress) and not args.json:
                say(f"{lab.slug} {report.done}/{report.total} {report.text}")
        if not files:
            complain(f"{lab.slug} made no checkpoint.", args.json)
            return 1
        seconds = round(time.perf_counter() - begun, 1)
        text = f"{lab.slug}: {', '.join(files)} in {seconds} s"
        say(as_json({"lab": lab.slug, "files": files, "seconds": seconds}) if args.json else text)
    return 0
