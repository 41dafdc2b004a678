"""`dlviz probe convolution …`: a layer, a picture and a kernel of one's own from files, as data."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.signal
import torch
from PIL import Image

from dlviz.__main__ import main
from dlviz.core.trace import Trace

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, line: str) -> tuple[int, str, str]:
    """Exit code, what was printed, what was complained about."""
    try:
        code = main(["probe", "convolution", *shlex.split(line)])
    except SystemExit as left:
        code = int(left.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with files a person may bring."""
    monkeypatch.chdir(tmp_path)
    chance = np.random.default_rng(0)
    arrays: dict[str, Any] = {
        "x": chance.random((20, 30)),
        "rgb": chance.random((3, 9, 9)),
        "k": chance.normal(size=(5, 3)),
        "nan": [[np.nan]],
        "large": np.zeros((65, 2)),
        "words": np.array([["a"]]),
        "nine": np.ones((9, 9)),
        "flat": np.ones(4),
    }
    for name, array in arrays.items():
        np.save(f"{name}.npy", array)
    np.savetxt("k.csv", SOBEL, delimiter=",")
    np.save("object.npy", np.array([object()], dtype=object), allow_pickle=True)
    Path("cut.npy").write_bytes(Path("x.npy").read_bytes()[:300])
    Path("text.png").write_text("not a picture")
    Path("bad.csv").write_text("1,a\n")
    Image.fromarray((chance.random((16, 16)) * 255).astype(np.uint8)).save("grey.png")
    Image.fromarray((chance.random((16, 16, 3)) * 255).astype(np.uint8)).save("colour.png")
    Image.new("RGB", (1, 1)).save("one.png")
    return tmp_path


def test_the_sentence_of_the_issue(capsys: Capture) -> None:
    code, printed, complaint = run(capsys, "sliding --set kernel=sobel_vertical --input x.npy --out y.npz")
    assert (code, complaint) == (0, "")
    assert printed.startswith("y.npz: Sliding filter at step 0, 9 parameter arrays under state/\n")
    trace = Trace.load(Path("y.npz"))
    assert trace.dims["terms"] == ("output", "height", "width", "input", "kernel_height", "kernel_width")
    assert {"input", "kernel", "bias", "output", "terms"} == set(trace.arrays)
    wanted = scipy.signal.correlate2d(np.load("x.npy"), SOBEL, mode="valid")
    assert trace["output"][0] == pytest.approx(wanted, abs=1e-5)
    assert trace["terms"].sum((3, 4, 5)) == pytest.approx(trace["output"], abs=1e-5)
    assert np.array_equal(trace.state["weight.0"][0, 0], SOBEL)


@pytest.mark.parametrize("file", ["k.npy", "k.csv"])
def test_a_kernel_from_a_file(capsys: Capture, file: str) -> None:
    kernel = np.load(file) if file.endswith("npy") else SOBEL
    code, printed, _ = run(capsys, f"sliding --kernel {file} --input x.npy --out y.npz --json")
    assert code == 0
    assert [row["array"] for row in json.loads(printed)["arrays"]] == ["input", "output", "kernel", "bias", "terms"]
    wanted = scipy.signal.correlate2d(np.load("x.npy"), kernel, mode="valid")
    assert Trace.load(Path("y.npz"))["output"][0] == pytest.approx(wanted, abs=1e-5)


def test_a_picture_is_an_input(capsys: Capture) -> None:
    assert run(capsys, "sliding --input grey.png --out y.npz")[0] == 0
    pixels = np.asarray(Image.open("grey.png"), dtype=np.float32) / 255
    assert np.array_equal(Trace.load(Path("y.npz"))["input"], pixels[None])
    assert run(capsys, "channels --set channels=rgb --input colour.png --out y.npz")[0] == 0
    pixels = np.asarray(Image.open("colour.png"), dtype=np.float32).transpose(2, 0, 1) / 255
    assert np.array_equal(Trace.load(Path("y.npz"))["input"], pixels)


@pytest.mark.parametrize("panel", ["sliding", "channels", "matrix"])
def test_panels_that_take_both_take_both(capsys: Capture, panel: str) -> None:
    assert run(capsys, f"{panel} --input grey.png --kernel k.npy --out y.npz")[0] == 0
    trace = Trace.load(Path("y.npz"))
    assert trace["input"].shape == (1, 16, 16)
    assert trace["output"].shape == (1, 12, 14)


@pytest.mark.parametrize("panel", ["channels", "variants", "matrix", "learn", "receptive", "sliding"])
def test_every_panel_is_data(capsys: Capture, panel: str) -> None:
    code, printed, complaint = run(capsys, f"{panel} --out y.npz --json")
    assert (code, complaint) == (0, "")
    told = json.loads(printed)
    # Only the panel that shows training trains; the others would wait for nothing.
    assert told["step"] == (1000 if panel == "learn" else 0)
    trace = Trace.load(Path("y.npz"))
    assert set(trace.arrays) == {row["array"] for row in told["arrays"]}
    assert told["state"]


def test_pooling_has_panels_though_it_cannot_be_trained(capsys: Capture) -> None:
    code, _, complaint = run(capsys, "sliding --set layer=max_pool --set kernel_size=2 --set stride=2 --out y.npz")
    assert (code, complaint) == (0, "")
    trace = Trace.load(Path("y.npz"))
    wanted = torch.nn.functional.max_pool2d(torch.from_numpy(trace["input"]), 2)
    assert np.array_equal(trace["output"], wanted.numpy())


def test_the_learner_learns_as_long_as_is_said(capsys: Capture) -> None:
    assert run(capsys, "learn --steps 300 --out y.npz")[0] == 0
    trace = Trace.load(Path("y.npz"))
    assert trace["learned.weight.0"] == pytest.approx(trace["hidden.weight.0"], abs=0.02)


MISTAKES = [
    ("sliding --input rgb.npy",
     "input must have the 1 channel of channels=grey. Got '3 channels of 9 × 9'. Try channels"),
    ("sliding --input large.npy", "input must be at most 64 × 64. Got '65 × 2'."),
    ("sliding --input nan.npy", "--input must hold finite numbers. Got 'nan.npy'."),
    ("sliding --input words.npy", "--input must hold finite numbers. Got 'words.npy'."),
    ("sliding --input flat.npy",
     "input must be numbers of shape (height, width) or (channel, height, width). Got '4'."),
    ("sliding --input object.npy", "--input must hold numbers and nothing else (Object arrays cannot be loaded"),
    ("sliding --input cut.npy", "--input must hold numbers and nothing else"),
    ("sliding --input bad.csv", "--input must hold numbers and nothing else (could not convert string 'a'"),
    ("sliding --input nowhere.npy", "--input must be a file that is there. Got 'nowhere.npy'."),
    ("sliding --input nowhere.png", "--input must be a file that is there. Got 'nowhere.png'."),
    ("sliding --input a.tiff",
     "--input must be a .npy or a .csv file, or a picture (.png .jpg .jpeg .gif .webp .bmp)."),
    ("sliding --input text.png", "text.png is not a picture that can be read here: it begins with"),
    ("sliding --input one.png", "This picture has 1 × 1 pixel."),
    ("sliding --input colour.png", "input must have the 1 channel of channels=grey. Got '3 channels of 16 × 16'."),
    ("sliding --kernel nine.npy --set side=6",
     "kernel must fit: a kernel of 9 × 9 reaches over 9 × 9 cells, more than the 6"),
    ("sliding --kernel rgb.npy", "kernel must be 1 × 9 × 9 for each filter, a slice for each channel it sees."),
    ("sliding --kernel nan.npy", "--kernel must hold finite numbers. Got 'nan.npy'."),
    ("sliding --kernel grey.png", "--kernel must be a .npy or a .csv file. Got 'grey.png'. Try kernel.npy."),
    ("sliding --kernel nowhere.npy", "--kernel must be a file that is there."),
    ("sliding --kernel k.npy --set layer=max_pool", "kernel needs a layer with weights, and pooling has none."),
    ("learn --kernel k.npy", "The panel learn takes no --kernel. Got 'k.npy'. Try leaving it out."),
    ("receptive --input x.npy", "The panel receptive takes no --input."),
    ("learn --set layer=max_pool", "Training needs a layer with weights, and pooling has none."),
    ("sliding --option kernel=3", "The panel sliding has the options pointwise. Got 'kernel'."),
    ("channels --option row=99", "row must be a whole number in [0, 9]. Got 99. Try 5."),
    ("sliding --set weights=1_2", "ConvolutionSpec.weights must be 9 numbers (1 × 1 × 3 × 3)."),
    ("sliding --set weights=1_nan_1_1_1_1_1_1_1",
     "ConvolutionSpec.weights must be at most 1568 numbers in [-100, 100]. Got nan."),
    ("sliding --set weights=1_a", "ConvolutionSpec.weights must be numbers with _ between. Got '1_a'."),
    ("sliding --set picture=own --set own_pixels=AAA",
     "ConvolutionSpec.own_pixels must be the bytes of a square picture"),
    ("matrix --set side=32 --set channels=maps --set kernel=edge,edge,edge,edge,edge",
     "The matrix must have at most 16,000,000"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "words"), MISTAKES, ids=lambda value: value)
def test_a_mistake_costs_one_line_and_exit_code_2(capsys: Capture, line: str, words: str) -> None:
    code, printed, complaint = run(capsys, f"{line} --out y.npz")
    assert (code, printed) == (2, "")
    assert complaint.startswith(f"dlviz: {words}")
    assert complaint.count("\n") == 1
    assert not Path("y.npz").exists()
