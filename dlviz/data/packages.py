"""Files that come inside installed packages, found without importing these."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def beside(package: str, file: str, words: str) -> Path:
    """The path of `file` in the folder of `package`; `words` say what it is and where it comes from.

    Raises FileNotFoundError where either is missing.
    """
    found = find_spec(package)
    path = Path(found.origin).parent / file if found and found.origin else None
    if path is None or not path.is_file():
        raise FileNotFoundError(f"{words} Try pip install -r requirements.txt.")
    return path
