"""The samples in assets/playground/previews.json against the generators they came from."""

from __future__ import annotations

import subprocess
import sys

from dlviz.labs.playground.previews import FILE, GRID, POINTS, make, previews
from dlviz.labs.playground.spec import TWO_CLASS_SETS


def test_the_file_holds_what_the_generators_make() -> None:
    assert previews() == make(), f"Run `python -m dlviz.labs.playground.previews` to write {FILE.name} again."
    for name, by_classes in previews()["sets"].items():
        assert list(by_classes) == (["2"] if name in TWO_CLASS_SETS else [str(k) for k in range(2, 9)])
        assert all(len(code) == 5 * POINTS for code in by_classes.values())


def test_surfaces_have_their_first_row_at_the_top() -> None:
    plane = previews()["surfaces"]["plane"]
    assert (len(plane), len(plane[0])) == (GRID, GRID)
    assert plane[0][-1] > 0.9  # x1 and x2 both large: top right
    assert plane[-1][0] < -0.9


def test_the_page_gets_them_without_torch() -> None:
    module = "dlviz.labs.playground.previews"
    code = f"import sys, {module} as found; found.previews(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
