// Walks through stations: step, play, back, scrub; a station whose messages travel has a way of its own from 0 to 1.

import { h, setText } from "../lib/dom.js";

const TRAVEL = 1600; // ms that messages are on their way
const REST = 1900; // ms that playing stays at a station
const FINE = 100; // places of the slider in a station

/** `onmove()`: the place has changed; `onplay()`: a person has begun to play or stepped on. `at`, `phase` (0 to 1). */
export function buildMessagesPlayer({ ctx, onmove, onplay }) {
  let [stations, at, phase, isPlaying, last, frame, since] = [[], 0, 1, false, 0, 0, 0];
  const button = (words, label, act, kind = "") => h(`button${kind}`, { type: "button", "aria-label": label, onclick: act }, words);
  const back = button("‹", "One station back", () => step(-1), ".square.gm-arrow");
  const play = button("Play", "Play the messages", () => (isPlaying ? stop() : start()), ".primary.gm-play");
  const next = button("›", "One station on", () => step(1), ".square.gm-arrow");
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Place among the stations", oninput: () => { const place = slider.valueAsNumber / FINE; stop(); put(place); } }); // read first: stopping writes it
  const names = h("div.gm-stations", { role: "group", "aria-label": "Stations" });
  // An application: the page leaves the arrow keys, which otherwise train a step, to what has this role.
  const element = h("div.gm-player", { role: "application", "aria-label": "Stations. Arrow keys go from one to the next." }, h("div.gm-controls", back, play, next, slider), names);
  element.addEventListener("keydown", (event) => {
    if (event.target === slider || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    step(event.key === "ArrowRight" ? 1 : -1);
    if (names.contains(event.target)) names.children[at]?.focus();
  });
  ctx.signal.addEventListener("abort", () => stop());

  const isTravel = () => stations[at]?.isTravel && !ctx.reducedMotion;

  // A station with a way lies before its place on the slider, so that its way leads from the station before to it.
  function put(place) {
    const next = Math.ceil(place - 1e-9);
    const isOnWay = stations[next]?.isTravel;
    at = Math.max(0, Math.min(stations.length - 1, isOnWay ? next : Math.round(place)));
    phase = isOnWay ? place - (next - 1) : 1;
    say();
    onmove();
  }

  /** Go to station k; its messages travel once. */
  function go(k, isQuiet = false) {
    at = Math.max(0, Math.min(stations.length - 1, k));
    phase = isTravel() && !isQuiet ? 0 : 1;
    since = 0;
    say();
    onmove();
    if (phase < 1) run();
  }

  function step(by) {
    stop();
    if (by > 0) onplay();
    go(at + by);
  }

  function start() {
    isPlaying = true;
    onplay();
    go(at >= stations.length - 1 ? 0 : at);
    run();
  }

  function stop() {
    isPlaying = false;
    cancelAnimationFrame(frame);
    frame = 0;
    say();
  }

  function run() {
    if (frame) return;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }

  function tick(now) {
    frame = 0;
    if (ctx.signal.aborted) return;
    if (!ctx.visible) { phase = 1; stop(); return; }
    const passed = Math.max(0, now - last);
    last = now;
    if (phase < 1) {
      phase = Math.min(1, phase + passed / TRAVEL);
      say();
      onmove();
    } else if (isPlaying) {
      since += passed;
      if (since > REST && at >= stations.length - 1) { stop(); return; }
      if (since > REST) go(at + 1);
    }
    if ((phase < 1 || isPlaying) && !frame) frame = requestAnimationFrame(tick);
  }

  function say() {
    setText(play, isPlaying ? "Pause" : "Play");
    play.setAttribute("aria-label", `${play.textContent} the messages`); // the training has such a button too
    slider.max = Math.max(1, (stations.length - 1) * FINE);
    slider.value = Math.round((at - 1 + phase) * FINE);
    slider.style.setProperty("--share", slider.value / slider.max);
    slider.setAttribute("aria-valuetext", `${at + 1} of ${stations.length}: ${stations[at]?.name ?? ""}`);
    back.disabled = at <= 0;
    next.disabled = at >= stations.length - 1;
    [...names.children].forEach((chip, k) => {
      if (k === at) chip.setAttribute("aria-current", "step");
      else chip.removeAttribute("aria-current");
    });
  }

  /** Other stations, [{id, name, isTravel}]; the place is kept where its id is still there. */
  function set(given) {
    if (JSON.stringify(given) === JSON.stringify(stations)) return;
    const id = stations[at]?.id;
    stations = given;
    names.replaceChildren(...given.map(({ name }, k) => h("button.chip.gm-station", { type: "button", onclick: () => { stop(); go(k); } }, h("b.value", String(k + 1)), name)));
    const kept = given.findIndex((station) => station.id === id);
    at = kept < 0 ? Math.min(at, given.length - 1) : kept;
    if (phase < 1 && !given[at]?.isTravel) phase = 1;
    say();
  }

  return {
    element, set, go, stop,
    get at() { return at; }, get phase() { return phase; }, get playing() { return isPlaying; }, get station() { return stations[at]; },
    read: () => ({ at, phase, playing: isPlaying, stations: stations.map(({ id }) => id) }),
  };
}
