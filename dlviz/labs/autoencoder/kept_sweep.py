"""The sweep that the panel Compression opens with: it ships with dlviz, so that nobody has to wait to look.

`python -m dlviz.labs.autoencoder.kept_sweep` trains again, from nothing but the code, and writes the file anew.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator
from pathlib import Path

import numpy as np

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import compressing
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.labs.autoencoder.sweeping import spec_of

FILE = Path(__file__).parents[3] / "assets" / "autoencoder" / "compression.npz"
STEPS = 2000
KEPT = ("done", "trained", "autoencoder_", "linear_")  # how the names of what was trained begin


def same(spec: AutoencoderSpec) -> bool:
    """Whether a sweep of these settings is the one that ships: what a sweep does not use may differ."""
    given, shipped = (spec_of("autoencoder", each, 2) for each in (spec, AutoencoderSpec()))
    used = ("dataset", "examples", "leave_out", "network", "hidden", "activation", "seed")
    return all(getattr(given, name) == getattr(shipped, name) for name in used)


def read(spec: AutoencoderSpec) -> Trace | None:
    """The kept sweep, where the settings are its; None where there is none that can be read."""
    if not same(spec):
        return None
    try:
        found = Trace.load(FILE)
    except (OSError, ValueError, zipfile.BadZipFile, EOFError):
        return None  # the panel then opens with PCA alone, as with any other settings
    arrays = {name: values.astype(np.float32) if values.dtype == np.float16 else values
              for name, values in found.arrays.items()}  # fmt: skip
    return Trace(arrays, found.dims)


def make(path: Path = FILE, steps: int = STEPS) -> Generator[Progress, None, Path]:
    """Train all of them and write what they keep: pictures as bytes, errors as they are, angles in half precision."""
    from dlviz.labs.autoencoder.run import AutoencoderRun

    found = yield from compressing.compression(AutoencoderRun(AutoencoderSpec()), steps, parameters=False)
    arrays = {name: values for name, values in found.arrays.items() if name.startswith(KEPT)}
    arrays["linear_angles"] = arrays["linear_angles"].astype(np.float16)
    path.parent.mkdir(parents=True, exist_ok=True)
    Trace(arrays, {name: found.dims[name] for name in arrays}).save(path)
    return path


if __name__ == "__main__":
    for report in make():
        if report.trace is not None:
            print(f"{report.done} of {report.total}: {report.text}", flush=True)
