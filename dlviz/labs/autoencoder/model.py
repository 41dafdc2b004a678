"""The network of the Autoencoder lab: an encoder, a code of a few numbers, a decoder that is its mirror image."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.labs.autoencoder.plan import KERNEL, PADDING, STRIDE, Row
from dlviz.labs.autoencoder.spec import AutoencoderSpec

ACTIVATION = {"relu": nn.ReLU, "tanh": nn.Tanh}


@dataclass(frozen=True)
class Code:
    """What the encoder makes of pictures: `mean` (batch, latent), and of a VAE `log_variance` (batch, latent).

    A plain code is a point: then `log_variance` is None and `mean` is the point.
    """

    mean: Tensor
    log_variance: Tensor | None

    def at(self, epsilon: Tensor | None) -> Tensor:
        """z = μ + σ ε (D. P. Kingma and M. Welling, Auto-Encoding Variational Bayes, 2014); μ without an ε."""
        if self.log_variance is None or epsilon is None:
            return self.mean
        return self.mean + (self.log_variance / 2).exp() * epsilon


class Autoencoder(nn.Module):
    """Pictures (batch, channel, height, width) → code (batch, latent) → logits or values of pictures of that shape.

    A conditional one is told the class as one-hot numbers, beside the encoder's features and beside the code.
    The code of a sparse one goes through a sigmoid, so that its units can be said to be on or off.
    """

    def __init__(self, spec: AutoencoderSpec) -> None:
        super().__init__()
        self.told, self.is_sparse, self.is_bernoulli = spec.told, spec.kind == "sparse", spec.likelihood == "bernoulli"
        parts = {part: [row for row in spec.rows if row.part == part] for part in ("encoder", "code", "decoder")}
        self.encoder = _sequence(parts["encoder"], spec)
        heads = {row.name: _module(row, spec) for row in parts["code"]}
        self.mean = heads["mean"]
        self.log_variance = heads.get("log_variance")
        self.decoder = _sequence(parts["decoder"], spec)

    def encode(self, pictures: Tensor, labels: Tensor | None = None) -> Code:
        """The code of pictures; `labels` (batch,) for a conditional one."""
        features = self._with(self.encoder(pictures), labels)
        mean = self.mean(features)
        return Code(mean.sigmoid() if self.is_sparse else mean,
                    None if self.log_variance is None else self.log_variance(features))  # fmt: skip

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """What the reconstruction loss takes: logits of pixels, or their values (squared error)."""
        decoded: Tensor = self.decoder(self._with(z, labels))
        return decoded

    def pictures(self, decoded: Tensor) -> Tensor:
        """Pixels from what `decode` gave: through a sigmoid where they are logits."""
        return decoded.sigmoid() if self.is_bernoulli else decoded

    def _with(self, values: Tensor, labels: Tensor | None) -> Tensor:
        if not self.told:
            return values
        if labels is None:
            raise ValueError("A conditional autoencoder must be told the class of each picture.")
        return torch.cat([values, nn.functional.one_hot(labels, self.told).to(values.dtype)], 1)


def _sequence(rows: list[Row], spec: AutoencoderSpec) -> nn.Sequential:
    return nn.Sequential(OrderedDict((row.name.partition(".")[2], _module(row, spec)) for row in rows))


def _module(row: Row, spec: AutoencoderSpec) -> nn.Module:
    match row.kind:
        case "flatten":
            return nn.Flatten()
        case "linear":
            return nn.Linear(row.input_shape[0], row.output_shape[0])
        case "activation":
            return ACTIVATION[spec.activation]()
        case "conv":
            return nn.Conv2d(row.input_shape[0], row.output_shape[0], KERNEL, STRIDE, PADDING)
        case "unflatten":
            return nn.Unflatten(1, row.output_shape)
        case _:
            return nn.ConvTranspose2d(row.input_shape[0], row.output_shape[0], KERNEL, STRIDE, PADDING, row.extra)


def build(spec: AutoencoderSpec) -> Autoencoder:
    """The network of a spec, weights from its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        return Autoencoder(spec)
