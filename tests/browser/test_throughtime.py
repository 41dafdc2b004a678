"""The panel Gradient through time in the real app: what it shows against autograd, numpy and torch's clipping."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec

# Tall, because what is out of sight is not drawn.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 3600}}], indirect=True, ids=["tall"]),
]

SPEC = RecurrentSpec(cell="rnn", hidden_size=10, initial="orthogonal", gain=1.2, clip_at=0.05, reading="for step in")
SETTINGS = {"cell": "rnn", "hidden_size": 10, "initial": "orthogonal", "gain": 1.2, "clip_at": 0.05,
            "reading": "for+step+in"}  # fmt: skip
LINK = "recurrent?" + "&".join(f"recurrent.{k}={v}" for k, v in SETTINGS.items())
LINK += "&recurrent.panel=Gradient+through+time"
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.throughTime)"


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.throughTime(); return now && ({condition}); }}",
        arg=arg,
        timeout=90_000,
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.throughTime()")
    return found


def norms(network: Any, inputs: Any) -> np.ndarray:
    """(answer, step), by one backward pass of torch for each answer."""
    x = network.embed(inputs).detach().requires_grad_()
    logits = network.head(network.core(x)[0][0])
    rows = [torch.autograd.grad(z.max(), x, retain_graph=True)[0][0].norm(dim=1) for z in logits]
    return torch.stack(rows).numpy()


def means_of(found: np.ndarray) -> np.ndarray:
    return np.array([np.diagonal(found, -d).mean() for d in range(len(found))])


def type_into(page: Any, part: str, name: str, value: str) -> None:
    field = page.locator(f".through-time .{part} .knob[data-field={name}] input[type=text]")
    field.fill(value)
    field.press("Enter")


def test_every_number_follows_the_token_the_sliders_and_the_clip(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    found = wait(page, "now.sequence?.whole && now.spectrum && now.cells && now.clipping")
    run = RecurrentRun(SPEC)
    run.advance(found["sequence"]["step"])
    wanted = norms(run.network, run.reading.inputs)
    count = len(wanted)
    assert found["sequence"]["answer"] == count - 1
    np.testing.assert_allclose(found["sequence"]["row"], wanted[-1], rtol=1e-3)
    np.testing.assert_allclose(found["sequence"]["means"], means_of(wanted), rtol=1e-3)
    half = count // 2 + 1
    slope = np.polyfit(range(half), np.log(means_of(wanted)[:half]), 1)[0]
    assert found["sequence"]["decay"] == pytest.approx(np.exp(slope), rel=1e-3)
    assert f"× {np.exp(slope):.3g} with every step back" in found["sequence"]["decayWords"]
    shades = 1 + np.log10(wanted[-1] / wanted.max()) / 4
    np.testing.assert_allclose(found["sequence"]["shades"], np.maximum(0, shades), atol=1e-3)

    # Pointing at a token chooses its answer; a click pins it, and then the pointer reads single numbers.
    tokens = page.locator(".through-time .of-sequence .token")
    tokens.nth(4).hover()
    found = wait(page, "now.sequence.answer === 4")
    np.testing.assert_allclose(found["sequence"]["row"][:5], wanted[4][:5], rtol=1e-3)
    assert max(found["sequence"]["row"][5:]) == 0, "nothing depends on what is yet to come"
    tokens.nth(4).click()
    tokens.nth(1).hover()
    found = wait(page, "now.sequence.detail.includes('step 2')")
    assert found["sequence"]["answer"] == 4
    assert f"{float(f'{wanted[4][1]:.3g}'):g}" in found["sequence"]["detail"]
    tokens.nth(4).focus()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    wait(page, "now.sequence.answer === 5")

    # The spectrum is that of this matrix.
    values = np.linalg.eigvals(run.network.core.weight_hh_l0.detach().double().numpy())
    points = found["spectrum"]["points"]
    np.testing.assert_allclose(np.sort([np.hypot(*p) for p in points]), np.sort(abs(values)), rtol=1e-4)
    assert found["spectrum"]["radius"] == pytest.approx(abs(values).max(), rel=1e-4)
    assert page.locator(".of-spectrum [data-number^='Spectral radius'] b").inner_text() == f"{abs(values).max():.3g}"

    # Three cells: another bias and another gain.
    type_into(page, "of-cells", "forget_bias", "4")
    type_into(page, "of-cells", "gain", "1.5")
    found = wait(
        page,
        "Math.abs(now.cells.rnn.spectrum.radius - 1.5) < 1e-3 && now.cells.lstm.spectrum.median > 0.9",
    )
    for cell, changes in {"rnn": {"gain": 1.5}, "lstm": {"forget_bias": 4.0}}.items():
        other = RecurrentRun(RecurrentSpec(**{**vars(SPEC), "cell": cell, **changes}))
        fresh = norms(other.network, other.reading.inputs)
        np.testing.assert_allclose(found["cells"][cell]["means"], means_of(fresh), rtol=2e-3)

    # Clipping, computed in the browser from the gradient of the next batch.
    ahead = RecurrentRun(SPEC)
    ahead.advance(found["sequence"]["step"])
    ahead.set({"clipping": "none"})
    ahead.advance(1)
    gradient = torch.cat([p.grad.flatten() for p in ahead.network.parameters()]).double()
    for limit in (0.05, 0.01):
        type_into(page, "of-clipping", "clip", str(limit))
        now = wait(page, "now.clipping.limit === arg", limit)["clipping"]
        cut = gradient.clamp(-limit, limit)
        assert now["norm"] == pytest.approx(float(gradient.norm()), rel=1e-4)
        assert now["byNorm"] == pytest.approx(min(limit, float(gradient.norm())), rel=1e-4)
        assert now["byValue"] == pytest.approx(float(cut.norm()), rel=1e-4)
        same = float(torch.nn.functional.cosine_similarity(gradient, cut, dim=0))
        assert now["cosineByValue"] == pytest.approx(same, abs=1e-5)
        assert now["changed"] == pytest.approx(int((gradient.abs() > limit).sum()), abs=1)
    cells = page.locator(".of-clipping tbody td").all_inner_texts()
    assert cells[3] == "1.000"
    assert float(cells[5]) == pytest.approx(same, abs=5.1e-4)
    page.locator(".through-time").get_by_role("radio", name="A fresh RNN").click()
    now = wait(page, "now.clipping.source === 'explosion'")["clipping"]
    assert now["norm"] > 0
