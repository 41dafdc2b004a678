"""The panel Reparameterization: z = μ + σ ε of the picture on screen, and where the gradient goes from there."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.estimating import MOST_DRAWS, estimates
from dlviz.labs.autoencoder.objective import divergence, reconstruction
from dlviz.labs.autoencoder.probe import state_of, trace
from dlviz.labs.autoencoder.without_trick import MOST_STEPS, race
from dlviz.training.asking import number, whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

FARTHEST = 6.0  # an ε beyond it never falls
CODES = ("mean", "log_variance", "sigma", "epsilon", "z", "kl", "to_z", "to_mean", "to_log_variance", "cut_to_mean",
         "cut_to_log_variance", "kl_to_mean", "kl_to_log_variance")  # fmt: skip
ALONE = ("beta", "lost", "lost_at_mean", "norm_with", "norm_cut", "norm_kl")


def reparameterization(
    run: AutoencoderRun, epsilon: Any = None, draws: Any = 0, steps: Any = 0, parameters: bool = True
) -> Trace | Generator[Progress, None, Trace]:
    """One draw of the code of the picture on screen and the gradient of its loss, by autograd.

    `epsilon`: a number for each of the code; without it drawn by the run's seed. With `draws` `estimating.estimates`,
    with `steps` `without_trick.race`.

    (unit,): `mean`, `log_variance`, `sigma` = exp(log_variance / 2), `epsilon`, `z` = mean + sigma · epsilon, and `kl`,
    in nats. Of the reconstruction loss `lost` () in nats: `to_z`, `to_mean` and `to_log_variance` (unit,), its
    derivatives; `cut_to_mean` and `cut_to_log_variance`, the same where z comes from `Normal.sample()` instead;
    `kl_to_mean` and `kl_to_log_variance`, those of the KL without β. `norm_with`, `norm_cut` and `norm_kl` (): the
    length of the gradient of all the encoder's parameters, of the reconstruction with the trick and without, and of
    β · KL. `lost_at_mean` (): the loss at z = μ. `reconstruction`, `reconstruction_at_mean` (channel, height, width).
    State: the parameters, and `grad_fn`, what torch says made z with `rsample` and with `sample`. Raises `InvalidInput`
    where the code is a point, or for options that cannot be.
    """
    spec = run.spec
    if not spec.is_variational:
        rule = "must be variational or conditional: in other kinds the code is a point, and nothing is drawn"
        raise InvalidInput("AutoencoderSpec.kind", rule, spec.kind, "variational")
    if whole("reparameterization.draws", draws, 0, MOST_DRAWS):
        return estimates(run, draws, parameters)
    if whole("reparameterization.steps", steps, 0, MOST_STEPS):
        return race(spec.seed, steps, parameters)
    given = drawn(spec.seed, spec.latent) if epsilon is None else checked(epsilon, spec.latent)
    with evaluating(run.network), torch.enable_grad():
        found, made_by = one_draw(run, given)
    shape = ("channel", "height", "width")
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(CODES, ("unit",)) | dict.fromkeys(ALONE, ())
    dims |= {"reconstruction": shape, "reconstruction_at_mean": shape}
    state = state_of(run.network) if parameters else {}
    return trace(found, dims, {**state, "grad_fn": np.array(made_by)})


def one_draw(run: AutoencoderRun, epsilon: Tensor) -> tuple[dict[str, Tensor], list[str]]:
    """What `reparameterization` gives of one ε (latent,), and the names of what made z with `rsample` and `sample`."""
    network, (pixels, label) = run.network, run.picture.batch
    encoder = [values for name, values in network.named_parameters() if not name.startswith("decoder.")]
    code = network.encode(pixels, label)
    assert code.log_variance is not None
    sigma = (code.log_variance / 2).exp()
    z = code.at(epsilon[None])
    decoded = network.decode(z, label)
    lost = reconstruction(network, decoded, pixels).sum()
    kl = divergence(code.mean, code.log_variance)
    heads = (code.mean, code.log_variance)

    def slopes(of: Tensor, by: tuple[Tensor, ...]) -> list[Tensor]:
        found = (
            torch.autograd.grad(of, by, retain_graph=True, allow_unused=True) if of.requires_grad else [None] * len(by)
        )
        return [torch.zeros_like(x) if slope is None else slope for x, slope in zip(by, found, strict=True)]

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(run.spec.seed)
        torn, whole_z = Normal(code.mean, sigma).sample(), Normal(code.mean, sigma).rsample()
    lost_torn = reconstruction(network, network.decode(torn, label), pixels).sum()
    to_z, to_mean, to_log_variance = slopes(lost, (z, *heads))
    cut_to_mean, cut_to_log_variance = slopes(lost_torn, heads)
    kl_to_mean, kl_to_log_variance = slopes(kl.sum(), heads)
    norms = {"norm_with": lost, "norm_cut": lost_torn, "norm_kl": run.beta * kl.sum()}
    middle = network.decode(code.mean, label)
    found = {
        "mean": code.mean[0], "log_variance": code.log_variance[0], "sigma": sigma[0], "epsilon": epsilon, "z": z[0],
        "kl": kl[0], "to_z": to_z[0], "to_mean": to_mean[0], "to_log_variance": to_log_variance[0],
        "cut_to_mean": cut_to_mean[0], "cut_to_log_variance": cut_to_log_variance[0], "kl_to_mean": kl_to_mean[0],
        "kl_to_log_variance": kl_to_log_variance[0], "beta": torch.tensor(run.beta), "lost": lost,
        "lost_at_mean": reconstruction(network, middle, pixels).sum(),
        **{name: length(slopes(of, tuple(encoder))) for name, of in norms.items()},
        "reconstruction": network.pictures(decoded)[0], "reconstruction_at_mean": network.pictures(middle)[0],
    }  # fmt: skip
    return found, ["None" if x.grad_fn is None else x.grad_fn.name() for x in (whole_z, torn)]


def length(slopes: list[Tensor]) -> Tensor:
    """The length of a gradient that lies in several tensors."""
    return torch.cat([slope.flatten() for slope in slopes]).norm()


def drawn(seed: int, latent: int) -> Tensor:
    """An ε (latent,) of a seed."""
    return torch.randn(latent, generator=torch.Generator().manual_seed(seed))


def checked(epsilon: Any, latent: int) -> Tensor:
    """The ε (latent,) that was given. Raises `InvalidInput`."""
    name = "reparameterization.epsilon"
    if not isinstance(epsilon, list | tuple) or len(epsilon) != latent:
        raise InvalidInput(name, f"must be {latent} numbers, one for each of the code", epsilon, str([0.0] * latent))
    return torch.tensor([number(name, value, -FARTHEST, FARTHEST) for value in epsilon])
