// A molecule that a person draws or types, with the network's answer after every stroke.

import { h, setText } from "../lib/dom.js";
import { charged } from "./chemistry.js";
import * as sketch from "./sketch.js";
import { buildTools } from "./tools.js";
import { buildTyped, moleculeOf } from "./typed.js";
import { buildVerdict, judge } from "./verdict.js";
import { MoleculeView } from "./view.js";

const MOST_UNDONE = 200;

export function buildEditor({ live, ctx, onchange, onpick, happened, above }) {
  let [molecule, name, past, future, dragged, last, shown, isTinted] = [sketch.EMPTY, "", [], [], null, null, null, true];
  const tools = buildTools({ onchange });
  const view = new MoleculeView({
    label: "The molecule you draw", editable: true, onhover: onchange, onedge: onchange,
    onpick: (atom, event, bond) => (atom === null ? onBond(bond) : onAtom(atom)), onempty: onFree,
    ondrag: (atom, place) => { dragged ??= molecule; molecule = sketch.withPlace(molecule, atom, place); onchange(); },
    ondrop: (atom, place) => { const before = dragged ?? molecule; dragged = null; molecule = before; put(sketch.withPlace(before, atom, place), name); },
    onconnect: (a, b) => put(sketch.joined(molecule, a, b, tools.state.kind)),
  });
  view.element.classList.add("gm-sheet");
  const typed = buildTyped({ live, ctx, ontake: (found, called) => { put(sketch.centred(found), called); tidied(); } });
  const verdict = buildVerdict({ onpick });
  const said = h("p.small.gm-rdkit.value", { role: "status" });
  const button = (label, act) => h("button", { type: "button", onclick: act }, label);
  const undo = button("Undo", () => step(past, future));
  const redo = button("Redo", () => step(future, past));
  const tidy = button("Tidy and check", () => check());
  const clear = button("Clear", () => { put(sketch.EMPTY, ""); typed.clear(); });
  const take = button("Take the one above", () => { const one = above(); if (one) put(sketch.centred({ elements: one.elements, places: one.places, bonds: one.bonds }), `Molecule ${one.place + 1} of the set`); });
  const tint = h("button", { type: "button", onclick: () => { isTinted = !isTinted; onchange(); } }, "Colour by what atoms add");
  const element = h("section.gm-part", { "aria-label": "Your molecule" }, h("h3", "Draw a molecule, and ask the network"), typed.element,
    h("div.gm-draw", h("div.gm-board", tools.element, view.element, h("div.row", undo, redo, take, tidy, clear, tint), said), verdict.element));

  function put(next, called = "") {
    if (next === molecule) return;
    if (next.elements.length > Math.max(sketch.MOST_ATOMS, molecule.elements.length)) {
      setText(said, `There is room for ${sketch.MOST_ATOMS} atoms.`);
      return;
    }
    past = [...past, { molecule, name }].slice(-MOST_UNDONE);
    future = [];
    [molecule, name] = [next, called];
    setText(said, "");
    happened("molecule_drawn");
    onchange();
  }

  function step(from, to) {
    const there = from.pop();
    if (!there) return;
    to.push({ molecule, name });
    ({ molecule, name } = there);
    setText(said, "");
    onchange();
  }

  function onAtom(atom) {
    const { tool, element: chosen, kind } = tools.state;
    if (tool === "erase") put(sketch.withoutAtom(molecule, atom));
    else if (tool === "change") put(sketch.withElement(molecule, atom, chosen));
    else if (tool === "nitro") put(sketch.withNitro(molecule, atom));
    else if (tool === "ring") put(sketch.withRing(molecule, { to: atom }));
    else put(sketch.withAtom(molecule, chosen, { to: atom, kind }));
  }

  function onBond(bond) {
    if (bond === null || bond === undefined) return;
    if (tools.state.tool === "erase") put(sketch.withoutBond(molecule, bond));
    else put(sketch.withKind(molecule, bond, tools.state.kind));
  }

  function onFree(place) {
    const { tool, element: chosen } = tools.state;
    if (tool === "ring") put(sketch.withRing(molecule, { place }));
    else if (tool === "add" || tool === "change") put(sketch.withAtom(molecule, chosen, { place }));
  }

  // rdkit lays the molecule out and says whether it can be.
  async function check() {
    const mine = molecule;
    if (!mine.elements.length) {
      setText(said, "There is nothing to check yet.");
      return;
    }
    const drawn = { elements: mine.elements, bonds: mine.bonds.map(({ a, b }) => [a, b]), kinds: mine.bonds.map(({ kind }) => kind) };
    const answer = await live.ask({ do: "probe", panel: "molecules", options: { drawn } }, { quiet: true });
    if (ctx.signal.aborted || molecule !== mine) return;
    if (answer.kind !== "reply") {
      setText(said, answer.numbers.text.replace(/^molecules\.drawn /, "The drawing "));
      return;
    }
    const { places } = moleculeOf(answer);
    put(sketch.centred({ ...mine, places }), name);
    const { texts } = answer.numbers;
    const problems = texts["state/problems"].filter(Boolean);
    setText(said, problems.length ? `rdkit says: ${problems.join("; ")}. (It counts atoms from 0.)` : `rdkit knows it as ${texts["state/smiles"][0]}, with its hydrogens ${texts["state/formula"][0]}.${charged(mine).length ? " A nitrogen with four bonds was given its charge." : ""}`);
  }

  function tidied() { setText(said, ""); }

  function draw(source, colors) {
    tools.draw(colors);
    view.connecting = tools.state.tool === "join";
    const isSame = last?.molecule === molecule && last.source.molecules === source.molecules && last.source.network.rows.length === source.network.rows.length;
    if (!isSame || last.source !== source) last = { molecule, source, said: judge(source, molecule, isSame ? last.said : null) };
    const found = last.said;
    const values = found && isTinted && molecule.elements.length > 1 ? { atoms: found.atoms, bonds: found.bonds, most: Math.max(1e-9, ...[...found.atoms, ...found.bonds].map(Math.abs)) } : null;
    view.showMolecule(molecule, { values, dots: true, warned: new Set(found?.problems.map(({ atom }) => atom)) }, null, { reach: [1, 1] });
    view.draw(colors);
    verdict.draw(source, molecule, found, colors, name, found ? view.hovered : null);
    undo.disabled = !past.length;
    redo.disabled = !future.length;
    clear.disabled = !molecule.elements.length;
    tint.setAttribute("aria-pressed", isTinted);
    shown = { elements: molecule.elements, bonds: molecule.bonds, places: molecule.places, name, tool: { ...tools.state }, answer: found?.answer ?? null, atoms: found?.atoms ?? null, strange: found?.strange ?? null, nearest: found ? source.molecules[found.nearest].place : null, alike: found?.alike ?? null, rounds: found?.rounds ?? null, problems: found?.problems ?? [], spots: view.read().nodes.map(({ x, y }) => [x, y]), words: verdict.read(), milliseconds: view.read().milliseconds };
  }

  return { element, view, draw, read: () => shown && { ...shown, typed: typed.read(), rdkit: said.textContent }, begin: (first, called) => { if (!molecule.elements.length && !past.length) [molecule, name] = [sketch.centred(first), called]; } };
}
