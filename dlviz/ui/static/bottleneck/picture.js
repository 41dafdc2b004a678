// One of the two networks at work: the letters it reads with their states, the way to the letters it writes.

import { css, rgb } from "../lib/color.js";
import { fit, h, number } from "../lib/dom.js";
import { written } from "../lib/tokens.js";

const TALL = 372; // px
const LETTERS = 13; // y of the middle of the letters read
const STATES = { top: 26, tall: 78 };
const DECODED = { top: 258, tall: 58 };
const WRITTEN = 331; // y of the letters written
const TRUTH = 353; // and of what should stand there instead
const PITCH = { least: 10.5, most: 26 };
const WIDEST = 6; // px of a line of weight 1
const LEAST = 0.015; // lighter lines are not drawn: nobody could see them
const STRIP = { tall: 16, number: 5 };

export class Picture {
  /** `kind`: "plain" or "attention". `onhover(output, input)`, `onpick(output)`. */
  constructor({ kind, label, redraw, onhover, onpick }) {
    Object.assign(this, { kind, label, redraw, onhover, onpick });
    this.state = null;
    this.lit = { output: null, input: null, pinned: false };
    this.cursor = 0;
    this.canvas = h("canvas.flow", {
      role: "application", tabindex: 0, "aria-roledescription": "network", "aria-label": label, style: { height: `${TALL}px` },
      onpointermove: (event) => this.point(...this.placeOf(event)), onpointerleave: () => this.point(null, null),
      onclick: (event) => { const [output] = this.placeOf(event); if (output !== null) this.onpick(output); },
      onkeydown: (event) => this.key(event),
    });
    this.element = h("div.scroller", this.canvas);
    this.columns = document.createElement("canvas");
  }

  /** `read`: what `translate` found; `source`, `answers`: texts of letters; `truth`: the right letters or null. */
  set(state) {
    this.state = state;
    this.cursor = Math.min(this.cursor, state.answers.length - 1);
    this.speak();
  }

  light(output, input, pinned) {
    this.lit = { output, input, pinned };
  }

  placeOf(event) {
    if (!this.places) return [null, null];
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const { left, pitch, from, step } = this.places;
    const output = Math.floor((x - from) / step);
    const input = Math.floor((x - left) / pitch);
    if (y > DECODED.top - 14) return [output >= 0 && output < this.state.answers.length ? output : null, null];
    return [null, y < STATES.top + STATES.tall + 14 && input >= 0 && input < this.state.source.length ? input : null];
  }

  point(output, input) {
    const key = `${output} ${input}`;
    if (this.pointed === key) return;
    this.pointed = key;
    this.onhover(output, input);
  }

  key(event) {
    const last = this.state.answers.length - 1;
    const to = { ArrowRight: this.cursor + 1, ArrowLeft: this.cursor - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      this.cursor = Math.max(0, Math.min(last, to));
      this.speak();
      this.point(this.cursor, null);
    } else if (event.key === "Enter" || event.key === " ") this.onpick(this.cursor);
    else if (event.key === "Escape") this.onpick(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // What is read out: the letter under the cursor, and where it looks.
  speak() {
    const { answers, source, read } = this.state;
    const at = this.cursor;
    const { weights } = read.letters[at];
    const best = weights?.indexOf(Math.max(...weights));
    const looks = weights ? `, looks most at letter ${best + 1}, ${written(source[best])}, with ${number(weights[best], 2)}` : "";
    this.canvas.setAttribute("aria-label", `${this.label}. Letter ${at + 1} of ${answers.length} written: ${written(answers[at])}${looks}`);
  }

  draw(colors) {
    const { source, answers, read } = this.state;
    const room = this.element.clientWidth;
    if (!room) return;
    const pitch = Math.max(PITCH.least, Math.min(PITCH.most, (room - 8) / source.length));
    const step = Math.max(PITCH.least, Math.min(34, (room - 8) / answers.length));
    const wide = Math.max(room, Math.ceil(pitch * source.length + 8), Math.ceil(step * answers.length + 8));
    this.canvas.style.width = `${wide}px`;
    const { pen, width, height } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    const left = (width - pitch * source.length) / 2;
    const from = (width - step * answers.length) / 2;
    this.places = { left, pitch, from, step, top: STATES.top + STATES.tall, bottom: DECODED.top };
    this.inputX = (j) => left + (j + 0.5) * pitch;
    this.outputX = (i) => from + (i + 0.5) * step;
    if (this.kind === "plain") this.drawNeck(pen, colors, width);
    else this.drawLines(pen, colors);
    this.drawColumns(pen, colors, read.states, { x: left, step: pitch, ...STATES, wide: pitch - (pitch > 8 ? 1.5 : 0.5), faint: this.kind === "plain" ? (j) => j < source.length - 1 : this.unseen() });
    this.drawColumns(pen, colors, read.letters.map(({ hidden }) => hidden), { x: from, step, ...DECODED, wide: Math.min(16, step - 2), faint: () => false });
    this.drawChain(pen, colors, this.inputX(0), this.inputX(source.length - 1), STATES.top + STATES.tall + 6);
    this.drawChain(pen, colors, this.outputX(0), this.outputX(answers.length - 1), DECODED.top - 6);
    this.drawLetters(pen, colors);
  }

  /** Which letters the chosen output does not look at. */
  unseen() {
    const { output } = this.lit;
    const weights = output === null ? null : this.state.read.letters[output]?.weights;
    return (j) => Boolean(weights) && weights[j] < 0.05;
  }

  drawColumns(pen, colors, states, { x, step, top, tall, wide, faint }) {
    const size = states[0].length;
    const { columns } = this;
    [columns.width, columns.height] = [states.length, size];
    const brush = columns.getContext("2d");
    const image = brush.createImageData(states.length, size);
    states.forEach((state, j) => state.forEach((value, k) => {
      image.data.set([...colors.diverging(value), 255], 4 * (k * states.length + j));
    }));
    brush.putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    states.forEach((_, j) => {
      const at = x + (j + 0.5) * step - wide / 2;
      pen.globalAlpha = faint(j) ? 0.3 : 1;
      pen.drawImage(columns, j, 0, 1, size, at, top, wide, tall);
      pen.globalAlpha = 1;
      pen.strokeStyle = colors.line;
      pen.lineWidth = 1;
      pen.strokeRect(at, top, wide, tall);
    });
  }

  drawChain(pen, colors, x0, x1, y) {
    if (x1 - x0 < 6) return;
    pen.strokeStyle = pen.fillStyle = colors.muted;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(x0, y);
    pen.lineTo(x1 - 4, y);
    pen.stroke();
    pen.beginPath();
    pen.moveTo(x1, y);
    pen.lineTo(x1 - 6, y - 3);
    pen.lineTo(x1 - 6, y + 3);
    pen.fill();
  }

  // Everything has to go through the last state: an hourglass with that state as its neck.
  drawNeck(pen, colors, width) {
    const { source, answers, read } = this.state;
    const { top, bottom, left, pitch, from, step } = this.places;
    const state = read.states.at(-1);
    const cell = Math.min(STRIP.number, (width - 90) / state.length);
    const [wide, middle] = [cell * state.length, (top + bottom) / 2];
    const x = (width - wide) / 2;
    const [a, b] = [middle - STRIP.tall / 2, middle + STRIP.tall / 2];
    pen.fillStyle = css(rgb(colors.classes[0]), 0.1);
    pen.beginPath();
    pen.moveTo(left, top + 10);
    pen.bezierCurveTo(left, a - 14, x, top + 26, x, a);
    pen.lineTo(x, b);
    pen.bezierCurveTo(x, bottom - 26, from, b + 14, from, bottom - 10);
    pen.lineTo(from + step * answers.length, bottom - 10);
    pen.bezierCurveTo(from + step * answers.length, b + 14, x + wide, bottom - 26, x + wide, b);
    pen.lineTo(x + wide, a);
    pen.bezierCurveTo(x + wide, top + 26, left + pitch * source.length, a - 14, left + pitch * source.length, top + 10);
    pen.fill();
    pen.strokeStyle = colors.classes[0];
    pen.lineWidth = 2.5;
    curve(pen, this.inputX(source.length - 1), top + 6, x + wide - 10, a);
    curve(pen, x + 10, b, this.outputX(0), bottom - 6);
    state.forEach((value, k) => {
      pen.fillStyle = css(colors.diverging(value));
      pen.fillRect(x + k * cell, a, cell + 0.4, STRIP.tall);
    });
    pen.lineWidth = 1.5;
    pen.strokeRect(x - 0.75, a - 0.75, wide + 1.5, STRIP.tall + 1.5);
    pen.fillStyle = colors.ink;
    pen.font = `600 12.5px ${colors.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "alphabetic";
    const words = `${state.length} numbers: all that the decoder gets`;
    pen.lineWidth = 4;
    pen.strokeStyle = colors.paper;
    pen.strokeText(words, width / 2, b + 16);
    pen.fillText(words, width / 2, b + 16);
  }

  drawLines(pen, colors) {
    const { source, read } = this.state;
    const { top, bottom } = this.places;
    const { output, input } = this.lit;
    pen.setLineDash([3, 4]);
    pen.strokeStyle = colors.muted;
    pen.lineWidth = 1;
    curve(pen, this.inputX(source.length - 1), top + 10, this.outputX(0), bottom - 10);
    pen.setLineDash([]);
    const color = rgb(colors.accent);
    read.letters.forEach(({ weights }, i) => {
      weights.forEach((weight, j) => {
        if (weight < LEAST) return;
        const off = (output !== null && output !== i) || (input !== null && input !== j);
        pen.strokeStyle = css(color, off ? 0.07 : 0.2 + 0.7 * weight);
        pen.lineWidth = Math.max(0.6, WIDEST * weight);
        curve(pen, this.outputX(i), bottom - 8, this.inputX(j), top + 8);
      });
    });
  }

  drawLetters(pen, colors) {
    const { source, answers, truth } = this.state;
    const { pitch, step } = this.places;
    const { output, input } = this.lit;
    const chosen = output === null ? null : this.state.read.letters[output]?.weights;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${Math.min(15, pitch * 1.15)}px ${colors.codeFont}`;
    source.forEach((letter, j) => {
      const strong = chosen ? chosen[j] >= 0.05 : true;
      pen.fillStyle = j === input ? colors.accent : strong && letter !== " " ? colors.ink : colors.muted;
      pen.fillText(written(letter), this.inputX(j), LETTERS);
    });
    answers.forEach((letter, i) => {
      const wrong = truth && truth[i] !== letter;
      const x = this.outputX(i);
      pen.font = `600 ${Math.min(18, step * 1.1)}px ${colors.codeFont}`;
      pen.fillStyle = wrong ? colors.negative : colors.ink;
      pen.fillText(letter === "$" ? "⏎" : written(letter), x, WRITTEN);
      if (i === output) {
        pen.strokeStyle = colors.accent;
        pen.lineWidth = this.lit.pinned ? 2.5 : 1.5;
        pen.strokeRect(x - step / 2 + 1, DECODED.top - 2, step - 2, WRITTEN - DECODED.top + 14);
      }
      if (!wrong) return;
      pen.strokeStyle = colors.negative;
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(x - 6, WRITTEN + 6);
      pen.lineTo(x + 6, WRITTEN - 6);
      pen.stroke();
      pen.font = `12px ${colors.codeFont}`;
      pen.fillStyle = colors.muted;
      pen.fillText(truth[i] === undefined ? "–" : truth[i] === "$" ? "⏎" : truth[i], x, TRUTH);
    });
  }

  /** The middle of a letter written, on the page; for tests. */
  middle(output) {
    const box = this.canvas.getBoundingClientRect();
    return [box.left + this.outputX(output), box.top + WRITTEN];
  }
}

function curve(pen, x0, y0, x1, y1) {
  const middle = (y0 + y1) / 2;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(x0, middle, x1, middle, x1, y1);
  pen.stroke();
}
