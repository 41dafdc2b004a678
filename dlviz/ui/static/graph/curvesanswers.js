// What was answered wrongly, as a table whose rows one can pick, and who is taken for whom as a matrix with counts.

import { count, h, number, percent, replace, setText, steady } from "../lib/dom.js";

/** {element, show(facts, {task, target, pick, picked}), read()} */
export function answersTable() {
  const title = h("h4.gnc-name");
  const body = h("tbody");
  const heads = Array.from({ length: 4 }, () => h("th", { scope: "col" }));
  const table = h("table.gnc-table", h("thead", h("tr", heads)), body);
  const none = h("p.small.muted.gnc-none");
  const matrix = h("div.gnc-matrix");
  const matrixTitle = h("h4.gnc-name", "Answered, by what it is");
  const element = h("div.gnc-answers", h("div.gnc-wrong", title, h("div.gnc-scroll", { tabindex: 0, role: "region", "aria-label": "What is wrong" }, table, none)), h("div.gnc-confusion", matrixTitle, matrix));
  let [rowsKey, matrixKey] = ["", ""];

  function show(facts, { task, target, choose, isPicked }) {
    const isMeasured = task === "regression";
    setText(title, isMeasured ? "Missed by most" : `Answered wrongly: ${count(facts.wrongCount)} of ${count(facts.of)}`);
    ["kept back", "it is", "answer", isMeasured ? "off by" : "sure"].forEach((text, k) => setText(heads[k], text));
    setText(none, facts.wrongCount ? "" : facts.of ? "All that was kept back is answered rightly." : "Nothing is kept back.");
    table.classList.toggle("hidden", !facts.wrong.length);
    const key = JSON.stringify([facts.wrong.map(({ key: each }) => each), facts.what, target]);
    if (key !== rowsKey) {
      rowsKey = key;
      replace(body, facts.wrong.map((row) => h("tr", h("td", h("button.plain.gnc-pick", { type: "button", "data-key": row.key, onclick: () => choose(row) }, row.name)), h("td"), h("td"), h("td.value"))));
    }
    facts.wrong.forEach((row, k) => {
      const [name, truth, answered, probability] = body.children[k].children;
      setText(truth, isMeasured ? number(Number(row.truth.toFixed(3))) : row.truth);
      setText(answered, isMeasured ? steady(row.answered, 2) : row.answered);
      setText(probability, isMeasured ? steady(row.probability, 2) : percent(row.probability));
      name.firstChild.setAttribute("aria-pressed", String(isPicked(row)));
    });
    showMatrix(facts);
  }

  function showMatrix({ matrix: counts, classes }) {
    const isShown = Boolean(counts) && classes.length > 1;
    matrix.parentNode.classList.toggle("hidden", !isShown);
    if (!isShown) return;
    const key = JSON.stringify([classes]);
    if (key !== matrixKey) {
      matrixKey = key;
      replace(matrix, h("table.gnc-counts", h("thead", h("tr", h("th.small.muted", { scope: "col" }, "it is ↓ answered →"), classes.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", classes.map((name, k) => h("tr", h("th", { scope: "row" }, name), classes.map((_, i) => h("td.value", { class: k === i ? "right" : "off" })))))));
    }
    const most = Math.max(1, ...counts.flat());
    [...matrix.querySelectorAll("tbody tr")].forEach((row, k) => [...row.querySelectorAll("td")].forEach((cell, i) => {
      setText(cell, count(counts[k][i]));
      cell.style.setProperty("--share", (counts[k][i] / most).toFixed(3));
    }));
  }

  return {
    element, show,
    read: () => ({
      title: title.textContent,
      rows: [...body.children].filter(() => !table.matches(".hidden")).map((row) => [...row.children].map(({ textContent }) => textContent)),
      matrix: matrix.parentNode.matches(".hidden") ? null : [...matrix.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td")].map(({ textContent }) => Number(textContent.replaceAll(",", "")))),
    }),
  };
}
