"""What heads do, found by measuring: how much of its attention a head puts on which kind of token, beside chance.

Sources: C. Olsson et al., In-context Learning and Induction Heads, 2022 (previous token, prefix matching, copying);
K. Clark et al., What Does BERT Look At?, 2019 (previous, next and separator tokens).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.trace import Trace
from dlviz.labs.attention.attending import Attended, attentions, some_of
from dlviz.labs.attention.measuring import answers_of
from dlviz.labs.attention.recording import recording
from dlviz.training.answers import loss_between
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

ROLES = ("previous", "itself", "next", "first", "same", "induction", "separator")
THRESHOLD = 0.4  # of a head's attention: less is not what the head does
MARGIN = 0.25  # above an even pattern: less may be the mask's doing
TOKENS, MOST = 1_536, 300  # read if nothing is said, and sequences at most


def roles(run: AttentionRun, count: Any = None, parameters: bool = True) -> Trace:
    """The share of each head's attention that goes to each kind of token, over held-back sequences.

        mass = mean over queries of Σ weights on the keys of that kind

    `mass` (layer, head, feature), the features as named in the state's `roles`:

    * `previous`, `itself`, `next`: the key just before the query, at its place, just after it;
    * `first`: the first key, asked by all queries but the first;
    * `same`: an earlier token that is the same as the query;
    * `induction`: the token after an earlier one that is the same as the query, the query itself left out;
    * `separator`: a token without a letter or a digit: space, line end, punctuation, the signs for begin and end.

    Between two sequences (`cross_`) there is no earlier: `same` and `induction` count keys anywhere.

    `chance` (feature,): the same of an even pattern over the keys that are not hidden. Both are means over the `count`
    (feature,) queries that have such a key, and at least two keys to choose from; 0 where there is no such query.
    `named` (layer, head): the feature with the most mass above chance, among those with at least `threshold`, and at
    least `margin` more than chance; −1 for none. `entropy` (layer, head): mean nats of a row; `entropy_even`: of an
    even pattern. Of a translator these are the encoder's; the decoder's, which is told the right letters, are under
    `decoder_<name>`, those of its attention to the encoder under `cross_<name>`. `sequences`: how many were read, at
    most `count`, 300 at most; `loss`: of the network on them, nats an answer. `parameters`: false leaves them out of
    the state. Raises `InvalidInput`.
    """
    some = some_of(run.task.validation, "roles.count", count, TOKENS, MOST)
    with evaluating(run.network), recording(run.network) as seen:
        answers = answers_of(run.network, some)
    arrays: dict[str, np.ndarray] = {}
    dims: dict[str, tuple[str, ...]] = {}
    for attended in attentions(run.network, some):
        weights = [seen[attended.tap(layer, "weights")] for layer in range(run.spec.layers)]
        for name, (values, axes) in measured(attended, weights, run.task.vocabulary).items():
            arrays[f"{attended.prefix}{name}"], dims[f"{attended.prefix}{name}"] = values, axes
    loss = float(loss_between(answers, some.targets, run.task))
    numbers = {"loss": loss, "sequences": len(some), "threshold": THRESHOLD, "margin": MARGIN}
    arrays |= {name: np.array(x, np.float32 if isinstance(x, float) else np.int32) for name, x in numbers.items()}
    dims |= dict.fromkeys(numbers, ())
    state = {"roles": np.array(ROLES)}
    if parameters:
        state |= {name: x.detach().cpu().numpy().copy() for name, x in run.network.state_dict().items()}
    units = {name: "nats" for name in arrays if name == "loss" or "entropy" in name}
    return Trace(arrays, dims, units, state)


def measured(
    attended: Attended, weights: list[Tensor], vocabulary: tuple[str, ...]
) -> dict[str, tuple[np.ndarray, tuple[str, ...]]]:
    """What `roles` says of one kind of attention, with the axes of each. `weights`: (sequence, head, query, key) of
    each layer."""
    even = attended.even()
    chooses = attended.asked & ((~attended.hidden).sum(-1) > 1)  # who sees one key only has no choice
    kinds = [found & ~attended.hidden for found in places(attended, vocabulary)]
    asked = [found.any(-1) & chooses for found in kinds]
    count = torch.stack([queries.sum() for queries in asked])
    pairs = list(zip(kinds, asked, strict=True))

    def share(given: Tensor, kind: Tensor, queries: Tensor) -> Tensor:
        """Of (sequence, query, key) a number; of (sequence, head, query, key) one a head."""
        return _mean((given * (kind if given.dim() == 3 else kind[:, None])).sum(-1), queries)

    chance = torch.stack([share(even, *pair) for pair in pairs])
    mass = torch.stack([torch.stack([share(each, *pair) for pair in pairs], -1) for each in weights])
    above = mass - chance
    fits = (mass >= THRESHOLD) & (above >= MARGIN)
    best = torch.where(fits, above, -torch.inf).argmax(-1)
    named = torch.where(fits.any(-1), best, -1)
    entropy = torch.stack([_mean(_entropy(each), chooses) for each in weights])
    return {
        "mass": (mass.float().numpy(), ("layer", "head", "feature")),
        "chance": (chance.float().numpy(), ("feature",)),
        "count": (count.numpy().astype(np.int32), ("feature",)),
        "named": (named.numpy().astype(np.int32), ("layer", "head")),
        "entropy": (entropy.float().numpy(), ("layer", "head")),
        "entropy_even": (_mean(_entropy(even), chooses).float().numpy(), ()),
    }


def places(attended: Attended, vocabulary: tuple[str, ...]) -> list[Tensor]:
    """For each of `ROLES` (sequence, query, key): True where the key is of that kind for the query."""
    query, key = attended.queries[:, :, None], attended.keys[:, None, :]
    shape = (len(attended.keys), query.shape[1], key.shape[2])
    away = torch.arange(shape[2])[None, :] - torch.arange(shape[1])[:, None]  # 0: the same place; below: before
    same = query == key
    after = torch.zeros(shape, dtype=torch.bool)
    after[:, :, 1:] = same[:, :, :-1]
    earlier = torch.ones_like(away, dtype=torch.bool) if attended.crosses else away < 0
    first = torch.zeros(shape[1:], dtype=torch.bool)
    first[0 if attended.crosses else 1 :, 0] = True
    separates = torch.tensor([not any(letter.isalnum() for letter in token) for token in vocabulary])
    found = (
        away == -1,
        away == 0,
        away == 1,
        first,
        same & earlier,
        after & earlier,
        separates[attended.keys][:, None],
    )
    return [each.expand(shape) for each in found]


def _mean(values: Tensor, asked: Tensor) -> Tensor:
    """The mean over asked queries: of (sequence, query) a number, of (sequence, head, query) one a head."""
    if values.dim() == 3:
        return torch.stack([_mean(values[:, head], asked) for head in range(values.shape[1])])
    chosen = values.expand(asked.shape)[asked]
    return chosen.double().mean() if len(chosen) else torch.zeros((), dtype=torch.double)


def _entropy(weights: Tensor) -> Tensor:
    return torch.special.entr(weights).sum(-1)
