"""Probes of the Recurrent lab: the weights that a page computes every gate from, and the gates themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.recurrent import reading as readings
from dlviz.labs.recurrent.answering import answered, length
from dlviz.labs.recurrent.gates import unroll
from dlviz.labs.recurrent.measuring import answers_of
from dlviz.labs.recurrent.model import Translator
from dlviz.labs.recurrent.spec import READING_LENGTH
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.recurrent.run import RecurrentRun

GATE_DIMS = ("layer", "direction", "step", "unit")
SHOWN, MOST_SHOWN = 8, 100  # held-back sequences that the page gets, and may ask for


def weights(run: RecurrentRun) -> Trace:
    """All parameters under `state/`, and what the network answers to the sequence on the screen.

    `logits` (step, class), one row where there is one answer for the whole sequence; of numbers, the number itself.
    """
    with evaluating(run.network):
        answers = answered(run.network, run.reading)
    return Trace({"logits": _plain(answers)}, {"logits": ("step", "class")}, {}, _state(run))


def examples(run: RecurrentRun, count: int = SHOWN) -> Trace:
    """The first held-back sequences, for the page to read them all: `ids` (batch, step) or `values` (batch, step,
    feature), `lengths` (batch,), `targets` (batch, step) or (batch,), and what the network answers, `logits` (batch,
    step, class) or (batch, class); a translator's while it is told the right letters. What lies behind a length is
    padding. Raises `InvalidInput`.
    """
    part = run.task.validation
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_SHOWN:
        raise InvalidInput("examples.count", f"must be a whole number in [1, {MOST_SHOWN}]", count, str(SHOWN))
    some = part[torch.arange(min(count, len(part)))]
    with evaluating(run.network):
        answers = answers_of(run.network, some)
    name, dims = ("ids", ("batch", "step")) if some.inputs.ndim == 2 else ("values", ("batch", "step", "feature"))
    found = {name: some.inputs, "lengths": some.lengths, "targets": some.targets, "logits": answers}
    asked = ("batch", "step")[: some.targets.ndim]
    named = {name: dims, "lengths": ("batch",), "targets": asked, "logits": (*asked, "class")}
    return Trace({key: _plain(values) for key, values in found.items()}, named, {}, _state(run))


def gates(run: RecurrentRun, text: Any = None) -> Trace:
    """Every gate and state of every unit at every step of the sequence on the screen, or of `text`.

    `tokens` (step,) ids, or `values` (step, feature) where numbers are read; `embedded` (step, feature). For an LSTM
    `input_gate`, `forget_gate`, `candidate`, `output_gate`, `cell`, `hidden`; for a GRU `reset_gate`, `update_gate`,
    `candidate`, `hidden`; for an RNN `hidden`: each (layer, direction, step, unit). `logits` (step, class). Of a
    translator these are the encoder's, and the decoder's under `decoder_<name>`, reading what it writes itself
    (`decoder_tokens`). Parameters and `vocabulary` are the state. Raises `InvalidInput`.
    """
    if text is not None and (not isinstance(text, str) or not run.task.vocabulary):
        rule = "must be a text" if run.task.vocabulary else "goes only with tasks that read letters or words"
        raise InvalidInput("gates.text", rule, text, "leaving it out")
    if text is not None and len(text) > READING_LENGTH:
        rule = f"must have at most {READING_LENGTH} characters"
        raise InvalidInput("gates.text", rule, f"{len(text):,}", f"its first {READING_LENGTH}")
    reading = run.reading if text is None else readings.typed(text, run.task)
    network, inputs = run.network, reading.inputs
    with evaluating(network):
        answers = answered(network, reading)
        found: dict[str, Tensor] = {"values" if inputs.ndim == 3 else "tokens": inputs[0]}
        if isinstance(network, Translator):
            found["embedded"] = network.embedding(inputs)[0]
            encoded = unroll(network.encoder, network.embedding(inputs))
            written = network.write(inputs, length(reading), len(answers))
            read = torch.cat([torch.zeros_like(written[:, :1]), written[:, :-1]], 1)
            state = encoded.hidden if encoded.cell is None else (encoded.hidden, encoded.cell)
            decoded = unroll(network.decoder, network.embedding(read), state=state)
            found |= {name: values[:, :, 0] for name, values in encoded.gates.items()}
            found |= {f"decoder_{name}": values[:, :, 0] for name, values in decoded.gates.items()}
            found["decoder_tokens"] = read[0]
        else:
            found["embedded"] = network.embed(inputs)[0]
            unrolled = unroll(network.core, found["embedded"][None])
            found |= {name: values[:, :, 0] for name, values in unrolled.gates.items()}
        found["logits"] = answers
    dims: dict[str, tuple[str, ...]] = {name: GATE_DIMS for name, values in found.items() if values.ndim == 4}
    dims |= {"tokens": ("step",), "decoder_tokens": ("step",), "values": ("step", "feature"),
             "embedded": ("step", "feature"), "logits": ("step", "class")}  # fmt: skip
    arrays = {name: _plain(values) for name, values in found.items()}
    parameters = _state(run)
    if run.task.vocabulary:
        parameters["vocabulary"] = np.array(run.task.vocabulary)
    return Trace(arrays, {name: dims[name] for name in arrays}, {}, parameters)


def _state(run: RecurrentRun) -> dict[str, np.ndarray]:
    return {name: _plain(value) for name, value in run.network.state_dict().items()}


def _plain(values: Tensor) -> np.ndarray:
    array = values.detach().cpu().numpy()
    return array.astype(np.int32) if array.dtype.kind == "i" else array.astype(np.float32).copy()
