"""The house rules of docs/architecture.md: who may import whom, and what a file may be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.imports import ROOT, breaks, imported, sources

LONGEST_FILE = 350
SHOWN_FOLDERS = ("dlviz", "pages", "bench", "tests")

# Folder: what nothing in it may import. A file of its own name overrides its folder.
NEVER: dict[str, set[str]] = {
    "dlviz/core": {"torch", "torchvision", "plotly", "streamlit", "starlette", "dlviz.training",
                   "dlviz.figures", "dlviz.ui", "dlviz.cli"},
    "dlviz/core/device.py": {"torchvision", "plotly", "streamlit", "dlviz.labs", "dlviz.training", "dlviz.ui"},
    "dlviz/core/vision.py": {"plotly", "streamlit", "dlviz.labs", "dlviz.training", "dlviz.ui"},
    "dlviz/training": {"plotly", "streamlit", "starlette", "dlviz.labs", "dlviz.figures", "dlviz.ui", "dlviz.cli"},
    "dlviz/training/live.py": {"torch", "plotly", "streamlit", "dlviz.labs", "dlviz.figures", "dlviz.ui"},
    "dlviz/data": {"plotly", "streamlit", "starlette", "dlviz.labs", "dlviz.training", "dlviz.figures", "dlviz.ui",
                   "dlviz.cli"},
    "dlviz/figures": {"torch", "torchvision", "streamlit", "starlette", "dlviz.labs", "dlviz.training", "dlviz.ui"},
    "dlviz/labs": {"streamlit", "starlette", "torchvision", "dlviz.ui", "dlviz.cli"},
    "dlviz/ui": {"torch", "torchvision", "plotly", "dlviz.cli", "dlviz.training.run", "dlviz.training.worker"},
    "dlviz/cli": {"plotly", "streamlit", "starlette", "dlviz.ui"},
    "pages": {"torch", "plotly", "numpy"},
}  # fmt: skip

# The stages of a lab, by file name: the flow of the design, where each arrow is a plain value.
NEVER_IN_LAB: dict[str, set[str]] = {
    "__init__.py": {"torch", "numpy", "plotly", "dlviz.training", "dlviz.figures"},
    "spec.py": {"torch", "numpy", "plotly", "dlviz.training", "dlviz.figures"},
    "figures.py": {"torch", "dlviz.training"},
}


def rules_for(path: Path) -> set[str]:
    """The most special entry of NEVER for a file."""
    text = path.as_posix()
    fitting = [key for key in NEVER if text == key or text.startswith(f"{key}/")]
    return NEVER[max(fitting, key=len)] if fitting else set()


@pytest.mark.parametrize("path", [*sources("dlviz"), *sources("pages")], ids=str)
def test_a_file_imports_only_what_its_folder_may(path: Path) -> None:
    assert breaks(path, rules_for(path)) == set()


@pytest.mark.parametrize("path", sources("dlviz/labs"), ids=str)
def test_a_lab_imports_no_other_lab_and_keeps_its_stages_apart(path: Path) -> None:
    _, _, slug, *rest = path.parts
    others = {name for name in imported(path) if name.startswith("dlviz.labs.") and name.split(".")[2] != slug}
    assert others == set()
    forbidden = NEVER_IN_LAB.get(rest[-1] if rest else "", {"plotly"})
    assert breaks(path, forbidden) == set()


def test_no_shared_floor_names_a_lab() -> None:
    for path in sources("dlviz"):
        if path.parts[:2] != ("dlviz", "labs"):
            assert not {name for name in imported(path) if name.startswith("dlviz.labs.")}, path


def test_only_the_ui_and_the_app_import_streamlit() -> None:
    allowed = {path for path in sources("dlviz") if path.parts[:2] == ("dlviz", "ui")}
    for path in sources("dlviz"):
        assert path in allowed or not breaks(path, {"streamlit"}), path


def test_one_file_opens_torchvision() -> None:
    openers = [path.as_posix() for path in sources("dlviz") if breaks(path, {"torchvision"})]
    assert set(openers) <= {"dlviz/core/vision.py"}


def test_one_file_names_the_kinds_of_accelerator() -> None:
    naming = re.compile(r"\b(cuda|mps)\b")
    named = [path.as_posix() for path in sources("dlviz") if naming.search((ROOT / path).read_text(encoding="utf-8"))]
    assert named == ["dlviz/core/device.py"]


LIGHT = """
import json, pkgutil, sys
import dlviz.core.lab, dlviz.core.spec, dlviz.core.story, dlviz.core.trace
found, broken = dlviz.core.lab.discover()
assert found and not broken, broken
import dlviz.training.engine, dlviz.training.live
import dlviz.ui
{ui}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}} & {{"torch", "plotly", "torchvision"}})))
"""
# The page itself needs a script run; what it is made of does not.
UI = """
import importlib
for entry in pkgutil.walk_packages(dlviz.ui.__path__, "dlviz.ui."):
    if entry.name != "dlviz.ui.main":
        importlib.import_module(entry.name)
"""


@pytest.mark.parametrize(("ui", "brought"), [("", []), (UI, ["plotly"])], ids=["engine", "ui"])
def test_the_page_process_starts_without_torch(ui: str, brought: list[str]) -> None:
    """By running, since an import may also come in by a back door. Streamlit itself brings plotly."""
    command = [sys.executable, "-c", LIGHT.format(ui=ui)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == brought


def shown_files(*suffixes: str) -> list[Path]:
    """Source files of the project, relative to the root."""
    found = [path for folder in SHOWN_FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    found += [path for path in ROOT.glob("*.py") if path.suffix in suffixes]
    return sorted(path.relative_to(ROOT) for path in found if "__pycache__" not in path.parts)


def test_no_file_has_become_two_things() -> None:
    lengths = {
        path.as_posix(): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in shown_files(".py", ".js", ".css")
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_every_name_says_something() -> None:
    empty = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|$)")
    paths = [*shown_files(".py", ".js", ".css"), *(path.parent for path in shown_files(".py"))]
    assert [path.as_posix() for path in paths if empty.search(path.stem)] == []


def test_the_browser_fetches_nothing_from_elsewhere() -> None:
    elsewhere = re.compile(r"(https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]{2,}[/\"'`)]")
    files = [*(ROOT / "dlviz/ui/static").rglob("*.js"), *(ROOT / "dlviz/ui/static").rglob("*.css")]
    assert files
    fetched = {path.name: found[0] for path in files if (found := elsewhere.search(path.read_text(encoding="utf-8")))}
    assert fetched == {}


def test_pages_are_a_few_lines() -> None:
    """Real files, so that links and tests reach them, and nothing in them to go wrong."""
    for path in sources("pages"):
        lines = [line for line in (ROOT / path).read_text(encoding="utf-8").splitlines() if line.strip()]
        assert len(lines) <= 8, path
