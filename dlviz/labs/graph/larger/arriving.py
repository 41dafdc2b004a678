"""From the files as they were published to arrays, whatever the files may hold: read by torch_geometric.

Planetoid's files are pickles, which may hold any program: before one is opened, everything it names is looked up in a
short list of arrays and containers.
"""

from __future__ import annotations

import pickletools
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.data.fetching import FetchProblem
from dlviz.labs.graph.larger.sources import PARTS, Larger

# All that a pickle of arrays, sparse matrices and dictionaries needs to name.
HARMLESS = frozenset(
    f"{module} {name}"
    for modules, names in (
        (("numpy.core.multiarray", "numpy._core.multiarray"), ("_reconstruct", "scalar")),
        (("numpy",), ("ndarray", "dtype")),
        (("scipy.sparse.csr", "scipy.sparse._csr"), ("csr_matrix",)),
        (("collections",), ("defaultdict",)),
        (("copy_reg", "copyreg"), ("_reconstructor",)),
        (("__builtin__", "builtins"), ("list", "object", "dict", "int", "long")),
        (("_codecs",), ("encode",)),
    )
    for module in modules
    for name in names
)
MOST = 1 << 30  # bytes of an archive, unpacked


def read(found: Larger, folder: Path) -> dict[str, np.ndarray]:
    """The arrays of a data set from its files.

    `x_rows`, `x_columns`, `x_values`: what of the features is not 0; `size` (nodes, features); `edges` (edge, 2), each
    once; `y` (node,) of a single graph with `train`, `validation`, `test` places; or `y` (graph,) with `owner` (node,)
    the graph of each node. Raises `FetchProblem` where the files are of another form or hold something else.
    """
    try:
        arrays = _planetoid(found, folder) if found.kind == "planetoid" else _tu(found, folder)
    except FetchProblem:
        raise
    except Exception as problem:
        why = str(problem) or type(problem).__name__
        raise FetchProblem(f"The files of {found.title} cannot be read ({why}).") from problem
    graphs = len(arrays["y"]) if found.kind == "tu" else 1
    here = (graphs, *arrays["size"].tolist()[:1], len(arrays["edges"]), int(arrays["size"][1]))
    published = (found.graphs, found.nodes, found.edges, found.features)
    if here != published:
        words = [f"{a:,} {name} instead of {b:,}" for a, b, name in
                 zip(here, published, ("graphs", "nodes", "edges", "features"), strict=True) if a != b]  # fmt: skip
        raise FetchProblem(f"The files of {found.title} hold {', '.join(words)}.")
    return arrays


def check_harmless(file: Path) -> None:
    """Raises `FetchProblem` for a pickle that names anything but arrays and containers, or hides what it names."""
    for code, argument, _ in pickletools.genops(file.read_bytes()):
        if code.name == "GLOBAL" and argument in HARMLESS:
            continue
        if code.name in ("GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID"):
            raise FetchProblem(
                f"{file.name} names {argument or 'something'}, which data do not need: it is not opened."
            )


def _planetoid(found: Larger, folder: Path) -> dict[str, np.ndarray]:
    for part in PARTS[:-1]:
        check_harmless(folder / f"ind.{found.name}.{part}")
    from torch_geometric.io import read_planetoid_data

    read = read_planetoid_data(str(folder), found.name)
    return {"y": read.y.numpy(), **_sparse(read.x), "edges": once(read.edge_index.numpy()),
            **{name: getattr(read, f"{mask}_mask").nonzero()[:, 0].numpy()
               for name, mask in (("train", "train"), ("validation", "val"), ("test", "test"))}}  # fmt: skip


def _tu(found: Larger, folder: Path) -> dict[str, np.ndarray]:
    inside = folder / "unpacked"
    inside.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{found.name}.zip") as archive:
        texts = [each for each in archive.infolist() if each.filename.endswith(".txt")]
        if sum(each.file_size for each in texts) > MOST:
            raise FetchProblem(f"{found.name}.zip holds more than {MOST >> 20} MB.")
        for each in texts:  # by our own names, so that no name in the archive becomes a path
            name = Path(each.filename).name
            if name.startswith(f"{found.name}_"):
                with archive.open(each) as source, (inside / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
    from torch_geometric.io import read_tu_data

    read, slices, sizes = read_tu_data(str(inside), found.name)
    x = read.x[:, sizes["num_node_attributes"] :]  # the labels of nodes, as torch_geometric gives them by default
    owner = np.repeat(np.arange(len(read.y)), np.diff(slices["x"].numpy()))
    index = read.edge_index.numpy().copy()
    starts = np.repeat(slices["x"].numpy()[:-1], np.diff(slices["edge_index"].numpy()))
    return {"y": read.y.numpy(), "owner": owner, **_sparse(x), "edges": once(index + starts)}


def _sparse(x: Any) -> dict[str, np.ndarray]:
    rows, columns = x.nonzero(as_tuple=True)
    return {"x_rows": rows.numpy().astype(np.int32), "x_columns": columns.numpy().astype(np.int32),
            "x_values": x[rows, columns].numpy().astype(np.float32), "size": np.array(x.shape)}  # fmt: skip


def once(index: np.ndarray) -> np.ndarray:
    """(edge, 2) of (2, message): each edge once, without self-loops."""
    ends = np.sort(index.T[index[0] != index[1]], axis=1)
    return np.unique(ends, axis=0).astype(np.int32)
