"""What excites a channel: its largest activation on every test picture, and where in the picture it was."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.plan import Row
from dlviz.labs.cnn.units import activations, halves, multiplications, read_measure, read_row, rows_of, seen

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun
    from dlviz.labs.cnn.spec import CnnSpec

AT_A_TIME = 100  # pictures of one move, fewer where they take longer
MULTIPLICATIONS = 5e8  # of one move: about 50 ms of one core
PARTIAL = 0.4  # seconds between two answers on the way


def top_pictures(
    run: CnnRun, row: str = "", measure: str = "cell", parameters: bool = True
) -> Generator[Progress, None, Trace]:
    """The activation of every channel of a row on every test picture, in one pass.

    `row`: the name of a layer with maps or of a linear one, `output` for the classes; none: the first convolution.
    `activation` (batch, channel): of a map its strongest cell, or with `measure` "map" the mean of its cells. Of maps
    `y` and `x` (batch, channel), the place of the strongest cell, and `field` (height, feature): of every cell along a
    side, the first and last row of the picture that it sees; columns are alike. Of every picture `truth`, `answer` and
    `confidence` (batch,); `at_step`, the step of the network that was asked. The pictures with the largest activation
    are `argsort(-activation[:, channel])`.
    `state`: parameters and buffers; `parameters` false leaves them out. Raises `InvalidInput`.
    """
    known = rows_of(run.spec)
    asked = read_row(known, row or known[0].name, "top_pictures.row")
    how = read_measure(measure, "top_pictures.measure")
    test = run.pictures
    look = Look(run.spec, asked, how, own_copy(run.network), test.test_x, test.test_y, run.step)
    return _passing(look, parameters)


@dataclass(frozen=True)
class Look:
    """What one pass needs of a run, copied: training goes on beside it."""

    spec: CnnSpec
    row: Row
    measure: str
    network: nn.Sequential
    pictures: Tensor
    labels: Tensor
    step: int


def _passing(look: Look, parameters: bool) -> Generator[Progress, None, Trace]:
    found: list[dict[str, Tensor]] = []
    total, done, told = len(look.pictures), 0, time.perf_counter()
    for batch in look.pictures.split(at_a_time(look.spec)):
        found.append(_pass(look, batch))
        done += len(batch)
        if done < total:
            shown = None
            if time.perf_counter() - told > PARTIAL:
                shown, told = _trace(look, found, {}), time.perf_counter()
            yield Progress(done, total, f"{done:,} of {total:,} test pictures", trace=shown)
    state = {name: value.numpy().copy() for name, value in look.network.state_dict().items()} if parameters else {}
    return _trace(look, found, state)


def at_a_time(spec: CnnSpec) -> int:
    """Pictures that pass through the network in about 50 ms: from the plan, so that the answer is the same anywhere."""
    return int(max(1, min(AT_A_TIME, MULTIPLICATIONS / multiplications(spec))))


def _pass(look: Look, pictures: Tensor) -> dict[str, Tensor]:
    head, tail = halves(look.network, look.row)
    with torch.no_grad():
        made = head(pictures)
        confidence, answer = tail(made).softmax(1).max(1)
    found = {"activation": activations(made, look.measure), "answer": answer, "confidence": confidence}
    if made.ndim == 4:
        at = made.flatten(2).argmax(2)
        found |= {"y": at // made.shape[3], "x": at % made.shape[3]}
    return found


def _trace(look: Look, found: list[dict[str, Tensor]], state: dict[str, np.ndarray]) -> Trace:
    joined = {name: torch.cat([each[name] for each in found]) for name in found[0]}
    types = {"answer": np.int32, "y": np.uint8, "x": np.uint8}
    arrays = {name: value.numpy().astype(types.get(name, np.float32)) for name, value in joined.items()}
    arrays["truth"] = look.labels[: len(joined["answer"])].numpy().astype(np.int32)
    dims: dict[str, tuple[str, ...]] = {
        name: ("batch", "channel") if array.ndim == 2 else ("batch",) for name, array in arrays.items()
    }
    arrays["at_step"], dims["at_step"] = np.array(look.step, np.int32), ()
    if "y" in arrays:
        arrays["field"], dims["field"] = np.array(seen(look.spec, look.row), np.int32), ("height", "feature")
    return Trace(arrays, dims, {}, state)
