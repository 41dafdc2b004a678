"""The gradient of the expected reconstruction loss by many draws: with the reparameterization, and by the score."""

from __future__ import annotations

import copy
from collections.abc import Generator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.objective import reconstruction
from dlviz.labs.autoencoder.probe import state_of, trace
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

MOST_DRAWS = 20_000
AT_ONCE = 50
SEED = 5
ESTIMATORS = ("pathwise", "score", "baseline")


def estimates(run: AutoencoderRun, draws: int, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """Three estimates of the gradient of E[R(z)], z ~ N(μ, σ²), from each of `draws` ε: R is the reconstruction loss.

    By the path through z = μ + σ ε (`pathwise`): ∂R/∂z for μ and ½ σ ε ∂R/∂z for log σ². By the score of the density
    (`score`; R. J. Williams, Simple statistical gradient-following algorithms, 1992): R ε / σ and ½ R (ε² − 1). By
    the score with R measured against the mean R of the other draws (`baseline`). All have the same expectation.

    `<name>` (point, unit): the estimates for μ, a row a draw. `<name>_mean`, `<name>_spread` (unit,): their mean and
    their standard deviation; `<name>_log_variance_mean`, `<name>_log_variance_spread` (unit,): of those for log σ².
    `epsilon` (point, unit), `losses` (point,) in nats.
    """
    network = copy.deepcopy(run.network)
    pixels, label = run.picture.batch
    with evaluating(network):
        code = network.encode(pixels, label)
    assert code.log_variance is not None
    mean, sigma = code.mean, (code.log_variance / 2).exp()
    epsilon = torch.randn(draws, run.spec.latent, generator=torch.Generator().manual_seed(SEED))
    losses, slopes = [], []
    for some in epsilon.split(AT_ONCE):
        found, slope = losses_at(network, mean + sigma * some, pixels, label)
        losses.append(found)
        slopes.append(slope)
        done = len(losses) * AT_ONCE
        yield Progress(min(done, draws), draws, "draws")
    lost, to_z = torch.cat(losses)[:, None], torch.cat(slopes)
    others = (lost.sum() - lost) / max(1, draws - 1)
    scores = {"score": lost, "baseline": lost - others}
    for_mean = {"pathwise": to_z, **{name: weight * epsilon / sigma for name, weight in scores.items()}}
    for_log_variance = {"pathwise": sigma * epsilon * to_z / 2,
                        **{name: weight * (epsilon**2 - 1) / 2 for name, weight in scores.items()}}  # fmt: skip
    arrays = {**for_mean, "epsilon": epsilon, "losses": lost[:, 0]}
    dims: dict[str, tuple[str, ...]] = {
        **dict.fromkeys((*ESTIMATORS, "epsilon"), ("point", "unit")),
        "losses": ("point",),
    }
    for name in ESTIMATORS:
        for of, rows in {name: for_mean[name], f"{name}_log_variance": for_log_variance[name]}.items():
            arrays |= {f"{of}_mean": rows.double().mean(0), f"{of}_spread": rows.double().std(0, unbiased=draws > 1)}
            dims |= dict.fromkeys((f"{of}_mean", f"{of}_spread"), ("unit",))
    return trace(arrays, dims, state_of(network) if parameters else {})


def losses_at(network: torch.nn.Module, z: Tensor, pixels: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
    """R of codes (n, latent), (n,), and ∂R/∂z (n, latent), all against one picture."""
    with torch.enable_grad():
        z = z.detach().requires_grad_()
        decoded = network.decode(z, label.expand(len(z)))  # type: ignore[operator]
        lost = reconstruction(network, decoded, pixels.expand(len(z), *pixels.shape[1:]))  # type: ignore[arg-type]
        (slope,) = torch.autograd.grad(lost.sum(), z)
    return lost.detach(), slope
