// For teachers: tick the controls that a class should not see, and copy the link that hides them.

import { addressWith, copyText } from "../lib/address.js";
import { h, icon, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";

const NOT_OFFERED = new Set(["own_points"]); // data, not a control

export function buildHiding(el, stage) {
  const { live, ctx } = stage;
  const settings = settingsOf(stage);
  const slug = ctx.data.slug ?? "playground";
  const boxes = Object.values(settings.fields).filter(({ name }) => !NOT_OFFERED.has(name)).map((field) => {
    const box = h("input", { type: "checkbox", value: field.name, onchange: apply });
    return { box, line: h("label.hiding-line", box, h("span", field.label)) };
  });
  const address = h("input.code", { type: "text", readonly: true, "aria-label": "Link that hides these controls", onfocus: () => address.select() });
  const copied = h("span.small.muted", { role: "status" });
  const copy = h("button.chip", { onclick: copyLink }, icon("link", 15), "Copy link");
  const panel = h("div.hiding-panel", { id: "hiding", popover: "auto" },
    h("h4", "Hide controls"),
    h("p.small.muted", "Tick what a class should not see. The link opens this setup without them; here they hide until the page is loaded again."),
    h("div.hiding-list", boxes.map(({ line }) => line)),
    h("div.row", address, copy), copied);
  const opener = h("button.plain.chip.hiding-opener", { popovertarget: "hiding", "aria-haspopup": "dialog" }, "Hide controls…");
  el.append(h("div.hiding", opener, panel));
  panel.addEventListener("toggle", (event) => { if (event.newState === "open") opened(); });

  function opened() {
    for (const { box } of boxes) box.checked = settings.isHidden(box.value);
    write();
    const place = opener.getBoundingClientRect();
    panel.style.left = `${Math.max(8, Math.min(place.left, innerWidth - panel.offsetWidth - 8))}px`;
    panel.style.top = `${Math.max(8, Math.min(place.bottom + 6, innerHeight - panel.offsetHeight - 8))}px`;
  }

  function apply() {
    settings.hide(boxes.filter(({ box }) => box.checked).map(({ box }) => box.value));
    write();
  }

  /** The address of this page with the whole setup and what is hidden. */
  function link() {
    const name = `${slug}.hide`;
    if (settings.hidden.size) return addressWith(slug, live.scene, { [name]: [...settings.hidden].join(",") });
    const address = new URL(addressWith(slug, live.scene));
    address.searchParams.delete(name);
    return address.href;
  }

  function write() {
    address.value = link();
    setText(copied, "");
  }

  async function copyLink() {
    const isCopied = await copyText(link());
    if (!isCopied) address.focus();
    setText(copied, isCopied ? "Copied." : "Selected: copy it with Ctrl+C.");
  }
}
