"""Sentences side by side: what the network was trained for."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.attention.bert.loading import Opened
from dlviz.labs.attention.bert.passing import passed, sentence_vector
from dlviz.labs.attention.bert.wordpieces import read

MOST_SENTENCES = 8
SENTENCES = ("A man is eating food.", "Someone has a meal.", "A man is riding a horse.")


def compared(opened: Opened, sentences: Any, between: Any = None) -> Generator[Progress, None, Trace]:
    """`vectors` (batch, width) of length 1 and `cosine` (batch, batch), the products of all pairs.

    `between`: two of them, [i, j]; then also `shares` (query, key): what each pair of tokens, one of either sentence,
    adds to that cosine. They add up to it, since the mean of the tokens stands for the sentence. State: `notes` of what
    was cut or not known, with the number of the sentence; of `between` the pieces, `rows` and `columns`.
    Raises `InvalidInput`.
    """
    if not isinstance(sentences, list | tuple) or not 1 <= len(sentences) <= MOST_SENTENCES:
        rule = f"must be a list of 1 to {MOST_SENTENCES} sentences"
        raise InvalidInput("bert.sentences", rule, sentences, str(list(SENTENCES)))
    pair = _read_pair(between, len(sentences))
    read_ = [read(opened.tokenizer, text, what=f"sentences[{at}]") for at, text in enumerate(sentences)]
    states = []
    for done, each in enumerate(read_):
        yield Progress(done, len(read_), "reading the sentences")
        states.append(passed(opened.network, each).states)
    vectors = torch.stack([sentence_vector(each) for each in states])
    arrays = {"vectors": vectors.numpy(), "cosine": (vectors @ vectors.T).numpy()}
    dims: dict[str, tuple[str, ...]] = {"vectors": ("batch", "width"), "cosine": ("batch", "batch")}
    notes = [f"Sentence {at + 1}: {note}" for at, each in enumerate(read_) for note in each.notes]
    state = {"notes": np.array(notes, dtype=str), "sentences": np.array(sentences)}
    if pair:
        (i, a), (j, b) = ((at, states[at][-1]) for at in pair)
        product = a @ b.T / (len(a) * len(b))
        arrays["shares"] = (product / (a.mean(0).norm() * b.mean(0).norm())).numpy()
        dims["shares"] = ("query", "key")
        state |= {"rows": np.array(read_[i].pieces), "columns": np.array(read_[j].pieces)}
    return Trace(arrays, dims, {}, state)


def _read_pair(given: Any, count: int) -> tuple[int, ...] | None:
    if given is None:
        return None
    whole = isinstance(given, list | tuple) and len(given) == 2 and all(
        isinstance(at, int) and not isinstance(at, bool) and 0 <= at < count for at in given
    )  # fmt: skip
    if not whole:
        raise InvalidInput("bert.between", f"must be two numbers of sentences from 0 to {count - 1}", given, "[0, 1]")
    return tuple(given)
