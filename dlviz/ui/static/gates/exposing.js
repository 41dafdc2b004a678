// What the panel shows, as plain numbers for tests and measurements.

/** `kept`: network and passes; `shown`: what the last refresh found. */
export function numbersOf({ state, kept, shown, step, strip, timings, pair }) {
  const { model, found, sorted, effect } = shown;
  const { free, clamped } = kept;
  const { chosen } = sorted;
  return {
    step, span: state.span, part: model.part, place: model.place, unit: model.unit, steps: model.steps, units: model.units,
    view: state.view, labels: model.labels, trained: kept.of.step, order: model.order, changed: [...model.changed],
    rows: model.rows.map(({ name, series, limit, open }) => ({ name, limit, open, series: [...series] })),
    said: strip.values.map((element) => element.textContent),
    best: step !== null && model.pass.logits[step] && model.pass.classes.length && model.part === model.pass.answering ? model.pass.best(step, 5) : null,
    rule: found.rule, brushed: found.units, pattern: found.pattern && [...found.pattern], places: found.places,
    properties: sorted.all.map(({ property, best }) => ({ slug: property.slug, series: [...property.series], best })),
    chosen: chosen && { slug: chosen.property.slug, r: [...chosen.r], control: sorted.control, of: sorted.name },
    clamps: state.clamps, effect, written: free.written ?? null, writtenHeld: clamped?.written ?? null, pair,
    losses: { free: [...free.losses], held: clamped && [...clamped.losses] },
    timings: { ...timings, ...strip.timings, pass: free.milliseconds, clamp: clamped?.milliseconds ?? 0 },
  };
}
