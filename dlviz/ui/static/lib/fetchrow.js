// A data set that is not on this machine: what it weighs, where it comes from, and a button that fetches it, with progress.

import { h, number, percent, setText } from "./dom.js";

const MEGA = 1e6;
const megabytes = (bytes) => `${number(bytes / MEGA, bytes < 10 * MEGA ? 2 : 3)} MB`;

/**
 * `{element, busy}`: one row. `bytes`: 0 where nobody published how many there are. `onhere()` when it has been fetched; what the
 * server says against it stands in the row.
 */
export function fetchRow({ live, ctx, name, label, bytes, host, onhere }) {
  const weight = bytes ? `${megabytes(bytes)} from ${host}` : `from ${host}`;
  const said = h("span.small.muted.value", weight);
  const wrong = h("p.small.wrong", { role: "alert" });
  const track = h("div.going", { role: "progressbar", "aria-label": `Fetching ${label}`, "aria-valuemin": 0, "aria-valuemax": 100, hidden: true }, h("i"));
  const button = h("button.chip", { type: "button", onclick: () => (ending ? ending.abort() : start()) }, "Fetch");
  const element = h("div.away-row", { "data-set": name }, h("span.away-name", label), said, button, track, wrong);
  let ending = null; // what cancels the download under way

  async function start() {
    ending = new AbortController();
    setText(wrong, "");
    setText(button, "Cancel");
    track.hidden = false;
    progress({ done: 0, total: bytes, text: "" });
    const { signal } = ending;
    const answer = await live.ask({ do: "fetch", name }, { quiet: true, signal, progress: ({ numbers }) => progress(numbers.progress) });
    ending = null;
    track.hidden = true;
    setText(button, "Fetch");
    setText(said, weight);
    if (answer.kind === "reply") onhere();
    else if (!signal.aborted) setText(wrong, answer.numbers.text);
  }

  function progress({ done, total, text }) {
    const all = total || bytes;
    const share = all ? Math.min(1, done / all) : 0;
    track.firstChild.style.transform = `scaleX(${share})`;
    track.setAttribute("aria-valuenow", Math.round(100 * share));
    setText(said, `${megabytes(done)}${all ? ` of ${megabytes(all)}, ${percent(share, 0)}` : ""}${text ? `: ${text}` : ""}`);
  }

  ctx.signal.addEventListener("abort", () => ending?.abort());
  return { element, get busy() { return ending !== null; } };
}
