// One molecule, large: what each atom adds to the answer by one of three methods, with its numbers.

import { css } from "../lib/color.js";
import { fit, h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { askWithout, leftOut } from "./asked.js";
import { buildAsking } from "./asking.js";
import { formula, nameOf, nitroGroups } from "./chemistry.js";
import { ABOUT, LABELS, METHODS } from "./methods.js";
import { MoleculeView } from "./view.js";

const minus = (text) => text.replace("−", "− ");
const plus = (x) => (x < 0 ? `− ${steady(-x, 2)}` : `+ ${steady(x, 2)}`);

export function buildChosen({ live, ctx, onchange, happened, onstage }) {
  let [method, shown, last, held] = ["occlusion", null, null, null];
  const asking = buildAsking({ live, ctx, onchange });
  const view = new MoleculeView({ label: "The chosen molecule, its atoms coloured by what they add", onhover: onchange, onedge: onchange, onpick: (atom) => { held = atom === held ? null : atom; onchange(); } });
  view.element.classList.add("gm-large");
  const title = h("h3");
  const sentence = h("p.gm-sentence.value", { "aria-live": "polite" });
  const chips = Object.fromEntries(METHODS.map((name) => [name, h("button.chip", { type: "button", "data-method": name, onclick: () => { method = name; happened("atoms_explained"); onchange(); } }, LABELS[name])]));
  const [about, sum, waits] = [h("p.muted"), h("p.gm-equation.value"), h("p.gm-waits", { role: "status" })];
  const where = h("p.gm-where.value");
  const groups = h("ul.gm-groups.value");
  const scale = h("canvas.gm-scale", { role: "img" });
  const [low, high] = [h("span.value"), h("span.value")];
  const show = h("button", { type: "button", onclick: () => onstage(last.molecule.place) }, "Show it on the stage");
  const element = h("section.gm-part.gm-chosen", { "aria-label": "One molecule" },
    h("div.gm-picture", title, view.element, h("div.gm-legend.small.muted", low, scale, high, h("span", "what an atom adds to the margin: against mutagenic, for it"))),
    h("div.gm-explained", sentence, h("div.row", { role: "group", "aria-label": "How to ask" }, Object.values(chips)), about, waits, sum, where,
      h("div.stack", h("h4", "Without a whole group"), groups), show));

  // What the pointer is on, else what was pressed last.
  const atomNow = (molecule) => view.hovered ?? (held !== null && held < molecule.elements.length ? held : null);

  function draw(source, molecule, colors, isStageShown) {
    if (last?.molecule !== molecule) held = null;
    if (last?.source !== source || last.molecule !== molecule) last = { source, molecule, left: leftOut(source, molecule), groups: nitroGroups(molecule).map((atoms) => ({ atoms, without: askWithout(source, molecule, atoms, []) })) };
    const { answer } = last.left;
    const key = `${source.key}|${molecule.place}|${method}`;
    const isIdle = source.isOwn || (!live.state.playing && live.looking === null);
    asking.want(method !== "occlusion" && isIdle ? { key, place: molecule.place, method, source } : null);
    const found = method === "occlusion" ? { atoms: last.left.atoms, bonds: last.left.bonds } : asking.of(key);
    const most = found ? Math.max(1e-9, ...[...found.atoms, ...(found.bonds ?? [])].map(Math.abs)) : 0;
    view.showMolecule(molecule, { values: found && { ...found, most }, dots: true }, held);
    view.draw(colors);
    sayAnswer(molecule, answer);
    for (const [name, chip] of Object.entries(chips)) chip.setAttribute("aria-pressed", name === method);
    setText(about, ABOUT[method]);
    setText(waits, found ? "" : asking.problem || (isIdle ? "The gradients are on their way …" : live.looking === null ? "The gradients are asked for when the training pauses." : "Gradients are there for the newest moment only; leaving out works at every moment."));
    saySum(found, answer);
    sayWhere(molecule, found, answer);
    replace(groups, last.groups.map(({ atoms, without }, k) => h("li", `${last.groups.length > 1 ? `Nitro group ${k + 1}` : "Its nitro group"} (atoms ${atoms.map((atom) => atom + 1).join(", ")}): the margin would be ${steady(without.margin, 2)} instead of ${steady(answer.margin, 2)}, mutagenic ${percent(without.probability)} instead of ${percent(answer.probability)}.`)),
      last.groups.length ? null : h("li", "It has no nitro group."));
    paintScale(most, colors);
    show.classList.toggle("hidden", source.isOwn || isStageShown);
    shown = { place: molecule.place, method, answer, atoms: found ? [...found.atoms] : null, bonds: found?.bonds ? [...found.bonds] : null, baseline: found?.baseline ?? null, error: found?.error ?? null, groups: last.groups.map(({ atoms, without }) => ({ atoms, margin: without.margin })), hovered: atomNow(molecule), where: where.textContent, sum: sum.textContent, sentence: sentence.textContent, waits: waits.textContent, milliseconds: view.read().milliseconds };
  }

  function sayAnswer(molecule, answer) {
    setText(title, `Molecule ${molecule.place + 1}, ${formula(molecule)}`);
    const says = answer.margin > 0 ? "mutagenic" : "not mutagenic";
    const isRight = (answer.margin > 0) === (molecule.label === 1);
    setText(sentence, `It is ${molecule.label ? "mutagenic" : "not mutagenic"}${molecule.isHeld ? ", and was kept back from training" : ", and the network has learned from it"}. The network says ${says}, ${percent(answer.probability)} for mutagenic${isRight ? "." : ": wrong."} The margin is ${steady(answer.logits[1], 2)} − ${answer.logits[0] < 0 ? `(${steady(answer.logits[0], 2)})` : steady(answer.logits[0], 2)} = ${steady(answer.margin, 2)}.`);
  }

  function saySum(found, answer) {
    if (!found) { setText(sum, ""); return; }
    const total = found.atoms.reduce((all, value) => all + value, 0);
    if (method === "integrated") {
      const wanted = answer.margin - found.baseline;
      setText(sum, `Sum over atoms ${steady(total, 2)}; margin ${steady(answer.margin, 2)} − margin of unknown atoms ${found.baseline < 0 ? `(${steady(found.baseline, 2)})` : steady(found.baseline, 2)} = ${steady(wanted, 2)}. They differ by ${steady(Math.abs(found.error), 3)}, ${percent(Math.abs(found.error / (wanted || 1)), 2)}: the average is taken at 256 places.`);
    } else setText(sum, `Sum over atoms ${steady(total, 2)}, margin ${steady(answer.margin, 2)}. ${method === "occlusion" ? "The two need not be alike: two atoms left out together are not what they are one by one." : "The two need not be alike: a slope knows nothing of the biases and the bends of ReLU."}`);
  }

  function sayWhere(molecule, found, answer) {
    const [atom, bond] = [atomNow(molecule), view.hoveredEdge];
    const what = (margin) => `Without it the margin would be ${steady(margin, 2)} instead of ${steady(answer.margin, 2)}.`;
    if (atom !== null) setText(where, `Atom ${atom + 1}, ${nameOf(molecule.elements[atom])}: ${found ? `adds ${number(found.atoms[atom])}. ` : ""}${what(answer.margin - last.left.atoms[atom])}`);
    else if (bond !== null && molecule.bonds[bond]) {
      const { a, b } = molecule.bonds[bond];
      setText(where, `Bond of ${molecule.elements[a]} ${a + 1} and ${molecule.elements[b]} ${b + 1}: ${what(answer.margin - last.left.bonds[bond])}`);
    } else if (found) {
      const order = found.atoms.map((_, k) => k).sort((x, y) => Math.abs(found.atoms[y]) - Math.abs(found.atoms[x])).slice(0, 3);
      setText(where, `The largest: ${order.map((k) => `${molecule.elements[k]} ${k + 1} (${plus(found.atoms[k])})`).join(", ")}. Point at an atom or a bond.`);
    } else setText(where, "Point at an atom or a bond.");
  }

  function paintScale(most, colors) {
    const { pen, width, height } = fit(scale);
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(colors.diverging((2 * x) / Math.max(1, width - 1) - 1));
      pen.fillRect(x, 0, 1, height);
    }
    setText(low, most ? minus(steady(-most, 2)).replace(" ", "") : "");
    setText(high, most ? steady(most, 2) : "");
    scale.setAttribute("aria-label", `Colours from ${number(-most)}, orange, over 0 to ${number(most)}, blue`);
  }

  return { element, view, draw, read: () => shown };
}
