// What the plane shows, as plain numbers for tests. What is large is given by functions, asked for only where it is wanted.

export function readPlane({ plane, sight, options, shown, walk, timings, album, draw, canvas }) {
  if (!shown) return null;
  const { tiles, field, gliding } = sight;
  const box = plane.canvas.getBoundingClientRect();
  return {
    how: shown.how, place: shown.place, z: [...shown.z], label: shown.label, step: shown.step, measuredAt: sight.measuredAt,
    probabilities: shown.probabilities && [...shown.probabilities], near: shown.near, prior: shown.prior, codes: shown.codes,
    isInside: shown.isInside, clouds: shown.clouds, sentence: shown.sentence, counts: shown.counts, share: sight.share, alone: shown.alone,
    home: shown.places.home, cloud: shown.places.cloud, pinned: walk.pin && [...walk.pin],
    view: plane.view, zoomed: plane.zoomed, stretched: plane.stretched, origin: plane.origin, names: plane.names,
    options: { ...options, on: { ...options.on } }, moving: Boolean(gliding.from || plane.from || shown.how === "way"),
    reach: sight.reach ?? null, kept: album.kept.size, timings: { ...timings },
    tiles: tiles && { step: tiles.step, of: sight.moments, inside: [...tiles.inside], confidence: tiles.confidence && [...tiles.confidence], answer: tiles.answer && [...tiles.answer], xs: [...tiles.xs], ys: [...tiles.ys] },
    field: field && { xs: [...field.xs], ys: [...field.ys], most: field.most },
    picture: () => [...shown.picture],
    points: () => [...gliding.now.points],
    spreads: () => gliding.now.spreads && [...gliding.now.spreads],
    density: () => field && [...field.values],
    pictures: () => tiles && [...tiles.pictures],
    densityAt: (x, y) => sight.mixture.at(x, y),
    at: (place) => { const [x, y] = plane.toPixel(place); return [box.left + x, box.top + y]; },
    // ms of a whole redraw with every layer painted anew
    redraw: () => { canvas.forget(); draw(); return timings.draw; },
  };
}
