"""The panel's probe: what the network answers to the photographs, its parts, its maps, and the command line."""

from __future__ import annotations

import base64
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.__main__ import main
from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.photos import CREDITS, FILES, photo
from dlviz.labs.cnn.imagenet import network
from dlviz.labs.cnn.imagenet.asking import imagenet
from dlviz.labs.cnn.imagenet.labels import names
from dlviz.labs.cnn.imagenet.stages import NAMES, fields
from dlviz.training.jobs import to_the_end
from tests.data.picture_samples import BAD, GOOD

SHAPES = {"stem": (32, 112), "stage1": (16, 112), "stage2": (24, 56), "stage3": (40, 28), "stage4": (80, 14),
          "stage5": (112, 14), "stage6": (192, 7), "stage7": (320, 7), "head": (1280, 7)}  # fmt: skip


def ask(**options: Any) -> Trace:
    """The probe's Trace; the run is none of its business."""
    return to_the_end(imagenet(None, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "answer", "share"),
    [("coffee", "espresso", 0.95), ("camera", "tripod", 0.94), ("chelsea", "tiger cat", 0.39),
     ("astronaut", "football helmet", 0.16)],
)  # fmt: skip
def test_what_it_answers_to_four_photographs(name: str, answer: str, share: float) -> None:
    trace = ask(photo=name)
    probabilities = trace["probabilities"]
    assert names()[probabilities.argmax()] == answer
    assert round(float(probabilities.max()), 2) == share
    assert trace["top"].tolist() == np.argsort(-probabilities)[:5].tolist()
    z = trace["logits"].astype(np.float64)
    np.testing.assert_allclose(probabilities, np.exp(z - z.max()) / np.exp(z - z.max()).sum(), rtol=1e-5)


def test_the_whole_trace_can_be_computed_again_from_its_input() -> None:
    trace = ask(photo="rocket")
    assert not isinstance(imagenet(None, photo="rocket"), Generator), "cheap: no job"  # type: ignore[arg-type]
    net, x = network.trained(), torch.from_numpy(trace["input"])[None]
    with torch.no_grad():
        for name, module in net.named_children():
            x = module(x)
            if name in NAMES:
                np.testing.assert_array_equal(trace[f"maps.{name}"], x[0].numpy())
                assert x.shape[1:] == (SHAPES[name][0], SHAPES[name][1], SHAPES[name][1])
    np.testing.assert_array_equal(trace["logits"], x[0].numpy())
    assert trace.state["classes"].tolist() == list(names())
    assert trace.state["weights"].tolist() == [f"sha256 {network.SHA256}"]
    assert trace["milliseconds"] > 0


def test_the_three_ways_to_give_a_picture_agree() -> None:
    crop = [0.1, 0.2, 0.5]
    by_name = ask(photo="coffee", crop=crop)
    square = photo("coffee", None).transpose(2, 0, 1) / np.float32(255)
    np.testing.assert_array_equal(ask(input=square, crop=crop)["logits"], by_name["logits"])
    pixels = base64.b64encode((by_name["input"] * 255).round().astype(np.uint8).transpose(1, 2, 0).tobytes()).decode()
    np.testing.assert_array_equal(ask(pixels=pixels)["logits"], by_name["logits"])
    assert not np.array_equal(ask(photo="coffee")["logits"], by_name["logits"])


def test_a_page_gets_only_what_it_asks_for() -> None:
    answer = ask(only="answer", photo="chelsea")
    assert set(answer.arrays) == {"logits", "probabilities", "top", "milliseconds"}
    assert "classes" not in answer.state
    opening = ask(only="opening")
    assert opening.state["names"].tolist() == list(FILES)
    assert opening["parameters"] == 4_652_008
    assert opening.state["credits"].tolist() == list(CREDITS.values())
    assert opening.state["classes"].tolist() == list(names())
    np.testing.assert_array_equal(opening["thumbnails"][2], photo("coffee", 96))
    picture = ask(only="photo", photo="chelsea")
    np.testing.assert_array_equal(picture["photo"], photo("chelsea", None))
    assert picture["photo"].shape == (300, 300, 3)
    assert str(picture.state["credit"]) == CREDITS["chelsea"]


@pytest.mark.parametrize("stage", NAMES)
def test_the_strongest_maps_of_a_stage_in_bytes_and_one_exactly(stage: str) -> None:
    whole = ask(photo="camera")[f"maps.{stage}"]
    trace = ask(photo="camera", only="maps", stage=stage, first=6)
    strength = np.abs(whole).mean((1, 2))
    order = np.argsort(-strength, kind="stable")[:6]
    assert trace["channels"].tolist() == order.tolist()
    np.testing.assert_allclose(trace["strength"], strength[order], rtol=1e-5)
    low, high = trace["range"].T[:, :, None, None]
    np.testing.assert_allclose(trace["range"], np.stack([whole[order].min((1, 2)), whole[order].max((1, 2))], 1))
    np.testing.assert_allclose(low + trace["maps"] / 255 * (high - low), whole[order], atol=(high - low).max() / 500)
    field = fields(network.trained())[stage]
    assert trace["field"].tolist() == [field.first, field.step, field.size]
    assert trace["count"] == len(whole)
    np.testing.assert_array_equal(ask(photo="camera", only="maps", stage=stage, channel=3)["map"], whole[3])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"photo": "mona lisa"}, "imagenet.photo must be one of astronaut, chelsea"),
        ({"photo": ["coffee"]}, "imagenet.photo must be one of"),
        ({"only": "everything"}, "imagenet.only must be one of opening, photo, answer"),
        ({"only": ["maps"]}, "imagenet.only must be one of"),
        ({"only": "maps"}, "imagenet.stage must be one of stem, stage1"),
        ({"only": "maps", "stage": "stem", "first": 0}, "imagenet.first must be a whole number from 1 to 64. Got 0"),
        ({"only": "maps", "stage": "stem", "channel": 32}, "imagenet.channel must be a whole number from 0 to 31. Got"),
        ({"method": "lime"}, "imagenet.method must be one of saliency"),
        ({"method": "saliency", "target": 1000}, "imagenet.target must be one of the 1,000 classes by its name"),
        ({"method": "saliency", "target": "astronaut"}, "or its index from 0. Got 'astronaut'. Try espresso."),
        ({"method": "saliency", "minus": True}, "imagenet.minus must be one of the 1,000 classes"),
        ({"method": "saliency", "target": 3, "minus": 3}, "imagenet.minus must be another class than the target."),
        ({"method": "saliency", "minus": "espresso"}, "imagenet.minus must be another class than the target."),
        ({"method": "occlusion", "baseline": "white"}, "imagenet.baseline must be one of black, mean"),
        ({"method": "occlusion", "steps": 257}, "imagenet.steps must be a whole number from 1 to 256. Got 257"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        ask(**options)
    assert words in str(problem.value)


def test_a_pass_that_fails_leaves_no_hook_on_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> Any:
        raise ArithmeticError("broken on purpose")

    monkeypatch.setattr(nn.Linear, "forward", fail)
    for options in ({}, {"only": "answer"}, {"only": "maps", "stage": "stem"}, {"method": "grad_cam"}):
        with pytest.raises(ArithmeticError, match="broken on purpose"):
            ask(**options)
    for module in network.trained().modules():
        assert not {**module._forward_hooks, **module._forward_pre_hooks, **module._backward_hooks}


def probe(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["probe", "cnn", "imagenet", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_the_command_line_explains_a_picture_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image

    file, out = tmp_path / "mine.png", tmp_path / "found.npz"
    Image.fromarray(photo("astronaut", None)).save(file)
    code, printed, _ = probe(capsys, "--input", str(file), "--option", "method=grad_cam", "--out", str(out))
    assert code == 0
    assert "ImageNet at step 0" in printed, "nothing is trained for a network of its own"
    trace, known = Trace.load(out), ask(photo="astronaut", method="grad_cam")
    assert {"input", "logits", "probabilities", "attribution", *(f"maps.{name}" for name in NAMES)} <= set(trace.arrays)
    for name in ("input", "logits", "attribution"):
        np.testing.assert_array_equal(trace[name], known[name])
    assert trace.state["classes"][trace["target"]] == "football helmet"


@pytest.mark.parametrize("name", ["notes.png", "one.png", "huge.png", "damaged.png"])
def test_a_file_that_is_no_picture_is_refused_in_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, words = BAD[name]
    (tmp_path / name).write_bytes(data)
    code, _, said = probe(capsys, "--input", str(tmp_path / name), "--out", str(tmp_path / "a.npz"))
    assert code == 2
    assert said.strip() == f"dlviz: {words}"


@pytest.mark.parametrize("name", ["print.jpg", "clear.png", "film.gif", "wide.png", "palette.png"])
def test_odd_pictures_are_answered(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(GOOD[name][0])
    code, _, said = probe(capsys, "--input", str(tmp_path / name), "--out", str(tmp_path / "a.npz"))
    assert (code, said) == (0, "")
    assert np.isfinite(Trace.load(tmp_path / "a.npz")["logits"]).all()
