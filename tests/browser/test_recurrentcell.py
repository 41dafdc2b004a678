"""The panel Cell: every equation of a unit, every term of its sums and what the picture says, against torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.recurrent import probe
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from tests.browser.static_page import static_page
from tests.browser.test_recurrent_js import MADE, given

pytestmark = pytest.mark.browser
CLOSE = 3e-6
BLOCKS = {
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
    "gru": ("reset_gate", "update_gate", "candidate"),
    "rnn": ("hidden",),
}
CURVES = {"candidate": torch.tanh, "hidden": torch.tanh}

WORKED = """({unit, where, ...rest}) => {
  const network = made(rest);
  const read = network.read(rest.inputs);
  const into = cell.comesIn(network, read, rest.inputs, where);
  const found = cell.equationsOf(network.cell, network.parts[network.main][where.layer][where.direction], into, unit);
  const gates = found.equations.filter(({kind}) => kind === "gate");
  const sorted = Object.fromEntries(gates.map((equation) => [equation.id, cell.sortedTerms(equation)]));
  return {...found, sorted, lines: found.equations.map(words.lines)};
}"""


@pytest.fixture(scope="module")
def modules(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => {
            window.recurrent = await import("/lib/recurrent.js");
            window.cell = await import("/recurrentcell/arithmetic.js");
            window.words = await import("/recurrentcell/equations.js");
        }""")
        opened.evaluate(f"() => {{ window.made = {MADE}; }}")
        yield opened


def torchs(run: RecurrentRun, step: int, layer: int, direction: int) -> dict[str, Any]:
    """x, h, c that come in, the sums before the curves, and the gates, (block, unit), from torch's own layer."""
    core, gates = run.network.core, probe.gates(run)
    kind = run.spec.cell
    with torch.no_grad():
        x = torch.tensor(gates["embedded"])
        for below in range(layer):
            x = torch.tensor(np.concatenate(list(gates["hidden"][below]), 1))
        earlier = step + (1 if direction else -1)
        begins = not 0 <= earlier < len(x)
        h = torch.zeros(core.hidden_size) if begins else torch.tensor(gates["hidden"][layer, direction, earlier])
        c = h * 0 if begins or kind != "lstm" else torch.tensor(gates["cell"][layer, direction, earlier])
        end = f"l{layer}{'_reverse' if direction else ''}"
        w, u, b, d = (getattr(core, f"{part}_{end}") for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        count = len(BLOCKS[kind])
        read, carried = (w @ x[step] + b).reshape(count, -1), (u @ h + d).reshape(count, -1)
        if kind == "gru":
            carried[2] *= torch.sigmoid(read[0] + carried[0])
        sums = dict(zip(BLOCKS[kind], read + carried, strict=True))
    return {"x": x[step], "h": h, "c": c, "sums": sums, "w": w, "u": u, "gates": gates}


SPECS = [
    (RecurrentSpec(hidden_size=9, embedding_size=5), (12, 0, 0)),
    (RecurrentSpec(hidden_size=9, embedding_size=5), (0, 0, 0)),  # nothing before
    (RecurrentSpec(hidden_size=7, layers=2, cell="gru", task="tagging", bidirectional=True), (3, 1, 1)),
    (RecurrentSpec(hidden_size=6, task="adding", cell="rnn", lag=12), (5, 0, 0)),
]


@pytest.mark.parametrize(("spec", "at"), SPECS, ids=lambda value: str(getattr(value, "cell", value)))
def test_every_number_of_the_equations_is_torchs(modules: Any, spec: RecurrentSpec, at: tuple[int, int, int]) -> None:
    run = RecurrentRun(spec)
    run.advance(3)
    step, layer, direction = at
    unit = spec.hidden_size - 2
    where = {"step": step, "layer": layer, "direction": direction}
    found = modules.evaluate(WORKED, given(run) | {"unit": unit, "where": where})
    theirs = torchs(run, *at)
    by = {equation["id"]: equation for equation in found["equations"]}
    assert set(by) == set(BLOCKS[spec.cell]) | ({"cell", "hidden"} if spec.cell == "lstm" else {"hidden"})
    for name, equation in by.items():
        assert equation["value"] == pytest.approx(theirs["gates"][name][layer, direction, step, unit], abs=CLOSE), name
    for block, name in enumerate(BLOCKS[spec.cell]):
        equation, row = by[name], block * spec.hidden_size + unit
        assert equation["sum"] == pytest.approx(float(theirs["sums"][name][unit]), abs=CLOSE), name
        assert equation["value"] == pytest.approx(
            float(CURVES.get(name, torch.sigmoid)(theirs["sums"][name][unit])), abs=CLOSE
        )
        for part, matrix, values in (("input", "w", "x"), ("state", "u", "h")):
            terms = equation[part]["terms"]
            wanted = (theirs[matrix][row] * theirs[values]).detach().numpy()
            assert np.abs(np.array([term["product"] for term in terms]) - wanted).max() < CLOSE
            assert sum(term["product"] for term in terms) == pytest.approx(equation[part]["sum"], abs=1e-9)
        terms = found["sorted"][name]
        bias = equation["bi"] + (1 if equation["gated"] is None else equation["gated"]) * equation["bh"]
        assert sum(term["product"] for term in terms) + bias == pytest.approx(equation["sum"], abs=1e-9)
        sizes = [[abs(term["product"]) for term in terms if term["part"] == part] for part in ("input", "state")]
        assert all(each == sorted(each, reverse=True) for each in sizes)
    last = by["cell" if spec.cell == "lstm" else "hidden"]
    if spec.cell != "rnn":
        carried = float(theirs["c" if spec.cell == "lstm" else "h"][unit])
        keep = by["forget_gate" if spec.cell == "lstm" else "update_gate"]["value"]
        assert last["before"] == pytest.approx(carried, abs=CLOSE)
        assert last["kept"] == pytest.approx(keep * carried, abs=CLOSE)
        assert last["kept"] + last["written"] == pytest.approx(last["value"], abs=1e-12)
    assert all(lines[-1].strip(" =") for lines in found["lines"])


PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.cell)"


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.cell(); return now && ({condition}); }}", arg=arg, timeout=60_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.cell()")
    return found


def drawn(page: Any, kind: str) -> list[tuple[str, float]]:
    """What is lit ("done", "now", "later") and the value of every band or number in the picture."""
    found = page.locator(f".picture .{kind}[data-value]").evaluate_all(
        "(all) => all.map((e) => [e.dataset.of ?? '', Number(e.dataset.value), Number(e.getAttribute('height')),"
        " Number(e.getAttribute('width')), e.getAttribute('fill'), e.textContent])"
    )
    return [tuple(each) for each in found]


@pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 2400}}], indirect=True, ids=["tall"])
def test_the_picture_follows_the_step_the_unit_and_the_equations(page: Any, app: str) -> None:
    page.goto(f"{app}/recurrent?recurrent.panel=Cell&recurrent.hidden_size=12&recurrent.step=20")
    found = wait(page, "now.moment === 20")
    run = RecurrentRun(RecurrentSpec(hidden_size=12))
    run.advance(20)
    gates = probe.gates(run)
    assert found["at"] == 0, "it opens with the first equation, and all of them worked out"
    assert page.locator(".picture .later").count() == 0

    # Another step by a click on its token, another unit by the arrow key on the picture.
    page.locator(".tokens .token").nth(30).click()
    wait(page, "now.step === 30")
    page.locator(".picture").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    found = wait(page, "now.step === 31 && now.unit === (arg + 1) % 12", found["unit"])
    unit = found["unit"]
    for equation in found["equations"]:
        assert equation["value"] == pytest.approx(gates[equation["id"]][0, 0, 31, unit], abs=CLOSE)
    for name, row in found["rows"].items():
        assert np.abs(np.array(row) - gates[name][0, 0, :, unit]).max() < CLOSE

    # The conveyor belt is to scale: thickness over |value| is one number for all bands that are more than a hairline.
    bands = drawn(page, "band")
    before, kept, written, after = (float(x) for x in (
        gates["cell"][0, 0, 30, unit], gates["forget_gate"][0, 0, 31, unit] * gates["cell"][0, 0, 30, unit],
        gates["input_gate"][0, 0, 31, unit] * gates["candidate"][0, 0, 31, unit], gates["cell"][0, 0, 31, unit],
    ))  # fmt: skip
    assert [band[1] for band in bands] == pytest.approx([before, kept, written, after], abs=CLOSE)
    thick = [band[3] if k == 2 else band[2] for k, band in enumerate(bands)]
    largest = max(float(np.abs(gates["cell"][0, 0, :, unit]).max()), abs(kept), abs(written))
    assert thick == pytest.approx([max(1.5, abs(band[1]) / largest * 46) for band in bands], rel=1e-4)
    assert len({band[4] for band in bands if band[1] > 0}) <= 1, "one colour a sign"

    # The sum opened: its largest terms stand there with their numbers.
    forget = found["equations"][0]
    names = page.locator(".terms li[data-part=state]").evaluate_all("(all) => all.map((e) => Number(e.dataset.index))")
    products = np.array([term["product"] for term in forget["state"]["terms"]])
    assert names == np.argsort(-np.abs(products), kind="stable")[:5].tolist()

    # Worked out one after the other.
    page.get_by_role("button", name="Work it out").click()
    wait(page, "now.at === 0")
    page.get_by_role("button", name="Pause").click()
    at = wait(page, "true")["at"]  # it may have gone on before the press was heard
    assert page.locator(".picture .gate.later").count() == (3, 2, 1, 1)[at]
    for k in range(at + 1, 4):
        page.get_by_role("button", name="The next equation").click()
        wait(page, "now.at === arg", k)
    assert page.locator(".picture .gate.later").count() == 1, "the output gate is still to come"
    page.locator(".equation").nth(5).click()
    wait(page, "now.at === 5")
    assert page.locator(".picture .later").count() == 0
    page.get_by_role("button", name="The next equation").click()
    wait(page, "now.at === 0 && now.step === 32")

    # Torch's own answers, and on a click all its gates.
    assert float(page.locator(".check").get_attribute("data-answers")) < 2e-5
    page.get_by_role("button", name="Compare every gate with torch").click()
    page.wait_for_selector(".check[data-gates]")
    assert float(page.locator(".check").get_attribute("data-gates")) < CLOSE
    assert "14,400 gates and states" in page.locator(".check").inner_text()
