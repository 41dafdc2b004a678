"""A GRU has three quarters of an LSTM's parameters."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.recurrent.model import CELLS
from dlviz.training.experiment import span

SIZES = tuple((inputs, hidden) for inputs in (1, 16, 64) for hidden in (1, 8, 64, 256))
SHAPES = ((1, False), (2, False), (1, True))  # layers, both directions
VOCABULARY = 92  # letters of the text that the lab opens with


def experiment(sizes: tuple[tuple[int, int], ...] = SIZES) -> Iterator[Progress | Verdict]:
    """One row a size and shape: parameters of torch's layers, and of whole networks that read and write text."""
    rows = []
    for done, (inputs, hidden) in enumerate(sizes):
        yield Progress(done, len(sizes), f"{inputs} inputs, {hidden} units")
        for layers, both in SHAPES:
            gru, lstm = (count(cell, inputs, hidden, layers, both) for cell in ("gru", "lstm"))
            # Around the layers: a vector for each letter, and a weight and a bias from every unit to every letter.
            around = VOCABULARY * inputs + VOCABULARY * (hidden * (1 + both) + 1)
            rows.append({"inputs": inputs, "hidden_size": hidden, "layers": layers, "both_directions": both, "gru": gru,
                         "lstm": lstm, "whole_gru": gru + around, "whole_lstm": lstm + around})  # fmt: skip
    yield judge(rows)


def count(cell: str, inputs: int, hidden: int, layers: int, both: bool) -> int:
    """Parameters of torch's own layers; none of them takes memory."""
    made = CELLS[cell](inputs, hidden, layers, bidirectional=both, device=torch.device("meta"))
    return sum(parameter.numel() for parameter in made.parameters())


def judge(rows: list[dict[str, Any]]) -> Verdict:
    exact = sum(Fraction(row["gru"], row["lstm"]) == Fraction(3, 4) for row in rows)
    whole = [row["whole_gru"] / row["whole_lstm"] for row in rows]
    sentence = (
        f"Of the recurrent layers it is exactly 3/4 in {exact} of {len(rows)} cases: three blocks of weights, where "
        f"the LSTM has four. With embedding and output layer around them it is {span(whole, '.2f')}, since these "
        "are the same for both."
    )
    return Verdict("yes" if exact == len(rows) else "partly" if exact else "no", sentence, rows)
