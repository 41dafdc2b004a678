"""t-SNE beside the run: scikit-learn's, which nothing can interrupt, in a process of its own.

Source: L. van der Maaten and G. Hinton, Visualizing Data using t-SNE, 2008.
`python -m dlviz.labs.cnn.tsne FOLDER` reads FOLDER/given.npz and writes FOLDER/found.npz; `embed` starts it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from dlviz.core.lab import Progress

ROOT = Path(__file__).parents[3]
ITERATIONS = 1000
SEED = 0
REST = 0.1  # seconds between two looks at the process
_SAID = re.compile(r"Iteration (\d+): error = ([\d.e+-]+)")


def embed(vectors: np.ndarray, perplexity: float) -> Generator[Progress, None, tuple[np.ndarray, float]]:
    """(n, 2): vectors (n, d) laid out by t-SNE, and the Kullback-Leibler divergence, in nats, that is left.

    Between two turns the process works on by itself. Ended early (`close`), it is ended too.
    """
    with TemporaryDirectory(prefix="dlviz-tsne-") as name:
        folder = Path(name)
        np.savez(folder / "given.npz", vectors=vectors.astype(np.float32), perplexity=perplexity)
        with (folder / "said.txt").open("wb") as said:
            child = _start(folder, said.fileno())
            try:
                while child.poll() is None:
                    yield _progress(folder)
            finally:
                if child.poll() is None:
                    child.kill()
                child.wait()
        if child.returncode != 0:
            last = _read(folder).strip().splitlines()[-1:] or ["it said nothing"]
            raise RuntimeError(f"The process that lays out by t-SNE ended with {child.returncode}: {last[0]}")
        with np.load(folder / "found.npz") as found:
            return found["points"], float(found["divergence"])


def _start(folder: Path, said: int) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    # One thread: the other cores train, and sums in another order would lay it out in another way.
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-m", "dlviz.labs.cnn.tsne", str(folder)], stdin=subprocess.DEVNULL,
                            stdout=said, stderr=said, env=environment)  # fmt: skip


def _read(folder: Path) -> str:
    return (folder / "said.txt").read_text(encoding="utf-8", errors="replace")


def _progress(folder: Path) -> Progress:
    said = _SAID.findall(_read(folder))
    if not said:
        return Progress(0, ITERATIONS, "being started", rest=REST)
    iteration, error = said[-1]
    text = f"iteration {iteration} of {ITERATIONS:,}, divergence {float(error):.3g}"
    return Progress(int(iteration), ITERATIONS, text, rest=REST)


def fit(vectors: np.ndarray, perplexity: float) -> tuple[np.ndarray, float]:
    """What `embed` has done elsewhere, here: nobody else has a turn until it is done."""
    from sklearn.manifold import TSNE

    made = TSNE(n_components=2, perplexity=perplexity, init="pca", random_state=SEED, max_iter=ITERATIONS, verbose=2)
    points = made.fit_transform(vectors)
    return points, float(made.kl_divergence_)


def main(folder: Path) -> None:
    """Read what is given, and write what was found."""
    with np.load(folder / "given.npz") as given:
        points, divergence = fit(given["vectors"], float(given["perplexity"]))
    np.savez(folder / "found.npz", points=points, divergence=divergence)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
