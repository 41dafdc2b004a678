// The arena as plain numbers, for tests: what is on screen, all of one moment.

const plain = (values) => (values ? [...values] : null);

export function readArena({ shown, sight, looking, layers, legend, noise, reading, moves, drawing, sentence, plane, painter, stage }) {
  const { look, scale, opened, measures } = shown;
  if (!look || !stage.scene?.numbers.planar) return null;
  const { fold, field, modes } = look;
  return {
    step: look.step, version: look.scene.version, label: look.label, on: { ...layers.on }, ...looking.read(), painting: shown.drawing,
    field: { side: field.side, label: field.label, values: plain(field.values) }, scale: { kind: scale.kind, even: scale.even, limit: scale.limit, ends: scale.ends },
    fake: plain(look.fake), logits: plain(look.logits), push: plain(look.push), unit: painter.unit,
    fold: { kind: fold.kind, axes: fold.axes, at: plain(fold.at), noises: plain(fold.noises), points: plain(fold.points), density: plain(fold.density) },
    modes: modes && { counts: plain(modes.counts), covered: modes.covered, good: modes.good }, outside: look.outside,
    measures, sentences: [...sentence.children].map((line) => line.textContent).filter(Boolean),
    pin: sight.pin, hover: sight.hover?.kind ?? null, axes: sight.axes,
    opened: opened && { kind: opened.kind, index: opened.index ?? null, z: plain(opened.z), x: plain(opened.x), logit: opened.logit, says: opened.says, slope: plain(opened.slope), push: plain(opened.push), label: opened.label, step: opened.step },
    reading: reading.read(), legend: legend.read(), moves: moves.read(), drawing: drawing.read(),
    pixels: opened && plane.toPixel(opened.x), width: plane.canvas.clientWidth, noiseWidth: noise.plane.canvas.clientWidth,
  };
}
