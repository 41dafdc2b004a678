// Words in a row that one can put in another order: dragged, or moved with Alt and an arrow key.

import { h, setText } from "../lib/dom.js";
import { written } from "../lib/tokens.js";

/** `onorder(order)`: order[i] is the word that now stands at place i. `set(words, order)` shows them. */
export function buildSortable({ label, onorder, onpoint }) {
  let order = [];
  let boxes = []; // of each word, in the order of the sentence
  let dragged = null;
  const element = h("div.sortable", {
    role: "listbox", "aria-label": label,
    onpointermove: move, onpointerup: drop, onpointercancel: drop, onkeydown: key,
  });

  function set(words, next) {
    order = [...next];
    if (boxes.length !== words.length || boxes.some(({ word }, i) => word !== words[i])) {
      boxes = words.map((word, at) => {
        const [share, bar] = [h("span.under.value"), h("i")];
        const box = h("button.word", { type: "button", role: "option", "data-at": at, onpointerdown: (event) => grab(event, at), onpointerenter: () => onpoint(at), onpointerleave: () => onpoint(null), onfocus: () => onpoint(at), onblur: () => onpoint(null) }, h("bdi", written(word)), h("span.bar", bar), share);
        return { word, box, share, bar };
      });
    }
    lay();
  }

  function lay() {
    const wanted = order.map((at) => boxes[at].box);
    if (wanted.length !== element.children.length || wanted.some((box, i) => element.children[i] !== box)) {
      const focused = element.getRootNode().activeElement;
      element.replaceChildren(...wanted);
      if (wanted.includes(focused)) focused.focus({ preventScroll: true });
    }
    order.forEach((at, i) => boxes[at].box.setAttribute("aria-posinset", i + 1));
  }

  function put(at, place) {
    const next = order.filter((each) => each !== at);
    next.splice(Math.max(0, Math.min(next.length, place)), 0, at);
    if (next.join() === order.join()) return;
    order = next;
    lay();
    onorder([...order]);
  }

  function grab(event, at) {
    if (event.button) return;
    dragged = at;
    boxes[at].box.classList.add("held");
    element.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (dragged === null) return;
    const others = order.filter((each) => each !== dragged);
    const place = others.filter((each) => { const { left, width } = boxes[each].box.getBoundingClientRect(); return left + width / 2 < event.clientX; }).length;
    put(dragged, place);
  }

  function drop() {
    if (dragged !== null) boxes[dragged].box.classList.remove("held");
    dragged = null;
  }

  function key(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const focused = boxes.findIndex(({ box }) => box === element.getRootNode().activeElement);
    if (!way || focused < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = order.indexOf(focused);
    if (event.altKey || event.shiftKey) {
      put(focused, place + way);
      boxes[focused].box.focus({ preventScroll: true });
    } else {
      boxes[order[Math.max(0, Math.min(order.length - 1, place + way))]].box.focus();
    }
  }

  /** The numbers under each word: `shares` (word,) in [0, 1], `texts` (word,). */
  function mark(shares, texts) {
    boxes.forEach(({ share, bar, box, word }, at) => {
      setText(share, texts[at]);
      bar.style.width = `${100 * shares[at]}%`;
      box.setAttribute("aria-label", `${written(word)}, place ${order.indexOf(at) + 1}, ${texts[at]}. Alt and an arrow key move it.`);
    });
  }

  return { element, set, mark, light: (at) => boxes.forEach(({ box }, i) => box.classList.toggle("lit", i === at)), boxOf: (at) => boxes[at]?.box };
}
