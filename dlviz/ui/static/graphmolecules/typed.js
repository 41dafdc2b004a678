// A molecule as text: SMILES, read by rdkit on the server; and molecules to begin with.

import { h, setText } from "../lib/dom.js";

export const EXAMPLES = {
  Benzene: "c1ccccc1",
  Nitrobenzene: "c1ccc(cc1)[N+](=O)[O-]",
  Naphthalene: "c1ccc2ccccc2c1",
  "1-Nitropyrene": "c1cc2ccc3ccc(c4c3c2c(c1)cc4)[N+](=O)[O-]",
  TNT: "Cc1c(cc(cc1[N+](=O)[O-])[N+](=O)[O-])[N+](=O)[O-]",
  Caffeine: "Cn1cnc2c1c(=O)n(c(=O)n2C)C",
};

/** The molecule of a reply of the probe: {elements, places, bonds}. */
export function moleculeOf({ arrays, numbers }) {
  const elements = numbers.texts["state/symbols"];
  const [places, edges, kinds] = [arrays.places.data, arrays.edges.data, arrays.bond.data];
  return {
    elements, places: elements.map((_, k) => [places[2 * k], places[2 * k + 1]]),
    bonds: Array.from(kinds, (kind, k) => ({ a: edges[2 * k], b: edges[2 * k + 1], kind })),
  };
}

/** `ontake(molecule, name)` for what was read. What is refused stays in its field with the reason. */
export function buildTyped({ live, ctx, ontake }) {
  const input = h("input", { type: "text", id: "gm-smiles", placeholder: "c1ccccc1", spellcheck: "false", autocomplete: "off", autocapitalize: "off", maxlength: 2000, onkeydown: (event) => { if (event.key === "Enter") read(input.value, ""); } });
  const button = h("button", { type: "button", onclick: () => read(input.value, "") }, "Read");
  const problem = h("p.problem.small", { role: "alert" });
  const examples = Object.entries(EXAMPLES).map(([name, smiles]) => h("button.chip", { type: "button", onclick: () => { input.value = smiles; read(smiles, name); } }, name));
  const element = h("div.stack.gm-typed",
    h("div.row", { role: "group", "aria-label": "Examples" }, examples),
    h("div.gm-smiles", h("label.label", { for: "gm-smiles" }, "Or as SMILES"), input, button), problem);
  let latest = 0;

  async function read(text, name) {
    if (!text.trim()) {
      say("Type a SMILES first, as c1ccccc1 for benzene.");
      return;
    }
    latest += 1;
    const mine = latest;
    const answer = await live.ask({ do: "probe", panel: "molecules", options: { smiles: text } }, { quiet: true });
    if (ctx.signal.aborted || mine !== latest) return;
    if (answer.kind !== "reply") {
      say(answer.numbers.text.replace(/^molecules\.smiles /, "The SMILES "));
      return;
    }
    say("");
    ontake(moleculeOf(answer), name);
  }

  function say(text) {
    setText(problem, text);
    input.setAttribute("aria-invalid", Boolean(text));
  }

  return { element, read: () => ({ text: input.value, problem: problem.textContent }), clear: () => say("") };
}
