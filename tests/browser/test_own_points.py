"""Placing, painting, erasing and importing own points, with a real run behind them (see stage_page.py)."""

from __future__ import annotations

from typing import Any

import pytest

from dlviz.labs.playground.previews import previews
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.stage_page import stage_page

pytestmark = pytest.mark.browser


def own(stage: Any) -> list[tuple[float, float, int]]:
    """The points that the model has, as (x1, x2, class)."""
    x = [*stage.run.points.train_x.tolist(), *stage.run.points.test_x.tolist()]
    y = [*stage.run.points.train_y.tolist(), *stage.run.points.test_y.tolist()]
    return sorted((round(a, 2), round(b, 2), label) for (a, b), label in zip(x, y, strict=True))


def point(stage: Any, kind: str, x1: float, x2: float, buttons: int = 0) -> None:
    given = {"kind": kind, "x1": x1, "x2": x2, "event": {"buttons": buttons}}
    stage.page.evaluate("given => stage.point(given)", given)


def button(stage: Any, name: str) -> Any:
    return stage.page.get_by_role("button", name=name, exact=True)


def test_own_data_begin_with_the_points_on_the_screen(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="blobs", classes=3, samples=60)) as stage:
        before = own(stage)
        stage.page.locator(".tile[value=own]").click()
        stage.page.wait_for_timeout(300)
        assert stage.run.spec.dataset == "own"
        assert stage.run.spec.classes == 3
        after = own(stage)
        assert [label for *_, label in after].count(2) == 20
        for old, new in zip(before, after, strict=True):
            assert new == pytest.approx(old, abs=0.02)


def test_points_are_placed_erased_undone_and_cleared_while_training_goes_on(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", own_points="0VVVV")) as stage:
        button(stage, "Place").click()
        stage.page.get_by_role("radio", name="class 1").click()
        point(stage, "click", 3, -2)
        stage.page.wait_for_timeout(250)
        point(stage, "click", -3, 2)
        stage.page.wait_for_timeout(250)
        placed = [(-3.0, 2.0, 1), (0.09, 0.09, 0), (3.0, -2.0, 1)]
        assert [label for *_, label in own(stage)] == [label for *_, label in placed]
        assert own(stage)[0][:2] == pytest.approx((-3, 2), abs=0.01)
        stage.train(10)
        assert stage.run.step == 10
        button(stage, "Erase").click()
        point(stage, "click", 3.1, -2.1)
        stage.page.wait_for_timeout(250)
        assert len(own(stage)) == 2
        button(stage, "Undo").click()
        stage.page.wait_for_timeout(250)
        assert len(own(stage)) == 3
        assert stage.run.step == 10  # none of this started training anew
        button(stage, "Clear").click()
        stage.page.wait_for_timeout(250)
        assert own(stage) == []
        button(stage, "Undo").click()
        stage.page.wait_for_timeout(250)
        assert len(own(stage)) == 3


def test_a_stroke_paints_and_is_undone_as_one(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", own_points="0VVVV1zzzz")) as stage:
        button(stage, "Place").click()
        for i in range(21):
            point(stage, "move", -4 + i * 0.2, 1, buttons=1)
        point(stage, "click", 0, 1)
        stage.page.wait_for_timeout(400)
        painted = len(own(stage)) - 2
        assert 8 <= painted <= 12  # one each 0.35 units or so of a stroke of 4
        assert len(stage.sent) <= 6
        button(stage, "Undo").click()
        stage.page.wait_for_timeout(250)
        assert len(own(stage)) == 2


def test_without_a_tool_a_click_places_nothing(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", own_points="0VVVV")) as stage:
        point(stage, "click", 1, 1)
        stage.page.wait_for_timeout(200)
        assert stage.sent == []


def test_one_class_more_and_fewer_keeps_the_points_that_fit(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", own_points="0VVVV1zzzz")) as stage:
        button(stage, "One class more").click()
        stage.page.wait_for_timeout(250)
        assert stage.run.spec.classes == 3
        button(stage, "Place").click()
        point(stage, "click", 2, 2)
        stage.page.wait_for_timeout(250)
        assert [label for *_, label in own(stage)].count(2) == 1
        stage.page.locator("[data-field=classes] input[type=text]").fill("2")
        stage.page.keyboard.press("Enter")
        stage.page.wait_for_timeout(250)
        assert stage.run.spec.classes == 2
        assert sorted(label for *_, label in own(stage)) == [0, 1]


def test_a_generated_set_can_be_the_start(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", classes=4, hidden_layers=(8,))) as stage:
        button(stage, "Rings").click()
        stage.page.wait_for_timeout(250)
        assert stage.run.spec.own_points == previews()["sets"]["rings"]["4"]
        assert "96 points. The link carries them." in stage.page.locator(".own").inner_text()


def test_a_table_becomes_points_and_a_bad_one_changes_nothing(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", own_points="0VVVV1zzzz")) as stage:
        button(stage, "Import a table…").click()
        dialog = stage.page.get_by_role("dialog", name="Import a table")
        dialog.get_by_label("Table as text").fill("a,b,c\n1,2,p\n3,4,p\n")
        dialog.get_by_text('"c" has one class only: "p". Choose a column with two to eight.').wait_for()
        assert dialog.get_by_role("button", name="Use these points").is_disabled()
        dialog.get_by_label("Table as text").fill("a,b,c\n1,2,p\n3,4,q\n5,0,<b>r</b>\nNaN,0,p\n")
        dialog.get_by_text("1 row was dropped: a value is missing.").wait_for()
        assert dialog.locator("ul.legend li").all_inner_texts()[0].split() == ["<b>r</b>", "1"]
        assert stage.sent == []
        dialog.get_by_role("button", name="Use 3 points").click()
        stage.page.wait_for_timeout(300)
        assert stage.run.spec.classes == 3
        assert len(own(stage)) == 3
        assert not dialog.is_visible()


def test_a_file_is_read_and_a_picture_refused(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own")) as stage:
        button(stage, "Import a table…").click()
        chooser = stage.page.locator("dialog input[type=file]")
        picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00"
        chooser.set_input_files({"name": "cat.png", "mimeType": "image/png", "buffer": picture})
        stage.page.get_by_text("cat.png is not a text file. Save the table as CSV and try that file.").wait_for()
        rows = "\n".join(f"{i};{i * i},5;{'left' if i < 20 else 'right'}" for i in range(40))
        chooser.set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": f"x;y;side\n{rows}".encode()})
        words = "40 rows, the first line names the columns, divided by semicolons, decimal commas."
        stage.page.get_by_text(words).wait_for()
        button(stage, "Use 40 points").click()
        stage.page.wait_for_timeout(300)
        assert len(own(stage)) == 40


def test_many_points_are_capped_and_the_length_of_their_link_is_said(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="own", own_points="0VVVV1zzzz" * 999)) as stage:
        assert "1,998 points. The link carries them, but is long" in stage.page.locator(".own").inner_text()
        button(stage, "Place").click()
        for i in range(5):
            point(stage, "click", i, i)
        stage.page.wait_for_timeout(400)
        assert len(own(stage)) == 2000
        assert "2,000 points, which is the most." in stage.page.locator(".own").inner_text()
