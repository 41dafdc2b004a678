"""The trainings that the panel opens with: some of their moments ship with dlviz, so that nobody has to wait to look.

`python -m dlviz.labs.autoencoder.beside.keeping` trains again, from nothing but the code, and writes the files anew.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import data
from dlviz.labs.autoencoder.beside import looking
from dlviz.labs.autoencoder.beside.looking import NETWORKS, Codes
from dlviz.labs.autoencoder.beside.training import UNITS, begin_alike, race, specs_of
from dlviz.labs.autoencoder.measuring import SAMPLE
from dlviz.labs.autoencoder.model import build
from dlviz.labs.autoencoder.spec import AutoencoderSpec

FOLDER = Path(__file__).parents[4] / "assets" / "autoencoder"
KEPT_LATENTS = (2, 16)
BETA, STEPS = 1.0, 2_000
MOMENTS = (4, -1)  # of the marks, those whose decoders are kept; the beginning is the seed's and needs no keeping


def file_of(latent: int) -> Path:
    """Where the training of codes of so many numbers is kept."""
    return FOLDER / f"beside-{latent}.npz"


def read(specs: dict[str, AutoencoderSpec]) -> Trace | None:
    """The kept training of these specs; None where there is none, or none that can be read."""
    latent = specs["plain"].latent
    if latent not in KEPT_LATENTS or specs != specs_of(AutoencoderSpec(), latent, BETA):
        return None
    try:
        return Trace.load(file_of(latent))
    except (OSError, ValueError, zipfile.BadZipFile, EOFError):
        return None  # the panel then begins before training, as with any other settings


def opened(kept: Trace, specs: dict[str, AutoencoderSpec], parameters: bool = True) -> Generator[Progress, None, Trace]:
    """The kept moments as a race brings them, one after the other; maps and samples are computed now."""
    pictures = data.load(specs["plain"]).pictures
    labels = pictures.test_y[:SAMPLE]
    marks = [0, *sorted({int(name.partition("/")[0]) for name in kept.state})]
    networks = {kind: build(spec) for kind, spec in specs.items()}
    begin_alike(networks)
    for at, mark in enumerate(marks):
        if mark:
            codes = {kind: _moment(kept, mark, kind, networks[kind]) for kind in NETWORKS}
        else:
            codes = looking.encoded(networks, pictures.test_x[:SAMPLE])
        seen = looking.seen(networks, codes, labels, specs["plain"], mark, parameters)
        trace = Trace({**seen.arrays, **kept.arrays}, {**seen.dims, **kept.dims}, UNITS, seen.state)
        if at + 1 < len(marks):
            yield Progress(at + 1, len(marks), f"step {mark}", trace)
    return trace


def _moment(kept: Trace, mark: int, kind: str, network: torch.nn.Module) -> Codes:
    """The codes of a kept moment; `network` is given its decoder, and is good for nothing but decoding."""
    start = f"{mark}/{kind}."
    values = {key.removeprefix(start): torch.from_numpy(value.astype(np.float32))
              for key, value in kept.state.items() if key.startswith(start)}  # fmt: skip
    codes = Codes(values.pop("codes"), values.pop("log_variance", None))
    network.load_state_dict(values, strict=False)
    return codes


def make(latent: int, path: Path | None = None, steps: int = STEPS) -> Generator[Progress, None, Path]:
    """Train both and write their curves as arrays; of `MOMENTS` codes, and decoders in half precision, as state."""
    path = file_of(latent) if path is None else path
    state: dict[str, np.ndarray] = {}
    moves = race(specs_of(AutoencoderSpec(), latent, BETA), steps)
    while True:
        try:
            progress = next(moves)
        except StopIteration as end:
            found: Trace = end.value
            break
        if progress.trace is not None:
            state |= _kept_of(progress.trace)
        yield progress
    chosen = {int(found["steps"][at]) for at in MOMENTS}
    arrays = {name: rows for name, rows in found.arrays.items() if found.dims[name] == ("step",)}
    kept = {key: value for key, value in state.items() if int(key.partition("/")[0]) in chosen}
    path.parent.mkdir(parents=True, exist_ok=True)
    Trace(arrays, {name: found.dims[name] for name in arrays}, {}, kept).save(path)
    return path


def _kept_of(moment: Trace) -> dict[str, np.ndarray]:
    start = f"{int(moment['step'])}/"
    decoders = {f"{start}{name}": values.astype(np.float16) for name, values in moment.state.items()
                if name.startswith(NETWORKS) and values.dtype == np.float32}  # fmt: skip
    names = ("plain_codes", "variational_codes", "variational_log_variance")
    return decoders | {f"{start}{name.replace('_', '.', 1)}": moment[name] for name in names}


if __name__ == "__main__":
    for each in KEPT_LATENTS:
        for report in make(each):
            if report.trace is not None:
                print(f"{each} numbers, step {report.trace['step']} of {STEPS}", flush=True)
