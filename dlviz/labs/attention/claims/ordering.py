"""Without positions, self-attention does not know the order of the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Generator

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.attention import masks
from dlviz.labs.attention.model import Reader, build
from dlviz.labs.attention.spec import POSITIONS, AttentionSpec
from dlviz.labs.attention.tasks import making

LAYERS = (1, 2, 4)
TOKENS, SHUFFLES = 24, 8
SAME = 1e-6  # of numbers of size 1: rounding


def experiment(layers: tuple[int, ...] = LAYERS, shuffles: int = SHUFFLES) -> Iterator[Progress | Verdict]:
    """One row a depth, kind of position and mask: how far apart what stands at a token lies in two orders."""
    rows: list[dict[str, Any]] = []
    settings = [(n, kind, "none") for n in layers for kind in POSITIONS] + [(n, "none", "causal") for n in layers]
    for done, (depth, kind, mask) in enumerate(settings):
        spec = AttentionSpec(task="reverse", layers=depth, position=kind, mask=mask, length=TOKENS)
        rows.append({"layers": depth, "position": kind, "mask": mask, **moved(spec, shuffles)})
        yield Progress(done + 1, len(settings), f"{POSITIONS[kind]}, {depth} layers")
    yield judge(rows)


@torch.no_grad()
def moved(spec: AttentionSpec, shuffles: int) -> dict[str, float]:
    """`difference`: the largest change of a number that stands at a token when all tokens change places; `size`: the
    standard deviation of these numbers."""
    network = build(spec, making.make(spec))
    assert isinstance(network, Reader)  # no translation
    generator = Generator().manual_seed(spec.seed)
    hidden = masks.of_spec(spec, TOKENS)
    worst, size = 0.0, 0.0
    for _ in range(shuffles):
        tokens = torch.randperm(26, generator=generator)[None, :TOKENS]
        order = torch.randperm(TOKENS, generator=generator)
        before, after = network.core(tokens, hidden), network.core(tokens[:, order], hidden)
        worst = max(worst, float((before[:, order] - after).abs().max()))
        size = float(before.std())
    return {"difference": worst, "size": size}


def judge(rows: list[dict[str, Any]]) -> Verdict:
    blind = [row for row in rows if row["position"] == "none" and row["mask"] == "none"]
    told = [row for row in rows if row["position"] != "none"]
    causal = [row for row in rows if row["position"] == "none" and row["mask"] == "causal"]
    worst = max(row["difference"] / row["size"] for row in blind)
    least = min(row["difference"] / row["size"] for row in told)
    masked = min(row["difference"] / row["size"] for row in causal)
    same, differs, leaks = worst <= SAME * 10, least > 0.01, masked > 0.01
    sentence = (
        f"Without positions the numbers move with their tokens and change by at most {worst:.1e} of their spread, "
        f"which is rounding. With positions they change by {least:.2g} of it or more. "
        + (
            f"But a causal mask alone tells the order too: without positions it changes them by {masked:.2g} or more, "
            "since a later token sees more."
            if leaks
            else "A causal mask alone does not tell the order."
        )
    )
    return Verdict("yes" if same and differs and not leaks else "partly" if same and differs else "no", sentence, rows)
