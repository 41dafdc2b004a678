"""Small samples of every data set, for the thumbnails of the page and as a start for own data.

The page process never imports torch, so the samples are kept in a file made by the data sets' own
generators: `python -m dlviz.labs.playground.previews` writes it again, and a test compares.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from dlviz.labs.playground.spec import TWO_CLASS_SETS

FILE = Path(__file__).parents[3] / "assets" / "playground" / "previews.json"
POINTS = 96
GRID = 16


@cache
def previews() -> dict[str, Any]:
    """What the page sends to its thumbnails.

    `sets`: {data set: {number of classes: points as `data.encode_points` writes them}};
    `surfaces`: {surface: GRID rows of GRID values in [-1, 1], the first row at the top of the plane}.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def make() -> dict[str, Any]:
    """The same, computed now by the generators of `data.py` with seed 1 and no noise."""
    import torch

    from dlviz.labs.playground import data

    def sample(name: str, classes: int) -> str:
        generator = torch.Generator().manual_seed(1)
        return data.encode_points(*data.SETS[name](POINTS, classes, 0.0, generator))

    cell = 2 * data.HALF_WIDTH / GRID
    centres = torch.arange(GRID) * cell + cell / 2 - data.HALF_WIDTH
    x2, x1 = torch.meshgrid(centres.flip(0), centres, indexing="ij")
    plane = torch.stack([x1.reshape(-1), x2.reshape(-1)], dim=1)
    return {
        "sets": {
            name: {str(k): sample(name, k) for k in ((2,) if name in TWO_CLASS_SETS else range(2, 9))}
            for name in data.SETS
        },
        "surfaces": {
            name: [[round(v, 2) for v in row] for row in surface(plane).reshape(GRID, GRID).tolist()]
            for name, surface in data.SURFACES.items()
        },
    }


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(make(), indent=1) + "\n", encoding="utf-8")
