// Which fake is meant by a place, and which is the next one in a direction.

const chosen = (look, k) => !look.told || look.labels[k] === look.label;

/** The fake nearest to a place, within `reach` pixels; of the class shown, where there are classes. Null: none. */
export function nearestFake(look, plane, place, reach) {
  const { x: [west, east] } = plane.view;
  let [best, least] = [null, ((reach / plane.canvas.clientWidth) * (east - west)) ** 2];
  for (let k = 0; k < look.count; k += 1) {
    if (!chosen(look, k)) continue;
    const far = (look.fake[2 * k] - place[0]) ** 2 + (look.fake[2 * k + 1] - place[1]) ** 2;
    if (far < least) [best, least] = [k, far];
  }
  return best;
}

/** The nearest fake from `from` on within 45° of a way [dx, dy]; null: there is none. */
export function nextFake(look, from, [wx, wy]) {
  let [best, least] = [null, Infinity];
  for (let k = 0; k < look.count; k += 1) {
    if (k === from || !chosen(look, k)) continue;
    const [dx, dy] = [look.fake[2 * k] - look.fake[2 * from], look.fake[2 * k + 1] - look.fake[2 * from + 1]];
    const along = dx * wx + dy * wy;
    const aside = Math.abs(dx * wy - dy * wx);
    if (along <= 0 || aside > along) continue;
    const far = Math.hypot(dx, dy);
    if (far < least) [best, least] = [k, far];
  }
  return best;
}
