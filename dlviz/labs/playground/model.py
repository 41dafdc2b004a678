"""The network of the Playground, written to be read."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Generator, Tensor, nn

from dlviz.labs.playground.spec import PlaygroundSpec

LEAKY_SLOPE = 0.01

ACTIVATION = {
    "relu": torch.relu,
    "leaky_relu": lambda z: nn.functional.leaky_relu(z, LEAKY_SLOPE),
    "gelu": nn.functional.gelu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "sine": torch.sin,
    "linear": lambda z: z,
}


class Network(nn.Module):
    """Hidden layers of linear → batch norm (if asked) → activation → dropout, then one linear layer.

    a₀ = features, zᵢ = Wᵢ aᵢ₋₁ + bᵢ, aᵢ = fᵢ(zᵢ), output = z_last (logits, or one number)

    Shapes: input (batch, features), output (batch, outputs).
    Differs from a stack of torch layers only in dropout, which draws from `dropout_generator`, so that
    a run owns its chance, and which remembers its last mask for the screen.
    """

    def __init__(self, spec: PlaygroundSpec, dropout_generator: Generator | None = None) -> None:
        super().__init__()
        widths = [len(spec.features), *spec.hidden_layers, spec.outputs]
        self.linear = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in pairwise(widths))
        self.norm = nn.ModuleList(nn.BatchNorm1d(n) for n in spec.hidden_layers) if spec.batch_norm else None
        self.activations = spec.layer_activations
        self.dropout = spec.dropout
        self.dropout_generator = dropout_generator
        self.masks: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        if self.training:  # a loss measured in between leaves the masks of the last step on the screen
            self.masks = []
        for i, activation in enumerate(self.activations):
            x = ACTIVATION[activation](self.pre_activation(i, x))
            if self.training and self.dropout > 0:
                x = self.drop(x)
        return self.linear[-1](x)

    def pre_activation(self, i: int, x: Tensor) -> Tensor:
        """z of hidden layer `i`, (batch, width), from the activations before it."""
        z = self.linear[i](x)
        return z if self.norm is None else self.norm[i](z)

    def drop(self, x: Tensor) -> Tensor:
        """Zero each entry with the chance `dropout`, and scale the others so that the mean stays."""
        mask = torch.rand(x.shape, generator=self.dropout_generator) >= self.dropout
        self.masks.append(mask)
        return x * mask / (1 - self.dropout)


def build(spec: PlaygroundSpec, dropout_generator: Generator | None = None) -> Network:
    """A network with torch's own first weights for this seed; torch's global generator stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        return Network(spec, dropout_generator)
