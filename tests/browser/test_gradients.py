"""The gradients panel: what it shows of a real run's frames, against autograd and plain counting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.fake_run import FakeRun, encode

pytestmark = pytest.mark.browser

SIX_SIGMOIDS = PlaygroundSpec(hidden_layers=(6,) * 6, activations=("sigmoid",))
DYING = PlaygroundSpec(hidden_layers=(8, 8), activations=("relu",), learning_rate=1.0)


class TrainedRun(FakeRun):
    """The harness's protocol with a real run's scenes and frames; `advance` and `seek` are all it can do."""

    def __init__(self, name: str, family: dict[str, FakeRun], spec: PlaygroundSpec) -> None:
        super().__init__(name, family)
        self.run = PlaygroundRun(spec)
        self.moments = {0: self.run.snapshot()}

    def train_to(self, step: int) -> None:
        if step > self.run.step:
            self.run.advance(step - self.run.step)
            self.moments[step] = self.run.snapshot()

    def scene(self) -> bytes:
        picture = self.run.scene()
        return encode("scene", self.name, self.version, self.run.step, dict(picture.numbers), dict(picture.arrays))

    def frame(self) -> bytes:
        live = int(self.step)
        self.train_to(live)
        step = live if self.looking is None else max(kept for kept in self.moments if kept <= self.looking)
        self.run.restore(self.moments[step])
        picture = self.run.frame()
        self.run.restore(self.moments[live])
        generic = {"playing": False, "live_step": live, "elapsed": live / 1000, "steps_per_epoch": 25, "speed": None,
                   "rate": 0, "goal": None, "device": "cpu", "marks": [], "curve_names": []}  # fmt: skip
        held, curve = np.array(sorted(self.moments), np.int32), np.zeros((1, 1), np.float32)
        arrays = {**picture.arrays, "held": held, "curve": curve}
        return encode("frame", self.name, self.version, step, {**picture.numbers, **generic}, arrays)


@pytest.fixture
def panel(mounted: Any, serve_static: Any) -> Any:
    """`panel(spec)`: the panel over a real run of it, as (page, run)."""

    def open_with(spec: PlaygroundSpec, theme: str = "light") -> tuple[Any, TrainedRun]:
        harness = serve_static[1]
        run = TrainedRun("fake", harness.runs, spec)
        harness.runs["fake"] = run
        page = mounted("gradients", theme=theme)
        page.locator(".reading").get_by_text("No gradient yet").wait_for()
        return page, run

    return open_with


def advance(page: Any, run: TrainedRun, steps: int) -> None:
    before = run.run.step
    page.evaluate("steps => harness.session().advance(steps)", steps)
    page.wait_for_function("step => harness.session().frame?.step === step", arg=before + steps)
    page.wait_for_timeout(100)


def shown_norms(page: Any) -> list[str]:
    return page.locator(".layer .bar .value").all_inner_texts()


def test_the_norms_are_those_of_the_last_batch(panel: Any) -> None:
    page, run = panel(PlaygroundSpec(samples=20, batch_size=100, hidden_layers=(3,)))
    assert shown_norms(page) == ["0", "0"]
    twin = PlaygroundRun(run.run.spec)
    loss = cross_entropy(twin.network(twin.train_inputs), twin.points.train_y)  # one batch holds every point
    parameters = [[layer.weight, layer.bias] for layer in twin.network.linear]
    expected = [
        torch.cat([g.flatten() for g in torch.autograd.grad(loss, pair, retain_graph=True)]).norm().item()
        for pair in parameters
    ]
    advance(page, run, 1)
    assert [float(text) for text in shown_norms(page)] == pytest.approx(expected, rel=6e-3)


def test_six_sigmoids_vanish_and_the_sentence_has_the_ratio(panel: Any) -> None:
    page, run = panel(SIX_SIGMOIDS)
    advance(page, run, 200)
    norms = run.run.frame().arrays["grad_norm"]
    text = page.locator(".reading").inner_text()
    assert text.startswith("Layer 1 gets 1/")
    assert text.endswith("of the gradient of the last layer: vanishing.")
    assert int(text.split("1/")[1].split()[0].replace(",", "")) == pytest.approx(norms[-1] / norms[0], rel=1e-2)
    widths = [box["width"] for box in (bar.bounding_box() for bar in page.locator(".bar .fill").all())]
    assert widths == sorted(widths)


def test_dead_units_are_named(panel: Any) -> None:
    page, run = panel(DYING)
    advance(page, run, 300)
    with torch.no_grad():
        first = torch.relu(run.run.network.linear[0](run.run.train_inputs))
        second = torch.relu(run.run.network.linear[1](first))
    dead = [[unit + 1 for unit in range(8) if not (layer[:, unit] > 0).any()] for layer in (first, second)]
    assert sum(map(len, dead)) > 0
    for text, units in zip(page.locator(".dead").all_inner_texts(), dead, strict=False):
        words = f"{len(units)} of 8: unit{'s' if len(units) > 1 else ''} {', '.join(map(str, units))}"
        assert text == (words if units else "none")
    assert f"{sum(map(len, dead))} of 16 hidden units" in page.locator(".reading").inner_text()


def test_it_follows_the_timeline(panel: Any) -> None:
    page, run = panel(SIX_SIGMOIDS)
    advance(page, run, 50)
    early = shown_norms(page)
    advance(page, run, 400)
    late = shown_norms(page)
    assert early != late
    page.evaluate("harness.session().scrub(50)")
    page.wait_for_timeout(200)
    assert shown_norms(page) == early
    page.evaluate("harness.session().scrub(null)")
    page.wait_for_timeout(200)
    assert shown_norms(page) == late


SAY = """async ([norms, slopes, hidden, step]) => {
  const { readGradients, deadUnits } = await import(new URL("app/static/gradients/reading.js", document.baseURI));
  return readGradients(norms, deadUnits(slopes, hidden), step, (x) => String(x));
}"""


@pytest.mark.parametrize(
    ("norms", "slopes", "hidden", "step", "level", "text"),
    [
        ([0, 0], [1], [1], 0, "none", "No gradient yet: take a step."),
        ([0, 0], [1], [1], 5, "dead", "The gradient is zero in every layer: nothing changes any more."),
        ([0.5], [], [], 5, "good", "One layer: its gradient has norm 0.5."),
        ([1, 2, 4], [1, 1], [1, 1], 5, "good", "The gradient reaches every layer; its norms differ by a factor of 4."),
        ([1, 430, 4300], [1, 1], [1, 1], 5, "vanishing",
         "Layer 1 gets 1/4300 of the gradient of the last layer: vanishing."),
        ([900, 5, 3], [1, 1], [1, 1], 5, "exploding",
         "Layer 1 gets 300 times the gradient of the last layer: exploding."),
        ([0, 0, 4], [1, 1, 0], [2, 1], 5, "dead",
         "Layer 1 gets no gradient at all: every unit of layer 2 is dead. 1 of 3 hidden units is dead."),
        ([2, 2, 4], [0, 1, 0], [2, 1], 5, "good",
         "The gradient reaches every layer; its norms differ by a factor of 2. 2 of 3 hidden units are dead."),
    ],
)  # fmt: skip
def test_the_reading(
    mounted: Any, norms: list[float], slopes: list[float], hidden: list[int], step: int, level: str, text: str
) -> None:
    assert mounted().evaluate(SAY, [norms, slopes, hidden, step]) == {"level": level, "text": text}


def test_the_history_keeps_its_ends_in_order_and_forgets_what_was_undone(mounted: Any) -> None:
    found = mounted().evaluate("""async () => {
      const { History } = await import(new URL("app/static/gradients/reading.js", document.baseURI));
      const history = new History(200);
      for (let step = 0; step < 1000; step += 1) history.add(step, [step]);
      const all = history.moments.map((moment) => moment.step);
      history.cut(700);
      history.add(650, [7]);
      history.add(650, [8]);
      const again = history.moments.filter((moment) => moment.step === 650);
      const rest = history.moments.map((moment) => moment.step);
      return {all, rest, again: again.map((moment) => moment.norms[0])};
    }""")
    assert found["all"] == sorted(found["all"])
    assert (found["all"][0], found["all"][-1]) == (0, 999)
    assert len(found["all"]) <= 200
    assert found["rest"] == sorted(step for step in {*found["all"], 650} if step <= 700)
    assert found["again"] == [8]
