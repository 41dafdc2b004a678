"""The messages of the Graph lab's stage in the real app: opened, picked, read, and what torch_geometric computes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import graph_of
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from tests.labs.graph.geometric import theirs, twin

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graph)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
CLOSE = 1e-5
AREA = ".graph-messages"
SIX = np.array([[-0.8, 0.3], [-0.2, -0.6], [0.3, 0.6], [0.8, 0], [0.7, -0.8], [-0.9, -0.8]])
ODD = coding.write(
    graph_of(
        list("abcdef"),
        SIX,
        [[0, 0], [0, 1], [1, 0], [2, 1], [3, 1], [4, 3]],
        directed=True,
        weights=[2, 0.5, 1, 3, 1.5, 1],
        features=np.arange(18, dtype=np.float32).reshape(6, 3) / 10 - 0.7,
        feature_names=["u", "v", "w"],
        labels=[0, 1, 0, 1, 0, -1],
        given=[True, True, False, False, False, False],
        classes=["x", "y"],
    )
)


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the area shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {STAGE}?.dlviz.graph()?.messages; return Boolean(now?.ready && ({condition})); }}",
        timeout=120_000,
    )
    found: dict[str, Any] = page.evaluate(f"() => {STAGE}.dlviz.graph().messages")
    return found


def opened(page: Any, app: str, spec: GraphSpec, steps: int = 20) -> dict[str, Any]:
    page.goto(f"{app}/graph?" + "&".join(f"{key}={value}" for key, value in specs.link("graph", spec).items()))
    wait(page)
    return trained(page, spec, steps)


def trained(page: Any, spec: GraphSpec, steps: int) -> dict[str, Any]:
    """The area at rest after so many steps of a run that has just begun, or more if it had gone on before."""
    page.evaluate(f"() => {{ {LIVE}.advance({steps}); }}")
    rest = f"!{LIVE}.state.playing && now.step === {LIVE}.state.live_step"
    return wait(page, f"now.kind === '{spec.layer}' && now.step >= {steps} && {rest}")


def change(page: Any, spec: GraphSpec, steps: int = 20, **changes: Any) -> tuple[GraphSpec, dict[str, Any]]:
    changed = replace(spec, **changes)
    version = wait(page)["version"]
    page.evaluate(f"(changes) => {{ {STAGE}.dlviz.change(changes); }}", changes)
    wait(page, f"now.version > {version} && now.kind === '{changed.layer}'")
    return changed, trained(page, changed, steps)


def pick(page: Any, **changes: Any) -> dict[str, Any]:
    page.evaluate(f"(changes) => {{ {STAGE}.dlviz.pick(changes); }}", changes)
    return wait(page, " && ".join(f"now.{name} === {value}" for name, value in changes.items()))


def weights(page: Any) -> dict[str, torch.Tensor]:
    """The parameters of the moment on screen."""
    found = page.evaluate(
        f"() => Object.entries({LIVE}.frame.arrays).filter(([name]) => name.startsWith('state/'))"
        ".map(([name, {shape, data}]) => [name.slice(6), shape, [...data]])"
    )
    return {name: torch.tensor(data).reshape(shape) for name, shape, data in found}


def layers(page: Any, spec: GraphSpec) -> list[dict[str, Any]]:
    """What torch_geometric computes layer by layer of the graph on screen with the weights of the moment."""
    piece, state = shown_piece(GraphRun(spec)), weights(page)
    found, x = [], piece.x
    for at in range(len(spec.hidden)):
        layer = theirs(twin(spec, state, at), spec.layer, x, piece.index, piece.weight)
        is_last = at == len(spec.hidden) - 1
        layer["input"], layer["after"] = x, layer["output"] if is_last else layer["output"].relu()
        x = layer["after"]
        found.append(layer)
    return found


def plain(words: str) -> float:
    """A number as it stands on screen."""
    found = re.match(r"(−?[\d.,]+)(?:×10(⁻?)([⁰¹²³⁴-⁹]+))?", words)
    assert found, words
    power = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(c)) for c in found[3] or "⁰")
    return float(found[1].replace("−", "-").replace(",", "")) * 10 ** (int(power) * (-1 if found[2] else 1))


def check(now: dict[str, Any], layer: dict[str, Any], spec: GraphSpec) -> None:
    """Sources, messages, aggregate and output of the picked node; of GAT the chosen head's."""
    node, head = now["node"], now["head"]
    sources, targets = layer["edges"]
    arriving = (targets == node).nonzero()[:, 0].tolist()
    messages = {int(sources[e]): layer["messages"][e] for e in arriving}
    aggregate = layer["aggregate"][node]
    if spec.layer == "gat":
        messages = {source: message[head] for source, message in messages.items()}
        aggregate = aggregate[head]
    assert sorted(each["source"] for each in now["messages"]) == sorted(messages)
    for each in now["messages"]:
        np.testing.assert_allclose(each["values"], messages[each["source"]], atol=CLOSE, rtol=CLOSE)
    np.testing.assert_allclose(now["aggregate"], aggregate, atol=CLOSE, rtol=CLOSE)
    np.testing.assert_allclose(now["output"], layer["output"][node], atol=CLOSE, rtol=CLOSE)
    np.testing.assert_allclose(now["after"], layer["after"][node], atol=CLOSE, rtol=CLOSE)
    if spec.layer == "gat":
        shares = {int(sources[e]): float(layer["attention"][e, head]) for e in arriving}
        for each in now["messages"]:
            assert each["coefficient"] == pytest.approx(shares[each["source"]], abs=CLOSE)


def check_rows(now: dict[str, Any]) -> None:
    """What stands in the cells of the messages is what was compared, to the digits that are written."""
    rows = [row for row in now["rows"] if row["group"].startswith("Messages")]
    assert len(rows) == min(len(now["messages"]), 13 if len(now["messages"]) == 13 else 12)
    for row, each in zip(rows, now["messages"], strict=False):
        if row["cells"][0].startswith("only"):
            at = int(np.argmax(each["values"]))
            assert each["values"][at] == 1
            continue
        np.testing.assert_allclose(
            [plain(cell) for cell in row["cells"]], each["values"][: len(row["cells"])], atol=0.06
        )
        if row["before"]:
            assert plain(row["before"]) == pytest.approx(each["coefficient"], rel=6e-3)


def station(page: Any, name: str) -> dict[str, Any]:
    page.locator(f"{AREA} .gm-station", has_text=name).first.click()
    return wait(page, "now.phase === 1")
