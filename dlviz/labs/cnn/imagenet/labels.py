"""Names of the 1,000 classes of ImageNet, as torchvision lists them; nothing is fetched."""

from __future__ import annotations

from functools import cache


@cache
def names() -> tuple[str, ...]:
    """The names by index, no two alike."""
    from dlviz.core.vision import torchvision  # takes a second, so not before somebody asks

    found: list[str] = torchvision.models.EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"]
    return tuple(found)
