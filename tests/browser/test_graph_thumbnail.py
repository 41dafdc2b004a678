"""The thumbnail of the Graph lab: a graph network trained in the page, against torch and networkx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from torch import nn

from dlviz.labs.graph import layers
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

TRAINED = """async (name) => {
  const { Spreading, HIDDEN, STEPS } = await import('/thumbnails/spreading.js');
  const ctx = { reducedMotion: true, signal: new AbortController().signal };
  const made = new Spreading(document.createElement('canvas'), ctx, () => {}, 9);
  made.start(name);
  for (let k = 0; k < 5; k += 1) made.turn();
  const plain = (arrays) => arrays.map((each) => [...each]);
  const now = { before: plain(made.parameters), slopes: plain(made.slopes()), share: [...made.share] };
  made.finish();
  return { ...now, hidden: HIDDEN, steps: made.steps, all: STEPS, graph: made.graph, after: [...made.share] };
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        yield opened


@pytest.mark.parametrize("name", ["karate", "grid"])
def test_its_answers_and_gradients_are_torchs_and_it_learns(page: Any, name: str) -> None:
    seen = page.evaluate(TRAINED, name)
    edges, told = seen["graph"]["edges"], seen["graph"]["told"]
    count = len(seen["graph"]["places"])
    first, second = (
        torch.tensor(each).reshape(shape).requires_grad_()
        for each, shape in zip(seen["before"], [(seen["hidden"], count), (2, seen["hidden"])], strict=True)
    )
    index = torch.tensor([[a, b] for a, b in edges] + [[b, a] for a, b in edges]).T
    along = layers.edges_of("gcn", index, torch.ones(index.shape[1]), count)
    adjacency = torch.zeros(count, count).index_put((along.targets, along.sources), along.scale, accumulate=True)
    logits = adjacency @ (adjacency @ first.T).tanh() @ second.T
    np.testing.assert_allclose(seen["share"], logits.softmax(1)[:, 1].detach(), atol=1e-5)
    loss = nn.functional.cross_entropy(logits[told], torch.tensor([0, 1]))
    for found, wanted in zip(seen["slopes"], torch.autograd.grad(loss, [first, second]), strict=True):
        np.testing.assert_allclose(found, wanted.ravel(), atol=1e-5)
    assert seen["steps"] == seen["all"]
    after = np.array(seen["after"])
    assert after[told[0]] < 0.1
    assert after[told[1]] > 0.9
    if name == "karate":
        club = nx.karate_club_graph()
        assert {tuple(edge) for edge in edges} == set(club.edges)
        right = [(after[node] > 0.5) == (club.nodes[node]["club"] == "Officer") for node in club]
        assert np.mean(right) > 0.9
