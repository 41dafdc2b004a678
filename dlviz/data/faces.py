"""100 faces and 100 pictures of something else, 25 × 25, which arrive with the package scikit-image.

Source: a part of Labeled Faces in the Wild, G. B. Huang et al., 2007, cut by the authors of scikit-image.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from dlviz.data.packages import beside

SIDE = 25
FACES = 100


@cache
def faces() -> tuple[np.ndarray, np.ndarray]:
    """Faces (100, 25, 25) and other pictures (100, 25, 25), in [0, 1]; read once, then shared and read-only.

    Raises FileNotFoundError where scikit-image is not installed.
    """
    file = beside("skimage", "data/lfw_subset.npy", "The faces come with scikit-image.")
    found = np.load(file).astype(np.float32)
    found.flags.writeable = False
    return found[:FACES], found[FACES:]
