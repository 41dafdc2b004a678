"""The panel One step in the real app: each sub-step's numbers against torch, walked by keys, taken, and on a phone."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.core import spec as specs
from dlviz.core.trace import Trace
from dlviz.labs.gan.objective import discriminator_loss, generator_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.labs.gan.turning import turn

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.ganturn)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16,), "batch_size": 32, "examples": 400}
DIGITS = {**SMALL, "dataset": "digits", "noise_dimensions": 6}
CLOSE = 1e-4
OF_D = ["real", "noise", "fakes", "judge", "loss", "step"]
OF_G = ["gfakes", "gjudge", "gloss", "gback", "gstep"]


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.ganturn(); return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.ganturn()")
    return found


def opened(page: Any, app: str, steps: int = 12, **changes: Any) -> tuple[dict[str, Any], GanRun]:
    """The panel with these settings after so many steps, and the same run by torch."""
    spec = GanSpec(**{**SMALL, **changes})
    link = "&".join(f"{key}={value}" for key, value in specs.link("gan", spec).items())
    page.goto(f"{app}/gan?gan.panel=One step&{link}")
    wait(page, "now.ready && now.step === 0")
    page.evaluate(f"() => {{ {LIVE}.advance({steps}); }}")
    now = wait(page, f"now.ready && now.step === {steps}")
    run = GanRun(spec)
    run.advance(steps)
    return now, run


def walk(page: Any, ids: list[str]) -> list[dict[str, Any]]:
    """What each sub-step shows, from the first to the last, by the arrow keys."""
    page.locator(".ganturn .gt-name").first.click()
    found = [wait(page, "now.at === 0")]
    for k in range(1, len(ids)):
        page.keyboard.press("ArrowRight")
        found.append(wait(page, f"now.at === {k}"))
    assert [each["id"] for each in found] == ids
    return found


def value(now: dict[str, Any], name: str) -> Any:
    """A number of the read-out by the beginning of its name; its words must say the same."""
    one = next(each for each in now["numbers"] if each["name"].startswith(name))
    return one["value"]


def close(shown: Any, wanted: Any) -> None:
    np.testing.assert_allclose(shown, wanted, atol=CLOSE, rtol=1e-3)


def check_discriminator(parts: list[dict[str, Any]], found: Trace, spec: GanSpec, j: int = 0) -> None:
    """The six sub-steps of D's move number j."""
    count = int(found["d_batch"][j])  # the last batch of an epoch is smaller
    real, fake = (torch.from_numpy(found[f"d_{name}_logits"][j, :count]) for name in ("real", "fake"))
    after = [torch.from_numpy(found[f"d_{name}_after"][j, :count]) for name in ("real", "fake")]
    odds = torch.sigmoid if spec.loss in ("nonsaturating", "minimax") else torch.nn.Identity()
    drawn, noise, fakes, judged, lost, stepped = parts
    assert f"{count} real" in drawn["sentence"]
    shown = min(count, found["real"].shape[1])
    close(value(drawn, "Mean of its numbers"), found["real"][j, :shown].mean())
    close(value(noise, "Standard deviation"), found["d_z"][j, :shown].std())
    close(value(fakes, "Mean of their"), found["d_fakes"][j, :shown].mean())
    close(value(judged, "Mean logit, real"), real.mean())
    close(value(judged, "Mean D" if spec.loss == "nonsaturating" else "Mean D’s"), odds(real).mean())
    assert sum(judged["histogram"]["bins"][0]) == count
    total = discriminator_loss(spec.loss, real, fake, spec.label_smoothing).item() + found["d_penalty"][j]
    close(value(lost, "D’s loss"), total)
    parts_of_it = value(lost, "Real term") + value(lost, "Fake term")
    close(parts_of_it + found["d_penalty"][j], total)
    written = [float(each.replace("−", "-")) for each in re.findall(r"−?\d+\.\d+", lost["formulas"][1])]
    assert written[-1] == pytest.approx(total, abs=6e-5)
    close(value(stepped, "Norm of D"), found["d_gradient_norm"][j])
    close(value(stepped, "Norm of the change"), found["d_change"][j])
    close(value(stepped, "Real: before"), [odds(real).mean(), odds(after[0]).mean()])
    close(value(stepped, "Fake: before"), [odds(fake).mean(), odds(after[1]).mean()])
    close(stepped["layers"][0]["values"], found["d_layer_gradients"][j])
    close(stepped["layers"][1]["values"], found["d_layer_changes"][j])


def check_generator(parts: list[dict[str, Any]], found: Trace, spec: GanSpec) -> None:
    """The five sub-steps of G's move."""
    made, judged, lost, back, stepped = parts
    logits = torch.from_numpy(found["g_logits"])
    gradient, went = found["g_gradient"], found["g_moved"] - found["g_fakes"]
    close(value(made, "Its mean"), found["g_z"].mean())
    close(value(judged, "Mean logit"), logits.mean())
    close(value(lost, "G’s loss"), generator_losses(spec.loss, logits).mean())
    x = logits.clone().requires_grad_()
    (pull,) = torch.autograd.grad(generator_losses(spec.loss, x).sum(), x)
    close(value(lost, "∂ℓ/∂logit"), pull.mean())
    own = gradient.reshape(len(gradient), -1) * len(logits)
    close(value(lost, "Length of"), np.linalg.norm(own, axis=1).mean())
    close(back["layers"][0]["values"], found["g_layer_gradients"])
    flat = torch.from_numpy(went.reshape(len(went), -1)), torch.from_numpy(-own)
    cosines = nn.functional.cosine_similarity(*flat, dim=1, eps=1e-30)
    close(value(stepped, "Cosine"), cosines.mean())
    close(value(stepped, "Along"), (cosines > 0).float().mean())
    assert stepped["sentence"].startswith(f"{int((cosines > 0).sum())} of the {len(went)} fakes")
    after = generator_losses(spec.loss, torch.from_numpy(found["g_logits_after"])).mean()
    close(value(stepped, "G’s loss: before"), [found["g_loss"], after])


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_each_sub_step_says_torchs_numbers_and_taking_the_step_does_what_was_announced(page: Any, app: str) -> None:
    now, run = opened(page, app)
    assert now["ids"] == OF_D + OF_G
    assert not now["playing"]
    found = turn(run, side=48, parameters=False)
    parts = walk(page, now["ids"])
    check_discriminator(parts[:6], found, run.spec)
    check_generator(parts[6:], found, run.spec)
    # What is lit, who is frozen, the map and the arrows.
    assert parts[5]["diagram"] == {"forward": [], "back": ["ld"], "update": ["D"], "frozen": ["G"]}
    assert parts[10]["diagram"] == {"forward": [], "back": ["xg"], "update": ["G"], "frozen": ["D"]}
    most = max(abs(found[name]).max() for name in ("d_map_before", "d_map_after"))
    close(parts[5]["plane"]["range"]["most"], most)
    longest = np.linalg.norm(found["g_gradient"] * len(found["g_gradient"]), axis=1).max()
    close(parts[8]["plane"]["arrows"]["times"] * longest, 0.32)
    # One example through the step, chosen by a press on the plane.
    page.locator(".ganturn .gt-name").nth(2).click()
    wait(page, "now.at === 2")
    inside = next(i for i in range(1, len(found["g_logits"])) if abs(found["d_fakes"][0, i]).max() < 1.4)
    fakes = found["d_fakes"][0]
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.ganturnOnPage({inside})"))
    picked = wait(page, "now.follow > 0")["follow"]
    assert np.linalg.norm(fakes[picked] - fakes[inside]) < 0.02  # two may lie on each other
    lines = wait(page)["lines"]
    assert f"fake: logit {found['d_fake_logits'][0, picked]:.3f}".replace("-", "−") in lines[3]
    assert f"logit {found['g_logits'][picked]:.3f}".replace("-", "−") in lines[7]
    # The step is taken: the run does what was announced, and the next step is open.
    page.locator(".ganturn").get_by_role("button", name="Take this step").click()
    now = wait(page, "now.ready && now.step === 13")
    assert "exactly where they were announced" in now["taken"]
    fake = page.evaluate(f"() => [...{LIVE}.frame.arrays.fake.data]")
    np.testing.assert_array_equal(np.float32(fake).reshape(-1, 2), found["after"])
    run.advance(1)
    check_discriminator(walk(page, now["ids"])[:6], turn(run), run.spec)
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.tookstep')")


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_a_penalty_two_moves_of_d_and_the_classic_bug(page: Any, app: str) -> None:
    now, run = opened(page, app, loss="wgangp", discriminator_steps=2, instance_noise=0.1)
    assert now["ids"] == OF_D * 2 + OF_G
    panel = page.locator(".ganturn")
    panel.get_by_role("button", name="The classic bug").click()
    now = wait(page, "now.ready && now.spec.update_both")
    run.set({"update_both": True})
    found = turn(run)
    parts = walk(page, [*OF_D * 2, *OF_G, "bug"])
    for j in range(2):
        check_discriminator(parts[6 * j : 6 * j + 6], found, run.spec, j)
        close(value(parts[6 * j + 4], "Slope between"), np.nanmean(found["slopes"][j]))
        assert parts[6 * j]["group"] == f"D moves, {j + 1} of 2"
    check_generator(parts[12:17], found, run.spec)
    bug = parts[-1]
    close(value(bug, "Norm of D’s change"), found["bug_change"])
    close(value(bug, "Norm of the gradient"), found["bug_gradient_norm"])
    close(value(bug, "Fakes: before"), [found["g_logits"].mean(), found["bug_logits"].mean()])
    assert bug["diagram"]["frozen"] == []


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_only_d_moves_and_playing_waits_to_be_asked(page: Any, app: str) -> None:
    now, run = opened(page, app, loss="hinge")
    panel = page.locator(".ganturn")
    panel.get_by_role("radio", name="Only D").click()
    now = wait(page, "now.ready && now.spec.moves === 'discriminator'")
    assert now["ids"] == OF_D
    run.set({"moves": "discriminator"})
    check_discriminator(walk(page, OF_D), turn(run), run.spec)
    panel.get_by_label("Speed of playing").select_option("2.5")
    panel.locator(".gt-play").click()  # from the end: it begins anew, and stops at the end
    assert wait(page, "now.at > 0 && now.playing")["at"] < 5
    wait(page, "now.at === 5 && !now.playing")
    panel.get_by_role("button", name="Take this step").click()
    now = wait(page, "now.ready && now.step === 13")
    assert "exactly" in now["taken"]  # G has not moved
    panel.get_by_role("radio", name="Only G").click()
    assert wait(page, "now.ready && now.spec.moves === 'generator'")["ids"] == OF_G
    # While training runs nothing is asked; pausing opens the step of that moment.
    page.evaluate(f"() => {{ {LIVE}.play(true); }}")
    panel.get_by_role("button", name="Pause and open the next step").click()
    now = wait(page, f"now.ready && now.step > 13 && !{LIVE}.state.playing")
    assert panel.get_by_role("button", name="Take this step").is_enabled()


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_pictures_on_a_phone(page: Any, app: str) -> None:
    now, run = opened(page, app, **DIGITS, conditional=True)
    found = turn(run, examples=12)
    parts = walk(page, now["ids"])
    check_discriminator(parts[:6], found, run.spec)
    check_generator(parts[6:], found, run.spec)
    judged, lost = parts[3]["tiles"], parts[8]["tiles"]
    said = 1 / (1 + np.exp(-found["d_real_logits"][0, :12]))
    assert judged[0]["words"] == [f"{each:.2f}" for each in said]
    close(lost[1]["values"], -found["g_gradient"].ravel() * len(found["g_logits"]))
    page.locator(".ganturn .gt-name").nth(2).click()
    wait(page, "now.at === 2")
    grey = np.array(page.evaluate(f"() => {PANEL}.dlviz.ganturnPixels(0, 3)")).reshape(-1, 4)[:, 0]
    assert abs(grey - 255 * (found["d_fakes"][0, 3].ravel() + 1) / 2).max() <= 1
    page.locator(".ganturn .gt-tile").nth(3).click()
    lines = wait(page, "now.follow === 3")["lines"]
    assert f"class {found['d_labels'][0, 3]}" in lines[0]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
