// The picture that the cards work on. A one-dimensional layer on the stage gets only the middle row of it, so the
// whole is remembered from before, as long as the settings that make it stay.

const MAKE_THE_PICTURE = ["picture", "digit", "photo", "own_pixels", "side", "channels", "seed"];
const remembered = { key: "", picture: null };

/** {data, shape: [c, n, n]} of the scene, or null when only a row of it is known. */
export function wholePicture(scene) {
  const { spec } = scene.numbers;
  const key = JSON.stringify(MAKE_THE_PICTURE.map((name) => spec[name]));
  const given = scene.arrays.picture ?? scene.arrays.input;
  const [, rows, columns] = given.shape;
  if (rows === columns) Object.assign(remembered, { key, picture: { data: given.data, shape: [...given.shape] } });
  return remembered.key === key ? remembered.picture : null;
}

/** The middle row of every channel, (c, 1, n): what a one-dimensional layer takes. */
export function middleRow({ data, shape: [c, n] }) {
  const from = Math.floor(n / 2);
  const row = new Float32Array(c * n);
  for (let channel = 0; channel < c; channel += 1) row.set(data.subarray((channel * n + from) * n, (channel * n + from + 1) * n), channel * n);
  return row;
}
