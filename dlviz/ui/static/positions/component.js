// Positions: five ways to say where a token stands, as numbers; one task learned with each; a sentence put in another order.

import { h, setText } from "../lib/dom.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { buildEncoding } from "./encoding.js";
import { networksOf } from "./network.js";
import { buildOrder } from "./order.js";
import { buildRace } from "./race.js";

export const styles = ["lib/job.css"];

export default mount((root, live, ctx) => {
  const happened = (word) => live.shared.set(`happened.positions_${word}`, true); // for the story
  const lead = h("p.lead", "Attention compares every token with every other, and does not know where they stand: it has to be told. Choose how, and see what a place then looks like in numbers.");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const encoding = buildEncoding({ live, ctx }, happened);
  const order = buildOrder({ ctx }, happened);
  const race = buildRace({ live, ctx }, {
    happened,
    took(answer, begun) {
      if (begun.task !== "who" || !texts) return;
      trained = begun;
      order.take(networksOf(answer, ctx.data.fields, texts.vocabulary), texts, `The networks are those of the race above, after ${begun.steps} steps each, seed ${begun.seed}.`);
    },
  });
  const problem = h("p.problem.small", { role: "alert" });
  encoding.element.classList.add("hidden");
  root.append(h("div.positions", lead, waiting, encoding.element, race.element, order.element, problem));

  let moment = null;
  let texts = null; // {vocabulary, nouns} of the small networks
  let trained = null; // what the race began with whose networks read the sentence
  let asked = null; // the seed that the untrained networks were asked for with
  const moments = momentsOf(live).watch(ctx, (next) => { moment = next; encoding.stale = true; ctx.redraw(); });
  live.on("frame", () => ctx.redraw(), ctx.signal);
  live.on("scene", () => ctx.redraw(), ctx.signal);

  async function ask() {
    const { seed } = live.scene.numbers.spec;
    if (asked === seed || trained) return;
    asked = seed;
    const answer = await live.ask({ do: "probe", panel: "positions" }, { quiet: true });
    if (ctx.signal.aborted) return;
    const isAnswer = answer.kind === "reply";
    setText(problem, isAnswer ? "" : answer.numbers.text);
    if (!isAnswer) return;
    const told = answer.numbers.texts;
    texts = { vocabulary: told["state/vocabulary"], nouns: told["state/nouns"] };
    if (!trained) order.take(networksOf(answer, ctx.data.fields, texts.vocabulary), texts, `The networks are untrained, as seed ${seed} draws them, so their answers mean nothing yet; but no weights could change the first column. Train all five above on “who does it to whom” to see what they learn.`);
  }

  return {
    update() { encoding.stale = true; order.again(); },
    draw() {
      moments.nudge();
      if (!live.scene || !live.frame) return;
      ask();
      if (moment) {
        waiting.classList.add("hidden");
        encoding.element.classList.remove("hidden");
        if (encoding.stale) encoding.show(moment);
        encoding.draw(ctx.colors);
      }
      race.draw();
      order.draw();
      if (moment) ctx.host.dlviz ??= { positions: () => ({ step: moment.step, encoding: encoding.shown, race: race.read(), order: order.read() }), heat: (place, dimension) => encoding.heat.middle(place, dimension) };
    },
  };
});
