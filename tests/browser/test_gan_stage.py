"""The builder, the opened players and the curves of the GAN lab, in the real app, against torch and the same run."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.labs.gan.objective import generator_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import SETS, GanSpec
from tests.browser.gan_players_page import CLOSE, PHONE, STAGE, TALL, layers_of, open_stage, read, show, wait_for
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

SMALL = {"generator_hidden": (13, 16), "discriminator_hidden": (17, 16), "examples": 200, "batch_size": 50}
CONVOLUTIONAL = {"network": "dcgan", "channels": (6, 4), "batch_norm": "both", "noise_dimensions": 5, "examples": 60,
                 "batch_size": 20}  # fmt: skip
SPECS = [
    GanSpec(**SMALL, conditional=True, batch_norm="both", loss="minimax"),
    GanSpec(**SMALL, dataset="digits", noise_dimensions=12, conditional=True, loss="leastsquares"),
    GanSpec(**CONVOLUTIONAL, dataset="sprites", conditional=True, loss="hinge", moves="both"),
]
NAMES = ["points", "dense pictures", "convolutions"]


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


def test_what_belongs_together_changes_together_and_is_never_refused(chromium: Any) -> None:
    choices = [("dataset", name) for name in SETS] + [("network", "dense"), ("network", "dcgan")]
    script = """async ([list, name, value]) => {
        const { companions } = await import('/gan/companions.js');
        return list.map((spec) => companions((field) => spec[field], name, value));
    }"""
    with static_page(chromium) as page:
        legal = [specs.values(GanSpec())]
        for first in SETS:  # from each data set, told classes where there are any
            [changes] = page.evaluate(script, [legal[:1], "dataset", first])
            spec = legal[0] | changes | ({"conditional": True} if SETS[first][1] else {})
            legal.append(specs.values(made(spec)))
        for name, value in choices:
            for spec, changes in zip(legal, page.evaluate(script, [legal, name, value]), strict=True):
                assert getattr(made(spec | changes), name) == value  # `made` raises where it is refused
        back = page.evaluate(script, [[legal[-3]], "dataset", "ring8"])[0]  # from MNIST
    assert made(legal[-3] | back) == GanSpec(conditional=True)


def made(values: dict[str, Any]) -> GanSpec:
    return GanSpec(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_every_layer_and_what_comes_back_are_torchs(opened: Any, spec: GanSpec) -> None:
    run, _ = show(opened, spec, 12)
    opened.locator(".gp-pick input").fill("4")
    opened.locator(".gp-pick input").press("Enter")
    wait_for(opened, "shown.players.index === 3")
    shown = read(opened)
    players, seen = shown["players"], layers_of(run, 3)
    for station in players["stations"]:
        wanted = {"noise": run.shown.z[3], "shown": seen["example"]}.get(station["key"])
        wanted = seen[station["last"]] if wanted is None else wanted
        np.testing.assert_allclose(station["values"], wanted.ravel(), atol=CLOSE, err_msg=station["key"])
    assert [math.prod(each["shape"]) for each in players["stations"]] == [len(s["values"]) for s in players["stations"]]
    assert players["logit"] == pytest.approx(seen["logit"].item(), abs=CLOSE)
    check_back(run, players, seen)
    check_parameters(run, shown)
    assert str(players["label"]) == str(int(run.shown.labels[3]))
    opened.get_by_role("button", name="A real example").click()
    wait_for(opened, "shown.players.real")
    players, seen = read(opened)["players"], layers_of(run, 3, real=0)
    bytes_apart = 0.0 if spec.is_planar else 1 / 255  # pictures come to the page as bytes
    np.testing.assert_allclose(players["example"], seen["example"].ravel(), atol=bytes_apart + 1e-6)
    assert players["logit"] == pytest.approx(seen["logit"].item(), abs=0.02 if bytes_apart else CLOSE)
    assert players["back"]["gradient"] is None
    opened.get_by_role("button", name="The fake", exact=True).click()
    wait_for(opened, "!shown.players.real")


def check_back(run: GanRun, players: dict[str, Any], seen: dict[str, torch.Tensor]) -> None:
    """G's loss of this fake, its pull on the output, D's slope and the gradient, by torch's autograd."""
    x, label = seen["fake"][None].clone().requires_grad_(), run.shown.labels[3:4]
    logit = run.network.discriminator(x, label)[0, 0]
    (slope,) = torch.autograd.grad(logit, x, retain_graph=True)
    loss = generator_losses(run.spec.loss, logit)
    pull, gradient = torch.autograd.grad(loss, [logit, x])
    assert players["back"]["loss"] == pytest.approx(loss.item(), abs=CLOSE)
    assert players["back"]["pull"] == pytest.approx(pull.item(), abs=CLOSE)
    np.testing.assert_allclose(players["back"]["slope"], slope.ravel(), atol=CLOSE)
    np.testing.assert_allclose(players["back"]["gradient"], gradient.ravel(), atol=CLOSE)


def check_parameters(run: GanRun, shown: dict[str, Any]) -> None:
    """Every row's parameters by its formula are those of torch's module; so are the sums."""
    modules = dict(run.network.named_modules())
    for row in shown["builder"]["rows"]:
        wanted = sum(each.numel() for each in modules[row["name"]].parameters())
        assert row["count"] == wanted
        assert eval(row["formula"].partition(" = ")[0].replace("·", "*"), {}) == wanted
    for part in ("generator", "discriminator"):
        total = sum(each.numel() for each in getattr(run.network, part).parameters())
        assert f"in all{total:,}" in shown["builder"]["written"]
        assert total == sum(s["parameters"] for s in shown["players"]["stations"] if belongs(s["key"]) == part)


def belongs(key: str) -> str:
    return "discriminator" if key == "shown" or key.startswith("discriminator") else "generator"


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_a_number_pointed_at_is_the_sum_of_its_products(opened: Any, spec: GanSpec) -> None:
    run, _ = show(opened, spec, 12)
    modules = dict(run.network.named_modules())
    stations = read(opened)["players"]["stations"]
    for before, station in zip([None, *stations], stations, strict=False):
        canvas = opened.locator(f'[data-station="{station["key"]}"] canvas')
        place, last = station["last_place"], len(station["values"]) - 1
        across = 0.8 if station["key"] in ("shown", "generator.output") else 0.3  # of a colour pixel, its blue
        canvas.hover(position={"x": place["x"] + across * place["size"], "y": place["y"] + 0.3 * place["size"]})
        wait_for(opened, "shown.players.opened.station === arg[0] && shown.players.opened.at === arg[1]",
                 [station["key"], last])  # fmt: skip
        found = read(opened)["players"]["opened"]
        assert found["value"] == station["values"][last]
        if before is None or station["last"] is None:
            assert found["terms"] is None
            continue
        layer = modules[station["key"]]
        x = given(before, layer, spec, int(run.shown.labels[read(opened)["players"]["index"]])).requires_grad_()
        value = layer(x).ravel()[last]
        (gradient,) = torch.autograd.grad(value, x)  # of a linear map, gradient · input is each input's share
        np.testing.assert_allclose(found["terms"], (gradient * x).detach().ravel(), atol=CLOSE)
        assert found["sum"] == pytest.approx(value.item(), abs=CLOSE)
        assert found["computed"] == pytest.approx(found["value"], abs=CLOSE)
        sizes = sorted((abs(term) for term in found["terms"] if term), reverse=True)
        assert [abs(each["value"]) for each in found["top"]] == sizes[:6]
    opened.mouse.move(5, 5)


def given(before: dict[str, Any], layer: torch.nn.Module, spec: GanSpec, label: int) -> torch.Tensor:
    """What a layer is given of a station's numbers, the class behind them, where it is told."""
    values = torch.tensor(before["values"])
    if isinstance(layer, torch.nn.Linear):
        told = torch.nn.functional.one_hot(torch.tensor(label), spec.told).float()
        return torch.cat([values, told])[: layer.in_features][None]
    values = values.reshape(before["shape"] if len(before["shape"]) == 3 else (-1, 1, 1))
    missing = layer.in_channels - len(values)  # type: ignore[operator]
    told = torch.zeros(missing, *values.shape[1:])
    if missing:
        told[label] = 1
    return torch.cat([values, told])[None]


def test_curves_and_sentences_are_those_of_the_same_run(opened: Any) -> None:
    run, events = show(opened, GanSpec(**SMALL, loss="nonsaturating"), 300)
    shown = read(opened)
    lines = {line["label"]: line for chart in shown["curves"]["charts"] for line in chart["lines"]}
    told = {event.step: event.values for event in events}
    names = {"D": "discriminator_loss", "G": "generator_loss", "V": "value", "real": "d_real", "fake": "d_fake",
             "separation": "separation", "accuracy": "accuracy", "covered": "modes", "precision": "precision",
             "recall": "recall", "quality": "quality", "distance": "frechet", "diversity": "diversity"}  # fmt: skip
    for label, name in names.items():
        compared = [(y, told[int(x)][name]) for x, y in zip(*(lines[label][k] for k in ("xs", "ys")), strict=True)
                    if int(x) in told]  # fmt: skip
        assert len(compared) > 3
        np.testing.assert_allclose(*np.transpose(compared), rtol=2e-3, atol=2e-4, err_msg=name)
    assert lines["−2 log 2"]["ys"] == pytest.approx([-2 * math.log(2)] * 2)
    words = shown["curves"]["standing"]
    at = int(re.search(r"At step ([\d,]+)", words).group(1).replace(",", ""))  # type: ignore[union-attr]
    again = GanRun(run.spec)
    again.advance(at)
    numbers = again.measured_now().numbers
    assert f"in {100 * numbers['separation']:.1f} % of all pairs" in words
    assert f"{100 * numbers['accuracy']:.1f} % of its verdicts" in words
    assert f"covers {numbers['modes']:.0f} of 8 modes" in shown["curves"]["making"]
    assert f"{100 * numbers['precision']:.1f} % of the fakes lie" in shown["curves"]["making"]
    assert re.search(r"G's loss (rose|fell|hardly moved)", shown["curves"]["honest"])
    now = shown["builder"]["formulas"]
    for part in ("generator", "discriminator"):
        assert float(now[part]["now"].replace("−", "-")) == pytest.approx(numbers[f"{part}_loss"], abs=6e-4)
    chart = opened.locator(".gc-row canvas").first
    chart.scroll_into_view_if_needed()
    chart.click(position={"x": 100, "y": 60})  # a click goes back in time
    wait_for(opened, "shown.step < 300 && shown.players.step === shown.step")


def test_the_formulas_follow_the_loss_and_only_its_own_knobs_are_there(opened: Any) -> None:
    show(opened, GanSpec(**SMALL), 2)
    wanted = {
        "wgan": ("D(G(z)) − D(x), then every weight of D cut to ± 0.1", "−D(G(z))", {"clip"}),
        "wgangp": ("D(G(z)) − D(x) + 1 · (‖∇D‖ − 1)²", "−D(G(z))", {"penalty"}),
        "leastsquares": ("½ (D(x) − 1)² + ½ D(G(z))²", "½ (D(G(z)) − 1)²", {"label_smoothing"}),
        "minimax": ("−log D(x) − log(1 − D(G(z)))", "log(1 − D(G(z)))", {"label_smoothing"}),
    }
    for loss, (discriminator, generator, knobs) in wanted.items():
        opened.locator('.gan-builder [data-field="loss"] select').select_option(loss)
        wait_for(opened, "shown.spec.loss === arg", loss)
        builder = read(opened)["builder"]
        assert builder["formulas"]["discriminator"]["formula"] == discriminator
        assert builder["formulas"]["generator"]["formula"] == generator
        assert {"clip", "penalty", "label_smoothing"} & set(builder["fields"]) == knobs
    opened.locator(".gan-builder").get_by_role("radio", name="Only G").click()
    wait_for(opened, "shown.spec.moves === 'generator'")
    assert "D stands still" in read(opened)["builder"]["turn"]
    assert "discriminator_steps" not in read(opened)["builder"]["fields"]


def test_pictures_bring_their_networks_and_a_refusal_stands_at_its_control(page: Any, app: str) -> None:
    page.set_viewport_size(TALL)
    open_stage(page, app)
    page.locator('[data-field="dataset"] select').select_option("digits")
    wait_for(page, "shown.spec.dataset === 'digits' && shown.spec.noise_dimensions === 16")
    page.get_by_role("radio", name="DCGAN").click()
    wait_for(page, "shown.spec.network === 'dcgan' && shown.spec.batch_norm === 'both' && shown.players?.stations")
    page.locator('[data-field="dataset"] select').select_option("circle")
    wait_for(page, "shown.spec.dataset === 'circle' && shown.spec.network === 'dense' && shown.players?.stations")
    assert "no classes" in read(page)["builder"]["problems"]["conditional"]
    for name, value, words in (("conditional", True, "needs classes"), ("network", "dcgan", "needs pictures")):
        page.evaluate(f"(changes) => {STAGE}.dlviz.change(changes)", {name: value})
        wait_for(page, "shown.builder.problems[arg[0]]?.includes(arg[1])", [name, words])
        page.locator(f'[data-field="{name}"] .problem', has_text=words).wait_for()
    noise = page.locator('[data-field="noise_dimensions"] input[type="text"]')
    noise.fill("10000")
    noise.press("Enter")
    wait_for(page, "shown.builder.problems.noise_dimensions?.includes('from 1 to 256')")
    assert read(page)["spec"]["noise_dimensions"] == 2


BEYOND = f"""() => [...({STAGE}.shadowRoot ?? {STAGE}).querySelectorAll('.gan *')]
    .filter((each) => !each.closest('.gb-table') && each.getBoundingClientRect().right > innerWidth)
    .map((each) => each.className || each.tagName)"""


@pytest.mark.parametrize("page", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_on_a_phone_by_keyboard_and_with_a_wrong_number(page: Any, app: str) -> None:
    open_stage(page, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="The next fake").click()
    wait_for(page, "shown.players.index === 1")
    number = page.locator(".gp-pick input")
    number.fill("401")
    number.press("Enter")
    wait_for(page, "shown.players.problem.includes('from 1 to 400') && shown.players.index === 1")
    page.evaluate(f"() => {STAGE}.dlviz.ask({{do: 'advance', steps: 3}})")  # a redraw must not wipe it
    wait_for(page, "shown.players.step === 3 && shown.players.problem.includes('from 1 to 400')")
    layer = page.locator('[data-station="generator.linear1"] canvas')
    layer.focus()
    page.keyboard.press("ArrowDown")
    wait_for(page, "shown.players.opened.station === 'generator.linear1' && shown.players.opened.at === 1")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    wait_for(page, "shown.players.opened.at === 17 && !shown.players.opened.held")
    number.focus()
    wait_for(page, "shown.players.opened.at === 1 && shown.players.opened.held")
    layer.focus()
    page.keyboard.press("Escape")
    wait_for(page, "shown.players.opened.station === 'discriminator.output'")
    for fold in page.locator(".gan-builder .fold-head").all():
        fold.click()
    assert page.evaluate(BEYOND) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
