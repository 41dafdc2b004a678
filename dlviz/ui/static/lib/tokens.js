// A sequence as boxes that one can point at: letters, words or numbers, each coloured by a value and named below or above.
//
//   const row = new Tokens({ label: "The sequence", colors: () => ctx.colors, onhover: (i) => …, onpick: (i) => … });
//   row.set({ tokens: ["t", "h", "e"], values: [0.1, 0.9, 0.4], scale: "sequential", below: ["½", …], marks: ["right", …] });
//   row.light(2, { pinned: true });
//
// Pointing calls `onhover(index)`, leaving `onhover(null)`; a click or Enter `onpick(index)`, Escape `onpick(null)`. Arrow
// keys, Home and End walk and call `onhover`. `wrap: false` makes one line that scrolls in its own frame, with every box
// `pitch` px wide if that is given, so that pictures can stand over it. Give "lib/tokens.css" in the component's `styles`.

import { css } from "./color.js";
import { readable } from "./cells.js";
import { h, number, setText } from "./dom.js";

const SIGNS = new Map([[" ", "␣"], ["\n", "↵"], ["\t", "⇥"], ["", "∅"]]);
const SPOKEN = new Map([[" ", "space"], ["\n", "line end"], ["\t", "tab"], ["", "nothing"]]);
const INVISIBLE = /^[\p{M}\p{Cf}\p{Z}]+$/u; // a lone accent, a joiner, an odd space

/** What is written for a token: a space is ␣, a line end ↵; what cannot be seen is its code. */
export function written(token) {
  if (typeof token === "number") return number(token);
  if (SIGNS.has(token)) return SIGNS.get(token);
  if (INVISIBLE.test(token)) return /^\p{M}/u.test(token) ? `◌${token}` : code(token);
  return token;
}

/** How a token is called where it is read out. */
export function spoken(token) {
  return SPOKEN.get(token) ?? written(token);
}

const code = (token) => `U+${token.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Where values lie on the theme's colours: "sequential" (0…1), "diverging" (−1…1), or {kind, low, high}. */
function painter(scale, colors) {
  const { kind, low, high } = typeof scale === "string" ? { kind: scale, low: 0, high: 1 } : scale;
  if (kind === "diverging") return (x) => colors.diverging(x / (high || 1));
  return (x) => colors.sequential((x - low) / (high - low || 1));
}

export class Tokens {
  /** `colors()` gives the theme of the moment. */
  constructor({ label, colors, onhover, onpick, wrap = true, pitch = 0 }) {
    Object.assign(this, { colors, onhover, onpick, wrap, pitch });
    this.boxes = []; // {element, sign, above, below}
    this.state = { tokens: [], values: null, scale: "sequential", above: null, below: null, marks: null, words: false };
    this.lit = { at: null, pinned: false };
    this.at = 0; // the box that Tab comes to
    this.element = h("div.tokens", {
      role: "listbox", "aria-label": label, dir: "ltr",
      onpointermove: (event) => this.point(this.indexOf(event)),
      onpointerleave: () => this.point(null),
      onclick: (event) => this.pick(this.indexOf(event)),
      onkeydown: (event) => this.key(event),
      onfocusin: (event) => this.arrive(this.indexOf(event)),
      onfocusout: (event) => { if (!this.element.contains(event.relatedTarget)) this.point(null); },
    });
    this.element.classList.toggle("in-line", !wrap);
    if (pitch) this.element.style.setProperty("--pitch", `${pitch}px`);
  }

  /**
   * What is shown; what is left out stays as it was. `tokens`: texts or numbers. `values`: numbers for the colours (NaN
   * or null: none). `above`, `below`: small texts. `marks`: "right", "wrong", "faint", "fed" (its own answer) or null. `words`: more air between.
   */
  set(next) {
    const before = this.state;
    this.state = { ...before, ...next };
    const { tokens, words } = this.state;
    if (tokens.length !== this.boxes.length || tokens.some((token, i) => token !== before.tokens[i])) this.build();
    this.element.classList.toggle("words", Boolean(words));
    this.paint();
    return this;
  }

  build() {
    const { tokens } = this.state;
    this.at = Math.min(this.at, Math.max(0, tokens.length - 1));
    this.boxes = tokens.map((token, i) => {
      const sign = h("bdi.sign", written(token));
      const above = h("span.over");
      const below = h("span.under");
      const element = h("span.token", { role: "option", "data-at": i, tabindex: i === this.at ? 0 : -1, "aria-selected": "false" }, above, sign, below);
      if (SIGNS.has(token)) element.classList.add("blank");
      if (typeof token === "number") element.classList.add("number");
      return { element, sign, above, below, shown: "" };
    });
    const ends = this.wrap && tokens.some((token) => token === "\n");
    this.element.replaceChildren(...this.boxes.flatMap(({ element }, i) => (ends && tokens[i] === "\n" ? [element, h("i.line-end", { "aria-hidden": "true" })] : [element])));
    this.lit = { at: null, pinned: false };
  }

  /** Colours and small texts anew; to be called when the theme has changed. */
  paint() {
    const { tokens, values, scale, above, below, marks } = this.state;
    const colors = this.colors();
    const color = painter(scale, colors);
    this.element.classList.toggle("with-over", Boolean(above));
    this.element.classList.toggle("with-under", Boolean(below));
    this.boxes.forEach((box, i) => {
      const value = values?.[i];
      const has = value !== null && value !== undefined && !Number.isNaN(value);
      const back = has ? color(value) : null;
      const look = `${back} ${colors.ink}`;
      if (box.look !== look) {
        box.sign.style.background = back ? css(back) : "";
        box.sign.style.color = back ? css(readable(back, colors)) : "";
        box.look = look;
      }
      setText(box.above, above?.[i] ?? "");
      setText(box.below, below?.[i] ?? "");
      if (box.mark !== (marks?.[i] ?? "")) box.element.dataset.mark = box.mark = marks?.[i] ?? "";
      const words = [spoken(tokens[i]), has ? number(value) : "", above?.[i], below?.[i], marks?.[i]].filter(Boolean).join(", ");
      if (box.words !== words) box.element.setAttribute("aria-label", (box.words = words));
    });
  }

  /** Light one box, or none (null). */
  light(at, { pinned = false } = {}) {
    if (this.lit.at === at && this.lit.pinned === pinned) return;
    const before = this.boxes[this.lit.at]?.element;
    before?.classList.remove("lit", "pinned");
    before?.setAttribute("aria-selected", "false");
    this.lit = { at, pinned };
    const now = this.boxes[at]?.element;
    now?.classList.add("lit");
    now?.classList.toggle("pinned", pinned);
    now?.setAttribute("aria-selected", String(pinned));
  }

  /** Bring a box into the frame of a line that scrolls; the page stays where it is. */
  reveal(at) {
    const box = this.boxes[at]?.element;
    if (!box || this.wrap) return;
    const [left, right] = [box.offsetLeft, box.offsetLeft + box.offsetWidth];
    const { scrollLeft, clientWidth } = this.element;
    if (left < scrollLeft || right > scrollLeft + clientWidth) this.element.scrollLeft = (left + right - clientWidth) / 2;
  }

  indexOf(event) {
    const box = event.target.closest?.(".token");
    return box ? Number(box.dataset.at) : null;
  }

  point(at) {
    if (at === this.pointed) return;
    this.pointed = at;
    this.onhover?.(at);
  }

  pick(at) {
    if (at === null) return;
    this.stand(at);
    this.onpick?.(at);
  }

  arrive(at) {
    if (at === null) return;
    this.stand(at);
    this.point(at);
  }

  // The box that Tab comes to.
  stand(at) {
    this.boxes[this.at]?.element.setAttribute("tabindex", "-1");
    this.at = at;
    this.boxes[at].element.setAttribute("tabindex", "0");
  }

  key(event) {
    const last = this.boxes.length - 1;
    const to = { ArrowRight: this.at + 1, ArrowLeft: this.at - 1, ArrowDown: this.below(1), ArrowUp: this.below(-1), Home: 0, End: last }[event.key];
    if (to !== undefined) {
      const at = Math.min(last, Math.max(0, to));
      this.stand(at);
      this.boxes[at].element.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      this.pick(this.at);
    } else if (event.key === "Escape") {
      this.onpick?.(null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // The box nearest under or over the current one, in a flow of several lines.
  below(way) {
    const { offsetLeft: x, offsetTop: y } = this.boxes[this.at]?.element ?? {};
    let found = this.at;
    let line = null;
    for (let i = this.at + way; i >= 0 && i < this.boxes.length; i += way) {
      const { element } = this.boxes[i];
      if (element.offsetTop === y) continue;
      line ??= element.offsetTop;
      if (element.offsetTop !== line) break;
      if (found === this.at || Math.abs(element.offsetLeft - x) < Math.abs(this.boxes[found].element.offsetLeft - x)) found = i;
    }
    return found;
  }
}
