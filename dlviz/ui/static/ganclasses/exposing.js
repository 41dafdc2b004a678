// What the panel shows, as plain numbers for tests.

export function numbersOf({ now, state, counts, parts, words }) {
  const { moment, scene, made, samples, picked } = now;
  const plain = (list) => list.map(({ z, label, example, reading }) => ({ z: [...z], label, example: [...example], answer: reading?.answer ?? null, confidence: reading?.confidence ?? null, good: reading?.good ?? null }));
  return {
    step: made.step, version: made.version, told: scene.numbers.told, planar: scene.numbers.planar, chosen: state.chosen, seed: state.seed, sampleSeed: state.sampleSeed, hasReader: made.isRead && (!samples || samples.isRead),
    momentStep: moment.step, made: plain(made.list), samples: samples && { step: samples.step, label: samples.label, seed: samples.seed, list: plain(samples.list) }, pickedLabel: picked.label,
    counts: counts && { ...counts, asked: [...counts.asked], read: counts.read && [...counts.read], confusion: counts.confusion && [...counts.confusion], means: [...counts.means] },
    ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read()])), words,
  };
}
