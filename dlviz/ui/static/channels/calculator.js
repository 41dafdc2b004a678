// A little calculator beside known layers: how many parameters a picture costs, dense and sliding.

import { count, h, parseNumber, replace, setText } from "../lib/dom.js";
import { complaint, EXAMPLES, formulaOfExample, LIMITS, parametersOfExample, wordsOfExample } from "./examples.js";

const BYTES = 4; // a parameter in single precision
const MOST_DECADES = 9;

const memory = (parameters) => {
  const bytes = parameters * BYTES;
  const [unit, size] = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3], ["bytes", 1]].find(([, each]) => bytes >= each) ?? ["bytes", 1];
  return `${Number((bytes / size).toPrecision(3)).toLocaleString("en")} ${unit}`;
};

const bar = (parameters, scale) => h("div.bar", h("i.fill", { style: { "--share": Math.max(0, Math.log10(parameters)) / scale } }));

export function buildCalculator() {
  const sizes = { height: 256, width: 256, channels: 3, units: 1000, filters: 64, kernel: 3 };
  const fields = {};
  const complaints = h("p.problem.small", { role: "alert" });
  const answers = h("div.answers");

  for (const [name, { label }] of Object.entries(LIMITS)) {
    const typed = h("input.value", { type: "text", inputmode: "numeric", size: 6, value: String(sizes[name]), autocomplete: "off", oninput: calculate });
    fields[name] = { typed, element: h("label.size-field", h("span.label", label), typed) };
  }

  function read() {
    const found = Object.fromEntries(Object.entries(fields).map(([name, { typed }]) => [name, parseNumber(typed.value)]));
    const wrong = Object.keys(fields).map((name) => complaint(name, found[name], fields[name].typed.value, found));
    Object.values(fields).forEach(({ typed }, i) => {
      if (wrong[i]) typed.setAttribute("aria-invalid", "true");
      else typed.removeAttribute("aria-invalid");
    });
    return { found, words: wrong.find(Boolean) ?? "" };
  }

  // What is wrong stands under the fields; the last answer stays, marked as the one of the sizes before.
  function calculate() {
    const { found, words } = read();
    setText(complaints, words);
    answers.classList.toggle("stale", Boolean(words));
    if (words) return;
    Object.assign(sizes, found);
    show();
  }

  function show() {
    const picture = `${count(sizes.height)} × ${count(sizes.width)} × ${count(sizes.channels)}`;
    const both = ["dense", "conv"].map((kind) => ({ kind, ...sizes }));
    const parameters = both.map(parametersOfExample);
    const scale = Math.max(MOST_DECADES, Math.ceil(Math.log10(Math.max(...parameters))));
    replace(answers, h("p.small.muted", `On an array of ${picture}:`), both.map((each, i) => h("div.answer",
      h("span", wordsOfExample(each)), h("span.label", `${memory(parameters[i])} in single precision`), h("span.value.formula-text", formulaOfExample(each)),
      h("b.value", count(parameters[i])), bar(parameters[i], scale))));
  }

  function load(example) {
    for (const name of Object.keys(LIMITS)) if (name in example) fields[name].typed.value = String(example[name]);
    const shorter = Math.min(example.height, example.width);
    if (parseNumber(fields.kernel.typed.value) > shorter) fields.kernel.typed.value = String(Math.min(3, shorter));
    calculate();
  }

  const rows = EXAMPLES.map((example) => {
    const parameters = parametersOfExample(example);
    return h("div.example", { role: "row" },
      h("button.plain.example-name", { role: "rowheader", title: "Put these sizes into the calculator", onclick: () => load(example) }, example.name),
      h("span.label", { role: "cell" }, `${example.height} × ${example.width} × ${example.channels} → ${wordsOfExample(example)}`),
      h("span.value.formula-text", { role: "cell" }, formulaOfExample(example)), h("b.value", { role: "cell" }, count(parameters)), bar(parameters, MOST_DECADES));
  });
  const ticks = [0, 3, 6, 9].map((exponent) => h("span", { style: { "--share": exponent / MOST_DECADES } }, exponent ? ["10", h("sup", String(exponent))] : "1"));
  show();
  const element = h("section.known", h("h3", "Known layers, counted alike"),
    h("div.examples", { role: "table", "aria-label": "Parameters of known layers" }, rows,
      h("div.example.axis", { "aria-hidden": "true" }, h("span.label", "parameters, logarithmic scale"), h("div.bar.ticks.label", ticks))),
    h("div.calculator", h("h3", "Your own sizes"), h("div.size-fields", Object.values(fields).map((field) => field.element)), complaints, answers));
  return { element, answers: () => ["dense", "conv"].map((kind) => parametersOfExample({ kind, ...sizes })) };
}
