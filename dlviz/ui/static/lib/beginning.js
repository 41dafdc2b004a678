// What a run began with: what was measured of a network holds as long as this stays the same.

const OF_THE_BEGINNING = new Set(["structure", "data"]); // roles of the fields that begin a run anew when they change

/** A text that differs where the page shows another run, or one that was begun anew by a setting. */
export function beginningOf({ live, ctx }) {
  const spec = live.scene?.numbers.spec;
  if (!spec) return "";
  const names = (ctx.data.fields ?? []).filter(({ role }) => OF_THE_BEGINNING.has(role)).map(({ name }) => name);
  return JSON.stringify([live.shown, names.map((name) => spec[name])]);
}
