"""The browser's Transformer (lib/transformer.js) against torch: every query, key, value, score, weight and answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.attention import masks, probe
from dlviz.labs.attention.answering import MOST_WRITTEN, until_end
from dlviz.labs.attention.model import Translator
from dlviz.labs.attention.recording import changing
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
CLOSE = 2e-6

MADE = """({scene, state}) => {
  const plain = ([name, {shape, data}]) => [`state/${name}`, {shape, data: Float32Array.from(data)}];
  return transformer.readTransformer({numbers: scene}, {arrays: Object.fromEntries(Object.entries(state).map(plain))});
}"""

READ = """(given) => {
  const network = made(given);
  const changes = {...given.changes};
  for (const name of ["silent", "even", "off"]) if (changes[name]) changes[name] = new Set(changes[name]);
  const {inputs, read} = given;
  const pass = read ? network.translate(inputs, read, {changes}) : network.read(inputs, {changes});
  const names = ["query", "key", "value", "scores", "weights", "mixed"];
  const plain = (matrices) => matrices.map((matrix) => [...matrix]);
  const grids = pass.grids.map(({id, queries, keys, part}) => ({id, queries, keys, output: [...part.output],
    ...Object.fromEntries(names.map((name) => [name, plain(part[name])]))}));
  const written = given.read ? network.write(given.inputs, given.most).tokens : null;
  return {grids, logits: [...pass.logits], answers: pass.answers, written,
    embedded: Object.fromEntries(Object.entries(pass.stacks).map(([name, {embedded}]) => [name, [...embedded]]))};
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.transformer = await import('/lib/transformer.js'); }")
        opened.evaluate("async () => { window.masking = await import('/lib/masking.js'); }")
        opened.evaluate(f"() => {{ window.made = {MADE}; }}")
        yield opened


def given(run: AttentionRun) -> dict[str, Any]:
    """What the page knows of a run: scene, weights, the sequence on the screen."""
    trace = probe.weights(run)
    state = {name: {"shape": array.shape, "data": array.ravel().tolist()} for name, array in trace.state.items()}
    read = trace.arrays["read"].tolist() if "read" in trace.arrays else None
    return {"scene": dict(run.scene().numbers), "state": state, "inputs": run.reading.inputs[0].tolist(), "read": read,
            "most": MOST_WRITTEN, "changes": {}}  # fmt: skip


DRAWN = masks.write(torch.rand(9, 9, generator=torch.Generator().manual_seed(3)) < 0.4)
SPECS = [
    AttentionSpec(length=12, width=16, example=1),
    AttentionSpec(task="characters", length=20, width=12, heads=3, layers=3, position="rope", norm="post"),
    AttentionSpec(task="reverse", length=9, width=20, heads=5, position="sinusoidal", feed_forward=0, norm="none"),
    AttentionSpec(task="neighbours", length=9, width=8, heads=2, position="alibi", mask="window", window=1),
    AttentionSpec(task="neighbours", length=11, width=8, heads=1, position="none", mask="drawn", drawn=DRAWN),
    AttentionSpec(task="who", width=9, heads=3, scaled=False),
    AttentionSpec(task="dates", width=12, heads=2, norm="post"),
    AttentionSpec(task="pig_latin", width=16, heads=4, position="rope", layers=1, reading="queen"),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.task}-{spec.position}-{spec.norm}")
def test_every_number_equals_torchs(page: Any, spec: AttentionSpec) -> None:
    run = AttentionRun(spec)
    run.advance(3)
    found = page.evaluate(READ, given(run))
    trace = probe.heads(run)
    parts = {
        "core": {"attention": ""},
        "encoder": {"attention": ""},
        "decoder": {"attention": "decoder_", "cross": "cross_"},
    }
    for grid in found["grids"]:
        stack, layer, kind = grid["id"].split(".")
        prefix = parts[stack][kind]
        for name in ("query", "key", "value", "scores", "weights", "mixed", "output"):
            theirs = trace[f"{prefix}{name}"][int(layer)]
            np.testing.assert_allclose(
                np.array(grid[name]).reshape(theirs.shape), theirs, atol=CLOSE, err_msg=grid["id"]
            )
    assert len(found["grids"]) == spec.layers * (3 if spec.pattern == "decoder" else 1)
    for stack, values in found["embedded"].items():
        theirs = trace["decoder_embedded" if stack == "decoder" else "embedded"]
        np.testing.assert_allclose(np.array(values).reshape(theirs.shape), theirs, atol=CLOSE)
    np.testing.assert_allclose(
        np.array(found["logits"]).reshape(trace["logits"].shape), trace["logits"], atol=CLOSE * 5
    )
    if isinstance(run.network, Translator):
        theirs = run.network.write(run.reading.inputs, run.reading.lengths, MOST_WRITTEN)[0].tolist()
        ours = found["written"]
        vocabulary = run.task.vocabulary
        assert until_end(ours, vocabulary) == until_end(theirs, vocabulary)


CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"silent": ["core.1.attention.2"]}, {"core.blocks.1.attention.part.mixed": ("head", 2)}),
    ({"off": ["core.0.feed_forward"]}, {"core.blocks.0.feed_forward.added": ("all", 0)}),
    ({"off": ["core.1.attention"]}, {"core.blocks.1.attention.added": ("all", 0)}),
]


@pytest.mark.parametrize(("ours", "theirs"), CHANGES, ids=lambda each: str(next(iter(each))))
def test_what_is_silenced_is_silenced_in_torch_too(page: Any, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    run = AttentionRun(AttentionSpec(length=12, width=16))
    run.advance(3)
    found = page.evaluate(READ, given(run) | {"changes": ours})

    def silence(what: tuple[str, int]) -> Any:
        def change(x: torch.Tensor) -> torch.Tensor:
            x = x.clone()
            if what[0] == "head":
                x[:, what[1]] = 0
            else:
                x.zero_()
            return x

        return change

    with torch.no_grad(), changing(run.network, {name: silence(what) for name, what in theirs.items()}):
        expected = run.network(run.reading.inputs, run.reading.lengths)[0].numpy()
    with torch.no_grad():
        plain = run.network(run.reading.inputs, run.reading.lengths)[0].numpy()
    logits = np.array(found["logits"]).reshape(expected.shape)
    np.testing.assert_allclose(logits, expected, atol=CLOSE * 5)
    assert np.abs(logits - plain).max() > 1e-3


def test_an_even_pattern_a_mask_and_the_scale_are_what_they_say(page: Any) -> None:
    run = AttentionRun(AttentionSpec(length=8, width=16, task="reverse"))
    rows = page.evaluate(READ, given(run) | {"changes": {"even": ["core.0.attention.1"]}})["grids"][0]["weights"]
    np.testing.assert_allclose(rows[1], np.full(64, 1 / 8), atol=1e-12)
    assert np.std(rows[0]) > 1e-3
    mask = np.triu(np.ones((8, 8), int), 1)
    mask[3] = 1  # everything is hidden from the fourth
    changed = page.evaluate(READ, given(run) | {"changes": {"mask": mask.ravel().tolist()}})["grids"][0]
    weights = np.array(changed["weights"]).reshape(4, 8, 8)
    assert (weights[:, mask == 1] == 0).all()
    np.testing.assert_allclose(np.delete(weights.sum(2), 3, axis=1), 1, atol=1e-12)
    assert (np.array(changed["mixed"]).reshape(4, 8, 4)[:, 3] == 0).all()
    scaled = np.array(page.evaluate(READ, given(run))["grids"][0]["scores"])
    plain = np.array(page.evaluate(READ, given(run) | {"changes": {"scaled": False}})["grids"][0]["scores"])
    np.testing.assert_allclose(plain, scaled * 2, atol=1e-12)  # √d of a head of 4 numbers


def test_a_drawn_mask_travels_as_text(page: Any) -> None:
    text = page.evaluate(
        "(text) => { const {side, cells} = masking.readDrawn(text); return masking.writeDrawn(cells, side); }",
        DRAWN,
    )
    assert text == DRAWN
    cells = page.evaluate("(text) => [...masking.maskOf('drawn', 12, {drawn: text})]", DRAWN)
    assert np.array(cells).reshape(12, 12).tolist() == masks.read(DRAWN, 12).int().tolist()
