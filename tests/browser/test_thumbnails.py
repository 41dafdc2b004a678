"""The home page: its small trainer against torch, when its pictures move, its cards and links."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from dlviz.core.lab import BrokenLab, discover
from dlviz.labs.convolution import kernels
from dlviz.ui.home import content
from tests.browser.static_page import static_page

WIDTHS = [2, 5, 4, 3]
ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}

TRAIN = """([widths, activation, inputs, labels, steps]) => {
  const net = new trainer.TinyNetwork(widths, {activation, seed: 3});
  const before = [...net.parameters];
  const losses = [];
  const gradient = [];
  for (let k = 0; k < steps; k++) {
    losses.push(net.train(inputs, labels, 0.02));
    gradient.push([...net.gradients]);
  }
  return {before, losses, gradient, after: [...net.parameters], decision: [...net.decision(9)],
          maps: net.maps(9).map((layer) => layer.map((map) => [...map]))};
}"""


@pytest.fixture(scope="module")
def trainer(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.trainer = await import('/lib/tinytrain.js'); }")
        yield opened


def torch_twin(widths: list[int], activation: str, parameters: list[float]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i in range(1, len(widths)):
        layers += [nn.Linear(widths[i - 1], widths[i]), ACTIVATIONS[activation]()]
    model = nn.Sequential(*layers[:-1]).double()
    nn.utils.vector_to_parameters(torch.tensor(parameters, dtype=torch.float64), model.parameters())
    return model


def flat_gradient(model: nn.Module) -> list[float]:
    return torch.cat([p.grad.flatten() for p in model.parameters()]).tolist()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_loss_gradient_and_adam_equal_torch(trainer: Any, activation: str) -> None:
    chance = torch.Generator().manual_seed(1)
    inputs = torch.rand(20, 2, generator=chance, dtype=torch.float64) * 2 - 1
    labels = torch.randint(0, 3, (20,), generator=chance)
    found = trainer.evaluate(TRAIN, [WIDTHS, activation, inputs.tolist(), labels.tolist(), 25])
    model = torch_twin(WIDTHS, activation, found["before"])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for loss_found, gradient_found in zip(found["losses"], found["gradient"], strict=True):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        assert loss_found == pytest.approx(loss.item(), abs=1e-10)
        assert gradient_found == pytest.approx(flat_gradient(model), abs=1e-10)
        optimizer.step()
    assert found["after"] == pytest.approx(nn.utils.parameters_to_vector(model.parameters()).tolist(), abs=1e-8)


def test_the_maps_equal_torch(trainer: Any) -> None:
    found = trainer.evaluate(TRAIN, [WIDTHS, "tanh", [[0.3, -0.2]], [1], 3])
    model = torch_twin(WIDTHS, "tanh", found["after"])
    centres = (torch.arange(9, dtype=torch.float64) + 0.5) / 4.5 - 1
    plane = torch.stack([centres.repeat(9), centres.flip(0).repeat_interleave(9)], 1)
    with torch.no_grad():
        shares = model(plane).softmax(1)
        hidden = model[1](model[0](plane))
    assert found["decision"] == pytest.approx((shares[:, 1] - shares[:, 0]).tolist(), abs=1e-6)
    assert found["maps"][1] == [pytest.approx(row.tolist(), abs=1e-6) for row in hidden.T]
    assert found["maps"][3] == [pytest.approx(row.tolist(), abs=1e-6) for row in shares.T]


def test_every_data_set_is_learned(trainer: Any) -> None:
    losses = trainer.evaluate("""() => trainer.shapes.map((shape) => {
      const data = trainer.points(shape, 140, 1), random = trainer.stream(1);
      const net = new trainer.TinyNetwork([2, 8, 8, 2], {seed: 1});
      for (let k = 0; k < 2400; k++) net.train(...trainer.batch(data, 32, random), 0.02);
      const inside = data.inputs.every((point) => point.every((x) => Math.abs(x) <= 1));
      return [shape, net.gradient(data.inputs, data.labels), inside];
    })""")
    for shape, loss, inside in losses:
        assert loss < 0.05, shape
        assert inside, shape


LAB = {
    "slug": "playground", "title": "Playground", "topic": "Foundations", "sentence": "Train a small network.",
    "thumbnail": "network", "panels": ["Space warp"],
    "presets": [{"title": "Spiral", "query": {"playground.dataset": "spiral"}}],
}  # fmt: skip
CANVAS = "document.querySelector('#thumbnails').shadowRoot.querySelector('.hero-picture canvas')"
HERO = f"() => Number({CANVAS}.dataset.steps)"


def steps(page: Any) -> int:
    return int(page.evaluate(HERO))


def test_the_picture_learns_and_rests_out_of_sight(mounted: Any, page: Any) -> None:
    mounted("thumbnails", data={"labs": [LAB], "broken": []})
    page.wait_for_function(f"() => ({HERO})() > 20")
    page.evaluate("document.body.style.paddingTop = '6000px'")
    page.wait_for_timeout(300)
    resting = steps(page)
    page.wait_for_timeout(500)
    assert steps(page) == resting
    page.evaluate("document.body.style.paddingTop = '0'")
    page.wait_for_function(f"() => ({HERO})() > {resting}")


def test_without_motion_it_shows_what_was_learned(mounted: Any, page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    mounted("thumbnails", data={"labs": [LAB], "broken": []})
    canvas = page.locator("#thumbnails .hero-picture canvas")
    page.wait_for_function(f"() => ({HERO})() > 300")
    assert canvas.get_attribute("data-learned") == "true"
    still = canvas.screenshot()
    page.wait_for_timeout(300)
    assert canvas.screenshot() == still


def test_a_point_is_added_by_click_and_by_keyboard(mounted: Any, page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    mounted("thumbnails", data={"labs": [LAB], "broken": []})
    page.wait_for_function(f"() => ({HERO})() > 300")
    canvas = page.locator("#thumbnails .hero-picture canvas")
    before = steps(page)
    page.get_by_role("radio", name="Add orange points").click()
    canvas.click(position={"x": 30, "y": 400})
    page.wait_for_function(f"() => ({HERO})() > {before}")
    again = steps(page)
    canvas.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => ({HERO})() > {again}")


def test_a_card_opens_its_lab_in_the_page_and_is_a_real_link(mounted: Any, page: Any) -> None:
    mounted("thumbnails", data={"labs": [LAB], "broken": []})
    page.get_by_role("link", name="Spiral").click()
    opened = page.evaluate("harness.triggers.map(({name, value}) => [name, value.slug, value.query])")
    assert opened == [["open", "playground", {"playground.dataset": "spiral"}]]
    assert page.url.endswith("mount.html?theme=light")
    links = page.locator("#thumbnails a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert set(links) == {"playground", "playground?playground.dataset=spiral"}


def test_a_broken_lab_is_a_card_that_says_why_and_runs_no_markup(mounted: Any, page: Any) -> None:
    reason = "ImportError: <img src=x onerror=alert(1)>"
    mounted("thumbnails", data={"labs": [LAB], "broken": [{"slug": "lost", "reason": reason}]})
    card = page.get_by_role("alert")
    assert reason in card.inner_text()
    assert page.locator("#thumbnails img").count() == 0
    assert page.locator("#thumbnails article").count() == 2


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(mounted: Any, page: Any, theme: str) -> None:
    mounted("thumbnails", data={"labs": [LAB], "broken": [{"slug": "lost", "reason": "x" * 200}]}, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_python_sends_a_card_for_every_lab() -> None:
    labs = discover()[0]
    sent = content(labs.values(), (BrokenLab("lost", "ImportError: no module"),))
    assert [card["slug"] for card in sent["labs"]] == list(labs)
    assert sent["broken"] == [{"slug": "lost", "reason": "ImportError: no module"}]
    for card in sent["labs"]:
        assert all(name.startswith(f"{card['slug']}.") for preset in card["presets"] for name in preset["query"])


def test_the_real_home_page_opens_a_lab_without_loading_again(app: str, page: Any) -> None:
    page.goto(app)
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Open the Playground").click()
    page.wait_for_url("**/playground*")
    page.get_by_role("heading", name="Playground").wait_for()
    assert page.evaluate("window.sameDocument")


CONVOLUTION = {**LAB, "slug": "convolution", "title": "Convolution", "thumbnail": "convolution", "presets": []}
KERNEL_CANVAS = "document.querySelector('#thumbnails').shadowRoot.querySelector('[data-slug=convolution] canvas')"
CELLS = f"() => Number({KERNEL_CANVAS}.dataset.cells)"
COMPUTED = """async () => {
  const { five, KERNELS, OUT, SIDE, Sliding } = await import('/thumbnails/sliding.js');
  const ctx = { reducedMotion: true, signal: new AbortController().signal };
  const found = {};
  for (const name of Object.keys(KERNELS)) {
    const sliding = new Sliding(document.createElement('canvas'), ctx, () => {});
    sliding.start(name);
    sliding.slide(100);
    const half = [...sliding.output.slice(100)];
    sliding.slide(10_000);
    const { cells, done, output } = sliding;
    found[name] = { kernel: KERNELS[name], output: [...output], half, cells, done };
  }
  return { found, input: [...five()], side: SIDE, out: OUT };
}"""


def test_the_sliding_thumbnail_computes_what_torch_does(trainer: Any) -> None:
    seen = trainer.evaluate(COMPUTED)
    side, out = seen["side"], seen["out"]
    picture = torch.tensor(seen["input"]).reshape(1, 1, side, side)
    assert picture.max() == 1
    assert 0.1 < (picture > 0.5).float().mean() < 0.4, "a glyph, not a blank"
    assert set(seen["found"]) == {"sobel_vertical", "sobel_horizontal", "laplacian"}
    for name, slid in seen["found"].items():
        kernel = torch.tensor(slid["kernel"]).float()
        assert slid["kernel"] == [w for row in kernels.kernel(name, 3) for w in row]
        expected = nn.functional.conv2d(picture, kernel.reshape(1, 1, 3, 3)).flatten()
        assert slid["output"] == pytest.approx(expected.tolist(), abs=1e-5)
        assert slid["half"] == [0] * (out * out - 100), "cells that it has not been at are not there yet"
        assert (slid["cells"], slid["done"]) == (out * out, True)


def test_the_kernel_slides_to_the_end_rests_out_of_sight_and_begins_again_on_a_visit(mounted: Any, page: Any) -> None:
    mounted("thumbnails", data={"labs": [LAB, CONVOLUTION], "broken": []})
    page.locator("#thumbnails [data-slug=convolution]").scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({CELLS})() > 5")
    page.evaluate("document.body.style.paddingTop = '6000px'; scrollTo(0, 0)")
    page.wait_for_function(f"""() => new Promise((answer) => {{
      const before = ({CELLS})();
      setTimeout(() => answer(({CELLS})() === before), 200);
    }})""")
    assert page.evaluate(CELLS) < 256
    page.evaluate("document.body.style.paddingTop = '0'")
    page.locator("#thumbnails [data-slug=convolution]").scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({CELLS})() === 256")
    assert page.evaluate(f"{KERNEL_CANVAS}.dataset.kernel") == "sobel_vertical"
    page.mouse.move(5, 5)
    page.locator("#thumbnails [data-slug=convolution] .words").hover()
    page.wait_for_function(f"() => {KERNEL_CANVAS}.dataset.kernel === 'sobel_horizontal'")


def test_without_motion_the_whole_answer_is_there_at_once(mounted: Any, page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    mounted("thumbnails", data={"labs": [LAB, CONVOLUTION], "broken": []})
    page.locator("#thumbnails [data-slug=convolution]").scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({CELLS})() === 256")
    still = page.evaluate(f"{KERNEL_CANVAS}.toDataURL()")
    page.locator("#thumbnails [data-slug=convolution] .words").hover()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.evaluate(f"{KERNEL_CANVAS}.toDataURL()") == still


@pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 900}}], indirect=True)
def test_two_labs_share_a_row_in_equal_parts(mounted: Any, page: Any) -> None:
    mounted("thumbnails", data={"labs": [LAB, CONVOLUTION], "broken": []})
    one, two = (page.locator("#thumbnails article").nth(k).bounding_box() for k in range(2))
    assert one["y"] == two["y"]
    assert one["width"] == two["width"]
    assert one["height"] == two["height"]


COUNTED = """async () => {
  const { counter, readString, STRINGS, UNITS } = await import('/thumbnails/unrolling.js');
  const plain = Object.entries(counter()).map(([name, { shape, data }]) => [name, { shape, data: [...data] }]);
  const read = STRINGS.map((string) => readString(string).map((step) => ({ ...step, hidden: [...step.hidden] })));
  return { units: UNITS, strings: STRINGS, arrays: Object.fromEntries(plain), read };
}"""


def test_the_unrolled_thumbnail_is_an_lstm_that_counts(trainer: Any) -> None:
    seen = trainer.evaluate(COUNTED)
    arrays = {name: torch.tensor(a["data"]).float().reshape(a["shape"]) for name, a in seen["arrays"].items()}
    lstm = nn.LSTM(1, seen["units"], batch_first=True)
    lstm.load_state_dict({n.removeprefix("core."): a for n, a in arrays.items() if n.startswith("core.")})
    for string, steps in zip(seen["strings"], seen["read"], strict=True):
        ids = torch.tensor([["()".index(letter) for letter in string]])
        with torch.no_grad():
            hidden, _ = lstm(arrays["embedding.weight"][ids])
        assert torch.tensor([step["hidden"] for step in steps]).sub(hidden[0]).abs().max() < 1e-6
        depth = [string[: i + 1].count("(") - string[: i + 1].count(")") for i in range(len(string))]
        assert [step["count"] for step in steps] == depth
        assert depth[-1] == 0


ATTENDED = """async () => {
  const { weightsOf, SEQUENCES } = await import('/thumbnails/attending.js');
  return SEQUENCES.map((sequence) => ({ sequence, weights: [...weightsOf(sequence)] }));
}"""


def test_the_attention_thumbnail_looks_at_what_came_after_the_same_letter(trainer: Any) -> None:
    for seen in trainer.evaluate(ATTENDED):
        letters, n = seen["sequence"], len(seen["sequence"])
        known = sorted(set(letters))
        queries = torch.tensor([[float(letter == one) for one in known] for letter in letters])
        keys = torch.cat([torch.zeros(1, len(known)), queries[:-1]])  # what stood before
        query, key = queries.reshape(1, 1, n, -1), keys.reshape(1, 1, n, -1)
        values = torch.eye(n).reshape(1, 1, n, n)
        expected = nn.functional.scaled_dot_product_attention(query, 5 * key, values, is_causal=True, scale=1.0)
        weights = torch.tensor(seen["weights"]).reshape(n, n)
        assert (weights - expected[0, 0]).abs().max() < 1e-6
        period = letters.index(letters[0], 1)
        for again in range(period, n):
            assert letters[int(weights[again].argmax()) - 1] == letters[again], letters


ATTENTION = {**LAB, "slug": "attention", "title": "Attention", "thumbnail": "attention", "presets": []}


def test_without_motion_the_attention_thumbnail_is_whole_at_once(mounted: Any, page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    mounted("thumbnails", data={"labs": [LAB, ATTENTION], "broken": []})
    canvas = page.locator("#thumbnails [data-slug=attention] canvas")
    canvas.scroll_into_view_if_needed()
    page.wait_for_function(
        "(canvas) => canvas.dataset.shown === String(canvas.dataset.sequence.length)", arg=canvas.element_handle()
    )
    still = canvas.evaluate("(e) => e.toDataURL()")
    page.locator("#thumbnails [data-slug=attention] .words").hover()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert canvas.evaluate("(e) => e.toDataURL()") == still
