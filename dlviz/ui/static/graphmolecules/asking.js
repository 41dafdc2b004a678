// Gradients come from the probe: one question at a time, asked again when the network, the molecule or the method is another.

const same = (a, b) => a && b && a.key === b.key;

/** `want(question)`: {key, place, method, source}; `found`: {key, atoms, margin, baseline, error} or null; `problem`: a sentence. */
export function buildAsking({ live, ctx, onchange }) {
  let [wanted, asked, found, problem] = [null, null, null, ""];

  async function go() {
    const question = wanted;
    asked = question;
    const answer = await live.ask({ do: "probe", panel: "molecules", options: { place: question.place, method: question.method } }, { quiet: true });
    if (ctx.signal.aborted) return;
    const isNow = answer.kind === "reply" && (question.source.isOwn || (answer.version === question.source.scene.version && answer.step === question.source.step));
    problem = answer.kind === "reply" ? "" : answer.numbers.text;
    if (isNow) {
      const { importance, margin, baseline, error } = answer.arrays;
      found = { key: question.key, atoms: Array.from(importance.data), margin: margin.data[0], baseline: baseline.data[0], error: error.data[0] };
    }
    const next = wanted;
    asked = { ...question, isOver: true };
    if (next && !same(next, question)) go();
    onchange();
  }

  return {
    want(question) {
      wanted = question;
      if (!question || same(asked, question) || (asked && !asked.isOver)) return;
      go();
    },
    of: (key) => (found?.key === key ? found : null),
    get problem() { return problem; },
  };
}
