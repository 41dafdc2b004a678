"""Short runs of the CNN lab's experiments, each made once for all tests that look at its rows."""

from __future__ import annotations

from functools import cache
from typing import Any

from dlviz.labs.cnn.claims import CLAIMS, augmentation, dropout, edges, forgetting, randomizing, rates, shifting
from tests.labs.experiments import rows_of

MODULES = {"forgetting-eval": forgetting, "batch-norm-tolerates": rates, "cnn-beats-dense": shifting,
           "dropout-narrows-the-gap": dropout, "augmentation-helps": augmentation, "early-layers-edges": edges,
           "guided-backprop-survives": randomizing}  # fmt: skip
FOUND = {"forgetting-eval": "yes", "batch-norm-tolerates": "no", "cnn-beats-dense": "yes",
         "dropout-narrows-the-gap": "yes", "augmentation-helps": "partly", "early-layers-edges": "partly",
         "guided-backprop-survives": "partly"}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "forgetting-eval": {"seeds": (1,)},
    "batch-norm-tolerates": {"seeds": (2,), "steps": 10},
    "cnn-beats-dense": {"seeds": (1, 2), "steps": 30},
    "dropout-narrows-the-gap": {"seeds": (1, 2), "steps": 30},
    "augmentation-helps": {"seeds": (1, 2), "steps": 15},
    "early-layers-edges": {"seeds": (1, 2), "steps": 15},
    "guided-backprop-survives": {"seeds": (1, 2), "steps": 10},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, OPTIONS[slug], most=60)
