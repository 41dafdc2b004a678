"""The five scores against torch's own functions and a closed form, and what each can and cannot tell apart."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.attention import scoring
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.scoring import FUNCTIONS

RUN = cast(AttentionRun, None)  # the panel has vectors of its own
MATRICES: dict[str, Any] = {"w": [[0.3, -1.2], [0.8, 0.5]], "w_query": [[0.4, 1.0], [-0.7, 0.2]],
                            "w_key": [[1.1, -0.3], [0.6, 0.9]], "v": [0.8, -1.3]}  # fmt: skip
KEYS = [[0.5, -1.0], [2.0, 1.0], [-1.5, 0.3], [0.0, 0.0], [3.0, -2.5]]
VALUES = [[1.0, 0.0], [0.0, 1.0], [-1.0, 2.0], [3.0, 3.0], [-2.0, -2.0]]


def asked(**options: Any) -> Trace:
    return scoring.scores(RUN, **{"query": [0.7, -0.4], "keys": KEYS, "values": VALUES, **MATRICES, **options})


@pytest.mark.parametrize("times", [1, 8])
def test_scores_equal_torchs_own(times: int) -> None:
    found = asked(dimensions=2 * times)
    q = torch.tensor([0.7, -0.4], dtype=torch.float64).repeat(times)
    k = torch.tensor(KEYS, dtype=torch.float64).repeat(1, times)
    m = {name: torch.tensor(values, dtype=torch.float64) for name, values in MATRICES.items()}
    bilinear = nn.Bilinear(2 * times, 2 * times, 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        bilinear.weight[0] = torch.kron(torch.eye(times, dtype=torch.float64), m["w"])
    additive = [
        sum(
            float(m["v"][u])
            * np.tanh(times * sum(float(m["w_query"][u, i] * q[i] + m["w_key"][u, i] * key[i]) for i in range(2)))
            for u in range(2)
        )
        for key in k
    ]
    wanted = {
        "dot": [float(torch.dot(q, key)) for key in k],
        "scaled": [float(torch.dot(q, key)) / (2 * times) ** 0.5 for key in k],
        "cosine": nn.CosineSimilarity(dim=1)(q.expand(len(k), -1), k).numpy(),
        "bilinear": bilinear(q.expand(len(k), -1), k)[:, 0].detach().numpy(),
        "additive": additive,
    }
    assert tuple(wanted) == FUNCTIONS
    for kind in FUNCTIONS:
        np.testing.assert_allclose(found[f"{kind}_scores"], wanted[kind], atol=1e-12)
        shares = np.exp(wanted[kind]) / np.exp(wanted[kind]).sum()
        np.testing.assert_allclose(found[f"{kind}_weights"], shares, atol=1e-12)
        np.testing.assert_allclose(found[f"{kind}_context"], shares @ np.array(VALUES), atol=1e-12)


def test_the_scaled_dot_product_is_what_torch_attends_with() -> None:
    found = asked()
    q, k, v = (torch.tensor(x, dtype=torch.float64)[None, None] for x in ([[0.7, -0.4]], KEYS, VALUES))
    context = nn.functional.scaled_dot_product_attention(q, k, v)[0, 0, 0].numpy()
    np.testing.assert_allclose(found["scaled_context"], context, atol=1e-12)


def test_what_each_can_tell_apart() -> None:
    once, twice, zero = asked(), asked(query=[1.4, -0.8]), asked(query=[0, 0])
    np.testing.assert_allclose(twice["cosine_scores"], once["cosine_scores"], atol=1e-12)
    np.testing.assert_allclose(twice["dot_scores"], 2 * once["dot_scores"], atol=1e-12)
    far = asked(query=[70, -40], keys=[[60, -100], [90, 30], [-50, 10], [1, 1], [2, 2]])
    assert np.abs(far["additive_scores"]).max() <= 0.8 + 1.3 + 1e-12
    for kind in ("dot", "scaled", "cosine", "bilinear"):
        np.testing.assert_allclose(zero[f"{kind}_weights"], 1 / len(KEYS), atol=1e-12)
    assert np.ptp(zero["additive_weights"]) > 0.1  # it still tells the keys apart


def test_defaults_show_three_winners() -> None:
    found = scoring.scores(RUN)
    assert [int(found[f"{kind}_scores"].argmax()) for kind in FUNCTIONS] == [1, 1, 0, 2, 0]
    assert set(found.state) == {"w", "w_query", "w_key", "v"}


def test_values_beyond_the_panels_own_are_zero() -> None:
    found = scoring.scores(RUN, keys=KEYS)
    assert found["values"].tolist() == [*map(list, scoring.VALUES), [0.0, 0.0]]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"query": [1, 2, 3]}, "scores.query must be 2 numbers"),
        ({"query": "<b>"}, "scores.query must be 2 numbers"),
        ({"query": [float("nan"), 0]}, "scores.query must be 2 numbers"),
        ({"keys": [[1, 2]]}, "scores.keys must be a list of 2 to 8 pairs"),
        ({"keys": [[1, 2]] * 9}, "Got 9"),
        ({"keys": [[1, 2], [3]]}, "scores.keys must be 2 × 2 numbers"),
        ({"values": VALUES[:3]}, "must be as many as there are keys. Got 3. Try 5."),
        ({"w": [[1, 2], [3, 1e9]]}, "scores.w must be 2 × 2 numbers"),
        ({"v": None}, "scores.v must be 2 numbers"),
        ({"dimensions": 5}, "scores.dimensions must be an even number from 2 to 512. Got 5. Try 64."),
        ({"dimensions": True}, "Got True"),
    ],
)
def test_bad_options_are_refused_in_words(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words.replace(".", r"\.")):
        asked(**options)
