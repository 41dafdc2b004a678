// The plain PyTorch script of the current setup, always up to date.

import { copyText } from "../lib/address.js";
import { h, icon, replace } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { tokens } from "../lib/python.js";

export const styles = ["lib/code.css"];

const THANKS = 1600; // ms

export default mount((root, live, ctx) => {
  const code = h("pre.code", { tabindex: 0, role: "region", "aria-label": "Python source" });
  const copyFace = [icon("copy", 18), "Copy"];
  const copy = h("button", { disabled: true, onclick: take }, copyFace);
  const download = h("button", { disabled: true, onclick: save }, icon("download", 18), "Download");
  const lines = h("span.small.muted.value");
  let source = "";
  let asked = 0;
  root.append(h("section.codeview", h("header.row", h("div.grow", h("h3", "Code"),
    h("p.muted", "This setup as a plain PyTorch script. It needs nothing of dlviz.")), lines, copy, download), code));

  async function fetchCode() {
    asked += 1;
    const turn = asked;
    const answer = await live.ask({ do: "code" });
    if (turn !== asked || ctx.signal.aborted) return; // the setup has changed since
    const known = answer.kind === "reply";
    source = known ? answer.numbers.text : "";
    copy.disabled = download.disabled = !known;
    lines.textContent = known ? `${source.trimEnd().split("\n").length} lines` : "";
    replace(code, known ? tokens(source).map(([text, kind]) => (kind ? h(`span.${kind}`, text) : text)) : h("span.failed", answer.numbers.text));
  }

  async function take() {
    const copied = await copyText(source);
    replace(copy, icon(copied ? "check" : "cross", 18), copied ? "Copied" : "Not allowed here");
    setTimeout(() => replace(copy, copyFace), THANKS);
  }

  function save() {
    const address = URL.createObjectURL(new Blob([source], { type: "text/x-python" }));
    h("a", { href: address, download: `${ctx.data.slug ?? "dlviz"}.py` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  live.on("scene", fetchCode, ctx.signal);
  return {};
});
