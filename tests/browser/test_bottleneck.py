"""The panel The bottleneck in the real app: what both networks write, and every number on the way, against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.attention.bottleneck import data, keeping, measuring
from dlviz.labs.attention.bottleneck.data import Pairs
from dlviz.labs.attention.bottleneck.model import EncoderDecoder
from dlviz.labs.attention.bottleneck.training import NETWORKS, Learner, Pair, bottleneck
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.jobs import to_the_end

LINK = "attention?attention.panel=The+bottleneck"
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.bottleneck)"
STEPS = 30
SEED = 1

# Tall, because what is out of sight is not drawn.
pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 6000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.bottleneck(); return now && ({condition}); }}", timeout=120_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.bottleneck()")
    return found


def look(network: EncoderDecoder, ids: list[int], most: int) -> dict[str, Any]:
    """What a network writes for one sentence until it stops, and the numbers on the way."""
    with torch.no_grad():
        source, length = torch.tensor([ids]), torch.tensor([len(ids)])
        written, weights = network.write(source, length, most)
        stop = written[0].tolist().index(1) + 1 if 1 in written[0] else most
        read = torch.cat([torch.zeros(1, 1, dtype=torch.long), written[:, : stop - 1]], 1)
        memory = network.encode(source, length)
        hidden, _ = network.decoder(network.embedding(read), memory.last)
        logits, _, _ = network.decode(read, memory.last, memory)
        found = {"written": written[0, :stop].tolist(), "shares": logits.softmax(-1)[0].numpy()}
        if weights is not None:
            found["weights"] = weights[0, :stop].numpy()
            found["scores"] = network.scores(hidden, memory.states)[0].numpy()
            found["contexts"] = (weights[:, :stop] @ memory.states)[0].numpy()
    return found


def check(now: dict[str, Any], networks: dict[str, EncoderDecoder], pairs: Pairs, most: int) -> None:
    """What is on screen is what torch makes of the same sentence."""
    ids = [pairs.vocabulary.index(letter) for letter in now["source"]]
    for name, network in networks.items():
        wanted = look(network, ids, most)
        assert now["said"][name] == [pairs.vocabulary[i] for i in wanted["written"]]
        np.testing.assert_allclose(now["shares"][name], wanted["shares"], atol=2e-5)
        for what in ("weights", "scores", "contexts"):
            if what in wanted:
                np.testing.assert_allclose(now[what], wanted[what], rtol=1e-4, atol=5e-5)


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("−", "-")) for text in texts]


@tall
@pytest.mark.parametrize(("task", "score", "size"), [("digits", "dot", 32), ("dates", "additive", 16)])
def test_before_training_every_number_is_torchs(page: Any, app: str, task: str, score: str, size: int) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".bottleneck")
    wait(page)
    panel.get_by_role("radio", name="Dates" if task == "dates" else "Digit words").click()
    panel.get_by_role("radio", name="Additive" if score == "additive" else "Dot product").click()
    panel.locator(".knob[data-field=hidden_size] select").select_option(str(size))
    now = wait(page, f"now.settings.hiddenSize === {size} && now.settings.task === '{task}' && now.words")
    pairs = data.load(task, SEED, with_training=False)
    pair = Pair(pairs, SEED, size, score)
    check(now, pair.networks, pairs, pairs.longest_answer)
    for name, network in pair.networks.items():
        count = sum(values.numel() for values in network.parameters())
        assert f"{count:,} parameters" in panel.locator(f"[data-network={name}] figcaption").inner_text()
    letters = len(now["source"])
    assert f"{letters} × {size} = {letters * size:,} numbers" in panel.inner_text()
    assert "Neither has learned anything yet" in now["words"]


def shipped() -> dict[str, EncoderDecoder]:
    """Both networks as the panel opens with them."""
    trace = to_the_end(bottleneck(AttentionRun(AttentionSpec())))
    pair = Pair(data.load("digits", SEED, with_training=False), SEED, 48, "dot")
    for name, network in pair.networks.items():
        start = f"{name}."
        values = {key.removeprefix(start): value for key, value in trace.state.items() if key.startswith(start)}
        network.load_state_dict({key: torch.from_numpy(value) for key, value in values.items()})
    return pair.networks


@tall
def test_it_opens_with_networks_that_have_learned(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    now = wait(page, f"now.step === {keeping.STEPS} && now.words.includes('At step')")
    pairs = data.load("digits", SEED, with_training=False)
    check(now, shipped(), pairs, pairs.longest_answer)
    assert now["said"]["attention"] == now["truth"]
    assert now["moments"][0] == 0
    panel = page.locator(".bottleneck")
    assert "trained beforehand, for 600 steps with seed 1" in panel.locator(".training").inner_text()
    plain, attention = (now["byLength"][name][data.TRAINED - 1] for name in NETWORKS)
    assert f"{100 * plain:.0f} % of those of 8 digits" in now["words"].replace("\xa0", " ")
    assert attention > 0.9 > 0.5 > plain
    panel.locator(".sharpening input[type=range]").press("Home")
    first = Pair(pairs, SEED, 48, "dot").networks
    check(wait(page, "now.step === 0"), first, pairs, pairs.longest_answer)


@tall
@pytest.mark.timeout(300)
def test_training_moments_and_one_letter(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".bottleneck")
    wait(page)
    field = panel.locator(".knob[data-field=steps] input[type=text]")
    field.fill(str(STEPS))
    field.press("Enter")
    panel.get_by_role("button", name="Train both").click()
    told = f"now.words.includes('At step {STEPS},') && now.sharp.every((x) => x !== null)"
    now = wait(page, f"now.settings.steps === {STEPS} && now.isDone && now.step === {STEPS} && !now.running && {told}")
    moments = now["moments"]
    assert len(moments) > 8

    pairs = data.load("digits", SEED)
    networks = Pair(pairs, SEED, 48, "dot").networks
    learners = {name: Learner(network, pairs, SEED, STEPS) for name, network in networks.items()}
    back = moments[-3]  # measuring takes long, so it is done again at two moments only
    checked = (moments.index(back), len(moments) - 1)
    for at, mark in enumerate(moments):
        for name, learner in learners.items():
            while learner.step < mark:
                learner.learn()
            if at in checked:
                *_, found = measuring.measured(networks[name], pairs)
                assert found is not None
                assert now["curves"][name]["loss"][at] == pytest.approx(found.loss, rel=1e-3)
                np.testing.assert_allclose(now["curves"][name]["byLength"][at], [*found.by_length.values()], atol=0.051)
        ids = [pairs.vocabulary.index(letter) for letter in now["source"]]
        sharp = look(networks["attention"], ids, pairs.longest_answer)["weights"].max(-1).mean()
        assert now["sharp"][at] == pytest.approx(sharp, abs=2e-3)
        if mark == back:  # an earlier moment, by the thumbnail and by the slider
            panel.get_by_role("button", name=f"Step {back}:").click()
            check(wait(page, f"now.step === {back}"), networks, pairs, pairs.longest_answer)
            panel.locator(".sharpening input[type=range]").press("End")
            wait(page, f"now.step === {STEPS}")
    check(now, networks, pairs, pairs.longest_answer)
    share = [f"{100 * now['byLength'][name][k]:.0f} %" for name in NETWORKS for k in (0, data.TRAINED - 1)]
    for told in share:
        assert told in now["words"].replace("\xa0", " ")

    chart = panel.locator("canvas.lengths").get_attribute("aria-label") or ""
    for name, words in (("plain", "without attention"), ("attention", "with attention")):
        points = zip(now["lengths"], now["byLength"][name], strict=True)
        told = ", ".join(f"{count} digits {100 * share:.0f} %" for count, share in points)
        assert f"{words}: {told}" in chart

    # A letter by the mouse, then by the keyboard: its row in the table is torch's.
    picture = panel.locator("[data-network=attention] canvas.flow")
    x, y = page.evaluate(f"() => {PANEL}.dlviz.middle('attention', 1)")
    page.mouse.move(x, y)
    wait(page, "now.output === 1")
    page.mouse.click(x, y)
    assert wait(page, "now.pinned === 1")["output"] == 1
    picture.press("Escape")
    wait(page, "now.pinned === null")
    page.mouse.move(5, 5)
    picture.press("Home")
    picture.press("ArrowRight")
    picture.press("ArrowRight")
    picture.press("Enter")
    now = wait(page, "now.pinned === 2 && now.output === 2")
    panel.locator(".readout h4", has_text="How letter 3 of").wait_for()
    ids = [pairs.vocabulary.index(letter) for letter in now["source"]]
    wanted = look(networks["attention"], ids, pairs.longest_answer)
    rows = panel.locator(".sum tr[data-at]")
    best = np.argsort(-wanted["weights"][2])[:4]
    assert [int(row.get_attribute("data-at")) for row in rows.all()] == best.tolist()
    for row, j in zip(rows.all(), best, strict=True):
        score, share_of, weight = numbers(row.locator("td").all_inner_texts()[1:])
        assert score == pytest.approx(wanted["scores"][2, j], abs=0.0051 + 1e-3)
        assert share_of == pytest.approx(np.exp(wanted["scores"][2, j] - wanted["scores"][2].max()), rel=0.06)
        assert weight == pytest.approx(wanted["weights"][2, j], abs=6e-4)

    # The grid is of the same letters: pointing there points here.
    picture.press("Escape")
    x, y = page.evaluate(f"() => {PANEL}.dlviz.cell(1, 3)")
    page.mouse.move(x, y)
    wait(page, "now.output === 1")


@tall
def test_a_sentence_of_ones_own(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    wait(page, f"now.step === {keeping.STEPS}")
    panel = page.locator(".bottleneck")
    pairs = data.load("digits", SEED, with_training=False)
    networks = shipped()
    own = panel.locator("#bottleneck-own")
    notice = panel.locator(".notice")
    before = wait(page)["source"]
    own.fill("nine eight")
    now = wait(page, "now.source === 'nine eight'")
    assert now["truth"] == ["9", "8", "$"]
    check(now, networks, pairs, pairs.longest_answer)
    assert notice.inner_text() == ""
    own.fill("3 14")
    assert wait(page, "now.source === 'three one four'")["truth"] == ["3", "1", "4", "$"]
    assert "spelled out" in notice.inner_text()
    own.fill("<b>one</b>")
    now = wait(page, "now.source === 'one'")
    assert "“<” “b” “>” “/”" in notice.inner_text()
    assert panel.locator(".notice b").count() == 0
    own.fill("one " * 2500)
    now = wait(page, "now.source.length > 50")
    assert len(now["source"]) <= 64
    assert "Cut after 64 letters" in notice.inner_text()
    own.fill("&&&")
    wait(page, f"now.source === '{before}'")
    assert "Nothing is left to read" in notice.inner_text()
    own.fill("")
    assert wait(page)["source"] == before
    assert notice.inner_text() == ""

    panel.get_by_role("button", name="The next sentence").click()
    now = wait(page, f"now.source !== '{before}'")
    assert len(now["truth"]) == data.SHOWN[1] + 1
    check(now, networks, pairs, pairs.longest_answer)
    panel.locator("#bottleneck-sentence").select_option(index=9)
    assert len(wait(page, "now.source.length > 40")["truth"]) == 13


@tall
def test_a_training_that_is_stopped_leaves_what_was_seen(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    wait(page, f"now.step === {keeping.STEPS}")
    panel = page.locator(".bottleneck")
    field = panel.locator(".knob[data-field=steps] input[type=text]")
    field.fill("0")
    field.press("Enter")
    assert "Give a whole number from 20 to 3,000" in panel.locator(".knob[data-field=steps]").inner_text()
    field.fill("3000")
    field.press("Enter")
    panel.get_by_role("button", name="Train both").click()
    wait(page, "now.settings.steps === 3000 && now.moments.length >= 2")
    panel.get_by_role("button", name="Cancel").click()
    panel.get_by_role("button", name="Train again").wait_for()
    kept = wait(page, "!now.running")
    panel.get_by_role("radio", name="Dates").click()
    wait(page, "now.settings.task === 'dates' && now.step === 0")
    panel.get_by_role("radio", name="Digit words").click()
    again = wait(page, "now.settings.task === 'digits'")
    assert again["moments"][: len(kept["moments"])] == kept["moments"]


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 10_000}}], indirect=True, ids=["phone"])
def test_on_a_phone_nothing_sticks_out(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    wait(page, f"now.step === {keeping.STEPS}")
    panel = page.locator(".bottleneck")
    panel.locator("#bottleneck-sentence").select_option(index=9)  # the longest, which scrolls in its own frame
    wait(page, "now.source.length > 40")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    inside = panel.locator("[data-network=plain] .scroller").evaluate("(e) => [e.scrollWidth, e.clientWidth]")
    assert inside[0] > inside[1]
    pitch = panel.locator("[data-network=plain] canvas.flow").evaluate("(e) => e.clientWidth")
    assert pitch / len(wait(page)["source"]) >= 10, "a letter stays large enough to read"
