"""The script a student takes home prints the array on the stage and the losses of the run, to the digit."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.labs.convolution import code
from dlviz.labs.convolution.pixels import encode
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import LAYERS, PICTURES, ConvolutionSpec
from tests.labs.convolution.drawn import POOLS, ROW, drawn_specs

STEPS = 50
OWN = encode(np.random.default_rng(0).integers(0, 256, 3 * 10 * 10, dtype=np.uint8).tobytes())
SPECS: dict[str, dict[str, Any]] = {
    "default": {},
    **{f"{mode}, {way}": {"padding": way, "padding_amount": 2, "padding_mode": mode, "kernel": ("emboss", "edge")}
       for mode in ("zeros", "reflect", "replicate", "circular") for way in ("same", "full", "number")},
    **{layer: {"layer": layer, "channels": "rgb", "kernel": ("sobel_vertical", "gaussian")} for layer in LAYERS},
    "even same": {"padding": "same", "kernel_size": 4, "dilation": 1, "kernel": ("average",)},
    "stride, dilation, groups": {"channels": "maps", "groups": 2, "stride": 2, "dilation": 2,
                                 "kernel": ("random",) * 4},
    "causal, stride": {"layer": "causal", "stride": 2, "padding_mode": "replicate", "channels": "maps"},
    "transposed, groups": {"layer": "transposed", "channels": "maps", "groups": 2, "stride": 2, "padding": "number",
                           "dilation": 2, "kernel": ("random",) * 4},
    "pools with padding": {"layer": "max_pool", "stride": 2, "padding": "number", "dilation": 2},
    "pools with padding, mean": {"layer": "average_pool", "stride": 3, "padding": "number", "channels": "rgb"},
    "turned": {"flip": True, "kernel": ("random", "emboss"), "bias": (0.5, -1.0)},
    "edited": {"weights": tuple(i / 7 for i in range(9)), "bias": (0.1,)},
    "digits": {"pairs": "digits", "channels": "rgb", "optimizer": "adam", "learning_rate": 0.05},
    "digits, maps, noise": {"pairs": "digits", "channels": "maps", "pair_noise": 0.3, "batch_size": 7},
    "photos": {"pairs": "photos", "picture": "photo", "photo": "coffee", "optimizer": "momentum"},
    "photos, rgb": {"pairs": "photos", "picture": "photo", "channels": "rgb", "layer": "separable"},
    "photos, maps, a row": {"pairs": "photos", "picture": "photo", "channels": "maps", "layer": "conv1d", "seed": 9},
    "flat": {"pairs": "flat", "picture": "noise", "seed": 5},
    "own": {"picture": "own", "own_pixels": OWN, "channels": "rgb", "side": 10},
    "own, mixed to grey": {"picture": "own", "own_pixels": OWN, "side": 7},
    "large, measured in part": {"side": 32, "channels": "maps", "kernel": ("random",) * 8, "kernel_size": 7},
}  # fmt: skip


def output_lines(run: ConvolutionRun) -> list[str]:
    """What the stage shows, as the script writes it."""
    with torch.no_grad():
        output = run.target(run.picture[None])[0]
    found = []
    for number, plane in enumerate(output.tolist(), start=1):
        found += [f"map {number}", *(" ".join(f"{value:.7g}" for value in row) for row in plane)]
    return found


def numbers(lines: list[str]) -> np.ndarray:
    return np.array([float(word) for line in lines if not line.startswith("map") for word in line.split()])


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each script prints; all run in one other process, because most of the time goes into importing torch."""
    folder = tmp_path_factory.mktemp("scripts")
    for i, changes in enumerate(SPECS.values()):
        (folder / f"{i}.py").write_text(code.script(ConvolutionSpec(**changes), STEPS), encoding="utf-8")
    every = f"import runpy\nfor i in range({len(SPECS)}):\n    print('---')\n    runpy.run_path(f'{{i}}.py')"
    # -I: neither our package nor the environment can help the scripts.
    done = subprocess.run([sys.executable, "-I", "-c", every], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return dict(zip(SPECS, [part.splitlines() for part in done.stdout.split("---\n")[1:]], strict=True))


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_what_the_stage_shows(name: str, printed: dict[str, list[str]]) -> None:
    wanted = output_lines(ConvolutionRun(ConvolutionSpec(**SPECS[name])))
    found = printed[name][: len(wanted)]
    if SPECS[name].get("layer") == "global_average_pool":
        # AdaptiveAvgPool2d adds up in another order than avg_pool2d over the whole picture.
        assert numbers(found) == pytest.approx(numbers(wanted), rel=1e-6)
    else:
        assert found == wanted


@pytest.mark.parametrize("name", [name for name in SPECS if SPECS[name].get("layer") not in POOLS])
def test_the_script_prints_the_losses_of_the_run(name: str, printed: dict[str, list[str]]) -> None:
    run = ConvolutionRun(ConvolutionSpec(**SPECS[name]))
    events = run.advance(STEPS)
    assert len({event.values["train_loss"] for event in events}) > 2
    lines = printed[name][len(output_lines(run)) :]
    assert lines == [f"{event.step} {event.values['train_loss']} {event.values['test_loss']}" for event in events]


@pytest.mark.parametrize("layer", LAYERS)
@settings(max_examples=10)
@given(data=st.data())
def test_any_layer_comes_out_the_same(layer: str, data: st.DataObject) -> None:
    """The module of torch.nn that the script names is the layer on the stage, whatever its settings."""
    spec = data.draw(drawn_specs([layer]))
    run = ConvolutionRun(spec)
    said, names = io.StringIO(), {}
    with contextlib.redirect_stdout(said):
        exec(code.script(spec, 8), names)
    with torch.no_grad():
        wanted = run.target(run.picture[None])[0]
    found = names["output"].unsqueeze(-2) if layer in ROW else names["output"]
    assert found.shape == wanted.shape
    # Not bit for bit in every draw: torch picks its kernel by how the memory lies, and another sums in another order.
    assert torch.allclose(found, wanted, rtol=1e-6, atol=1e-6)
    if layer in POOLS:
        return  # nothing to train
    try:
        events = run.advance(8)
    except Diverged:
        return
    lines = [[float(word) for word in line.split()] for line in said.getvalue().splitlines()[-len(events) :]]
    known = [[event.step, event.values["train_loss"], event.values["test_loss"]] for event in events]
    np.testing.assert_allclose(lines, known, rtol=1e-5)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("channels", ["grey", "rgb", "maps"])
def test_the_picture_is_written_out_to_the_last_digit(picture: str, channels: str) -> None:
    spec = ConvolutionSpec(picture=picture, channels=channels, own_pixels=OWN if picture == "own" else "",
                           layer="average_pool", padding="number")  # fmt: skip
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code.script(spec), names)
    assert torch.equal(names["picture"], ConvolutionRun(spec).picture)


MODULES = [
    ({}, "nn.Conv2d(1, 1, kernel_size=3)"),
    ({"padding": "same"}, 'nn.Conv2d(1, 1, kernel_size=3, padding="same")'),
    ({"padding": "number", "padding_mode": "reflect"},
     'nn.Conv2d(1, 1, kernel_size=3, padding=1, padding_mode="reflect")'),
    ({"padding": "full", "dilation": 2}, "nn.Conv2d(1, 1, kernel_size=3, padding=4, dilation=2)"),
    ({"channels": "maps", "groups": 2, "kernel": ("edge",) * 4, "stride": 2},
     "nn.Conv2d(4, 4, kernel_size=3, stride=2, groups=2)"),
    ({"layer": "conv1d"}, "nn.Conv1d(1, 1, kernel_size=3)"),
    ({"layer": "causal", "dilation": 2}, "CausalConv1d(1, 1, kernel_size=3, dilation=2)"),
    ({"layer": "transposed", "stride": 2}, "nn.ConvTranspose2d(1, 1, kernel_size=3, stride=2)"),
    ({"layer": "depthwise", "channels": "rgb"}, "nn.Conv2d(3, 3, kernel_size=3, groups=3)"),
    ({"layer": "pointwise", "channels": "rgb"}, "nn.Conv2d(3, 1, kernel_size=1)"),
    ({"layer": "max_pool"}, "nn.MaxPool2d(kernel_size=3, stride=1)"),
    ({"layer": "average_pool", "stride": 3, "padding": "number"}, "nn.AvgPool2d(kernel_size=3, stride=3, padding=1)"),
    ({"layer": "global_average_pool"}, "nn.AdaptiveAvgPool2d(1)"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "line"), MODULES, ids=lambda value: value if isinstance(value, str) else None)
def test_the_layer_is_written_as_one_writes_it(changes: dict[str, Any], line: str) -> None:
    assert f"layer = {line}\n" in code.script(ConvolutionSpec(**changes))


@settings(max_examples=40)
@given(spec=drawn_specs())
def test_it_is_plain_pytorch_without_what_it_does_not_use(spec: ConvolutionSpec) -> None:
    text = code.script(spec)
    tree = ast.parse(text)
    assert "dlviz" not in text
    brought = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
               for alias in node.names}  # fmt: skip
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    made = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)} - {"forward"}
    assert brought <= used
    assert made <= used
    assert not re.search(r"\n\n\n\n|[ \t]\n", text)
    assert text.startswith('"""')
    assert text.endswith("\n")


def test_own_pixels_that_are_no_picture_are_refused() -> None:
    with pytest.raises(InvalidInput, match="own_pixels must be the bytes of a square picture"):
        code.script(ConvolutionSpec(picture="own", own_pixels=encode(bytes(7))))
