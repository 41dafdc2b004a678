"""The numbers of the Autoencoder lab's stage, in the real app, against torch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.nn import functional

from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from tests.browser.autoencoder_stage_page import CLOSE, TALL, VAE, open_stage, outputs, read, show, wait_for

pytestmark = pytest.mark.browser

SPECS = [
    VAE,
    AutoencoderSpec(dataset="sprites", kind="conditional", network="convolutional", channels=(4, 6), latent=3,
                    examples=300),
    AutoencoderSpec(dataset="digits", kind="plain", hidden=(), latent=1, likelihood="gaussian", activation="linear"),
    AutoencoderSpec(dataset="digits", kind="sparse", hidden=(20,), latent=32, activation="relu", picture=9),
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport=TALL)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_stage(page, app)
    context.close()
    assert problems == []


def behind(run: AutoencoderRun, name: str, seen: dict[str, torch.Tensor]) -> torch.Tensor:
    """What a station shows of a layer: behind its activation, where it has one."""
    names = [row.name for row in run.spec.rows]
    after = run.spec.rows[names.index(name) + 1] if name != names[-1] else None
    return seen[after.name] if after is not None and after.kind == "activation" else seen[name]


def check_loss(found: dict[str, Any], run: AutoencoderRun, again: torch.Tensor, mean: Any, sigma: Any) -> None:
    """The losses of one picture by torch's own functions."""
    x = run.picture.pixels
    assert found["squared_error"] == pytest.approx(float(functional.mse_loss(again, x)), rel=1e-4)
    np.testing.assert_allclose(found["error"], (again - x).ravel(), atol=CLOSE)
    if run.spec.likelihood == "bernoulli":
        lost = functional.binary_cross_entropy(again, x, reduction="sum")
    else:
        lost = functional.mse_loss(again, x, reduction="sum") / 2
    assert found["reconstruction"] == pytest.approx(float(lost), rel=1e-4)
    if not run.spec.is_variational:
        assert found["kl"] is None
        assert found["elbo"] is None
        return
    kl = kl_divergence(Normal(torch.tensor(mean), torch.tensor(sigma)), Normal(0.0, 1.0)).sum()
    assert found["kl"] == pytest.approx(float(kl), rel=1e-4)
    assert found["elbo"] == pytest.approx(-float(lost + kl), rel=1e-4)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset}-{spec.kind}-{spec.network}")
def test_layers_code_reconstruction_and_loss_are_torchs(opened: Any, spec: AutoencoderSpec) -> None:
    run = show(opened, spec, 60)
    seen, shown = outputs(run), read(opened)
    glass = shown["hourglass"]
    for station in glass["stations"]:
        name = station["key"]
        wanted = (
            run.picture.pixels if name in ("picture", "encoder.flatten")
            else seen["mean"] if name == "code"
            else seen["again"] if name == "again"
            else behind(run, name, seen)
        )  # fmt: skip
        np.testing.assert_allclose(station["values"], wanted.ravel(), atol=CLOSE, err_msg=name)
    named = {row.name for row in spec.rows if row.parameters and row.part != "code"}
    assert named - {station["key"] for station in glass["stations"]} <= {"decoder.output"}  # maps: the picture itself
    np.testing.assert_allclose(glass["picture"], seen["again"].ravel(), atol=CLOSE)
    check_loss(glass["loss"], run, seen["again"], glass["mean"], glass["sigma"])
    check_parameters(opened, run, shown)
    check_dimensions(run, shown["curves"])
    check_lengths(spec, glass["stations"])


def check_parameters(page: Any, run: AutoencoderRun, shown: dict[str, Any]) -> None:
    """Every row's parameters by its formula are those of torch's module; so is their sum."""
    modules = dict(run.network.named_modules())
    for row in shown["builder"]["rows"]:
        wanted = sum(each.numel() for each in modules[row["name"]].parameters())
        assert row["count"] == wanted
        left = row["formula"].partition(" = ")[0].replace("·", "*")
        assert eval(left, {}) == wanted
    total = sum(each.numel() for each in run.network.parameters())
    assert shown["builder"]["total"] == total
    assert f"in all{total:,}" in shown["builder"]["written"]
    assert sum(station["parameters"] for station in shown["hourglass"]["stations"]) == total


def check_dimensions(run: AutoencoderRun, found: dict[str, Any]) -> None:
    """KL and spread of each number of the code over the test pictures, and which have collapsed."""
    pictures = run.data.pictures
    measured_at = int(re.search(r"step ([\d,]+)", found["words"]).group(1).replace(",", ""))  # type: ignore[union-attr]
    earlier = AutoencoderRun(run.spec)
    earlier.advance(measured_at)
    with torch.no_grad():
        code = earlier.network.encode(pictures.test_x[:500], pictures.test_y[:500])
    spread = np.var(code.mean.numpy(), axis=0)
    np.testing.assert_allclose(found["spread"], spread, rtol=1e-3, atol=1e-7)
    assert found["collapsed"] == [bool(value < 0.01) for value in spread]
    used = int((spread >= 0.01).sum())
    assert f"{used} of {run.spec.latent} number" in found["words"]
    assert "Burda et al., 2016" in found["dimension_words"]
    if code.log_variance is None:
        assert found["kl"] is None
        assert "no KL" in found["words"]
    else:
        kl = kl_divergence(Normal(code.mean, (code.log_variance / 2).exp()), Normal(0.0, 1.0)).mean(0)
        np.testing.assert_allclose(found["kl"], kl, rtol=1e-3, atol=1e-6)
        assert "ELBO" in found["words"]


def check_lengths(spec: AutoencoderSpec, stations: list[dict[str, Any]]) -> None:
    """Every number of every layer takes the same area on the screen."""
    layers = [each for each in stations if each["kind"] in ("cells", "maps")]
    cells = [each["place"]["w"] / each["place"]["cols"] for each in layers]
    cells += [each["place"]["h"] / each["place"]["rows"] for each in layers]
    assert cells == pytest.approx([cells[0]] * len(cells))


@pytest.mark.parametrize("spec", SPECS[:2], ids=["dense", "convolutional"])
def test_a_number_pointed_at_is_the_sum_of_its_products_and_says_what_it_reaches(
    opened: Any, spec: AutoencoderSpec
) -> None:
    run = show(opened, spec, 60)
    modules = dict(run.network.named_modules())
    canvas = opened.locator(".glass-canvas")
    canvas.scroll_into_view_if_needed()
    stations = read(opened)["hourglass"]["stations"]
    for k, station in enumerate(stations):
        canvas.hover(position=middle_of(station))
        wait_for(opened, "shown.hourglass.opened?.station === arg && !shown.hourglass.opened.held", k)
        found = read(opened)["hourglass"]["opened"]
        if station["kind"] == "maps" or (station["kind"] in ("picture", "again") and station["shape"][0] == 3):
            channels, height, width = station["shape"]
            assert found["at"] // (height * width) == (1 if station["kind"] == "maps" else channels - 1)
        if found["terms"] is not None:
            check_products(stations, found, modules, run)
        if station["key"] == "encoder.conv1":
            check_field(read(opened)["hourglass"]["field"], found["at"], modules["encoder.conv1"], run)
        if found["reached"] is not None:
            check_reach(stations, found, modules, run)
        assert (found["reached"] is None) == (station["key"] in ("again", "decoder.output"))
        if found["reached"] is None:
            again, x = (torch.tensor(stations[which]["values"])[found["at"]] for which in (-1, 0))
            assert found["cost"]["nats"] == pytest.approx(float(functional.binary_cross_entropy(again, x)), rel=1e-4)
    opened.mouse.move(5, 5)


def middle_of(station: dict[str, Any]) -> dict[str, float]:
    """A point within the station: of maps in the second one (there is nothing between two), of a colour in its blue."""
    place, (rows, cols) = station["place"], (0.5, 0.5)
    if station["kind"] == "maps":
        _, height, width = station["shape"]
        beside = place["cols"] > width
        rows = (height // 2 + 0.5 + (0 if beside else height + 1)) / place["rows"]
        cols = (width // 2 + 0.5 + (width + 1 if beside else 0)) / place["cols"]
    elif station["kind"] in ("picture", "again"):
        cols = (place["cols"] // 2 + station["shape"][0] - 0.5) / place["cols"]
    return {"x": place["x"] + place["w"] * cols, "y": place["y"] + place["h"] * rows + 1}


def layer_of(station: dict[str, Any], modules: dict[str, Any]) -> Any:
    return modules[{"again": "decoder.output", "code": "mean"}.get(station["key"], station["key"])]


def input_of(station: dict[str, Any], layer: Any, run: AutoencoderRun) -> torch.Tensor:
    """What a layer is given of a station's numbers: one-hot classes behind them, or maps, as its module takes it."""
    values = torch.tensor(station["values"])
    if isinstance(layer, torch.nn.Linear):
        extra = layer.in_features - len(values)
        told = functional.one_hot(run.picture.batch[1], extra)[0].float() if extra else values[:0]
        return torch.cat([values, told])[None]
    side = int((len(values) // layer.in_channels) ** 0.5)
    return values.reshape(1, layer.in_channels, side, side)


def check_products(stations: Any, found: Any, modules: Any, run: AutoencoderRun) -> None:
    """By torch's gradient: of a linear map, gradient · input is each input's share."""
    layer = layer_of(stations[found["station"]], modules)
    x = input_of(stations[found["from"]], layer, run).requires_grad_()
    value = layer(x).ravel()[found["at"]]
    (gradient,) = torch.autograd.grad(value, x)
    np.testing.assert_allclose(found["terms"], (gradient * x).detach().ravel(), atol=CLOSE)
    assert found["sum"] == pytest.approx(value.item(), abs=CLOSE)
    assert sum(found["terms"]) + found["bias"] == pytest.approx(found["sum"], abs=CLOSE)
    assert found["computed"] == pytest.approx(found["value"], abs=CLOSE)
    sizes = sorted((abs(term) for term in found["terms"] if term), reverse=True)
    assert [abs(each["value"]) for each in found["top"]] == sizes[:6]


def check_field(field: dict[str, Any], at: int, layer: Any, run: AutoencoderRun) -> None:
    """What is outlined on the picture is where torch's gradient of that number is not 0."""
    x = run.picture.pixels[None].clone().requires_grad_()
    (gradient,) = torch.autograd.grad(layer(x).ravel()[at], x)
    rows, cols = gradient[0].abs().sum(0).nonzero(as_tuple=True)
    assert [field["top"], field["bottom"]] == [int(rows.min()), int(rows.max()) + 1]
    assert [field["left"], field["right"]] == [int(cols.min()), int(cols.max()) + 1]


def check_reach(stations: Any, found: Any, modules: Any, run: AutoencoderRun) -> None:
    """What the next layer's sums lose when this number is 0."""
    layer = layer_of(stations[found["to"]], modules)
    x = input_of(stations[found["station"]], layer, run)
    without = x.clone()
    without.view(-1)[found["at"]] = 0
    with torch.no_grad():
        np.testing.assert_allclose(found["reached"], (layer(x) - layer(without)).ravel(), atol=CLOSE)


def test_what_is_decoded_from_a_drawn_z_is_torchs(opened: Any) -> None:
    run = show(opened, VAE, 60)
    opened.locator(".glass-draw .chip", has_text="Draw").click()
    wait_for(opened, "shown.hourglass.epsilon !== null")
    glass = read(opened)["hourglass"]
    mean, sigma, epsilon = (torch.tensor(glass[name]) for name in ("mean", "sigma", "epsilon"))
    z = mean + sigma * epsilon
    np.testing.assert_allclose(glass["z"], z, atol=CLOSE)
    again = outputs(run, z[None])["again"]
    np.testing.assert_allclose(glass["picture"], again.ravel(), atol=CLOSE)
    check_loss(glass["loss"], run, again, glass["mean"], glass["sigma"])
    opened.locator(".glass-draw .chip", has_text="z = μ").first.click()
    wait_for(opened, "shown.hourglass.epsilon === null")
