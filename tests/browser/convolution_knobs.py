"""What a person does with the controls of the Convolution lab, and whether torch agrees with what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from dlviz.core import spec as specs
from dlviz.labs.convolution import model, pictures
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import stage, wait_for_stage


def spec_of(page: Any) -> ConvolutionSpec:
    return specs.from_values(ConvolutionSpec, stage(page, "spec"))


def assert_torch_agrees(page: Any) -> None:
    spec = spec_of(page)
    with torch.no_grad():
        expected = model.target(spec)(pictures.load(spec)[None])[0].numpy()
    found = np.array(stage(page, "outputs")[-1], np.float32).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, atol=1e-5, rtol=1e-5)


def wait_for(page: Any, **settings: Any) -> None:
    """Until the scene has these settings and is drawn; then it must be what torch makes of them."""
    wait_for_stage(page, "dlviz.ready && Object.entries(arg).every(([k, v]) => JSON.stringify(dlviz.spec()[k]) === "
                   "JSON.stringify(v))", settings)  # fmt: skip
    assert_torch_agrees(page)


def knob(page: Any, name: str) -> Any:
    return page.locator(f".controls [data-field={name}]")


def more(name: str) -> Callable[[Any], None]:
    return lambda page: knob(page, name).locator(".stepper button").last.click()


def typed(name: str, text: str) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        knob(page, name).locator("input").fill(text)
        knob(page, name).locator("input").press("Enter")

    return act


def picked(name: str, word: str) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        control = knob(page, name)
        if control.locator("select").count():
            control.locator("select").select_option(label=word)
        else:
            control.get_by_role("radio", name=word, exact=True).click()

    return act


def press(name: str) -> Callable[[Any], None]:
    return lambda page: page.locator(".controls").get_by_role("button", name=name, exact=True).click()
