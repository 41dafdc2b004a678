"""Time series: what comes next, at each step."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import torch
from torch import Generator, Tensor

from dlviz.data.sequences import Sequences, Task

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

HELD_BACK = 300  # sines: validation and test sequences, each
PERIODS = (6.0, 20.0)  # steps
NOISE = 0.05
TEST_YEAR, VALIDATION_YEAR = 2015, 2014


@cache
def temperatures() -> tuple[Tensor, Tensor]:
    """Highest temperature of each day in Seattle, 2012 to 2015, °C, (day,), and the years. Source: NOAA, by Vega."""
    from vega_datasets import data

    table = data.seattle_weather()
    return torch.tensor(table.temp_max.to_numpy(), dtype=torch.float32), torch.tensor(table.date.dt.year.to_numpy())


def weather(spec: RecurrentSpec, generator: Generator) -> Task:
    """Tomorrow's highest temperature after each day of a window of `lag` days, in standard deviations.

    Train on 2012 and 2013, validate on 2014, test on 2015: the future is never trained on.
    """
    values, years = temperatures()
    known = values[years < VALIDATION_YEAR]
    scaled = (values - known.mean()) / known.std()
    train, validation, test = (
        scaled[years < VALIDATION_YEAR], scaled[years == VALIDATION_YEAR], scaled[years == TEST_YEAR]
    )  # fmt: skip
    parts = [_windows(part, spec.lag) for part in (train, validation, test)]
    step = validation[1:] - validation[:-1]
    return Task("every", (), (), parts[0], parts[1], parts[2], float((step**2).mean()),
                "saying that tomorrow is as warm as today", features=("temperature",),
                unit=f"standard deviations of {known.std():.1f} °C",
                spread=float(known.std()), offset=float(known.mean()), shown_in="°C")  # fmt: skip


def sines(spec: RecurrentSpec, generator: Generator) -> Task:
    """The next value of a sine of unknown period and phase with a little noise, `lag` steps."""
    count = spec.examples + 2 * HELD_BACK
    low, high = PERIODS
    periods = low + (high - low) * torch.rand(count, 1, generator=generator)
    phases = 2 * math.pi * torch.rand(count, 1, generator=generator)
    steps = torch.arange(spec.lag + 1)
    clean = torch.sin(2 * math.pi * steps / periods + phases)
    values = clean + NOISE * torch.randn(clean.shape, generator=generator)
    whole = _pairs(values)
    at = torch.arange(count)
    train, rest = whole[at[: spec.examples]], at[spec.examples :]
    last = values[:, 1:] - values[:, :-1]
    return Task("every", (), (), train, whole[rest[:HELD_BACK]], whole[rest[HELD_BACK:]], float((last**2).mean()),
                "repeating the last value", features=("value",))  # fmt: skip


def _windows(values: Tensor, length: int) -> Sequences:
    """Every window of so many days, one begun each third day."""
    return _pairs(values.unfold(0, length + 1, 3))


def _pairs(values: Tensor) -> Sequences:
    """Rows of values (row, step + 1): all but the last are read, all but the first are to be said."""
    return Sequences(
        values[:, :-1, None].clone(), torch.full((len(values),), values.shape[1] - 1), values[:, 1:].clone()
    )
