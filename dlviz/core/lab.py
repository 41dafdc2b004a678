"""Lab: what one topic offers, as plain data. Importing a lab imports neither torch nor plotly nor a page.

Everything heavy is named by a `Ref` such as `"dlviz.labs.playground.run:PlaygroundRun"` and loaded
where it is used: the worker loads runs and probes, the page loads figures, the command line either.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dlviz.core.errors import InvalidInput

if TYPE_CHECKING:
    from dlviz.core.trace import Trace  # numpy comes with it

Ref = str


def load(ref: Ref) -> Any:
    """The object that `"package.module:name"` names."""
    module, _, name = ref.partition(":")
    return getattr(importlib.import_module(module), name)


@dataclass(frozen=True)
class Panel:
    """One way to look at the model.

    `probe`: `(run, **options) -> Trace`, or where that takes longer than a blink `-> Generator[Progress, None, Trace]`:
    what it needs of the run it copies before its first `yield`, since training goes on between two.
    `figure`: `(Trace) -> View` for a picture read when paused.
    `component`: a live picture under `ui/static/<component>/`, which needs no figure.
    `trained`: it shows what the run has learned; False for a panel with a network of its own.
    """

    slug: str
    title: str
    text: str
    probe: Ref = ""
    figure: Ref = ""
    component: str = ""
    trained: bool = True


@dataclass(frozen=True)
class Preset:
    """A setting worth seeing, with one line saying what to watch. `changes` are spec values.

    `fails`: on purpose. `trained`: a checkpoint of it ships, from which it goes on.
    """

    slug: str
    title: str
    text: str
    changes: dict[str, Any]
    fails: bool = False
    trained: bool = False


@dataclass(frozen=True)
class Verdict:
    """What an experiment found. `holds` is computed; `rows` are the numbers behind it, one dict a row."""

    holds: Literal["yes", "partly", "no"]
    sentence: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Progress:
    """How far a long piece of work has come: `done` of `total`, and what it is doing.

    `trace`: what a long probe can already show. `rest`: seconds for which it wants no turn, as while it waits.
    """

    done: int
    total: int
    text: str = ""
    trace: Trace | None = None
    rest: float = 0.0


@dataclass(frozen=True)
class Claim:
    """A textbook's sentence and the experiment that tests it.

    `experiment()` yields `Progress` often (every 50 ms or so, so that others get their turn) and
    at last one `Verdict`. `usual` is the sentence as it is usually said.
    """

    slug: str
    usual: str
    method: str
    experiment: Callable[[], Iterator[Progress | Verdict]]


def experiment_in(package: str, module: str) -> Callable[..., Iterator[Progress | Verdict]]:
    """The `experiment` of a module of a lab's claims, which is loaded when it is run and not before."""

    def experiment(**options: Any) -> Iterator[Progress | Verdict]:
        yield from load(f"{package}.{module}:experiment")(**options)

    return experiment


@dataclass(frozen=True)
class Question:
    """One "check yourself" question: the options, the right one, and why each is right or wrong.

    `action`, if given, is a preset slug that shows the answer on the screen.
    """

    slug: str
    text: str
    options: tuple[str, ...]
    answer: int
    because: tuple[str, ...]
    action: str = ""


@dataclass(frozen=True)
class Lab:
    """A topic: its spec, its run, its panels, its claims, its questions, its story.

    `chapter` is its place in the course: labs stand in that order everywhere.
    `pretrain`, for a lab that opens with a checkpoint: `() -> Iterator[Progress | Path]`, which makes
    the files under assets/checkpoints again and yields the path of each when it is written.
    `fetch`, for a lab with data from the network: `(name) -> Generator[Progress, None, dict | None]`, which fetches
    what has that name, or raises `InvalidInput` in words.
    `training`, for a lab where training is one matter among others: the slug of the panel that shows it,
    beside which the train bar and the timeline then stand. `opening_speed`: steps a second that Play begins
    with, where full speed would be over before one has looked; None for full speed.
    """

    slug: str
    title: str
    topic: str
    sentence: str
    spec: type
    run: Ref
    stage: str
    panels: tuple[Panel, ...]
    presets: tuple[Preset, ...] = ()
    claims: Ref = ""
    questions: Ref = ""
    code: Ref = ""
    previews: Ref = ""
    opening_steps: int = 0
    opening_speed: float | None = None
    training: str = ""
    thumbnail: str = ""
    pretrain: Ref = ""
    fetch: Ref = ""
    chapter: int = 99

    @property
    def folder(self) -> Path:
        return Path(__file__).parent.parent / "labs" / self.slug

    def panel(self, slug: str) -> Panel:
        """The panel of that name; `InvalidInput` names those there are."""
        return _pick(f"{self.slug} panel", slug, {panel.slug: panel for panel in self.panels})

    def preset(self, slug: str) -> Preset:
        """The preset of that name; `InvalidInput` names those there are."""
        return _pick(f"{self.slug} preset", slug, {preset.slug: preset for preset in self.presets})

    def claim_list(self) -> tuple[Claim, ...]:
        return load(self.claims) if self.claims else ()

    def question_list(self) -> tuple[Question, ...]:
        return load(self.questions) if self.questions else ()


def _pick(what: str, slug: str, known: dict[str, Any]) -> Any:
    if slug not in known:
        raise InvalidInput(what, f"must be one of {', '.join(known)}", slug, next(iter(known), "another lab"))
    return known[slug]


@dataclass(frozen=True)
class BrokenLab:
    """A lab that could not be imported, and why: the page shows it as an error card."""

    slug: str
    reason: str


@cache
def discover() -> tuple[dict[str, Lab], tuple[BrokenLab, ...]]:
    """Every lab under `dlviz.labs` by slug, in the order of the course, and those that fail to import.

    A duplicate slug raises.
    """
    import dlviz.labs

    labs: dict[str, Lab] = {}
    broken: list[BrokenLab] = []
    for entry in pkgutil.iter_modules(dlviz.labs.__path__):
        try:
            lab = importlib.import_module(f"dlviz.labs.{entry.name}").LAB
        except Exception as problem:  # noqa: BLE001 - whatever is wrong with one lab, the others must open
            broken.append(BrokenLab(entry.name, f"{type(problem).__name__}: {problem}"))
            continue
        if lab.slug in labs:
            raise RuntimeError(f"Two labs call themselves {lab.slug!r}; a slug names one lab.")
        labs[lab.slug] = lab
    return dict(sorted(labs.items(), key=lambda item: (item[1].chapter, item[0]))), tuple(broken)


def find(slug: str) -> Lab:
    """The lab of that name; `InvalidInput` names those there are."""
    return _pick("lab", slug, discover()[0])
