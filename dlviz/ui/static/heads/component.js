// Heads: every head of every layer over training, one of them large, and what each does, by measurement.

import { h, setText } from "../lib/dom.js";
import { attendedOf } from "../lib/attended.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { buildLarge } from "./large.js";
import { overall } from "./naming.js";
import { buildOvertime } from "./overtime.js";
import { buildReadout } from "./readout.js";
import { buildRoleTable } from "./roletable.js";
import { Scores } from "./scores.js";
import { buildThumbs } from "./thumbs.js";

const REST = 900; // ms that a run stands still before kept moments are measured

export default mount((root, live, ctx) => {
  const state = { view: "grid", of: "one", scale: "whole", least: 0.05, without: new Set(), strip: "role", role: "induction" };
  let moment = null;
  let stale = true;
  let shown = null;
  let resting = 0;
  const attended = attendedOf({ live, ctx });
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  const again = () => { stale = true; ctx.redraw(); };
  const change = (changes) => { Object.assign(state, changes); again(); };
  const choose = (grid, head) => { attended.choose(grid, head); happened("head"); };
  const scores = new Scores({ live, ctx, told: again });
  const thumbs = buildThumbs({ choose });
  const large = buildLarge(state, { live, ctx, attended, change, happened });
  const readout = buildReadout();
  const table = buildRoleTable();
  const overtime = buildOvertime(state, { live, ctx, scores, change, happened });
  const [lead, sentence] = [h("p.lead"), h("p.sentence", { "aria-live": "polite" })];
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const body = h("div.body.hidden", sentence, thumbs.element, h("div.two", large.element, h("div.side", readout.element, table.element)), overtime.element);
  root.append(h("div.heads", lead, waiting, body));
  const moments = momentsOf(live);
  const { nudge } = moments.watch(ctx, (found) => { moment = found; again(); });
  live.on("frame", again, ctx.signal); // the cursor of the strip
  live.on("state", again, ctx.signal);
  attended.on(again);
  ctx.signal.addEventListener("abort", () => clearTimeout(resting));

  // A run that stands still has moments kept: a few of them are measured once, so that there is a past to see.
  function restEnough() {
    clearTimeout(resting);
    if (scores.rests && !scores.gathering && scores.kept.size > 0 && scores.kept.size < overtime.few / 2 && scores.missing(overtime.few).length > 0 && restEnough.key !== scores.key) {
      resting = setTimeout(() => {
        if (!scores.rests || !ctx.visible) return;
        restEnough.key = scores.key;
        scores.gather(overtime.few);
      }, REST);
    }
  }

  function refresh() {
    stale = false;
    const { pass, scene } = moment;
    const chosen = attended.in(pass);
    const { grid, head } = chosen;
    const { vocabulary, classes } = scene.numbers;
    const names = (ids, isRead) => ids.map((id) => (isRead ? classes : vocabulary)[id]);
    const rows = names(grid.queries, grid.stack === "decoder");
    const columns = names(grid.keys, grid.stack === "decoder" && grid.kind !== "cross");
    const high = (values) => (state.scale === "whole" ? 1 : Math.max(1e-6, values.reduce((most, w) => Math.max(most, w), 0)));
    const reply = scores.now;
    const { weights } = grid.part;
    setText(lead, `Each square is one head: row by row what each token (query) looks at, column by column what is looked at (keys), darker for a larger weight. All are computed here from the weights of step ${moment.step.toLocaleString("en")}; move the timeline and they follow. Choose a head to see it large.`);
    setText(sentence, reply ? overall(reply, pass.grids) : "");
    thumbs.show({ pass, reply, chosen, high, colors: ctx.colors });
    const lines = large.show({ grid, head, rows, columns, high: high(weights[head]) });
    shown = { moment, chosen, rows, columns, reply, lines, roles: table.show({ reply, grid, head }), overtime: overtime.show({ grid, head, grids: pass.grids }) };
  }

  return {
    update: again,
    draw() {
      nudge();
      scores.ask();
      restEnough();
      waiting.classList.toggle("hidden", Boolean(moment));
      body.classList.toggle("hidden", !moment);
      if (!moment) return;
      const began = performance.now();
      if (stale) refresh();
      const { chosen, rows, columns } = shown;
      const within = (at, count) => (at !== null && at < count ? at : null);
      shown.readout = readout.show({ ...chosen, rows, columns, query: within(attended.query, rows.length), key: within(attended.key, columns.length) });
      large.draw(ctx.colors);
      overtime.draw(ctx.colors);
      shown.milliseconds = performance.now() - began;
      ctx.host.dlviz ??= { heads: expose, middle: (query, key) => large.pattern.middle(query, key) };
    },
  };

  /** What is on screen, as plain numbers for tests. */
  function expose() {
    const { chosen, readout: read, roles, overtime: past, lines, rows, columns } = shown;
    return {
      step: shown.moment.step, grid: chosen.grid.id, head: chosen.head, rows, columns,
      weights: Object.fromEntries(shown.moment.pass.grids.map(({ id, part }) => [id, part.weights.map((values) => [...values])])),
      readout: read, roles, overtime: past, lines, thumbs: thumbs.names(), measured: shown.reply?.step ?? null, sentence: sentence.textContent,
      query: attended.query, key: attended.key, pinned: attended.pinned, view: state.view, gathering: scores.gathering, missing: scores.missing(30).length, milliseconds: shown.milliseconds,
    };
  }
});
