// Colours of the theme, read from the variables that Streamlit sets. Nothing here names a colour:
// dlviz/figures/palette.py does, for both themes.

const TABLE_SIZE = 511; // odd, so that zero has an entry of its own

function read(style, name) {
  return style.getPropertyValue(name).trim();
}

const scratch = { pen: null };

/** [r, g, b] of any CSS colour. */
export function rgb(css) {
  const hex = /^#([0-9a-f]{6})$/i.exec(css);
  if (hex) return [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16));
  scratch.pen ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  scratch.pen.clearRect(0, 0, 1, 1);
  scratch.pen.fillStyle = css;
  scratch.pen.fillRect(0, 0, 1, 1);
  return [...scratch.pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** "rgb(…)" of [r, g, b], with an opacity if given. */
export const css = ([r, g, b], opacity = 1) => `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)} / ${opacity})`;

/** The colour a share t of the way from a to b. */
export const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);

function table(stops) {
  const filled = new Uint8ClampedArray(TABLE_SIZE * 3);
  let segment = 0;
  for (let i = 0; i < TABLE_SIZE; i += 1) {
    const t = i / (TABLE_SIZE - 1);
    while (segment < stops.length - 2 && t > stops[segment + 1][0]) segment += 1;
    const [[from, a], [to, b]] = [stops[segment], stops[segment + 1]];
    filled.set(mix(a, b, (t - from) / (to - from)), i * 3);
  }
  return filled;
}

function scale(filled, low, high) {
  const find = (t) => {
    const share = (t - low) / (high - low);
    const i = Math.round(Math.min(Math.max(Number.isNaN(share) ? 0.5 : share, 0), 1) * (TABLE_SIZE - 1)) * 3;
    return [filled[i], filled[i + 1], filled[i + 2]];
  };
  find.table = filled; // for inner loops: entry round(share · 510), three bytes each
  return find;
}

/**
 * The theme at `root` (any element in the page or a shadow root).
 * `diverging(t)`, t in [-1, 1]: orange, paper at exactly 0, blue. `sequential(t)`, t in [0, 1]: paper to ink-blue.
 */
export function colors(root) {
  const style = getComputedStyle(root.host ?? root);
  const list = (name) => read(style, name).split(",").map((c) => c.trim()).filter(Boolean);
  const paper = read(style, "--st-background-color") || "#ffffff";
  const ink = read(style, "--st-text-color") || "#1b1f24";
  const classes = list("--st-chart-categorical-colors");
  const divergingColors = list("--st-chart-diverging-colors").map(rgb);
  const sequentialColors = list("--st-chart-sequential-colors").map(rgb);
  if (classes.length < 10 || divergingColors.length < 3 || sequentialColors.length < 3) {
    throw new Error("The theme gives no chart colours: .streamlit/config.toml must list ten of each kind.");
  }
  const paperRgb = rgb(paper);
  const inkRgb = rgb(ink);
  const even = (all) => all.map((c, i) => [i / (all.length - 1), c]);
  const stops = even(divergingColors);
  const divergingStops = [...stops.filter(([t]) => t < 0.5), [0.5, paperRgb], ...stops.filter(([t]) => t > 0.5)];
  const luminance = (c) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
  return {
    paper,
    ink,
    panel: read(style, "--st-secondary-background-color") || paper,
    line: read(style, "--st-border-color") || css(mix(paperRgb, inkRgb, 0.15)),
    muted: css(mix(inkRgb, paperRgb, 0.42)),
    accent: read(style, "--st-primary-color") || ink,
    negative: classes[0],
    positive: classes[1],
    classes,
    diverging: scale(table(divergingStops), -1, 1),
    sequential: scale(table(even(sequentialColors)), 0, 1),
    dark: luminance(paperRgb) < luminance(inkRgb),
    font: read(style, "--st-font") || "sans-serif",
    codeFont: read(style, "--st-code-font") || "monospace",
  };
}
