"""The steps of Canny's edge detector between its gradient and its last picture, as the textbook writes them.

J. Canny, A computational approach to edge detection, 1986. Directions are taken to the nearest of four, and
ties go to the same neighbour as in OpenCV, so that the steps lead to the very pixels of its answer.
"""

from __future__ import annotations

import numpy as np

# tan 22.5° in units of 1/32768: below it a gradient points across, above 1/tan it points down.
TANGENT, UNIT = 13573, 32768


def squares(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """The squared magnitude of a gradient of whole numbers, (height, width)."""
    x, y = across.astype(np.int64), down.astype(np.int64)
    return x * x + y * y


def thinned(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Where a gradient is at least as large as its two neighbours along its own direction, (height, width) of bool."""
    strength = squares(across, down)
    x, y = np.abs(across.astype(np.int64)), np.abs(down.astype(np.int64)) * UNIT
    is_across = y < x * TANGENT
    is_down = y > x * TANGENT + x * 2 * UNIT
    rising = (across < 0) != (down < 0)  # the gradient points from lower left to upper right, or back
    around = np.pad(strength, 1)  # beyond the picture there is no gradient
    height, width = strength.shape

    def beside(rows: int, columns: int) -> np.ndarray:
        return around[1 + rows : 1 + rows + height, 1 + columns : 1 + columns + width]

    across_is_peak = (strength > beside(0, -1)) & (strength >= beside(0, 1))
    down_is_peak = (strength > beside(-1, 0)) & (strength >= beside(1, 0))
    falling_is_peak = (strength > beside(-1, -1)) & (strength > beside(1, 1))
    rising_is_peak = (strength > beside(-1, 1)) & (strength > beside(1, -1))
    diagonal = np.where(rising, rising_is_peak, falling_is_peak)
    return np.where(is_across, across_is_peak, np.where(is_down, down_is_peak, diagonal))


def classes(across: np.ndarray, down: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 no edge, 1 weak (magnitude above `low`), 2 strong (above `high`); bytes (height, width)."""
    strength, peak = squares(across, down), thinned(across, down)
    weak, strong = np.floor(low * low), np.floor(high * high)
    return (peak & (strength > weak)).astype(np.uint8) + (peak & (strength > strong)).astype(np.uint8)
