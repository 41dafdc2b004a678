// A grid paints its cells anew whenever it is set; what only lights other cells leaves it as it is.

const keys = new WeakMap();

/** `grid.set(make())`, unless the grid was set with the same key before. */
export function setOnce(grid, key, make) {
  if (keys.get(grid) === key) return;
  keys.set(grid, key);
  grid.set(make());
}
