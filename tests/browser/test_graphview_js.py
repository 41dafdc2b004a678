"""A graph one points at (lib/graphview.js): what is hit, dragged, joined and walked to, and the layout beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

# Four nodes at the corners of a diamond and one in the middle; the place of each in the list is its number.
PLACES = [[0, 0], [0.8, 0], [0, 0.8], [-0.8, 0], [0, -0.8]]
BEGIN = """async ({places, editable}) => {
  const { GraphView } = await import('/lib/graphview.js');
  document.body.replaceChildren();
  const said = window.said = [];
  const plain = (value) => value instanceof Event ? null : Array.isArray(value) ? value.map((v) => Math.round(v * 100) / 100) : value;
  const listeners = Object.fromEntries(['onhover', 'onpick', 'ondrag', 'ondrop', 'onempty', 'onedge', 'onconnect']
    .map((name) => [name, (...all) => said.push([name, ...all.map(plain).filter((v, i) => !(all[i] instanceof Event))])]));
  const view = window.view = new GraphView({label: 'A graph', editable, ...listeners});
  view.canvas.style.cssText = 'display: block; width: 400px; height: 400px';
  document.body.append(view.element);
  document.body.style.margin = 0;
  window.edges = [{a: 0, b: 1}, {a: 1, b: 0}, {a: 0, b: 3}, {a: 2, b: 2}];
  view.show({directed: true, nodes: places.map(([x, y], k) => ({x, y, name: `n${k}`, fill: '#1f6fb5'})), edges});
  const colors = {ink: '#000000', paper: '#ffffff', muted: '#888888', line: '#cccccc', accent: '#008800', classes: Array(10).fill('#1f6fb5'), font: 'sans-serif'};
  view.draw(colors);
}"""  # noqa: E501


@pytest.fixture(scope="module")
def blank(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        yield opened


@pytest.fixture
def page(blank: Any, request: pytest.FixtureRequest) -> Any:
    blank.mouse.move(900, 600)
    blank.evaluate(BEGIN, {"places": PLACES, "editable": getattr(request, "param", True)})
    return blank


def pixel(page: Any, place: list[float]) -> tuple[float, float]:
    x, y = page.evaluate("(place) => view.toPixel(place)", place)
    return x, y


def said(page: Any, *names: str) -> list[Any]:
    return [entry for entry in page.evaluate("said") if entry[0] in names]


def drag(page: Any, a: list[float], b: list[float]) -> None:
    page.mouse.move(*pixel(page, a))
    page.mouse.down()
    page.mouse.move(*pixel(page, b), steps=5)
    page.mouse.up()


def test_places_fit_and_come_back(page: Any) -> None:
    assert pixel(page, [0, 0]) == (200, 200)
    x, y = pixel(page, [1, 1])
    assert 350 < x < 400
    assert y == pytest.approx(400 - x)
    assert page.evaluate("([x, y]) => view.toPlace([x, y])", [x, y]) == pytest.approx([1, 1])


def test_what_lies_under_the_pointer(page: Any) -> None:
    at = "([x, y]) => view.under([x, y])"
    assert page.evaluate(at, [200 + 13, 200]) == {"node": 0, "edge": None}
    assert page.evaluate(at, pixel(page, [-0.4, 0])) == {"node": None, "edge": 2}
    # Two opposite edges are two arcs, one at each side of the straight line.
    x, y = pixel(page, [0.4, 0])
    found = [page.evaluate(at, [x, y + aside])["edge"] for aside in (-16, 16)]
    assert sorted(found) == [0, 1]
    # The loop at the upper node.
    x, y = pixel(page, [0, 0.8])
    assert page.evaluate(at, [x, y - 30])["edge"] == 3
    assert page.evaluate(at, [30, 30]) == {"node": None, "edge": None}


def test_a_finger_reaches_farther(page: Any) -> None:
    reached = page.evaluate("[false, true].map((isTouch) => view.under([200, 200 - 20], isTouch).node)")
    assert reached == [None, 0]


def test_press_says_node_edge_or_empty_place(page: Any) -> None:
    page.mouse.click(*pixel(page, [0.8, 0]))
    page.mouse.click(*pixel(page, [-0.4, 0]))
    page.mouse.click(*pixel(page, [-0.5, 0.5]))
    assert said(page, "onpick") == [["onpick", 1], ["onpick", None, 2]]
    assert said(page, "onempty") == [["onempty", [-0.5, 0.5]]]
    assert said(page, "onhover")[:2] == [["onhover", 1], ["onhover", None]]
    assert ["onedge", 2] in said(page, "onedge")


def test_drag_moves_a_node_and_drops_it(page: Any) -> None:
    drag(page, [-0.8, 0], [-0.5, 0.6])
    drags = said(page, "ondrag")
    assert len(drags) >= 3
    assert drags[-1] == ["ondrag", 3, [-0.5, 0.6]]
    assert said(page, "ondrop") == [["ondrop", 3, [-0.5, 0.6]]]
    assert said(page, "onpick", "onconnect") == []


def test_escape_takes_a_drag_back(page: Any) -> None:
    page.mouse.move(*pixel(page, [-0.8, 0]))
    page.mouse.down()
    page.mouse.move(*pixel(page, [0.5, 0.5]), steps=3)
    page.evaluate("view.canvas.focus()")
    page.keyboard.press("Escape")
    page.mouse.up()
    assert said(page, "ondrop") == [["ondrop", 3, [-0.8, 0]]]


@pytest.mark.parametrize("page", [False], indirect=True)
def test_a_graph_that_cannot_be_edited_stays(page: Any) -> None:
    drag(page, [-0.8, 0], [-0.5, 0.6])
    page.evaluate("view.canvas.focus()")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+ArrowLeft")
    assert said(page, "ondrag", "ondrop", "onpick") == []
    assert "moves the node" not in page.evaluate("view.canvas.getAttribute('aria-label')")


def test_shift_joins_two_nodes_or_one_with_itself(page: Any) -> None:
    page.keyboard.down("Shift")
    drag(page, [0, 0.8], [0.8, 0])
    page.mouse.move(*pixel(page, [0, 0]))
    page.mouse.down()
    page.mouse.move(*pixel(page, [0.2, 0.3]))
    page.mouse.move(*pixel(page, [0, 0]))
    page.mouse.up()
    drag(page, [0, 0.8], [0.6, 0.6])  # to an empty place: nothing
    page.keyboard.up("Shift")
    page.evaluate("view.connecting = true")
    drag(page, [-0.8, 0], [0, -0.8])
    assert said(page, "onconnect") == [["onconnect", 2, 1], ["onconnect", 0, 0], ["onconnect", 3, 4]]
    assert said(page, "ondrag", "onpick") == []


def test_the_keys_do_all(page: Any) -> None:
    page.evaluate("view.canvas.focus()")
    word = "view.element.querySelector('[role=status]').textContent"
    page.keyboard.press("ArrowRight")  # begins in the middle
    assert page.evaluate(word) == "n0"
    for key, node in [("ArrowRight", 1), ("ArrowUp", 2), ("ArrowDown", 0), ("ArrowLeft", 3)]:
        page.keyboard.press(key)
        assert page.evaluate("view.hovered") == node, key
        assert page.evaluate(word) == f"n{node}"
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+ArrowUp")
    assert said(page, "onpick") == [["onpick", 3]]
    assert said(page, "ondrag", "ondrop") == [["ondrag", 3, [-0.8, 0.04]], ["ondrop", 3, [-0.8, 0.04]]]
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    assert page.evaluate(word) == "Edge from n0 to n3"
    assert said(page, "onpick")[-1] == ["onpick", None, 2]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert said(page, "onconnect") == [["onconnect", 0, 1]]
    page.keyboard.press("Escape")
    assert page.evaluate("[view.hovered, view.rubber]") == [None, None]
    page.keyboard.press("n")
    ((_, (x, y)),) = said(page, "onempty")
    assert min((x - a) ** 2 + (y - b) ** 2 for a, b in PLACES) > 0.04


def test_a_press_that_ends_elsewhere_is_over(page: Any) -> None:
    page.mouse.move(*pixel(page, [-0.5, 0.5]))
    page.mouse.down()
    page.mouse.move(900, 600)
    page.mouse.up()
    assert said(page, "onempty") == []
    page.mouse.click(*pixel(page, [0, 0]))
    assert said(page, "onpick") == [["onpick", 0]]


def test_read_says_what_was_drawn(page: Any) -> None:
    found = page.evaluate("view.read()")
    assert [node["name"] for node in found["nodes"]] == ["n0", "n1", "n2", "n3", "n4"]
    assert found["nodes"][0] | {"fill": None} == {"x": 200, "y": 200, "fill": None, "name": "n0", "radius": 8}
    assert found["edges"][3] == {"a": 2, "b": 2, "width": 1, "color": None}
    assert found["hovered"] is None
    assert found["picked"] is None


def test_text_inside_a_node_is_legible(page: Any) -> None:
    found = page.evaluate(
        """async () => { const { contrast, classFill } = await import('/lib/graphview.js');
      const colors = {muted: 'm', classes: ['a', 'b']};
      return [contrast('#12436d'), contrast('#f2dc3a'), classFill(colors, 1), classFill(colors, -1)]; }"""
    )
    assert found == ["#ffffff", "#000000", "b", "m"]


def test_relax_parts_nodes_and_keeps_what_is_fixed(page: Any) -> None:
    found = page.evaluate(
        """async () => { const { relax, placeFor } = await import('/lib/graphlayout.js');
      const [places, edges] = [Array.from({length: 12}, () => [0.1, 0.1]), Array.from({length: 12}, (_, k) => ({a: k, b: (k + 1) % 12}))];
      const given = () => relax(places, edges, {fixed: new Set([3]), steps: 150});
      return {one: given(), two: given(), free: placeFor([[0, 0], [0.5, 0]], [0]), first: placeFor([], [])}; }"""  # noqa: E501
    )
    assert found["one"] == found["two"]
    places = found["one"]
    assert places[3] == [0.1, 0.1]
    assert all(abs(v) <= 1 for place in places for v in place)
    gaps = [((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) ** 0.5 for i, p in enumerate(places) for q in places[:i]]
    assert min(gaps) > 0.15
    x, y = found["free"]
    assert 0.2 < (x * x + y * y) ** 0.5 < 0.5
    assert ((x - 0.5) ** 2 + y * y) ** 0.5 > 0.2
    assert found["first"] == [0, 0]
