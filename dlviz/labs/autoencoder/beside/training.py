"""The panel AE beside VAE: both trained side by side on the same batches, measured at marks on the way."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.beside import looking, measuring
from dlviz.labs.autoencoder.beside.looking import NETWORKS, Codes
from dlviz.labs.autoencoder.measuring import SAMPLE, measure
from dlviz.labs.autoencoder.probe import among
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers
from dlviz.training.asking import number, whole

if TYPE_CHECKING:
    from torch import Tensor, nn

    from dlviz.labs.autoencoder.model import Autoencoder

Turns = Generator[Progress, None, Trace]

# What both have from the run of the page; the rest is the panel's own.
SHARED = ("dataset", "examples", "leave_out", "network", "hidden", "channels", "activation", "likelihood",
          "batch_size", "optimizer", "learning_rate", "seed")  # fmt: skip
LATENTS = (2, 4, 8, 16, 32)
MOST_STEPS = 5_000
MARKS = 9  # moments at which both are measured, the beginning and the end among them
CROWDED = 1.5  # marks lie closer at the beginning, where most is learned
WORDS = {"plain": "the autoencoder", "variational": "the VAE"}
ERRORS = ("squared_error", "reconstruction", "kl")


def beside(
    run: AutoencoderRun, steps: Any = 0, beta: Any = 1.0, latent: Any = 2, parameters: bool = True
) -> Trace | Turns:
    """An autoencoder and a VAE with the run's pictures, layers and seed, and codes of `latent` numbers; with `steps`,
    `race`.

    Without `steps` the moments of a training that ships with dlviz, where the settings are those of it; else both as
    they are before training. Arrays of one moment as `looking.seen` says; `steps` (step,): the marks. `parameters`:
    false leaves the decoders out of `state`. Raises `InvalidInput`.
    """
    if isinstance(latent, bool) or latent not in LATENTS:
        raise InvalidInput("beside.latent", f"must be one of {', '.join(map(str, LATENTS))}", latent, "2")
    beta, steps = number("beside.beta", beta, 0, 100), whole("beside.steps", steps, 0, MOST_STEPS)
    from dlviz.labs.autoencoder.beside import keeping  # which trains by this file

    specs = specs_of(run.spec, latent, beta)
    if steps:
        return race(specs, steps, parameters)
    if kept := keeping.read(specs):
        return keeping.opened(kept, specs, parameters)
    trace = Pair(specs).seen(0, parameters)
    return Trace({**trace.arrays, "steps": np.zeros(1, np.int32)}, {**trace.dims, "steps": ("step",)}, {}, trace.state)


def specs_of(spec: AutoencoderSpec, latent: int, beta: float) -> dict[str, AutoencoderSpec]:
    """The specs of both networks by their kind."""
    shared = {name: getattr(spec, name) for name in SHARED}
    return {kind: AutoencoderSpec(**shared, kind=kind, latent=latent, beta=beta) for kind in NETWORKS}


class Pair:
    """Both as runs of their own, begun with the same numbers in all that they have in common; each draws the same
    batches in the same order, since that is the seed's."""

    def __init__(self, specs: dict[str, AutoencoderSpec]) -> None:
        self.runs = {kind: AutoencoderRun(spec) for kind, spec in specs.items()}
        begin_alike(self.networks)

    @property
    def labels(self) -> Tensor:
        """Classes of the test pictures that are measured, (point,)."""
        return self.runs["plain"].data.pictures.test_y[:SAMPLE]

    @property
    def networks(self) -> dict[str, Autoencoder]:
        return {kind: run.network for kind, run in self.runs.items()}

    def codes(self) -> dict[str, Codes]:
        """Where the first 500 test pictures lie in both."""
        return looking.encoded(self.networks, self.runs["plain"].data.pictures.test_x[:SAMPLE])

    def seen(self, step: int, parameters: bool) -> Trace:
        return looking.seen(self.networks, self.codes(), self.labels, self.runs["plain"].spec, step, parameters)


def begin_alike(networks: dict[str, Autoencoder]) -> None:
    """Give the autoencoder the VAE's numbers: that draws its log σ² before its decoder, which else would differ."""
    plain, variational = (networks[kind] for kind in NETWORKS)
    common = variational.state_dict()
    plain.load_state_dict({name: common[name] for name in plain.state_dict()})


def race(specs: dict[str, AutoencoderSpec], steps: int, parameters: bool = True) -> Turns:
    """Train both on the same batches, a step of one and a step of the other.

    Beside what `beside` gives, of each network at each mark (step,): `<network>_squared_error`, `_reconstruction` and
    `_kl` on the first 500 test pictures, as `autoencoder.measuring` says; `_from_<source>`, the share of 500 codes
    drawn from a source (see `measuring`) whose pictures the classifier reads; `_unsure` and `_far`, the shares of the
    middle of the plane in which it is less than half sure, and near which no code lies. What needs a classifier is left
    out where there is none; NaN where not measured yet. A partial Trace comes at every mark.
    """
    marks = np.unique((steps * np.linspace(0, 1, MARKS) ** CROWDED).round().astype(int))
    yield Progress(0, 2 * steps, "pictures are loaded")
    pair = Pair(specs)
    reader = classifiers.shipped(specs["plain"].dataset)
    curves = Curves(marks, reader is not None)
    for mark in marks.tolist():
        while pair.runs[NETWORKS[-1]].step < mark:
            for kind, run in pair.runs.items():
                run.advance(1)
                done = sum(each.step for each in pair.runs.values())
                yield Progress(done, 2 * steps, f"{WORDS[kind]}, step {run.step}")
        codes = pair.codes()
        windows = measuring.windows([each.mean for each in codes.values()])
        for (kind, run), window in zip(pair.runs.items(), windows, strict=True):
            for name, value in scores(run, codes[kind].mean, pair.labels, window, reader):
                curves.take(f"{kind}_{name}", mark, value)
                yield Progress(2 * mark, 2 * steps, f"{WORDS[kind]} is measured at step {mark}")
        seen, grown = pair.seen(mark, parameters), curves.trace()
        trace = Trace({**seen.arrays, **grown.arrays}, {**seen.dims, **grown.dims}, UNITS, seen.state)
        yield Progress(2 * mark, 2 * steps, f"step {mark}", trace)
    return trace


UNITS = {f"{kind}_{name}": "nats" for kind in NETWORKS for name in ("reconstruction", "kl")}


def scores(
    run: AutoencoderRun, codes: Tensor, labels: Tensor, window: measuring.Window, reader: nn.Sequential | None
) -> Generator[tuple[str, float], None, None]:
    """Everything that is measured of one network at one moment, by name."""
    found = measure(run.network, run.data.pictures, run.spec, run.beta).numbers
    yield from ((name, found[f"test_{name}"]) for name in ERRORS)
    cells = window.cells(looking.SIDE)[measuring.middle(window.reach, looking.SIDE)]
    yield "far", (~among(cells, codes)).float().mean().item()
    if reader is None:
        return
    sure, _ = measuring.read(run.network, reader, cells)
    yield "unsure", (sure < measuring.UNSURE).float().mean().item()
    for source in measuring.SOURCES:
        sure = measuring.confidence(run.network, reader, source, codes, labels, run.spec.seed)
        yield f"from_{source}", measuring.share(sure)


class Curves:
    """What was measured at each mark of a race, both networks; NaN where nothing was yet."""

    def __init__(self, marks: np.ndarray, is_read: bool) -> None:
        self.marks = marks
        sources = (f"from_{source}" for source in measuring.SOURCES)
        names = (*ERRORS, "far", *(("unsure", *sources) if is_read else ()))
        self.found = {f"{kind}_{name}": np.full(len(marks), np.nan, np.float32) for kind in NETWORKS for name in names}

    def take(self, name: str, mark: int, value: float) -> None:
        self.found[name][int(np.searchsorted(self.marks, mark))] = value

    def trace(self) -> Trace:
        arrays = {"steps": self.marks.astype(np.int32), **{name: row.copy() for name, row in self.found.items()}}
        return Trace(arrays, dict.fromkeys(arrays, ("step",)))
