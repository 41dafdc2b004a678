// What each message counts, as bars: GAT's attention head by head beside equal shares, or the fixed numbers of the other layers.

import { h, setText } from "../lib/dom.js";
import { number, percent } from "../lib/number.js";
import { said } from "./messagesattention.js";

const ROWS = 12;
const TITLES = { gat: "Attention: the softmax row", gcn: "The normalised row", naive: "The row of A", loops: "The row of A + I", sage: "What each message counts", gin: "What each message counts" };

/** `listeners`: onhover(node | null), onpick(node), onhead(k), onlook(), onfold(). */
export function buildShares(listeners) {
  const title = h("h4.gm-small-title");
  const head = h("div.gm-share-heads");
  const body = h("div.gm-share-rows");
  const fold = h("button.gm-fold", { type: "button", onclick: () => { isOpen = !isOpen; listeners.onfold(); } });
  const sentence = h("p.gm-share-said", { "aria-live": "off" });
  const note = h("p.label");
  const element = h("div.gm-shares", title, sentence, head, body, fold, note);
  let [isOpen, known, rows, shown] = [false, "", [], null];
  body.addEventListener("pointerover", (event) => { const at = event.target.closest?.(".gm-share")?.dataset.node; listeners.onhover(at === undefined ? null : Number(at)); listeners.onlook(); });
  body.addEventListener("pointerleave", () => listeners.onhover(null));
  body.addEventListener("click", (event) => { const at = event.target.closest?.(".gm-share")?.dataset.node; if (at !== undefined) listeners.onpick(Number(at)); });

  function show(about, { hovered, fill }) {
    const { row, arriving, edges, node, name, kind } = about;
    const heads = kind === "gat" ? row.heads : 1;
    const all = Array.from({ length: heads }, (_, k) => said(about, k));
    const visible = isOpen || arriving.length <= ROWS + 1 ? arriving : arriving.slice(0, ROWS);
    const structure = `${kind}|${heads}|${node}|${visible.join(",")}|${arriving.length}`;
    if (structure !== known) {
      known = structure;
      build(about, visible, heads);
    }
    setText(title, `${TITLES[kind]}${node === null ? "" : ` of ${name(node)}`}`);
    setText(sentence, all[kind === "gat" ? about.head : 0].sentence);
    setText(note, kind === "gat" && arriving.length ? `The line in each bar is 1/${arriving.length} = ${number(1 / arriving.length)}, equal shares.` : "");
    const more = arriving.length - visible.length;
    fold.classList.toggle("hidden", !(more > 0 || (isOpen && arriving.length > ROWS + 1)));
    setText(fold, more > 0 ? `${more} more` : "Fewer");
    const most = Math.max(1e-9, ...all.flatMap(({ shares }) => shares.map(Math.abs)), kind === "gat" ? 1 / arriving.length : 0);
    head.classList.toggle("hidden", heads === 1);
    [...head.querySelectorAll("button")].forEach((chip, k) => {
      chip.setAttribute("aria-pressed", String(k === about.head));
      setText(chip.lastChild, all[k].entropy === null ? "" : ` entropy ${all[k].most ? percent(all[k].entropy / all[k].most, 0) : "0"}`);
    });
    rows.forEach(({ element: line, bars, swatch }, at) => {
      const source = edges.sources[visible[at]];
      swatch.style.background = fill(source);
      line.classList.toggle("gm-lit", source === hovered);
      bars.forEach(({ bar, mark, words }, k) => {
        const share = all[k].shares[at];
        bar.style.width = `${(100 * Math.abs(share)) / most}%`;
        if (mark) mark.style.left = `${100 / arriving.length / most}%`;
        setText(words, number(share));
      });
    });
    shown = { heads: all.map(({ shares, sum, entropy, most: equal }) => ({ shares, sum, entropy, equal })), sources: arriving.map((e) => edges.sources[e]), sentence: sentence.textContent, rows: rows.length };
  }

  function build({ edges, node, name, kind }, visible, heads) {
    head.replaceChildren(h("span"), ...Array.from({ length: heads }, (_, k) => h("button.plain.gm-share-head", { type: "button", "aria-pressed": "false", onclick: () => { listeners.onhead(k); listeners.onlook(); } }, h("span", `Head ${k + 1}`), h("span.muted"))));
    element.style.setProperty("--heads", heads);
    rows = visible.map((e) => {
      const source = edges.sources[e];
      const swatch = h("i.gm-swatch");
      const bars = Array.from({ length: heads }, () => ({ bar: h("i.gm-bar"), mark: kind === "gat" ? h("i.gm-even") : null, words: h("span.value.gm-share-number") }));
      const words = source === node ? "itself" : name(source);
      return { swatch, bars, element: h("div.gm-share", { "data-node": source }, h("span.gm-name", { title: words }, swatch, h("span.gm-name-words", words)), bars.map(({ bar, mark, words: value }) => h("span.gm-share-bar", h("span.gm-track", bar, mark), value))) };
    });
    body.replaceChildren(...rows.map(({ element: line }) => line));
  }

  return { element, show, read: () => shown };
}
