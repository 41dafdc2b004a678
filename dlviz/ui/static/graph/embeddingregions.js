// Where a linear head answers what, as exact polygons: each class has the places where no other is higher.

/**
 * `head` {weight (class, width), bias}, with a width of 2, or of 1, where y does not matter. `corners`: the picture's, as places.
 * [{answer, polygon: [[x, y]]}] of the classes that are anywhere in it.
 */
export function regionsOf({ weight, bias }, width, corners) {
  const height = (k, [x, y]) => bias[k] + weight[k * width] * x + (width > 1 ? weight[k * width + 1] * y : 0);
  return Array.from(bias, (_, answer) => {
    let polygon = corners;
    for (let other = 0; other < bias.length && polygon.length; other += 1) {
      if (other !== answer) polygon = cut(polygon, (place) => height(answer, place) - height(other, place));
    }
    return { answer, polygon };
  }).filter(({ polygon }) => polygon.length > 2);
}

// What of a convex polygon has `above` ≥ 0 (I. Sutherland and G. Hodgman, 1974).
function cut(polygon, above) {
  const kept = [];
  polygon.forEach((to, k) => {
    const from = polygon.at(k - 1);
    const [a, b] = [above(from), above(to)];
    if ((a >= 0) !== (b >= 0)) {
      const t = a / (a - b);
      kept.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);
    }
    if (b >= 0) kept.push(to);
  });
  return kept;
}
