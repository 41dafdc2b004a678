"""Probes of the Attention lab: the weights that a page computes every head from, and the heads themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.attention import reading as readings
from dlviz.labs.attention.answering import answered, read_by_decoder
from dlviz.labs.attention.bert import asking
from dlviz.labs.attention.measuring import answers_of
from dlviz.labs.attention.model import Translator
from dlviz.labs.attention.reading import Reading
from dlviz.labs.attention.recording import recording
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

SHOWN, MOST_SHOWN = 8, 100  # held-back sequences that the page gets, and may ask for
MODELS = ("own", "bert")
# The taps of an attention, with the names they have in a Trace and the axes of one layer.
TAPS = {
    "queries": ("query", ("head", "token", "width")),
    "keys": ("key", ("head", "token", "width")),
    "values": ("value", ("head", "token", "width")),
    "scores": ("scores", ("head", "query", "key")),
    "weights": ("weights", ("head", "query", "key")),
    "mixed": ("mixed", ("head", "token", "width")),
}


def weights(run: AttentionRun) -> Trace:
    """All parameters under `state/`, and what the network answers to the sequence on the screen, `logits` (step,
    class). Of a translator also `read` (step,): the begin sign and what it has written."""
    with evaluating(run.network):
        read = read_by_decoder(run.network, run.reading) if isinstance(run.network, Translator) else None
        found = {"logits": answered(run.network, run.reading, read)} | ({} if read is None else {"read": read[0]})
    dims = {"logits": ("step", "class"), "read": ("step",)}
    return Trace({name: _plain(values) for name, values in found.items()}, {name: dims[name] for name in found}, {},
                 _state(run))  # fmt: skip


def examples(run: AttentionRun, count: int = SHOWN) -> Trace:
    """The first held-back sequences, for the page to read them all: `ids` (batch, token), `lengths` (batch,),
    `targets` (batch, step), and what the network answers, `logits` (batch, step, class); a translator's while it is
    told the right letters. What lies behind a length is padding. Raises `InvalidInput`.
    """
    part = run.task.validation
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_SHOWN:
        raise InvalidInput("examples.count", f"must be a whole number in [1, {MOST_SHOWN}]", count, str(SHOWN))
    some = part[torch.arange(min(count, len(part)))]
    with evaluating(run.network):
        answers = answers_of(run.network, some)
    found = {"ids": some.inputs, "lengths": some.lengths, "targets": some.targets, "logits": answers}
    dims: dict[str, tuple[str, ...]] = {"ids": ("batch", "token"), "lengths": ("batch",), "targets": ("batch", "step"),
                                        "logits": ("batch", "step", "class")}  # fmt: skip
    return Trace({name: _plain(values) for name, values in found.items()}, dims, {}, _state(run))


def heads(run: AttentionRun, text: Any = None, model: str = "own") -> Trace:
    """Every head of every layer for the sequence on the screen, or for `text`.

    `tokens` (token,) ids; `embedded` (token, width); `query`, `key`, `value` (layer, head, token, width), queries and
    keys as the scores see them (turned, with RoPE); `scores` (layer, head, query, key) before the mask and the softmax,
    scaled and biased; `weights` after; `mixed` (layer, head, token, width): the weighted values; `output` (layer,
    token, width): what each layer's attention adds; `logits` (step, class). Of a translator these are the encoder's;
    the decoder's are under `decoder_<name>` and `cross_<name>`, reading what it has written (`decoder_tokens`).
    Parameters and `vocabulary` are the state. A text of more than 64 tokens is cut, and `given` says how many there
    were. With the `model` "bert" it is the real BERT that reads: see `bert.asking.heads`. Raises `InvalidInput`.
    """
    if not isinstance(model, str) or model not in MODELS:
        raise InvalidInput("heads.model", f"must be one of {', '.join(MODELS)}", model, "own")
    return asking.heads(text) if model == "bert" else heads_of(run, _reading(run, text))


def heads_of(run: AttentionRun, reading: Reading) -> Trace:
    """`heads` of the run's own network."""
    network = run.network
    found: dict[str, Tensor] = {"tokens": reading.inputs[0]}
    with evaluating(network):
        read = read_by_decoder(network, reading) if isinstance(network, Translator) else None
        with recording(network) as seen:
            found["logits"] = answered(network, reading, read)
    if read is not None:
        found["decoder_tokens"] = read[0]
        found |= _stack(seen, "encoder", "attention", "") | _stack(seen, "decoder", "attention", "decoder_")
        found |= _stack(seen, "decoder", "cross", "cross_")
    else:
        found |= _stack(seen, "core", "attention", "")
    dims: dict[str, tuple[str, ...]] = {"tokens": ("token",), "decoder_tokens": ("token",), "logits": ("step", "class")}
    dims |= dict.fromkeys(("embedded", "decoder_embedded"), ("token", "width"))
    for prefix in ("", "decoder_", "cross_"):
        dims |= {f"{prefix}{name}": ("layer", *axes) for name, axes in TAPS.values()}
        dims[f"{prefix}output"] = ("layer", "token", "width")
    state = _state(run) | {"vocabulary": np.array(run.task.vocabulary), "given": np.array(reading.given)}
    return Trace({name: _plain(x) for name, x in found.items()}, {name: dims[name] for name in found}, {}, state)


def _stack(seen: dict[str, Tensor], stack: str, part: str, prefix: str) -> dict[str, Tensor]:
    """What the taps of one kind of attention saw, the layers on top of each other."""
    layers = sum(name.endswith(f".{part}.added") and name.startswith(f"{stack}.") for name in seen)
    place = [f"{stack}.blocks.{layer}.{part}" for layer in range(layers)]
    found = {
        f"{prefix}{name}": torch.stack([seen[f"{at}.part.{tap}"][0] for at in place]) for tap, (name, _) in TAPS.items()
    }
    found[f"{prefix}output"] = torch.stack([seen[f"{at}.added"][0] for at in place])
    if part == "attention":
        found[f"{prefix}embedded"] = seen[f"{stack}.embedded"][0]
    return found


def _reading(run: AttentionRun, text: Any) -> Reading:
    if text is None:
        return run.reading
    if not isinstance(text, str):
        raise InvalidInput("heads.text", "must be a text", text, "leaving it out")
    return readings.typed(text, run.spec.task, run.task)


def _state(run: AttentionRun) -> dict[str, np.ndarray]:
    return {name: _plain(value) for name, value in run.network.state_dict().items()}


def _plain(values: Tensor) -> np.ndarray:
    array = values.detach().cpu().numpy()
    return array.astype(np.int32) if array.dtype.kind in "ib" else array.astype(np.float32).copy()
