// What is usually said, and the experiment that tests it: run it here and see the numbers.

import { count, h, icon, replace } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { table } from "./table.js";

const VERDICTS = {
  yes: ["check", "It holds."],
  partly: ["info", "It holds in part."],
  no: ["cross", "It does not hold as it is usually said."],
};

export default mount((root, live, ctx) => {
  const list = h("div.list");
  root.append(h("section.claims", h("header", h("h3", "Claims"),
    h("p.muted", "Sentences one hears, each with an experiment that runs here in seconds. The verdict is computed, not written.")), list));

  // Results stay with the page, so that another panel and back loses nothing.
  const results = live.shared.get("claims") ?? new Map();
  live.shared.set("claims", results);

  async function experiment(claim, show) {
    results.set(claim.slug, { running: { done: 0, total: 1, text: "starting" } });
    show();
    const answer = await live.ask({ do: "claim", slug: claim.slug }, {
      progress({ numbers }) {
        results.set(claim.slug, { running: numbers.progress });
        live.shared.set("claims.changed", claim.slug + performance.now());
      },
    });
    results.set(claim.slug, answer.kind === "reply" ? { verdict: answer.numbers.verdict } : { failed: answer.numbers.text });
    live.shared.set("claims.changed", claim.slug + performance.now());
  }

  function card(claim) {
    const body = h("div.body");
    const button = h("button", { onclick: () => experiment(claim, show) });

    function show() {
      const { running, verdict, failed } = results.get(claim.slug) ?? {};
      button.disabled = Boolean(running);
      replace(button, icon("flask", 18), running ? "Running …" : verdict || failed ? "Run again" : "Run the experiment");
      button.classList.toggle("primary", !running && !verdict && !failed);
      if (running) replace(body, progress(running));
      else if (verdict) replace(body, outcome(verdict));
      else replace(body, failed ? h("p.failed", { role: "alert" }, failed) : null);
    }

    show();
    live.on("shared", ({ key, value }) => { if (key === "claims.changed" && value.startsWith(claim.slug)) show(); }, ctx.signal);
    return h("article.card", h("blockquote", claim.usual), h("p.method.muted", claim.method), h("div.row", button), body);
  }

  replace(list, ctx.data.claims.map(card));
  return {};
});

function progress({ done, total, text }) {
  const share = Math.min(1, done / Math.max(1, total));
  return h("div.progress",
    h("div.track", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": total, "aria-valuenow": done, "aria-label": text || "Experiment" },
      h("div.done", { style: { width: `${share * 100}%` } })),
    h("span.small.muted.value", `${count(done)} of ${count(total)}`, text ? ` · ${text}` : ""));
}

function outcome({ holds, sentence, rows }) {
  const [sign, words] = VERDICTS[holds];
  return h("div.outcome", { "data-holds": holds },
    h("p.verdict", { role: "status" }, icon(sign, 22), h("b", words), " ", sentence), table(rows));
}
