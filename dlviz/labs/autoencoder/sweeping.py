"""Autoencoders with codes of several sizes, trained one after the other, and what each keeps of a picture."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dlviz.data.pictures import Pictures
from dlviz.labs.autoencoder import principal, storing
from dlviz.labs.autoencoder.model import Autoencoder, build
from dlviz.labs.autoencoder.objective import reconstruction
from dlviz.labs.autoencoder.principal import Principal
from dlviz.labs.autoencoder.spec import AutoencoderSpec

SIZES = (1, 2, 4, 8, 16, 32)
NETWORKS = ("autoencoder", "linear")
BATCH = 64
RATE = {"autoencoder": 0.002, "linear": 0.005}  # of Adam
ENDING = 1 / 2  # of the training, in which the rate falls to nothing
STEPS_A_TURN = 5
BATCH_MEASURED = 250


@dataclass(frozen=True)
class Kept:
    """What a code of `size` numbers keeps of test pictures: mean squared `error` a number of the picture, and the same
    after the code was rounded to a byte a number, `quantized`; the share of variance `explained`; `parameters` of the
    whole network; `again` (n, channel, height, width): the first test pictures; `angles` (size,) in degrees between the
    space that a linear decoder reaches and that of as many principal directions, of others None."""

    size: int
    error: float
    quantized: float
    explained: float
    parameters: int
    again: Tensor
    angles: Tensor | None


def spec_of(name: str, spec: AutoencoderSpec, size: int) -> AutoencoderSpec:
    """The run's settings as a plain autoencoder of squared error, with a code of `size` numbers; `linear`: one matrix
    down and one up, nothing between."""
    plain = replace(spec, kind="plain", likelihood="gaussian", latent=size, own_pixels="", picture=0)
    return plain if name == "autoencoder" else replace(plain, network="dense", hidden=(), activation="linear")


def trained(
    name: str, spec: AutoencoderSpec, size: int, pictures: Pictures, steps: int
) -> Generator[int, None, Autoencoder]:
    """Train one from nothing; yields the steps done. Its last bias begins as the mean picture, as PCA does."""
    network = build(spec_of(name, spec, size))
    order = torch.Generator().manual_seed(spec.seed)
    train = pictures.train_x
    last = network.decoder.get_submodule("output")
    mean = train.mean(0).flatten() if isinstance(last, torch.nn.Linear) else train.mean((0, 2, 3))
    with torch.no_grad():
        last.get_parameter("bias").copy_(mean)
    optimizer = torch.optim.Adam(network.parameters(), RATE[name])
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = RATE[name] * min(1.0, (1 - step / steps) / ENDING)
        batch = train[torch.randint(len(train), (BATCH,), generator=order)]
        optimizer.zero_grad()
        reconstruction(network, network.decode(network.encode(batch).mean), batch).mean().backward()
        optimizer.step()
        if (step + 1) % STEPS_A_TURN == 0 or step + 1 == steps:
            yield step + 1
    return network.eval()


def measured(network: Autoencoder, size: int, pictures: Pictures, found: Principal, shown: int) -> Kept:
    """What a trained network keeps, `shown` test pictures among it."""
    test = pictures.test_x
    with torch.no_grad():
        codes = torch.cat([network.encode(some).mean for some in pictures.train_x.split(BATCH_MEASURED)])
        low, high = codes.amin(0), codes.amax(0)
        again, rounded = [], []
        for some in test.split(BATCH_MEASURED):
            code = network.encode(some).mean
            again.append(network.decode(code))
            rounded.append(network.decode(storing.quantized(code, low, high)))
    whole, bytewise = torch.cat(again), torch.cat(rounded)
    is_linear = not any(isinstance(layer, torch.nn.ReLU | torch.nn.Tanh) for layer in network.modules())
    angles = principal.angles(principal.columns(network, size), found.directions[:size].T) if is_linear else None
    return Kept(size, (whole - test).square().mean().item(), (bytewise - test).square().mean().item(),
                principal.explained(whole, test, found.mean), sum(p.numel() for p in network.parameters()),
                whole[:shown], angles)  # fmt: skip


def of_principal(found: Principal, size: int, pictures: Pictures, shown: int) -> Kept:
    """What the first `size` principal directions keep; fewer, where there are not so many."""
    test, shape = pictures.test_x, tuple(pictures.test_x.shape[1:])
    codes, code = found.encode(pictures.train_x, size), found.encode(test, size)
    whole = found.decode(code, shape)
    bytewise = found.decode(storing.quantized(code, codes.amin(0), codes.amax(0)), shape)
    parameters = found.mean.numel() + found.directions[:size].numel()
    return Kept(size, (whole - test).square().mean().item(), (bytewise - test).square().mean().item(),
                principal.explained(whole, test, found.mean), parameters, whole[:shown], None)  # fmt: skip
