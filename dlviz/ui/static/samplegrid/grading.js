// What a set of decoded pictures is worth: how sure the classifier is of them, how many classes appear, how much they differ.

export const SURE = 0.8; // a picture is called clear from this confidence on

/** {confidence, answer} of a picture; `read` gives probabilities. */
export function answerOf(read, picture) {
  const shares = read(picture);
  let best = 0;
  for (let k = 1; k < shares.length; k += 1) if (shares[k] > shares[best]) best = k;
  return { answer: best, confidence: shares[best] };
}

/** −Σ p log₂ p of how often each class is answered, in bits. */
export function entropy(answers, classes) {
  const counts = new Float64Array(classes);
  for (const answer of answers) counts[answer] += 1;
  return counts.reduce((sum, count) => (count ? sum - (count / answers.length) * Math.log2(count / answers.length) : sum), 0);
}

/** Of pictures {picture, answer?, confidence?}: {clear, mean, classes, bits, spread}; what needs a classifier is null without. */
export function graded(pictures, classes) {
  const read = pictures.length && pictures[0].confidence !== undefined;
  const count = pictures.length;
  const answers = read ? pictures.map(({ answer }) => answer) : [];
  return {
    clear: read ? pictures.filter(({ confidence }) => confidence > SURE).length / count : null,
    mean: read ? pictures.reduce((sum, { confidence }) => sum + confidence, 0) / count : null,
    classes: read ? new Set(answers).size : null,
    bits: read ? entropy(answers, classes) : null,
    spread: spreadOf(pictures.map(({ picture }) => picture)),
  };
}

/** The standard deviation of each pixel over the pictures, the mean of these. */
export function spreadOf(pictures) {
  const size = pictures[0].length;
  let total = 0;
  for (let i = 0; i < size; i += 1) {
    let [sum, squares] = [0, 0];
    for (const picture of pictures) {
      sum += picture[i];
      squares += picture[i] * picture[i];
    }
    const mean = sum / pictures.length;
    total += Math.sqrt(Math.max(0, squares / pictures.length - mean * mean));
  }
  return total / size;
}
