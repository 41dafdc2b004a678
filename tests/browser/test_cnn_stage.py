"""The stage of the CNN lab in the real app: maps, bars and arithmetic on screen against torch."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from dlviz.labs.cnn import model
from dlviz.labs.cnn.spec import CnnSpec
from tests.browser.cnn_page import SMALL, ask, open_cnn, open_map, point, stage, wait_for_stage

pytestmark = pytest.mark.browser


def network_of(arrays: dict[str, Any], spec: CnnSpec) -> tuple[nn.Sequential, dict[str, torch.Tensor]]:
    """The run's network built again from what the probe says of its state, and what each of its rows gives."""
    network = model.build(spec).eval()
    state = {name.removeprefix("state/"): torch.tensor(a["data"], dtype=torch.float32).reshape(a["shape"])
             for name, a in arrays.items() if name.startswith("state/")}  # fmt: skip
    network.load_state_dict(state, strict=False)
    assert set(dict(network.named_parameters())) <= set(state)
    x = torch.tensor(arrays["input"]["data"]).reshape(arrays["input"]["shape"])[None]
    after = {}
    with torch.no_grad():
        for name, module in network.named_children():
            after[name] = x = module(x)
    return network, {name: values[0] for name, values in after.items()}


def test_every_number_of_the_stage_is_torchs(page: Any, app: str) -> None:
    spec = CnnSpec(**{k: tuple(v) if isinstance(v, list) else v for k, v in SMALL.items()})  # type: ignore[arg-type]
    open_cnn(page, app, **SMALL)
    page.get_by_role("radio", name="Every layer").click()
    rows = wait_for_stage(page, "dlviz.rows().some(({ name }) => name === 'norm1') && dlviz.ready && dlviz.rows()")
    network, after = network_of(ask(page), spec)

    # --- maps, to the step of their bytes; strips and cells as they are
    assert [row["name"] for row in rows] == [r.name for r in spec.rows if r.kind not in ("dropout", "softmax")]
    for row in rows:
        expected = after[row["name"]].numpy()
        shown = np.array(stage(page, "values", row["name"])).reshape(expected.shape)
        steps = np.ptp(expected.reshape(len(expected), -1), axis=1) / 255 if expected.ndim == 3 else np.zeros(1)
        slack = steps.max() / 2 * 1.01 + 1e-4
        assert np.abs(shown - expected).max() <= slack, row["name"]

    # --- and their colours: about zero, or from zero on behind the ReLU
    signed, amounts = (np.array(table).reshape(-1, 3) for table in stage(page, "colors"))
    for name, table, low in (("conv1", signed, -1), ("act1", amounts, 0)):
        limit = after[name].abs().max().item()
        assert stage(page, "limit", name) == pytest.approx(limit, rel=1e-5)
        for channel, y, x in ((0, 0, 0), (1, 3, 4), (2, 7, 2)):
            share = (stage(page, "values", name)[(channel * 8 + y) * 8 + x] / limit - low) / (1 - low)
            near = table[[int(np.clip(round(share * 510) + d, 0, 510)) for d in (-1, 0, 1)]]
            assert stage(page, "pixel", name, channel, y, x) in near.tolist()

    # --- the answer
    probabilities = after["output"].softmax(0)
    assert stage(page, "bars") == pytest.approx(probabilities.tolist(), abs=1e-5)
    answer = int(probabilities.argmax())
    assert f"{spec.classes[answer]}, {probabilities[answer] * 100:.1f} %" in stage(page, "verdict").replace("\xa0", " ")

    # --- what a cell sees: the cells of the picture that a gradient reaches
    point(page, "pool2", 1, 1, 0)
    field = wait_for_stage(page, "dlviz.focus()?.y === 1 && dlviz.field()")
    assert field == seen_by_gradient(network, "pool2", 1, 0)
    assert "pool2 · map 2" in stage(page, "says")

    # --- the arithmetic of a cell, of every kind of row
    found = open_map(page, "conv2", 2, 3, 0)
    conv, x = network.get_submodule("conv2"), after["pool1"]
    assert isinstance(conv, nn.Conv2d)
    window = functional.pad(x, (1, 1, 1, 1))[:, 3:6, 0:3]
    products = (window * conv.weight[2]).detach()
    assert [t["product"] for t in found["terms"]] == pytest.approx(products.flatten().tolist(), abs=1e-5)
    assert found["partials"] == pytest.approx(products.sum((1, 2)).tolist(), abs=1e-5)
    assert found["bias"] == pytest.approx(conv.bias[2].item(), rel=1e-5)  # type: ignore[index]
    assert found["sum"] + found["bias"] == pytest.approx(after["conv2"][2, 3, 0].item(), abs=1e-5)
    assert found["result"] == pytest.approx(after["conv2"][2, 3, 0].item(), abs=1e-5)
    page.mouse.move(2, 2)
    assert wait_for_stage(page, "dlviz.focus() === null && dlviz.field()") == seen_by_gradient(network, "conv2", 3, 0)

    for row, channel, y, x in (("norm1", 1, 2, 5), ("act1", 0, 4, 4), ("pool1", 2, 1, 3), ("dense1", 3, None, None),
                               ("dense_act1", 2, None, None), ("output", 4, None, None)):  # fmt: skip
        found = open_map(page, row, channel, y, x)
        value = after[row][channel, y, x] if y is not None else after[row][channel]
        assert found["result"] == pytest.approx(value.item(), abs=1e-4), row
        if row in ("dense1", "output"):
            layer, given = network.get_submodule(row), after["flatten" if row == "dense1" else "dense_act1"]
            assert [t["product"] for t in found["terms"]] == pytest.approx(
                (layer.weight[channel] * given).tolist(), abs=1e-5
            )
    assert found["sum"] + found["bias"] == pytest.approx(after["output"][4].item(), abs=1e-4)

    # --- by hand
    page.keyboard.press("ArrowDown")
    wait_for_stage(page, "dlviz.opened()?.row === 'output' && dlviz.opened().channel === 5")
    page.keyboard.press("Escape")
    wait_for_stage(page, "dlviz.pinned() === null && dlviz.opened() === null")

    # --- live: while it trains, the maps follow, and drawing them takes a few milliseconds
    page.get_by_role("button", name="Play", exact=True).click()
    before = stage(page, "step")
    wait_for_stage(page, "dlviz.ready && dlviz.step() > arg", before + 30)
    page.keyboard.press("Space")
    times = stage(page, "timings")
    assert statistics.median(times) < 10


def seen_by_gradient(network: nn.Sequential, name: str, y: int, x: int) -> dict[str, int]:
    """Which cells of an 8 × 8 picture a cell depends on, padding included: kernels of ones in a picture with a rim."""
    weights = {"conv1": 3, "conv2": 3}
    rim, picture = 8, torch.zeros(1, 1, 24, 24, requires_grad=True)
    value = picture
    for each, _ in network.named_children():
        if each in weights:
            value = functional.conv2d(value, torch.ones(1, 1, 3, 3), padding=1)
        elif each.startswith("pool"):
            value = functional.avg_pool2d(value, 2)
        if each == name:
            break
    shift = rim // (24 // value.shape[-1])
    value[0, 0, y + shift, x + shift].backward()
    rows, columns = picture.grad[0, 0].nonzero(as_tuple=True)  # type: ignore[index]
    found = {"top": rows.min(), "bottom": rows.max(), "left": columns.min(), "right": columns.max()}
    return {side: int(at) - rim for side, at in found.items()}
