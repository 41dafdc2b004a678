// Read-only views for the browser tests: what is on screen, as plain numbers.

export function exposeForTests(host, stage, { builder, reading, flow, says, examples, curves }) {
  host.dlviz = {
    stage: "attention",
    get ready() {
      return Boolean(stage.moment && stage.frame && stage.moment.step === stage.frame.step && stage.moment.scene === stage.live.scene && flow.isDrawn());
    },
    step: () => stage.moment?.step ?? null,
    numbers: () => stage.scene.numbers,
    frame: () => stage.frame.numbers,
    live_step: () => stage.live.newest.step,
    tokens: () => reading.tokens(),
    cut: () => reading.cut(),
    answers: () => stage.answers,
    losses: () => stage.answers.map(({ loss }) => loss),
    norms: () => Object.fromEntries(Object.entries(stage.streams).map(([stack, stream]) => [stack, stream.map(({ after, layer, norms }) => ({ after, layer, norms: [...norms] }))])),
    grids: () => stage.moment.pass.grids.map(({ id }) => ({ id, ...lines(flow.weightsOf(id)) })),
    heads: () => flow.heads(),
    captions: () => flow.captions(),
    scales: () => ({ limit: flow.strips.limit, high: flow.strips.high }),
    active: (stack, layer) => flow.active(stack, layer),
    focus: () => stage.focus,
    chosen: () => ({ grid: stage.attended.grid, head: stage.attended.head }),
    says: () => says.words(),
    rows: () => builder.rows(),
    fields: () => builder.shown(),
    examples: () => examples.now(),
    curves: () => curves.words(),
    middle: (...what) => flow.middle(...what),
    lines: () => flow.layout().lines.map(({ stations }) => stations.map(({ kind, stack, layer, part }) => ({ kind, stack, layer, part }))),
    scrub: (step) => stage.live.scrub(step),
    ask: (command) => stage.live.ask(command, { quiet: true }),
    timings: () => [...stage.timings],
  };
}

const lines = ({ values, head }) => ({ values: [...values], head });
