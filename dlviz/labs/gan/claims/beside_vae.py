"""Whether a GAN's samples are sharper than a VAE's of equal training, and cover less."""

from __future__ import annotations

from collections.abc import Generator as Steps
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.gan import scoring
from dlviz.labs.gan.data import unsigned
from dlviz.labs.gan.measuring import features
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

HIDDEN = (64, 128)
NOISE = 16
SETTINGS: dict[str, Any] = {
    "dataset": "digits", "generator_hidden": HIDDEN, "discriminator_hidden": HIDDEN[::-1], "noise_dimensions": NOISE,
    "batch_norm": "generator", "learning_rate": 0.0005, "batch_size": 64,
}  # fmt: skip
# Passes over a layer in one step, a product each: the GAN's generator forward for D, then forward and twice backward;
# its discriminator forward and twice backward on real and on fake, then forward and once back for G. The VAE's two
# parts forward and twice backward.
GAN_PASSES = {"generator": 1 + 3, "discriminator": 2 * 3 + 2}
VAE_PASSES = 3
SAMPLES = 500


class Vae(nn.Module):
    """The generator's layers as decoder, the discriminator's as encoder (D. Kingma and M. Welling, 2014)."""

    def __init__(self, pixels: int) -> None:
        super().__init__()
        first, second = HIDDEN
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, second), nn.ReLU(), nn.Linear(second, first), nn.ReLU()
        )
        self.mean, self.log_variance = nn.Linear(first, NOISE), nn.Linear(first, NOISE)
        self.decoder = nn.Sequential(
            nn.Linear(NOISE, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, pixels)
        )

    def loss(self, x: Tensor, chance: Generator) -> Tensor:
        """The negative ELBO in nats a picture, pixels as probabilities."""
        h = self.encoder(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + (log_variance / 2).exp() * torch.randn(mean.shape, generator=chance)
        lost = nn.functional.binary_cross_entropy_with_logits(self.decoder(z), x.flatten(1), reduction="sum")
        return (lost + (mean**2 + log_variance.exp() - 1 - log_variance).sum() / 2) / len(x)


def experiment(seeds: Sequence[int] = (1, 2, 3), steps: int = 3000) -> Iterator[Progress | Verdict]:
    """Rows: model, seed, steps, edge energy beside real pictures', precision, recall; `steps` of the GAN."""
    vae_steps = round(steps * cost_of_gan() / cost_of_vae())
    pace = Pace(len(seeds) * (steps + vae_steps), 20)
    rows = []
    for seed in seeds:
        run = GanRun(GanSpec(seed=seed, **SETTINGS))
        yield from pace.train(run, steps, f"GAN, seed {seed}")
        z = run.shown.measured_z[:SAMPLES]
        with evaluating(run.network):
            made = unsigned(run.network.generator(z, run.shown.measured_labels[:SAMPLES]))
        rows.append({"model": "GAN", "seed": seed, "steps": steps} | scores(run, made))
        made = yield from _trained_vae(run, seed, vae_steps, pace)
        rows.append({"model": "VAE", "seed": seed, "steps": vae_steps} | scores(run, made))
    yield judge(rows)


def _trained_vae(run: GanRun, seed: int, steps: int, pace: Pace) -> Steps[Progress, None, Tensor]:
    """Train a VAE on the GAN's pictures; pictures decoded from the prior's draws (means of the pixels)."""
    x = unsigned(run.real.x)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        vae = Vae(x[0].numel())
    chance = Generator().manual_seed(seed)
    optimizer = torch.optim.Adam(vae.parameters(), 0.002)
    for step in range(steps):
        batch = torch.randint(len(x), (64,), generator=chance)
        optimizer.zero_grad()
        vae.loss(x[batch], chance).backward()
        optimizer.step()
        pace.done += 1
        if step % pace.at_once == 0:
            yield Progress(pace.done, pace.total, f"VAE, seed {seed}")
    with torch.no_grad():
        made: Tensor = vae.decoder(torch.randn(SAMPLES, NOISE, generator=chance)).sigmoid().reshape(-1, *x.shape[1:])
    return made


def cost_of_gan() -> int:
    """Multiplications for each example of a step: weights of a layer, times the passes over it."""
    rows = GanSpec(**SETTINGS).rows
    return sum(row.input_shape[0] * row.output_shape[0] * GAN_PASSES[row.part] for row in rows if row.kind == "linear")


def cost_of_vae() -> int:
    """The same of the VAE."""
    layers = [module for module in Vae(64).modules() if isinstance(module, nn.Linear)]
    return VAE_PASSES * sum(layer.weight.numel() for layer in layers)


def scores(run: GanRun, made: Tensor) -> dict[str, float]:
    """Edge energy over that of held-back pictures; precision and recall in the classifier's features."""
    real = unsigned(run.real.held_x[: len(made)])
    reals, fakes = features(run.spec, 2 * real - 1), features(run.spec, 2 * made - 1)
    precision, recall = scoring.precision_and_recall(reals, fakes)
    return {"edges": edges(made) / edges(real), "precision": precision, "recall": recall}


def edges(x: Tensor) -> float:
    """Mean squared difference of neighbouring cells, across and down."""
    return ((x.diff(dim=3) ** 2).mean() + (x.diff(dim=2) ** 2).mean()).item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where for every seed the GAN has more edges and less recall; partly where one of both."""
    gans, vaes = ([row for row in rows if row["model"] == model] for model in ("GAN", "VAE"))
    pairs = list(zip(gans, vaes, strict=True))
    sharper = all(a["edges"] > b["edges"] for a, b in pairs)
    less = all(a["recall"] < b["recall"] for a, b in pairs)
    holds = "yes" if sharper and less else "partly" if sharper or less else "no"
    words = {
        key: [span([row[key] for row in part]) for part in (gans, vaes)] for key in ("edges", "precision", "recall")
    }
    more = mean([row["recall"] for row in gans]) > mean([row["recall"] for row in vaes])
    sentence = (
        f"Edges beside real pictures': GAN {words['edges'][0]}, VAE {words['edges'][1]}. Recall: GAN "
        f"{words['recall'][0]}, "
        f"VAE {words['recall'][1]}; precision {words['precision'][0]} and {words['precision'][1]}. "
        f"{'Here the GAN covers more, not less' if more else 'The GAN covers less'}, for as many multiplications."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
