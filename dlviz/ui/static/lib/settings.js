// The values of the spec as the controls show them: what a person just chose, until the server has
// answered; then what the scene says. One Settings a stage, shared by all its controls.

import { h, setText } from "./dom.js";
import { knob } from "./knob.js";

const FORGET_AFTER = 1500; // ms after the answer by which its scene has surely come
const NAMED_FIELD = /^\w+Spec\.(\w+) /;

const known = new WeakMap();

/** The Settings of a stage. */
export function settingsOf(stage) {
  if (!known.has(stage)) known.set(stage, new Settings(stage));
  return known.get(stage);
}

class Settings {
  constructor({ live, ctx }) {
    this.live = live;
    this.fields = Object.fromEntries((ctx.data.fields ?? []).map((field) => [field.name, field]));
    this.hidden = new Set(ctx.data.hide ?? []);
    this.hopes = new Map(); // field → {value, settled}: chosen here, not yet in a scene
    this.problems = new Map(); // field → what the server said of it
    this.listeners = new Set();
    this.said = new Set(); // fields with a line for their problem
    live.on("scene", () => this.arrived(), ctx.signal);
  }

  /** Call `fn` whenever a value, a problem or what is hidden may have changed, and at once. */
  on(fn) {
    this.listeners.add(fn);
    fn();
  }

  tell() {
    for (const fn of this.listeners) fn();
  }

  value(name) {
    if (this.hopes.has(name)) return this.hopes.get(name).value;
    return this.live.scene?.numbers.spec[name] ?? this.fields[name]?.default;
  }

  problem(name) {
    return this.problems.get(name) ?? "";
  }

  isHidden(name) {
    return this.hidden.has(name);
  }

  hide(names) {
    this.hidden = new Set(names);
    this.tell();
  }

  /** Send changes at once. Resolves true when they were taken; else the reason stands at its control. */
  async change(changes) {
    const hopes = Object.entries(changes).map(([name, value]) => [name, { value, settled: false }]);
    for (const [name, hope] of hopes) {
      this.hopes.set(name, hope);
      this.problems.delete(name);
    }
    this.tell();
    const answer = await this.live.set(changes, { quiet: true });
    const refused = answer?.kind === "note" && answer.numbers.level === "error";
    if (refused) this.blame(changes, answer);
    for (const [name, hope] of hopes) {
      hope.settled = true;
      if (refused) this.drop(name, hope);
    }
    setTimeout(() => {
      for (const [name, hope] of hopes) this.drop(name, hope);
      this.tell();
    }, FORGET_AFTER);
    this.arrived();
    return !refused;
  }

  // At the control that the server names; as a notice of the page where no control says such things.
  blame(changes, answer) {
    const { text } = answer.numbers;
    const named = NAMED_FIELD.exec(text)?.[1];
    const name = named in this.fields ? named : Object.keys(changes)[0];
    this.problems.set(name, text.replace(NAMED_FIELD, (_, field) => `${this.label(field)} `));
    if (!this.said.has(name)) this.live.emit("note", answer);
  }

  label(name) {
    return this.fields[name]?.label || name;
  }

  drop(name, hope) {
    if (this.hopes.get(name) === hope) this.hopes.delete(name);
  }

  arrived() {
    const spec = this.live.scene?.numbers.spec;
    for (const [name, hope] of this.hopes) {
      if (hope.settled && JSON.stringify(spec?.[name]) === JSON.stringify(hope.value)) this.hopes.delete(name);
    }
    this.tell();
  }
}

/**
 * The control of one field, kept in step with the settings; what the server refuses is said under it.
 * `changes(value)` makes the changes to send. Null when the page was given no such field.
 */
export function fieldControl(stage, name, { changes = (value) => ({ [name]: value }) } = {}) {
  const settings = settingsOf(stage);
  const field = settings.fields[name];
  if (!field) return null;
  let shown = JSON.stringify(settings.value(name));
  const unit = field.unit === "%" ? "%" : ""; // a range here has room for its number; "points" is said by its name
  const control = knob({ ...field, unit }, {
    value: settings.value(name),
    onchange: (value) => {
      shown = JSON.stringify(value);
      settings.change(changes(value));
    },
  });
  const problem = problemLine(settings, name);
  control.element.append(problem);
  settings.on(() => {
    control.element.classList.toggle("hidden", settings.isHidden(name));
    const value = JSON.stringify(settings.value(name));
    if (value === shown) return; // setting it again would wipe what is being typed
    shown = value;
    control.set(settings.value(name));
  });
  return control;
}

/** The line under a control that says why the server refused it. */
export function problemLine(settings, name) {
  const line = h("p.problem.small", { role: "alert" });
  settings.said.add(name);
  settings.on(() => setText(line, settings.problem(name)));
  return line;
}
