"""From a sentence, or two, to the pieces of words that BERT reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.labs.attention.spec import MOST_TOKENS

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

UNKNOWN, FIRST, SEPARATOR, MASK = 100, 101, 102, 103  # ids of [UNK], [CLS], [SEP] and [MASK]
NAMED = 5  # unknown characters that a note names
QUOTED = 40  # letters of what was left out that a note quotes
CHANGES = ("mask", "word", "hide")


@dataclass(frozen=True)
class Sentence:
    """`ids`, `types` (0: first sentence, 1: second) and `pieces` of each token, with [CLS] and [SEP].

    `hidden`: tokens that nobody may look at. `given`: how many tokens there were before they were cut. `notes`: what a
    reader should know about how the text was read.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...]
    pieces: tuple[str, ...]
    hidden: frozenset[int] = frozenset()
    given: int = 0
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        """What the network is given: ids, types and hidden, (1, token) each."""
        hidden = torch.tensor([[at in self.hidden for at in range(len(self))]])
        return torch.tensor([self.ids]), torch.tensor([self.types]), hidden

    @property
    def words(self) -> list[int]:
        """Tokens that are pieces of words: neither [CLS] nor [SEP]. All of them where there is no piece at all."""
        found = [at for at, id in enumerate(self.ids) if at and id != SEPARATOR]
        return found or list(range(len(self)))


def read(tokenizer: Tokenizer, text: Any, pair: Any = "", what: str = "text") -> Sentence:
    """A text, and perhaps a second one, as pieces; of more than `MOST_TOKENS` the end is left out.

    Raises `InvalidInput` for what is no text, and for one of which no piece remains.
    """
    for name, given in ((what, text), ("pair", pair)):
        if not isinstance(given, str):
            raise InvalidInput(f"bert.{name}", "must be a text", given, "The cat sat on the mat")
    parts = [_part(tokenizer, text, what)]
    if pair.strip():
        parts.append(_part(tokenizer, pair, "pair"))
    counts = [len(part.ids) for part in parts]
    kept = _kept(counts, MOST_TOKENS - 1 - len(parts))
    ids, types, pieces = [FIRST], [0], ["[CLS]"]
    for kind, (part, count) in enumerate(zip(parts, kept, strict=True)):
        ids += [*part.ids[:count], SEPARATOR]
        pieces += [*part.tokens[:count], "[SEP]"]
        types += [kind] * (count + 1)
    given = sum(counts) + 1 + len(parts)
    notes = [_cut(given, parts, kept, (text, pair))] if given > MOST_TOKENS else []
    notes += _unknown(parts, kept, (text, pair))
    return Sentence(tuple(ids), tuple(types), tuple(pieces), given=given, notes=tuple(notes))


def _part(tokenizer: Tokenizer, text: str, what: str) -> Encoding:
    found = tokenizer.encode(text, add_special_tokens=False)
    if not found.ids:
        given = "nothing" if not text.strip() else "only characters that cannot be seen, which the tokenizer drops"
        raise InvalidInput(f"bert.{what}", "must have something to read", given, "The cat sat on the mat")
    return found


def _kept(counts: list[int], room: int) -> list[int]:
    """How many pieces of each part are kept: the longer one gives first."""
    kept = list(counts)
    while sum(kept) > room:
        longest = max(range(len(kept)), key=kept.__getitem__)
        others = max((count for at, count in enumerate(kept) if at != longest), default=0)
        kept[longest] -= max(1, min(sum(kept) - room, kept[longest] - others))
    return kept


def _cut(given: int, parts: list[Encoding], kept: list[int], texts: tuple[str, str]) -> str:
    parted = zip(parts, kept, texts, strict=False)
    rest = [" ".join(text[part.offsets[n][0] :].split()) for part, n, text in parted if n < len(part.ids)]
    quoted = " and ".join(f"“{text[:QUOTED]}{' …' if len(text) > QUOTED else ''}”" for text in rest)
    return (
        f"{given:,} tokens with [CLS] and [SEP] are more than the {MOST_TOKENS} that are read here: "
        f"left out is what begins with {quoted}."
    )


def _unknown(parts: list[Encoding], kept: list[int], texts: tuple[str, str]) -> list[str]:
    found = []
    for part, count, text in zip(parts, kept, texts, strict=False):
        places = zip(part.ids[:count], part.offsets[:count], strict=True)
        found += [text[start:end] for id, (start, end) in places if id == UNKNOWN]
    if not found:
        return []
    once = list(dict.fromkeys(found))
    named = ", ".join(each[:QUOTED] for each in once[:NAMED]) + (", …" if len(once) > NAMED else "")
    lead = "Nothing here is known to it: all" if len(found) == sum(kept) else f"{len(found)} of the {sum(kept)}"
    return [f"{lead} pieces are [UNK], since its vocabulary has nothing for {named}. It reads all of them alike."]


@dataclass(frozen=True)
class Changed:
    """A sentence after a change. `counterparts`: for each token of the old one, the tokens it has become."""

    sentence: Sentence
    counterparts: tuple[tuple[int, ...], ...]

    def shares(self) -> Tensor:
        """(old token, new token): 1 where the new one stands for the old."""
        found = torch.zeros(len(self.counterparts), len(self.sentence))
        for old, places in enumerate(self.counterparts):
            found[old, list(places)] = 1
        return found


def change(tokenizer: Tokenizer, sentence: Sentence, changes: Any) -> Changed:
    """The sentence with tokens masked, replaced by a word, or hidden.

    changes: [{"at": 3, "to": "mask"}, {"at": 4, "to": "word", "word": "dog"}, {"at": 1, "to": "hide"}]; of several for
    one token the last counts. A word may be several pieces. Raises `InvalidInput`.
    """
    attempt = '[{"at": 2, "to": "mask"}]'
    if not isinstance(changes, list) or not changes or not all(isinstance(each, dict) for each in changes):
        raise InvalidInput("bert.changes", "must be a list of what to change", changes, attempt)
    wanted: dict[int, tuple[list[int], list[str]]] = {}
    hidden: set[int] = set()
    for each in changes:
        at, to = each.get("at"), each.get("to")
        if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < len(sentence):
            rule = f"must name a token from 0 to {len(sentence) - 1}"
            raise InvalidInput("bert.changes", rule, at, attempt)
        if to not in CHANGES:
            raise InvalidInput("bert.changes", f"must say one of {', '.join(CHANGES)}", to, attempt)
        if to == "hide":
            hidden.add(at)
        elif at == 0 or sentence.ids[at] == SEPARATOR:
            rule = "may hide the signs [CLS] and [SEP], which every sentence has, but not replace them"
            raise InvalidInput("bert.changes", rule, sentence.pieces[at], "a piece of a word")
        else:
            wanted[at] = ([MASK], ["[MASK]"]) if to == "mask" else _word(tokenizer, each.get("word"))
    if len(hidden) == len(sentence):
        raise InvalidInput("bert.changes", "must leave a token that may be looked at", "all hidden", "hiding fewer")
    return _replaced(sentence, wanted, hidden)


def _word(tokenizer: Tokenizer, word: Any) -> tuple[list[int], list[str]]:
    if not isinstance(word, str):
        raise InvalidInput("bert.changes", "must give the new word as a text", word, "dog")
    found = _part(tokenizer, word, "changes")
    return found.ids, found.tokens


def _replaced(sentence: Sentence, wanted: dict[int, tuple[list[int], list[str]]], hidden: set[int]) -> Changed:
    ids: list[int] = []
    types: list[int] = []
    pieces: list[str] = []
    counterparts = []
    for at, (id, kind, piece) in enumerate(zip(sentence.ids, sentence.types, sentence.pieces, strict=True)):
        new_ids, new_pieces = wanted.get(at, ([id], [piece]))
        counterparts.append(tuple(range(len(ids), len(ids) + len(new_ids))))
        ids += new_ids
        pieces += new_pieces
        types += [kind] * len(new_ids)
    if len(ids) > MOST_TOKENS:
        rule = f"must leave at most {MOST_TOKENS} tokens"
        raise InvalidInput("bert.changes", rule, f"{len(ids)} tokens", "a shorter word")
    unseen = frozenset(new for old in hidden for new in counterparts[old])
    new = replace(sentence, ids=tuple(ids), types=tuple(types), pieces=tuple(pieces), hidden=unseen, notes=())
    return Changed(new, tuple(counterparts))
