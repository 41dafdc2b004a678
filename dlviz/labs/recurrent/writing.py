"""Writing: the likeliest tokens weighed by temperature, top-k and top-p, one drawn, read again, and so on.

Source of top-p: A. Holtzman, J. Buys, L. Du, M. Forbes and Y. Choi, The Curious Case of Neural Text Degeneration, 2019.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.texts import normal
from dlviz.labs.recurrent.model import Reader, State

if TYPE_CHECKING:
    from dlviz.labs.recurrent.run import RecurrentRun

COLDEST, HOTTEST = 0.1, 3.0
LONGEST = 2000  # tokens of one sample
AT_ONCE = 100  # tokens of a turn


def filtered(logits: Tensor, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0) -> Tensor:
    """Probabilities (class,) to draw from: of logits (class,) over `temperature`, only the `top_k` largest (0: all), of
    those only the fewest whose sum reaches `top_p`. At least one is kept; at temperature 0 it is the largest alone."""
    if temperature == 0:
        return torch.nn.functional.one_hot(logits.argmax(), len(logits)).to(logits.dtype)
    scaled = logits / temperature
    if 0 < top_k < len(scaled):
        scaled = scaled.masked_fill(scaled < scaled.topk(top_k).values[-1], -math.inf)
    if top_p < 1:
        ordered, places = scaled.sort(descending=True, stable=True)
        shares = ordered.softmax(0)
        enough = shares.cumsum(0) - shares >= top_p  # what stood before is enough already
        enough[0] = False
        scaled = scaled.masked_fill(torch.zeros_like(enough).scatter(0, places, enough), -math.inf)
    return scaled.softmax(0)


class Writer:
    """A network that goes on from what it has read; each number of `luck` (token,), in [0, 1), chooses one token."""

    def __init__(self, network: Reader, seed: list[int]) -> None:
        self.network = network
        self.state: State = None
        self.answer = self._read(seed)

    @torch.no_grad()
    def _read(self, tokens: list[int]) -> Tensor:
        hidden, self.state = self.network.core(self.network.embed(torch.tensor([tokens])), self.state)
        answer: Tensor = self.network.head(hidden[0, -1])
        return answer

    def write(self, luck: Tensor, temperature: float, top_k: int, top_p: float) -> Iterator[tuple[int, Tensor]]:
        """Tokens, each with the logits (class,) that it was drawn from."""
        for number in luck:
            logits = self.answer
            sums = filtered(logits.double(), temperature, top_k, top_p).cumsum(0)
            token = int((sums <= number * sums[-1]).sum().clamp(max=len(sums) - 1))
            self.answer = self._read([token])
            yield token, logits


def sample(
    run: RecurrentRun,
    seed_text: Any = "def ",
    temperature: Any = 0.8,
    top_k: Any = 0,
    top_p: Any = 1.0,
    length: Any = 200,
    random_seed: Any = 1,
) -> Generator[Progress, None, Trace]:
    """A text that the network writes behind `seed_text`, drawn with `random_seed`.

    `tokens` (step,) ids of what it wrote; `probabilities` (step,) of each before temperature and cuts; `logits` (step,
    class). In the state `text`, `seed_text` as it was read (letters that the network has not learned are left out),
    `vocabulary` and the parameters. `temperature` from 0.1 to 3, or 0 for the likeliest each time; `top_k` 0: all.
    Raises `InvalidInput`, also for tasks in which nothing is written on.
    """
    network, task = run.network, run.task
    if not run.spec.streams or not isinstance(network, Reader):
        raise InvalidInput("sample", "goes only with the task Write text", run.spec.task, "task=characters")
    known = {letter: at for at, letter in enumerate(task.vocabulary)}
    if not isinstance(seed_text, str):
        raise InvalidInput("sample.seed_text", "must be a text", seed_text, "def ")
    seed = [known[letter] for letter in normal(seed_text) if letter in known]
    if not seed:
        examples = "".join(letter for letter in task.vocabulary if letter.isalpha())[:20]
        raise InvalidInput("sample.seed_text", "must have a letter that the network knows", seed_text, examples)
    if temperature != 0:
        _between("temperature", temperature, COLDEST, HOTTEST)
    _between("top_k", top_k, 0, len(task.vocabulary), whole=True)
    _between("top_p", top_p, 0, 1)
    _between("length", length, 1, LONGEST, whole=True)
    _between("random_seed", random_seed, 0, 2**31 - 1, whole=True)
    luck = torch.rand(length, generator=torch.Generator().manual_seed(random_seed))
    network = copy.deepcopy(network).eval()  # the training goes on between two turns
    writer = Writer(network, seed)
    tokens, answers = [], []
    for token, answer in writer.write(luck, float(temperature), top_k, float(top_p)):
        tokens.append(token)
        answers.append(answer)
        if len(tokens) % AT_ONCE == 0 and len(tokens) < length:
            yield Progress(len(tokens), length, f"{len(tokens)} of {length} characters")
    logits = torch.stack(answers)
    ids = torch.tensor(tokens)
    chances = logits.softmax(1).gather(1, ids[:, None])[:, 0]
    state = {name: value.detach().cpu().numpy().copy() for name, value in network.state_dict().items()}
    state |= {
        "text": np.array("".join(task.vocabulary[token] for token in tokens)),
        "seed_text": np.array("".join(task.vocabulary[token] for token in seed)),
        "vocabulary": np.array(task.vocabulary),
    }
    arrays = {"tokens": ids.numpy().astype(np.int32), "probabilities": chances.numpy(), "logits": logits.numpy()}
    return Trace(arrays, {"tokens": ("step",), "probabilities": ("step",), "logits": ("step", "class")}, {}, state)


def _between(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> None:
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not fits or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise InvalidInput(f"sample.{name}", f"must be {kind} from {low:g} to {high:g}", value, f"{high:g}")
