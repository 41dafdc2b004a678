"""The panel Results: how the network answers the test pictures, cell by cell of the confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn.measuring import Measured, logits, measure

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

MOST = 48  # pictures of one answer


def results(
    run: CnnRun,
    truth: Any = None,
    answer: Any = None,
    indices: Any = None,
    measured_at: Any = None,
    parameters: bool = True,
) -> Trace:
    """Losses, accuracies and the confusion matrix of this moment, and the test pictures asked for.

    `confusion` (class, output): rows are the truth, columns what was answered. `precision`, `recall`, `accuracy`
    (class,): of what was called so, of what is so, and one class against the rest; 0 where there is nothing to divide.
    `train_loss` … `test_accuracy`: one number each. `pictures` (batch, channel, height, width) in bytes with `index`,
    `truth`, `answer` and `confidence` (batch,): those of the cell (`truth`, `answer`), at most 48, the surest first (on
    the diagonal the least sure first); or those of the test `indices`; or else the worst, as `Measured.worst` has
    them. `logits` (batch, class): what the network makes of them now. `state`: its parameters and buffers.

    `measured_at`: a step whose measurements the asker has on the screen. Where they are still the run's newest, the
    answer is theirs, although the run may have gone on; else everything is measured now. `parameters`: false leaves
    `state` out, for a page that asks often.
    Raises `InvalidInput` for a class or a picture there is not.
    """
    names, count = run.spec.classes, len(run.pictures.test_y)
    if (truth is None) != (answer is None):
        raise InvalidInput("results", "needs truth and answer together", {"truth": truth, "answer": answer}, "both")
    known = measured_at is not None and measured_at == run.measured_at
    found = run.measured() if known else measure(run.network, run.pictures, len(names))
    if truth is not None:
        places = ("results.truth", truth), ("results.answer", answer)
        chosen = cell(found, run.pictures.test_y, *(_place(what, given, len(names)) for what, given in places))
    elif indices is not None:
        chosen = torch.tensor(_places("results.indices", indices, count), dtype=torch.long)
    else:
        chosen = found.worst
    shown = run.pictures.test_x[chosen]
    arrays = {
        "confusion": found.confusion.numpy().astype(np.int32),
        **{name: values.numpy().astype(np.float32) for name, values in scores(found.confusion).items()},
        **{name: np.array(value, np.float32) for name, value in found.numbers.items()},
        "pictures": (shown * 255).round().to(torch.uint8).numpy(),
        "index": chosen.numpy().astype(np.int32),
        "truth": run.pictures.test_y[chosen].numpy().astype(np.int32),
        "answer": found.answers[chosen].numpy().astype(np.int32),
        "confidence": found.confidence[chosen].numpy().copy(),
        "logits": logits(run.network, shown).numpy().copy(),
    }
    batch = ("batch",)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(found.numbers, ())
    dims |= dict.fromkeys(("index", "truth", "answer", "confidence"), batch)
    dims |= dict.fromkeys(("precision", "recall", "accuracy"), ("class",))
    dims |= {"confusion": ("class", "output"), "pictures": ("batch", "channel", "height", "width"),
             "logits": ("batch", "class")}  # fmt: skip
    units = {name: "nats" for name in found.numbers if name.endswith("loss")} | {"confusion": "pictures"}
    state = {name: value.detach().numpy().copy() for name, value in run.network.state_dict().items()}
    return Trace(arrays, dims, units, state if parameters else {})


def cell(found: Measured, labels: Tensor, truth: int, answer: int) -> Tensor:
    """Test pictures of `truth` that were answered `answer`, at most `MOST`, those worth a look first."""
    places = ((labels == truth) & (found.answers == answer)).nonzero()[:, 0]
    order = found.confidence[places].argsort(descending=truth != answer, stable=True)
    return places[order][:MOST]


def scores(confusion: Tensor) -> dict[str, Tensor]:
    """Precision, recall and accuracy (one class against the rest) of every class, (class,) each."""
    counts = confusion.double()
    right, of_truth, of_answer, total = counts.diagonal(), counts.sum(1), counts.sum(0), counts.sum()
    return {
        "precision": right / of_answer.clamp(min=1),
        "recall": right / of_truth.clamp(min=1),
        "accuracy": (total - of_truth - of_answer + 2 * right) / total,
    }


def _place(what: str, given: Any, count: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < count:
        raise InvalidInput(what, f"must be a whole number from 0 to {count - 1}", given, "0")
    return given


def _places(what: str, given: Any, count: int) -> list[int]:
    if not isinstance(given, list | tuple) or len(given) > MOST:
        raise InvalidInput(what, f"must be a list of at most {MOST} test pictures", given, "[0, 1, 2]")
    return [_place(what, each, count) for each in given]
