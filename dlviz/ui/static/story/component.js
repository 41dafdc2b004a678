// The lab's story: a strip that opens into one step at a time. A step is complete when the reader has done it.

import { h, icon, replace } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { facts, met } from "./condition.js";

// What components report through live.shared: by the name the story uses, or as "happened.<name>".
const REPORTED = ["edited", "followed_back"];
const HAPPENED = "happened.";

export default mount((root, live, ctx) => {
  const steps = ctx.data.steps;
  const memory = `dlviz.${ctx.data.slug}.story`;
  const done = new Set(remembered(memory, steps.length));
  const happened = {};
  let at = Math.max(0, steps.findIndex((_, index) => !done.has(index)));
  let open = false; // the picture comes first; the strip says what the tour asks for

  const dots = h("div.dots", { role: "tablist", "aria-label": "Steps of the tour" });
  const title = h("button.plain.title", { onclick: () => show(at, !open) });
  const body = h("div.body", { id: "story-body" });
  root.append(h("section.story", { "aria-label": "Guided tour" }, h("div.strip", title, dots), body));

  function show(index, opened = true) {
    at = index;
    open = opened;
    draw();
  }

  function draw() {
    const step = steps[at];
    title.setAttribute("aria-expanded", String(open));
    replace(title, icon("chevron", 18), h("span.label", `Tour ${at + 1} of ${steps.length}`), h("span.name", step.title));
    replace(dots, steps.map((entry, index) => h(`button.dot${done.has(index) ? ".done" : ""}${index === at ? ".now" : ""}`, {
      role: "tab", "aria-selected": String(index === at), "aria-label": `${index + 1}: ${entry.title}${done.has(index) ? ", done" : ""}`,
      title: entry.title, onclick: () => show(index),
    })));
    body.classList.toggle("hidden", !open);
    const last = at === steps.length - 1;
    replace(body,
      h("div.text", step.text.split(/\n\s*\n/).map((paragraph) => h("p", emphasis(paragraph)))),
      h("div.row.foot",
        h(`span.state${done.has(at) ? ".done" : ""}`, done.has(at) ? [icon("check", 16), "Done"] : "Completes when you do it"),
        h("span.grow"),
        h("button.plain", { disabled: at === 0, onclick: () => show(at - 1) }, "Back"),
        h(`button${done.has(at) ? ".primary" : ""}`, { disabled: last, onclick: () => show(at + 1) }, "Next")));
  }

  function look() {
    if (!live.newest || done.has(at)) return;
    const values = facts(live, happened);
    if (!steps[at].done_when.every((condition) => met(condition, values))) return;
    done.add(at);
    remember(memory, done);
    draw();
  }

  live.on("state", look, ctx.signal);
  live.on("scene", look, ctx.signal);
  live.on("frame", (frame) => {
    if (live.newest && frame.step < live.newest.step) happened.scrubbed = true;
    look();
  }, ctx.signal);
  live.on("runs", () => {
    if (live.runs.length > 1) happened.branched = true;
    if (live.compared) happened.compared = true;
    look();
  }, ctx.signal);
  live.on("shared", ({ key, value }) => {
    if (REPORTED.includes(key) && value) happened[key] = true;
    if (key.startsWith(HAPPENED) && value) happened[key.slice(HAPPENED.length)] = true;
    look();
  }, ctx.signal);
  draw();
  return {};
});

/** *Stressed* words of the story's Markdown as elements; everything else stays text. */
function emphasis(paragraph) {
  return paragraph.replace(/\s+/g, " ").split(/(\*[^*]+\*)/).map((part) => (/^\*.+\*$/.test(part) ? h("em", part.slice(1, -1)) : part));
}

function remembered(key, count) {
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list.filter((index) => Number.isInteger(index) && index < count) : [];
  } catch (problem) {
    console.info("The tour's progress could not be read, it starts anew:", problem.message);
    return [];
  }
}

function remember(key, done) {
  try {
    localStorage.setItem(key, JSON.stringify([...done]));
  } catch (problem) {
    console.info("The tour's progress cannot be kept in this browser:", problem.message);
  }
}
