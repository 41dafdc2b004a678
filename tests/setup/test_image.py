"""The image, built without Docker: the same steps in a clean virtual environment, then its health address."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests import browsing
from tests.setup import dockerfile


@pytest.fixture(scope="module")
def image() -> dockerfile.Image:
    return dockerfile.read()


def test_the_image_is_lean_and_not_run_by_root(image: dockerfile.Image) -> None:
    assert image.last("FROM").endswith("-slim")
    assert image.last("USER") not in ("root", "0")
    assert [name for name, _ in image.steps].index("USER") > [name for name, _ in image.steps].index("RUN")
    assert image.last("STOPSIGNAL") == "SIGTERM"
    assert "/_stcore/health" in image.last("HEALTHCHECK")
    assert image.arguments == {"TORCH_INDEX": "", "DEVICE": "cpu"}
    assert image.environment["DLVIZ_DEVICE"] == "cpu"
    assert image.last("EXPOSE") == image.environment["DLVIZ_PORT"]


def test_what_changes_often_is_copied_last(image: dockerfile.Image) -> None:
    """Docker keeps the layer of the packages while only our own files change."""
    order = [rest for name, rest in image.steps if name in ("COPY", "RUN")]
    install = next(i for i, rest in enumerate(order) if rest.startswith("pip install"))
    assert order[install - 1].startswith("requirements.txt")
    assert order[-1].startswith("dlviz ")


def test_the_files_copied_are_all_that_the_app_needs(image: dockerfile.Image, tmp_path: Path) -> None:
    """With the packages of this environment: quick, and it says which file is missing."""
    dockerfile.copy_files(image, tmp_path)
    assert not (tmp_path / "tests").exists()
    answers(image, tmp_path, sys.executable)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_image_builds_and_answers_from_a_clean_environment(image: dockerfile.Image, tmp_path: Path) -> None:
    """Every step for real: a new environment, exactly the files of the COPY lines, `pip install`, CMD."""
    work = tmp_path / "app"
    dockerfile.copy_files(image, work)
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]
    done = subprocess.run(install, cwd=work, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    try:
        answers(image, work, str(python))
        doctor = [str(python), "-m", "dlviz", "doctor", "--json"]
        report = subprocess.run(doctor, cwd=work, env=clean(image), capture_output=True, text=True, check=False)
        assert json.loads(report.stdout)["problems"] == []
    finally:
        shutil.rmtree(tmp_path / "venv")  # 2 GB


def clean(image: dockerfile.Image) -> dict[str, str]:
    """The environment of the image: nothing of ours but where programs are."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **image.environment}


def answers(image: dockerfile.Image, work: Path, python: str) -> None:
    """Start the image's CMD in `work` and ask its own HEALTHCHECK, and the page."""
    port = browsing.free_port()
    env = {**clean(image), "DLVIZ_PORT": str(port), "DLVIZ_ADDRESS": "127.0.0.1"}
    _, *arguments = image.command("CMD")
    with browsing.serving([python, *arguments], port, cwd=work, env=env):
        _, *check = image.command("HEALTHCHECK")
        asked = subprocess.run([python, *check], env=env, capture_output=True, text=True, check=False, timeout=20)
        assert asked.returncode == 0, asked.stderr
    asked = subprocess.run([python, *check], env=env, capture_output=True, text=True, check=False, timeout=20)
    assert asked.returncode != 0, "the health check must see that the server is gone"
