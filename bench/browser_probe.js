// Loaded before the page's own scripts: what the bench reads from inside the page.
(() => {
  const request = window.requestAnimationFrame.bind(window);
  const benchmark = { firstPicture: null, answered: null };
  let work = 0; // ms of callbacks in the current animation frame
  let stamp = -1; // its time
  let fresh = false; // whether a new moment came in it
  let input = 0; // ms that handlers of the last pointer event took
  let hovered = false;
  let log = null;
  let waiting = null;
  let begun = null; // time of the input that is being answered

  benchmark.session = () => globalThis[Symbol.for("dlviz.sessions")]?.values().next().value ?? null; // one a page

  window.requestAnimationFrame = (callback) => request((time) => {
    if (time !== stamp) {
      note();
      stamp = time;
    }
    const from = performance.now();
    callback(time);
    work += performance.now() - from;
  });

  /** Book the animation frame that is over. */
  function note() {
    if (log && work > 0) {
      if (fresh) log.draws.push(work);
      if (hovered) log.hovers.push(work + input);
    }
    if (work > 0 || !hovered) hovered = false;
    work = 0;
    fresh = false;
  }

  // The time of an input is the browser's, before any handler has run.
  for (const kind of ["pointerdown", "input", "change"]) {
    window.addEventListener(kind, (event) => { if (waiting && begun === null) begun = event.timeStamp; }, true);
  }
  // Handlers of one pointer move: it tells of itself by several events, in this order, in one task.
  let moved = null;
  for (const kind of ["pointerover", "pointermove"]) {
    window.addEventListener(kind, () => { moved ??= performance.now(); }, true);
  }
  window.addEventListener("mousemove", () => {
    input = performance.now() - moved;
    moved = null;
    hovered = true;
  });

  const listen = setInterval(() => {
    const session = benchmark.session();
    if (!session) return;
    clearInterval(listen);
    session.on("scene", (scene) => {
      if (waiting?.kind === "scene" && scene.version > waiting.version) waiting.scene = scene.version;
    });
    session.on("frame", (frame) => {
      fresh = true;
      if (log) log.frames += 1;
      if (benchmark.firstPicture === null) afterDrawing(() => { benchmark.firstPicture = performance.now(); });
      const done = waiting?.kind === "step" ? frame.step > waiting.step : waiting?.scene && frame.version >= waiting.scene;
      if (!done) return;
      waiting = null;
      const from = begun;
      begun = null;
      afterDrawing(() => { benchmark.answered = performance.now() - from; });
    });
  }, 5);

  /** Once the animation frame that draws, which is this one (lib/paint.js), has been handed to the screen. */
  const afterDrawing = (fn) => request(fn);

  const await_ = (what) => {
    benchmark.answered = null;
    begun = null;
    waiting = what;
  };
  benchmark.awaitStep = () => await_({ kind: "step", step: benchmark.session().newest.step });
  benchmark.awaitScene = () => await_({ kind: "scene", version: benchmark.session().scene.version, scene: 0 });

  benchmark.watch = () => {
    const { numbers, step } = benchmark.session().newest;
    log = { frames: 0, draws: [], hovers: [], from: performance.now(), epoch: step / numbers.steps_per_epoch };
  };
  benchmark.seen = () => {
    const seconds = (performance.now() - log.from) / 1000;
    const { numbers, step } = benchmark.session().newest;
    const epochs = step / numbers.steps_per_epoch - log.epoch;
    return { frames_per_second: log.frames / seconds, epochs_per_second: epochs / seconds, draws: log.draws, hovers: log.hovers };
  };
  window.benchmark = benchmark;
})();
