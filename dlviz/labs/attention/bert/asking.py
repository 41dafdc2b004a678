"""Probe of the panel Real BERT: a sentence read by every head, what a change of it changes, and sentences compared."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.attention.bert import roles, similarity
from dlviz.labs.attention.bert.loading import SHA256, WEIGHTS, Opened, opened, opening
from dlviz.labs.attention.bert.network import HEADS, LAYERS, published
from dlviz.labs.attention.bert.passing import TAPS, Pass, in_old_places, moved, passed, sentence_vector
from dlviz.labs.attention.bert.wordpieces import Sentence, change, read

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

PARTS = ("", "reading", "head", "roles", "similarity")
SENTENCE = "The cat sat on the mat because it was tired."
GRID = ("layer", "head", "query", "key")
Dims = dict[str, tuple[str, ...]]


def ask(
    run: AttentionRun,
    text: Any = SENTENCE,
    pair: Any = "",
    changes: Any = None,
    layer: Any = 0,
    head: Any = 0,
    sentences: Any = None,
    between: Any = None,
    only: str = "",
) -> Generator[Progress, None, Trace]:
    """What BERT makes of a text, perhaps with a second one (`pair`). It is no part of the run, which stays as it is.

    `tokens`, `types` (token,); `weights` (layer, head, query, key); `roles` (layer, head, feature), the mean weight
    that the pieces of words give to each of `roles.ROLES`, and `breadth` (layer, head), how many tokens a head looks
    at; `vector` (width,), the sentence as one vector; `milliseconds` of the pass. State: the `pieces`, `notes` on how
    the text was read, `given`, how many tokens there were, `roles` by name, and `file`, the hash of the weights.

    With `changes` (see `wordpieces.change`) also `changed_weights`, of the old tokens; `turned` and `distance` (layer,
    token) of `passing.moved`, where layer 0 is the embedding; `sentence_cosine`; state `changed_pieces`.

    `only` gives another part: `head`: `query`, `key`, `value` (token, width) and `scores` (query, key) of the head
    `head` of the layer `layer`, both from 0, and its `weights`; `roles`: `roles`, `breadth` and `chance`, the weight
    that each token gets where all get the same, on the sentences of `roles.SENTENCES`; `similarity`:
    `similarity.compared` of `sentences`.
    Raises `InvalidInput` for what cannot be, `NoBert` where the package with the weights is missing or damaged.
    """
    if not isinstance(only, str) or only not in PARTS:
        raise InvalidInput("bert.only", f"must be one of {', '.join(PARTS[1:])}", only, "leaving it out")
    place = _place("layer", layer, LAYERS), _place("head", head, HEADS)
    return _asked(text, pair, changes, place, sentences, between, only)


def _asked(
    text: Any, pair: Any, changes: Any, place: tuple[int, int], sentences: Any, between: Any, only: str
) -> Generator[Progress, None, Trace]:
    found = yield from opening()
    if only == "roles":
        return _trace((yield from roles.on_many(found)), {"sentences": np.array(roles.SENTENCES)})
    if only == "similarity":
        given = list(similarity.SENTENCES) if sentences is None else sentences
        return (yield from similarity.compared(found, given, between))
    sentence = read(found.tokenizer, text, pair)
    if only == "head":
        return _one_head(found, change(found.tokenizer, sentence, changes).sentence if changes else sentence, place)
    before = passed(found.network, sentence)
    arrays, state = _reading(before, sentence)
    if changes:
        yield Progress(1, 2, "reading it again, changed")
        new = change(found.tokenizer, sentence, changes)
        after = passed(found.network, new.sentence)
        arrays["changed_weights"] = in_old_places(after.weights, new)
        arrays["turned"], arrays["distance"] = moved(before.states, after.states, new)
        arrays["sentence_cosine"] = arrays["vector"] @ sentence_vector(after.states)
        state["changed_pieces"] = np.array(new.sentence.pieces)
    return _trace(arrays, state, sentence, before.milliseconds)


def heads(text: Any = None) -> Trace:
    """Every head of every layer, as the panel Heads has them of its own network; weights included.

    `tokens`, `types` (token,); `embedded` (token, width); `query`, `key`, `value`, `mixed` (layer, head, token, width);
    `scores` (layer, head, query, key) before the softmax, scaled; `weights` after; `output` (layer, token, width), what
    each layer's attention adds; `states` (layer, token, width) after each. State: all parameters, by the names that the
    BertModel of transformers gives them, the `pieces`, `notes` and `given`. Raises `InvalidInput`.
    """
    found = opened()
    sentence = read(found.tokenizer, SENTENCE if text is None else text)
    seen = passed(found.network, sentence)
    arrays = {**seen.found, "embedded": seen.states[0], "states": seen.states[1:]}
    state = {published(name): _fixed(value) for name, value in found.network.state_dict().items()}
    return _trace(arrays, state | _words(sentence), sentence)


def _reading(seen: Pass, sentence: Sentence) -> tuple[dict[str, Tensor], dict[str, np.ndarray]]:
    arrays = {
        "weights": seen.weights,
        "roles": roles.measured(seen.weights, sentence),
        "breadth": roles.breadth(seen.weights, sentence),
        "vector": sentence_vector(seen.states),
    }
    return arrays, _words(sentence)


def _one_head(found: Opened, sentence: Sentence, place: tuple[int, int]) -> Trace:
    seen = passed(found.network, sentence).found
    layer, head = place
    arrays = {name: seen[name][layer, head] for name in ("query", "key", "value", "scores", "weights")}
    return _trace(arrays, _words(sentence), sentence, dims={name: axes[1:] for name, axes in TAPS.values()})


def _words(sentence: Sentence) -> dict[str, np.ndarray]:
    return {
        "pieces": np.array(sentence.pieces),
        "notes": np.array(sentence.notes, dtype=str),
        "given": np.array(sentence.given, np.int32),
    }


DIMS: Dims = {
    **{name: ("layer", *axes) for name, axes in TAPS.values()},
    "embedded": ("token", "width"),
    "states": ("layer", "token", "width"),
    "changed_weights": GRID,
    "roles": ("layer", "head", "feature"),
    "breadth": ("layer", "head"),
    "chance": (),
    "vector": ("width",),
    "turned": ("layer", "token"),
    "distance": ("layer", "token"),
    "sentence_cosine": (),
    "tokens": ("token",),
    "types": ("token",),
    "milliseconds": (),
}


def _trace(
    found: dict[str, Tensor],
    state: dict[str, np.ndarray],
    sentence: Sentence | None = None,
    milliseconds: float | None = None,
    dims: Dims | None = None,
) -> Trace:
    arrays = {name: value.numpy().astype(np.float32).copy() for name, value in found.items()}
    if sentence:
        arrays |= {"tokens": np.array(sentence.ids, np.int32), "types": np.array(sentence.types, np.int32)}
    if milliseconds is not None:
        arrays["milliseconds"] = np.array(milliseconds, np.float32)
    named = {"roles": np.array(roles.ROLES), "file": np.array([f"sha256 {SHA256[WEIGHTS]}"])}
    units = {"milliseconds": "ms"} if milliseconds is not None else {}
    known = DIMS | (dims or {})
    return Trace(arrays, {name: known[name] for name in arrays}, units, {**named, **state})


def _fixed(values: Tensor) -> np.ndarray:
    """The parameter itself, 90 MB in all, not to be written to."""
    array: np.ndarray = values.numpy()
    array.flags.writeable = False
    return array


def _place(name: str, given: Any, count: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < count:
        raise InvalidInput(f"bert.{name}", f"must be a whole number from 0 to {count - 1}", given, "0")
    return given
