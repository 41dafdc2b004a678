// Which head and which tokens are looked at, shared by all pictures of the page.

const NAMES = ["grid", "head", "query", "key"];
const name = (what) => `attention.${what}`;

/**
 * The page's choice: `grid` (id of an attention of lib/transformer.js, such as "core.0.attention") and `head` as chosen by
 * a click; `query` and `key`, indexes of tokens, as pointed at or pinned. null where nothing is chosen.
 */
export function attendedOf({ live, ctx }) {
  const { shared } = live;
  const get = (what) => shared.get(name(what)) ?? null;
  const put = (changes) => {
    for (const [what, value] of Object.entries(changes)) if (get(what) !== value) shared.set(name(what), value);
  };
  return {
    get grid() { return get("grid"); },
    get head() { return get("head"); },
    get query() { return get("query"); },
    get key() { return get("key"); },
    get pinned() { return Boolean(get("pinned")); },
    /** The chosen grid of a pass and the head in it; the first of the last layer where none is chosen or it is not there. */
    in(pass) {
      const grid = pass.grids.find(({ id }) => id === get("grid")) ?? pass.grids.findLast(({ kind }) => kind === "attention");
      return { grid, head: Math.min(get("head") ?? 0, grid.part.weights.length - 1) };
    },
    choose(grid, head) { put({ grid, head }); },
    /** Look at a pair of tokens while it is pointed at; a pinned one stays. */
    hover(query, key = null) {
      if (!get("pinned")) put({ query, key });
    },
    /** Pin a pair of tokens; the pinned one again, or null, lets go. */
    pin(query, key = null) {
      const again = get("pinned") && get("query") === query && get("key") === key;
      if (query === null || again) put({ pinned: false, query: null, key: null });
      else put({ pinned: true, query, key });
    },
    /** Call `fn()` whenever one of them has changed. */
    on(fn) {
      live.on("shared", ({ key }) => {
        if (NAMES.some((what) => key === name(what)) || key === name("pinned")) fn();
      }, ctx.signal);
    },
  };
}
