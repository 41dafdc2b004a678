"""Labs are found, a broken one does not take the others along, and a slug names one lab."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dlviz.labs
from dlviz.core import lab as labs
from dlviz.core.errors import InvalidInput

GOOD = """
from dataclasses import dataclass
from dlviz.core.lab import Lab
@dataclass(frozen=True)
class Spec_{folder}: pass
LAB = Lab("{slug}", "T", "Topic", "S.", Spec_{folder}, "dlviz.labs.{folder}.run:Run", "stage", ())
"""


@pytest.fixture
def lab_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose packages count as labs, beside the real ones."""
    monkeypatch.setattr(dlviz.labs, "__path__", [*dlviz.labs.__path__, str(tmp_path)])
    labs.discover.cache_clear()
    yield tmp_path
    labs.discover.cache_clear()
    for name in [name for name in sys.modules if name.startswith("dlviz.labs.zz_")]:
        del sys.modules[name]


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(text)


def test_a_new_folder_is_a_new_lab(lab_folder: Path) -> None:
    write(lab_folder, "zz_new", GOOD.format(slug="fresh", folder="zz_new"))
    assert labs.find("fresh").title == "T"
    assert "playground" in labs.discover()[0]


def test_a_duplicate_slug_raises(lab_folder: Path) -> None:
    write(lab_folder, "zz_twin", GOOD.format(slug="playground", folder="zz_twin"))
    with pytest.raises(RuntimeError, match="Two labs call themselves 'playground'"):
        labs.discover()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import a_module_that_is_not_there", "ModuleNotFoundError: No module named 'a_module_that_is_not_there'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("", "AttributeError: module 'dlviz.labs.zz_broken' has no attribute 'LAB'"),
    ],
)
def test_a_lab_that_cannot_be_imported_says_why_and_the_others_open(lab_folder: Path, text: str, reason: str) -> None:
    write(lab_folder, "zz_broken", text)
    found, broken = labs.discover()
    assert broken == (labs.BrokenLab("zz_broken", reason),)
    assert "playground" in found


def test_an_unknown_name_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match=r"lab must be one of .*playground.*\. Got 'nothing'\. Try "):
        labs.find("nothing")
    with pytest.raises(InvalidInput, match=r"playground panel must be one of .*\. Got 'nothing'\. Try "):
        labs.find("playground").panel("nothing")
    with pytest.raises(InvalidInput, match=r"playground preset must be one of .*\. Got 'nothing'\. Try "):
        labs.find("playground").preset("nothing")


def test_load_finds_what_a_ref_names() -> None:
    assert labs.load("dlviz.core.lab:find") is labs.find


def test_labs_stand_in_the_order_of_the_course() -> None:
    chapters = [lab.chapter for lab in labs.discover()[0].values()]
    assert chapters == sorted(chapters)
    assert next(iter(labs.discover()[0])) == "playground"
