"""Photographs that arrive with the package scikit-image, square and at any size. Their sources stand in `CREDITS`."""

from __future__ import annotations

from functools import cache

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.packages import beside

FULL_SIDE = 512
FILES = {
    "astronaut": "astronaut.png",
    "chelsea": "chelsea.png",
    "coffee": "coffee.png",
    "rocket": "rocket.jpg",
    "camera": "camera.png",
    "coins": "coins.png",
}
CREDITS = {
    "astronaut": "Eileen Collins, NASA, public domain",
    "chelsea": "Chelsea the cat, Stéfan van der Walt, CC0",
    "coffee": "Pikolo Espresso Bar, Rachel Michetti, CC0",
    "rocket": "Falcon 9, SpaceX, CC0",
    "camera": "Lav Varshney, CC0",
    "coins": "Greek coins from Pompeii, Brooklyn Museum, no known restrictions",
}


@cache
def photo(name: str, side: int | None = FULL_SIDE) -> np.ndarray:
    """The middle square of a photograph, (side, side, 3) bytes, read-only. Grey ones have three equal channels.

    `side=None`: as many pixels as it has.

    Raises `InvalidInput` for a name there is not, FileNotFoundError where scikit-image is not installed.
    """
    from PIL import Image

    if name not in FILES:
        raise InvalidInput("photo", f"must be one of {', '.join(FILES)}", name, next(iter(FILES)))
    file = beside("skimage", f"data/{FILES[name]}", "The photographs come with scikit-image.")
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    square = image.crop((left, top, left + edge, top + edge))
    side = edge if side is None else side
    pixels = np.asarray(square.resize((side, side), Image.Resampling.BOX if side < edge else Image.Resampling.BICUBIC))
    pixels.flags.writeable = False
    return pixels
