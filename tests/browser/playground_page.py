"""The Playground's component in the harness, showing a torch network whose every number is known here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from dlviz.core import spec as specs
from dlviz.labs.playground.previews import previews
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.torch_network import TorchRun

# Points far apart, so that a click means one of them.
PLACES = [(x, y) for x in (-4.5, -1.5, 1.5, 4.5) for y in (-4.2, 0.3, 3.9)]


class PlaygroundPage:
    """The page, the run behind it and what is needed to look at both."""

    def __init__(self, page: Any, harness: Any, run: TorchRun) -> None:
        self.page, self.harness, self.run = page, harness, run

    @property
    def spec(self) -> PlaygroundSpec:
        return self.run.torch_spec

    def commands(self, do: str) -> list[dict[str, Any]]:
        return [command for command in self.run.heard if command["do"] == do]

    def heard(self, do: str) -> dict[str, Any]:
        """The newest command of that kind; waits for one to come."""
        for _ in range(100):
            if self.commands(do):
                return self.commands(do)[-1]
            self.page.wait_for_timeout(20)
        raise AssertionError(f"no {do} came, only {[command['do'] for command in self.run.heard]}")

    def hook(self, name: str) -> Any:
        return self.page.evaluate("(name) => document.getElementById('playground').dlviz[name]()", name)

    def become(self, spec: PlaygroundSpec) -> None:
        """Another network on the same page, as a preset would bring it: quicker than another page."""
        self.run.targets = targets_for(spec)
        self.page.evaluate("(changes) => harness.session('torch').set(changes)", specs.values(spec))
        self.page.wait_for_function(
            "(version) => document.getElementById('playground').dlviz.maps().version === version", arg=self.run.version
        )
        self.page.wait_for_timeout(50)  # what was asked for is also drawn

    def settled(self) -> dict[str, Any]:
        """The maps once the fine ones are complete."""
        self.page.wait_for_function("document.getElementById('playground').dlviz.maps().side === 100")
        found: dict[str, Any] = self.hook("maps")
        return found

    def node(self, layer: int, unit: int) -> Any:
        """A unit's button; layer 0 has all seven features."""
        before = [7, *self.spec.hidden_layers][:layer]
        return self.page.locator("button.node").nth(sum(before) + unit)

    def centre(self, locator: Any) -> tuple[float, float]:
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def between(self, start: Any, end: Any) -> tuple[float, float]:
        """The middle of the curve that links two units."""
        (x0, y0), (x1, y1) = self.centre(start), self.centre(end)
        return (x0 + x1) / 2, (y0 + y1) / 2

    def point(self, index: int) -> tuple[float, float]:
        """Where a training point is on the screen."""
        canvas = self.page.locator(".output canvas.points").first
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        x1, x2 = self.run.points[index].tolist()
        return box["x"] + (x1 + 6) / 12 * box["width"], box["y"] + (6 - x2) / 12 * box["height"]


def targets_for(spec: PlaygroundSpec) -> Tensor:
    count = len(PLACES)
    if spec.problem == "classification":
        return torch.arange(count) % spec.classes
    return torch.linspace(-0.9, 0.9, count)


def opener(mounted: Callable[..., Any], serve_static: tuple[str, Any]) -> Callable[..., PlaygroundPage]:
    """`open(spec, theme="dark")` shows a network of that spec."""

    def open_with(spec: PlaygroundSpec, theme: str = "light", run: str = "torch", **more: Any) -> PlaygroundPage:
        harness = serve_static[1]
        held = TorchRun(run, harness.runs, spec, torch.tensor(PLACES), targets_for(spec))
        held.more |= more
        harness.runs[run] = held
        data = {"run": run, "slug": "playground", "hide": []}
        data |= {"fields": specs.describe(PlaygroundSpec), "previews": previews()}
        page = mounted("playground", data=data, theme=theme)
        page.wait_for_selector("button.node")
        return PlaygroundPage(page, harness, held)

    return open_with
