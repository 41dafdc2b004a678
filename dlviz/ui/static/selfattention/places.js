// How large each matrix of the flow is drawn, from the room there is and the shapes.

const WIDE_FROM = 860; // px from which the flow lies side by side
const TALLEST = 134; // px of a matrix of the flow
const GAP = 30; // px between two columns
const NAMES = 15; // px for names of one letter beside or above a matrix
const LONG_NAMES = 54;

export const isWide = (room) => room >= WIDE_FROM;

/** {wide, of(id) → {across, down, left, top}}: px of cells and of the names beside the matrices of a flow so wide. */
export function placesOf({ list, facts }, room, labels) {
  const wide = isWide(room);
  const { tokens, keys, size, width, crosses } = facts;
  const has = (id) => list.some((part) => part.id === id);
  const long = (names) => names.some((name) => name.length > 1);
  const rowRoom = long(labels.query) ? LONG_NAMES : NAMES;
  const columnRoom = long(labels.key) ? LONG_NAMES : NAMES + 2;
  const grids = list.filter(({ down, across }) => down === "query" && across === "key").length;
  const narrow = size <= 4 ? Math.max(56, size * 28) : wide ? Math.min(84, Math.max(56, size * 7)) : Math.min(120, size * 12); // few numbers are written out
  const smalls = has("q0") ? 4 : 3; // W, Q before it is turned, Q; and Z
  const vectors = has("n") ? 6 : 5;
  const left = GAP + rowRoom + smalls * (narrow + GAP);
  const vector = wide ? Math.max(60, Math.min(150, (room - left - vectors * GAP) / vectors)) : Math.min(room - LONG_NAMES - 24, 340);
  const rest = room - (GAP + rowRoom + vector + (smalls - 1) * narrow + smalls * GAP);
  const side = wide ? Math.min(300, (rest - grids * GAP) / grids - rowRoom) : Math.min(room - rowRoom - 12, 340);
  const cell = Math.min(wide ? 40 : 34, side / keys, (wide ? 280 : 420) / tokens);
  const tall = (rows, most = TALLEST) => Math.min(20, (wide ? most : 170) / rows);
  const sizes = { width: vector / width, size: narrow / size, key: cell };
  const downs = { query: tall(tokens), key: tall(keys), width: tall(width + 1, 122), size: tall(size, 96) };
  return {
    wide,
    of({ down, across, id }) {
      const grid = across === "key";
      const named = grid || id === "r" || (id === "x" && !has("r")) || (crosses && (id === "m" || id === "x"));
      return {
        across: sizes[across], down: grid ? cell : downs[down],
        left: named && (down === "query" || down === "key") ? (long(labels[down]) ? LONG_NAMES : NAMES) : 0,
        top: grid ? columnRoom : 0,
        rowNames: named ? labels[down] : null, columnNames: grid ? labels.key : null,
      };
    },
  };
}
