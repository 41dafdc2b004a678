// What is on screen, as plain numbers.

export function exposeForTests(host, { shown, strip, field, sums, attributes }) {
  const plain = (pictures) => pictures.map((values) => [...values]);
  host.dlviz = {
    interpolate() {
      const now = shown();
      if (!now) return null;
      const { found, state, here } = now;
      return {
        step: now.step, t: now.t, playing: now.playing, steps: state.steps, way: state.way, held: state.held, told: found.told, isArc: found.way.isArc, hasReader: found.said[0] !== null,
        ends: state.ends.map(({ index, z }) => ({ index, z: [...z] })),
        path: plain(found.path), strip: plain(found.strip), fade: plain(found.fade), norms: found.norms, changes: found.changes, fadeChanges: found.fadeChanges,
        said: found.said, fadeSaid: found.fadeSaid, here: { z: [...here.z], picture: [...here.picture], norm: here.norm },
        sentence: now.sentence, about: now.about, even: now.even, milliseconds: found.milliseconds,
        places: field.read().places, sums: sums.read(), attributes: attributes.read(),
      };
    },
    interpolateStrip: () => strip.read(),
    interpolateOnPage: (place) => field.onPage(place),
  };
}
