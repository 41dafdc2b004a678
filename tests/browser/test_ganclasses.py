"""The panel Conditional in the real app: what is asked for, who listens, the class as a bias, the race, by torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from dlviz.core import spec as specs
from dlviz.core.trace import Trace
from dlviz.labs.gan.conditioning import racing
from dlviz.labs.gan.conditioning.obeying import conditional
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import classifiers
from dlviz.training.jobs import to_the_end

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.ganclasses)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
SMALL: dict[str, Any] = {"generator_hidden": (32, 32), "discriminator_hidden": (32, 32), "examples": 500}
DIGITS: dict[str, Any] = {
    **SMALL,
    "dataset": "digits",
    "noise_dimensions": 8,
    "batch_norm": "generator",
    "conditional": True,
}
CLOSE = 3e-4


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows), `told` and `race` holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.ganclasses(); const told = now?.told; const race = now?.beside.shown; "
        f"return now && ({condition}); }}",
        timeout=120_000,
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.ganclasses()")
    return found


def opened(page: Any, app: str, steps: int, **changes: Any) -> tuple[dict[str, Any], GanRun]:
    """The panel with these settings after so many steps, and the same run by torch."""
    spec = GanSpec(**changes)
    link = "&".join(f"{key}={value}" for key, value in specs.link("gan", spec).items())
    page.goto(f"{app}/gan?gan.panel=Conditional&{link}")
    drawn = "told?.hasReader && told.counts && told.minding" if spec.conditional else "now.plain.isShown"
    now = wait(page, drawn)
    if steps:
        page.evaluate(f"() => {{ {LIVE}.advance({steps}); }}")
        of = f"told.step === {steps} && told.counts.step === {steps} && told.entering.step === {steps}"
        now = wait(page, f"{drawn} && {of} && (told.planar || told.samples?.step === {steps})")
    run = GanRun(spec)
    run.advance(steps)
    run.network.eval()
    return now, run


def read(run: GanRun, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    """The class each is taken for, and how sure the classifier is of it."""
    if run.real.centers is not None:
        return torch.cdist(x, run.real.centers).argmin(1), None
    reader = classifiers.shipped(run.spec.dataset)
    assert reader is not None
    sure, answer = reader(((x + 1) / 2).clamp(0, 1)).softmax(1).max(1)
    return answer, sure


def check_made(run: GanRun, made: list[dict[str, Any]]) -> None:
    """Examples that the page made, and what they are read as, are torch's."""
    z, labels = torch.tensor([each["z"] for each in made]), torch.tensor([each["label"] for each in made])
    with torch.no_grad():
        x = run.network.generator(z, labels)
    np.testing.assert_allclose([each["example"] for each in made], x.flatten(1), atol=CLOSE)
    answer, sure = read(run, x)
    clear = [i for i in range(len(made)) if sure is None or sure[i] > 0.55]
    assert [made[i]["answer"] for i in clear] == answer[clear].tolist()
    if sure is not None:
        np.testing.assert_allclose([each["confidence"] for each in made], sure, atol=3e-3)


def check_told(now: dict[str, Any], run: GanRun) -> None:
    """Everything that the panel shows of a conditional run."""
    told, spec = now["told"], run.spec
    check_made(run, told["made"])
    assert [each["label"] for each in told["made"][: 2 * spec.told]] == list(range(spec.told)) * 2
    if told["samples"]:
        assert {each["label"] for each in told["samples"]["list"]} == {told["samples"]["label"]}
        check_made(run, told["samples"]["list"])
    # Counts of many fakes: which depend on the noise of the server alone.
    counts = told["counts"]
    trace: Any = conditional(run, noises=counts["noises"])
    np.testing.assert_array_equal(
        np.reshape(counts["confusion"], (spec.told, -1)),
        confusion_matrix(trace["asked"], trace["read"], labels=range(spec.told)),
    )
    np.testing.assert_array_equal(told["confusion"]["values"], counts["confusion"])
    assert counts["obedience"] == pytest.approx((trace["asked"] == trace["read"]).mean(), abs=1e-6)
    assert f"{100 * counts['obedience']:.1f} % of {len(trace['asked'])}" in told["words"]["obeyed"]
    means = [trace["d"][trace["asked"] == k].mean(0) for k in range(spec.told)]
    np.testing.assert_allclose(np.reshape(told["means"]["values"], (spec.told, -1)), means, atol=CLOSE)
    minds = float((trace["d_real"].argmax(1) == trace["real_label"]).mean())
    assert f"under the true class for {100 * minds:.0f} %" in told["words"]["minds"]
    # D's bars of the example picked, and the class as a bias.
    minding = told["minding"]
    example = torch.tensor([minding["example"]]).reshape(1, *spec.shape)
    with torch.no_grad():
        logits = [run.network.discriminator(example, torch.tensor([k])).item() for k in range(spec.told)]
    np.testing.assert_allclose(minding["logits"], logits, atol=CLOSE)
    odds = torch.tensor(logits).sigmoid()
    np.testing.assert_allclose(minding["shown"], odds, atol=CLOSE)
    assert f"D gives it {100 * odds[minding['label']]:.1f} %" in minding["words"]
    first: Any = run.network.generator.linear1
    weight = first.weight.detach()
    own, z = weight[:, spec.noise_dimensions + minding["label"]], torch.tensor(minding["z"])
    entering = told["entering"]
    unit, parts = entering["unit"], entering["parts"]
    assert unit == int(own.abs().argmax())
    from_noise = (weight[unit, : spec.noise_dimensions] @ z).item()
    bias = 0.0 if first.bias is None else first.bias[unit].item()
    for name, value in (("fromNoise", from_noise), ("fromClass", own[unit].item()), ("bias", bias)):
        assert parts[name] == pytest.approx(value, abs=CLOSE)
    told_z = torch.cat([z, torch.eye(spec.told)[minding["label"]]])
    assert parts["sum"] == pytest.approx(first(told_z)[unit].item(), abs=CLOSE)
    by_class, by_noise = weight[:, spec.noise_dimensions :], weight[:, : spec.noise_dimensions]
    variance = by_class.var(1, unbiased=False).sum(), by_noise.square().sum()
    assert entering["share"] == pytest.approx((variance[0] / sum(variance)).item(), abs=CLOSE)
    for way in entering["ways"].values():
        assert way["onehot"] == torch.eye(spec.told)[minding["label"]].tolist()
    np.testing.assert_allclose(entering["ways"]["discriminator"]["values"], minding["example"], atol=1e-6)
    # Between two classes: told numbers that are no class.
    mixing = told["mixing"]
    share = torch.linspace(0, 1, 9)[:, None]
    ends = torch.eye(spec.told)[[told["chosen"], mixing["to"]]]
    given = torch.cat([z.expand(9, -1), (1 - share) * ends[0] + share * ends[1]], 1)
    with torch.no_grad():
        for module in run.network.generator.children():
            given = module(given)
    np.testing.assert_allclose(mixing["examples"], given.flatten(1), atol=CLOSE)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_a_digit_is_asked_for_by_key_button_and_picture(page: Any, app: str) -> None:
    now, run = opened(page, app, 120, **DIGITS)
    check_told(now, run)
    page.keyboard.press("7")
    now = wait(page, "told.chosen === 7 && told.samples?.label === 7 && told.minding.label === 7")
    check_told(now, run)
    assert now["told"]["words"]["asked"].startswith("Asked for a 7 with 6 different noises")
    strays = sum(each["answer"] == 7 and each["label"] != 7 for each in now["told"]["made"])
    assert f"Of 54 asked for as something else, {strays or 'none'} " in now["told"]["words"]["asked"]
    panel = page.locator(".ganclasses")
    panel.get_by_role("radio", name="Make a 7").press("ArrowRight")
    before = wait(page, "told.chosen === 8 && told.samples?.label === 8 && told.minding.label === 8")["told"]
    panel.get_by_role("button", name="New noise").click()
    now = wait(
        page,
        f"told.samples?.seed === {before['samples']['seed'] + 1} && told.made[0].z[0] !== {before['made'][0]['z'][0]}",
    )
    check_told(now, run)
    panel.get_by_role("listbox", name="One noise a row").get_by_role("option").nth(23).click()
    now = wait(page, "told.chosen === 3 && told.minding.label === 3 && told.samples?.label === 3")
    assert now["told"]["minding"]["z"] == now["told"]["made"][23]["z"]
    check_told(now, run)
    panel.get_by_role("listbox", name="More of the class").get_by_role("option").nth(4).click()
    now = wait(page, "told.minding.z.join() === told.samples.list[4].z.join()")
    check_told(now, run)
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.onCell(2, 5)"))
    now = wait(page, "told.confusion.at?.column === 5")
    count = now["told"]["counts"]["confusion"][25]
    assert now["told"]["confusion"]["words"] == f"Asked for 2, read as 5: {count} of {now['told']['counts']['noises']}"
    assert page.evaluate(f"() => {PANEL}.dlviz.happened('class_asked')")


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_a_mode_is_asked_for_and_d_has_a_map_for_each(page: Any, app: str) -> None:
    now, run = opened(page, app, 150, **SMALL, conditional=True)
    check_told(now, run)
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.onPlane([0, 1])"))  # the third mode of the ring
    now = wait(page, "told.chosen === 2 && told.minding.label === 2")
    check_told(now, run)
    modes = now["told"]["modes"]
    at = ((torch.arange(modes["side"]) + 0.5) / modes["side"] * 2 - 1) * 1.5
    places = torch.stack(torch.meshgrid(at.flip(0), at, indexing="ij")[::-1], 2).reshape(-1, 2)
    with torch.no_grad():
        heights = run.network.discriminator(places, torch.full((len(places),), 2))[:, 0]
    np.testing.assert_allclose(modes["heights"], heights, atol=CLOSE)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_the_button_tells_both_the_class(page: Any, app: str) -> None:
    now, _ = opened(page, app, 0, **SMALL)
    assert now["told"] is None
    assert not now["conditional"]
    panel = page.locator(".ganclasses")
    panel.get_by_role("button", name="Tell both the class").click()
    now = wait(page, "now.conditional && told?.counts && !now.plain.isShown")
    check_told(now, GanRun(GanSpec(**SMALL, conditional=True)))
    assert page.evaluate(f"() => {LIVE}.scene.numbers.spec.conditional")
    page.evaluate(f"() => {{ {LIVE}.set({{dataset: 'circle', conditional: false}}); }}")
    now = wait(page, "now.plain.isShown && now.plain.words.includes('no classes')")
    panel.get_by_label("Trained on").select_option("run")
    panel.get_by_text("The set of the run above has no classes").wait_for()
    assert panel.get_by_role("button", name="Train both").is_disabled()
    panel.get_by_role("button", name="Digits 8 × 8, told the digit").click()
    wait(page, "now.conditional && told?.told === 10 && !told.planar && told.hasReader")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_race_is_what_two_runs_become_and_can_be_stopped(page: Any, app: str) -> None:
    opened(page, app, 0, **{**DIGITS, "conditional": False})
    panel = page.locator(".ganclasses")
    panel.get_by_label("Trained on").select_option("run")
    steps = panel.locator("[data-field=gc_steps] input[type=text]")
    steps.fill("7")
    steps.press("Enter")
    assert "Give a whole number from 20 to 10,000" in panel.locator("[data-field=gc_steps]").inner_text()
    steps.fill("40")
    steps.press("Enter")
    panel.get_by_role("button", name="Train both").click()
    race = wait(page, "race?.isDone && !now.beside.running && race.step === 40")["beside"]["shown"]
    trace: Trace = to_the_end(conditional(GanRun(GanSpec(**DIGITS)), steps=40, recipe="run"))
    assert race["moments"] == race["steps"] == trace["steps"].tolist()
    for kind in racing.KINDS:
        side = race["sides"][kind]
        assert side["counts"] == trace[f"{kind}_counts"].tolist()
        np.testing.assert_allclose(side["fakes"], trace[f"{kind}_fakes"].ravel(), atol=1)
        for name in ("quality", "frechet", "recall", "modes"):
            np.testing.assert_allclose(race["curves"][kind][name], trace[f"{kind}_{name}"], rtol=1e-3)
        assert side["table"]["quality"] == f"{100 * trace[f'{kind}_quality'][-1]:.0f} %"
        assert f"{100 * trace[f'{kind}_quality'][-1]:.0f} %" in race["sentence"]
    a, b = (float(trace[f"{kind}_quality"][-1]) for kind in racing.KINDS)
    error = np.sqrt((a * (1 - a) + b * (1 - b)) / 500)
    assert race["compared"]["quality"] == (0 if abs(a - b) <= 3 * error else np.sign(b - a))
    assert page.evaluate(f"() => {PANEL}.dlviz.happened('conditional_raced')")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    panel.get_by_label("Moment of the race").press("Home")
    assert "Neither has learned" in wait(page, "race.step === 0")["beside"]["shown"]["sentence"]
    # A training that is stopped leaves what was seen.
    steps.fill("2000")
    steps.press("Enter")
    panel.get_by_role("button", name="Train again").click()
    wait(page, "now.beside.running && race?.settings.steps === 2000 && race.moments.length >= 2")
    panel.get_by_role("button", name="Cancel").click()
    race = wait(page, "!now.beside.running")["beside"]["shown"]
    assert not race["isDone"]
    assert len(race["moments"]) >= 2
    panel.get_by_role("button", name="Tell both the class").click()
    wait(page, "now.conditional && told?.counts && told.hasReader")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
