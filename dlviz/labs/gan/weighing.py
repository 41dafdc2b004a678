"""The networks' numbers by name, as anyone needs them who computes what they do."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.labs.gan.model import Gan


def state_of(network: Gan) -> dict[str, np.ndarray]:
    """Copies of all weights as they are used, `<player>.<layer>.weight` and `.bias`, and of a batch normalization the
    `running_mean` and `running_var` that it uses outside of training.

    A spectrally normalized weight is given as it is after the division.
    """
    found: dict[str, Tensor] = {}
    was_training = network.training
    network.eval()  # reading a normalized weight in training would move its estimate of the largest singular value
    with torch.no_grad():
        for player in ("generator", "discriminator"):
            for name, module in getattr(network, player).named_children():
                for kind in ("weight", "bias", "running_mean", "running_var"):
                    values = getattr(module, kind, None)
                    if isinstance(values, Tensor):
                        found[f"{player}.{name}.{kind}"] = values
    network.train(was_training)
    return {name: value.detach().numpy().copy() for name, value in found.items()}


def layers_of(player: nn.Module) -> dict[str, nn.Module]:
    """Its layers by name, in the order in which they are used."""
    return dict(player.named_children())
