"""The two networks: a generator that makes an example of noise, and a discriminator that tells real ones from these."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import parametrizations

from dlviz.labs.gan.plan import SLOPE, Row
from dlviz.labs.gan.spec import GanSpec

FIRST_SPREAD = 0.02  # of the first weights of convolutions (A. Radford et al., DCGAN, 2016, section 4)


class Player(nn.Module):
    """One of the two: its layers in order. A conditional one is given the class as one-hot numbers beside its input."""

    def __init__(self, rows: list[Row], told: int, given: str) -> None:
        super().__init__()
        self.told, self.given = told, given  # what the class is put beside: a vector, or the maps of a picture
        for row in rows:
            self.add_module(row.name.partition(".")[2], _module(row))

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """Noise (batch, noise) → examples (batch, *shape); or examples → logits (batch, 1)."""
        is_told = not self.told
        for name, module in self.named_children():
            if not is_told and not (self.given == "vector" and name == "flatten"):
                x, is_told = self._with_class(x, labels), True
            x = module(x)
        return x

    def _with_class(self, x: Tensor, labels: Tensor | None) -> Tensor:
        if labels is None:
            raise ValueError("A conditional network must be told the class of each example.")
        told = nn.functional.one_hot(labels, self.told).to(x.dtype)
        if self.given == "maps":
            told = told[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return torch.cat([x, told], 1)


class Gan(nn.Module):
    """Both players (I. Goodfellow et al., Generative Adversarial Nets, 2014)."""

    def __init__(self, spec: GanSpec) -> None:
        super().__init__()
        parts = {part: [row for row in spec.rows if row.part == part] for part in ("generator", "discriminator")}
        is_convolutional = spec.network == "dcgan"
        self.generator = Player(parts["generator"], spec.told, "vector")
        self.discriminator = Player(parts["discriminator"], spec.told, "maps" if is_convolutional else "vector")
        if is_convolutional:
            self.apply(_begin_small)
        if spec.spectral_norm:
            for module in self.discriminator.children():
                if isinstance(module, nn.Linear | nn.Conv2d):
                    parametrizations.spectral_norm(module)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """What the discriminator says of what the generator makes: (batch, noise) → logits (batch, 1)."""
        logits: Tensor = self.discriminator(self.generator(z, labels), labels)
        return logits


def _module(row: Row) -> nn.Module:
    channels = row.input_shape[0], row.output_shape[0]
    match row.kind:
        case "linear":
            return nn.Linear(*channels, bias=row.bias)
        case "conv":
            return nn.Conv2d(*channels, row.kernel, row.stride, row.padding, bias=row.bias)
        case "transposed":
            return nn.ConvTranspose2d(*channels, row.kernel, row.stride, row.padding, bias=row.bias)
        case "norm":
            return nn.BatchNorm1d(channels[0]) if len(row.input_shape) == 1 else nn.BatchNorm2d(channels[0])
        case "flatten":
            return nn.Flatten()
        case "unflatten":
            return nn.Unflatten(1, row.output_shape)
        case "relu":
            return nn.ReLU()
        case "leaky":
            return nn.LeakyReLU(SLOPE)
        case _:
            return nn.Tanh()


def _begin_small(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, FIRST_SPREAD)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, FIRST_SPREAD)


def build(spec: GanSpec) -> Gan:
    """The networks of a spec, weights from its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        return Gan(spec)


def noise(spec: GanSpec, count: int, chance: Generator) -> Tensor:
    """`count` draws of the generator's input, (count, noise)."""
    if spec.noise == "uniform":
        return torch.rand(count, spec.noise_dimensions, generator=chance) * 2 - 1
    return torch.randn(count, spec.noise_dimensions, generator=chance)
