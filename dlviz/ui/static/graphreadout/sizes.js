// Size against length: every graph there is, read out by sum, mean and max, one picture each.

import { fit, h, number, setText } from "../lib/dom.js";
import { inSlices } from "../lib/slices.js";
import { batchOf, correlation, HOWS, normOf, readOut } from "./batching.js";

const [LEFT, BOTTOM, TOP] = [34, 22, 8];
const NEAR = 12; // px
const PAUSE = 700; // ms between two countings while it trains
const NAMES = { sum: "Sum", mean: "Mean", max: "Max" };

function* measured(network, candidates) {
  const found = { places: [], sizes: [], sum: [], mean: [], max: [] };
  for (let place = 0; place < candidates.count; place += 1) {
    if (!candidates.fits(place)) continue;
    const read = readOut(network, batchOf([candidates.at(place)]));
    found.places.push(place);
    found.sizes.push(candidates.sizes[place]);
    for (const how of HOWS) found[how].push(normOf(read[how]));
    yield;
  }
  found.r = Object.fromEntries(HOWS.map((how) => [how, correlation(found.sizes, found[how])]));
  return found;
}

/** `onpick(place)`: the graph of a dot. */
export function buildSizes({ ctx, onpick }) {
  const charts = Object.fromEntries(HOWS.map((how) => {
    const canvas = h("canvas.gr-scatter", { role: "img", onpointermove: (event) => point(how, event), onpointerleave: () => { hovered = null; ctx.redraw(); }, onclick: (event) => { const place = under(how, event); if (place !== null) onpick(place); } });
    const caption = h("figcaption.label.value");
    return [how, { canvas, caption, figure: h("figure.gr-figure", caption, canvas) }];
  }));
  const [sentence, words] = [h("p.gr-sentence.value"), h("p.small.muted.value")];
  let [found, wanted, began, timer, hovered, spots, title] = [null, null, -Infinity, 0, null, {}, () => ""];

  function under(how, event) {
    const box = charts[how].canvas.getBoundingClientRect();
    let [best, least] = [null, NEAR];
    for (const [place, x, y] of spots[how] ?? []) {
      const far = Math.hypot(event.clientX - box.left - x, event.clientY - box.top - y);
      if (far < least) [best, least] = [place, far];
    }
    return best;
  }
  function point(how, event) {
    const place = under(how, event);
    if (place === hovered) return;
    hovered = place;
    ctx.redraw();
  }

  function begin({ network, candidates, playing }) {
    if (wanted?.network === network && wanted.candidates === candidates) return;
    if (wanted && wanted !== found?.wanted && wanted.candidates === candidates) return; // one is under way
    const wait = began + PAUSE - performance.now();
    if (wait > 0 && playing && found?.wanted.candidates === candidates) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    began = performance.now();
    const mine = { network, candidates };
    wanted = mine;
    inSlices(measured(network, candidates), (value) => { found = { ...value, wanted: mine }; ctx.redraw(); }, { signal: ctx.signal, wanted: () => wanted === mine });
  }

  function draw(all) {
    const { candidates, chosen, colors } = all;
    begin(all);
    title = candidates.title;
    const isHere = found?.wanted.candidates === candidates;
    if (!isHere) return;
    for (const how of HOWS) paint(how, chosen, colors);
    const of = (how) => (found.r[how] === null ? "does not vary" : `r = ${number(found.r[how], 2)}`);
    setText(sentence, `Over ${found.places.length} ${candidates.isSet ? "graphs" : "neighbourhoods"}, how far the length of the readout goes with the number of nodes: sum ${of("sum")}, mean ${of("mean")}, max ${of("max")}. ${verdict(found.r)}`);
    const at = hovered === null ? -1 : found.places.indexOf(hovered);
    setText(words, at < 0 ? "A dot is a graph; a click puts it into the batch or takes it out. Those in the batch have their colour." : `${title(hovered)[0].toUpperCase()}${title(hovered).slice(1)}: ${found.sizes[at]} nodes; sum ${number(found.sum[at])}, mean ${number(found.mean[at])}, max ${number(found.max[at])}`);
  }

  function paint(how, chosen, colors) {
    const { canvas, caption } = charts[how];
    const { pen, width, height } = fit(canvas);
    if (!width) return;
    const { sizes, places } = found;
    const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
    const most = Math.max(...found[how]) || 1;
    const x = (size) => LEFT + 6 + ((width - LEFT - 16) * (size - low)) / (high - low || 1);
    const y = (value) => height - BOTTOM - ((height - BOTTOM - TOP) * value) / most;
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(LEFT, TOP);
    pen.lineTo(LEFT, height - BOTTOM);
    pen.lineTo(width - 4, height - BOTTOM);
    pen.stroke();
    pen.fillStyle = colors.muted;
    pen.font = `11px ${colors.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.fillText(number(most, 2), LEFT - 4, TOP + 4);
    pen.fillText("0", LEFT - 4, height - BOTTOM);
    pen.textAlign = "left";
    pen.fillText(String(low), x(low) - 4, height - 9);
    pen.textAlign = "right";
    pen.fillText(`${high} nodes`, width - 4, height - 9);
    spots[how] = places.map((place, k) => [place, x(sizes[k]), y(found[how][k])]);
    const dot = ([, left, top], color, radius, alpha) => {
      pen.globalAlpha = alpha;
      pen.fillStyle = color;
      pen.beginPath();
      pen.arc(left, top, radius, 0, 2 * Math.PI);
      pen.fill();
      pen.globalAlpha = 1;
    };
    for (const spot of spots[how]) if (!chosen.includes(spot[0])) dot(spot, colors.ink, 2.5, 0.35);
    for (const spot of spots[how]) if (chosen.includes(spot[0])) dot(spot, colors.classes[chosen.indexOf(spot[0])], 5, 1);
    const over = spots[how].find(([place]) => place === hovered);
    if (over) {
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(over[1], over[2], 7, 0, 2 * Math.PI);
      pen.stroke();
    }
    setText(caption, `${NAMES[how]}: length of the row against nodes`);
    canvas.setAttribute("aria-label", `${caption.textContent}, ${places.length} graphs of ${low} to ${high} nodes, correlation ${found.r[how] === null ? "none" : number(found.r[how], 2)}. The number field above puts a graph into the batch.`);
  }

  return {
    element: h("div.stack", h("div.gr-scatters", HOWS.map((how) => charts[how].figure)), words, sentence), draw,
    read: () => found && { places: found.places, sizes: found.sizes, sum: found.sum, mean: found.mean, max: found.max, r: found.r, network: found.wanted.network, sentence: sentence.textContent },
    spot: (how, place) => spots[how]?.find(([each]) => each === place)?.slice(1), canvas: (how) => charts[how].canvas,
  };
}

function verdict(r) {
  if (r.sum === null) return "All are of one size, or read alike.";
  const mean = Math.abs(r.mean ?? 0);
  const choice = "Which one is right depends on whether size matters to the answer.";
  if (r.sum > 0.5 && mean < r.sum - 0.2) return `The sum grows with the graph, the mean ${mean < 0.25 ? "hardly tells" : "tells less of"} its size. ${choice}`;
  if (r.sum > 0.5) return "The sum grows with the graph; here the mean goes with it too, as larger graphs have other nodes.";
  return "Here even the sum says more of what the graphs are than of how large they are.";
}
