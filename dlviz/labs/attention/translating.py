"""Writing a sequence, greedy and by beam search; of a translation also what each head of the decoder looks at."""

from __future__ import annotations

import copy
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.translations import BEGIN_ID, END
from dlviz.labs.attention import beam
from dlviz.labs.attention import reading as readings
from dlviz.labs.attention.answering import MOST_WRITTEN
from dlviz.labs.attention.model import Reader, Translator
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.spec import FORETELLING, MOST_TOKENS, TRANSLATIONS

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

MOST_BEAMS = 8
MOST_PENALTY = 2.0
WRITTEN_ON = 12  # tokens, where no end sign says that it is done
NOTHING = -1  # fills up a row of token ids


def translate(
    run: AttentionRun, text: Any = None, beams: Any = 4, penalty: Any = 0.0
) -> Generator[Progress, None, Trace]:
    """What the network writes for the sequence on the screen, or for `text`, computed in float64: a translation, or
    where what comes next is the answer, how the sequence goes on.

    `tokens` (token,) ids of what it reads. `greedy` (step,) ids, up to the end sign where there is one;
    `greedy_log_probabilities` (step, class) before each choice. Of the beam search `hypotheses` (batch, step) ids, best
    first, filled up with −1; `totals` (batch,) log-probabilities in nats, `scores` (batch,): totals / tokens^penalty.
    Its tree: `parents`, `steps`, `node_tokens`, `node_totals`, `kept` (node,), parents −1 for first tokens. Of a
    translator `cross` (layer, head, query, key): where each head looks while the best hypothesis is written,
    `greedy_cross` while greedy writes. `beams` from 1 to 8, `penalty` from 0 to 2. Of a sequence to go on from, the
    last 52 tokens are read. Raises `InvalidInput`, also for tasks in which nothing is written.
    """
    network, task = run.network, run.task
    if not isinstance(network, Translator) and run.spec.task not in FORETELLING:
        rule = "goes only with a task that translates, or that says what comes next"
        raise InvalidInput("translate", rule, run.spec.task, " or ".join(f"task={name}" for name in TRANSLATIONS))
    if text is not None and not isinstance(text, str):
        raise InvalidInput("translate.text", "must be a text", text, "leaving it out")
    if isinstance(beams, bool) or not isinstance(beams, int) or not 1 <= beams <= MOST_BEAMS:
        raise InvalidInput("translate.beams", f"must be a whole number from 1 to {MOST_BEAMS}", beams, "4")
    if isinstance(penalty, bool) or not isinstance(penalty, int | float) or not 0 <= penalty <= MOST_PENALTY:
        raise InvalidInput("translate.penalty", f"must be a number from 0 to {MOST_PENALTY:g}", penalty, "0.5")
    ids = run.reading.inputs[0].tolist() if text is None else readings.encode(text, task)
    # A copy: the training goes on between two turns. Float64: near ties are cut as the page cuts them.
    mine = copy.deepcopy(network).eval().double()
    writer = Writer(mine, ids) if isinstance(mine, Translator) else Continuer(mine, ids)
    end = task.vocabulary.index(END) if isinstance(mine, Translator) else beam.NO_END
    state = {name: _plain(value) for name, value in network.state_dict().items()}
    state |= {"vocabulary": np.array(task.vocabulary), "given": np.array(len(ids) if text else run.reading.given)}

    greedy = beam.Found()
    for greedy in beam.search(writer.following, 1, writer.most, end):
        yield Progress(len(greedy.nodes), writer.most, "greedy")
    found = beam.Found()
    for found in beam.search(writer.following, beams, writer.most, end, float(penalty)):
        yield Progress(found.nodes[-1].step + 1, writer.most, f"{beams} beams")
    written, best = greedy.ranked[0].tokens, found.ranked[0].tokens
    longest = max(len(hypothesis.tokens) for hypothesis in found.ranked)
    rows = [[*each.tokens, *[NOTHING] * (longest - len(each.tokens))] for each in found.ranked]
    arrays = {
        "tokens": np.array(writer.ids, np.int32),
        "greedy": np.array(written, np.int32),
        "greedy_log_probabilities": writer.logs(written).numpy(),
        "hypotheses": np.array(rows, np.int32),
        "totals": np.array([each.total for each in found.ranked]),
        "scores": np.array([each.score for each in found.ranked]),
        "parents": np.array([node.parent for node in found.nodes], np.int32),
        "steps": np.array([node.step for node in found.nodes], np.int32),
        "node_tokens": np.array([node.token for node in found.nodes], np.int32),
        "node_totals": np.array([node.total for node in found.nodes]),
        "kept": np.array([node.kept for node in found.nodes], np.int32),
    }
    if isinstance(writer, Writer):
        arrays |= {"cross": writer.cross(best).numpy(), "greedy_cross": writer.cross(written).numpy()}
    cross = ("layer", "head", "query", "key")
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("node",))
    dims |= {"tokens": ("token",), "greedy": ("step",), "greedy_log_probabilities": ("step", "class")}
    dims |= {"hypotheses": ("batch", "step"), "totals": ("batch",), "scores": ("batch",)}
    dims |= {name: cross for name in ("cross", "greedy_cross") if name in arrays}
    units = dict.fromkeys(("totals", "node_totals", "greedy_log_probabilities"), "nats")
    return Trace(arrays, dims, units, state)


class Writer:
    """A translator and one source, read once: what may come after any beginning."""

    most = MOST_WRITTEN

    @torch.no_grad()
    def __init__(self, network: Translator, ids: list[int]) -> None:
        self.network, self.ids = network, ids[:MOST_TOKENS]
        self.memory, self.padding = network.encode(torch.tensor([self.ids]), torch.tensor([len(self.ids)]))

    @torch.no_grad()
    def following(self, beginnings: list[tuple[int, ...]]) -> Tensor:
        """(hypothesis, class): log-probabilities of the token after each beginning, all of one length."""
        return self._answers(torch.tensor([[BEGIN_ID, *tokens] for tokens in beginnings]))[:, -1].log_softmax(1)

    @torch.no_grad()
    def logs(self, tokens: tuple[int, ...]) -> Tensor:
        """(step, class): log-probabilities before each of these tokens."""
        return self._answers(torch.tensor([[BEGIN_ID, *tokens[:-1]]]))[0].log_softmax(1)

    @torch.no_grad()
    def cross(self, tokens: tuple[int, ...]) -> Tensor:
        """(layer, head, query, key): attention to the source while each of these tokens is chosen."""
        with recording(self.network) as seen:
            self._answers(torch.tensor([[BEGIN_ID, *tokens[:-1]]]))
        layers = range(len(self.network.decoder.blocks))
        return torch.stack([seen[f"decoder.blocks.{layer}.cross.part.weights"][0] for layer in layers])

    def _answers(self, read: Tensor) -> Tensor:
        many = len(read)
        return self.network.decode(self.memory.expand(many, -1, -1), self.padding.expand(many, -1, -1), read)


class Continuer:
    """A network that says what comes next, and what it has read: what may come after that and any beginning."""

    most = WRITTEN_ON

    def __init__(self, network: Reader, ids: list[int]) -> None:
        self.network, self.ids = network, ids[-(MOST_TOKENS - WRITTEN_ON) :]

    @torch.no_grad()
    def following(self, beginnings: list[tuple[int, ...]]) -> Tensor:
        """(hypothesis, class), as `Writer.following`."""
        return self._answers(beginnings)[:, -1].log_softmax(1)

    @torch.no_grad()
    def logs(self, tokens: tuple[int, ...]) -> Tensor:
        """(step, class), as `Writer.logs`."""
        return self._answers([tokens[:-1]])[0, len(self.ids) - 1 :].log_softmax(1)

    def _answers(self, beginnings: list[tuple[int, ...]]) -> Tensor:
        read = torch.tensor([[*self.ids, *tokens] for tokens in beginnings])
        answers: Tensor = self.network(read, torch.full((len(read),), read.shape[1]))
        return answers


def _plain(values: Tensor) -> np.ndarray:
    return values.detach().cpu().numpy().copy()
