"""`make run` and `make test` do their work once: played with a Python that only writes down what it was asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

STAND_IN = """#!{shell}
echo "$*" >> "{log}"
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with our Makefile and lists, and a stand-in for Python."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python-stand-in"
    python.write_text(STAND_IN.format(shell=shutil.which("sh"), log=tmp_path / "log"))
    python.chmod(0o755)
    return tmp_path


@pytest.fixture(autouse=True)
def no_make_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` runs these tests inside a make, which would pass its own flags on and say where it is."""
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"):
        monkeypatch.delenv(name, raising=False)


def make(project: Path, *arguments: str) -> list[str]:
    """What Python was asked to do, one line a call."""
    log = project / "log"
    log.write_text("")
    done = subprocess.run(
        ["make", f"PYTHON={project / 'python-stand-in'}", *arguments], cwd=project, capture_output=True, text=True,
        check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [line.removeprefix("-m ") for line in log.read_text().splitlines()]


def test_the_first_run_installs_and_the_second_only_starts(project: Path) -> None:
    first = make(project, "run")
    assert first[0] == "venv .venv"
    assert first[1].endswith("install -r requirements.txt")
    assert first[2:] == ["dlviz serve --port 8501"]
    assert make(project, "run", "PORT=8600") == ["dlviz serve --port 8600"]


def test_tests_add_their_own_requirements_and_a_chromium_once(project: Path) -> None:
    make(project, "run")
    first = make(project, "test")
    assert first[0].endswith("install -r requirements-dev.txt")
    assert first[1] == "tests.browsing"
    assert first[2].strip() == "pytest -n 2 --dist loadfile"
    assert make(project, "test", "ARGS=-k spiral", "JOBS=0") == ["pytest -n 0 --dist loadfile -k spiral"]


def test_a_changed_list_is_installed_again(project: Path) -> None:
    make(project, "run")
    later = (project / ".venv" / ".ready-run").stat().st_mtime + 10
    os.utime(project / "requirements.txt", (later, later))
    assert [line.split()[-1] for line in make(project, "run") if "install" in line] == ["requirements.txt"]


def test_an_environment_that_is_there_is_used(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(project / "python-stand-in", project / ".venv" / "bin" / "python")
    assert not any(line.startswith("venv") for line in make(project, "run"))


def test_an_old_python_is_refused_in_one_line(project: Path) -> None:
    done = subprocess.run(
        ["make", "PYTHON=", "run"], cwd=project, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode != 0
    assert "dlviz needs Python 3.11 or newer" in done.stdout


def test_a_real_python_is_found() -> None:
    """On this machine, by the Makefile's own search."""
    asked = ["make", "--eval", "show-python: ; @echo $(PYTHON)", "show-python"]
    python = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
    tell = [python, "-c", "import sys; print(sys.version_info >= (3, 11))"]
    assert subprocess.run(tell, capture_output=True, text=True, check=True, timeout=30).stdout.strip() == "True"
