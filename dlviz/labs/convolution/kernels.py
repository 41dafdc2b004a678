"""Kernels with a name, for any size: what textbooks print at 3 × 3, and the rule behind it at other sizes.

Every kernel is a list of rows of plain numbers. Sobel is a derivative across and a binomial average
along; Prewitt the same with a flat average; the Laplacian is the sum of second differences down and
across; the eight-neighbour edge kernel is minus one all around. Source: R. Gonzalez and R. Woods,
Digital Image Processing, chapter 3; I. Sobel and G. Feldman, 1968; J. Prewitt, 1970.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

Rows = list[list[float]]

LABELS = {
    "identity": "Identity",
    "average": "Averaging",
    "gaussian": "Gaussian",
    "sharpen": "Sharpen",
    "emboss": "Emboss",
    "sobel_vertical": "Sobel, vertical edges",
    "sobel_horizontal": "Sobel, horizontal edges",
    "prewitt_vertical": "Prewitt, vertical edges",
    "prewitt_horizontal": "Prewitt, horizontal edges",
    "laplacian": "Laplacian",
    "edge": "Edges, eight neighbours",
    "cross": "Diagonal cross",
    "random": "Random",
}
# What has no meaning on a single cell: a difference needs two.
NEEDS_TWO = ("sobel_vertical", "sobel_horizontal", "prewitt_vertical", "prewitt_horizontal", "edge")
NEEDS_THREE = ("laplacian", "emboss")  # and these a middle with something around it


def binomial(k: int) -> list[float]:
    """1 2 1, 1 4 6 4 1, …: the row of Pascal's triangle with k numbers."""
    return [float(comb(k - 1, i)) for i in range(k)]


def difference(k: int) -> list[float]:
    """−1 0 1, −1 −2 0 2 1, …: a binomial row one shorter, differentiated. Left is negative."""
    row = [0.0, *binomial(k - 1), 0.0]
    return [row[i] - row[i + 1] for i in range(k)]


def ramp(k: int) -> list[float]:
    """−1 0 1, −2 −1 0 1 2, …; for an even k −1 1, −3 −1 1 3."""
    return [float(i) for i in range(1 - k, k, 2)] if k % 2 == 0 else [float(i - k // 2) for i in range(k)]


def second_difference(k: int) -> list[float]:
    """1 −2 1, 1 0 −2 0 1, …: a binomial row two shorter, differentiated twice."""
    row = [0.0, 0.0, *binomial(k - 2), 0.0, 0.0]
    return [row[i] - 2 * row[i + 1] + row[i + 2] for i in range(k)]


def _outer(down: list[float], across: list[float]) -> Rows:
    return [[a * b for b in across] for a in down]


def _identity(k: int) -> Rows:
    middle = (k - 1) // 2
    return [[float(y == middle and x == middle) for x in range(k)] for y in range(k)]


def _gaussian(k: int) -> Rows:
    total = 4.0 ** (k - 1)
    return [[value / total for value in row] for row in _outer(binomial(k), binomial(k))]


def _edge(k: int) -> Rows:
    return [[center * k * k - 1.0 for center in row] for row in _identity(k)]


def _laplacian(k: int) -> Rows:
    middle, second = (k - 1) // 2, second_difference(k)
    rows = [[0.0] * k for _ in range(k)]
    for i, value in enumerate(second):
        rows[middle][i] += value
        rows[i][middle] += value
    return rows


def _sharpen(k: int) -> Rows:
    """The picture and what the average around it lacks: twice the identity less the cross of neighbours."""
    middle = (k - 1) // 2
    rows = [[-1.0 if (y == middle) != (x == middle) else 0.0 for x in range(k)] for y in range(k)]
    rows[middle][middle] = 1.0 - sum(map(sum, rows))
    return rows


def _emboss(k: int) -> Rows:
    """A relief lit from the upper left: a diagonal ramp added to the picture."""
    middle = (k - 1) // 2
    rows = [[float(max(-2, min(2, y + x - (k - 1)))) for x in range(k)] for y in range(k)]
    rows[middle][middle] += 1.0
    return rows


def _cross(k: int) -> Rows:
    """Ones on both diagonals: the filter of the textbook's 5 × 5 example."""
    return [[float(y in (x, k - 1 - x)) for x in range(k)] for y in range(k)]


KERNELS: dict[str, Callable[[int], Rows]] = {
    "identity": _identity,
    "average": lambda k: [[1 / (k * k)] * k for _ in range(k)],
    "gaussian": _gaussian,
    "sharpen": _sharpen,
    "emboss": _emboss,
    "sobel_vertical": lambda k: _outer(binomial(k), difference(k)),
    "sobel_horizontal": lambda k: _outer(difference(k), binomial(k)),
    "prewitt_vertical": lambda k: _outer([1.0] * k, ramp(k)),
    "prewitt_horizontal": lambda k: _outer(ramp(k), [1.0] * k),
    "laplacian": _laplacian,
    "edge": _edge,
    "cross": _cross,
}


def kernel(name: str, k: int) -> Rows:
    """The k × k kernel of that name, rows from the top. `random` is made by `model.py`, from the seed."""
    return KERNELS[name](k)


def profile(name: str, k: int) -> list[float]:
    """The one-dimensional kernel: what the square one does to a picture that is the same in every row."""
    return [sum(row[x] for row in kernel(name, k)) for x in range(k)]
