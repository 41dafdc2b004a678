// Both networks over the steps of their training: how much of what is drawn at random is read, and the error on test pictures.

import { curveChart } from "../lib/curve.js";
import { h } from "../lib/dom.js";
import { LABELS, NETWORKS } from "./race.js";

const FAR = 4; // times as large as its least value, from which an error needs a logarithmic axis

/** `onpick(step)`; `draw({race, moment}, colors)`. */
export function buildCharts({ redraw, onpick }) {
  const shares = curveChart({ height: 250, unit: "step", redraw, onpick, label: "Share of random codes whose pictures are read, over training steps" });
  const errors = curveChart({ height: 250, unit: "step", redraw, onpick, label: "Squared error of a pixel on test pictures, over training steps" });
  const read = h("figure.stack", h("h4", "Read at random, and between classes"), h("p.label", "Share of 500 codes whose pictures are read with a confidence over 0.8; dashed, half-way between two classes. Before training both decode grey, and it is sure of that as well"), shares.element);
  const element = h("section.part.charts", { "aria-label": "Over the steps of training" }, read,
    h("figure.stack", h("h4", "Error on test pictures"), h("p.label", "Squared error of a pixel, decoded from the code, or the middle of its cloud. Click for a moment near"), errors.element));

  return {
    element,
    draw({ race, moment }, colors) {
      element.classList.toggle("hidden", !race.isTrained);
      if (!race.isTrained) return;
      read.classList.toggle("hidden", !race.isRead);
      const inks = { plain: colors.classes[0], variational: colors.accent };
      const series = (kind, ys, label, dash) => {
        const known = (ys ?? []).filter(Number.isFinite).length;
        return { label, xs: race.steps.slice(0, known), ys: (ys ?? []).slice(0, known), color: inks[kind], dash };
      };
      if (race.isRead) {
        shares.show({ cursor: moment.step, last: race.steps.at(-1), series: [
          series("plain", race.curves.plain.from.scaled, "autoencoder"), series("variational", race.curves.variational.from.prior, "VAE"),
          ...NETWORKS.map((kind) => series(kind, race.curves[kind].from.between, `${LABELS[kind]}, between`.replace("Auto", "auto"), [5, 4])),
        ] });
        shares.draw(colors);
      }
      const found = NETWORKS.flatMap((kind) => (race.curves[kind].squaredError ?? []).filter(Number.isFinite));
      errors.show({ logY: Math.max(...found) > FAR * Math.min(...found), cursor: moment.step, last: race.steps.at(-1), series: NETWORKS.map((kind) => series(kind, race.curves[kind].squaredError, kind === "plain" ? "autoencoder" : "VAE")) });
      errors.draw(colors);
    },
  };
}
