"""The sequence on the screen: a held-back one, or what a person typed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.data.sequences import Task
from dlviz.data.texts import normal
from dlviz.labs.attention.spec import FORETELLING, MOST_TOKENS, AttentionSpec

NAMED = 5  # unknown letters that an error names


@dataclass(frozen=True)
class Reading:
    """`inputs` (1, token) ids; `targets` (1, answer), or None where nobody knows them.

    `given`: how many tokens there were before they were cut to `MOST_TOKENS`.
    """

    inputs: Tensor
    targets: Tensor | None
    given: int

    @property
    def tokens(self) -> int:
        return self.inputs.shape[1]

    @property
    def lengths(self) -> Tensor:
        return torch.tensor([self.tokens])


def load(spec: AttentionSpec, task: Task) -> Reading:
    """What the spec asks to be read. Raises `InvalidInput` for letters or words that the network does not know."""
    if spec.reading:
        return typed(spec.reading, spec.task, task)
    part = task.validation
    at = spec.example % len(part)
    tokens = int(part.lengths[at])
    targets = part.targets[at : at + 1]
    if task.pattern == "every":
        targets = targets[:, :tokens]
    return Reading(part.inputs[at : at + 1, :tokens], targets, tokens)


def typed(text: str, name: str, task: Task) -> Reading:
    """A person's own sequence, cut to `MOST_TOKENS`. Where what comes next is the answer, the text has it."""
    ids = torch.tensor([encode(text, task)])
    given = ids.shape[1]
    if name in FORETELLING and given > 1:
        ids = ids[:, : MOST_TOKENS + 1]
        return Reading(ids[:, :-1], ids[:, 1:], given)
    return Reading(ids[:, :MOST_TOKENS], None, given)


def encode(text: str, task: Task) -> list[int]:
    """Token ids of a text. Raises `InvalidInput` for an empty one and for what is not in the vocabulary."""
    clean = normal(text)
    spaced = task.words or " " not in task.vocabulary
    tokens = clean.split() if task.words else [letter for letter in clean if not (spaced and letter.isspace())]
    kind = "words" if task.words else "characters"
    known = {token: at for at, token in enumerate(task.vocabulary)}
    found = [token if token in known else token.lower() for token in tokens]
    if not found:
        raise InvalidInput("AttentionSpec.reading", f"must have some {kind}", "none", _some(task))
    unknown = list(dict.fromkeys(token for token in found if token not in known))
    if unknown:
        named = " ".join(unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
        rule = f"must be made of {kind} that the network has learned"
        raise InvalidInput("AttentionSpec.reading", rule, named, _some(task))
    return [known[token] for token in found]


def _some(task: Task) -> str:
    """Some tokens of the vocabulary, to say what would work."""
    return " ".join(token for token in task.vocabulary if token.strip() and token not in "^$")[:60].strip()
