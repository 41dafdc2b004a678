"""The Dockerfile as plain steps, so that they can be done where there is no Docker."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Image:
    """What the Dockerfile says: (instruction, rest) in order, and the parts that tests look at."""

    steps: list[tuple[str, str]]
    arguments: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def all(self, instruction: str) -> list[str]:
        return [rest for name, rest in self.steps if name == instruction]

    def last(self, instruction: str) -> str:
        return self.all(instruction)[-1]

    def command(self, instruction: str) -> list[str]:
        """The exec form of CMD or HEALTHCHECK … CMD."""
        text = self.last(instruction)
        command: list[str] = json.loads(text[text.index("[") :])
        return command


def read(path: Path = ROOT / "Dockerfile") -> Image:
    """Parse a Dockerfile of one stage; arguments take their defaults."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    steps = [
        (name.upper(), rest.strip()) for name, _, rest in (line.partition(" ") for line in text.splitlines()) if name
    ]
    image = Image(steps)
    for rest in image.all("ARG"):
        name, _, default = rest.partition("=")
        image.arguments[name] = default.strip('"')
    for rest in image.all("ENV"):
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            image.environment[name] = re.sub(r"\$\{(\w+)\}", lambda found: image.arguments[found[1]], value)
    return image


def copy_files(image: Image, work: Path) -> None:
    """Do the COPY lines: from the project into `work`, the way Docker does (a folder's contents)."""
    for rest in image.all("COPY"):
        *origins, target = rest.split()
        for origin in origins:
            source, goal = ROOT / origin, work / target
            if source.is_dir():
                shutil.copytree(source, goal, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                folder = goal if target.endswith("/") else goal.parent
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, folder)
