"""What each part of a Transformer adds to the residual stream, and so to the score of an answer.

Between its ends nothing but sums happens to a token's vector x: embedding + position + what each part added. The head
is linear, and so is the last layer norm once its scale is fixed at what it really was. The score of an answer is then a
sum too, one term a part (direct logit attribution): N. Elhage et al., A Mathematical Framework for Transformer
Circuits, 2021. With a norm after each sum the parts are scaled again and again, and no such sum exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.attention import reading as readings
from dlviz.labs.attention.answering import answered, read_by_decoder
from dlviz.labs.attention.layers import Added
from dlviz.labs.attention.model import Stack, Translator
from dlviz.labs.attention.recording import recording
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun


def contributions(run: AttentionRun, text: Any = None, token: Any = -1, answer: Any = None) -> Trace:
    """The parts of the vector at one token, in the order of the flow, for the sequence on the screen or for `text`.

    `vectors` (node, width): embedding, position where one is added, and what each part of each block added; `norms`
    (node,) their lengths; `end` (width,) the vector behind the last block (with a norm after each sum, behind that
    norm). `logit` (): of the class `answer`, the network's own answer where none is given; `classes` (): its id. Where
    sums are not normed anew (`norm` none or pre) also `cosines` (node,) with `end`, `contributions` (node,) to the
    logit, and `bias` (): they sum to the logit. `scale` (): the standard deviation that the last norm divides by.
    Of a translator, its decoder; `token` counts from its begin sign, negative ones from the end. The state has the
    `parts`' names and the parameters. Raises `InvalidInput`.
    """
    network, task = run.network, run.task
    if text is not None and not isinstance(text, str):
        raise InvalidInput("contributions.text", "must be a text", text, "leaving it out")
    read = run.reading if text is None else readings.typed(text, run.spec.task, task)
    with evaluating(network), recording(network) as seen:
        logits = answered(network, read)
    with evaluating(network):
        ids = (read_by_decoder(network, read) if isinstance(network, Translator) else read.inputs)[0].tolist()
    tokens = len(logits)
    if isinstance(token, bool) or not isinstance(token, int) or not -tokens <= token < tokens:
        raise InvalidInput("contributions.token", f"must be a whole number from {-tokens} to {tokens - 1}", token, "-1")
    at = token % tokens
    most = logits.shape[1] - 1
    if answer is None:
        answer = int(logits[at].argmax())
    elif isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer <= most:
        raise InvalidInput("contributions.answer", f"must be the id of an answer, from 0 to {most}", answer, "0")
    name = "decoder" if isinstance(network, Translator) else "core"
    stack: Stack = getattr(network, name)
    with evaluating(network):
        parts = parts_of(stack, name, seen, ids[at], at)
        vectors = torch.stack(list(parts.values()))
        found = {"vectors": vectors, "norms": vectors.norm(dim=1), "logit": logits[at, answer]}
        if run.spec.norm == "post":
            layers = len(stack.blocks)
            parts_of_block = stack.blocks[-1].named_children()
            part, added = [(part, each) for part, each in parts_of_block if isinstance(each, Added)][-1]
            found["end"] = added.norm(seen[f"{name}.blocks.{layers - 1}.{part}.sum"][0, at])
        else:
            found["end"] = vectors.sum(0)
            found |= directly(stack.norm, network.head, vectors, answer)
    dims: dict[str, tuple[str, ...]] = {"end": ("width",)}
    dims |= {"vectors": ("node", "width"), "norms": ("node",), "cosines": ("node",), "contributions": ("node",)}
    state = {key: value.detach().cpu().numpy().copy() for key, value in network.state_dict().items()}
    state |= {"parts": np.array(list(parts)), "vocabulary": np.array(task.vocabulary), "given": np.array(read.given)}
    arrays = {key: value.detach().numpy().astype(np.float32) for key, value in found.items()}
    arrays["classes"] = np.array(answer, np.int32)
    return Trace(arrays, {key: dims.get(key, ()) for key in arrays}, {"contributions": "logits"}, state)


def parts_of(stack: Stack, name: str, seen: dict[str, Tensor], token: int, at: int) -> dict[str, Tensor]:
    """What is added up at place `at`, (width,) each: `embedding`, `position`, then `0.attention` and so on."""
    embedded = seen[f"{name}.embedded"][0, at]
    embedding = stack.embedding.weight[token]
    parts = {"embedding": embedding}
    if stack.positions is not None or stack.kind == "sinusoidal":
        parts["position"] = embedded - embedding
    for layer, block in enumerate(stack.blocks):
        for part, _ in block.named_children():
            parts[f"{layer}.{part}"] = seen[f"{name}.blocks.{layer}.{part}.added"][0, at]
    return parts


def directly(norm: nn.Module, head: nn.Linear, vectors: Tensor, answer: int) -> dict[str, Tensor]:
    """`cosines`, `contributions`, `bias` and `scale` of vectors (node, width) whose sum is normed and answered."""
    end, row = vectors.sum(0), head.weight[answer]
    cosines = nn.functional.cosine_similarity(vectors, end[None], dim=1)
    if not isinstance(norm, nn.LayerNorm):
        return {"cosines": cosines, "contributions": vectors @ row, "bias": head.bias[answer], "scale": torch.ones(())}
    scale = (end.var(unbiased=False) + norm.eps).sqrt()
    centred = vectors - vectors.mean(1, keepdim=True)
    shares = (centred * norm.weight / scale) @ row
    return {"cosines": cosines, "contributions": shares, "bias": head.bias[answer] + norm.bias @ row, "scale": scale}
