// Molecules: which of MUTAG are mutagenic, which atoms the network goes by, and what it says of a molecule that one draws.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { pickOf, shownPlace } from "../lib/graphs.js";
import { settingsOf } from "../lib/settings.js";
import { buildChosen } from "./chosen.js";
import { buildEditor } from "./editor.js";
import { buildGallery } from "./gallery.js";
import { buildSource, fits } from "./source.js";
import { buildSurvey } from "./survey.js";

export const styles = ["lib/graphview.css", "lib/job.css"];

const PAUSE = 250; // ms between two moments of a network that learns

export default mount((root, live, ctx) => {
  let [place, took] = [null, 0];
  let [touched, seen] = [true, null]; // whether anything but another frame of the run came
  const again = () => { touched = true; ctx.redraw(); };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const pick = (next) => { place = next; happened("atoms_explained"); again(); };
  const here = { live, ctx };
  let [adopted, since, due] = [null, 0, 0];
  const source = buildSource({ live, ctx, onchange: () => ctx.redraw() });
  const gallery = buildGallery({ onpick: pick, onchange: again });
  const chosen = buildChosen({ live, ctx, onchange: () => { share(); again(); }, happened, onstage: (shown) => settingsOf(here).change({ shown }) });
  const survey = buildSurvey({ live, ctx, onchange: again, happened });
  const editor = buildEditor({ live, ctx, onchange: again, onpick: pick, happened, above: () => adopted?.molecules[placeNow()] });
  const body = h("div.gm-body.hidden", gallery.element, chosen.element, survey.element, editor.element);
  root.append(h("div.graphmolecules",
    h("p.lead", "188 molecules, each tested on bacteria: does it damage their DNA (mutagenic) or not? The network sees atoms as nodes, bonds as edges, the element as its only feature; kinds of bonds and hydrogens it does not see. Choose a molecule to ask which atoms its answer hangs on, then draw one of your own."),
    source.element, body));
  for (const kind of ["frame", "state"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  for (const kind of ["scene", "runs"]) live.on(kind, again, ctx.signal);

  // The molecule that the stage shows too is pointed at in both.
  const onStage = () => adopted && !adopted.isOwn && fits(live.scene?.numbers.spec) && !live.scene.numbers.own && shownPlace(live.scene) === placeNow();
  function share() {
    if (onStage()) pickOf(live).set({ hovered: chosen.view.hovered, hoveredEdge: chosen.view.hoveredEdge });
  }
  pickOf(live).on(({ hovered, hoveredEdge }) => {
    if (!onStage() || (chosen.view.hovered === hovered && chosen.view.hoveredEdge === hoveredEdge)) return;
    Object.assign(chosen.view, { hovered, hoveredEdge });
    again();
  }, ctx.signal);

  // While it learns, the many questions are asked a few times a second, so that no frame waits for them.
  function adopt(now) {
    const wait = since + PAUSE - performance.now();
    clearTimeout(due);
    if (now && adopted && now !== adopted && now.scene === adopted.scene && wait > 0) due = setTimeout(again, wait);
    else if (now !== adopted) [adopted, since] = [now, performance.now()];
    return adopted;
  }
  ctx.signal.addEventListener("abort", () => clearTimeout(due));

  const placeNow = () => Math.min(place ?? (adopted.isOwn ? 0 : shownPlace(live.scene)), adopted.molecules.length - 1);

  function draw() {
    if (!live.scene) return;
    const began = performance.now();
    root.style.setProperty("--gm-for", ctx.colors.positive);
    root.style.setProperty("--gm-against", ctx.colors.negative);
    source.nudge();
    const now = adopt(source.now);
    body.classList.toggle("hidden", !now);
    if (!now) return;
    const at = placeNow();
    const looks = [now, at, ctx.colors, root.clientWidth, live.state.playing, live.looking, source.now === now];
    if (!touched && seen && looks.every((value, k) => value === seen[k])) return; // a frame that the panel does not show
    [touched, seen] = [false, looks];
    gallery.draw(now, at, ctx.colors);
    chosen.draw(now, now.molecules[at], ctx.colors, onStage());
    survey.draw(now);
    editor.begin(now.molecules[at], `Molecule ${at + 1} of the set`);
    editor.draw(now, ctx.colors);
    took = performance.now() - began;
  }

  ctx.host.dlviz = {
    graphmolecules: () => live.scene && {
      spec: live.scene.numbers.spec, whose: source.element.innerText,
      source: adopted && { isOwn: adopted.isOwn, step: adopted.step, count: adopted.molecules.length, layer: adopted.network.spec.layer },
      ...(adopted ? { gallery: gallery.read(), chosen: chosen.read(), survey: survey.read(), editor: editor.read() } : {}), took,
    },
    weights: () => Object.fromEntries(Object.entries(adopted.weights).filter(([name]) => name.startsWith("state/")).map(([name, { data }]) => [name.slice(6), [...data]])),
    advance: (steps) => live.advance(steps),
    hover: (atom) => { chosen.view.over(atom, null); },
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
  };
  return { draw, update: again };
});
