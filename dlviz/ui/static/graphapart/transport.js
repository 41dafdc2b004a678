// The rounds: played, stepped or scrubbed. Nothing plays by itself.

import { h, icon, setText } from "../lib/dom.js";

const PACE = 1300; // ms a round

export function buildTransport({ stage, go }) {
  const { ctx } = stage;
  let [timer, isPlaying] = [0, false];
  const words = h("span", "Play");
  const picture = h("span.ga-icon", icon("play", 18));
  const play = h("button.primary", { type: "button", "aria-label": "Play the rounds", onclick: () => start(!isPlaying) }, picture, words);
  const step = (way, name, label) => h("button", { type: "button", "aria-label": label, onclick: () => { start(false); move(stage.state.round + way); } }, name);
  const [back, next] = [step(-1, "Back", "One round back"), step(1, "Step", "One round on")];
  const slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Round", oninput: () => { start(false); move(slider.valueAsNumber); } });
  const place = h("span.value.ga-round");
  ctx.signal.addEventListener("abort", () => clearTimeout(timer));

  const most = () => stage.found.rounds;

  function move(round) {
    const wanted = Math.min(most(), Math.max(0, round));
    if (wanted !== stage.state.round) go(wanted);
  }

  function start(on) {
    if (on === isPlaying) return;
    isPlaying = on;
    clearTimeout(timer);
    setText(words, on ? "Pause" : "Play");
    play.setAttribute("aria-label", `${words.textContent} the rounds`);
    picture.replaceChildren(icon(on ? "pause" : "play", 18));
    if (!on) return;
    if (stage.state.round >= most()) move(0);
    timer = setTimeout(tick, PACE);
  }

  function tick() {
    if (!isPlaying || ctx.signal.aborted) return;
    if (!ctx.visible) { start(false); return; }
    move(stage.state.round + 1);
    if (stage.state.round >= most()) start(false);
    else timer = setTimeout(tick, PACE);
  }

  return {
    element: h("div.ga-transport", play, back, next, slider, place),
    stop: () => start(false),
    show() {
      const { round } = stage.state;
      slider.max = most();
      slider.value = round;
      slider.style.setProperty("--share", most() ? round / most() : 0);
      slider.setAttribute("aria-valuetext", `Round ${round} of ${most()}`);
      back.disabled = round === 0;
      next.disabled = round >= most();
      setText(place, `Round ${round} of ${most()}`);
    },
    read: () => ({ words: place.textContent, playing: isPlaying }),
  };
}
