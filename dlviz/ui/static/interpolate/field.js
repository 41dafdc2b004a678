// The codes of test pictures on a plane, with the way between two ends on it. Both ends can be dragged, or moved by keys.

import { h, number, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { name, sliceOf } from "../lib/latentslice.js";
import { Plane, viewOf } from "../lib/plane.js";
import { paintPath, paintPoints } from "../lib/planepaint.js";
import { combine, sharesOf } from "../lib/latentpath.js";

const FINE = 48; // pieces of the way as it is drawn
const REACH = 12; // px
const LETTERS = ["A", "B"];

/** `onmove(k, z)`: end k was put to the code z; `onhold(k)`: it was taken. `show({…})`: see there. */
export function buildField({ onmove, onhold }) {
  const state = { kind: "principal", a: 0, b: 1 };
  let [slice, ends, holding, isDragging, shown, drawnOf] = [null, null, 0, false, null, null];
  const plane = new Plane({ label: "The plane of codes with the way from A to B. Arrow keys move the end that is held, Enter takes the other", onhover, onpick });
  plane.canvas.classList.add("ip-plane");
  // A key moves the end that is held, wherever the pointer was.
  plane.canvas.addEventListener("keydown", () => { if (ends) plane.at = slice.toPlane(ends[holding].z); }, { capture: true });
  const release = () => { isDragging = false; };
  for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) plane.canvas.addEventListener(kind, release);

  const kind = knob({ name: "ip_plane", kind: "choice", label: "Plane", options: ["principal", "numbers"], labels: ["Widest spread", "Two numbers"], default: "principal", help: "The plane in which the codes spread most, or that of two numbers of the code." },
    { onchange: (value) => { state.kind = value; again(); } });
  const menus = ["a", "b"].map((key) => h("select", { "aria-label": key === "a" ? "Across" : "Up", onchange: (event) => { state[key] = Number(event.target.value); again(); } }));
  const pair = h("span.row", menus.map((menu) => h("span.menu", menu)));
  const controls = h("div.row.ip-plane-controls", kind.element, pair);
  const caption = h("p.small.muted.value");
  const element = h("div.ip-field", controls, plane.canvas, caption);
  let again = () => {};

  function onhover(place, event) {
    if (!place || !ends || !(isDragging || event.type === "keydown")) return;
    // Only what the plane shows of the code moves; the rest of it stays.
    const { z } = ends[holding];
    onmove(holding, combine([1, z], [1, slice.toCode(place)], [-1, slice.toCode(slice.toPlane(z))]));
  }

  function onpick(place, event) {
    if (!ends) return;
    if (event.type === "keydown") {
      onhold(1 - holding);
      return;
    }
    const [x, y] = plane.toPixel(place);
    const far = ends.map(({ z }) => { const [u, v] = plane.toPixel(slice.toPlane(z)); return Math.hypot(u - x, v - y); });
    const nearest = far[0] <= far[1] ? 0 : 1;
    isDragging = true;
    onhold(nearest);
    holding = nearest;
    if (far[nearest] > REACH) onhover(place, event);
  }

  function menusFor(latent) {
    if (menus[0].options.length === latent) return;
    for (const menu of menus) menu.replaceChildren(...Array.from({ length: latent }, (_, i) => h("option", { value: i }, name(i))));
    Object.assign(state, { a: 0, b: Math.min(1, latent - 1) });
  }

  /** `frame` has the codes, `ends` two of {z}, `held` which of them keys move, `found` is the way, `t` a place on it. */
  function show({ frame, labels, isSorted, latent, ends: both, held, found, t, colors, redraw }) {
    again = redraw;
    [ends, holding] = [both, held];
    menusFor(latent);
    controls.classList.toggle("hidden", latent < 3);
    pair.classList.toggle("hidden", state.kind === "principal");
    menus.forEach((menu, k) => { menu.value = state[k ? "b" : "a"]; });
    const { mean, center, axes } = frame.arrays;
    slice = sliceOf({ latent, ...state, principal: state.kind === "principal", code: both[0].z, center: center.data, axes: axes.data });
    const count = mean.data.length / latent;
    const points = new Float32Array(2 * count);
    for (let i = 0; i < count; i += 1) points.set(slice.toPlane(mean.data.subarray(i * latent, (i + 1) * latent)), 2 * i);
    // While an end is dragged the view stays, so that what is under the finger does not run away.
    const fixed = `${frame.version} ${frame.step} ${state.kind} ${state.a} ${state.b} ${latent}`;
    if (drawnOf !== fixed || !isDragging) plane.view = viewOf([...points, ...both.flatMap(({ z }) => slice.toPlane(z))]);
    drawnOf = fixed;
    plane.names = latent > 2 && state.kind === "principal" ? ["1st", "2nd"] : slice.names;
    const pen = plane.begin(colors);
    paintPoints(pen, plane, points, labels, colors, { radius: 2.4, strength: 0.6 });
    const places = sharesOf(FINE).map((share) => slice.toPlane(found.way.at(share)));
    paintPath(pen, plane, places, colors.paper, 5);
    paintPath(pen, plane, places, colors.ink, 2);
    const disc = (place, radius, color) => {
      pen.beginPath();
      pen.arc(...plane.toPixel(place), radius, 0, 2 * Math.PI);
      pen.fillStyle = color;
      pen.fill();
      pen.lineWidth = 1.5;
      pen.strokeStyle = colors.paper;
      pen.stroke();
    };
    for (const z of found.path) disc(slice.toPlane(z), 3.5, colors.ink);
    disc(slice.toPlane(found.way.at(t)), 6, colors.accent);
    pen.font = `600 13px ${colors.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    both.forEach(({ z }, k) => {
      const place = slice.toPlane(z);
      disc(place, k === held ? 11 : 9.5, k === held ? colors.accent : colors.ink);
      pen.fillStyle = colors.paper;
      pen.fillText(LETTERS[k], ...plane.toPixel(place));
    });
    shown = { places: both.map(({ z }) => slice.toPlane(z)), count };
    setText(caption, `The codes of ${count} test pictures${isSorted ? " in the colours of their classes" : ""}. Drag A or B, or press elsewhere: the nearer end goes there.${latent > 2 ? ` Of ${latent} numbers this shows ${state.kind === "principal" ? "the two directions of widest spread" : `${name(state.a)} and ${name(state.b)}`}; dragging changes only what is shown.` : ""}`);
    plane.canvas.setAttribute("aria-description", both.map(({ z }, k) => `${LETTERS[k]} is at ${slice.toPlane(z).map((value) => number(value, 2)).join(" and ")}`).join("; "));
  }

  /** Where end k, or a place of the plane, is on the page. */
  function onPage(place) {
    const box = plane.canvas.getBoundingClientRect();
    const [x, y] = plane.toPixel(place);
    return [box.left + x, box.top + y];
  }

  return { element, show, onPage, read: () => shown };
}
