"""An experiment of a claim run in small, as the tests of every lab want it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dlviz.core.lab import Claim, Progress, Verdict


def rows_of(
    claims: Sequence[Claim], modules: Mapping[str, Any], slug: str, options: Mapping[str, Any], most: int | None = None
) -> list[dict[str, Any]]:
    """The rows of the experiment `slug` with these options.

    On the way it reports (at most `most` steps between two reports), never backwards and never past its total; its
    verdict is the one that its module judges anew from the rows.
    """
    (claim,) = (claim for claim in claims if claim.slug == slug)
    *reports, verdict = claim.experiment(**options)  # type: ignore[call-arg]
    assert isinstance(verdict, Verdict)
    assert all(isinstance(report, Progress) for report in reports)
    done = [report.done for report in reports if isinstance(report, Progress)]
    assert all(b - a >= 0 for a, b in pairwise([0, *done]))
    assert most is None or all(b - a <= most for a, b in pairwise([0, *done]))
    assert isinstance(reports[-1], Progress)
    assert done[-1] <= reports[-1].total
    assert verdict == modules[slug].judge(verdict.rows)
    return verdict.rows
