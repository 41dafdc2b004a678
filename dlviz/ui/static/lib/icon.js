// Line icons, drawn on a 24 × 24 grid, so that no icon font has to arrive first.

const NAMESPACE = "http://www.w3.org/2000/svg";

const PATHS = {
  play: ["fill", "M8 5.6v12.8a.7.7 0 0 0 1.1.6l9.4-6.4a.7.7 0 0 0 0-1.2L9.1 5a.7.7 0 0 0-1.1.6z"],
  pause: ["fill", "M7 5.5h3.2v13H7zM13.8 5.5H17v13h-3.2z"],
  step: ["both", "M6 6.4v11.2a.5.5 0 0 0 .8.4l7.4-5.6a.5.5 0 0 0 0-.8L6.8 6a.5.5 0 0 0-.8.4zM18 6v12"],
  reset: ["line", "M5 5v5h5M5.6 15a7 7 0 1 0 .3-6.3L5 10"],
  branch: ["line", "M7 4v16M7 14c0-4 10-3 10-8M17 6m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0"],
  link: ["line", "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"],
  copy: ["line", "M9 9h10v10H9zM5 15V5h10"],
  download: ["line", "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14"],
  upload: ["line", "M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19.5h14"],
  check: ["line", "M5 12.5l4.5 4.5L19 7.5"],
  cross: ["line", "M6.5 6.5l11 11M17.5 6.5l-11 11"],
  plus: ["line", "M12 5v14M5 12h14"],
  minus: ["line", "M5 12h14"],
  chevron: ["line", "M7 10l5 5 5-5"],
  left: ["line", "M14.5 6l-6 6 6 6"],
  right: ["line", "M9.5 6l6 6-6 6"],
  info: ["line", "M12 11v5.5M12 7.6v.1M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17"],
  warning: ["line", "M12 9.5v4.5M12 17v.1M10.6 4.6L2.9 18a1.6 1.6 0 0 0 1.4 2.4h15.4a1.6 1.6 0 0 0 1.4-2.4L13.4 4.6a1.6 1.6 0 0 0-2.8 0z"],
  newest: ["both", "M5 6.4v11.2a.5.5 0 0 0 .8.4l6.4-5.6a.5.5 0 0 0 0-.8L5.8 6a.5.5 0 0 0-.8.4zM12.5 6.4v11.2a.5.5 0 0 0 .8.4l6.4-5.6a.5.5 0 0 0 0-.8L13.3 6a.5.5 0 0 0-.8.4z"],
  compare: ["line", "M4 6h7v12H4zM13 6h7v12h-7z"],
  flask: ["line", "M9.5 4h5M10.5 4v5.5L5.2 18a1.6 1.6 0 0 0 1.4 2.4h10.8a1.6 1.6 0 0 0 1.4-2.4L13.5 9.5V4M8 15h8"],
  eraser: ["line", "M8.5 19.5L4 15a1.4 1.4 0 0 1 0-2l8.6-8.6a1.4 1.4 0 0 1 2 0l5 5a1.4 1.4 0 0 1 0 2l-8.1 8.1zM8.5 8.5l7 7M8.5 19.5H20"],
  clock: ["line", "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17"],
};

/** An svg element of the named icon, hidden from screen readers: its button carries the words. */
export function icon(name, size = 20) {
  const [kind, path] = PATHS[name] ?? [];
  if (!path) throw new Error(`There is no icon "${name}"; there are ${Object.keys(PATHS).join(", ")}.`);
  const image = document.createElementNS(NAMESPACE, "svg");
  const line = kind !== "fill";
  const attributes = {
    class: "icon", viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true",
    fill: kind === "line" ? "none" : "currentColor", stroke: line ? "currentColor" : "none",
    "stroke-width": 1.75, "stroke-linecap": "round", "stroke-linejoin": "round",
  };
  for (const [key, value] of Object.entries(attributes)) image.setAttribute(key, value);
  const stroke = document.createElementNS(NAMESPACE, "path");
  stroke.setAttribute("d", path);
  image.append(stroke);
  return image;
}
