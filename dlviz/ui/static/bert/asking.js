// Questions to BERT: of each kind the newest counts, and an older one still under way is given up.

const NAMES = { text: "The sentence", pair: "The second sentence", changes: "A change" };
const NAMED = /^bert\.(\w+)(?:\[(\d+)\])? /;

/** `ask(kind, options, {took, refused, progress})`; `refused` hears the words of the server. */
export class Asker {
  constructor(live, signal) {
    Object.assign(this, { live, signal });
    this.under = new Map(); // kind → AbortController
    signal.addEventListener("abort", () => this.under.forEach((ending) => ending.abort()));
  }

  busy(kind) {
    return kind ? this.under.has(kind) : this.under.size > 0;
  }

  drop(kind) {
    this.under.get(kind)?.abort();
    this.under.delete(kind);
  }

  async ask(kind, options, { took, refused, progress }) {
    this.drop(kind);
    const ending = new AbortController();
    this.under.set(kind, ending);
    const began = performance.now();
    const answer = await this.live.ask({ do: "probe", panel: "bert", options }, {
      quiet: true, signal: ending.signal, progress: (message) => { if (!ending.signal.aborted) progress?.(message.numbers.progress); },
    });
    if (this.signal.aborted || ending.signal.aborted) return;
    this.under.delete(kind);
    if (answer.kind === "reply") took(answer, performance.now() - began);
    else refused(answer.numbers.text.replace(NAMED, (_, name, at) => `${NAMES[name] ?? `Sentence ${Number(at) + 1}`} `));
  }
}
