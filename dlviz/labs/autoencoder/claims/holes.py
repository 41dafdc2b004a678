"""An autoencoder's latent space has holes where a VAE's does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Generator, Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder.beside.measuring import drawn, read, share
from dlviz.labs.autoencoder.claims.collapsing import SLICE
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.sampling import nearest_of
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

KINDS = ("plain", "variational")
SIZES, SEEDS, STEPS = (2, 16), (1, 2, 3), 1000
SAMPLES = 400
FAR = 1.25  # times as far from the training pictures as the other one's samples are, on average


def experiment(
    sizes: tuple[int, ...] = SIZES, seeds: tuple[int, ...] = SEEDS, steps: int = STEPS
) -> Iterator[Progress | Verdict]:
    """Rows of (size, kind, seed, source, sure, far, squared_error), see `measured`."""
    rows: list[dict[str, Any]] = []
    pace = Pace(len(sizes) * len(KINDS) * len(seeds) * steps, SLICE)
    for size in sizes:
        for seed in seeds:
            for kind in KINDS:
                run = AutoencoderRun(setting(kind, size, seed))
                yield from pace.train(run, steps, f"{kind}, {size} numbers, seed {seed}")
                name = {"size": size, "kind": kind, "seed": seed}
                rows += [{**name, "source": source, **measured(run, source)} for source in ("prior", "box")]
    yield judge(rows)


def setting(kind: str, size: int, seed: int) -> AutoencoderSpec:
    return AutoencoderSpec(dataset="digits", kind=kind, hidden=(64,), latent=size, seed=seed, learning_rate=0.003)


def measured(run: AutoencoderRun, source: str) -> dict[str, float]:
    """Of pictures decoded from codes drawn at random (see `beside.measuring.drawn`): `sure`, the share that the
    classifier reads with more than 0.8; `far`, their mean distance to the nearest training picture, over that of test
    pictures. And the `squared_error` of reconstructed test pictures."""
    pictures, network = run.data.pictures, run.network
    with evaluating(network):
        codes = network.encode(pictures.test_x).mean
        z = drawn(source, codes, pictures.test_y, SAMPLES, Generator().manual_seed(0))
        decoded = network.pictures(network.decode(z))
    reader = classifiers.shipped(run.spec.dataset)
    sure = share(read(network, reader, z)[0]) if reader is not None else float("nan")
    far = distance(decoded, pictures.train_x) / distance(pictures.test_x, pictures.train_x)
    return {"sure": sure, "far": far, "squared_error": run.measured_now().numbers["test_squared_error"]}


def distance(some: Tensor, known: Tensor) -> float:
    """Mean distance of pictures to the nearest of those known."""
    return nearest_of(some, known)[1].mean().item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    sizes = sorted({row["size"] for row in rows})

    def of(name: str, size: int, kind: str, source: str) -> list[float]:
        return [row[name] for row in rows if (row["size"], row["kind"], row["source"]) == (size, kind, source)]

    def holed(size: int) -> bool:
        """Whether the AE's samples, of its own range and of the prior, lie clearly farther off than the VAE's: in every
        seed, and on average by a quarter."""
        theirs = of("far", size, "variational", "prior")
        ours = [of("far", size, "plain", source) for source in ("prior", "box")]
        return all(min(found) > max(theirs) and mean(found) > FAR * mean(theirs) for found in ours)

    found = [holed(size) for size in sizes]
    parts = [
        f"with {size} numbers to a code {mean(of('far', size, 'plain', 'box')):.2f} times (drawn over the range of its "
        f"codes) and {mean(of('far', size, 'plain', 'prior')):.2f} times (N(0, 1)), the VAE's from its prior "
        f"{mean(of('far', size, 'variational', 'prior')):.2f} times" for size in sizes
    ]  # fmt: skip
    most = sizes[-1]
    sure = [span(of("sure", most, kind, "prior")) for kind in KINDS]
    sentence = (
        f"How far samples are from the nearest training picture, as test pictures count 1: the autoencoder's are "
        f"{'; '.join(parts)}. The classifier does not notice: with {most} numbers it is sure of {sure[0]} of the "
        f"autoencoder's and of {sure[1]} of the VAE's; to be sure is not to be right. The autoencoder reconstructs "
        f"better all the same: {span(of('squared_error', most, 'plain', 'prior'))} against "
        f"{span(of('squared_error', most, 'variational', 'prior'))} squared error."
    )
    return Verdict("yes" if all(found) else "partly" if any(found) else "no", sentence, rows)
