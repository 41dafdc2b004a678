"""The project's own files agree with each other: pins with ranges, commands with targets, pictures with sources."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dlviz.cli.docs import out_of_step

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def listed(name: str) -> list[tuple[Requirement, str]]:
    """Each requirement of a file with its comment."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    entries = [line.partition("#") for line in lines if line.strip() and not line.startswith("#")]
    return [(Requirement(before.strip()), comment.strip()) for before, _, comment in entries]


def by_name(requirements: list[Requirement]) -> dict[str, Requirement]:
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


PAIRS = [
    ("requirements.txt", PROJECT["dependencies"]),
    ("requirements-dev.txt", PROJECT["optional-dependencies"]["dev"]),
]


@pytest.mark.parametrize(("file", "ranges"), PAIRS, ids=["run", "dev"])
def test_what_is_installed_is_what_was_tried_and_lies_in_the_ranges(file: str, ranges: list[str]) -> None:
    pinned, allowed = by_name([entry for entry, _ in listed(file)]), by_name([Requirement(text) for text in ranges])
    assert set(pinned) == set(allowed)
    for name, requirement in pinned.items():
        installed = importlib.metadata.version(name)
        assert installed in requirement.specifier, f"{name} {installed} is not what {file} asks for"
        assert installed in allowed[name].specifier, f"{name} {installed} is outside the range in pyproject.toml"


def test_every_package_says_what_it_is_for() -> None:
    assert [str(entry) for entry, comment in listed("requirements.txt") if not comment] == []


def test_the_pins_the_project_is_built_on() -> None:
    pins = {name: str(entry.specifier) for name, entry in by_name([e for e, _ in listed("requirements.txt")]).items()}
    wanted = {"torch": "2.13.0", "torchvision": "0.28.0", "streamlit": "1.67", "plotly": "7.1", "captum": "0.9",
              "networkx": "3.6", "torch-geometric": "2.8"}  # fmt: skip
    assert {name: pins[name].startswith(f"=={version}") for name, version in wanted.items()} == dict.fromkeys(
        wanted, True
    )


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md", ".ci/run", ".pre-commit-config.yaml"])
def test_every_make_command_that_is_named_is_there(file: str) -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / file).read_text(encoding="utf-8")))
    assert named
    assert named <= targets()


def test_the_first_screen_of_the_readme_says_how_to_run_and_test() -> None:
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:32])
    for words in ("make run", "make test", "pip install -r requirements.txt"):
        assert words in first


def test_the_readme_lists_every_variable() -> None:
    code = [path.read_text(encoding="utf-8") for folder in ("dlviz", "tests") for path in (ROOT / folder).rglob("*.py")]
    used = set(re.findall(r"\bDLVIZ_[A-Z_]+\b", "\n".join(code)))
    assert used == set(re.findall(r"`(DLVIZ_[A-Z_]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))


def test_ci_calls_make_test() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_every_asset_has_its_source() -> None:
    sources = (ROOT / "assets/SOURCES.md").read_text(encoding="utf-8")
    assets = [path for path in (ROOT / "assets").rglob("*") if path.is_file() and path.name != "SOURCES.md"]
    # A checkpoint is named by its folder, whose files are the moments of one training.
    named = [path.relative_to(ROOT / "assets").as_posix() for path in assets]
    named = [f"{path.rpartition('/')[0]}/" if path.startswith("checkpoints/") else path for path in named]
    assert [path for path in named if f"`{path}`" not in sources] == []


def test_the_generated_pages_are_in_step() -> None:
    """`make docs` writes them again."""
    assert [path.name for path in out_of_step()] == []
