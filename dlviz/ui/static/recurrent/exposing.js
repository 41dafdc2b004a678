// Read-only views for the browser tests: what is on screen, as plain numbers.

import { explain } from "./matrices.js";

export function exposeForTests(host, stage, { chain, details, sample, examples, curves }) {
  host.dlviz = {
    stage: "recurrent",
    get ready() {
      return Boolean(stage.frame && stage.states && stage.reply.step === stage.frame.step && chain.places);
    },
    step: () => stage.frame.step,
    numbers: () => stage.scene.numbers,
    frame: () => stage.frame.numbers,
    columns: () => stage.columns.map(({ state, ...column }) => ({ ...column, hidden: state ? state.rows.map((ways) => ways.map(({ hidden }) => [...hidden])) : null })),
    at: () => stage.at,
    details: () => details.numbers(),
    sample: () => sample.now(),
    examples: () => examples.now(),
    curves: () => curves.words(),
    matrix: () => stage.matrix,
    matrices: () => [...stage.matrices.values()].map((matrix) => ({ ...matrix, said: explain(matrix) })),
    middle: (...what) => chain.middle(...what),
    reveal: (i) => chain.reveal(i),
    pixel(i, what, layer, direction) {
      const { canvas } = chain;
      const box = canvas.getBoundingClientRect();
      const [x, y] = chain.middle(i, what, layer, direction);
      const ratio = canvas.width / box.width;
      return [...canvas.getContext("2d").getImageData((x - box.left) * ratio, (y - box.top) * ratio, 1, 1).data];
    },
    ask: (command) => stage.live.ask(command, { quiet: true }),
    timings: () => [...stage.timings],
  };
}
