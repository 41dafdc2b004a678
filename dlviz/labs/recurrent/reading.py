"""The sequence on the screen: a held-back one, or what a person typed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.data.sequences import Task
from dlviz.data.texts import normal
from dlviz.labs.recurrent.spec import RecurrentSpec

NAMED = 5  # unknown letters that an error names


@dataclass(frozen=True)
class Reading:
    """`inputs` (1, step) ids or (1, step, feature); `targets` (1, step) or (1,), or None where nobody knows them."""

    inputs: Tensor
    targets: Tensor | None

    @property
    def steps(self) -> int:
        return self.inputs.shape[1]


def load(spec: RecurrentSpec, task: Task) -> Reading:
    """What the spec asks to be read. Raises `InvalidInput` for letters or words that the network does not know."""
    if spec.reading:
        return typed(spec.reading, task)
    part = task.validation
    at = spec.example % len(part)
    steps = int(part.lengths[at])
    targets = part.targets[at : at + 1]
    return Reading(part.inputs[at : at + 1, :steps], targets[:, :steps] if task.pattern == "every" else targets)


def typed(text: str, task: Task) -> Reading:
    """A person's own sequence. Where what comes next is the answer, the text has it."""
    ids = torch.tensor([encode(text, task)])
    if len(task.stream) and ids.shape[1] > 1:
        return Reading(ids[:, :-1], ids[:, 1:])
    return Reading(ids, None)


def encode(text: str, task: Task) -> list[int]:
    """Token ids of a text. Raises `InvalidInput` for an empty one and for what is not in the vocabulary."""
    clean = normal(text)
    tokens = clean.lower().split() if task.words else list(clean)
    kind = "words" if task.words else "characters"
    known = {token: at for at, token in enumerate(task.vocabulary)}
    if not tokens:
        raise InvalidInput("RecurrentSpec.reading", f"must have some {kind}", "none", _some(task))
    unknown = list(dict.fromkeys(token for token in tokens if token not in known))
    if unknown:
        named = " ".join(unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
        rule = f"must be made of {kind} that the network has learned"
        raise InvalidInput("RecurrentSpec.reading", rule, named, _some(task))
    return [known[token] for token in tokens]


def _some(task: Task) -> str:
    """Some tokens of the vocabulary, to say what would work."""
    return " ".join(token for token in task.vocabulary if token.strip() and token not in "^$")[:60].strip()
