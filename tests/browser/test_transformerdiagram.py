"""The panel Transformer: shapes, norms, parameters and contributions on the screen, against torch's own pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.attention.contributing import contributions
from dlviz.labs.attention.model import Translator, parameters
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.transformer)"
TALL = {"viewport": {"width": 1440, "height": 6500}}
PHONE = {"viewport": {"width": 390, "height": 10_000}, "has_touch": True}
CLOSE = 2e-5


def wait(page: Any, condition: str = "true", arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of the panel's numbers `now` and `arg` holds; these numbers."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.transformer(); return now && ({condition}); }}",
        arg=arg,
        timeout=90_000,
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.transformer()")
    return found


def opened(page: Any, app: str, steps: int, **settings: Any) -> tuple[dict[str, Any], AttentionRun]:
    given = "".join(f"&attention.{name}={value}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Transformer&attention.step={steps}{given}")
    found = wait(page, "now.step === arg", steps)
    run = AttentionRun(AttentionSpec(**settings))
    run.advance(steps)
    return found, run


def seen_by(run: AttentionRun, found: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Every tap of torch's pass over what the page reads, and `logits`."""
    network = run.network.eval()
    with torch.no_grad(), recording(network) as seen:
        if isinstance(network, Translator):
            seen["logits"] = network(run.reading.inputs, run.reading.lengths, torch.tensor([found["read"]]))
        else:
            seen["logits"] = network(run.reading.inputs, run.reading.lengths)
    return {name: value[0] for name, value in seen.items()}


def norm_of(values: torch.Tensor, at: int | None = None) -> float:
    norms = values.norm(dim=-1)
    return float(norms.mean() if at is None else norms[at])


def edges(found: dict[str, Any]) -> dict[str, Any]:
    return {edge["id"]: (edge["shape"], edge["norm"]) for edge in found["edges"]}


@pytest.mark.parametrize("page", [TALL], indirect=True, ids=["tall"])
def test_shapes_norms_and_parameters_are_torchs_and_the_parts_sum_to_the_logit(page: Any, app: str) -> None:
    found, run = opened(page, app, 8, length=12, width=16)
    seen = seen_by(run, found)
    block = "core.blocks.0"
    drawn = edges(found)
    attention, feed = f"{block}.attention", f"{block}.feed_forward"
    with torch.no_grad():
        core: Any = run.network.core
        normed = core.blocks[0].attention.norm(seen["core.embedded"])
        top = core.norm(seen["core.blocks.1.feed_forward.sum"])
    expected = {
        "core.x": seen["core.embedded"],
        "core.position": core.positions.weight[:12].detach(),
        "core.attention.inside": normed,
        "core.attention.added": seen[f"{attention}.added"],
        "core.attention.after": seen[f"{attention}.sum"],
        "core.feed_forward.added": seen[f"{feed}.added"],
        "core.feed_forward.after": seen[f"{feed}.sum"],
        "core.last": seen["core.blocks.1.feed_forward.sum"],
        "core.top": top,
        "core.logits": seen["logits"],
        "core.probabilities": seen["logits"].softmax(1),
    }
    for name, values in expected.items():
        assert drawn[name] == (" × ".join(map(str, values.shape)), pytest.approx(norm_of(values), abs=CLOSE)), name
    words = page.locator(".transformerdiagram text[data-edge='core.top']").text_content()
    assert words.startswith("12 × 16 · ")
    assert float(words.split(" · ")[1]) == pytest.approx(norm_of(top), rel=6e-3)

    # Every parameter of the network stands at a box, once for each block.
    rows = {str(row["part"]): int(row["parameters"]) for row in parameters(run.network)}
    boxes = found["parameters"]
    assert boxes["core.embedding"] == rows["core embedding"]
    assert boxes["core.position"] == rows["core positions"]
    assert boxes["core.attention"] + boxes["core.attention.norm"] == rows["core 0 attention"]
    assert boxes["core.feed_forward"] + boxes["core.feed_forward.norm"] == rows["core 0 feed_forward"]
    assert boxes["core.norm"] == rows["core norm"]
    assert boxes["core.head"] == rows["answers"]

    # The parts of the last token, and of one that is chosen, for another answer.
    assert found["token"] == 11
    compare(found, run)
    page.locator(".transformerdiagram .token").nth(4).click()
    found = wait(page, "now.token === 4")
    for name, values in expected.items():
        assert edges(found)[name][1] == pytest.approx(norm_of(values, 4), abs=CLOSE), name
    compare(found, run)
    page.locator("#transformer-answer").select_option("7")
    found = wait(page, "now.asked === 7")
    compare(found, run)
    total = sum(part["contribution"] for part in found["parts"]) + found["bias"]
    assert total == pytest.approx(found["logit"], abs=1e-9)

    # The second block, by its button; boxes by mouse and by keyboard.
    page.locator(".transformerdiagram .layers button").nth(1).click()
    found = wait(page, "now.layer === 1")
    below, above = seen["core.blocks.0.feed_forward.sum"], seen["core.blocks.1.attention.sum"]
    assert edges(found)["core.below"][1] == pytest.approx(norm_of(below, 4), abs=CLOSE)
    assert edges(found)["core.attention.after"][1] == pytest.approx(norm_of(above, 4), abs=CLOSE)
    page.locator(".transformerdiagram [data-box='core.feed_forward']").hover()
    found = wait(page, "now.box === 'core.feed_forward'")
    assert found["out"] == pytest.approx(norm_of(seen["core.blocks.1.feed_forward.added"], 4), abs=CLOSE)
    assert "64 units between" in page.locator(".transformerdiagram .readout").inner_text()
    drawing = page.locator(".transformerdiagram svg[role=application]")
    drawing.focus()
    page.keyboard.press("End")
    wait(page, "now.pinned === 'core.softmax'")
    page.keyboard.press("ArrowDown")
    wait(page, "now.box === 'core.head'")
    assert "Answers" in drawing.get_attribute("aria-label")


def compare(found: dict[str, Any], run: AttentionRun) -> None:
    """The table of parts against the probe, which has tests of its own."""
    trace = contributions(run, token=found["token"], answer=found["asked"])
    assert [part["id"] for part in found["parts"]] == trace.state["parts"].tolist()
    for name, key in (("norms", "norm"), ("cosines", "cosine"), ("contributions", "contribution")):
        np.testing.assert_allclose([part[key] for part in found["parts"]], trace[name], atol=CLOSE, err_msg=name)
    assert found["logit"] == pytest.approx(float(trace["logit"]), abs=CLOSE)
    assert found["bias"] == pytest.approx(float(trace["bias"]), abs=CLOSE)


@pytest.mark.parametrize("page", [TALL], indirect=True, ids=["tall"])
def test_an_encoder_and_a_decoder_are_drawn_with_what_goes_across(page: Any, app: str) -> None:
    settings: dict[str, Any] = {"task": "digit_words", "width": 16, "examples": 300, "layers": 1}
    settings |= {"feed_forward": 0, "norm": "none"}
    found, run = opened(page, app, 6, **settings)
    seen = seen_by(run, found)
    drawn = edges(found)
    memory = seen["encoder.blocks.0.attention.sum"]
    assert drawn["encoder.top"] == (f"{len(memory)} × 16", pytest.approx(norm_of(memory), abs=CLOSE))
    cross = seen["decoder.blocks.0.cross.added"]
    assert drawn["decoder.cross.added"] == (f"{len(cross)} × 16", pytest.approx(norm_of(cross), abs=CLOSE))
    boxes = set(found["parameters"])
    assert {"encoder.attention", "decoder.attention", "decoder.cross", "decoder.head"} <= boxes
    assert not any("norm" in box or "feed_forward" in box for box in boxes), "what the network lacks is not drawn"
    assert page.locator(".transformerdiagram .wire.memory").count() == 1
    page.locator(".transformerdiagram [data-box='decoder.cross']").click()
    found = wait(page, "now.box === 'decoder.cross' && now.pinned === 'decoder.cross'")
    inside = seen["decoder.blocks.0.attention.sum"]
    assert found["in"] == pytest.approx([norm_of(inside), norm_of(memory)], abs=CLOSE)
    compare(found, run)


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone_with_norms_after_sums_only_norms_are_given(page: Any, app: str) -> None:
    found, run = opened(page, app, 5, length=10, width=8, heads=2, norm="post", position="rope")
    assert found["separates"] is False
    trace = contributions(run, answer=found["asked"])
    np.testing.assert_allclose([part["norm"] for part in found["parts"]], trace["norms"], atol=CLOSE)
    assert found["logit"] == pytest.approx(float(trace["logit"]), abs=CLOSE)
    assert page.locator(".transformerdiagram td.split").count() == 0
    text = page.locator(".transformerdiagram").inner_text()
    assert "no sum of parts" in text
    assert "RoPE turns queries and keys" in text
    seen = seen_by(run, found)
    with torch.no_grad():
        core: Any = run.network.core
        after = core.blocks[0].attention.norm(seen["core.blocks.0.attention.sum"])
    assert edges(found)["core.attention.after"][1] == pytest.approx(norm_of(after), abs=CLOSE)
    assert "core.place.add" not in found["parameters"], "nothing is added at the bottom"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
