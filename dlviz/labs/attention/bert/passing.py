"""One pass of the network through a sentence, with everything that its heads computed."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor

from dlviz.labs.attention.bert.network import LAYERS, Bert
from dlviz.labs.attention.bert.wordpieces import Changed, Sentence
from dlviz.labs.attention.recording import recording
from dlviz.training.evaluating import evaluating

# The taps of an attention, with the names they have in a Trace and the axes of one layer.
TAPS = {
    "queries": ("query", ("head", "token", "width")),
    "keys": ("key", ("head", "token", "width")),
    "values": ("value", ("head", "token", "width")),
    "scores": ("scores", ("head", "query", "key")),
    "weights": ("weights", ("head", "query", "key")),
    "mixed": ("mixed", ("head", "token", "width")),
    "added": ("output", ("token", "width")),
}


@dataclass(frozen=True)
class Pass:
    """`found`: of each name of `TAPS` all layers, (layer, …); `states` (layer + 1, token, width): the vector of each
    token before the first layer and after each; `milliseconds` of the whole pass."""

    found: dict[str, Tensor]
    states: Tensor
    milliseconds: float

    @property
    def weights(self) -> Tensor:
        return self.found["weights"]


def passed(network: Bert, sentence: Sentence) -> Pass:
    """The network reads a sentence."""
    began = perf_counter()
    with evaluating(network), recording(network) as seen:
        network(*sentence.tensors())
    found = {name: torch.stack([seen[f"blocks.{layer}.attention.{tap}"][0] for layer in range(LAYERS)])
             for tap, (name, _) in TAPS.items()}  # fmt: skip
    states = torch.stack(
        [seen["embedding.embedded"][0], *(seen[f"blocks.{layer}.state"][0] for layer in range(LAYERS))]
    )
    return Pass(found, states, (perf_counter() - began) * 1000)


def sentence_vector(states: Tensor) -> Tensor:
    """(width,): what stands for a sentence: the mean of the last vectors of all its tokens, of length 1.

    Source: N. Reimers and I. Gurevych, Sentence-BERT, 2019; [CLS] and [SEP] count as tokens, as it was trained.
    """
    mean = states[-1].mean(0)
    return mean / mean.norm()


def in_old_places(weights: Tensor, changed: Changed) -> Tensor:
    """Weights (layer, head, new token, new token) as of the old tokens: (layer, head, old, old).

    What is given to the pieces of a new word is added, what they give averaged, so that rows go on adding up to 1.
    Source: K. Clark et al., What Does BERT Look At, 2019, section 4.1.
    """
    shares = changed.shares()
    return (shares / shares.sum(1, keepdim=True)) @ weights @ shares.T


def moved(before: Tensor, after: Tensor, changed: Changed) -> tuple[Tensor, Tensor]:
    """How far each token's vector went, after each layer: 1 − cosine and the length of the difference, (layer, token).

    before, after: `states`. For a word of several pieces stands the mean of their vectors.
    """
    shares = changed.shares()
    new = (shares / shares.sum(1, keepdim=True)) @ after
    turned = 1 - torch.cosine_similarity(before, new, dim=-1)
    return turned.clamp(min=0), (new - before).norm(dim=-1)
