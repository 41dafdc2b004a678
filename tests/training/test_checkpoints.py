"""Checkpoints: a lab opens with the network that was trained for it, and without one where there is none that fits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
import torch

from dlviz.core.lab import Lab, find
from dlviz.core.spec import rules
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import checkpoints
from dlviz.training.driver import Driver
from dlviz.training.frames import decode
from dlviz.training.jobs import to_the_end
from tests.training import fake
from tests.training.driving import do, finish


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """The fake lab with a checkpoint of its default run after 40 steps."""
    lab = Lab(**{**vars(fake.LAB), "pretrain": "somewhere:pretrain"})
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    monkeypatch.setattr(checkpoints, "find", lambda slug: lab)
    files = to_the_end(checkpoints.make("fake", (0, 7, 40)))
    assert [file.name for file in files] == ["0.safetensors", "40.safetensors", "7.safetensors", "state.json"]
    return lab


def opened(lab: Lab, spec: fake.FakeSpec | None = None) -> Driver:
    driver = Driver("r", lab, spec or fake.FakeSpec(), opening_steps=5)
    while driver.mode == "opening":
        driver.slice(0.01)
    return driver


def test_a_lab_opens_with_its_checkpoint_and_goes_on_from_it(trained: Lab) -> None:
    driver = opened(trained)
    alone = fake.FakeRun(fake.FakeSpec())
    alone.advance(40)
    assert driver.run.step == 40
    np.testing.assert_array_equal(driver.run.w, alone.w)
    assert driver.timeline.steps() == [0, 7, 40]
    assert driver.curve.array(["train_loss"])[0, -1] == 40
    do(driver, "advance", steps=3)
    finish(driver)
    alone.advance(3)
    np.testing.assert_array_equal(driver.run.w, alone.w)
    do(driver, "reset")
    assert driver.run.step == 0


def test_what_only_concerns_the_picture_may_differ(trained: Lab) -> None:
    driver = opened(trained, fake.FakeSpec(shown=True))
    assert driver.run.step == 40
    assert driver.run.spec.shown is True


@pytest.mark.parametrize("spec", [fake.FakeSpec(size=4), fake.FakeSpec(learning_rate=0.2), fake.FakeSpec(seed=2)])
def test_other_settings_train_their_own_opening(trained: Lab, spec: fake.FakeSpec) -> None:
    assert opened(trained, spec).run.step == 5


@pytest.mark.parametrize("damage", [b"", b"{}", b"not safetensors at all, but long enough to be read as a header"])
def test_a_damaged_checkpoint_is_said_and_the_lab_opens(trained: Lab, damage: bytes) -> None:
    (checkpoints.FOLDER / "fake" / "40.safetensors").write_bytes(damage)
    driver = Driver("r", trained, fake.FakeSpec(), opening_steps=5)
    notes = [decode(message) for message in driver.messages()]
    assert "cannot be read" in notes[0].numbers["text"]
    while driver.mode == "opening":
        driver.slice(0.01)
    assert driver.run.step == 5


def test_a_run_without_an_opening_begins_at_the_beginning(trained: Lab) -> None:
    assert Driver("r", trained, fake.FakeSpec()).run.step == 0


def test_a_light_checkpoint_is_the_network_in_half_precision_and_trains_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = find("autoencoder")
    small = Lab(**{**vars(lab), "spec": SmallSpec, "run": f"{__name__}:SmallRun", "pretrain": "somewhere:pretrain"})
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    monkeypatch.setattr(checkpoints, "find", lambda slug: small)
    to_the_end(checkpoints.make(small.slug, (0, 30), light=True))
    driver, alone = Driver("r", small, SmallSpec(), opening_steps=5), SmallRun(SmallSpec())
    while driver.mode == "opening":
        driver.slice(0.01)
    alone.advance(30)
    assert driver.run.step == 30
    for name, values in alone.network.state_dict().items():
        torch.testing.assert_close(driver.run.network.state_dict()[name], values.half().float())
    do(driver, "advance", steps=20)
    finish(driver)
    assert driver.run.step == 50
    assert driver.run.measured().numbers["train_loss"] < alone.measured().numbers["train_loss"]


@dataclass(frozen=True)
class SmallSpec(AutoencoderSpec):
    dataset: Annotated[str, rules(AutoencoderSpec)["dataset"]] = "digits"
    hidden: Annotated[tuple[int, ...], rules(AutoencoderSpec)["hidden"]] = (16,)


class SmallRun(AutoencoderRun):
    spec_class = SmallSpec


def test_another_checkpoint_of_the_lab_is_found_by_its_settings(trained: Lab) -> None:
    """One for the settings of a preset, beside that of the default; a command may ask for it under way."""
    to_the_end(checkpoints.make("fake", (0, 20), name="wide", changes={"size": 4}))
    assert opened(trained, fake.FakeSpec(size=4)).run.step == 20
    assert opened(trained).run.step == 40
    driver = opened(trained, fake.FakeSpec(size=5))
    assert driver.run.step == 5
    do(driver, "play", on=True)
    do(driver, "set", changes={"size": 4}, trained=True)
    assert (driver.run.step, driver.mode, driver.timeline.steps()) == (20, "paused", [0, 20])
    do(driver, "advance", steps=3)
    finish(driver)
    do(driver, "set", changes={}, trained=True)
    assert (driver.run.step, driver.timeline.steps()) == (20, [0, 20]), "again, from where it has gone on to"
    do(driver, "set", changes={"size": 6}, trained=True)
    assert driver.run.step == 0, "none ships of these settings"
    do(driver, "set", changes={"size": 4})
    assert driver.run.step == 0, "only who asks for it gets it"
