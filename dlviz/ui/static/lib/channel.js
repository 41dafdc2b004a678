// One run as this page knows it: its connection, its scenes, its newest frame, its kept moments.

import { Kept } from "./kept.js";
import { decode, localNote } from "./message.js";
import { SocketTransport } from "./transport.js";

const SCENES_KEPT = 200; // each change of a setting makes one
const WAITING_AT_MOST = 200; // commands held while the socket is down
const BELIEF = 3000; // ms that an optimistic value outlives its answer
const FRAME_WAIT = 250; // ms between a scene and its first frame
const ARRIVAL = 300; // ms to wait for a frame that may never come
const SEEK_WAIT = 90; // ms the thumb rests before the server is asked for a nearer moment

// What belongs to now, also in a frame that shows an earlier moment.
const OF_NOW = ["playing", "speed", "rate", "goal", "device", "live_step", "marks", "elapsed"];
// Commands that act on the moment shown, so that the server must be there first; and those that act on now.
const OF_THE_MOMENT = new Set(["probe", "code"]);
const OF_THE_NEWEST = new Set(["play", "advance", "reset", "set", "edit"]);

// The moment of `frame`, with the numbers and the curve of now that `other` carries.
function withNow(frame, other) {
  const now = Object.fromEntries(OF_NOW.map((name) => [name, other.numbers[name]]));
  const { curve, held } = other.arrays;
  return { ...frame, numbers: { ...frame.numbers, ...now }, arrays: { ...frame.arrays, curve, held } };
}

const matches = (frame, scene) => frame.version === scene.version;

export class Channel {
  /** `tell(kind, value)` hears scene, frame, note, status and state, as they happen. */
  constructor(run, tell, relay = null) {
    this.run = run;
    this.tell = tell;
    this.scenes = new Map();
    this.kept = new Kept();
    this.scene = null;
    this.frame = null;
    this.newest = null;
    this.wanted = null; // the step looked back to, or null
    this.sought = null; // the step the server was sent to, or null
    this.asked = new Map(); // token → {resolve, progress}
    this.waiting = [];
    this.beliefs = [];
    this.owed = 0; // frames received and not yet acknowledged
    this.status = "connecting";
    this.gone = false;
    this.relay = relay;
    this.transport = new SocketTransport(run, {
      hear: (buffer) => this.hear(buffer),
      tell: (status, gone) => this.connection(status, gone),
    });
  }

  connection(status, gone) {
    if (status === "blocked" || (status === "lost" && this.status === "relay")) {
      if (this.status === "relay") return;
      this.status = "relay";
    } else {
      this.status = status;
    }
    this.gone = gone;
    if (status === "open") {
      this.owed = 0;
      this.waiting.splice(0).forEach((text) => this.transport.send(text));
    }
    if (status === "lost") this.giveUp();
    this.tell("status", this.status);
  }

  giveUp() {
    this.beliefs = [];
    for (const [token, { resolve }] of this.asked) {
      resolve(localNote("error", "The connection was lost before the answer came.", token));
    }
    this.asked.clear();
  }

  hear(buffer) {
    const message = decode(buffer);
    if (message.kind === "scene") this.takeScene(message);
    else if (message.kind === "frame") this.takeFrame(message);
    else if (message.kind === "note" || message.kind === "reply") this.takeAnswer(message);
    else throw new Error(`The server sent a message of the unknown kind ${message.kind}.`);
  }

  takeScene(scene) {
    this.scenes.set(scene.version, scene);
    if (this.scenes.size > SCENES_KEPT) {
      const [oldest] = this.scenes.keys();
      this.scenes.delete(oldest);
      this.kept.forget(oldest);
    }
    if (this.frame && matches(this.frame, scene)) this.show(this.frame);
    else if (!this.frame) this.showScene(scene);
    else if (this.wanted === null) this.awaitFrame(scene);
  }

  // A scene and its frame change the picture together; a scene whose frame is held up comes alone.
  awaitFrame(scene) {
    clearTimeout(this.awaiting);
    this.awaiting = setTimeout(() => this.showScene(scene), FRAME_WAIT);
  }

  showScene(scene) {
    clearTimeout(this.awaiting);
    if (this.scene === scene) return;
    this.scene = scene;
    this.tell("scene", scene);
  }

  takeFrame(frame) {
    this.owed += 1;
    const { live_step: liveStep, elapsed } = frame.numbers;
    const isNewest = frame.step >= liveStep;
    if (!this.newest) {
      this.newest = frame;
      if (!isNewest) this.wanted = this.sought = frame.step; // the page was opened while the run looks back
    } else if (isNewest) {
      // Time went backwards: a reset, a new structure, a new past. What was kept never happened.
      if (frame.step < this.newest.step || elapsed < this.newest.numbers.elapsed) this.kept.clear();
      this.newest = frame;
      if (this.wanted !== null && this.wanted > frame.step) this.wanted = null;
    } else {
      this.newest = withNow(this.newest, frame); // it may be all that tells us that training has paused
    }
    this.beliefs = this.beliefs.filter((belief) => !belief.answered);
    this.kept.add(frame);
    if (this.wanted === null) {
      if (isNewest) this.show(frame);
    } else {
      this.show(withNow(this.kept.nearest(this.wanted), this.newest));
    }
    this.tell("state", this.state);
  }

  show(frame) {
    this.frame = frame;
    const scene = this.scenes.get(frame.version);
    if (!scene) return; // its scene is on the way
    this.showScene(scene);
    this.tell("frame", frame);
  }

  takeAnswer(message) {
    const { token } = message.numbers;
    const waiting = this.asked.get(token);
    if (message.kind === "reply" && waiting && message.numbers.progress) {
      waiting.progress?.(message);
      return;
    }
    for (const belief of this.beliefs) if (belief.token === token) belief.answered = true;
    if (message.kind === "note") {
      this.beliefs = this.beliefs.filter((belief) => belief.token !== token);
      if (!waiting?.quiet) this.tell("note", message);
      this.tell("state", this.state);
    }
    this.asked.delete(token);
    waiting?.resolve(message);
  }

  /** Numbers of the newest frame, with what was just commanded taken as done. */
  get state() {
    const now = performance.now();
    this.beliefs = this.beliefs.filter((belief) => belief.until > now);
    return Object.assign({}, this.newest?.numbers, ...this.beliefs.map((belief) => belief.values));
  }

  believe(values, token) {
    this.beliefs.push({ values, token, answered: false, until: performance.now() + BELIEF });
    this.tell("state", this.state);
  }

  send(command) {
    if (OF_THE_MOMENT.has(command.do)) this.settle();
    if (OF_THE_NEWEST.has(command.do) && command.on !== false && this.wanted !== null) this.scrub(null);
    const text = JSON.stringify(command);
    if (this.status === "relay") this.relay(this.run, command);
    else if (this.transport.ready) this.transport.send(text);
    else if (this.waiting.length < WAITING_AT_MOST) this.waiting.push(text);
  }

  ask(command, { progress, believe, quiet = false, signal } = {}) {
    const token = command.token ?? crypto.randomUUID();
    if (believe) this.believe(believe, token);
    signal?.addEventListener("abort", () => { if (this.asked.has(token)) this.send({ do: "cancel", of: token }); }, { once: true });
    return new Promise((resolve) => {
      this.asked.set(token, { resolve, progress, quiet });
      this.send({ ...command, token });
      if (this.gone) this.giveUp();
    });
  }

  /** Look back to `step`, at once with the nearest moment kept here; null: the newest. */
  scrub(step) {
    if (!this.newest) return;
    clearTimeout(this.seeking);
    if (step === null || step >= this.newest.numbers.live_step) {
      this.wanted = null;
      if (this.sought !== null) this.send({ do: "seek", step: null });
      this.sought = null;
      this.show(this.newest);
    } else {
      if (this.wanted === null && this.state.playing) this.ask({ do: "play", on: false }, { believe: { playing: false } });
      this.wanted = Math.max(0, Math.round(step));
      const nearest = this.kept.nearest(this.wanted);
      if (nearest) this.show(withNow(nearest, this.newest));
      if (this.nearerHeld()) this.seeking = setTimeout(() => this.seek(this.wanted), SEEK_WAIT);
    }
    this.tell("state", this.state);
  }

  nearerHeld() {
    const here = this.kept.nearest(this.wanted);
    const gap = here ? Math.abs(here.step - this.wanted) : Infinity;
    return gap > 0 && (this.newest.arrays.held?.data ?? []).some((step) => Math.abs(step - this.wanted) < gap);
  }

  get moments() {
    const held = this.newest?.arrays.held?.data ?? [];
    return [...new Set([...held, ...this.kept.steps])].sort((a, b) => a - b);
  }

  /** Fetch moments spread over those that the server holds. Each frame must come before the next is asked for. */
  async gather(count) {
    const held = [...(this.newest?.arrays.held?.data ?? [])];
    const kept = new Set(this.kept.steps);
    const share = Math.max(1, held.length / count);
    const missing = held.filter((step, i) => Math.floor(i / share) !== Math.floor((i - 1) / share) && !kept.has(step));
    for (const step of missing) {
      const answer = await this.ask({ do: "seek", step });
      if (answer.kind === "note") return;
      this.sought = step;
      await this.arrival(step);
    }
  }

  /** Resolves when the moment `step` is kept here, or after a while: frames may be skipped. */
  async arrival(step) {
    const end = performance.now() + ARRIVAL;
    while (this.kept.nearest(step)?.step !== step && performance.now() < end) {
      await new Promise((resolve) => { setTimeout(resolve, 8); });
    }
  }

  seek(step) {
    this.sought = step;
    this.send({ do: "seek", step });
  }

  /** Bring the server to the moment that is shown here, or to the nearer one that is still to be fetched. */
  settle() {
    clearTimeout(this.seeking);
    if (this.wanted === null || !this.frame) return;
    const step = this.nearerHeld() ? this.wanted : this.frame.step;
    if (this.sought !== step) this.seek(step);
  }

  /** The page has drawn: the server may send as many frames as it has been given time for. */
  acknowledge() {
    if (this.status === "open") for (; this.owed > 0; this.owed -= 1) this.send({ do: "next" });
    this.owed = 0;
  }

  close() {
    clearTimeout(this.seeking);
    clearTimeout(this.awaiting);
    this.giveUp();
    this.transport.close();
  }
}
