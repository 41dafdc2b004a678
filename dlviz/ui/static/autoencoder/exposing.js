// What the stage shows, for tests to compare with torch: asked for as `host.dlviz.autoencoder()`.

export function exposeForTests(host, stage, parts) {
  host.dlviz = {
    autoencoder: () => stage.scene && {
      spec: stage.scene.numbers.spec, step: stage.moment?.step ?? null,
      ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read?.() || null])),
    },
    timings: () => [...stage.timings],
    ask: (command) => stage.live.ask(command, { quiet: true }),
  };
}
