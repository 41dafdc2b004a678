"""Larger data sets: files of the true form from a server of this machine, read as torch_geometric reads them, refused
where they hold something else; training on the whole; a piece for the stage."""

from __future__ import annotations

import dataclasses
import io
import pickle
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from torch_geometric.data import Data
from torch_geometric.datasets import Planetoid, TUDataset
from torch_geometric.nn import GCNConv

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data import keeping
from dlviz.data.fetching import FetchProblem, Source
from dlviz.data.graphs import reading
from dlviz.labs.graph.larger import fetching, pieces, probing, sources, training
from dlviz.labs.graph.larger.sources import LARGER, PARTS
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import MOST_TEXT, GraphSpec
from dlviz.training.jobs import to_the_end
from tests.data.serving_files import serving
from tests.data.test_fetching import run

NODES, WORDS, CLASSES = 800, 60, 7
RUN = GraphRun(GraphSpec())
TOLD, TEST = 70, 100  # Planetoid's readers take the first for training and the last, renumbered, for the test


def planetoid_files(seed: int = 0) -> dict[str, bytes]:
    """Files as Planetoid has them, of a made graph of papers."""
    chance = np.random.default_rng(seed)
    labels = chance.integers(0, CLASSES, NODES)
    words = (chance.random((NODES, WORDS)) < 0.05).astype(np.float32)
    words[np.arange(NODES), labels] = 1
    graph: dict[int, list[int]] = defaultdict(list)
    for _ in range(2400):
        a = int(chance.integers(NODES))
        same = np.flatnonzero(labels == labels[a])
        b = int(chance.choice(same)) if chance.random() < 0.8 else int(chance.integers(NODES))
        graph[a].append(b)
        graph[b].append(a)
    one_hot = np.eye(CLASSES, dtype=np.int32)[labels]
    test = chance.permutation(np.arange(NODES - TEST, NODES))
    rest = NODES - TEST
    parts: dict[str, Any] = {
        "x": csr_matrix(words[:TOLD]), "allx": csr_matrix(words[:rest]), "tx": csr_matrix(words[test]),
        "y": one_hot[:TOLD], "ally": one_hot[:rest], "ty": one_hot[test], "graph": graph,
    }  # fmt: skip
    files = {f"ind.cora.{name}": pickle.dumps(part, protocol=2) for name, part in parts.items()}
    return files | {"ind.cora.test.index": ("\n".join(map(str, test)) + "\n").encode()}


def tu_file(seed: int = 0) -> bytes:
    """An archive as TUDataset has it: rings of six and longer paths, three kinds of nodes."""
    chance = np.random.default_rng(seed)
    ends, owner, labels, kinds = [], [], [], []
    for k in range(60):
        size = 6 if k % 2 else int(chance.integers(7, 12))
        first = len(owner) + 1
        pairs = [(first + i, first + i + 1) for i in range(size - 1)] + ([(first + size - 1, first)] if k % 2 else [])
        ends += [pair for a, b in pairs for pair in ((a, b), (b, a))]
        owner += [k + 1] * size
        labels.append(1 + k % 2)
        kinds += chance.integers(0, 3, size).tolist()
    texts = {"A": "\n".join(f"{a}, {b}" for a, b in ends), "graph_indicator": "\n".join(map(str, owner)),
             "graph_labels": "\n".join(map(str, labels)), "node_labels": "\n".join(map(str, kinds))}  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"PROTEINS/PROTEINS_{name}.txt", text + "\n")
    return packed.getvalue()


def counts(name: str) -> tuple[int, int, int, int]:
    """Graphs, nodes, edges, features of the made files, by torch_geometric."""
    if name == "cora":
        return 1, NODES, made_by_pyg("cora").edge_index.shape[1] // 2, WORDS
    found = made_by_pyg("proteins")
    return len(found.y), found.x.shape[0], found.edge_index.shape[1] // 2, found.x.shape[1]


def made_by_pyg(name: str) -> Data:
    """The made files as torch_geometric's data sets read them."""
    import tempfile

    from torch_geometric.io import read_planetoid_data, read_tu_data

    with tempfile.TemporaryDirectory() as folder:
        if name == "cora":
            for file, content in planetoid_files().items():
                (Path(folder) / file).write_bytes(content)
            return read_planetoid_data(folder, "cora")
        with zipfile.ZipFile(io.BytesIO(tu_file())) as archive:
            archive.extractall(folder)
        return read_tu_data(f"{folder}/PROTEINS", "PROTEINS")[0]


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server with both sets, which are to be had there and hold what is written of them."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "kept"))
    files = planetoid_files() | {"PROTEINS.zip": tu_file()}
    with serving(files) as found:
        monkeypatch.setattr(sources, "PLANETOID", found.address)
        monkeypatch.setattr(sources, "TU", found.address)
        for name in ("cora", "proteins"):
            graphs, nodes, edges, features = counts(name)
            small = dataclasses.replace(LARGER[name], graphs=graphs, nodes=nodes, edges=edges, features=features)
            monkeypatch.setitem(LARGER, name, small)
        # The child knows only the published counts, so the work is done here.
        monkeypatch.setattr(keeping, "watch", lambda _command, order: iter([fetching.work(order)][:0]))
        yield found


def test_the_addresses_are_torch_geometrics() -> None:
    assert Planetoid.url + "/" == sources.PLANETOID
    assert TUDataset.url + "/" == sources.TU
    assert {source.name for source in LARGER["cora"].sources} == {f"ind.cora.{part}" for part in PARTS}
    assert LARGER["nci1"].sources == (Source("NCI1.zip", (f"{TUDataset.url}/NCI1.zip",)),)


def test_papers_are_fetched_and_read_as_torch_geometric_reads_them(served: Any) -> None:
    run(fetching.fetch("cora"))
    found, wanted = fetching.read("cora"), made_by_pyg("cora")
    assert torch.equal(training.dense(found), wanted.x)
    assert np.array_equal(found["y"], wanted.y)
    for name, mask in (("train", wanted.train_mask), ("validation", wanted.val_mask), ("test", wanted.test_mask)):
        assert found[name].tolist() == mask.nonzero()[:, 0].tolist()
    theirs = {tuple(sorted(pair)) for pair in wanted.edge_index.T.tolist()}
    assert {tuple(pair) for pair in found["edges"].tolist()} == theirs
    assert len(found["edges"]) == len(theirs)


def test_a_set_is_fetched_and_read_as_torch_geometric_reads_it(served: Any) -> None:
    run(fetching.fetch("proteins"))
    found, wanted = fetching.read("proteins"), made_by_pyg("proteins")
    assert torch.equal(training.dense(found), wanted.x)
    assert found["y"].tolist() == wanted.y.tolist()
    rings = [k for k in range(60) if (found["owner"] == k).sum() == (found["owner"][found["edges"][:, 0]] == k).sum()]
    assert rings == list(range(1, 60, 2))  # a ring has as many edges as nodes


def test_what_is_not_what_was_published_is_refused(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LARGER, "cora", dataclasses.replace(LARGER["cora"], nodes=2708))
    with pytest.raises(FetchProblem, match=r"hold 800 nodes instead of 2,708\. The graphs and molecules that came"):
        run(fetching.fetch("cora"))
    assert not fetching.is_here("cora")


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return (eval, ("1 + 1",))


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_with_a_program_is_not_opened(served: Any, protocol: int) -> None:
    served.files["ind.cora.allx"] = pickle.dumps(Evil(), protocol=protocol)
    with pytest.raises(FetchProblem, match=r"ind\.cora\.allx names .*, which data do not need"):
        run(fetching.fetch("cora"))


def test_rubbish_is_said_to_be_rubbish(served: Any) -> None:
    served.files["PROTEINS.zip"] = b"no archive"
    with pytest.raises(FetchProblem, match=r"The files of PROTEINS cannot be read \(File is not a zip file\)"):
        run(fetching.fetch("proteins"))


def test_what_has_not_been_fetched_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path))
    with pytest.raises(InvalidInput, match="has to be fetched first"):
        fetching.read("cora")
    with pytest.raises(InvalidInput, match="must be one of cora, citeseer"):
        fetching.read("karate")
    trace: Trace = to_the_end(probing.larger(RUN))
    assert trace["here"].tolist() == [0] * len(LARGER)
    assert trace["published"][0] == pytest.approx(81.5)
    first, second = GCNConv(34, 16), GCNConv(16, 2)
    for layer, part in ((first, "first."), (second, "second.")):
        state = {k.removeprefix(part): torch.tensor(v) for k, v in trace.state.items() if k.startswith(part)}
        layer.load_state_dict(state)
    index = torch.tensor(RUN.learned.graphs[0].edge_index)
    wanted = second(first(torch.eye(34), index).relu(), index)
    np.testing.assert_allclose(trace["answers"], wanted.detach(), atol=1e-5)


def test_training_on_papers_is_a_gcn_of_torch_geometric(served: Any) -> None:
    """The first loss, without dropout's chance, is that of two GCNConv with the same weights."""
    run(fetching.fetch("cora"))
    arrays = fetching.read("cora")
    moments = list(training.train(LARGER["cora"], arrays, 60, 1))
    assert moments[-1].test > 0.6 > 3 / CLASSES
    chance = torch.Generator().manual_seed(1)
    network = training.Citing(WORDS, CLASSES, chance).eval()
    first, second = GCNConv(WORDS, 16), GCNConv(16, CLASSES)
    for ours, theirs in ((network.first, first), (network.second, second)):
        theirs.load_state_dict(ours.state_dict())
    x, index = training.dense(arrays), training.both_ways(arrays["edges"])
    edges = training.layers.edges_of("gcn", index, torch.ones(index.shape[1]), NODES)
    torch.testing.assert_close(network(x, edges), second(first(x, index).relu(), index), atol=1e-5, rtol=1e-5)


def test_training_on_a_set_tells_rings_from_paths(served: Any) -> None:
    run(fetching.fetch("proteins"))
    moments = list(training.train(LARGER["proteins"], fetching.read("proteins"), 80, 1))
    assert moments[-1].told > 0.9


def test_a_training_is_the_same_twice_and_leaves_no_trace(served: Any) -> None:
    run(fetching.fetch("cora"))
    before = torch.random.get_rng_state()
    first, second = (to_the_end(probing.larger(RUN, "cora", "train", steps=3)) for _ in range(2))
    assert np.array_equal(first["curve"], second["curve"])
    assert torch.equal(before, torch.random.get_rng_state())
    assert first["curve"].shape == (len(probing.COLUMNS), 3)


@pytest.mark.parametrize("name", ["cora", "proteins"])
def test_a_piece_fits_on_the_stage(served: Any, name: str) -> None:
    run(fetching.fetch(name))
    trace: Trace = to_the_end(probing.larger(RUN, name, "piece", seed=3))
    text = bytes(trace["text"].astype(np.uint8)).decode()
    assert len(text) <= MOST_TEXT
    graph = reading.read("graph", text).graph
    arrays = fetching.read(name)
    drawn = {tuple(sorted((int(graph.names[a]), int(graph.names[b])))) for a, b in graph.edges}
    inside = {int(each) for each in graph.names}
    assert drawn == {(a, b) for a, b in arrays["edges"].tolist() if a in inside and b in inside}
    if name == "cora":
        assert graph.count == pieces.PIECE
        assert graph.labels.tolist() == arrays["y"][[int(each) for each in graph.names]].tolist()
        GraphRun(GraphSpec(dataset="own", graph=text, features="own")).advance(2)
        x, _ = pieces.features(arrays, np.sort([int(each) for each in graph.names]))
        words = training.dense(arrays).numpy()[np.sort([int(each) for each in graph.names])]
        u, s, _ = np.linalg.svd(words, full_matrices=False)
        np.testing.assert_allclose(x @ x.T, (u[:, :32] * s[:32] ** 2) @ u[:, :32].T, atol=0.05)


def test_facts_are_counted(served: Any) -> None:
    run(fetching.fetch("cora"))
    trace: Trace = to_the_end(probing.larger(RUN, "cora", "facts"))
    wanted = made_by_pyg("cora")
    assert trace["counts"].tolist() == [1, NODES, wanted.edge_index.shape[1] // 2, WORDS, CLASSES]
    a, b = wanted.y[wanted.edge_index]
    assert trace["homophily"][0] == pytest.approx((a == b).float().mean().item())
