// The collapse meter: what the fakes cover, how good and how varied they are, each score opened, over time, with an alarm.

import { count, h, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { alarm, ALARMS, KINDS } from "./alarm.js";
import { buildBalls } from "./balls.js";
import { buildCards } from "./cards.js";
import { buildFrechet } from "./frechet.js";
import { buildModes } from "./modes.js";
import { buildScores } from "./scores.js";
import { buildTime } from "./time.js";
import { settingsOf } from "../lib/settings.js";

export const styles = ["gancollapse/opened.css"];

const PACE = 900; // ms at least between two answers while it trains: each costs the training some steps
const REST = 10; // times as long as an answer took, the training is left alone
const LONGEST = 5000; // ms
const KEPT = ["d_fake", "diversity", "entropy", "fake_spread", "fake_trace", "fair", "frechet", "frechet_covariances", "frechet_means", "cross_trace",
  "measured", "measured_real", "modes", "needed", "precision", "quality", "real_spread", "real_trace", "recall", "separation"];

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const settings = settingsOf(stage);
  let [answer, asking, next, timer, moment] = [null, null, 0, 0, null];
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story

  const badge = h("span.gc-badge");
  const sentence = h("p.gc-sentence.value", { role: "status" });
  const mend = h("button", { type: "button", onclick: () => { happened("collapse_mended"); settings.change(moment.alarm.changes); } }, "Try it");
  const mending = h("p.gc-mend.small", h("span"), mend);
  const banner = h("section.gc-alarm", { "aria-label": "Alarm" }, badge, h("div.stack", sentence, mending));
  const [when, problem, waiting] = [h("p.small.muted.value"), h("p.gc-problem.small", { role: "alert" }), h("p.muted", "The meter is reading the fakes …")];
  const modes = buildModes({ ctx });
  const scores = buildScores();
  const balls = buildBalls({ ctx, happened });
  const frechet = buildFrechet({ ctx });
  const time = buildTime({ live, ctx });
  const cards = buildCards({ stage, settings, happened });
  const body = h("div.gc-body.hidden", banner, when, modes.element, scores.element, balls.element, frechet.element, time.element);
  root.append(h("div.gancollapse", h("p.lead", "A generator may make good fakes of one kind only, and the losses will not say so. These scores do: each is opened here down to its numbers, and each is blind to something."), waiting, problem, body, cards.element));
  for (const kind of ["scene", "frame", "state", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  async function ask() {
    const { frame } = live;
    if (!frame || asking || (answer && answer.version === frame.version && answer.step === frame.step)) return;
    const wait = next - performance.now();
    if (wait > 0 && live.state?.playing && answer?.version === frame.version) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    if (answer?.refusedAt === `${frame.version} ${frame.step}`) return;
    asking = true;
    const began = performance.now();
    const reply = await live.ask({ do: "probe", panel: "collapse", options: { parameters: false } }, { quiet: true });
    asking = null;
    next = performance.now() + Math.min(LONGEST, Math.max(PACE, REST * (performance.now() - began)));
    if (ctx.signal.aborted) return;
    if (reply.kind === "reply") answer = reply;
    else answer = { ...answer, refusedAt: `${frame.version} ${frame.step}` }; // a moment that cannot be measured is not asked for again
    setText(problem, reply.kind === "reply" ? "" : reply.numbers.text);
    ctx.redraw();
  }

  // Everything of one answer, so that all that is on screen is of one moment.
  function read(scene) {
    if (moment?.answer === answer && moment.scene === scene) return moment;
    const { arrays } = answer;
    const value = (name) => { const found = arrays[name]?.data[0]; return Number.isFinite(found) ? found : null; };
    const numbers = { step: answer.step, ...Object.fromEntries(KEPT.map((name) => [name, value(name)])) };
    const { spec, classes, planar, shape } = scene.numbers;
    return { answer, scene, arrays, numbers, step: answer.step, spec, classes, planar, shape, hasModes: numbers.modes !== null, alarm: alarm(numbers, { ...spec, classes }) };
  }

  function draw() {
    ask();
    const { scene, frame } = live;
    cards.draw();
    const isHere = Boolean(scene && frame && answer?.arrays && answer.version === scene.version);
    waiting.classList.toggle("hidden", isHere || !scene);
    body.classList.toggle("hidden", !isHere);
    if (!isHere) { moment = null; return; }
    const before = moment;
    moment = read(scene);
    root.style.setProperty("--second", ctx.colors.negative);
    const { kind, sentence: words, mend: how, changes } = moment.alarm;
    banner.dataset.kind = kind;
    banner.classList.toggle("gc-rings", ALARMS.includes(kind));
    setText(badge, KINDS[kind]);
    setText(sentence, words);
    setText(mending.firstChild, how ? `What to try: ${how}` : "");
    mending.classList.toggle("hidden", !how);
    mend.classList.toggle("hidden", !Object.keys(changes).length);
    setText(when, `Step ${count(moment.step)}: ${count(moment.numbers.measured)} fakes of noise that stays the same, beside ${count(moment.numbers.measured_real)} real examples that nobody trained on.`);
    if (before !== moment) [modes, scores, balls, frechet].forEach((part) => part.show(moment));
    modes.draw();
    balls.draw();
    frechet.draw();
    time.draw(moment);
  }

  ctx.host.dlviz = {
    gancollapse: () => moment && {
      step: moment.step, version: moment.answer.version, planar: moment.planar, numbers: moment.numbers, alarm: moment.alarm, words: sentence.textContent,
      badge: badge.textContent, modes: modes.read(), scores: scores.read(), balls: balls.read(), frechet: frechet.read(), time: time.read(), spec: moment.spec,
    },
    gancollapsecards: () => cards.read(),
    gancollapsemiddle: (at) => balls.middle(at),
  };
  return { draw };
});
