"""`python -m dlviz COMMAND`: everything the browser shows, as data.

Exit codes: 0 done, 1 done and found wanting (a lab is broken, training diverged), 2 bad input,
130 stopped by Ctrl-C. A person's mistake gets one line on stderr, never a stack trace.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from dlviz.cli import claims, docs, doctor, labs, pretrain, probe, serve, train
from dlviz.cli.output import complain
from dlviz.core.errors import DlvizError, InvalidInput

COMMANDS = (doctor, labs, train, probe, claims, pretrain, docs, serve)


class Parser(argparse.ArgumentParser):
    """argparse, with one line for a mistake instead of a usage text."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message.rstrip('.')}. `{self.prog} --help` says what it takes.", "--json" in sys.argv)
        raise SystemExit(2)


def parser() -> Parser:
    """All commands with their arguments."""
    whole = Parser(prog="python -m dlviz", description="A visual explorer of deep learning, without the browser.")
    commands = whole.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for command in COMMANDS:
        sub = commands.add_parser(command.NAME, help=command.HELP, description=command.__doc__)
        sub.add_argument("--json", action="store_true", help="print JSON, one value a line")
        sub.set_defaults(run=command.run)
        command.arguments(sub)
    return whole


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = parser().parse_args(given)
    try:
        return int(args.run(args))
    except InvalidInput as problem:
        complain(str(problem), args.json)
        return 2
    except DlvizError as problem:
        complain(str(problem), args.json)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has enough (`| head`); Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
