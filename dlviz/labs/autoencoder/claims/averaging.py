"""The squared error blurs where two answers are possible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core.lab import Progress, Verdict
from dlviz.data.pictures import mnist
from dlviz.labs.autoencoder.claims.disentangling import edge_energy
from dlviz.training.experiment import span

SEEDS, STEPS = (1, 2, 3), 600
BATCH, RATE, HIDDEN = 64, 0.002, 256
HALF = 14  # rows of a digit that are shown
BARS = 8  # cells along a side of the picture with a bar
BETWEEN = 10  # steps between two turns of others


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """Rows of halves (case, seed, edges, error, error_of_another) and of bars (case, seed, from_mean, from_bar)."""
    rows: list[dict[str, Any]] = []
    found = mnist()
    for at, seed in enumerate(seeds):
        network = guesser(HALF * 28, HALF * 28, seed)
        upper, lower = (found.train_x[:, 0, part].flatten(1) for part in (slice(HALF), slice(HALF, None)))
        for done in learn(network, upper, lower, seed, steps):
            yield Progress(at * 2 * steps + done, len(seeds) * 2 * steps, f"halves of digits, seed {seed}")
        rows.append({"case": "halves", "seed": seed, **halves(network, found.test_x)})
        shown, bars = ambiguous(512, seed)
        network = guesser(BARS, BARS * BARS, seed)
        for done in learn(network, shown, bars.flatten(1), seed, steps):
            yield Progress((at * 2 + 1) * steps + done, len(seeds) * 2 * steps, f"a bar left or right, seed {seed}")
        rows.append({"case": "bars", "seed": seed, **bar_answer(network)})
    yield judge(rows)


def guesser(inputs: int, outputs: int, seed: int) -> nn.Sequential:
    """One hidden layer from what is shown to what is not."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs))


def learn(network: nn.Sequential, shown: Tensor, wanted: Tensor, seed: int, steps: int) -> Iterator[int]:
    """Adam on the squared error; the steps done, now and then."""
    optimizer, chance = torch.optim.Adam(network.parameters(), RATE), Generator().manual_seed(seed)
    for step in range(1, steps + 1):
        batch = torch.randint(len(shown), (BATCH,), generator=chance)
        optimizer.zero_grad()
        nn.functional.mse_loss(network(shown[batch]), wanted[batch]).backward()
        optimizer.step()
        if step % BETWEEN == 0 or step == steps:
            yield step


@torch.no_grad()
def halves(network: nn.Sequential, pictures: Tensor) -> dict[str, float]:
    """`edges`: energy of the answers' edges over that of the true lower halves; `error`: squared error of the answers;
    `error_of_another`: that of the true lower half of the test digit whose upper half is most alike: a sharp answer."""
    upper, lower = pictures[:, 0, :HALF].flatten(1), pictures[:, 0, HALF:].flatten(1)
    answers = network(upper)
    apart = torch.cdist(upper, upper)
    apart.fill_diagonal_(torch.inf)
    another = lower[apart.argmin(1)]
    shape = (len(pictures), 1, HALF, 28)
    return {
        "edges": edge_energy(answers.clamp(0, 1).reshape(shape)) / edge_energy(lower.reshape(shape)),
        "error": ((answers - lower) ** 2).mean().item(),
        "error_of_another": ((another - lower) ** 2).mean().item(),
    }


def bars() -> Tensor:
    """Both pictures, (2, 8, 8): a bar on the left, a bar on the right."""
    found = torch.zeros(2, BARS, BARS)
    found[0, :, 1] = found[1, :, BARS - 2] = 1.0
    return found


def ambiguous(count: int, seed: int) -> tuple[Tensor, Tensor]:
    """The same input for all, (count, 8) of ones, and one of both bars by chance, (count, 8, 8)."""
    which = torch.arange(count) % 2
    order = torch.randperm(count, generator=Generator().manual_seed(seed))
    return torch.ones(count, BARS), bars()[which[order]]


@torch.no_grad()
def bar_answer(network: nn.Sequential) -> dict[str, float]:
    """Root mean squared distance of the answer from the mean of both bars, and from the nearer bar."""
    answer = network(torch.ones(1, BARS)).reshape(BARS, BARS)
    both = bars()
    return {
        "from_mean": (answer - both.mean(0)).square().mean().sqrt().item(),
        "from_bar": min((answer - bar).square().mean().sqrt().item() for bar in both),
    }


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def of(case: str, name: str) -> list[float]:
        return [row[name] for row in rows if row["case"] == case]

    averages = max(of("bars", "from_mean")) < min(of("bars", "from_bar")) / 5
    blurs = max(of("halves", "edges")) < 0.8
    better = max(of("halves", "error")) < min(of("halves", "error_of_another"))
    sentence = (
        f"Where a bar stands left or right by chance, the answer is {span(of('bars', 'from_mean'))} from the mean of "
        f"both pictures and {span(of('bars', 'from_bar'))} from the nearer one: two half bars. Of lower halves of "
        f"digits the answers have {span(of('halves', 'edges'))} times the energy of edges of the true ones. "
        + ("And that is what the squared error asks for: the lower half of the digit that looks most alike, sharp as "
           f"it is, has an error of {span(of('halves', 'error_of_another'))} instead of {span(of('halves', 'error'))}."
           if better else "A sharp answer from the most similar digit has no larger error here.")
    )  # fmt: skip
    return Verdict("yes" if averages and blurs else "partly" if averages or blurs else "no", sentence, rows)
