"""Our BERT against the BertModel of transformers, which computes the same by other code from the same file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention import probe
from dlviz.labs.attention.bert import asking, loading, passing, roles
from dlviz.labs.attention.bert.asking import ask
from dlviz.labs.attention.bert.loading import NoBert, opened
from dlviz.labs.attention.bert.network import published
from dlviz.labs.attention.bert.passing import passed
from dlviz.labs.attention.bert.wordpieces import read
from dlviz.training.jobs import to_the_end

TEXTS = ("The cat sat on the mat because it was tired.", "Unbelievably, <b>x</b> costs €5!", "a")
PAIR = ("The rain stopped.", "We went outside to play in the garden.")
NAMES = ("query", "key", "value", "scores", "weights", "mixed", "output")


def told(**options: Any) -> Any:
    return to_the_end(ask(None, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("texts", [*((text,) for text in TEXTS), PAIR])
def test_all_attentions_and_states_are_those_of_transformers(theirs: Any, texts: tuple[str, ...]) -> None:
    model, tokenizer = theirs
    given = tokenizer(*texts, return_tensors="pt")
    with torch.no_grad():
        expected = model(**given, output_attentions=True, output_hidden_states=True)
    sentence = read(opened().tokenizer, *texts)
    assert list(sentence.ids) == given["input_ids"][0].tolist()
    assert list(sentence.types) == given["token_type_ids"][0].tolist()
    assert list(sentence.pieces) == tokenizer.convert_ids_to_tokens(given["input_ids"][0])
    seen = passed(opened().network, sentence)
    attentions = torch.stack(expected.attentions)[:, 0]
    assert attentions.shape == (6, 12, len(sentence), len(sentence))
    torch.testing.assert_close(seen.weights, attentions, atol=1e-5, rtol=0)
    torch.testing.assert_close(seen.states, torch.stack(expected.hidden_states)[:, 0], atol=1e-5, rtol=0)
    # The page and the command line hand out the same numbers.
    np.testing.assert_allclose(told(text=texts[0], pair="".join(texts[1:]))["weights"], attentions, atol=1e-5)


def test_a_hidden_token_is_one_that_transformers_masks(theirs: Any) -> None:
    model, _ = theirs
    sentence = dataclasses.replace(read(opened().tokenizer, TEXTS[0]), hidden=frozenset({2, 6}))
    ids, types, hidden = sentence.tensors()
    with torch.no_grad():
        expected = model(ids, (~hidden).long(), types, output_attentions=True)
    seen = passed(opened().network, sentence)
    torch.testing.assert_close(seen.weights, torch.stack(expected.attentions)[:, 0], atol=1e-5, rtol=0)
    torch.testing.assert_close(seen.states[-1], expected.last_hidden_state[0], atol=1e-5, rtol=0)
    assert seen.weights[..., [2, 6]].max() == 0


def test_the_panel_heads_gives_bert_with_all_that_is_needed_to_compute_it_again(theirs: Any) -> None:
    trace = probe.heads(None, text=TEXTS[0], model="bert")  # type: ignore[arg-type]
    n = len(trace["tokens"])
    assert {name: trace[name].shape for name in NAMES} == {
        **dict.fromkeys(("query", "key", "value", "mixed"), (6, 12, n, 32)),
        **dict.fromkeys(("scores", "weights"), (6, 12, n, n)),
        "output": (6, n, 384),
    }
    assert trace.dims["query"] == ("layer", "head", "token", "width")
    assert trace.dims["weights"] == ("layer", "head", "query", "key")
    x = trace["embedded"]
    for layer in range(6):
        name = f"encoder.layer.{layer}.attention"

        def linear(x: Any, part: str, name: str = name) -> Any:
            return x @ trace.state[f"{name}.{part}.weight"].T + trace.state[f"{name}.{part}.bias"]

        split = {
            part: linear(x, f"self.{part}").reshape(n, 12, 32).swapaxes(0, 1) for part in ("query", "key", "value")
        }
        for part, expected in split.items():
            np.testing.assert_allclose(trace[part][layer], expected, atol=1e-4)
        scores = split["query"] @ split["key"].swapaxes(1, 2) / np.sqrt(32)
        np.testing.assert_allclose(trace["scores"][layer], scores, atol=1e-4)
        weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        np.testing.assert_allclose(trace["weights"][layer], weights, atol=1e-5)
        mixed = weights @ split["value"]
        np.testing.assert_allclose(trace["mixed"][layer], mixed, atol=1e-4)
        output = linear(mixed.swapaxes(0, 1).reshape(n, 384), "output.dense")
        np.testing.assert_allclose(trace["output"][layer], output, atol=1e-4)
        x = trace["states"][layer]
    # The state is that of transformers, name by name.
    model, _ = theirs
    kept = {name: value for name, value in model.state_dict().items() if not name.startswith("pooler")}
    assert kept.keys() == {name for name in trace.state if name.startswith(("embeddings", "encoder"))}
    assert all(np.array_equal(trace.state[name], value) for name, value in kept.items())
    assert not any(trace.state[name].flags.writeable for name in kept), "a reader must not change the weights"
    with pytest.raises(InvalidInput, match=r"heads\.model must be one of own, bert\. Got 'gpt'"):
        probe.heads(None, model="gpt")  # type: ignore[arg-type]


def test_one_head_alone_is_that_head_among_all() -> None:
    whole, one = asking.heads(TEXTS[0]), told(text=TEXTS[0], only="head", layer=3, head=7)
    for name in ("query", "key", "value", "scores", "weights"):
        assert np.array_equal(one[name], whole[name][3, 7]), name
    with pytest.raises(InvalidInput, match=r"bert\.head must be a whole number from 0 to 11\. Got 12"):
        told(only="head", head=12)


def test_roles_are_the_mean_weights_on_their_places() -> None:
    trace = told(text=PAIR[0], pair=PAIR[1])
    weights, n = trace["weights"], len(trace["tokens"])
    separators = np.flatnonzero(trace["tokens"] == 102)
    words = [at for at in range(1, n) if at not in separators]
    for layer, head in ((0, 2), (1, 8), (5, 11)):
        grid = weights[layer, head]
        expected = [
            np.mean([grid[q, q - 1] for q in words]),
            np.mean([grid[q, q + 1] for q in words]),
            np.mean([grid[q, 0] for q in words]),
            np.mean([grid[q, separators].sum() for q in words]),
            np.mean([grid[q, q] for q in words]),
        ]
        np.testing.assert_allclose(trace["roles"][layer, head], expected, atol=1e-6)
        entropy = np.mean([-(grid[q] * np.log(np.maximum(grid[q], 1e-30))).sum() for q in words])
        assert trace["breadth"][layer, head] == pytest.approx(np.exp(entropy), rel=1e-5)
    many = told(only="roles")
    each = [told(text=text)["roles"] for text in roles.SENTENCES]
    np.testing.assert_allclose(many["roles"], np.mean(each, 0), atol=1e-6)
    lengths = [len(told(text=text)["tokens"]) for text in roles.SENTENCES]
    assert many["chance"] == pytest.approx(np.mean([1 / length for length in lengths]), rel=1e-6)
    assert many["roles"][0, 2, roles.ROLES.index("previous")] > 0.99, "layer 1, head 3 looks at the token before"


def test_weights_that_are_not_those_published_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(loading, "_opened", [])
    broken = tmp_path / "model.safetensors"
    broken.write_bytes(b"not weights")
    monkeypatch.setattr(loading, "_file", lambda name: broken)
    with pytest.raises(NoBert, match=r"model\.safetensors of the small BERT is damaged"):
        loading.opened()
    monkeypatch.undo()
    monkeypatch.setattr(loading, "_opened", [])
    monkeypatch.setattr(loading, "PACKAGE", "no_such_package")
    with pytest.raises(NoBert, match="comes with the package no-such-package, which is not here"):
        loading.opened()


def test_loading_gives_others_their_turn_and_draws_no_random_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_opened", [])
    chance = torch.get_rng_state()
    turns = loading.opening()
    first = next(turns)
    assert first.text == "loading the BERT that came with pip"
    assert sum(1 for _ in turns) >= 5
    assert torch.equal(torch.get_rng_state(), chance)
    network = loading.opened().network
    assert not network.training
    assert len({published(name) for name in network.state_dict()}) == len(network.state_dict())
    assert passing.TAPS.keys() == {"queries", "keys", "values", "scores", "weights", "mixed", "added"}
