// Dimensions: a slider and a row of pictures for each number of the code, its principal directions, and what it follows.

import { h, number, percent, setText } from "../lib/dom.js";
import { readingOf } from "../lib/reading.js";
import { norm, priorCode } from "../lib/latentpath.js";
import { knob } from "../lib/knob.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { paintPixels } from "../lib/pixels.js";
import { MOST_ROWS, numberRows, principalRows } from "./basis.js";
import { FACTORS } from "../lib/factors.js";
import { buildFactors } from "./factors.js";
import { buildPrincipal } from "./principal.js";
import { buildRows } from "./rows.js";

export const styles = ["lib/fold.css"];

const BASIS = { name: "dm_basis", kind: "choice", label: "Sliders move", options: ["numbers", "principal"], labels: ["Single numbers", "Principal directions"], default: "numbers" };
const COLUMNS = { name: "dm_columns", kind: "choice", label: "Pictures a row", options: ["9", "11"], default: "11" };
const LISTED = 8; // numbers of a code that are written out

export default mount((root, live, ctx) => {
  const state = { z: null, basis: "numbers", columns: 11, told: null, from: "picture", look: null };
  let [moment, answer, asking, read, classifierOf, dataOf, tilesOf, shown, order, refused] = [null, null, null, null, null, null, "", null, null, ""];
  const happened = () => live.shared.set("happened.traversed", true); // for the story
  const setZ = (z, from) => { Object.assign(state, { z, from }); ctx.redraw(); };
  const rows = buildRows({ ctx, onmove: (row, value) => { happened(); setZ(row.moved(state.z, value), "sliders"); }, onlook: (look) => { if (look) happened(); state.look = look; ctx.redraw(); } });
  const principal = buildPrincipal({ live, ctx, onpick: (index) => {
    const { latent } = moment.network;
    happened();
    state.told = live.scene.arrays.labels.data[index];
    setZ(Float32Array.from(live.frame.arrays.mean.data.subarray(index * latent, (index + 1) * latent)), `test picture ${index}`);
  } });
  const factors = buildFactors({ ctx });
  const basis = knob(BASIS, { onchange: (value) => { state.basis = value; state.look = null; order = null; ctx.redraw(); } });
  const columns = knob(COLUMNS, { onchange: (value) => { state.columns = Number(value); ctx.redraw(); } });
  const told = h("select", { id: "dm-told", onchange: () => { state.told = Number(told.value); ctx.redraw(); } });
  const telling = h("div.knob.hidden", h("div.knob-head.label", h("label", { for: "dm-told" }, "Class the decoder is told")), h("span.menu", told));
  const [large, title, words, code] = [h("canvas.dm-large", { width: 1, height: 1, role: "img" }), h("p.label"), h("p.dm-words.value"), h("p.small.muted.value.dm-code")];
  const back = h("button", { type: "button", onclick: () => { state.told = null; setZ(null, "picture"); } }, "Back to the picture");
  const draws = h("button", { type: "button", onclick: drawOne }, "Draw from the prior");
  const [sentence, problem, waiting] = [h("p.dm-sentence.value", { "aria-live": "polite" }), h("p.dm-problem.small", { role: "alert" }), h("p.muted", "The weights of this network are on their way …")];
  const body = h("div.dm-body.hidden", sentence,
    h("div.dm-controls", basis.element, columns.element, telling),
    h("div.dm-top", h("section.dm-side", { "aria-label": "The decoded picture" }, title, large, words, code, h("div.row", back, draws)), h("section.dm-rows", { "aria-label": "A row for each number" }, rows.element)),
    factors.element, principal.element);
  root.append(h("div.dimensions", h("p.lead", "Each row moves one number of the code and leaves the others where the sliders have them. Point at a picture to see it large, press it to put the number there."), waiting, problem, body));

  const watching = latentsOf(live).watch(ctx, (next) => {
    // Another picture, or other weights, which make another code of it; a code of one's own stays until the network is another.
    if (state.from === "picture" || next.scene.version !== moment?.scene.version) Object.assign(state, { z: null, from: "picture" });
    moment = next;
    ctx.redraw();
  });
  for (const kind of ["frame", "scene"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  function drawOne() {
    if (!moment) return;
    const { latent, variational } = moment.network;
    happened();
    if (variational) setZ(priorCode(latent), "a draw from the prior");
    else { // a plain code has no prior: that of a test picture
      const { data } = live.frame.arrays.mean;
      const at = Math.floor((Math.random() * data.length) / latent);
      setZ(Float32Array.from(data.subarray(at * latent, (at + 1) * latent)), `test picture ${at}`);
    }
  }

  async function ask() {
    const wanted = `${live.frame.version} ${live.frame.step}`;
    if (asking || (answer?.wanted === wanted)) return;
    asking = wanted;
    const reply = await live.ask({ do: "probe", panel: "dimensions", options: { traversal: false, parameters: false } }, { quiet: true });
    asking = null;
    if (ctx.signal.aborted) return;
    refused = reply.kind === "reply" ? "" : reply.numbers.text;
    // Of a moment that has passed meanwhile the answer is still the newest there is; the next draw asks again.
    if (reply.kind === "reply") answer = Object.assign(reply, { wanted });
    ctx.redraw();
  }

  function settle(scene) {
    const { dataset, leave_out: without, latent } = scene.numbers.spec;
    const key = `${dataset} ${without}`;
    if (dataOf !== key) {
      if (dataOf !== null) principal.forget();
      dataOf = key;
      Object.assign(state, { z: null, from: "picture", told: null, look: null });
    }
    if (!state.z || state.z.length !== latent) Object.assign(state, { z: Float32Array.from(moment.code.mean), look: null });
    if (classifierOf !== dataset) {
      [classifierOf, read] = [dataset, null];
      latentsOf(live).classifier().then((reader) => { if (classifierOf === dataset && !ctx.signal.aborted) { read = reader; ctx.redraw(); } });
    }
    const { classes } = scene.numbers;
    telling.classList.toggle("hidden", !scene.numbers.told);
    if (told.dataset.of !== classes.join()) {
      told.dataset.of = classes.join();
      told.replaceChildren(...classes.map((each, k) => h("option", { value: k }, each)));
    }
    told.value = String(label());
  }

  const label = () => (moment.network.told ? state.told ?? moment.label : 0);

  // Rows are put in order while the training rests, so that none runs away from under the hand.
  function ordered(scene, all) {
    const kind = `${scene.version} ${state.basis} ${all.length}`;
    const isFree = order?.kind !== kind || (!live.state?.playing && !rows.isEdited && state.look === null);
    if (isFree) order = { kind, names: all.map(({ name, isCollapsed, limits }) => [name, isCollapsed, ...limits].join(" ")), list: all.map(({ at }) => at), collapsed: new Map(all.map(({ at, isCollapsed }) => [at, isCollapsed])) };
    const by = new Map(all.map((row) => [row.at, row]));
    return order.list.map((at) => ({ ...by.get(at), isCollapsed: order.collapsed.get(at) }));
  }

  function draw() {
    watching.nudge();
    const { scene, frame } = live;
    if (!scene || !frame || !moment || moment.scene !== scene) return;
    settle(scene);
    ask();
    setText(problem, refused);
    waiting.classList.add("hidden");
    body.classList.remove("hidden");
    const { spec, shape, classes, variational } = scene.numbers;
    const { latent } = spec;
    const current = answer?.version === scene.version ? answer : null;
    const count = frame.arrays.mean.data.length / latent;
    const numbers = numberRows({ frame, latent, isVariational: variational });
    const directions = current && principalRows({ answer: current, latent, count });
    const all = state.basis === "principal" && directions ? directions : numbers;
    const listed = ordered(scene, all).slice(0, MOST_ROWS);
    rows.put(listed, `${order.kind} ${order.names.join()}`, all.length - listed.length);
    const followed = current?.arrays.follows?.data;
    const z = state.z;
    rows.show({ z, columns: state.columns, unit: state.basis === "principal" ? "Direction" : "Number", follows: (row) => (followed && all === numbers && followed[row.at] >= 0 ? `follows ${FACTORS[followed[row.at]]}` : "") });
    const next = [moment.reply.step, scene.version, z.join(), label(), state.columns, order.kind, order.names.join()].join("|");
    if (tilesOf !== next) {
      rows.decode({ network: moment.network, z, told: label(), columns: state.columns, shape }, tilesOf === "");
      tilesOf = next;
    }
    drawLarge(shape, classes);
    setText(draws, variational ? "Draw from the prior" : "Code of another picture");
    back.disabled = state.from === "picture";
    say(numbers, variational, latent);
    factors.element.classList.toggle("hidden", !followed);
    if (followed) factors.show({ answer: current, rows: numbers.slice(0, MOST_ROWS), colors: ctx.colors });
    if (directions) principal.show({ rows: directions, singular: current.arrays.singular.data, codes: frame.arrays.mean.data, latent, labels: scene.arrays.labels.data, classes, z, colors: ctx.colors });
    shown = { step: moment.step, z: [...z], from: state.from, told: label(), basis: state.basis, columns: state.columns, answered: current?.step ?? null, sentence: sentence.textContent };
  }

  function drawLarge(shape, classes) {
    const { look } = state;
    const z = look ? look.row.moved(state.z, look.value) : state.z;
    const { picture } = moment.network.decode(z, label());
    paintPixels(large, picture, shape);
    setText(title, look ? `${look.row.name} = ${number(look.value)}, the others as the sliders have them` : { picture: "From the code of the picture on screen", sliders: "As the sliders have it" }[state.from] ?? `From ${state.from.startsWith("test") ? `the code of ${state.from}` : state.from}`);
    const said = readingOf(read, picture);
    setText(words, said ? `read as ${classes[said.answer]}, ${percent(said.confidence, 0)}` : "");
    setText(code, `z = (${[...z].slice(0, LISTED).map((value) => value.toFixed(2).replace("-", "−")).join(", ")}${z.length > LISTED ? ", …" : ""}), ${z.length} numbers, |z| = ${norm(z).toFixed(2)} → ${shape.join(" × ")}`);
    large.setAttribute("aria-label", `${title.textContent}${said ? `: ${words.textContent}` : ""}`);
    drawLarge.last = { z: [...z], picture: [...picture], said };
  }

  function say(numbers, variational, latent) {
    const kept = numbers.filter(({ isCollapsed }) => !isCollapsed).length;
    const [first] = numbers;
    const total = numbers.reduce((sum, { amount }) => sum + amount, 0);
    const most = variational ? `${first.name} is used most: ${number(first.amount, 2)} of ${number(total, 2)} nats of KL` : `${first.name} varies most: ${percent(total ? first.amount / total : 0, 0)} of the spread`;
    setText(sentence, `${latent === 1 ? "The code is one number." : kept === latent ? `${latent === 2 ? "Both" : `All ${latent}`} numbers of the code are in use.` : `${kept} of ${latent} numbers are in use; ${latent - kept} ${latent - kept === 1 ? "has" : "have"} collapsed.`} ${most}.`);
  }

  ctx.host.dlviz = {
    dimensions: () => shown && { ...shown, large: drawLarge.last, settled: rows.settled && tilesOf !== "", rows: rows.read(), principal: principal.read(), factors: factors.read() },
    dimensionsPoint: (index) => principal.onPage(index),
  };
  return { draw, update: () => ctx.redraw() };
});
