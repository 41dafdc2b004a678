// Read-only views for the browser tests: what is on screen, as plain numbers.

export function exposeForTests(host, stage, { maps, bars, opened, shown }) {
  const at = (name) => maps.find(name);
  host.dlviz = {
    stage: "cnn",
    get ready() {
      // What is out of sight is not painted.
      const seen = maps.columns.filter(({ inSight }) => inSight);
      return Boolean(stage.frame && maps.columns.length && seen.every(({ painted }) => painted?.frame === stage.frame));
    },
    step: () => stage.frame.step,
    ask: (command) => stage.live.ask(command, { quiet: true }),
    colors: () => [stage.ctx.colors.diverging.table, stage.ctx.colors.sequential.table].map((table) => [...table]),
    rows: () => maps.columns.map(({ row, count, tile, across }) => ({ name: row.name, shape: row.output_shape, shown: count, tile, across })),
    /** Every value of a row as it was painted. */
    values(name) {
      const column = at(name);
      const [, height, width] = column.maps ? column.row.output_shape : [0, 1, 1];
      return Array.from({ length: column.count * height * width }, (_, i) => column.valueAt({
        channel: Math.floor(i / (height * width)), y: Math.floor((i % (height * width)) / width), x: i % width,
      }));
    },
    range: (name, channel) => at(name).rangeOf(channel),
    /** The colour on screen in the middle of a cell of a map. */
    pixel(name, channel, y, x) {
      const { sprites } = at(name);
      return [...sprites.pen.getImageData(channel * sprites.width + x, y, 1, 1).data.slice(0, 3)];
    },
    limit: (name) => at(name).limit,
    picture: () => [...stage.picture.data],
    bars: () => bars.probabilities(),
    verdict: () => bars.verdict(),
    says: () => maps.says(),
    field: () => shown.field(),
    focus: () => stage.focus,
    pinned: () => stage.pinned,
    opened: () => opened.numbers(),
    timings: () => [...stage.timings],
    /** The middle of a cell of a map (of a whole map without y and x) on the screen. */
    middle(name, channel, y = null, x = null) {
      const column = at(name);
      const box = column.canvas.getBoundingClientRect();
      const [left, top, width, height] = column.boxOf(channel);
      const [, down, across] = column.maps ? column.row.output_shape : [0, 1, 1];
      const [fy, fx] = y === null ? [0.5, 0.5] : [(y + 0.5) / down, (x + 0.5) / across];
      return [box.left + left + fx * width, box.top + top + fy * height];
    },
  };
}
