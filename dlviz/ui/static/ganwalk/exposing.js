// What is on screen, as plain numbers.

const places = (list) => list && list.map(({ z, sample, logit, norm, shares, far }) => ({ z: [...z], sample: [...sample], logit, norm, shares: shares && [...shares], far }));

export function exposeForTests(host, { shown, stations, fakes, points, noises, grid }) {
  host.dlviz = {
    ganwalk() {
      const now = shown();
      if (!now) return null;
      const { found, state, scale } = now;
      const { what } = found;
      return {
        step: now.step, t: now.t, playing: now.playing, held: state.held, wanted: { steps: state.steps, way: state.way, label: state.label, second: state.second },
        steps: found.stations.length, way: what.way, label: what.label, second: what.second, hasReader: Boolean(what.read), isArc: found.way.isArc,
        corners: what.corners.map(({ z, at }) => ({ z: [...z], at })), stations: places(found.stations), fine: found.fine.map(({ logit, norm }) => ({ logit, norm })),
        others: places(found.others), otherNorms: found.otherNorms, changes: found.changes, otherChanges: found.otherChanges, usual: now.usual,
        said: found.stations.map(({ logit }) => scale.value(logit)), grid: found.grid && { side: found.grid.side, places: places(found.grid.places) },
        here: places([now.now])[0], sentence: now.sentence, verdict: now.verdict, about: now.about,
      };
    },
    ganwalkStations: () => stations.read(),
    ganwalkFake: (at) => fakes.middle(at),
    ganwalkPoint: (place) => points.plane.toPixel(place),
    ganwalkNoise: (place) => noises.plane.toPixel(place),
    ganwalkCell: (k) => grid.read(k),
  };
}
