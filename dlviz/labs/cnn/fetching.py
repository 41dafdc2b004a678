"""Fetch data sets that do not come with a package: `python -m dlviz.labs.cnn.fetching cifar10`."""

from __future__ import annotations

import sys

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.online import fetch, folder


def main(names: list[str]) -> int:
    """Fetch the sets named on the command line; 2 and one line where that cannot be."""
    try:
        for name in names or [""]:
            fetch(name)
            print(f"{name}: kept in {folder()}")
    except (InvalidInput, OSError, RuntimeError) as problem:
        print(f"dlviz: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
