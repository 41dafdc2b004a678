// One of the two at a moment: its fakes over what is real, the histogram of D's outputs, and its numbers.

import { css, mix, rgb } from "../lib/color.js";
import { count, fit, h, number, percent, setText, steady } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";
import { odds } from "./formulas.js";
import { countsOf, paintBoth, paintScale } from "./histograms.js";

const BINS = 24;
const FAINT = 0.5; // of D's map, so that points stand out

export function buildColumn(side) {
  const title = h("h4");
  const look = h("canvas.gl-look", { role: "img" });
  const marks = h("canvas.gl-marks", { role: "img" });
  const scaleWords = h("p.small.muted.value");
  const marksName = h("p.label");
  const fell = h("p.problem.small");
  const facts = Object.fromEntries(["modes", "frechet", "precision", "recall", "verdicts", "separation", "generator_loss", "discriminator_loss", "gap"].map((name) => [name, { name: h("dt"), value: h("dd.value") }]));
  const list = h("dl.gl-facts", Object.values(facts).map((fact) => h("div", fact.name, fact.value)));
  const element = h("figure.gl-column", { "data-side": side }, h("figcaption", h("i.gl-dash", { "data-side": side }), title), fell,
    h("div.gl-glance", h("div.stack", look, scaleWords), h("div.stack", marksName, marks, list)));
  const scratch = document.createElement("canvas");
  let shown = null;

  function scaleOf(race, map) {
    const { loss } = race.plan.sides[side];
    if (race.hasOdds(side)) return { of: (x) => 2 * odds(x) - 1, words: "Tint: D's probability of real, orange 0, paper 0.5, blue 1" };
    if (loss === "leastsquares") return { of: (x) => 2 * x - 1, words: "Tint: D's output, orange 0 (fake), paper 0.5, blue 1 (real)" };
    if (loss === "hinge") return { of: (x) => x, words: "Tint: D's output, orange −1 (fake), paper 0, blue 1 (real)" };
    const [low, high] = [Math.min(...map), Math.max(...map)];
    const half = (high - low) / 2 || 1;
    return { of: (x) => (x - (low + high) / 2) / half, words: `Tint: the critic's height, orange ${number(low)} to blue ${number(high)}` };
  }

  function paintPlane(race, one, colors) {
    const { pen, width, height } = fit(look);
    pen.clearRect(0, 0, width, height);
    const { half } = race.plan;
    if (one.map) {
      const n = Math.round(Math.sqrt(one.map.length));
      const scale = scaleOf(race, one.map);
      const paper = rgb(colors.paper);
      Object.assign(scratch, { width: n, height: n });
      const image = new ImageData(n, n);
      one.map.forEach((x, i) => image.data.set([...mix(paper, colors.diverging(scale.of(x)), FAINT), 255], 4 * i));
      scratch.getContext("2d").putImageData(image, 0, 0);
      pen.imageSmoothingEnabled = true;
      pen.drawImage(scratch, 0, 0, width, height);
      setText(scaleWords, scale.words);
    } else setText(scaleWords, "D is told a class: no one map of the plane is its map.");
    const dots = (points, color, radius) => {
      pen.fillStyle = color;
      for (let i = 0; i < points.length; i += 2) {
        pen.beginPath();
        pen.arc(((points[i] + half) / (2 * half)) * width, ((half - points[i + 1]) / (2 * half)) * height, radius, 0, 2 * Math.PI);
        pen.fill();
      }
    };
    dots(race.real, css(rgb(colors.positive), 0.45), 1.5);
    dots(one.fake, css(rgb(colors.paper), 0.9), 2.9);
    dots(one.fake, css(mix(rgb(colors.negative), rgb(colors.ink), 0.15)), 2.1);
  }

  function paintPictures(race, one) {
    const [channels, high, wide] = race.plan.shape;
    const pictures = one.fake.length / (channels * high * wide);
    const { columns } = race.plan;
    const rows = Math.ceil(pictures / columns);
    Object.assign(look, { width: columns * (wide + 1) - 1, height: rows * (high + 1) - 1 });
    look.style.aspectRatio = `${look.width} / ${look.height}`;
    const pen = look.getContext("2d");
    pen.clearRect(0, 0, look.width, look.height);
    for (let k = 0; k < pictures; k += 1) {
      const image = new ImageData(wide, high);
      for (let i = 0; i < wide * high; i += 1) {
        for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = one.fake[(k * channels + (channels === 1 ? 0 : c)) * wide * high + i];
        image.data[4 * i + 3] = 255;
      }
      pen.putImageData(image, (k % columns) * (wide + 1), Math.floor(k / columns) * (high + 1));
    }
    setText(scaleWords, `${pictures} × ${race.plan.shape.join(" × ")}, of the same noise in both`);
  }

  function paintMarks(race, one, range, colors) {
    const { pen, width, height } = fit(marks);
    pen.clearRect(0, 0, width, height);
    const hasOdds = race.hasOdds(side);
    const [low, high] = hasOdds ? [0, 1] : range;
    const change = (values) => (hasOdds ? Array.from(values, odds) : values);
    const counts = { real: countsOf(change(one.real), low, high, BINS), fake: countsOf(change(one.fakes), low, high, BINS) };
    const box = { left: 6, right: width - 6, top: 4, bottom: height - 20 };
    const toX = (value) => box.left + ((value - low) / (high - low)) * (box.right - box.left);
    const line = { leastsquares: 0.5, hinge: 0, minimax: 0.5, nonsaturating: 0.5 }[race.plan.sides[side].loss];
    paintBoth(pen, box, counts, colors);
    if (line !== undefined && line >= low && line <= high) {
      pen.setLineDash([4, 4]);
      pen.strokeStyle = colors.ink;
      pen.beginPath();
      pen.moveTo(toX(line), box.top);
      pen.lineTo(toX(line), box.bottom);
      pen.stroke();
      pen.setLineDash([]);
    }
    paintScale(pen, box, hasOdds ? [0, 0.5, 1] : ticks(low, high, 4), toX, colors);
    setText(marksName, `${hasOdds ? "D's probability of real" : race.isCritic(side) ? "The critic's height" : "D's output"}: ${count(one.real.length)} held-back real examples above, ${count(one.fakes.length)} fakes below${line === undefined ? "" : "; dashed, where its verdict turns"}`);
    marks.setAttribute("aria-label", `Histogram of D's outputs of real examples and of fakes, from ${number(low)} to ${number(high)}`);
    return { real: [...counts.real], fake: [...counts.fake], low, high };
  }

  function sayFacts(race, moment) {
    const at = (name) => race.at(side, name, moment);
    const { modes } = race.plan;
    const put = (name, label, value) => {
      setText(facts[name].name, label);
      setText(facts[name].value, value);
      facts[name].name.parentElement.classList.toggle("hidden", value === "");
    };
    put("modes", race.plan.planar ? "modes covered" : "classes made", at("modes") === null ? "" : `${at("modes")} of ${modes}`);
    put("frechet", "Fréchet distance", number(at("frechet")));
    put("precision", "precision", percent(at("precision"), 0));
    put("recall", "recall", percent(at("recall"), 0));
    put("verdicts", "D right: real, fake", at("called_real") === null ? "" : `${percent(at("called_real"), 0)}, ${percent(at("called_fake"), 0)}`);
    put("separation", "real above fake (AUC)", steady(at("separation")));
    put("generator_loss", "G's loss", steady(at("generator_loss")));
    put("discriminator_loss", "D's loss", steady(at("discriminator_loss")));
    put("gap", race.isCritic(side) ? "critic's gap" : "gap of outputs", steady(at("gap")));
  }

  return {
    element,
    draw(race, moment, colors) {
      const one = moment[side];
      const name = race.nameOf(side);
      setText(title, name);
      look.classList.toggle("pictures", !race.plan.planar);
      look.setAttribute("aria-label", `${name}, step ${moment.step}: ${race.plan.planar ? "fakes over real points and D's map" : "fakes of the same noise"}`);
      if (race.plan.planar) paintPlane(race, one, colors);
      else paintPictures(race, one);
      sayFacts(race, moment);
      const fallen = race.fell[side];
      setText(fell, fallen >= 0 && moment.step >= fallen ? `Its training left the numbers at step ${fallen}. What you see is as it was measured last.` : "");
      shown = { name, step: moment.step, marks: paintMarks(race, one, race.rangeOf(side), colors), facts: Object.fromEntries(Object.entries(facts).map(([key, { value }]) => [key, value.textContent])) };
    },
    read: () => shown,
  };
}
