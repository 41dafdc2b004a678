// The page's view of its runs. Loaded once a page; every component of the page shares one Session.

import { Channel } from "./channel.js";
import { hear } from "./paint.js";
import { Shared } from "./shared.js";

const LEAVE_AFTER = 1500; // ms without any component before the connections close
const CHANNELS_AT_MOST = 8;

// Once a page, also where this module was loaded under two addresses.
const sessions = (globalThis[Symbol.for("dlviz.sessions")] ??= new Map());

/**
 * The Session that `data.session` (or, without one, `data.run`) names; null when it names none.
 * When Python sends another `run`, the whole Session follows. `relay(run, command)` carries commands
 * where no socket opens.
 */
export function joinSession(data, relay) {
  const key = data?.session ?? data?.run;
  if (!key) return null;
  const session = sessions.get(key) ?? new Session(key);
  sessions.set(key, session);
  if (relay) session.relayBy(relay);
  if (data.run) session.follow(data.run);
  return session;
}

export class Session {
  constructor(name) {
    this.name = name;
    this.listeners = new Map();
    this.shared = new Shared((change) => this.emit("shared", change));
    this.channels = new Map();
    this.followed = new Set();
    this.runs = [];
    this.shown = null; // id of the run that the page shows
    this.previous = null; // the channel whose pictures stay until those of the shown run have come
    this.beside = null; // id of the run it is compared with
    this.guests = 0;
    this.due = new Set(); // kinds to be told at the next animation frame
    this.stepsDue = 0;
    this.undelivered = []; // commands for the relay, until there is one
  }

  // ---- what is shown

  get channel() {
    return this.channels.get(this.shown) ?? null;
  }

  get scene() {
    return this.visible?.scene ?? null;
  }

  /** The channel whose scene is on screen: that of the shown run, or the one before until it has come. */
  get visible() {
    return this.channel?.scene ? this.channel : this.previous ?? this.channel;
  }

  /** The frame shown, or null while it and the scene do not belong together. */
  get frame() {
    return matching(this.visible);
  }

  get newest() {
    return this.channel?.newest ?? null;
  }

  /** The step looked back to, or null when the newest moment is shown. */
  get looking() {
    return this.channel?.wanted ?? null;
  }

  get status() {
    return this.channel?.status ?? "connecting";
  }

  /** True when the server no longer knows the run. */
  get gone() {
    return this.channel?.gone ?? false;
  }

  /** The newest numbers, with what was just commanded taken as done; {} before the first frame. */
  get state() {
    return this.channel?.state ?? {};
  }

  get compared() {
    const channel = this.channels.get(this.beside);
    return channel?.scene ? { scene: channel.scene, frame: matching(channel) } : null;
  }

  /** The newest frame of the run beside the shown one, or null. */
  get besideNewest() {
    return this.channels.get(this.beside)?.newest ?? null;
  }

  // ---- hearing

  /** Call `fn` on every event of that kind, and at once if there is a value already. */
  on(kind, fn, signal) {
    if (signal?.aborted) return;
    if (!this.listeners.has(kind)) this.listeners.set(kind, new Set());
    this.listeners.get(kind).add(fn);
    signal?.addEventListener("abort", () => this.listeners.get(kind).delete(fn), { once: true });
    const value = this.value(kind);
    if (value !== null) fn(value);
  }

  value(kind) {
    if (kind === "note" || kind === "shared") return null;
    if (kind === "state") return this.newest ? this.state : null;
    return this[kind] ?? null;
  }

  emit(kind, value) {
    for (const fn of [...(this.listeners.get(kind) ?? [])]) {
      try {
        fn(value);
      } catch (problem) {
        reportError(problem); // one broken picture must not stop the others
      }
    }
  }

  /** Tell `kind` at the next animation frame, together with whatever else has come by then. */
  later(kind) {
    if (this.due.size === 0) hear(() => this.deliver());
    this.due.add(kind);
  }

  deliver() {
    const due = this.due;
    this.due = new Set();
    for (const kind of ["scene", "frame", "compared", "state"]) {
      const value = due.has(kind) ? this.value(kind) : null;
      if (value !== null || (kind === "compared" && due.has(kind))) this.emit(kind, value);
    }
    for (const id of [this.shown, this.beside]) this.channels.get(id)?.acknowledge();
  }

  heard(id, kind, value) {
    const isShown = id === this.shown;
    if (kind === "note") {
      if (isShown) this.emit("note", value);
    } else if (kind === "status") {
      if (isShown) this.emit("status", value);
    } else if (isShown) {
      this.later(kind);
      if (kind === "state" && this.beside) this.align();
    } else if (id === this.beside && kind !== "state") {
      this.later("compared");
    }
  }

  // ---- runs

  follow(run) {
    if (this.followed.has(run)) return; // a component that still holds the previous run's data
    this.followed.add(run);
    sessions.set(run, this);
    const last = this.visible;
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
    this.beside = null;
    this.runs = [{ id: run, label: "Run 1", parent: null, step: 0 }];
    this.show(run);
    this.previous = last;
  }

  open(run) {
    if (!this.channels.has(run)) {
      const channel = new Channel(run, (kind, value) => this.heard(run, kind, value), (id, command) => this.post(id, command));
      this.channels.set(run, channel);
      for (const id of this.channels.keys()) {
        if (this.channels.size <= CHANNELS_AT_MOST) break;
        if (id !== run && id !== this.shown && id !== this.beside && id !== this.runs[0].id) this.drop(id);
      }
    }
    return this.channels.get(run);
  }

  drop(id) {
    this.channels.get(id).close();
    this.channels.delete(id);
    this.runs = this.runs.filter((run) => run.id !== id);
  }

  /** Show another run of this page. The one shown before pauses; two runs that are compared change places. */
  show(id) {
    const before = this.channel;
    if (id === this.shown && before) return;
    if (id === this.beside) this.beside = this.shown;
    else if (before?.state.playing) before.ask({ do: "play", on: false });
    this.previous = this.visible;
    this.shown = id;
    this.open(id);
    this.emit("runs", this.runs);
    this.emit("status", this.status);
    for (const kind of ["scene", "frame", "state", "compared"]) this.later(kind);
  }

  /** Show the run `id` beside the shown one; null ends it. */
  compare(id) {
    this.channels.get(this.beside)?.scrub(null);
    this.beside = id === this.shown ? null : id;
    if (this.beside) this.open(this.beside);
    this.align();
    this.emit("runs", this.runs);
    this.later("compared");
  }

  /** The run beside follows to the moment that is shown. */
  align() {
    const channel = this.channels.get(this.beside);
    if (channel?.newest && channel.wanted !== this.looking) channel.scrub(this.looking);
  }

  /** A new run that goes on from `step`; it is shown. Resolves with the reply, or with the note that refused. */
  async branch(step) {
    const parent = this.shown;
    const answer = await this.ask({ do: "branch", step });
    if (answer.kind === "reply") {
      const { run } = answer.numbers;
      const from = answer.numbers.step ?? step;
      this.runs = [...this.runs, { id: run, label: `Run ${this.runs.length + 1}`, parent, step: from }];
      this.show(run);
    }
    return answer;
  }

  // ---- commands

  /** Send a command and wait for nothing. */
  send(command) {
    this.channel?.send(command);
  }

  /**
   * Send a command with a token. Resolves with its reply, or with the note that refused it: look at
   * `answer.kind`. `progress(message)` hears the replies on the way, which may carry what a long probe can already show;
   * aborting `signal` cancels work that goes on in turns, and its note resolves the promise. With `quiet` a refusal is told to the
   * asker alone, who says it where it belongs.
   */
  ask(command, options) {
    return this.channel.ask(command, options);
  }

  play(on, steps) {
    this.stepsDue = 0;
    return this.ask({ do: "play", on, ...(steps ? { steps } : {}) }, { believe: { playing: on } });
  }

  /** Train exactly `steps` more. A second call before the first is done adds to it: no press is lost. */
  advance(steps) {
    this.stepsDue += steps;
    this.advancing ??= this.advanceAll();
    return this.advancing;
  }

  async advanceAll() {
    let answer = null;
    while (this.stepsDue > 0) {
      const steps = this.stepsDue;
      this.stepsDue = 0;
      answer = await this.ask({ do: "advance", steps }, { believe: { playing: false } });
      if (answer.kind === "note") this.stepsDue = 0;
    }
    this.advancing = null;
    return answer;
  }

  reset(seed) {
    this.stepsDue = 0;
    return this.ask({ do: "reset", ...(seed === undefined ? {} : { seed }) }, { believe: { playing: false } });
  }

  set(changes, options) {
    return this.ask({ do: "set", changes }, options);
  }

  speed(stepsPerSecond) {
    return this.ask({ do: "speed", steps_per_second: stepsPerSecond }, { believe: { speed: stepsPerSecond } });
  }

  scrub(step) {
    this.channel?.scrub(step);
  }

  /** Steps that can be looked at: held by the server or kept here, ascending. */
  get moments() {
    return this.channel?.moments ?? [];
  }

  /** Frames of moments that are kept here, ascending; of whatever scene they were. */
  get kept() {
    return this.channel?.kept.moments ?? [];
  }

  /** Look at the next moment there is (way 1) or the one before (way -1). */
  nudge(way) {
    const here = this.frame?.step ?? 0;
    const { moments } = this;
    const next = way > 0 ? moments.find((step) => step > here) : moments.findLast((step) => step < here);
    this.scrub(next === undefined && way > 0 ? null : (next ?? 0));
  }

  /** Fetch up to `count` moments from all over the run, so that playing back has something to show. */
  gather(count) {
    return this.channel?.gather(count);
  }

  // ---- the relay, where no socket opens

  relayBy(relay) {
    this.relay = relay;
    for (const [id, command] of this.undelivered.splice(0)) relay(id, command);
  }

  post(id, command) {
    if (this.relay) this.relay(id, command);
    else this.undelivered.push([id, command]);
  }

  /** Messages (ArrayBuffers) that the relay brought for the run shown. */
  feed(buffers) {
    for (const buffer of buffers) this.channel?.hear(buffer);
  }

  // ---- coming and going of components

  enter() {
    this.guests += 1;
    clearTimeout(this.leaving);
  }

  leave() {
    this.guests -= 1;
    if (this.guests === 0) this.leaving = setTimeout(() => this.close(), LEAVE_AFTER);
  }

  close() {
    for (const channel of this.channels.values()) channel.close();
    for (const [key, session] of sessions) if (session === this) sessions.delete(key);
  }
}

function matching(channel) {
  return channel?.frame && channel.frame.version === channel.scene?.version ? channel.frame : null;
}
