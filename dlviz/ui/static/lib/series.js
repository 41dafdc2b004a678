// The curves of the runs on the page as series of one chart.

import { readCurve } from "./curve.js";

export const NAMES = {
  train_loss: "Training loss", test_loss: "Test loss",
  train_accuracy: "Training accuracy", test_accuracy: "Test accuracy", distance: "Distance",
};

const nameOf = (name) => NAMES[name] ?? name.replaceAll("_", " ");

function seriesOf(frame, colors, wanted, run, dash) {
  const curve = readCurve(frame);
  if (!curve) return [];
  return curve.names.filter((name) => wanted?.includes(name) ?? true).map((name) => ({
    label: run ? `${nameOf(name)}, ${run}` : nameOf(name),
    xs: curve.steps,
    ys: curve.rows[name],
    // As everywhere: training in ink, test in grey.
    color: name.startsWith("test") ? colors.muted : colors.ink,
    weight: 2,
    dash,
  }));
}

/** Series of the shown run, and dashed those of the run beside it; only the `wanted` names, where given. */
export function seriesOfPage(live, colors, wanted = null) {
  const label = (id) => live.runs.find((run) => run.id === id)?.label;
  const beside = live.compared && live.besideNewest;
  const shown = seriesOf(live.newest, colors, wanted, beside ? label(live.shown) : null);
  return beside ? [...shown, ...seriesOf(beside, colors, wanted, label(live.beside), [5, 4])] : shown;
}
