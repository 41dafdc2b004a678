"""How a cloud of labelled vectors lies: its principal axes, who is near whom, how far its classes are apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEIGHBOURS = 5


@dataclass(frozen=True)
class Axes:
    """A plane to look at: `mean` (d,), `directions` (2, d) of unit length, at right angles to each other."""

    mean: np.ndarray
    directions: np.ndarray

    def place(self, vectors: np.ndarray) -> np.ndarray:
        """(n, 2): where vectors (n, d) fall on the plane."""
        placed: np.ndarray = (vectors - self.mean) @ self.directions.T
        return placed

    def explained(self, vectors: np.ndarray) -> np.ndarray:
        """(2,): the share of the variance of `vectors` that lies along each axis; 0 where they do not vary."""
        total = vectors.var(0).sum()
        found: np.ndarray = self.place(vectors).var(0) / total if total > 0 else np.zeros(2)
        return found


def principal_axes(vectors: np.ndarray) -> Axes:
    """The two directions along which vectors (n, d) vary most. Where there is only one, the second is all zeros.

    An axis has two ends: as in scikit-learn, the largest of its components is positive.
    """
    n, d = vectors.shape
    mean = vectors.mean(0)
    centred = vectors - mean
    found = np.zeros((2, d))
    # Of the two products that share these eigenvectors the smaller one: pixels are more than pictures.
    product = centred.T @ centred if d <= n else centred @ centred.T
    values, directions = np.linalg.eigh(product)
    for axis in range(min(2, d)):
        direction = directions[:, -1 - axis] if d <= n else directions[:, -1 - axis] @ centred
        length = np.linalg.norm(direction)
        if values[-1 - axis] > 1e-12 * max(values[-1], 0) and length > 0:
            direction = direction / length
            found[axis] = direction * np.sign(direction[np.abs(direction).argmax()])
    return Axes(mean, found)


@dataclass(frozen=True)
class Lying:
    """How each of n labelled vectors lies among the others, and all of them together.

    `neighbours` (n, 5): the nearest others, the nearest first, with `neighbour_distances`. `own_distance` (n,) to the
    mean of its class; `rival` (n,): the other class whose mean is nearest, with `rival_distance`. `voted` (n,): the
    class that most of the neighbours have. `between` and `within`: the parts of the variance that lie between the
    means of the classes and around them; they add up to the whole.
    """

    neighbours: np.ndarray
    neighbour_distances: np.ndarray
    own_distance: np.ndarray
    rival: np.ndarray
    rival_distance: np.ndarray
    voted: np.ndarray
    between: float
    within: float


def lying(vectors: np.ndarray, labels: np.ndarray, classes: int) -> Lying:
    """See `Lying`; vectors (n, d) in double precision, labels (n,) below `classes`."""
    between_all = distances(vectors, vectors)
    np.fill_diagonal(between_all, np.inf)
    neighbours, near = nearest(between_all)
    present = np.unique(labels)
    means = np.stack([vectors[labels == label].mean(0) for label in present])
    to_means = distances(vectors, means)
    own = np.searchsorted(present, labels)
    each = np.arange(len(vectors))
    own_distance = to_means[each, own]
    others = to_means.copy()
    others[each, own] = np.inf
    counts = np.bincount(own)
    spread = ((means - vectors.mean(0)) ** 2).sum(1)
    between = float((counts * spread).sum() / len(vectors))
    within = float(((vectors - means[own]) ** 2).sum() / len(vectors))
    return Lying(neighbours, near, own_distance, present[others.argmin(1)], others.min(1),
                 voted(labels, neighbours, classes), between, within)  # fmt: skip


def distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(m, n): Euclidean, of every vector of `one` (m, d) to every one of `other` (n, d)."""
    middle = other.mean(0)  # products of large numbers would lose small distances
    a, b = one - middle, other - middle
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    found: np.ndarray = np.sqrt(np.maximum(squares, 0))
    return found


def nearest(far: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each row of distances (m, n) the five smallest, ascending: their places (m, 5), and they themselves."""
    some = far.argpartition(NEIGHBOURS - 1, 1)[:, :NEIGHBOURS]
    places = np.take_along_axis(some, np.take_along_axis(far, some, 1).argsort(1, kind="stable"), 1)
    return places, np.take_along_axis(far, places, 1)


def voted(labels: np.ndarray, neighbours: np.ndarray, classes: int) -> np.ndarray:
    """(n,): the class that most neighbours (n, k) have; of equally many the first, as scikit-learn votes."""
    votes = np.eye(classes)[labels[neighbours]].sum(1)
    found: np.ndarray = votes.argmax(1)
    return found
