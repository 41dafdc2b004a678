// The picture that the card opens: the one pointed at, else the one on the stage.

/**
 * `sources`: the moments that the points of each space are of; `moment` and `pixels`: the newest, which know the picture on the
 * stage. `here`: its place among the test pictures, or null for one's own.
 */
export function subjectOf({ pointed, here, scene, frame, sources, moment, pixels, names }) {
  const { features, pixels: byPixels } = sources;
  const pictureOf = pixels.pictureOf;
  if (pointed !== null) {
    return {
      key: `${pointed} ${features.step} ${features.divergence} ${names}`, index: pointed, isPointed: true, picture: pictureOf(pointed), pictureOf, names,
      truth: names[features.truth[pointed]], answer: names[features.answer[pointed]], confidence: features.confidence[pointed],
      distances: { own: features.own[pointed], rival: features.rivalDistance[pointed], rivalName: names[features.rival[pointed]] },
      neighbours: { features: row(features, pointed), pixels: row(byPixels, pointed) },
    };
  }
  const { label } = scene.numbers;
  const shares = softmax(frame.arrays.logits.data);
  const answered = shares.indexOf(Math.max(...shares));
  const { shape: [channels, height, width], data } = scene.arrays.picture;
  const isShown = here !== null && here < moment.count;
  return {
    key: `stage ${scene.version} ${frame.step} ${shares[answered]} ${moment.step} ${moment.hereDistances.join()} ${pixels.moment.hereDistances.join()}`, index: here, isPointed: false,
    picture: { pixels: Uint8Array.from(data, (v) => Math.round(255 * v)), channels, height, width }, pictureOf, names,
    truth: label === null ? null : names[label], answer: names[answered], confidence: shares[answered],
    distances: isShown ? { own: moment.own[here], rival: moment.rivalDistance[here], rivalName: names[moment.rival[here]] } : null,
    neighbours: { features: ofHere(moment), pixels: ofHere(pixels.moment) },
  };
}

const row = ({ neighbours, neighbourDistances, truth }, i) => [...neighbours.subarray(5 * i, 5 * i + 5)]
  .map((index, k) => ({ index, label: truth[index], distance: neighbourDistances[5 * i + k] }));

const ofHere = ({ hereNeighbours, hereDistances, truth }) => [...hereNeighbours].map((index, k) => ({ index, label: truth[index], distance: hereDistances[k] }));

function softmax(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (z) => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}
