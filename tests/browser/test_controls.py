"""The playground's controls as a person uses them, with the real spec answering (see stage_page.py)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.stage_page import stage_page

pytestmark = pytest.mark.browser


def knob(stage: Any, name: str) -> Any:
    return stage.page.locator(f"[data-field={name}]")


def tile(stage: Any, name: str) -> Any:
    return stage.page.locator(f".tile[value={name}]")


def settled(stage: Any) -> None:
    """Answers have come and are shown."""
    stage.page.wait_for_timeout(150)


def type_number(stage: Any, name: str, text: str) -> None:
    field = knob(stage, name).locator("input[type=text]")
    field.fill(text)
    field.press("Enter")
    settled(stage)


# --- the row of knobs ------------------------------------------------------------------------


def test_each_knob_sends_its_field_and_shows_what_the_server_has(chromium: Any) -> None:
    with stage_page(chromium, "knobs") as stage:
        knob(stage, "optimizer").locator("select").select_option("adam")
        knob(stage, "activations").locator("select").select_option("relu")
        knob(stage, "regularization").get_by_role("radio", name="L2").click()
        knob(stage, "batch_norm").get_by_role("switch").click()
        type_number(stage, "dropout", "0.3")
        knob(stage, "problem").get_by_role("radio", name="Regression").click()
        settled(stage)
        assert stage.sent == [
            {"optimizer": "adam"},
            {"activations": ["relu"]},
            {"regularization": "l2"},
            {"batch_norm": True},
            {"dropout": 0.3},
            {"problem": "regression"},
        ]
        expected = PlaygroundSpec(
            optimizer="adam", activations=("relu",), regularization="l2", batch_norm=True, dropout=0.3,
            problem="regression",
        )  # fmt: skip
        assert stage.run.spec == expected
        assert knob(stage, "optimizer").locator("select").input_value() == "adam"
        assert knob(stage, "batch_norm").get_by_role("switch").get_attribute("aria-checked") == "true"


def test_controls_follow_a_change_from_elsewhere(chromium: Any) -> None:
    with stage_page(chromium, "knobs", "data") as stage:
        preset = {"dataset": "rings", "classes": 5, "optimizer": "rmsprop", "noise": 20, "seed": 77}
        preset["activations"] = ["sine"]
        stage.page.evaluate("async changes => arrive(await change(changes))", preset)
        assert knob(stage, "optimizer").locator("select").input_value() == "rmsprop"
        assert knob(stage, "activations").locator("select").input_value() == "sine"
        assert knob(stage, "noise").locator("input[type=text]").input_value() == "20"
        assert knob(stage, "seed").locator("input").input_value() == "77"
        assert knob(stage, "classes").locator("input[type=text]").input_value() == "5"
        assert tile(stage, "rings").get_attribute("aria-checked") == "true"


def test_the_penalty_shows_only_what_it_needs(chromium: Any) -> None:
    with stage_page(chromium, "knobs") as stage:
        shown = lambda: [name for name in ("regularization_rate", "l1_method") if knob(stage, name).is_visible()]  # noqa: E731
        assert shown() == []
        knob(stage, "regularization").get_by_role("radio", name="L2").click()
        assert shown() == ["regularization_rate"]
        knob(stage, "regularization").get_by_role("radio", name="L1").click()
        assert shown() == ["regularization_rate", "l1_method"]


def test_without_hidden_layers_their_knobs_rest(chromium: Any) -> None:
    with stage_page(chromium, "knobs", spec=PlaygroundSpec(hidden_layers=())) as stage:
        for name in ("activations", "dropout", "batch_norm"):
            assert "No hidden layer." in knob(stage, name).inner_text()
        assert knob(stage, "activations").locator("select").is_disabled()


def test_the_seed_is_typed_or_drawn(chromium: Any) -> None:
    with stage_page(chromium, "knobs") as stage:
        type_number(stage, "seed", "42")
        assert stage.run.spec.seed == 42
        knob(stage, "seed").get_by_role("button", name="Draw another seed").click()
        settled(stage)
        assert stage.run.spec.seed != 42
        sent = len(stage.sent)
        type_number(stage, "seed", "abc")
        assert "A whole number from 0 to 999999." in knob(stage, "seed").inner_text()
        assert len(stage.sent) == sent


def test_what_the_server_refuses_is_said_at_its_control_and_taken_back(chromium: Any) -> None:
    with stage_page(chromium, "knobs", "data", spec=PlaygroundSpec(batch_size=1)) as stage:
        knob(stage, "batch_norm").get_by_role("switch").click()
        settled(stage)
        words = "must be at least 2 with batch normalization, which needs a batch to normalise over. Got 1. Try 10."
        assert f"Batch size {words}" in knob(stage, "batch_size").inner_text()
        assert knob(stage, "batch_norm").get_by_role("switch").get_attribute("aria-checked") == "false"
        type_number(stage, "batch_size", "8")
        assert words not in knob(stage, "batch_size").inner_text()


# --- the column of data ----------------------------------------------------------------------


def test_every_data_set_can_be_chosen_from_any_other(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="rings", classes=6)) as stage:
        for name in ("circle", "spiral", "xor", "blobs", "gauss", "rings", "moons"):
            tile(stage, name).click()
            settled(stage)
            assert stage.run.spec.dataset == name
            assert tile(stage, name).get_attribute("aria-checked") == "true"


def test_sets_of_two_classes_say_why_there_are_no_more(chromium: Any) -> None:
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="blobs", classes=4)) as stage:
        assert knob(stage, "classes").locator("input[type=range]").is_enabled()
        tile(stage, "xor").click()
        settled(stage)
        assert stage.sent[-1] == {"dataset": "xor", "classes": 2}
        assert knob(stage, "classes").locator("input[type=range]").is_disabled()
        assert "Exclusive or has two classes." in knob(stage, "classes").inner_text()


def test_the_number_of_classes_is_sent_and_its_thumbnails_follow(chromium: Any) -> None:
    count = """() => {
      const canvas = stage.ctx.root.querySelector(".tile[value=blobs] canvas");
      const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const pixels = Array.from({length: data.length / 4}, (_, i) => data.slice(4 * i, 4 * i + 4));
      return new Set(pixels.filter((pixel) => pixel[3] === 255).map((pixel) => pixel.join())).size;
    }"""
    with stage_page(chromium, "data", spec=PlaygroundSpec(dataset="blobs")) as stage:
        stage.page.wait_for_timeout(100)
        two = stage.page.evaluate(count)
        type_number(stage, "classes", "7")
        stage.page.wait_for_timeout(100)
        assert stage.run.spec.classes == 7
        assert stage.page.evaluate(count) >= two + 5  # five more colours


def test_regression_has_surfaces_and_no_classes(chromium: Any) -> None:
    with stage_page(chromium, "knobs", "data") as stage:
        knob(stage, "problem").get_by_role("radio", name="Regression").click()
        settled(stage)
        assert not knob(stage, "classes").is_visible()
        assert not tile(stage, "circle").is_visible()
        tile(stage, "hills").click()
        settled(stage)
        assert stage.run.spec.surface == "hills"


def test_tiles_are_walked_by_arrow_keys(chromium: Any) -> None:
    with stage_page(chromium, "data") as stage:
        tile(stage, "circle").focus()
        stage.page.keyboard.press("ArrowRight")
        settled(stage)
        assert stage.run.spec.dataset == "xor"


def test_a_dragged_slider_ends_at_its_last_value(chromium: Any) -> None:
    with stage_page(chromium, "data") as stage:
        box = knob(stage, "noise").locator("input[type=range]").bounding_box()
        y = box["y"] + box["height"] / 2
        stage.page.mouse.move(box["x"] + 8, y)
        stage.page.mouse.down()
        for share in (0.2, 0.5, 0.9, 0.5):
            stage.page.mouse.move(box["x"] + 8 + (box["width"] - 16) * share, y, steps=8)
        stage.page.mouse.up()
        stage.page.wait_for_timeout(300)
        shown = float(knob(stage, "noise").locator("input[type=text]").input_value())
        assert stage.run.spec.noise == shown == pytest.approx(25, abs=2)


# --- hiding ----------------------------------------------------------------------------------


def test_hidden_fields_are_not_shown(chromium: Any) -> None:
    hidden = ("optimizer", "noise", "dataset", "seed")
    with stage_page(chromium, "knobs", "data", hide=hidden) as stage:
        assert not any(knob(stage, name).is_visible() for name in ("optimizer", "noise", "seed"))
        assert not tile(stage, "circle").is_visible()
        assert knob(stage, "samples").is_visible()


def test_a_teacher_ticks_controls_and_gets_the_link_that_hides_them(chromium: Any) -> None:
    with stage_page(chromium, "knobs", "data", spec=PlaygroundSpec(dataset="xor", seed=5)) as stage:
        stage.page.get_by_role("button", name="Hide controls").click()
        stage.page.get_by_role("checkbox", name="Optimizer", exact=True).check()
        stage.page.get_by_role("checkbox", name="Noise", exact=True).check()
        assert not knob(stage, "optimizer").is_visible()
        link = stage.page.get_by_label("Link that hides these controls").input_value()
        assert parse_qs(urlsplit(link).query) == {
            "playground.dataset": ["xor"], "playground.seed": ["5"], "playground.hide": ["noise,optimizer"],
        }  # fmt: skip
        stage.page.get_by_role("checkbox", name="Optimizer", exact=True).uncheck()
        assert knob(stage, "optimizer").is_visible()
