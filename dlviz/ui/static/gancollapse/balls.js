// Precision and recall opened: the ball of every member's third nearest neighbour, and which examples lie in one.

import { count, h, percent, setText, steady } from "../lib/dom.js";
import { css, rgb } from "../lib/color.js";
import { paintPixels } from "../lib/pixels.js";
import { Plane, viewOf } from "../lib/plane.js";

const FAR = 4; // of the plane, past which a stray fake does not widen the view
// What is asked: whether examples of `side` lie among those of `other`.
const SIDES = {
  fake: { chip: "Precision: fakes among real ones", name: "Precision", other: "real", one: "Fake", member: "real example", members: "real examples", blind: "whether everything is made: one good fake again and again has 100 %. One stray real example has a large ball, which lets bad fakes in." },
  real: { chip: "Recall: real ones among fakes", name: "Recall", other: "fake", one: "Real example", member: "fake", members: "fakes", blind: "how good fakes are: fakes strewn everywhere have large balls, and whatever is real lies in one. Nor how many there are of each kind." },
};

export function buildBalls({ ctx, happened }) {
  const state = { side: "fake", chosen: null };
  let [moment, points] = [null, null];
  const chips = Object.entries(SIDES).map(([side, { chip }]) => h("button.chip", { type: "button", "data-side": side, onclick: () => { Object.assign(state, { side, chosen: null }); happened("precision_opened"); refresh(); } }, chip));
  const [big, formula, told, blind] = [h("p.big.value"), h("p.gc-formula.value"), h("p.gc-about.value", { "aria-live": "polite" }), h("p.gc-blind.small")];
  const plane = new Plane({ label: "Balls of members, and examples inside and outside of them", names: ["x₁", "x₂"], onpick: (at) => choose(nearestTo(at)) });
  plane.canvas.classList.add("gc-plane");
  const step = (way, text, label) => h("button", { type: "button", "aria-label": label, onclick: () => walk(way) }, text);
  const outside = h("button", { type: "button", onclick: () => walk(1, true) }, "Next one outside");
  const walking = h("div.row", step(-1, "Before", "The example before"), step(1, "Next", "The next example"), outside);
  const [gallery, close, table] = [h("div.gc-gallery", { role: "group", "aria-label": "Examples" }), h("div.gc-close"), h("div.gc-table.value", { role: "table", "aria-label": "Distance against radius" })];
  const legend = h("p.label.gc-legend");
  const picture = h("div.stack.gc-view", plane.canvas, gallery, legend);
  const element = h("section.gc-part", { "aria-label": "Precision and recall" }, h("h3", "Precision and recall, by nearest neighbours"),
    h("p.gc-about", "Around each member lies a ball that reaches to its third nearest fellow. An example counts as inside when it lies in any ball (Kynkäänniemi et al., 2019)."),
    h("div.row", { role: "group", "aria-label": "What is asked" }, chips), h("div.gc-pair", picture, h("div.stack.gc-reading", big, formula, told, table, close, walking, blind)));

  const of = (what, side = state.side) => moment.arrays[`${side}_${what}`].data;
  const total = () => (moment.planar ? of("inside").length : moment.arrays[`${state.side}_pictures`].shape[0]);

  function nearestTo([x, y]) {
    const { data } = moment.arrays[state.side];
    let [best, least] = [0, Infinity];
    for (let i = 0; 2 * i < data.length; i += 1) {
      const far = (data[2 * i] - x) ** 2 + (data[2 * i + 1] - y) ** 2;
      if (far < least) [best, least] = [i, far];
    }
    return best;
  }

  function choose(at) {
    state.chosen = at;
    happened("ball_read");
    refresh();
  }

  function walk(way, isOutside = false) {
    if (!moment) return;
    const n = total();
    const from = state.chosen ?? (way > 0 ? -1 : 0);
    for (let k = 1; k <= n; k += 1) {
      const at = (from + way * k + n * k) % n;
      if (!isOutside || !of("inside")[at]) return choose(at);
    }
    return undefined;
  }

  function refresh() {
    if (!moment) return;
    const { side, chosen } = state;
    const { name, other, one, member, members, blind: unseen } = SIDES[side];
    const inside = of("inside");
    const within = inside.reduce((sum, each) => sum + each, 0);
    for (const chip of chips) chip.setAttribute("aria-pressed", chip.dataset.side === side);
    setText(big, `${name} ${percent(within / inside.length, 0)}`);
    setText(formula, `${count(within)} inside / ${count(inside.length)} = ${steady(within / inside.length, 3)}`);
    blind.replaceChildren(h("b", "It cannot see "), unseen);
    const isPlanar = moment.planar;
    plane.canvas.classList.toggle("hidden", !isPlanar);
    gallery.classList.toggle("hidden", isPlanar);
    close.classList.toggle("hidden", isPlanar || chosen === null);
    outside.disabled = !inside.subarray(0, total()).includes(0);
    setText(legend, isPlanar ? `Balls: of ${members}. Filled dots: ${side === "fake" ? "fakes" : "real examples"} inside; rings: those outside.` : `The first ${total()} of ${inside.length}. Framed: outside of all balls. Distances are between the 64 features of the classifier.`);
    if (!isPlanar) paintGallery();
    points = null;
    if (chosen === null) {
      setText(told, isPlanar ? "Press an example in the plane, or walk through them, to read its distance against the radius." : "Choose a picture to see it beside the nearest ones, and its distance against their radii.");
      table.replaceChildren();
    } else {
      const [by, ratio] = [of("by")[chosen], of("ratio")[chosen]];
      const radius = of("reach", other)[by];
      const apart = ratio * radius;
      points = { chosen, by, distance: apart, radius, inside: Boolean(inside[chosen]) };
      setText(told, `${one} ${chosen + 1} is ${inside[chosen] ? "inside" : "outside"}. The ball that ${inside[chosen] ? "holds it best" : "comes nearest to holding it"} is that of ${member} ${by + 1}: distance ${steady(apart)} ${inside[chosen] ? "≤" : ">"} radius ${steady(radius)}.`);
      table.replaceChildren(row(["Nearest", "distance", "radius", ""], "columnheader"), ...[0, 1, 2].map((k) => {
        const at = of("nearest")[3 * chosen + k];
        const [far, reach] = [of("distance")[3 * chosen + k], of("reach", other)[at]];
        return row([`${member} ${at + 1}`, steady(far), steady(reach), far <= reach ? "in its ball" : "not in it"]);
      }));
      if (!isPlanar) paintClose(chosen, `${one} ${chosen + 1}`, member);
    }
    ctx.redraw();
  }

  const row = (cells, role = "cell") => h("div.gc-row", { role: "row" }, cells.map((each) => h("span", { role }, each)));

  function pictureOf(name, at) {
    const { data } = moment.arrays[name];
    const size = moment.shape.reduce((product, n) => product * n, 1);
    const canvas = h("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    paintPixels(canvas, data.subarray(at * size, (at + 1) * size), moment.shape);
    return canvas;
  }

  function paintGallery() {
    const held = [...gallery.children].findIndex((each) => each.getRootNode().activeElement === each);
    gallery.replaceChildren(...Array.from({ length: total() }, (_, at) => {
      const isIn = Boolean(of("inside")[at]);
      return h("button.gc-one", { type: "button", "aria-pressed": String(state.chosen === at), "data-inside": String(isIn), "aria-label": `${SIDES[state.side].one} ${at + 1}, ${isIn ? "inside" : "outside"}`, onclick: () => choose(at) }, pictureOf(`${state.side}_pictures`, at));
    }));
    if (held >= 0) gallery.children[Math.min(held, gallery.children.length - 1)]?.focus();
  }

  function paintClose(chosen, name, member) {
    close.replaceChildren(h("figure", pictureOf(`${state.side}_pictures`, chosen), h("figcaption.label", name)),
      ...[0, 1, 2].map((k) => h("figure", pictureOf(`${state.side}_near_pictures`, 3 * chosen + k), h("figcaption.label", `${member} ${of("nearest")[3 * chosen + k] + 1}`))));
  }

  function paint() {
    const { colors } = ctx;
    const { arrays } = moment;
    const { other } = SIDES[state.side];
    const [examples, members] = [arrays[state.side].data, arrays[other].data];
    plane.view = viewOf([...arrays.real.data, ...[...arrays.fake.data].map((value) => Math.max(-FAR, Math.min(FAR, value)))], 1.4);
    const [inks, reach, inside] = [{ fake: colors.accent, real: colors.ink }, of("reach", other), of("inside")];
    const pen = plane.begin(colors, (under) => {
      under.fillStyle = css(rgb(inks[other]), 0.1);
      const unit = plane.canvas.clientWidth / (plane.view.x[1] - plane.view.x[0]);
      for (let i = 0; i < reach.length; i += 1) {
        under.beginPath();
        under.arc(...plane.toPixel([members[2 * i], members[2 * i + 1]]), Math.max(1, reach[i] * unit), 0, 2 * Math.PI);
        under.fill();
      }
    });
    for (let i = 0; i < inside.length; i += 1) {
      pen.beginPath();
      pen.arc(...plane.toPixel([examples[2 * i], examples[2 * i + 1]]), inside[i] ? 2.2 : 3, 0, 2 * Math.PI);
      if (inside[i]) {
        pen.fillStyle = css(rgb(inks[state.side]), 0.85);
        pen.fill();
      } else {
        pen.strokeStyle = colors.negative;
        pen.lineWidth = 1.4;
        pen.stroke();
      }
    }
    paintCenters(pen, colors);
    if (points) paintChosen(pen, colors, examples, members);
  }

  function paintCenters(pen, colors) {
    const { centers } = moment.scene.arrays;
    if (!centers) return;
    pen.font = `600 11px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let k = 0; 2 * k < centers.data.length; k += 1) {
      const [x, y] = plane.toPixel([centers.data[2 * k], centers.data[2 * k + 1]]);
      pen.fillText(String(k + 1), x + 14, y - 12);
    }
  }

  function paintChosen(pen, colors, examples, members) {
    const unit = plane.canvas.clientWidth / (plane.view.x[1] - plane.view.x[0]);
    const [at, to] = [plane.toPixel([examples[2 * points.chosen], examples[2 * points.chosen + 1]]), plane.toPixel([members[2 * points.by], members[2 * points.by + 1]])];
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(...to, Math.max(2, points.radius * unit), 0, 2 * Math.PI);
    pen.moveTo(...at);
    pen.lineTo(...to);
    pen.stroke();
    pen.fillStyle = points.inside ? colors.accent : colors.negative;
    pen.strokeStyle = colors.paper;
    pen.beginPath();
    pen.arc(...at, 6, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }

  return {
    element,
    show(next) {
      if (moment && (moment.scene.version !== next.scene.version)) state.chosen = null;
      moment = next;
      refresh();
    },
    draw() { if (moment?.planar) paint(); },
    /** Where example `at` lies in the window. */
    middle(at) {
      const box = plane.canvas.getBoundingClientRect();
      const [x, y] = plane.toPixel([...moment.arrays[state.side].data.subarray(2 * at, 2 * at + 2)]);
      return [box.left + x, box.top + y];
    },
    read: () => moment && { side: state.side, chosen: points, big: big.textContent, formula: formula.textContent, words: told.textContent, table: [...table.children].map((each) => [...each.children].map((cell) => cell.textContent)), inside: [...of("inside")] },
  };
}
