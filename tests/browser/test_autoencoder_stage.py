"""The stage of the Autoencoder lab in the real app: every number on it against torch, and what one does with it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.nn import functional

from dlviz.core import spec as specs
from dlviz.labs.autoencoder.objective import beta_at
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
CLOSE = 2e-5
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.autoencoder)"
TALL = {"width": 1440, "height": 12_000}
PHONE = {"width": 390, "height": 12_000}
SMALL = {"dataset": "digits", "hidden": "32,16"}

VAE = AutoencoderSpec(dataset="digits", hidden=(32, 16), latent=5, picture=3)
SPECS = [
    VAE,
    AutoencoderSpec(dataset="sprites", kind="conditional", network="convolutional", channels=(4, 6), latent=3, examples=300),
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


def open_stage(page: Any, app: str, step: int = 0, **settings: Any) -> Any:
    """Go to the lab and wait until its hourglass is drawn."""
    query = {f"autoencoder.{name}": value for name, value in {**SMALL, **settings}.items()}
    page.goto(f"{app}/autoencoder?{urlencode(query | {'autoencoder.step': step})}")
    wait_for(page, f"shown.hourglass?.step === {step} && shown.hourglass.shown_step === {step}")
    return page


def read(page: Any) -> Any:
    return page.evaluate(f"() => {STAGE}.dlviz.autoencoder()")


def wait_for(page: Any, condition: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression of `shown` (what the stage shows) and `arg` holds."""
    script = f"(arg) => {{ const shown = {STAGE}?.dlviz.autoencoder(); return Boolean(shown && ({condition})); }}"
    page.wait_for_function(script, arg=arg, timeout=60_000)


def show(page: Any, spec: AutoencoderSpec, steps: int) -> AutoencoderRun:
    """Bring the page to a run of this spec after so many steps; the same run, here."""
    for command in ({"do": "set", "changes": specs.values(spec)}, {"do": "reset"}, {"do": "advance", "steps": steps}):
        page.evaluate(f"(command) => {STAGE}.dlviz.ask(command)", command)
    same = "Object.keys(arg[0]).every((name) => JSON.stringify(shown.spec[name]) === JSON.stringify(arg[0][name]))"
    drawn = "shown.hourglass?.step === arg[1] && shown.hourglass.shown_step === arg[1] && shown.curves.step === arg[1]"
    wait_for(page, f"{same} && {drawn}", [specs.values(spec), steps])
    run = AutoencoderRun(spec)
    run.advance(steps)
    return run


def outputs(run: AutoencoderRun, z: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
    """What each module of the network makes of the picture on screen, by name; decoded from μ, or from z."""
    seen: dict[str, torch.Tensor] = {}
    pixels, label = run.picture.batch
    hooks = [
        module.register_forward_hook(lambda _m, _g, after, name=name: seen.__setitem__(name, after[0].detach()))
        for name, module in run.network.named_modules()
    ]
    with torch.no_grad():
        code = run.network.encode(pixels, label)
        decoded = run.network.decode(code.mean if z is None else z, label)
        seen |= {"mean": code.mean[0], "again": run.network.pictures(decoded)[0]}
    for hook in hooks:
        hook.remove()
    return seen


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
        assert found["kl"] is None and found["elbo"] is None
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
        assert eval(left, {}) == wanted  # noqa: S307 (our own formula, in digits and signs)
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
        assert found["kl"] is None and "no KL" in found["words"]
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
        if found["terms"] is not None:
            check_products(stations, found, modules, run)
        if found["reached"] is not None:
            check_reach(stations, found, modules, run)
        assert found["reached"] is not None or station["key"] in ("again", "decoder.output")
    opened.mouse.move(5, 5)


def middle_of(station: dict[str, Any]) -> dict[str, float]:
    """A point within the station; of maps in the middle of the first one, because there is nothing between two."""
    place, (rows, cols) = station["place"], (0.5, 0.5)
    if station["kind"] == "maps":
        _, height, width = station["shape"]
        rows, cols = (height // 2 + 0.5) / place["rows"], (width // 2 + 0.5) / place["cols"]
    return {"x": place["x"] + place["w"] * cols + 1, "y": place["y"] + place["h"] * rows + 1}


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


def test_the_keyboard_walks_holds_and_lets_go(opened: Any) -> None:
    show(opened, VAE, 60)
    canvas = opened.locator(".glass-canvas")
    canvas.focus()
    opened.keyboard.press("ArrowRight")
    wait_for(opened, "shown.hourglass.opened?.station === 0 && shown.hourglass.opened.at === 0")
    opened.keyboard.press("ArrowDown")
    wait_for(opened, "shown.hourglass.opened.at === 8")  # one row down in a picture of 8 × 8
    for _ in range(8):
        opened.keyboard.press("ArrowRight")
    wait_for(opened, "shown.hourglass.opened.station === 1")  # and on into the next layer
    opened.keyboard.press("Enter")
    wait_for(opened, "shown.hourglass.opened.held === true && shown.hourglass.words.includes('(held)')")
    canvas.hover(position={"x": 20, "y": 200})  # what is held stays while the pointer goes elsewhere
    wait_for(opened, "shown.hourglass.opened.station === 1")
    opened.keyboard.press("Escape")
    wait_for(opened, "shown.hourglass.opened === null && shown.hourglass.words.startsWith('For example')")
    bars = opened.locator(".dimension-bars")
    bars.focus()
    opened.keyboard.press("ArrowRight")
    wait_for(opened, "shown.curves.dimension_words.startsWith('z₁: KL')")


def test_only_controls_that_matter_are_there_and_beta_is_that_of_the_moment(opened: Any) -> None:
    spec = AutoencoderSpec(dataset="digits", hidden=(32, 16), beta=4, warmup=400)
    show(opened, spec, 100)
    wait_for(opened, "shown.builder.beta === arg", beta_at(spec, 100))
    builder = read(opened)["builder"]
    assert "β of this moment: 1 (warm-up: step 100 of 400, 4 at its end)" in builder["effective"]
    assert {"beta", "warmup", "hidden"} <= set(builder["fields"])
    assert not {"noise", "noise_kind", "sparsity", "target_activity", "channels"} & set(builder["fields"])
    every = {field["name"] for field in specs.describe(AutoencoderSpec)} - {"picture", "own_pixels"}
    there = {each.get_attribute("data-field") for each in opened.locator(".builder [data-field]").all()}
    assert there == every
    opened.locator(".builder [data-field=kind] select").select_option("denoising")
    wait_for(opened, "shown.builder.fields.includes('noise') && !shown.builder.fields.includes('beta')")
    opened.locator(".builder .segments button", has_text="Convolutional").click()
    wait_for(
        opened, "shown.builder.fields.includes('channels') && shown.hourglass?.stations.some((s) => s.kind === 'maps')"
    )


def test_what_cannot_be_is_refused_at_its_control_and_stays_said(opened: Any) -> None:
    show(opened, AutoencoderSpec(dataset="faces", hidden=(16,), examples=20), 1)
    kind = opened.locator(".builder [data-field=kind]")
    kind.locator("select").select_option("conditional")
    kind.locator(".problem", has_text="needs pictures of several classes").wait_for()
    leave = opened.locator(".builder .leaving")
    assert "There is one class" in leave.text_content()
    assert read(opened)["spec"]["kind"] == "variational"
    width = opened.get_by_label("units of layer 1", exact=True)
    width.fill("5000")
    width.press("Enter")
    wrong = opened.locator(".builder [data-field=hidden] .wrong")
    wrong.filter(has_text="whole number of units from 1 to 1,024").wait_for()
    opened.evaluate(f"() => {STAGE}.dlviz.ask({{do: 'advance', steps: 2}})")
    wait_for(opened, "shown.hourglass?.step === 3")
    assert "from 1 to 1,024" in wrong.text_content() and width.input_value() == "5000"  # a redraw wipes nothing
    width.fill("24")
    width.press("Enter")
    wait_for(opened, "shown.spec.hidden.join() === '24' && shown.hourglass?.stations.some(({size}) => size === 24)")
    assert wrong.text_content() == ""


def test_a_class_is_left_out_by_its_name(opened: Any) -> None:
    show(opened, AutoencoderSpec(dataset="sprites", hidden=(8,), examples=60), 1)
    opened.locator(".fold-head", has_text="Pictures").click()
    opened.locator(".leaving").get_by_role("radio", name="arrow").click()
    wait_for(opened, "shown.spec.leave_out === '2'")
    opened.locator(".fold-head .summary", has_text="without arrow").wait_for()


def test_another_picture_is_chosen_and_ones_own_goes_back(page: Any, app: str) -> None:
    page.set_viewport_size(TALL)
    own = np.zeros((8, 8), np.uint8)
    own[2:6, 3] = 255
    text = base64.urlsafe_b64encode(own.tobytes()).decode().rstrip("=")
    open_stage(page, app, own_pixels=text)
    assert read(page)["shown"]["picture"] == (own / 255).ravel().tolist()
    assert read(page)["shown"]["words"].startswith("Your own picture")
    page.get_by_role("button", name="Back to test pictures").click()
    wait_for(page, "!shown.shown.own && shown.hourglass")
    page.locator(".picker-one").nth(4).click()
    wait_for(page, "shown.spec.picture === 4 && shown.hourglass")
    run = AutoencoderRun(AutoencoderSpec(dataset="digits", hidden=(32, 16), picture=4))
    np.testing.assert_allclose(read(page)["hourglass"]["stations"][0]["values"], run.picture.pixels.ravel(), atol=1e-6)
    np.testing.assert_allclose(read(page)["hourglass"]["picture"], outputs(run)["again"].ravel(), atol=CLOSE)


@pytest.mark.parametrize("page", [{"viewport": PHONE, "color_scheme": "dark"}], indirect=True)
def test_on_a_phone_the_hourglass_stands_and_nothing_overflows(page: Any, app: str) -> None:
    open_stage(
        page, app, step=20, network="convolutional", dataset="sprites", kind="conditional", latent=32, examples=60
    )
    glass = read(page)["hourglass"]
    assert glass["across"] is False
    below = [each["place"]["y"] for each in glass["stations"]]
    assert below == sorted(below)
    assert all(each["place"]["x"] >= 0 and each["place"]["x"] + each["place"]["w"] <= 390 for each in glass["stations"])
    for name in ("Parameters", "Function and loss", "Training", "Pictures"):
        page.locator(".fold-head", has_text=name).first.click()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".autoencoder").evaluate("(e) => e.scrollWidth <= e.clientWidth")


def test_training_moves_curves_reconstruction_and_code(page: Any, app: str) -> None:
    page.set_viewport_size(TALL)
    open_stage(page, app)
    before = read(page)
    page.evaluate(f"() => {STAGE}.dlviz.ask({{do: 'play', on: true, steps: 600}})")
    wait_for(page, "shown.curves.step >= 600 && shown.hourglass.shown_step >= 600 && shown.hourglass.step >= 600")
    after = read(page)
    lines = {chart["name"].split(":")[0].split(" ")[0]: chart["lines"] for chart in after["curves"]["charts"]}
    assert list(lines) == ["Reconstruction", "KL(N(μ,", "ELBO"]
    for line in lines["Reconstruction"]:
        assert line["ys"][-1] < line["ys"][0]
    run = AutoencoderRun(AutoencoderSpec(dataset="digits", hidden=(32, 16)))
    run.advance(600)
    assert after["curves"]["step"] == 600
    measured = run.measured().numbers
    for line, part in enumerate(("train", "validation")):
        assert lines["ELBO"][line]["ys"][-1] == pytest.approx(measured[f"{part}_elbo"], rel=1e-3)
        assert lines["ELBO"][line]["ys"][-1] == pytest.approx(
            -(lines["Reconstruction"][line]["ys"][-1] + lines["KL(N(μ,"][line]["ys"][-1]), rel=1e-4
        )
    assert f"{measured['validation_squared_error']:.4f} on average" in after["curves"]["words"]
    assert after["hourglass"]["loss"]["reconstruction"] < before["hourglass"]["loss"]["reconstruction"]


def test_the_thumbnails_autoencoder_gives_its_spot_back(chromium: Any) -> None:
    with static_page(chromium) as page:
        found = page.evaluate("""async () => {
            const made = await import('/thumbnails/autoencoding.js');
            return [0, 0.1, 0.37, 0.8].flatMap((t) => Object.values(made.PATHS).map((path) => {
                const picture = made.spot(path(t));
                const {sums, code, decoded} = made.encodeAndDecode(picture);
                return {at: path(t), side: made.SIDE, picture: [...picture], sums: [...sums], code, decoded: [...decoded]};
            }));
        }""")
    for each in found:
        picture = np.reshape(each["picture"], (each["side"], each["side"]))
        np.testing.assert_allclose(each["sums"], np.concatenate([picture.sum(0), picture.sum(1)]))
        np.testing.assert_allclose(each["code"], each["at"], atol=0.03)  # a spot is cut a little at the edge
        assert np.abs(np.subtract(each["decoded"], each["picture"])).max() < 0.06
