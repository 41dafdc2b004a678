// What a sub-step looks like in the plane: points, D's map under them, arrows. One sees one plane, or three: before, after, and the difference.

import { h, number, replace, setText } from "../lib/dom.js";
import { css, rgb } from "../lib/color.js";
import { Plane } from "../lib/plane.js";
import { paintCross } from "../lib/planepaint.js";
import { lengthOf } from "./turn.js";

const HALF_WIDTH = 1.5;
const NOISE_WIDTH = { normal: 3.4, uniform: 1.15 };
const LONGEST = 0.32; // of an arrow, in the plane's own units
const SMALL = 300; // pixels of a plane below which points are smaller
const NEAR = 26; // pixels within which a press means an example

/** `onfollow(index)` hears which example is pressed. */
export function buildPlaneView({ onfollow }) {
  const sides = ["The plane of this sub-step", "The plane after the move", "What the move has changed"].map((label, k) => {
    const plane = new Plane({ label, names: ["x₁", "x₂"], onpick: (place) => pick(k, place) });
    plane.canvas.classList.add("gt-plane");
    const title = h("figcaption.label");
    return { plane, title, element: h("figure.gt-side", title, plane.canvas), points: null };
  });
  const scale = h("div.gt-scale.small.value");
  const note = h("p.small.muted.value");
  const element = h("div.gt-planes", h("div.gt-sides", sides.map((side) => side.element)), scale, note);
  let read = null;

  function pick(k, place) {
    const { plane, points } = sides[k];
    if (!points) return;
    const [left, top] = plane.toPixel(place);
    let [best, least] = [-1, NEAR];
    for (let i = 0; i < points.length / 2; i += 1) {
      const [x, y] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
      const far = Math.hypot(x - left, y - top);
      if (far < least) [best, least] = [i, far];
    }
    if (best >= 0) onfollow(best);
  }

  function show(turn, sub, follow, colors) {
    const scenes = scenesOf(turn, sub);
    const maps = scenes.map(({ map, isChange }) => !isChange && map).filter(Boolean);
    const range = maps.length ? rangeOf(maps, turn.critic) : null;
    sides.forEach((side, k) => {
      side.element.classList.toggle("hidden", !scenes[k]);
      side.points = scenes[k]?.pick ?? null;
      if (scenes[k]) paint(side, scenes[k], { turn, follow, colors, range: scenes[k].isChange ? rangeOf([scenes[k].map], false) : range });
    });
    element.firstChild.classList.toggle("two", scenes.length > 1);
    scale.classList.toggle("hidden", !range);
    if (range) {
      const stops = Array.from({ length: 9 }, (_, i) => css(colors.diverging(i / 4 - 1)));
      replace(scale, h("span", `${number(range.middle - range.most)} fake`), h("i.gt-ramp", { style: { background: `linear-gradient(to right, ${stops.join(", ")})` } }), h("span", `${number(range.middle + range.most)} real`), h("span.muted", turn.critic ? "D’s height" : "D’s logit", turn.told ? ", told the followed example’s class" : ""));
    }
    const words = [scenes[0].note, outside(scenes[0])].filter(Boolean).join(" ");
    setText(note, words);
    read = { titles: scenes.map(({ title }) => title), arrows: scenes[0].arrows ? { times: scenes[0].arrows.times } : null, range, note: words, places: sides.map(({ points, plane }) => (points && points.length > 2 * follow + 1 ? plane.toPixel([points[2 * follow], points[2 * follow + 1]]) : null)) };
  }

  return {
    element, show, read: () => read,
    /** Where example i of the first plane stands on the page. */
    onPage(i) {
      const { plane, points } = sides[0];
      const box = plane.canvas.getBoundingClientRect();
      const [x, y] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
      return [box.left + scrollX + x, box.top + scrollY + y];
    },
  };
}

// [{title, map, dots: [{points, ink, radius, hollow}], lines, arrows, pick, note, isNoise}]: one or three pictures.
function scenesOf(turn, { id, move }) {
  const { size } = turn;
  const real = (points = move.realSeen ?? move.real) => ({ points, ink: "positive" });
  const fake = (points = move.fakesSeen ?? move.fakes) => ({ points, ink: "negative" });
  const noiseNote = "Instance noise is added to what D sees.";
  switch (id) {
    case "real": return [{ title: "The real batch", dots: [real(move.real)], pick: move.real }];
    case "noise": return [noiseScene(turn, move)];
    case "fakes": return [{ title: "Fakes among the real batch", dots: [{ ...real(move.real), faint: true }, fake(move.fakes)], pick: move.fakes }];
    case "judge": return [{ title: "What D says, everywhere", map: move.mapBefore, dots: [real(), fake()], pick: move.fakesSeen ?? move.fakes, note: move.realSeen ? noiseNote : "" }];
    case "loss": return [move.between
      ? { title: "Where D’s slope is measured", map: move.mapBefore, dots: [{ ...real(), faint: true }, { ...fake(), faint: true }, { points: move.between, ink: "ink" }], pick: move.between, note: "Each point without a colour lies at a random place between a real example and the fake of the same place in the batch." }
      : { title: "D before its step", map: move.mapBefore, dots: [real(), fake()], pick: move.fakesSeen ?? move.fakes, note: move.realSeen ? noiseNote : "" }];
    case "step": return [{ title: "D before its step", map: move.mapBefore, dots: [real(), fake()], pick: move.fakesSeen ?? move.fakes }, { title: "D after it", map: move.mapAfter, dots: [real(), fake()], pick: move.fakesSeen ?? move.fakes }, changeScene(move.mapBefore, move.mapAfter, [real(), fake()], move.fakesSeen ?? move.fakes)];
    case "gfakes": return [{ title: "New fakes", dots: [fake(move.fakes)], pick: move.fakes }];
    case "gjudge": return [{ title: "What D says now", map: move.map, dots: [fake(move.seen ?? move.fakes)], pick: move.seen ?? move.fakes, note: move.seen ? noiseNote : "" }];
    case "gloss": case "gback": return [arrowScene("Where each fake should go: −∂ℓ/∂fake", move, move.gradient.map((value) => -value), size, "Arrows")];
    case "gstep": return [arrowScene("Where each fake went", move, move.moved.map((value, k) => value - move.fakes[k]), size, "Moves", move.gradient.map((value) => -value))];
    default: return [{ title: "D before G’s step", map: move.map, dots: [fake(move.fakes)], pick: move.fakes }, { title: "D after it, with the bug", map: move.bug.map, dots: [fake(move.fakes)], pick: move.fakes }, changeScene(move.map, move.bug.map, [fake(move.fakes)], move.fakes)];
  }
}

// Fakes may fly far away, above all from a critic without a clip.
function outside({ dots, isNoise }) {
  const half = isNoise ?? HALF_WIDTH;
  let [out, all] = [0, 0];
  for (const { points } of dots) for (let i = 0; i < points.length; i += 2, all += 1) if (Math.abs(points[i]) > half || Math.abs(points[i + 1]) > half) out += 1;
  return out ? `${out} of ${all} lie outside of what is shown.` : "";
}

function changeScene(before, after, dots, pick) {
  const map = after.map((value, k) => value - before[k]);
  return { title: `What has changed: from ${number(-rangeOf([map], false).most)} (orange) to ${number(rangeOf([map], false).most)} (blue)`, map, isChange: true, dots: dots.map((each) => ({ ...each, radius: 2 })), pick };
}

function longest(list, size) {
  let most = 0;
  for (let i = 0; i < list.length / size; i += 1) most = Math.max(most, lengthOf(list, i, size));
  return most;
}

function arrowScene(title, move, ways, size, word, wishes = null) {
  const most = longest(ways, size);
  const times = most > 0 ? LONGEST / most : 0;
  const wished = wishes ? longest(wishes, size) : 0;
  const told = most > 0 ? `${word} are drawn ${number(times)} times as long as they are; the longest is ${number(most)}.` : "There is nothing to draw: every arrow has length 0.";
  return {
    title, map: move.map, dots: [{ points: move.fakes, ink: "negative", radius: 2.4 }], pick: move.fakes,
    arrows: { from: move.fakes, ways, times, wishes, wishTimes: wished > 0 ? LONGEST / wished : 0 },
    note: told + (wishes ? " Thin dashes: where the gradient told them to go." : ""),
  };
}

function noiseScene(turn, move) {
  const { noise, spec } = turn;
  const points = noise === 2 ? move.z : Float32Array.from({ length: 2 * move.shown }, (_, k) => (k % 2 ? 0 : move.z[(k / 2) * noise]));
  return { title: noise === 1 ? "The noise, one number each" : noise === 2 ? "The noise: two numbers each" : "The noise: the first of its numbers", dots: [{ points, ink: "accent" }], pick: points, isNoise: NOISE_WIDTH[spec.noise], note: noise > 2 ? `A draw has ${noise} numbers; the line shows the first.` : "" };
}

// About 0, where D can only guess; of a critic, whose heights have no zero, about the middle of them.
function rangeOf(maps, isCritic) {
  let [low, high] = [Infinity, -Infinity];
  for (const map of maps) for (const value of map) { low = Math.min(low, value); high = Math.max(high, value); }
  const middle = isCritic ? (low + high) / 2 : 0;
  return { middle, most: Math.max(high - middle, middle - low, 1e-9) };
}

function paint({ plane, title }, scene, { turn, follow, colors, range }) {
  const half = scene.isNoise ?? HALF_WIDTH;
  plane.view = { x: [-half, half], y: [-half, half] };
  plane.names = scene.isNoise ? ["z₁", turn.noise === 2 ? "z₂" : ""] : ["x₁", "x₂"];
  setText(title, scene.title);
  const pen = plane.begin(colors, scene.map ? (under) => paintMap(under, plane, scene.map, range, colors) : null);
  for (const dots of scene.dots) paintDots(pen, plane, dots, colors);
  if (scene.arrows) paintArrows(pen, plane, scene.arrows, colors);
  if (scene.pick && 2 * follow + 1 < scene.pick.length) paintCross(pen, plane, [scene.pick[2 * follow], scene.pick[2 * follow + 1]], colors.ink, 8, colors.paper);
}

function paintMap(pen, plane, map, { middle, most }, colors) {
  const side = Math.sqrt(map.length);
  const image = new ImageData(side, side);
  for (let i = 0; i < map.length; i += 1) {
    const [r, g, b] = colors.diverging((map[i] - middle) / most);
    image.data.set([r, g, b, 165], 4 * i);
  }
  const small = Object.assign(document.createElement("canvas"), { width: side, height: side });
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, 0, 0, plane.canvas.clientWidth, plane.canvas.clientHeight);
}

function paintDots(pen, plane, { points, ink, radius = 3.4, faint }, colors) {
  const size = plane.canvas.clientWidth < SMALL ? radius * 0.65 : radius;
  pen.fillStyle = css(rgb(colors[ink]), faint ? 0.3 : 0.95);
  pen.strokeStyle = css(rgb(colors.paper), faint ? 0.3 : 0.9);
  pen.lineWidth = 1;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = plane.toPixel([points[i], points[i + 1]]);
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
}

function paintArrows(pen, plane, { from, ways, times, wishes, wishTimes }, colors) {
  if (wishes && wishTimes) {
    pen.strokeStyle = css(rgb(colors.ink), 0.45);
    pen.lineWidth = 1;
    pen.setLineDash([3, 3]);
    pen.beginPath();
    for (let i = 0; i < from.length; i += 2) {
      pen.moveTo(...plane.toPixel([from[i], from[i + 1]]));
      pen.lineTo(...plane.toPixel([from[i] + wishes[i] * wishTimes, from[i + 1] + wishes[i + 1] * wishTimes]));
    }
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.strokeStyle = colors.ink;
  pen.lineWidth = 1.4;
  pen.beginPath();
  for (let i = 0; i < from.length; i += 2) {
    const [x, y] = plane.toPixel([from[i], from[i + 1]]);
    const [to, up] = plane.toPixel([from[i] + ways[i] * times, from[i + 1] + ways[i + 1] * times]);
    const long = Math.hypot(to - x, up - y);
    if (long < 1) continue;
    const [a, b] = [(to - x) / long, (up - y) / long];
    const head = Math.min(6, long * 0.6);
    pen.moveTo(x, y);
    pen.lineTo(to, up);
    pen.moveTo(to - head * (a - 0.6 * b), up - head * (b + 0.6 * a));
    pen.lineTo(to, up);
    pen.lineTo(to - head * (a + 0.6 * b), up - head * (b - 0.6 * a));
  }
  pen.stroke();
}
