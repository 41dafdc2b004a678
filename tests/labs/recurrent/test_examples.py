"""The held-back sequences that the page reads by itself, and what the scene says of chance and of units."""

from __future__ import annotations

import numpy as np
import pytest
from vega_datasets import data

from dlviz.core.errors import InvalidInput
from dlviz.labs.recurrent import probe
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec


def test_examples_are_the_sequences_that_the_stage_steps_through() -> None:
    """Each of them, up to its length, is what the run reads when its `example` is set."""
    run = RecurrentRun(RecurrentSpec(task="sentiment", hidden_size=4, examples=50))
    found = probe.examples(run)
    assert found["ids"].shape[0] == 8
    for k in range(8):
        run.set({"example": k})
        ids = run.reading.inputs[0].numpy()
        assert found["lengths"][k] == len(ids)
        assert (found["ids"][k, : len(ids)] == ids).all()
        assert found["targets"][k] == run.reading.targets.item()
        assert np.abs(found["logits"][k] - probe.weights(run)["logits"][0]).max() < 1e-6


def test_a_count_that_makes_no_sense_is_refused() -> None:
    run = RecurrentRun(RecurrentSpec(task="adding", hidden_size=4, examples=50))
    assert probe.examples(run, 3)["values"].shape == (3, 20, 2)
    with pytest.raises(InvalidInput, match="whole number"):
        probe.examples(run, 0)


def test_chance_is_what_always_saying_the_same_comes_to() -> None:
    run = RecurrentRun(RecurrentSpec(task="tagging", hidden_size=4, examples=300))
    targets = run.task.train.targets.numpy()
    asked = targets[targets >= 0]
    best = max(float((asked == k).mean()) for k in range(7))
    assert run.scene().numbers["chance_accuracy"] == pytest.approx(best, abs=1e-6)
    numbers = RecurrentRun(RecurrentSpec(task="adding", hidden_size=4, examples=50)).scene().numbers
    assert numbers["chance_accuracy"] is None


def test_a_temperature_on_the_screen_is_that_of_the_weather_station() -> None:
    run = RecurrentRun(RecurrentSpec(task="weather", hidden_size=4))
    shown = run.scene().numbers["shown_as"]
    days = data.seattle_weather()
    measured = days[days.date.dt.year == 2014].temp_max.to_numpy()[:20]
    ours = run.reading.inputs[0, :, 0].numpy() * shown["spread"] + shown["offset"]
    assert np.abs(ours - measured).max() < 1e-4
    assert shown["unit"] == "°C"


def test_only_a_text_goes_on_by_itself() -> None:
    assert RecurrentSpec(writes=True, reading="def ").writes
    with pytest.raises(InvalidInput, match="writes"):
        RecurrentSpec(task="tagging", writes=True)
