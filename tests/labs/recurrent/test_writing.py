"""Writing on: the filters against Hugging Face's, the text against whole passes of torch, and bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.labs.recurrent.writing import filtered, sample
from dlviz.training.jobs import to_the_end

SMALL = {"hidden_size": 12, "embedding_size": 6, "seed": 3}


@pytest.fixture(scope="module", params=["lstm", "gru", "rnn"])
def run(request: pytest.FixtureRequest) -> RecurrentRun:
    made = RecurrentRun(RecurrentSpec(cell=request.param, layers=2, **SMALL))
    with torch.no_grad():
        for parameter in made.network.parameters():
            parameter.mul_(6)  # what comes next depends on all that was read
    return made


def whole_pass(run: RecurrentRun, ids: list[int]) -> torch.Tensor:
    """Logits (step, class) of one pass over all of it, from the beginning."""
    network = run.network
    with torch.no_grad():
        hidden, _ = network.core(network.embedding(torch.tensor([ids])))
        logits: torch.Tensor = network.head(hidden)[0]
    return logits


@settings(max_examples=200)
@given(
    seed=st.integers(0, 999), count=st.integers(1, 60), temperature=st.floats(0.1, 3), top_k=st.integers(0, 70),
    top_p=st.floats(0.01, 1),
)  # fmt: skip
def test_filters_keep_what_those_of_transformers_keep(
    seed: int, count: int, temperature: float, top_k: int, top_p: float
) -> None:
    logits = torch.randn(count, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 3
    scores = TemperatureLogitsWarper(temperature)(None, logits[None])
    if top_k:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1:
        scores = TopPLogitsWarper(top_p)(None, scores)
    ours = filtered(logits, temperature, top_k, top_p)
    assert (ours > 0).tolist() == scores[0].isfinite().tolist()
    torch.testing.assert_close(ours, scores[0].softmax(0), rtol=1e-12, atol=1e-15)


def test_the_likeliest_each_time_is_what_whole_passes_say(run: RecurrentRun) -> None:
    trace = to_the_end(sample(run, "for x in ", temperature=0, length=60))
    ids = [run.task.vocabulary.index(letter) for letter in "for x in "]
    for token in trace["tokens"].tolist():
        assert token == int(whole_pass(run, ids)[-1].argmax())
        ids.append(token)
    assert len(set(trace["tokens"].tolist())) > 2
    assert str(trace.state["text"]) == "".join(run.task.vocabulary[k] for k in trace["tokens"])


def test_every_token_is_where_the_number_falls(run: RecurrentRun) -> None:
    options: dict[str, Any] = {"temperature": 1.3, "top_k": 12, "top_p": 0.9, "length": 120, "random_seed": 8}
    trace = to_the_end(sample(run, "class ", **options))
    ids = [run.task.vocabulary.index(letter) for letter in "class "] + trace["tokens"].tolist()
    logits = whole_pass(run, ids)[5:-1]
    close = 3e-6 * float(logits.abs().max())
    torch.testing.assert_close(torch.tensor(trace["logits"]), logits, rtol=1e-4, atol=close)
    chances = logits.softmax(1).numpy()
    np.testing.assert_allclose(trace["probabilities"], chances[range(120), trace["tokens"]], rtol=1e-4)
    luck = torch.rand(120, generator=torch.Generator().manual_seed(8)).numpy()
    for row, token, number in zip(logits, trace["tokens"], luck, strict=True):
        left = TopPLogitsWarper(0.9)(None, TopKLogitsWarper(12)(None, row[None].double() / 1.3))[0].softmax(0)
        assert token == np.searchsorted(np.cumsum(left.numpy()), number, side="right")
    assert to_the_end(sample(run, "class ", **options))["tokens"].tolist() == trace["tokens"].tolist()
    other = to_the_end(sample(run, "class ", **options | {"random_seed": 9}))
    assert other["tokens"].tolist() != trace["tokens"].tolist()


def test_training_may_go_on_between_two_turns(run: RecurrentRun) -> None:
    alone = to_the_end(sample(run, "def ", length=250))
    work = sample(run, "def ", length=250)
    first = next(work)
    assert isinstance(first, Progress)
    assert (first.done, first.total) == (100, 250)
    run.advance(2)
    found = None
    while found is None:
        try:
            next(work)
        except StopIteration as end:
            found = end.value
    assert found["tokens"].tolist() == alone["tokens"].tolist()


def test_unknown_letters_are_left_out(run: RecurrentRun) -> None:
    trace = to_the_end(sample(run, "d\u2603e\x00f\U0001f40d ", temperature=0, length=20))
    assert str(trace.state["seed_text"]) == "def "
    assert trace["tokens"].tolist() == to_the_end(sample(run, "def ", temperature=0, length=20))["tokens"].tolist()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"seed_text": ""}, "letter"), ({"seed_text": "\u2603\u2603"}, "letter"), ({"seed_text": 7}, "text"),
        ({"temperature": 0.05}, "0.1 to 3"), ({"temperature": "hot"}, "0.1 to 3"), ({"temperature": True}, "0.1 to 3"),
        ({"temperature": float("nan")}, "0.1 to 3"), ({"top_k": -1}, "whole number"), ({"top_k": 2.5}, "whole number"),
        ({"top_p": 1.5}, "0 to 1"), ({"length": 0}, "1 to 2000"), ({"random_seed": -1}, "whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said(run: RecurrentRun, options: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        to_the_end(sample(run, **options))


def test_other_tasks_do_not_write() -> None:
    with pytest.raises(InvalidInput, match="Write text"):
        to_the_end(sample(RecurrentRun(RecurrentSpec(task="parity", **SMALL))))
