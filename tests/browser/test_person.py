"""The Playground as a person plays it, in a real browser on the real app."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

OPENED_AT = 1000


def open_lab(page: Any, app: str, query: str = "", at_step: int = OPENED_AT) -> None:
    page.goto(f"{app}/playground{query}")
    expect(page.locator("h1")).to_have_text("Playground")
    wait_for_step(page, at_step)


def bar(page: Any) -> Any:
    return page.get_by_role("toolbar", name="Training")


def number_in(page: Any, label: str) -> float:
    figure = bar(page).locator(".figure", has=page.get_by_text(label, exact=True))
    return float(figure.locator(".value").inner_text().replace(",", "").replace("–", "nan"))


def wait_for_step(page: Any, least: int, timeout: float = 30_000) -> None:
    page.wait_for_function(
        """(least) => {
          const find = (root) => {
            for (const element of root.querySelectorAll("*")) {
              if (element.matches(".figure.step .value")) return element;
              const inner = element.shadowRoot && find(element.shadowRoot);
              if (inner) return inner;
            }
            return null;
          };
          return Number(find(document)?.textContent.replaceAll(",", "")) >= least;
        }""",
        arg=least,
        timeout=timeout,
    )


def on_stage(page: Any, expression: str) -> Any:
    """Evaluate with `stage`, the read-only view that the stage gives to tests."""
    script = f"(root) => {{ const stage = root.getRootNode().host.dlviz; return {expression}; }}"
    return page.locator(".playground").evaluate(script)


def test_a_person_plays_the_lab(page: Any, app: str) -> None:
    open_lab(page, app)
    assert number_in(page, "Step") == OPENED_AT
    first_loss = number_in(page, "Training loss")

    # Play, and the loss falls.
    bar(page).get_by_role("button", name="Play").click()
    wait_for_step(page, OPENED_AT + 600)
    bar(page).get_by_role("button", name="Pause").click()
    expect(bar(page).get_by_role("button", name="Play")).to_be_visible()
    assert number_in(page, "Training loss") < first_loss - 0.1

    # Hover a neuron: its map fills the output, without a message to the server.
    sent: list[Any] = []
    page.on("websocket", lambda socket: sent.append(socket))
    node = page.get_by_role("button", name=re.compile("^(neuron|unit) 1 ", re.IGNORECASE)).first
    node.hover()
    expect(page.locator(".output-title")).not_to_have_text("Output")
    page.mouse.move(5, 5)
    expect(page.locator(".output-title")).to_have_text("Output")
    assert sent == []

    # Edit a weight: nonsense is refused in words, a number goes in, and the maps change.
    node.click()
    before = on_stage(page, "stage.maps().values")
    page.locator(".unit-card button.number").first.click()
    field = page.get_by_role("textbox", name=re.compile("a number$"))
    field.fill("abc")
    field.press("Enter")
    expect(page.locator(".editor .wrong")).to_contain_text("must be a number. Got “abc”. Try")
    field.fill("2.5")
    field.press("Enter")
    expect(page.locator(".editor")).to_have_count(0)
    page.wait_for_timeout(300)
    assert on_stage(page, "stage.maps().values") != before
    assert number_in(page, "Step") >= OPENED_AT + 600  # the run was not lost

    # Scrub back: all pictures follow; then branch from there.
    newest = number_in(page, "Step")
    strip = page.get_by_role("slider", name="Moment of the run")
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 0.6, "y": box["height"] / 2})
    expect(page.get_by_role("button", name=re.compile("Looking at step"))).to_be_visible()
    page.wait_for_timeout(400)
    assert number_in(page, "Step") < newest
    assert on_stage(page, "stage.maps().step") == number_in(page, "Step")
    page.get_by_role("button", name="Branch here").click()
    branch = page.get_by_role("radio", name=re.compile("Run 2"))
    expect(branch).to_be_visible()
    scrubbed_to = float(re.search(r"from step ([\d,]+)", branch.inner_text())[1].replace(",", ""))
    assert 0 < scrubbed_to < newest
    page.wait_for_timeout(400)
    assert number_in(page, "Step") == scrubbed_to
    bar(page).get_by_role("button", name="Play").click()
    wait_for_step(page, int(scrubbed_to) + 100)
    bar(page).get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_label("Output of the compared run")).to_be_visible()


def test_the_link_opens_the_same_curve_in_a_second_window(page: Any, app: str, browser: Any) -> None:
    query = "?playground.dataset=xor&playground.seed=7&playground.hidden_layers=5&playground.step=600"
    open_lab(page, app, query, at_step=600)
    second = browser.new_page()
    try:
        open_lab(second, app, page.url.partition("/playground")[2] + "&playground.step=600", at_step=600)
        figures = ("Step", "Training loss", "Test loss")
        shown = [[number_in(window, figure) for figure in figures] for window in (page, second)]
        assert shown[0] == shown[1]
        assert shown[0][1] == shown[0][1]  # a number, not a dash
        maps = [on_stage(p, "stage.maps().values.at(-1).slice(0, 50)") for p in (page, second)]
        assert maps[0] == maps[1]
    finally:
        second.close()


def test_structure_follows_the_plus_and_the_link_follows_the_structure(page: Any, app: str) -> None:
    open_lab(page, app)
    page.get_by_role("button", name="Add a hidden layer").click()
    expect(page.get_by_text("3 hidden layers")).to_be_visible()
    page.wait_for_function("() => location.search.includes('playground.hidden_layers=4')")
    page.get_by_role("radio", name="Spiral").click()
    page.wait_for_function("() => location.search.includes('playground.dataset=spiral')")
    page.get_by_role("button", name="Remove a hidden layer").click()
    expect(page.get_by_text("2 hidden layers")).to_be_visible()
    page.wait_for_function("() => !location.search.includes('hidden_layers')")


def test_a_bad_link_says_so_and_the_lab_works(page: Any, app: str) -> None:
    cake = "%3Cb%3Ecake%3C/b%3E"
    open_lab(page, app, f"?playground.dataset={cake}&playground.hidden_layers=99,99&playground.learning_rate=-1")
    notes = page.locator(".dlviz-note")
    expect(notes).to_have_count(3)
    expect(notes.nth(0)).to_contain_text("must be one of circle")
    assert page.locator(".dlviz-note b").count() == 0
    bar(page).get_by_role("button", name="Play").click()
    wait_for_step(page, OPENED_AT + 100)


def test_a_diverging_run_stops_with_words_and_a_way_on(page: Any, app: str) -> None:
    query = "?playground.problem=regression&playground.surface=hills&playground.learning_rate=10"
    query += "&playground.activations=relu&playground.hidden_layers=8,8,8&playground.features=x1_squared,x2_squared"
    open_lab(page, app, query, at_step=0)
    bar(page).get_by_role("button", name="Play").click()
    note = page.get_by_text(re.compile(r"Training stopped at step \d+: (weight|bias)\.\d"))
    expect(note).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Halve the learning rate and go on").click()
    page.wait_for_function("() => location.search.includes('playground.learning_rate=5')")


def test_hidden_controls_are_not_there(page: Any, app: str) -> None:
    open_lab(page, app, "?playground.hide=optimizer,noise,hidden_layers,features")
    stage = page.locator(".playground")
    expect(stage.locator("label[for^=knob]", has_text="Batch size")).to_be_visible()
    for hidden in ("Optimizer", "Noise"):
        expect(stage.locator("label[for^=knob]", has_text=hidden)).to_be_hidden()
    expect(stage.locator("button[aria-label='Add a hidden layer']")).to_be_hidden()
    stage.locator("button.node").nth(2).click()  # the feature x1 squared, which is off and stays so
    page.wait_for_timeout(500)
    assert "playground.features" not in page.url


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_nothing_sticks_out_at_390_pixels(page: Any, app: str) -> None:
    open_lab(page, app, at_step=1)
    page.wait_for_timeout(1000)
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
    play = bar(page).get_by_role("button", name="Play", exact=True)  # its words are hidden here, its name is not
    play.click()
    expect(bar(page).get_by_role("button", name="Pause", exact=True)).to_be_visible()
