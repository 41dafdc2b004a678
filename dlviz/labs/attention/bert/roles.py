"""What a head does, measured: how much of its weight goes to the token before, after, to [CLS], to [SEP], to itself."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor

from dlviz.core.lab import Progress
from dlviz.labs.attention.bert.loading import Opened
from dlviz.labs.attention.bert.passing import passed
from dlviz.labs.attention.bert.wordpieces import SEPARATOR, Sentence, read

ROLES = ("previous", "next", "first", "separator", "same")
# Sentences of our own, of different kinds and lengths, on which all heads are measured alike.
SENTENCES = (
    "The cat sat on the mat because it was tired.",
    "A train left the station before the doors had closed.",
    "Why do some birds fly south when the days get shorter?",
    "She gave her brother the book that he had lost last summer.",
    "Water boils at a lower temperature on top of a mountain.",
    "The committee that met on Monday has not decided anything yet.",
    "If you mix blue paint with yellow paint, you get green.",
    "Two plus two is four, and four plus four is eight.",
    "My neighbour, who plays the violin, never practises before noon.",
    "Please close the window; the rain is coming in.",
    "Neither the teacher nor the pupils had noticed the mistake.",
    "The old bridge was built of stone, the new one of steel.",
    "He wanted to run, but his legs would not carry him.",
    "Photosynthesis turns light, water and carbon dioxide into sugar.",
    "In 1969 two people walked on the moon for the first time.",
    "The soup was too hot to eat, so we waited.",
    "A good map shows what matters and leaves out the rest.",
    "When the music stopped, everybody looked for a chair.",
    "The river is wide here, and the bank is steep.",
    "The bank lends money to people who want to buy a house.",
    "Nobody knew whether the letter would arrive in time.",
    "Small errors in the beginning become large errors in the end.",
    "The dog that chased the cat was barking loudly.",
    "They said that they had seen it with their own eyes.",
)


def measured(weights: Tensor, sentence: Sentence) -> Tensor:
    """(layer, head, role): the mean weight that the pieces of words give to each of `ROLES`.

    weights (layer, head, query, key). [SEP] counts wherever there is one. Chance, for a head that looks at all tokens
    alike, is 1/tokens (of [SEP] as many times that as there are).
    """
    words = torch.tensor(sentence.words)
    rows = weights[:, :, words]
    separators = [at for at, id in enumerate(sentence.ids) if id == SEPARATOR]
    last = len(sentence) - 1

    def to(keys: Tensor) -> Tensor:
        return rows[:, :, torch.arange(len(words)), keys].mean(-1)

    return torch.stack(
        [
            to((words - 1).clamp(min=0)),
            to((words + 1).clamp(max=last)),
            rows[..., 0].mean(-1),
            rows[..., separators].sum(-1).mean(-1),
            to(words),
        ],
        -1,
    )


def breadth(weights: Tensor, sentence: Sentence) -> Tensor:
    """(layer, head): how many tokens a head looks at, the exponential of the entropy of its rows: 1 … tokens."""
    rows = weights[:, :, torch.tensor(sentence.words)]
    found: Tensor = torch.special.entr(rows).sum(-1).mean(-1).exp()
    return found


_known: list[dict[str, Tensor]] = []  # of this process: the sentences and the network stay the same


def on_many(opened: Opened) -> Generator[Progress, None, dict[str, Tensor]]:
    """`roles` (layer, head, role), `breadth` (layer, head) and `chance` (), the means over `SENTENCES`; in turns."""
    if not _known:
        roles, breadths, chances = [], [], []
        for done, text in enumerate(SENTENCES):
            yield Progress(done, len(SENTENCES), "measuring all heads")
            sentence = read(opened.tokenizer, text)
            weights = passed(opened.network, sentence).weights
            roles.append(measured(weights, sentence))
            breadths.append(breadth(weights, sentence))
            chances.append(torch.tensor(1 / len(sentence)))
        if not _known:
            of_all = {"roles": roles, "breadth": breadths, "chance": chances}
            _known.append({name: torch.stack(each).mean(0) for name, each in of_all.items()})
    return _known[0]
