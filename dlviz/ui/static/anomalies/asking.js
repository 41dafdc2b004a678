// The scores of the moment on screen, asked for calmly: at once when a person moves in time or chooses, about once a second
// while training goes on, never out of sight. The pictures themselves come once.

const PACE = 1200; // ms between two answers while training

/** `need(kind)` in every draw; `found` is {version, step, kind, names, kinds, scores, labels, classes, told, pictures} or null. */
export class Asking {
  constructor({ live, ctx, onproblem }) {
    Object.assign(this, { live, ctx, onproblem, found: null, kind: null, asking: false, next: 0, timer: 0, pictures: null, refused: "" });
    ctx.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** The frame whose scores are wanted; null before the first. */
  isOf(frame, kind) {
    const { found } = this;
    return found !== null && found.version === frame.version && found.step === frame.step && (kind === null || found.kind === kind);
  }

  async need(kind) {
    const { live, ctx } = this;
    const { frame } = live;
    this.kind = kind;
    const key = frame && `${frame.version} ${frame.step} ${kind}`;
    if (!frame || this.asking || !ctx.visible || this.refused === key || this.isOf(frame, kind)) return;
    const isNew = this.found?.version !== frame.version || this.found.kind !== (kind ?? this.found.kind);
    const wait = this.next - performance.now();
    if (wait > 0 && !isNew && live.state?.playing) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    this.asking = true;
    const options = { parameters: false, pictures: isNew, ...(kind ? { kind } : {}) };
    const answer = await live.ask({ do: "probe", panel: "anomalies", options }, { quiet: true, signal: ctx.signal });
    this.asking = false;
    if (ctx.signal.aborted) return;
    this.next = performance.now() + PACE;
    if (answer.kind === "reply") this.take(answer);
    else if (answer.numbers.text && !answer.numbers.text.includes("cancelled")) {
      this.refused = key;
      this.onproblem(answer.numbers.text);
    }
    ctx.redraw();
  }

  take({ arrays, numbers, version, step }) {
    const names = numbers.texts["state/scores"];
    const [kind] = numbers.texts["state/kind"];
    if (arrays.input) this.pictures = arrays.input;
    else if (this.found?.version !== version || this.found.kind !== kind) return; // the run was begun anew meanwhile
    this.onproblem("");
    this.found = {
      version, step, kind, names, kinds: numbers.texts["state/kinds"], scores: Object.fromEntries(names.map((name) => [name, arrays[name].data])),
      labels: arrays.labels.data, classes: arrays.classes.data, told: arrays.told.data, pictures: this.pictures, auc: [...arrays.auc.data],
    };
  }
}
