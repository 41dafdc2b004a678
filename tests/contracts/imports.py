"""What each file imports, read from its source: also imports inside functions and under TYPE_CHECKING."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def sources(folder: str = "dlviz") -> list[Path]:
    """Every Python file of a folder, relative to the root."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Full dotted names: `from dlviz.core import spec` gives `dlviz.core.spec`."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def breaks(path: Path, forbidden: set[str]) -> set[str]:
    """The imports of a file that are, or lie inside, a forbidden name."""
    return {name for name in imported(path) if any(f"{name}.".startswith(f"{word}.") for word in forbidden)}
