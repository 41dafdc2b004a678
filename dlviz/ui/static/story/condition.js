// Conditions of story steps in the browser; dlviz/core/story.py (Condition.met) is the reference.

const COMPARE = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** A value as conditions compare it: numbers as numbers, flags as on and off, lists with commas or "none". */
function plain(value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return plain(value.join(",") || "none");
  if (typeof value === "number") return value;
  const text = String(value);
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Whether `values` meet [name, op, value]; a name that is absent, or a text beside a number, does not. */
export function met([name, op, wanted], values) {
  const given = values[name];
  if (given === undefined || given === null) return false;
  const value = plain(given);
  return typeof value === typeof wanted && COMPARE[op](value, wanted);
}

/** Everything a condition may name: settings, the newest frame's numbers, and what the reader has done. */
export function facts(live, happened) {
  const frame = live.newest;
  return {
    ...(live.scene?.numbers.spec ?? {}),
    ...(frame ? { ...frame.numbers, step: frame.step } : {}),
    ...happened,
    playing: Boolean(live.state.playing),
  };
}
