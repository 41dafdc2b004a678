// What the changes do to the sequence on the screen: at each token the answer before and after, and its loss.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { likeliest, lossesOf, rowOf, softmax } from "../lib/transformer.js";
import { written } from "../lib/tokens.js";

const WIDTH = { least: 34, most: 110, frame: 12, letter: 8.4 }; // px of a column
const BEST = 4; // classes of each pass that are shown of the token pointed at,
const LEAST = 0.005; // those with less than this in both left out

/** What a pass answers: {said, sure, losses}, one entry an answer. */
export function answersOf(pass, targets) {
  const rows = Array.from({ length: pass.answers }, (_, i) => softmax(rowOf(pass, i)));
  const said = rows.map(likeliest);
  return { rows, said, sure: rows.map((row, i) => row[said[i]]), losses: targets ? [...lossesOf(pass, targets)] : null };
}

/** Mean of the losses that are asked for; NaN where there are none. */
export function meanLoss(losses) {
  const asked = losses?.filter(Number.isFinite) ?? [];
  return asked.length ? asked.reduce((sum, x) => sum + x, 0) / asked.length : NaN;
}

export function buildEffect({ attended }) {
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const rows = h("div.strip", { role: "group", "aria-label": "Answers before and after", onkeydown: walk });
  const scroller = h("div.scroller", rows);
  const title = h("h4");
  const best = h("div.best");
  const texts = h("p.texts.value");
  const legend = h("p.label.keys", h("i.swatch.before"), " before ", h("i.swatch.after"), " after; a changed answer is framed, a wrong one is coloured; · is not asked");
  const element = h("section.effect", { "aria-label": "The sequence on the screen" }, h("h3", "The sequence on the screen"), sentence, texts, scroller, legend, h("div.detail", title, best));
  let cells = []; // of each answer {column, said: [before, after], bars}
  let built = "";

  function build(tokens, targets, classes) {
    const key = JSON.stringify([tokens, targets]);
    if (key === built) return;
    built = key;
    const longest = [...tokens, ...classes].reduce((most, token) => Math.max(most, written(token).length), 1);
    rows.style.setProperty("--column", `${Math.min(WIDTH.most, Math.max(WIDTH.least, WIDTH.frame + WIDTH.letter * longest))}px`);
    const names = ["reads", ...(targets ? ["right"] : []), "before", "after", ...(targets ? ["loss"] : [])];
    const heads = h("div.column.names", names.map((name) => h("span", { class: `cell ${name}` }, name === "loss" ? h("span.limits.value", h("span.limit"), h("span", "0")) : name)));
    cells = tokens.map((token, i) => {
      const right = targets?.[i] ?? null;
      const said = [h("span.cell.before"), h("span.cell.after")];
      const bars = [h("i.before"), h("i.after")];
      const column = h("button.column.plain", {
        type: "button", "data-at": i, tabindex: i === 0 ? 0 : -1,
        onpointerenter: () => attended.hover(i), onpointerleave: () => attended.hover(null), onfocus: () => attended.hover(i), onblur: () => attended.hover(null), onclick: () => attended.pin(i),
      }, h("span.cell.reads", written(token)), targets ? h("span.cell.right", right ?? "·") : null, said, targets ? h("span.cell.loss", bars) : null);
      return { column, said, bars };
    });
    replace(rows, heads, cells.map(({ column }) => column));
  }

  function walk(event) {
    const at = cells.findIndex(({ column }) => column === event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: cells.length - 1 }[event.key];
    if (event.key === "Escape") attended.pin(null);
    else if (at < 0 || to === undefined || !cells[to]) return;
    else {
      cells[at].column.tabIndex = -1;
      cells[to].column.tabIndex = 0;
      cells[to].column.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** `tokens` read and `targets` (class ids or null) of each answer; `before`, `after` as `answersOf` gives them. */
  function show({ tokens, targets, classes, before, after, changes, writes }) {
    build(tokens, targets?.map((target) => (target >= 0 ? written(classes[target]) : null)) ?? null, classes);
    const largest = Math.max(1, ...[before, after].flatMap(({ losses }) => losses?.filter(Number.isFinite) ?? []));
    const limit = rows.querySelector(".limit");
    if (limit) setText(limit, `${number(largest, 2)} nats`);
    cells.forEach(({ column, said, bars }, i) => {
      const right = targets ? targets[i] : -1;
      [before, after].forEach((answers, k) => {
        const name = written(classes[answers.said[i]]);
        setText(said[k], name);
        said[k].classList.toggle("wrong", right >= 0 && answers.said[i] !== right);
        if (targets) bars[k].style.height = `${Number.isFinite(answers.losses[i]) ? (100 * answers.losses[i]) / largest : 0}%`;
      });
      const isChanged = before.said[i] !== after.said[i];
      said[1].classList.toggle("changed", isChanged);
      const loss = targets && right >= 0 ? `, loss ${steady(before.losses[i], 2)} before, ${steady(after.losses[i], 2)} after` : "";
      column.setAttribute("aria-label", `${i + 1}: reads ${written(tokens[i])}, says ${said[0].textContent} before, ${said[1].textContent} after${loss}`);
    });
    setText(sentence, sentenceOf({ targets, before, after, changes }));
    texts.classList.toggle("hidden", !writes);
    if (writes) replace(texts, "It writes ", h("b.code", writes.before || "nothing"), changes.some ? " before, and with the changes " : ".", changes.some ? h("b.code", writes.after || "nothing") : null, changes.some ? "." : null, " Below it reads what it wrote before.");
  }

  /** The token pointed at, or the answer that changes most: its likeliest classes before and after. */
  function point({ tokens, targets, classes, before, after }) {
    const { query } = attended;
    const moved = before.rows.map((row, i) => row.reduce((sum, p, k) => sum + Math.abs(p - after.rows[i][k]), 0));
    const isChosen = query !== null && query < tokens.length;
    const at = isChosen ? query : moved.indexOf(Math.max(...moved));
    cells.forEach(({ column }, i) => column.classList.toggle("lit", i === at));
    const right = targets && targets[at] >= 0 ? targets[at] : null;
    setText(title, `What comes to “${written(tokens[at])}” (${at + 1})${right === null ? "" : `; right is “${written(classes[right])}”`}${isChosen ? "" : ", where the answer moves most"}`);
    const top = (row) => [...row.keys()].sort((a, b) => row[b] - row[a] || a - b).slice(0, BEST);
    const shown = [...new Set([...top(before.rows[at]), ...top(after.rows[at]), ...(right === null ? [] : [right])])].filter((k) => k === right || Math.max(before.rows[at][k], after.rows[at][k]) >= LEAST).sort((a, b) => before.rows[at][b] - before.rows[at][a]);
    replace(best, shown.map((k) => h("div.class", { class: k === right ? "right" : null }, h("span.token-name", written(classes[k])),
      h("span.pair", h("i.before", { style: { width: `${100 * before.rows[at][k]}%` } }), h("i.after", { style: { width: `${100 * after.rows[at][k]}%` } })),
      h("span.value", percent(before.rows[at][k], 0)), h("span.muted", "→"), h("span.value.now", percent(after.rows[at][k], 0)))));
    return { at, classes: shown, before: shown.map((k) => before.rows[at][k]), after: shown.map((k) => after.rows[at][k]) };
  }

  return { element, show, point, sentence };
}

function sentenceOf({ targets, before, after, changes }) {
  if (!changes.some) return "Nothing is switched off yet: click a head, a part or a layer above, or a cell of the map below.";
  const changed = before.said.filter((said, i) => said !== after.said[i]).length;
  const all = before.said.length;
  const first = `Now ${changes.words}`;
  if (!targets) return `${first}: ${changed} of ${all} answers change.`;
  const [was, is] = [meanLoss(before.losses), meanLoss(after.losses)];
  const asked = targets.map((target, i) => (target >= 0 ? i : -1)).filter((i) => i >= 0);
  const right = ({ said }) => asked.filter((i) => said[i] === targets[i]).length;
  const moves = is > was + 0.005 ? "rises" : is < was - 0.005 ? "falls" : "stays";
  const losses = moves === "stays" ? `the loss of this sequence stays at ${steady(is, 2)} nats` : `the loss of this sequence ${moves} from ${steady(was, 2)} to ${steady(is, 2)} nats`;
  return `${first}: ${losses}, and of ${asked.length} answers ${right(after)} ${right(after) === 1 ? "is" : "are"} right instead of ${right(before)}.`;
}
