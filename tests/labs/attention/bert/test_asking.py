"""How a text is read, changed and compared, against transformers and numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention.bert.asking import ask
from dlviz.labs.attention.bert.loading import opened
from dlviz.labs.attention.bert.passing import passed
from dlviz.labs.attention.bert.wordpieces import change, read
from dlviz.training.jobs import to_the_end

TEXT = "The cat sat on the mat because it was tired."
SENTENCES = ["The dog bites the man.", "The man bites the dog.", "I like this film.", "I do not like this film."]


def told(**options: Any) -> Any:
    return to_the_end(ask(None, **options))  # type: ignore[arg-type]


def notes(**options: Any) -> list[str]:
    found: list[str] = told(**options).state["notes"].tolist()
    return found


# ---- reading


def test_a_long_text_is_cut_with_a_notice(theirs: Any) -> None:
    text = " ".join(f"word{k}" for k in range(3_000))
    trace = told(text=text)
    _, tokenizer = theirs
    expected = tokenizer(text, truncation=True, max_length=64)["input_ids"]
    assert trace["tokens"].tolist() == expected
    given = int(trace.state["given"])
    assert given == len(tokenizer(text)["input_ids"])
    (note,) = trace.state["notes"].tolist()
    assert note.startswith(f"{given:,} tokens with [CLS] and [SEP] are more than the 64 that are read here: left out")
    kept = tokenizer.convert_ids_to_tokens(expected)[1:-1]
    rest = note.partition("“")[2][:6]
    assert text.find(rest.strip()) > 0
    assert len(kept) == 62


def test_of_two_sentences_the_longer_gives_first(theirs: Any) -> None:
    _, tokenizer = theirs
    for text, pair in (("one two three", "go " * 100), ("go " * 100, "one two three"), ("go " * 90, "stay " * 70)):
        trace = told(text=text, pair=pair)
        assert len(trace["tokens"]) == 64
        expected = tokenizer(text, pair, truncation="longest_first", max_length=64)
        assert trace["types"].sum() == pytest.approx(sum(expected["token_type_ids"]), abs=1)
        assert "more than the 64" in trace.state["notes"][0]


@pytest.mark.parametrize("text", ["", "   \n", "\u200b\u0007"])
def test_nothing_to_read_is_said_so(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"bert\.text must have something to read\. Got"):
        told(text=text)
    with pytest.raises(InvalidInput, match=r"bert\.text must be a text\. Got 7"):
        told(text=7)


def test_what_is_not_known_is_named() -> None:
    assert notes(text="I like 🙂 and 🙃.") == [
        "2 of the 6 pieces are [UNK], since its vocabulary has nothing for 🙂, 🙃. It reads all of them alike."
    ]
    (note,) = notes(text="🙂 🙂")
    assert note.startswith(
        "Nothing here is known to it: all pieces are [UNK], since its vocabulary has nothing for 🙂."
    )
    assert notes(text="<script>alert(1)</script>") == []
    assert told(text="<b>")["tokens"].tolist() == told(text="< b >")["tokens"].tolist()


# ---- changing


def test_a_change_is_the_changed_text_read_anew(theirs: Any) -> None:
    model, tokenizer = theirs
    changes = [{"at": 2, "to": "word", "word": "dog"}, {"at": 8, "to": "mask"}, {"at": 12, "to": "hide"}]
    trace = told(text=TEXT, changes=changes)
    ids = tokenizer("The dog sat on the mat because [MASK] was tired.", return_tensors="pt")["input_ids"]
    visible = torch.ones_like(ids)
    visible[0, 12] = 0
    before = tokenizer(TEXT, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        new = model(ids, visible, output_attentions=True, output_hidden_states=True)
        old = model(before, output_hidden_states=True)
    assert trace.state["changed_pieces"].tolist() == tokenizer.convert_ids_to_tokens(ids[0])
    np.testing.assert_allclose(trace["changed_weights"], torch.stack(new.attentions)[:, 0], atol=1e-5)
    a, b = (torch.stack(each.hidden_states)[:, 0].numpy() for each in (old, new))
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    np.testing.assert_allclose(trace["turned"], 1 - (a * b).sum(-1) / lengths, atol=1e-5)
    np.testing.assert_allclose(trace["distance"], np.linalg.norm(b - a, axis=-1), atol=1e-4)
    u, v = a[-1].mean(0), b[-1].mean(0)
    assert trace["sentence_cosine"] == pytest.approx(u @ v / np.linalg.norm(u) / np.linalg.norm(v), abs=1e-5)


def test_a_word_of_several_pieces_stands_in_one_place() -> None:
    trace = told(text=TEXT, changes=[{"at": 8, "to": "word", "word": "unbelievably"}])
    found = opened()
    new = change(found.tokenizer, read(found.tokenizer, TEXT), [{"at": 8, "to": "word", "word": "unbelievably"}])
    raw = passed(found.network, new.sentence)
    m = len(new.counterparts[8])
    assert m == 5
    assert list(new.sentence.pieces[8 : 8 + m]) == ["un", "##bel", "##ie", "##va", "##bly"]
    weights = raw.weights.numpy()
    places = [*range(8), slice(8, 8 + m), *range(8 + m, len(new.sentence))]
    assert len(places) == trace["changed_weights"].shape[-1]
    for q, rows in enumerate(places):
        for k, columns in enumerate(places):
            block = weights[:, :, rows][..., columns] if q != 8 else weights[:, :, rows].mean(2)[..., columns]
            expected = block.sum(-1) if k == 8 else block
            np.testing.assert_allclose(trace["changed_weights"][:, :, q, k], expected, atol=1e-6)
    np.testing.assert_allclose(trace["changed_weights"].sum(-1), 1, atol=1e-5)
    assert trace["turned"][0, :8].max() < 1e-6, "before the first layer only what comes after has another place"


def test_changing_nothing_changes_nothing() -> None:
    trace = told(text=TEXT, changes=[{"at": 2, "to": "word", "word": "Cat"}])
    assert np.array_equal(trace["changed_weights"], trace["weights"])
    assert trace["distance"].max() == 0
    assert trace["turned"].max() < 1e-6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{"at": 99, "to": "mask"}], "must name a token from 0 to 12. Got 99"),
        ([{"at": 1, "to": "shout"}], "must say one of mask, word, hide. Got 'shout'"),
        ([{"at": 0, "to": "mask"}], "may hide the signs"),
        ([{"at": 2, "to": "word", "word": " "}], "must have something to read"),
        ([{"at": 2, "to": "word"}], "must give the new word as a text"),
        ([{"at": 2, "to": "word", "word": "go " * 70}], "must leave at most 64 tokens. Got '82 tokens'"),
        ([{"at": at, "to": "hide"} for at in range(13)], "must leave a token that may be looked at"),
        ("mask", "must be a list of what to change"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(changes: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        told(text=TEXT, changes=changes)
    assert words in str(problem.value)


# ---- comparing


def test_a_sentence_is_the_mean_of_its_last_vectors_at_length_one(theirs: Any) -> None:
    """As the model's own card says: mean pooling over the attention mask, then normalised; here in one padded batch."""
    model, tokenizer = theirs
    given = tokenizer(SENTENCES, padding=True, return_tensors="pt")
    with torch.no_grad():
        states = model(**given).last_hidden_state
    mask = given["attention_mask"][..., None].float()
    vectors = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)
    trace = told(only="similarity", sentences=SENTENCES, between=[2, 3])
    np.testing.assert_allclose(trace["vectors"], vectors, atol=1e-5)
    np.testing.assert_allclose(trace["cosine"], vectors @ vectors.T, atol=1e-5)
    np.testing.assert_allclose(told(text=SENTENCES[1])["vector"], vectors[1], atol=1e-5)
    # A cosine, taken apart into what each pair of tokens adds.
    a, b = (states[i, : int(mask[i].sum())].numpy() for i in (2, 3))
    u, v = a.mean(0), b.mean(0)
    expected = [[x @ y / len(a) / len(b) / np.linalg.norm(u) / np.linalg.norm(v) for y in b] for x in a]
    np.testing.assert_allclose(trace["shares"], expected, atol=1e-5)
    assert trace["shares"].sum() == pytest.approx(trace["cosine"][2, 3], abs=1e-5)
    assert trace.state["rows"].tolist() == ["[CLS]", "i", "like", "this", "film", ".", "[SEP]"]


def test_sentences_that_cannot_be_compared_are_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="must be a list of 1 to 8 sentences"):
        told(only="similarity", sentences=["a"] * 9)
    with pytest.raises(InvalidInput, match=r"bert\.sentences\[1\] must have something to read"):
        told(only="similarity", sentences=["a", " "])
    with pytest.raises(InvalidInput, match=r"must be two numbers of sentences from 0 to 1\. Got \[0, 2\]"):
        told(only="similarity", sentences=["a", "b"], between=[0, 2])
    with pytest.raises(InvalidInput, match="must be one of reading, head, roles, similarity"):
        told(only="everything")
    found = told(only="similarity", sentences=["go " * 100, "🙂"])
    assert [note.partition(":")[0] for note in found.state["notes"]] == ["Sentence 1", "Sentence 2"]
