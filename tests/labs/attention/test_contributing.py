"""What each part adds to an answer, against torch's own pass: sums, projections, and a part taken away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention.answering import answered, read_by_decoder
from dlviz.labs.attention.contributing import contributions
from dlviz.labs.attention.model import Translator
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

SPECS = [
    AttentionSpec(length=10, width=16, norm="pre"),
    AttentionSpec(length=10, width=16, norm="none", position="sinusoidal"),
    AttentionSpec(length=9, width=12, norm="pre", position="rope", feed_forward=0, task="reverse", layers=3, heads=2),
    AttentionSpec(task="digit_words", width=16, norm="pre", examples=300),
    AttentionSpec(task="pig_latin", width=16, norm="none", layers=1, examples=300, position="alibi"),
]


def trained(spec: AttentionSpec) -> AttentionRun:
    run = AttentionRun(spec)
    run.advance(4)
    # Gains and biases of norms begin at 1 and 0, where a slip would not be seen.
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, parameter in run.network.named_parameters():
            if "norm" in name:
                parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    return run


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.task}-{spec.norm}")
@pytest.mark.parametrize("token", [-1, 2])
def test_parts_and_bias_sum_to_the_logit(spec: AttentionSpec, token: int) -> None:
    run = trained(spec)
    trace = contributions(run, token=token, answer=3)
    with torch.no_grad():
        logits = answered(run.network, run.reading)
    assert float(trace["logit"]) == pytest.approx(float(logits[token, 3]), abs=1e-6)
    assert float(trace["contributions"].sum() + trace["bias"]) == pytest.approx(float(trace["logit"]), abs=2e-5)
    np.testing.assert_allclose(trace["vectors"].sum(0), trace["end"], atol=1e-5)
    np.testing.assert_allclose(trace["norms"], np.linalg.norm(trace["vectors"], axis=1), atol=1e-5)
    end = trace["end"]
    for vector, cosine in zip(trace["vectors"], trace["cosines"], strict=True):
        assert cosine == pytest.approx(vector @ end / np.linalg.norm(vector) / np.linalg.norm(end), abs=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.task}-{spec.norm}")
def test_each_contribution_is_the_gradient_of_the_head_behind_a_fixed_norm(spec: AttentionSpec) -> None:
    """A part's term is linear in it, so it is its product with the gradient of the logit, the scale held fixed."""
    run = trained(spec)
    trace = contributions(run, answer=2)
    stack: Any = run.network.decoder if isinstance(run.network, Translator) else run.network.core
    end = torch.tensor(trace["end"], requires_grad=True)
    top = end
    if spec.norm == "pre":
        centred = end - end.mean()
        top = centred / torch.sqrt(centred.pow(2).mean() + 1e-5).detach() * stack.norm.weight + stack.norm.bias
        spread = float(torch.sqrt(centred.detach().pow(2).mean() + 1e-5))
        assert float(trace["scale"]) == pytest.approx(spread, rel=1e-5)
    run.network.head(top)[2].backward()
    assert end.grad is not None
    np.testing.assert_allclose(trace["contributions"], trace["vectors"] @ end.grad.numpy(), atol=2e-5)


def test_parts_are_what_flows_and_in_its_order() -> None:
    run = trained(AttentionSpec(task="digit_words", width=16, examples=300))
    trace = contributions(run, token=1)
    assert isinstance(run.network, Translator)
    assert trace.state["parts"].tolist() == [
        "embedding", "position", "0.attention", "0.cross", "0.feed_forward", "1.attention", "1.cross", "1.feed_forward",
    ]  # fmt: skip
    decoder = run.network.decoder
    with torch.no_grad():
        token = int(read_by_decoder(run.network, run.reading)[0, 1])
        assert decoder.positions is not None
        np.testing.assert_allclose(trace["vectors"][0], decoder.embedding.weight[token].numpy(), atol=1e-6)
        np.testing.assert_allclose(trace["vectors"][1], decoder.positions.weight[1].numpy(), atol=1e-6)
    assert int(trace["classes"]) == int(answered(run.network, run.reading)[1].argmax())


def test_with_a_norm_after_each_sum_there_are_norms_only() -> None:
    run = trained(AttentionSpec(length=8, width=12, heads=2, norm="post"))
    trace = contributions(run)
    assert {"contributions", "cosines", "bias"}.isdisjoint(trace.arrays)
    with torch.no_grad():
        logit = run.network.head(torch.tensor(trace["end"]))[int(trace["classes"])]
    assert float(logit) == pytest.approx(float(trace["logit"]), abs=1e-5)
    assert np.abs(trace["vectors"].sum(0) - trace["end"]).max() > 0.1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"token": 10}, r"token must be a whole number from -10 to 9. Got 10"),
        ({"token": True}, r"token must be a whole number"),
        ({"answer": 26}, r"answer must be the id of an answer, from 0 to 25. Got 26"),
        ({"text": 5}, r"text must be a text"),
        ({"text": "<b>1</b>"}, r"must be made of characters that the network has learned"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(options: dict[str, Any], words: str) -> None:
    run = AttentionRun(AttentionSpec(length=10, width=8, heads=2, examples=60))
    with pytest.raises(InvalidInput, match=words):
        contributions(run, **options)


def test_a_long_text_is_cut_and_says_so() -> None:
    run = AttentionRun(AttentionSpec(length=10, width=8, heads=2, examples=60))
    assert int(contributions(run, text="ab" * 5000, token=63).state["given"]) == 10_000
