// Building elements: h("button.primary", {onclick, title}, "Play"). Text is always text, never markup.

export { icon } from "./icon.js";
export { number, steady, count, percent, duration, rate, parseNumber } from "./number.js";

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style" && typeof value === "object") setStyle(element, value);
    else if (name === "class") element.classList.add(...String(value).split(/\s+/).filter(Boolean));
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setStyle(element, style) {
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
}

function isAttributes(value) {
  return value && typeof value === "object" && !(value instanceof Node) && !Array.isArray(value);
}

function create(namespace, what, rest) {
  const [, tag, more] = /^([a-z][a-z0-9-]*)(.*)$/i.exec(what);
  const element = namespace ? document.createElementNS(namespace, tag) : document.createElement(tag);
  for (const [, sign, name] of more.matchAll(/([.#])([^.#]+)/g)) {
    if (sign === ".") element.classList.add(name);
    else element.id = name;
  }
  return isAttributes(rest[0]) ? fill(element, rest[0], rest.slice(1)) : fill(element, {}, rest);
}

/** An HTML element: tag with `.class` and `#id`, then attributes (on… are listeners), then children. */
export const h = (what, ...rest) => create(null, what, rest);

/** An SVG element, in the same way. */
export const svg = (what, ...rest) => create(SVG, what, rest);

/** Put exactly these children into the element. */
export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Write text only when it differs: a changed text node costs layout, and read-outs are written each frame. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** True when the event's target takes typed text, so that a shortcut must leave the key alone. */
export function isTyping(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  return target.matches("input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]:not([contenteditable=false])");
}

/**
 * Fit a canvas to its place on the page at the screen's resolution.
 * Returns {pen, width, height}: a 2-D context scaled so that one unit is one CSS pixel.
 */
export function fit(canvas) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { pen, width, height, ratio };
}
