"""The panel Intervene in the real app: gains, patch and FGSM on the screen against torch called directly."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

# Tall, because what is out of sight is neither asked for nor drawn.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 4200}}], indirect=True, ids=["tall"]),
]

OPENING = 110
DIGITS = {"dataset": "digits", "channels": (4, 6), "dense_units": (8,), "picture": 5}
SHAPES = {"dataset": "shapes", "channels": (4,), "dense_units": (), "picture": 4, "examples": 200}
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.intervene)"


def link(settings: dict[str, Any]) -> str:
    texts = {n: ",".join(map(str, v)) if isinstance(v, tuple) else v for n, v in settings.items()}
    return "&".join(f"cnn.{name}={text}" for name, text in texts.items()) + f"&cnn.step={OPENING}&cnn.panel=Intervene"


class Panel:
    """The panel on a page, and every command that the page has sent."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.sent: list[str] = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda text: self.sent.append(str(text))))
        page.goto(address)

    def wait(self, condition: str = "true", arg: Any = None) -> dict[str, Any]:
        """Wait until nothing is asked any more and an expression of `now` and `arg` holds; what the panel shows."""
        ready = "Object.values(now).every((part) => !part.busy)"
        look = f"const now = {PANEL}?.dlviz.intervene();"
        self.page.wait_for_function(f"(arg) => {{ {look} return now && {ready} && ({condition}); }}", arg=arg,
                                    timeout=90_000)  # fmt: skip
        return self.now()

    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(f"() => {PANEL}.dlviz.intervene()")
        return found

    def probes(self) -> int:
        return sum('"probe"' in text for text in self.sent)

    def painted(self, row: int, column: int) -> list[float]:
        found: list[float] = self.page.evaluate(
            f"([r, c]) => {PANEL}.dlviz.intervene().patch.painted(r, c)", [row, column]
        )
        return found


def answers(network: nn.Module, pictures: Any) -> np.ndarray:
    """Probabilities of pictures (n, …), without dropout."""
    network = copy.deepcopy(network).eval()
    with torch.no_grad():
        return network(torch.as_tensor(np.asarray(pictures), dtype=torch.float32)).softmax(1).numpy()  # type: ignore[no-any-return]


def with_gains(run: CnnRun, changes: list[list[Any]]) -> nn.Module:
    """A copy of the network with hooks that multiply."""
    network = copy.deepcopy(run.network)
    for name, channel, gain in changes:

        def multiply(_module: nn.Module, _given: Any, output: Tensor, k: int = channel, by: float = gain) -> Tensor:
            output = output.clone()
            output[:, k] *= by
            return output

        network.get_submodule(name).register_forward_hook(multiply)
    return network


def accuracy(run: CnnRun, changes: list[list[Any]]) -> tuple[float, list[float]]:
    y = run.pictures.test_y.numpy()
    right = answers(with_gains(run, changes), run.pictures.test_x).argmax(1) == y
    return right.mean(), [right[y == k].mean() for k in range(run.spec.class_count)]


def output_of(run: CnnRun, name: str) -> np.ndarray:
    network = copy.deepcopy(run.network).eval()
    x = run.picture[None]
    with torch.no_grad():
        for each, module in network.named_children():
            x = module(x)
            if each == name:
                return x[0].numpy()  # type: ignore[no-any-return]
    raise AssertionError(name)


def check_bars(panel: Panel, part: str, which: int, **columns: Any) -> None:
    """What is written beside the bars of every class: `before`, `after` and `change`, in percent or as they are."""
    bars = panel.page.locator(f"[data-part={part}] .bars").nth(which)
    for name, (values, decimals) in columns.items():
        texts = bars.locator(f".body .{name}").all_inner_texts()
        shown = [float(text.removesuffix(" %").replace("−", "-")) for text in texts]
        np.testing.assert_allclose(shown, values, atol=0.51 * 10.0**-decimals, err_msg=f"{part} {name}")


def check_channels(panel: Panel, found: dict[str, Any], run: CnnRun, changes: list[list[Any]]) -> None:
    now = found["channels"]
    assert sorted(now["gains"]) == sorted(changes)
    before, after = (answers(with_gains(run, each), run.picture[None])[0] for each in ([], changes))
    np.testing.assert_allclose(now["answer"]["before"], before, atol=1e-5)
    np.testing.assert_allclose(now["answer"]["after"], after, atol=1e-5)
    assert now["accuracy"]["before"] == pytest.approx(accuracy(run, [])[0], abs=1e-6)
    overall, by_class = accuracy(run, changes)
    assert now["accuracy"]["after"] == pytest.approx(overall, abs=1e-6)
    np.testing.assert_allclose(now["accuracy"]["classesAfter"], by_class, atol=1e-6)
    assert f"{overall * 100:.1f} %" in now["figure"]
    logits = [np.array(now["answer"][name]) for name in ("logits", "logitsAfter")]
    np.testing.assert_allclose([np.exp(z) / np.exp(z).sum() for z in logits], [before, after], atol=1e-5)
    check_bars(panel, "channels", 0, after=(100 * after, 1))
    check_bars(panel, "channels", 1, after=(100 * np.array(by_class), 1))
    if changes:
        check_bars(panel, "channels", 0, before=(100 * before, 1), change=(logits[1] - logits[0], 2))
        points = 100 * (np.array(by_class) - accuracy(run, [])[1])
        check_bars(panel, "channels", 1, before=(100 * np.array(accuracy(run, [])[1]), 1), change=(points, 1))


def check_patch(panel: Panel, run: CnnRun, cover: float) -> dict[str, Any]:
    now = panel.now()["patch"]
    (top, left), size = now["at"], now["size"]
    picture = run.picture.numpy().copy()
    picture[:, top : top + size, left : left + size] = cover
    np.testing.assert_allclose(now["after"], answers(run.network, picture[None])[0], atol=1e-5)
    np.testing.assert_allclose(now["before"], answers(run.network, run.picture[None])[0], atol=1e-5)
    check_bars(panel, "patch", 0, before=(100 * np.array(now["before"]), 1), after=(100 * np.array(now["after"]), 1))
    for row, column in ((top, left), (top + size - 1, left + size - 1), (top - 1, left), (top + size, left)):
        if 0 <= row < picture.shape[1]:
            channels = [0, 1, 2] if len(picture) == 3 else [0, 0, 0]
            expected = [255 * picture[c, row, column] for c in channels]
            assert panel.painted(row, column) == pytest.approx(expected, abs=1e-3)
    return now


def check_attack(panel: Panel, found: dict[str, Any], run: CnnRun) -> None:
    now = found["attack"]
    shape = run.picture.shape
    x = run.picture.numpy()
    epsilon = now["epsilon"]
    way = -1 if now["towards"] else 1
    leaf = run.picture[None].clone().requires_grad_(True)
    loss = -copy.deepcopy(run.network).eval()(leaf).log_softmax(1)[0, now["label"]]
    (gradient,) = torch.autograd.grad(loss, leaf)
    np.testing.assert_allclose(np.reshape(now["gradient"], shape), gradient[0].numpy(), rtol=1e-3, atol=1e-6)
    expected = np.clip(x + np.float32(epsilon) * way * np.sign(gradient[0].numpy()), 0, 1)
    np.testing.assert_allclose(np.reshape(now["moved"], shape), expected, atol=1e-6)
    assert np.abs(expected - x).max() == pytest.approx(epsilon, rel=1e-4)
    np.testing.assert_allclose(now["after"], answers(run.network, expected[None])[0], atol=2e-5)
    check_bars(panel, "attack", 0, before=(100 * np.array(now["before"]), 1), after=(100 * np.array(now["after"]), 1))
    random = np.reshape(now["random"], shape)
    np.testing.assert_allclose(np.unique(np.abs(random - x).round(5))[-1], epsilon, atol=1e-4)
    np.testing.assert_allclose(now["randomAfter"], answers(run.network, random[None])[0], atol=2e-5)
    norm = np.sqrt(((expected - x).astype(float) ** 2).sum())
    assert f"L2 {norm:.2f}" in now["panes"]["noise"]
    assert f"L∞ {epsilon:.3f}" in now["panes"]["noise"]
    after = -np.log(answers(run.network, expected[None])[0][now["label"]])
    promised = loss.item() + float((gradient[0].numpy() * (expected - x)).sum())
    assert f"= {loss.item():.3f}  →" in now["lines"] or f"= {loss.item():.3f} →" in now["lines"]
    assert f"{after:.3f}" in now["lines"].replace("−", "-")
    assert f"= {promised:.3f}" in now["lines"].replace("−", "-")


def test_channels_silenced_and_scaled_are_what_torch_makes_of_them(page: Any, app: str) -> None:
    run = CnnRun(CnnSpec(**DIGITS))
    run.advance(OPENING)
    panel = Panel(page, f"{app}/cnn?{link(DIGITS)}")
    found = panel.wait(f"now.channels.answer.step === {OPENING} && now.patch.step === {OPENING}")
    check_channels(panel, found, run, [])
    np.testing.assert_allclose(found["channels"]["maps"], output_of(run, "act1").ravel(), atol=1e-5)

    # --- silence and scale
    page.locator(".channel[data-channel='1'] .press").click()
    page.get_by_label("Gain of map 4").focus()
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    changes: list[list[Any]] = [["act1", 1, 0], ["act1", 3, 2.5]]
    found = panel.wait("now.channels.gains.length === 2")
    check_channels(panel, found, run, changes)
    tile = page.evaluate(f"() => {PANEL}.dlviz.intervene().channels.value(3, 20)")
    assert tile == pytest.approx(2.5 * output_of(run, "act1")[3].ravel()[20], abs=1e-5)
    page.get_by_label("Layer", exact=True).select_option("dense1")
    panel.wait("now.channels.maps.length === 8")
    page.locator(".channel[data-channel='2'] .press").click()
    changes.append(["dense1", 2, 0])
    found = panel.wait("now.channels.gains.length === 3")
    check_channels(panel, found, run, changes)
    page.get_by_role("button", name="As it was").click()
    check_channels(panel, panel.wait("now.channels.gains.length === 0"), run, [])

    # --- each in turn
    page.get_by_label("Layer", exact=True).select_option("act2")
    page.get_by_role("button", name="Silence each in turn").click()
    found = panel.wait("now.channels.ranking?.done && now.channels.ranking.row === 'act2'")
    alone = [accuracy(run, [["act2", k, 0]])[0] - accuracy(run, [])[0] for k in range(6)]
    np.testing.assert_allclose(found["channels"]["ranking"]["worth"], alone, atol=1e-6)
    order = page.locator(".ranking .column").evaluate_all("(all) => all.map((each) => Number(each.dataset.channel))")
    assert order == sorted(range(6), key=lambda k: (alone[k], k))
    page.locator(".ranking .column").first.click()
    check_channels(panel, panel.wait("now.channels.gains.length === 1"), run, [["act2", order[0], 0]])

    # --- another moment, and another network
    page.evaluate(f"() => {PANEL}.dlviz.live().scrub(0)")
    found = panel.wait("now.channels.answer.step === 0 && now.channels.accuracy.step === 0")
    check_channels(panel, found, CnnRun(CnnSpec(**DIGITS)), [["act2", order[0], 0]])
    page.evaluate(f"() => {PANEL}.dlviz.live().set({{channels: [3]}})")
    found = panel.wait("now.channels.gains.length === 0 && now.channels.maps?.length === 192")
    assert page.get_by_text("The network was rebuilt, so the changes are gone.").is_visible()
    check_channels(panel, found, CnnRun(CnnSpec(**{**DIGITS, "channels": (3,)})), [])


def test_the_patch_and_the_noise_ask_nobody_while_they_are_moved(page: Any, app: str) -> None:
    run = CnnRun(CnnSpec(**DIGITS))
    run.advance(OPENING)
    panel = Panel(page, f"{app}/cnn?{link(DIGITS)}")
    panel.wait(f"now.patch.step === {OPENING} && now.attack.step === {OPENING}")

    # --- cover a part: no question while it is dragged
    asked = panel.probes()
    picture = page.locator("[data-part=patch] canvas.cells").first
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.4, 0.6, 0.8, 0.99):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
    page.mouse.up()
    assert check_patch(panel, run, 0.5)["at"] == [6, 6]
    page.keyboard.press("ArrowUp")
    picture.press("ArrowLeft")
    now = check_patch(panel, run, 0.5)
    assert now["at"] in ([5, 5], [6, 5])  # the press gives the focus, where the pointer had not
    page.get_by_role("button", name="Go to the worst place").click()
    now = check_patch(panel, run, 0.5)
    k = int(np.argmax(now["before"]))
    assert now["after"][k] == pytest.approx(min(now["values"]), abs=1e-6)
    assert now["at"] == list(divmod(int(np.argmin(now["values"])), 7))
    assert panel.probes() == asked
    page.locator("[data-part=patch]").get_by_role("radio", name="Black").click()
    panel.wait("now.patch.fill === 'black'")
    check_patch(panel, run, 0.0)

    # --- noise that misleads: no question while ε is scrubbed
    found = panel.wait("now.attack.switches.length > 0")
    check_attack(panel, found, run)
    assert found["attack"]["exact"] == 0
    first = found["attack"]["switches"][0]
    assert int(np.argmax(found["attack"]["after"])) == first["to"] != first["from"]
    asked = panel.probes()
    page.get_by_label("ε", exact=True).focus()
    page.keyboard.press("Home")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    found = panel.wait("Math.abs(now.attack.epsilon - 0.05) < 1e-6")
    check_attack(panel, found, run)
    assert panel.probes() == asked
    page.get_by_label("Change the picture").select_option("towards")
    found = panel.wait("now.attack.towards && now.attack.exact !== null || now.attack.switches.length === 0")
    check_attack(panel, found, run)
    tested = found["attack"]["tested"]
    assert tested["count"] == 200
    assert tested["accuracy"][0] == pytest.approx(
        (answers(run.network, run.pictures.test_x[:200]).argmax(1) == run.pictures.test_y[:200].numpy()).mean(),
        abs=1e-6,
    )
    page.get_by_role("button", name="Put x′ on the stage").click()
    moved = np.array(found["attack"]["moved"])
    found = panel.wait("now.attack.x.some((value, i) => value !== arg[i])", found["attack"]["x"])
    np.testing.assert_allclose(found["attack"]["x"], np.round(255 * moved) / 255, atol=1e-6)
    assert "A cell is a byte there" in found["attack"]["sent"]
    page.get_by_role("button", name="Back to the test picture").click()
    panel.wait("now.attack.x.every((value, i) => Math.abs(value - arg[i]) < 1e-6)", run.picture.ravel().tolist())

    # --- another moment
    page.evaluate(f"() => {PANEL}.dlviz.live().scrub(0)")
    found = panel.wait("now.patch.step === 0 && now.attack.step === 0")
    check_attack(panel, found, CnnRun(CnnSpec(**DIGITS)))


def test_colour_and_a_shape_that_is_known(page: Any, app: str) -> None:
    run = CnnRun(CnnSpec(**SHAPES))
    run.advance(OPENING)
    panel = Panel(page, f"{app}/cnn?{link(SHAPES)}")
    found = panel.wait(f"now.patch.step === {OPENING} && now.attack.step === {OPENING}")
    check_patch(panel, run, 0.5)
    check_attack(panel, found, run)
    mask = run.pictures.masks[4].numpy()  # type: ignore[index]
    size, values, k = 8, found["patch"]["values"], int(np.argmax(found["patch"]["before"]))
    falls = np.maximum(0, found["patch"]["before"][k] - np.reshape(values, (25, 25)))
    windows = np.lib.stride_tricks.sliding_window_view(mask, (size, size)).mean((2, 3))
    share = (falls * windows).sum() / falls.sum()
    assert f"{share * 100:.1f}\xa0% of its fall lies on the shape" in found["patch"]["said"]
    assert f"it would be {windows.mean() * 100:.1f}\xa0%" in found["patch"]["said"]

    # --- it follows the training, and what is measured after it is of the moment at which it paused
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        f"() => {{ const now = {PANEL}.dlviz.intervene();"
        " return [now.channels.answer.step, now.patch.step, now.attack.step].every((step) => step > 110); }",
        timeout=60_000,
    )
    page.get_by_role("button", name="Pause", exact=True).click()
    found = panel.wait("new Set([now.channels.answer.step, now.channels.accuracy.step, now.patch.step]).size === 1")
    run.advance(found["patch"]["step"] - OPENING)
    check_patch(panel, run, 0.5)
    check_attack(panel, found, run)
