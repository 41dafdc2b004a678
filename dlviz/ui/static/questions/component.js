// Check yourself: each answer is met with the reason at once, and most can be seen on the stage.

import { h, icon, replace, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";

export default mount((root, live, ctx) => {
  const score = h("p.muted", { role: "status" });
  const list = h("ol.list");
  const first = new Map(); // slug → was the first choice right
  root.append(h("section.questions", h("header.row", h("h3.grow", "Check yourself"), score), list));

  function tally() {
    const right = [...first.values()].filter(Boolean).length;
    setText(score, first.size === 0 ? "" : `${right} of ${first.size} right at the first try, ${ctx.data.questions.length} in all`);
  }

  function card(question) {
    const because = h("p.because.hidden", { role: "status" });
    const see = actionButton(question);
    const options = question.options.map((text, i) => h("button.option", {
      type: "button", "aria-pressed": "false", onclick: () => choose(i),
    }, h("span.mark"), h("span", text)));

    function choose(i) {
      const right = i === question.answer;
      if (!first.has(question.slug)) first.set(question.slug, right);
      options.forEach((option, at) => {
        option.setAttribute("aria-pressed", at === i);
        option.classList.toggle("right", at === i && right);
        option.classList.toggle("wrong", at === i && !right);
        replace(option.firstChild, at === i ? icon(right ? "check" : "cross", 16) : null);
      });
      replace(because, h("b", right ? "Right. " : "Not quite. "), question.because[i]);
      because.classList.remove("hidden");
      see?.classList.toggle("hidden", !right);
      tally();
    }

    return h("li.card", h("h4", question.text), h("div.options", { role: "group", "aria-label": question.text }, options), because, see);
  }

  function actionButton({ action }) {
    const preset = (ctx.data.presets ?? []).find(({ slug }) => slug === action);
    if (!preset || !live) return null;
    return h("button.see.hidden", { onclick: () => showPreset(preset) }, icon("play", 16), `See it happen: ${preset.title}`);
  }

  async function showPreset(preset) {
    const answer = await live.set(preset.changes);
    if (answer.kind === "reply" && ctx.data.plays !== false) live.play(true);
  }

  const build = () => replace(list, ctx.data.questions.map(card));
  build();
  return {};
});
