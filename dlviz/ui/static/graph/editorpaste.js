// A graph of one's own: pasted, opened from a file or made here, seen with what reading it guessed before it is taken.

import { count, h, icon, replace, setText } from "../lib/dom.js";
import { parseGraph } from "../lib/graphcode.js";
import { GraphView, classFill } from "../lib/graphview.js";
import { settingsOf } from "../lib/settings.js";
import { bondLook, elementFill, isMolecule, radiusFor } from "./editorpicture.js";
import { EXAMPLES, MAKERS } from "./editorsamples.js";
import { usesOf } from "./editoruses.js";
import { readFile, tooMuch } from "./editorweigh.js";

const PAUSE = 300; // ms after the last key before a text is read
const KINDS = { code: "the lab's own text", edges: "a list of edges", graphml: "GraphML", smiles: "a SMILES" };

/** Open the dialog in `home`; `history` takes the graph. */
export function openPaste(home, stage, { history, happened }) {
  const { live, ctx } = stage;
  const settings = settingsOf(stage);
  let [timer, asked, graph, use, uses] = [0, 0, null, null, []];

  const area = h("textarea.code.ge-text", {
    rows: 7, spellcheck: "false", "aria-label": "A graph as text", placeholder: "Two nodes a line: 0,1 or Anna - Ben or a->b,0.5. Or GraphML. Or a SMILES such as CCO.",
    oninput: () => { clearTimeout(timer); timer = setTimeout(() => read(area.value), PAUSE); },
  });
  // What comes in is weighed before it is in the field: a hundred thousand lines would stop the page.
  for (const [kind, of] of [["paste", (event) => event.clipboardData], ["drop", (event) => event.dataTransfer]]) {
    area.addEventListener(kind, (event) => {
      const [file] = of(event)?.files ?? [];
      const words = tooMuch(of(event)?.getData("text/plain") ?? "");
      if (!file && !words) return;
      event.preventDefault();
      event.stopPropagation();
      if (file) open(file);
      else refuse(words);
    });
  }
  const chooser = h("input.unseen", { type: "file", accept: ".csv,.txt,.edgelist,.graphml,.smi,.xml,text/*", tabindex: -1, "aria-label": "A file with a graph", onchange: () => { if (chooser.files[0]) open(chooser.files[0]); chooser.value = ""; } });
  const problem = h("p.problem", { role: "alert" });
  const facts = h("p.ge-facts", { role: "status" });
  const notes = h("ul.ge-notes.small.muted");
  const view = new GraphView({ label: "The graph as it was read" });
  const ways = h("div.ge-ways", { role: "radiogroup", "aria-label": "What to do with it" });
  const found = h("div.ge-found.hidden", h("div.ge-preview", view.element), h("div.ge-about", facts, notes, h("p.label", "What to do with it"), ways));
  const take = h("button.primary", { type: "button", disabled: true, onclick: accept }, "Take this graph");
  const numbers = Object.fromEntries(MAKERS.map(({ name, fields }) => [name, fields.map(([label, value, least, most]) => h("input.value", { type: "number", min: least, max: most, value, "aria-label": `${name}: ${label}` }))]));
  const makers = MAKERS.map(({ name, fields, make }) => h("span.ge-maker", h("button.chip", { type: "button", onclick: () => made(name, make, fields) }, name), fields.map(([label], k) => h("label.small.muted", label, numbers[name][k]))));
  const dialog = h("dialog.ge-dialog", { "aria-labelledby": "ge-dialog-title", onclose: () => { clearTimeout(timer); dialog.remove(); ctx.redraw(); }, onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("div.ge-dialog-content",
      h("div.row", h("h3#ge-dialog-title.grow", "A graph of your own"), h("button.plain.round", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("cross", 18))),
      h("p.muted.small", "Paste it, open a file, or begin with one of these. At most 400 nodes and 2,000 edges; nothing changes before you take it."),
      h("div.row.ge-samples", EXAMPLES.map(({ name, text }) => h("button.chip", { type: "button", onclick: () => put(text) }, name))),
      h("div.row.ge-samples", makers),
      area,
      h("div.row", h("button.chip", { type: "button", onclick: () => chooser.click() }, icon("upload", 15), "Open a file"), chooser, h("span.muted.small", ".csv .txt .edgelist .graphml .smi, at most 1 MB")),
      problem, found,
      h("div.row.ge-end", h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), take)));
  home.append(dialog);
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // letters here are no tools
  dialog.showModal();
  area.focus();

  function put(text) {
    const words = tooMuch(text);
    if (words) { refuse(words); return; }
    area.value = text;
    read(text).then(() => found.scrollIntoView({ block: "nearest" }));
  }

  function made(name, make, fields) {
    const given = numbers[name].map((field) => Number(field.value));
    const wrong = fields.findIndex(([, , least, most, isWhole = true], k) => !(given[k] >= least && given[k] <= most) || (isWhole && !Number.isInteger(given[k])));
    if (wrong >= 0) refuse(`${name}: ${fields[wrong][0]} goes from ${fields[wrong][2]} to ${fields[wrong][3]}.`);
    else put(make(...given));
  }

  async function open(file) {
    try {
      put(await readFile(file));
    } catch (why) {
      refuse(why.message);
    }
  }

  function refuse(words) {
    setText(problem, words);
    [graph, use] = [null, null];
    take.disabled = true;
    found.classList.add("hidden");
  }

  async function read(text) {
    clearTimeout(timer);
    asked += 1;
    const turn = asked;
    setText(problem, "");
    if (!text.trim()) { refuse(""); return; }
    const words = tooMuch(text);
    if (words) { refuse(words); return; }
    dialog.setAttribute("aria-busy", "true");
    const answer = await live.ask({ do: "probe", panel: "read", options: { text, parameters: false } }, { quiet: true });
    if (turn !== asked || !dialog.isConnected) return;
    dialog.removeAttribute("aria-busy");
    if (answer.kind !== "reply") { refuse(answer.numbers.text.replace(/^read\.text /, "This text ")); return; }
    const { texts } = answer.numbers;
    graph = parseGraph(texts["state/code"]);
    uses = usesOf(graph, texts["state/kind"], stage.scene.numbers.spec, settings.value("features"));
    use = uses.find(({ why }) => !why) ?? null;
    setText(facts, `${count(graph.nodes.length)} ${graph.nodes.length === 1 ? "node" : "nodes"} and ${count(graph.edges.length)} ${graph.edges.length === 1 ? "edge" : "edges"}, ${graph.directed ? "directed" : "both ways"}; read as ${KINDS[texts["state/kind"]]}.`);
    replace(notes, texts["state/remarks"].map((remark) => h("li", remark)));
    found.classList.remove("hidden");
    show();
  }

  function show() {
    replace(ways, uses.map((one) => h("button.ge-way", {
      type: "button", role: "radio", "aria-checked": String(one === use), disabled: Boolean(one.why), onclick: () => { use = one; show(); },
    }, h("b", one.name), h("span.small.muted", one.why || one.words))));
    take.disabled = !use;
    const drawn = use?.graph ?? graph;
    const molecule = isMolecule(drawn);
    const isWeighted = drawn.edges.some(({ weight }) => weight !== drawn.edges[0].weight);
    const { colors } = ctx;
    view.show({
      directed: drawn.directed, edges: drawn.edges.map(({ a, b, weight, kind }) => ({ a, b, ...(molecule ? bondLook(kind) : isWeighted ? { weight } : {}) })),
      nodes: drawn.nodes.map(({ x, y, name, label, given }) => ({
        x, y, radius: radiusFor(drawn.nodes.length) * 0.8, name: molecule ? "" : name, square: given,
        ...(molecule ? { fill: elementFill(colors, name), label: name } : { fill: label >= 0 ? classFill(colors, label) : colors.muted }), ...(given ? { ring: colors.ink } : {}),
      })),
    });
    view.draw(colors);
  }

  async function accept() {
    if (!use) return;
    take.disabled = true;
    if (!history.commit(use.graph, use.changes)) { refuse(history.problem); return; }
    happened("graph_pasted");
    dialog.close();
  }

  return dialog;
}
