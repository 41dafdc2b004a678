"""Whether the generator's gradient comes only through the discriminator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.gan import data
from dlviz.labs.gan.objective import generator_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.experiment import Pace, span

SAME = 1e-5


def experiment(seeds: Sequence[int] = (1, 2, 3), steps: int = 100) -> Iterator[Progress | Verdict]:
    """Rows: seed, the gradient's norm, how it differs with other data and put together, its norm with D cut."""
    pace = Pace(len(seeds) * steps, 10)
    rows = []
    for seed in seeds:
        run = GanRun(GanSpec(seed=seed))
        yield from pace.train(run, steps, f"seed {seed}")
        whole = gradient(run)
        run.real = data.load(GanSpec(seed=seed, dataset="spiral"))
        elsewhere = gradient(run)
        together = put_together(run)
        next(iter(run.network.discriminator.children())).weight.data.zero_()  # type: ignore[operator]
        cut = gradient(run)
        size = whole.norm().item()
        rows.append({"seed": seed, "norm": size, "with other data, difference": (elsewhere - whole).norm().item(),
                     "put together, difference": (together - whole).norm().item() / size,
                     "with D cut, norm": cut.norm().item()})  # fmt: skip
    yield judge(rows)


def gradient(run: GanRun) -> Tensor:
    """Of the generator's loss on the noise shown, by all its parameters, (n,)."""
    logits = run.network(run.shown.z, run.shown.labels)[:, 0]
    found = torch.autograd.grad(
        generator_losses(run.spec.loss, logits).mean(), list(run.network.generator.parameters())
    )
    return torch.cat([slope.flatten() for slope in found])


def put_together(run: GanRun) -> Tensor:
    """The same from two pieces that do not meet: the loss's slope at each fake, then the generator's derivative."""
    fake = run.network.generator(run.shown.z, run.shown.labels)
    lying = fake.detach().requires_grad_()
    logits = run.network.discriminator(lying, run.shown.labels)[:, 0]
    (slope,) = torch.autograd.grad(generator_losses(run.spec.loss, logits).mean(), lying)
    found = torch.autograd.grad(fake, list(run.network.generator.parameters()), grad_outputs=slope)
    return torch.cat([each.flatten() for each in found])


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where other data change nothing, the pieces make the whole, and without D nothing is left."""
    same = all(row["with other data, difference"] == 0 for row in rows)
    pieces = all(row["put together, difference"] < SAME for row in rows)
    nothing = all(row["with D cut, norm"] == 0 for row in rows)
    holds = "yes" if same and pieces and nothing else "partly" if same or nothing else "no"
    sentence = (
        f"The generator's gradient, of norm {span([row['norm'] for row in rows])}, "
        f"{'is the same to the bit' if same else 'changes'} when other data stand behind the discriminator; the "
        "slope at "
        f"each fake and the generator's own derivative {'make all of it' if pieces else 'do not make all of it'}; with "
        f"the discriminator's first layer at 0 it is {span([row['with D cut, norm'] for row in rows])}."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
