// One question to the server at a time, the newest last: a slider that is dragged must not make a queue.

const LETTERS = 190_000; // of a picture in base64; a command holds 256 KiB in all
const QUALITIES = [0.92, 0.8, 0.65, 0.5];

export class Asking {
  /** `heard(reply, options, ms)` gets the answers, `refused(words)` what the server said instead. */
  constructor(live, panel, { heard, refused }) {
    Object.assign(this, { live, panel, heard, refused });
    this.next = this.later = null;
    this.busy = false;
  }

  /** Ask for options.keep. What is still waiting is asked with the newest settings, for all that either wanted. */
  ask(options) {
    this.next = { ...options, keep: [...new Set([...(this.next?.keep ?? []), ...options.keep])] };
    this.go();
  }

  /** Ask when nothing else is waiting. */
  askLater(options) {
    this.later = options;
    this.go();
  }

  async go() {
    if (this.busy) return;
    this.busy = true;
    while (this.next || this.later) {
      const options = this.next ?? this.later;
      if (this.next) this.next = null;
      else this.later = null;
      const from = performance.now();
      const answer = await this.live.ask({ do: "probe", panel: this.panel, options });
      if (answer.kind === "reply") this.heard(answer, options, performance.now() - from);
      else if (!this.next) this.refused(answer.numbers.text);
    }
    this.busy = false;
  }
}

/** A picture {pixels (RGBA), width, height} as base64 text that fits into a command: a PNG, or a JPEG where that is too long. */
export async function asText({ pixels, width, height }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  for (const [kind, quality] of [["image/png"], ...QUALITIES.map((q) => ["image/jpeg", q])]) {
    const [, text] = canvas.toDataURL(kind, quality).split(",");
    if (text.length <= LETTERS) return text;
  }
  throw new Error("The picture is too detailed to be sent to OpenCV. Try a smaller one.");
}
