"""The gallery of the GAN stage in the real app: fakes, verdicts, readings and histories against torch and numpy."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.core import spec as specs
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import classifiers

pytestmark = pytest.mark.browser

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.gan)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
SMALL = {"dataset": "digits", "noise_dimensions": 6, "batch_norm": "generator", "generator_hidden": (24,),
         "discriminator_hidden": (24,), "examples": 200, "batch_size": 32}  # fmt: skip


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the gallery shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {STAGE}?.dlviz.gan()?.gallery; return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {STAGE}.dlviz.gan().gallery")
    return found


def at_rest(page: Any, step: int) -> dict[str, Any]:
    """What is shown at that step, when the classifier has read all of it."""
    rest = f"now.step === {step} && now.readings?.step === {step} && now.one.readAt === {step}"
    return wait(page, f"{rest} && !now.one.history.answers.includes(null)")


def opened(page: Any, app: str, more: int = 40, **changes: Any) -> tuple[dict[str, Any], GanRun]:
    """The page with these settings some steps after it has opened, and the same run by torch."""
    spec = GanSpec(**{**SMALL, **changes})
    link = "&".join(f"{key}={value}" for key, value in specs.link("gan", spec).items())
    page.goto(f"{app}/gan?{link}")
    wait(page, f"!{LIVE}.state.playing && now.step === {LIVE}.newest.numbers.live_step")
    begun = page.evaluate(f"() => {LIVE}.newest.numbers.live_step")
    page.evaluate(f"() => {{ {LIVE}.advance({more}); }}")
    run = GanRun(spec)
    run.advance(begun + more)
    return at_rest(page, begun + more), run


def by_torch(run: GanRun) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fakes as bytes and D's outputs of fakes and of real pictures, at the run's moment."""
    network, shown, real = run.network, run.shown, run.real
    network.eval()
    with torch.no_grad():
        fake = network.generator(shown.z, shown.labels)
        count = len(fake)
        fakes = network.discriminator(fake, shown.labels)[:, 0]
        reals = network.discriminator(real.x[:count], real.y[:count])[:, 0]
    network.train()
    return (255 * (fake.numpy() + 1) / 2).round(), fakes.numpy(), reals.numpy()


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_fakes_verdicts_and_readings_are_torchs(page: Any, app: str) -> None:
    now, run = opened(page, app)
    fake, fakes, reals = by_torch(run)
    assert now["count"] == 64
    assert now["columns"] == 8
    np.testing.assert_allclose(now["fakeLogits"], fakes, atol=1e-4)
    np.testing.assert_allclose(now["realLogits"], reals, atol=1e-4)
    assert abs(np.array(now["tile"]["red"]) - fake[0].ravel()).max() <= 1
    # What D says, as two histograms about their means.
    x, y = 1 / (1 + np.exp(-reals)), 1 / (1 + np.exp(-fakes))
    for counts, values in ((now["outputs"]["above"], x), (now["outputs"]["below"], y)):
        assert sum(counts) == 64
        edges = np.linspace(0, 1, 21)
        clear = np.abs(values[:, None] - edges).min(1) > 1e-5
        assert abs(np.array(counts) - np.histogram(values, edges)[0]).sum() <= 2 * (~clear).sum()
    np.testing.assert_allclose(now["outputs"]["means"], [x.mean(), y.mean()], atol=1e-4)
    # What the classifier reads, and the sentence.
    reader = classifiers.shipped("digits")
    assert reader is not None
    with torch.no_grad():
        shares = reader(torch.from_numpy(fake / 255).float()).softmax(1)
    sure, answer = shares.max(1)
    np.testing.assert_allclose(now["readings"]["confidence"], sure, atol=2e-3)
    clear_ = (sure > 0.52).numpy()
    assert (np.array(now["readings"]["answer"]) == answer.numpy())[clear_].all()
    read = [k for k, each in enumerate(now["readings"]["confidence"]) if each > 0.8]
    seen = {now["readings"]["answer"][k] for k in read}
    above = (x[:, None] > y[None]).mean()
    said = now["sentence"]
    assert f"reads {len(read)} of 64 fakes surely" in said
    assert f"sees {len(seen)} of 10 classes" in said
    means = re.search(r"gives real pictures ([\d.]+) on average and fakes ([\d.]+)", said)
    assert means is not None
    np.testing.assert_allclose([float(each) for each in means.groups()], [x.mean(), y.mean()], atol=0.006)
    higher = re.search(r"real one higher (\d+) %", said)
    assert higher is not None
    assert float(higher[1]) == pytest.approx(100 * above, abs=0.6)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_one_fake_is_chosen_by_click_and_keys_and_has_a_history(page: Any, app: str) -> None:
    now, run = opened(page, app)
    canvas = page.locator(".gan-gallery canvas[aria-label^=Fakes]")
    canvas.click(position=dict(zip("xy", now["middles"][1], strict=True)))
    wait(page, "now.chosen === 32")
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.gan_sample_chosen')")
    canvas.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowLeft"):
        canvas.press(key)
    wait(page, "now.chosen === 25")
    now = at_rest(page, run.step)
    fake, fakes, _ = by_torch(run)
    one = now["one"]
    assert one["index"] == 25
    assert abs(np.array(now["tile"]["red"]) - fake[25].ravel()).max() <= 1
    np.testing.assert_allclose(one["z"], run.shown.z[25], atol=1e-6)
    assert one["logit"] == pytest.approx(fakes[25], abs=1e-4)
    assert one["value"] == pytest.approx(1 / (1 + np.exp(-fakes[25])), abs=1e-4)
    reader = classifiers.shipped("digits")
    assert reader is not None
    with torch.no_grad():
        np.testing.assert_allclose(
            one["shares"], reader(torch.from_numpy(fake[[25]] / 255).float()).softmax(1)[0], atol=2e-3
        )
    real = ((run.real.x[:64].numpy() + 1) / 2).reshape(64, -1)
    distances = np.sqrt(((real - fake[25].ravel() / 255) ** 2).mean(1))
    assert one["nearest"]["at"] == distances.argmin()
    assert one["nearest"]["distance"] == pytest.approx(distances.min(), abs=2e-3)
    # The history: another run, stopped at each of the moments.
    history = one["history"]
    assert len(history["steps"]) > 3
    again = GanRun(run.spec)
    for at, step in enumerate(history["steps"]):
        again.advance(step - again.step)
        then, logits, _ = by_torch(again)
        assert history["said"][at] == pytest.approx(1 / (1 + np.exp(-logits[25])), abs=1e-4)
        if at == 0:
            assert abs(np.array(now["then"]) - then[25].ravel()).max() <= 1
    # A click on a moment looks back to it, and everything follows.
    at = history["steps"][1]
    page.locator(".gan-gallery .gallery-moment").nth(1).click()
    now = at_rest(page, at)
    assert now["one"]["history"]["at"] == at
    again = GanRun(run.spec)
    again.advance(at)
    np.testing.assert_allclose(now["fakeLogits"], by_torch(again)[1], atol=1e-4)
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.gan_history_scrubbed')")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_conditional_critic_fits_a_phone(page: Any, app: str) -> None:
    now, run = opened(page, app, 10, conditional=True, loss="wgangp")
    _, fakes, reals = by_torch(run)
    assert (now["count"], now["columns"]) == (60, 10)
    np.testing.assert_allclose(now["fakeLogits"], fakes, atol=1e-3)
    middle = (fakes.mean() + reals.mean()) / 2
    assert now["scale"]["middle"] == pytest.approx(middle, abs=1e-3)
    reach = abs(np.concatenate([fakes, reals]) - middle).max()
    assert now["scale"]["high"] - now["scale"]["middle"] == pytest.approx(reach, abs=1e-3)
    right = sum(a == k % 10 for k, a in enumerate(now["readings"]["answer"]))
    assert f"{right} of 60 are read as the class that G was told" in now["sentence"]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".gan-gallery .gallery-one h3").inner_text() == "Fake 1, told “0”"


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_more_moments_are_fetched_and_the_page_stays_where_it_is(page: Any, app: str) -> None:
    now, run = opened(page, app, 120)
    page.evaluate(f"() => {{ {LIVE}.channel.kept.clear(); }}")  # as in a page that has just been opened
    page.evaluate(f"() => {{ {LIVE}.advance(1); }}")  # and is drawn
    run.advance(1)
    at_rest(page, run.step)
    page.locator(".gan-gallery").get_by_role("button", name="Fetch more moments").click()
    wait(page, "now.one.history.curve.steps.length > 8")
    now = at_rest(page, run.step)
    assert now["one"]["history"]["steps"][0] == 0
    wait(page, f"{LIVE}.newest.numbers.live_step === {run.step} && {LIVE}.looking === null")
    page.evaluate(f"() => {{ {LIVE}.advance(3); }}")
    at_rest(page, run.step + 3)
