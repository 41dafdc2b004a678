"""Times on this machine: self-attention, LSTM and GRU over longer and longer sequences, and writing with and without
a KV cache. One sequence at a time, forward only, with as many threads as torch has here."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.sequences import Sequences, Task
from dlviz.labs.attention.caching import CachedReader, next_logits
from dlviz.labs.attention.costing import FLOAT, Sizes
from dlviz.labs.attention.layers import Attention
from dlviz.labs.attention.model import Reader
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.spec import AttentionSpec

Turns = Generator[Progress, None, Trace]
Pass = tuple[nn.Module, tuple[Tensor, ...]]

LENGTHS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048)
KINDS = ("attention", "lstm", "gru")
WRITTEN = (8, 16, 32, 64, 128, 256)  # tokens written; one writing of the most gives the times of all
WAYS = ("uncached", "cached")
SECONDS = 9.0  # in all; then what was measured is the answer
FOR_READING = 0.6  # of them, before the writing begins
A_PASS = 0.25  # s; a length that would take longer is left out, since others wait meanwhile
MOST_BYTES = 64 << 20  # of the weights of a pass, of which a few copies live at a time
FEWEST, REPEATS, LONG_ENOUGH = 3, 9, 0.06  # the best of 3 to 9 passes; from 3 on, of as many as take that long
TURN = 0.04  # s of writing between two turns of others
VOCABULARY = tuple("abcdefghijklmnopqrstuvwxyz")


class Points:
    """What is known by now; NaN where nothing was measured."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.read = {kind: np.full(len(LENGTHS), np.nan) for kind in KINDS}
        self.bytes = np.full(len(LENGTHS), np.nan)
        self.written = {way: np.full(len(WRITTEN), np.nan) for way in WAYS}
        self.cache_bytes = np.full(len(WRITTEN), np.nan)

    def trace(self) -> Trace:
        arrays: dict[str, np.ndarray] = {"lengths": np.array(LENGTHS, np.int32), "written": np.array(WRITTEN, np.int32)}
        arrays |= {f"{kind}_ms": 1000 * seconds for kind, seconds in self.read.items()}
        arrays |= {f"{way}_ms": 1000 * seconds for way, seconds in self.written.items()}
        arrays |= {"attention_bytes": self.bytes.copy(), "cache_bytes": self.cache_bytes.copy()}
        known = {**{kind: (LENGTHS, t) for kind, t in self.read.items()},
                 **{way: (WRITTEN, t) for way, t in self.written.items()}}  # fmt: skip
        dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("point",))
        for name, (at, seconds) in known.items():
            arrays[f"{name}_exponent"], dims[f"{name}_exponent"] = np.array(exponent(np.array(at), seconds)), ()
        units = {name: "ms" if name.endswith("_ms") else "bytes" for name in arrays if name.endswith(("_ms", "_bytes"))}
        names = ("length", "width", "heads", "layers", "feed_forward")
        return Trace(arrays, dims, units, {name: np.array(getattr(self.sizes, name)) for name in names})


def exponent(at: np.ndarray, seconds: np.ndarray) -> float:
    """p of the line t = c · nᵖ that fits the measured times best (least squares of the logarithms); NaN of fewer than
    two."""
    known = np.isfinite(seconds)
    if known.sum() < 2:
        return float("nan")
    return float(np.polyfit(np.log(at[known]), np.log(seconds[known]), 1)[0])


def timed(sizes: Sizes) -> Turns:
    """Milliseconds of one forward pass over `lengths` (point,) tokens: `attention_ms`, `lstm_ms`, `gru_ms`, each one
    layer of that width, the best of a few passes; `attention_bytes`, of the weights' tensor. Milliseconds in which
    the whole stack writes the first `written` (point,) tokens: `uncached_ms`, `cached_ms`; `cache_bytes` kept by
    then. `<name>_exponent`: p of the fitted c · nᵖ. NaN where nothing was measured: too long for the time there is,
    or too large. `length` is not used. The sizes are the state.
    """
    points, began = Points(sizes), perf_counter()
    total = len(KINDS) * len(LENGTHS) + 2 * len(WRITTEN)
    with torch.random.fork_rng(devices=[]):  # weights of its own, and the run's chance stays as it was
        torch.manual_seed(0)
        passes, reader = _passes(sizes), _reader(sizes)
    done = 0
    for at, length in enumerate(LENGTHS):
        for kind in KINDS:
            done += 1
            if perf_counter() - began > FOR_READING * SECONDS or not _fits(points, kind, at):
                continue
            best, size = yield from _best(*passes[kind](length), Progress(done, total, f"{kind}, {length} tokens"))
            points.read[kind][at] = best
            if kind == "attention":
                points.bytes[at] = size
            yield Progress(done, total, f"{kind}, {length} tokens", points.trace())
    for way, steps in zip(WAYS, (_uncached(reader), _cached(reader)), strict=True):
        yield from _write(points, way, steps, done, total, began)
        done += len(WRITTEN)
    return points.trace()


def _fits(points: Points, kind: str, at: int) -> bool:
    """Whether a pass over the length at that place is likely to be short and small enough, from the one before."""
    length, before = LENGTHS[at], points.read[kind][at - 1] if at else 0.0
    if kind == "attention" and length**2 * points.sizes.heads * FLOAT > MOST_BYTES:
        return False
    return bool(np.isfinite(before)) and before * (4 if kind == "attention" else 2) < A_PASS


def _best(
    module: nn.Module, given: tuple[Tensor, ...], progress: Progress
) -> Generator[Progress, None, tuple[float, int]]:
    """The shortest of some passes, in seconds, after one to warm up; and the bytes of the weights that it made."""
    with recording(module) as seen:
        _quietly(module, *given)
    size = seen["weights"].nbytes if "weights" in seen else 0
    seen.clear()
    best, spent, took = float("inf"), 0.0, perf_counter()
    for at in range(REPEATS):
        start = perf_counter()
        _quietly(module, *given)
        seconds = perf_counter() - start
        best, spent = min(best, seconds), spent + seconds
        if at + 1 >= FEWEST and spent > LONG_ENOUGH:
            break
        if perf_counter() - took > TURN:
            yield progress
            took = perf_counter()
    return best, size


def _passes(sizes: Sizes) -> dict[str, Callable[[int], Pass]]:
    """For each kind: from a length to the module and what it is given for a forward pass over that many tokens."""
    attention = Attention(_spec(sizes)).eval()
    recurrent: dict[str, nn.Module] = {
        "lstm": nn.LSTM(sizes.width, sizes.width, batch_first=True).eval(),
        "gru": nn.GRU(sizes.width, sizes.width, batch_first=True).eval(),
    }
    some = torch.randn(1, LENGTHS[-1], sizes.width)

    def attend(length: int) -> Pass:
        x = some[:, :length]
        return attention, (x, x, torch.zeros(length, length, dtype=torch.bool))

    def recur(kind: str) -> Callable[[int], Pass]:
        return lambda length: (recurrent[kind], (some[:, :length],))

    return {"attention": attend, "lstm": recur("lstm"), "gru": recur("gru")}


@torch.no_grad()
def _quietly(module: nn.Module, *given: Tensor) -> object:
    return module(*given)


def _spec(sizes: Sizes) -> AttentionSpec:
    """Plain self-attention of these sizes. Sines cost what learned places cost, and there are more than 64 of them."""
    return AttentionSpec(position="sinusoidal", mask="causal", width=sizes.width, heads=sizes.heads,
                         layers=sizes.layers, feed_forward=sizes.feed_forward)  # fmt: skip


def _reader(sizes: Sizes) -> Reader:
    """A reader with weights from nowhere: how long it writes does not depend on what it writes."""
    none = Sequences(torch.empty(0, 1, dtype=torch.long), torch.empty(0, dtype=torch.long), torch.empty(0, 1))
    task = Task("every", VOCABULARY, VOCABULARY, none, none, none, 0.0, "")
    return Reader(_spec(sizes), task).eval()


def _uncached(reader: Reader) -> Iterator[int]:
    """Writes token after token, everything read anew each time; yields 0, since nothing is kept."""
    tokens = torch.zeros(1, 1, dtype=torch.long)
    while True:
        with torch.no_grad():
            tokens = torch.cat([tokens, next_logits(reader, tokens).argmax(1)[:, None]], 1)
        yield 0


def _cached(reader: Reader) -> Iterator[int]:
    """Writes token after token from a cache; yields the bytes that are kept."""
    writer, token = CachedReader(reader), torch.zeros(1, dtype=torch.long)
    while True:
        with torch.no_grad():
            token = writer.read(token).argmax(1)
        yield writer.cache.bytes


def _write(
    points: Points, way: str, steps: Iterator[int], done: int, total: int, began: float
) -> Generator[Progress, None, None]:
    """Write and note how long the first 8, 16, … tokens took, pauses not counted."""
    seconds, pause = 0.0, perf_counter()
    budget = SECONDS if way == WAYS[-1] else (SECONDS + perf_counter() - began) / 2
    for step in range(1, WRITTEN[-1] + 1):
        start = perf_counter()
        kept = next(steps)
        seconds += perf_counter() - start
        if step in WRITTEN:
            at = WRITTEN.index(step)
            points.written[way][at] = seconds
            if way == "cached":
                points.cache_bytes[at] = kept
            yield Progress(done + at + 1, total, f"writing {step} tokens, {way}", points.trace())
        if perf_counter() - began > budget:
            return
        if perf_counter() - pause > TURN:
            yield Progress(done + sum(n <= step for n in WRITTEN), total, f"writing, {way}")
            pause = perf_counter()
