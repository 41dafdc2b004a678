// What the network says at each token of the moment on screen, and what would be right.

import { likeliest, rowOf, softmax } from "../lib/transformer.js";

/**
 * Of a moment: [{at, said, sure, target, asked, right, loss}], one for each answer. `target` null where nobody knows what is
 * right; then `loss` is null too. A translator's end with the end sign it writes.
 */
export function answersOf({ scene, pass, targets, read }) {
  const { classes } = scene.numbers;
  const end = read ? classes.indexOf("$") : -1;
  const found = [];
  for (let at = 0; at < pass.answers; at += 1) {
    const shares = softmax(rowOf(pass, at));
    const said = likeliest(shares);
    const target = targets && targets[at] >= 0 ? targets[at] : null;
    found.push({
      at, said: classes[said], sure: shares[said], target: target === null ? null : classes[target],
      asked: !targets || target !== null || Boolean(read), right: target === null ? null : said === target,
      loss: target === null ? null : -Math.log(Math.max(shares[target], Number.MIN_VALUE)),
    });
    if (said === end) break;
  }
  return found;
}

/** {asked, right, loss}: how many answers are asked for, how many are right, their mean loss in nats; null without targets. */
export function summaryOf(answers) {
  const judged = answers.filter(({ loss }) => loss !== null);
  if (!judged.length) return null;
  return { asked: judged.length, right: judged.filter(({ right }) => right).length, loss: judged.reduce((sum, { loss }) => sum + loss, 0) / judged.length };
}

/** The length of each row of a (token · width) matrix. */
export function normsOf(matrix, tokens) {
  const width = matrix.length / tokens;
  return Float64Array.from({ length: tokens }, (_, t) => {
    let sum = 0;
    for (let k = t * width; k < (t + 1) * width; k += 1) sum += matrix[k] ** 2;
    return Math.sqrt(sum);
  });
}

/** The residual stream of a stack from the embedding on: [{after, layer, values, norms}], after: "embedding", "attention", … */
export function streamOf(stack) {
  const found = [{ after: "embedding", layer: null, values: stack.embedded }];
  for (const block of stack.blocks) {
    for (const after of ["attention", "cross", "feed_forward"]) if (block[after]) found.push({ after, layer: block.layer, values: block[after].after });
  }
  return found.map((each) => ({ ...each, norms: normsOf(each.values, stack.tokens) }));
}
