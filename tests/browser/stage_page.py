"""The playground's controls on a page of their own, with a real PlaygroundRun behind them in this process.

The stage that `playground/component.js` gives its parts is stood in for by a small one; every change
goes to `PlaygroundRun.set`, so that what the controls send is checked by the real spec.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.labs.playground.previews import previews
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.harness import theme_css
from tests.browser.static_page import static_page

SETUP = """async ({css, theme, data, parts}) => {
  const { colors } = await import("/lib/color.js");
  const { readModel } = await import("/lib/nn.js");
  const style = document.head.appendChild(document.createElement("style"));
  style.textContent = `${css} body { background: var(--st-background-color); color: var(--st-text-color) }`;
  document.documentElement.dataset.theme = theme;
  const host = document.body.appendChild(document.createElement("div"));
  const shadow = host.attachShadow({ mode: "open" });
  const paths = ["lib/base.css", "lib/knob.css", "playground/component.css", "playground/controls.css"];
  shadow.adoptedStyleSheets = await Promise.all(paths.map(async (path) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await (await fetch(`/${path}`)).text());
    return sheet;
  }));
  const root = shadow.appendChild(document.createElement("div"));
  root.className = theme === "dark" ? "dlviz dark" : "dlviz";

  const listeners = {};
  const hear = (kind, fn) => (listeners[kind] ??= []).push(fn);
  const tell = (kind, value) => (listeners[kind] ?? []).forEach((fn) => fn(value));
  const typed = ({ dtype, data: values }) => new ({ f32: Float32Array, u8: Uint8Array })[dtype](values);
  const message = (given) => ({ ...given, arrays: Object.fromEntries(
    Object.entries(given.arrays).map(([name, array]) => [name, { shape: array.shape, data: typed(array) }])) });
  const live = {
    scene: null, frame: null, newest: null,
    on(kind, fn) { hear(kind, fn); if (live[kind]) fn(live[kind]); },
    async set(changes) {
      const answer = await window.change(changes);
      if (answer.error) return { kind: "note", numbers: { level: "error", text: answer.error } };
      window.arrive(answer);
      return { kind: "reply", numbers: {} };
    },
  };
  const built = [];
  const redraw = () => requestAnimationFrame(() => built.forEach((each) => each.draw?.()));
  const ctx = { data, root, host, colors: colors(shadow), signal: new AbortController().signal, redraw };
  const stage = window.stage = {
    live, ctx, model: null, tool: null, lit: null,
    on: (kind, fn) => hear(`stage:${kind}`, fn),
    setTool(tool) { stage.tool = tool; tell("stage:tool", tool); },
    light(lit) { stage.lit = lit; },
    point: (given) => tell("stage:pointer", given),
  };
  window.arrive = ({ scene, frame }) => {
    live.scene = message(scene);
    live.frame = live.newest = message(frame);
    if (stage.model?.version !== live.scene.version) stage.model = readModel(live.scene);
    stage.model.load(live.frame);
    tell("scene", live.scene);
    tell("frame", live.frame);
    tell("stage:scene", live.scene);
    tell("stage:frame", live.frame);
  };
  window.arrive(await window.change({}));
  for (const [file, build] of parts) {
    const el = root.appendChild(document.createElement("div"));
    el.id = file;
    if (file === "data") el.style.width = "220px";
    built.push((await import(`/playground/${file}.js`))[build](el, stage));
  }
  ctx.redraw();
}"""

PARTS = {"knobs": "buildKnobs", "data": "buildData", "confusion": "buildConfusion"}


class StagePage:
    """`page` (Playwright's), `run` (the model behind it), `sent` (every change the controls have sent)."""

    def __init__(self, page: Any, spec: PlaygroundSpec) -> None:
        self.page, self.run, self.version = page, PlaygroundRun(spec), 1
        self.sent: list[dict[str, Any]] = []

    def change(self, changes: dict[str, Any]) -> dict[str, Any]:
        if changes:
            self.sent.append(changes)
        try:
            self.run.set(changes)
        except InvalidInput as problem:
            return {"error": str(problem)}
        self.version += 1
        return self.moment()

    def moment(self) -> dict[str, Any]:
        """Scene and frame as they are now."""
        return {"scene": self._message(self.run.scene()), "frame": self._message(self.run.frame())}

    def train(self, steps: int) -> None:
        self.run.advance(steps)
        self.page.evaluate("moment => arrive(moment)", self.moment())

    def _message(self, picture: Any) -> dict[str, Any]:
        arrays = {
            name: {"shape": list(array.shape), "dtype": {"float32": "f32", "uint8": "u8"}[str(array.dtype)],
                   "data": np.ravel(array).tolist()}
            for name, array in picture.arrays.items()
        }  # fmt: skip
        return {"version": self.version, "step": self.run.step, "numbers": dict(picture.numbers), "arrays": arrays}


@contextlib.contextmanager
def stage_page(
    browser: Any, *parts: str, spec: PlaygroundSpec | None = None, theme: str = "light",
    hide: tuple[str, ...] = (), **options: Any,
) -> Iterator[StagePage]:  # fmt: skip
    """A page with these parts of the playground: "knobs", "data", "confusion"."""
    with static_page(browser, **options) as page:
        stage = StagePage(page, spec or PlaygroundSpec())
        page.expose_function("change", stage.change)
        fields = json.loads(json.dumps(specs.describe(PlaygroundSpec)))
        data = {"fields": fields, "hide": list(hide), "previews": previews(), "slug": "playground"}
        named = [[part, PARTS[part]] for part in parts]
        page.evaluate(SETUP, {"css": theme_css(), "theme": theme, "data": data, "parts": named})
        yield stage
