"""What textbooks claim, tried: each claim's experiment with its verdict and the numbers behind it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from dlviz.cli.output import as_json, say, table
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Claim, Lab, Verdict, discover, find

NAME = "claims"
HELP = "run experiments: verdict, the numbers behind it, seconds"


def arguments(parser: argparse.ArgumentParser) -> None:
    """[ID]… [--lab LAB]."""
    parser.add_argument("ids", metavar="ID", nargs="*", help="claims, as `lab.claim` or `claim`; all if none is given")
    parser.add_argument("--lab", metavar="LAB", help="only this lab's")


def chosen(ids: list[str], lab_slug: str | None) -> list[tuple[Lab, Claim]]:
    """The claims asked for, in the order asked; raises `InvalidInput` for a name there is not."""
    labs = [find(lab_slug)] if lab_slug else list(discover()[0].values())
    known = [(lab, claim) for lab in labs for claim in lab.claim_list()]
    if not ids:
        return known
    found: list[tuple[Lab, Claim]] = []
    for name in ids:
        match = [(lab, claim) for lab, claim in known if name in (claim.slug, f"{lab.slug}.{claim.slug}")]
        if not match:
            names = ", ".join(f"{lab.slug}.{claim.slug}" for lab, claim in known)
            raise InvalidInput("claim", f"must be one of {names}", name, known[0][1].slug if known else "another lab")
        found += match
    return found


def rewrite_line(text: str) -> None:
    """Write `text` over the current line of the terminal."""
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def run_experiment(claim: Claim, watch: bool) -> Verdict:
    """The verdict of one claim; `watch` writes progress to a terminal on stderr."""
    verdict: Verdict | None = None
    for report in claim.experiment():
        if isinstance(report, Verdict):
            verdict = report
        elif watch:
            rewrite_line(f"{claim.slug} {report.done}/{report.total} {report.text}")
    if watch:
        rewrite_line("")
    if verdict is None:
        raise RuntimeError(f"The experiment of the claim {claim.slug!r} ended without a verdict.")
    return verdict


def results(claims: list[tuple[Lab, Claim]], watch: bool) -> Iterator[tuple[Lab, Claim, Verdict, float]]:
    """Each claim with its verdict and the seconds it took."""
    from dlviz.core.device import use_threads

    use_threads(1)
    for lab, claim in claims:
        begun = time.perf_counter()
        verdict = run_experiment(claim, watch)
        yield lab, claim, verdict, time.perf_counter() - begun


def run(args: argparse.Namespace) -> int:
    """Print each verdict as it is reached. "No" is a finding, not an error."""
    claims = chosen(args.ids, args.lab)
    watch = sys.stderr.isatty() and not args.json
    for lab, claim, verdict, seconds in results(claims, watch):
        name = f"{lab.slug}.{claim.slug}"
        if args.json:
            about = {"claim": name, "usual": claim.usual, "method": claim.method, "seconds": round(seconds, 2)}
            say(as_json({**about, **vars(verdict)}))
            continue
        say(f"{name}  ({seconds:.1f} s)\n  As usually said: {claim.usual}")
        say(f"  Holds: {verdict.holds}. {verdict.sentence}")
        say(table(verdict.rows, "    "))
        say()
    return 0
