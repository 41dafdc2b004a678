// Where everything of the network picture stands, in CSS pixels. Pure: a width and the structure in, places out.

import { FEATURE_NAMES } from "./maps.js";

const LARGEST_NODE = 46;
const SMALLEST_NODE = 26;
const SMALLEST_PITCH = 39; // from column to column; below it the picture scrolls sideways
const LARGEST_PITCH = 250;
const NODE_SHARE = 0.6; // of the pitch, the rest is for the links
const ROW_GAP = 26; // room for the numbers of the backprop view above and under a node
const WIDE_HEADER = 68; // pitch from which a layer's − n + fits in one line

/**
 * {width, height, size, narrow, columns: [{layer, x, nodes: [{layer, unit, x, y}]}]}; x, y: top left of a node.
 * Column 0 has all seven features, used or not.
 */
export function arrange(model, available) {
  const counts = [FEATURE_NAMES.length, ...model.widths.slice(1)];
  const steps = counts.length - 1;
  const left = available < 480 ? 36 : 52; // names of the features
  const right = available < 480 ? 20 : 34; // marks of the outputs
  const room = available - left - right;
  const size = Math.round(Math.min(LARGEST_NODE, Math.max(SMALLEST_NODE, (room / (steps + NODE_SHARE)) * NODE_SHARE)));
  const pitch = Math.min(LARGEST_PITCH, Math.max(SMALLEST_PITCH, (room - size) / steps));
  const width = Math.max(available, Math.ceil(left + right + size + pitch * steps));
  const start = left + Math.max(0, (width - left - right - size - pitch * steps) / 2);
  const narrow = pitch < WIDE_HEADER;
  const top = narrow ? 128 : 82;
  const rows = Math.max(...counts);
  const row = size + ROW_GAP;
  const columns = counts.map((count, layer) => {
    const x = Math.round(start + layer * pitch);
    const first = top + ((rows - count) / 2) * row;
    const nodes = Array.from({ length: count }, (_, unit) => ({ layer, unit, x, y: Math.round(first + unit * row) }));
    return { layer, x, nodes };
  });
  return { width, height: top + rows * row + 4, size, pitch, narrow, top, columns };
}

/** Where the bias of a node sits: its lower left corner. */
export const biasPlace = (node, size) => ({ x: node.x + 1, y: node.y + size - 1 });
