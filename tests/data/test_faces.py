"""The faces that come with scikit-image, against the library's own loader."""

import numpy as np
from skimage.data import lfw_subset

from dlviz.data.faces import faces


def test_they_are_the_librarys_own() -> None:
    known, others = faces()
    assert np.array_equal(np.concatenate([known, others]), lfw_subset().astype(np.float32))
    assert 0 <= known.min() < known.max() <= 1
