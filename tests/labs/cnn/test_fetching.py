"""Fetching a data set: from files of the true form on a server of this machine, whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dlviz.core.errors import InvalidInput
from dlviz.core.vision import torchvision
from dlviz.data import keeping
from dlviz.data.fetching import FetchProblem
from dlviz.labs.cnn import arriving, data, online, sources
from dlviz.labs.cnn.fetching import fetch, main
from dlviz.labs.cnn.sources import CIFAR, IMAGES, LABELS
from dlviz.labs.cnn.spec import ONLINE, CnnSpec
from tests.data.serving_files import Files, serving, wait_until
from tests.data.test_fetching import run


def idx(array: np.ndarray) -> bytes:
    """An array of bytes in the form of MNIST's files, packed."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(head + array.tobytes())


def mnist_files(train: int = 700, test: int = 300, seed: int = 0) -> tuple[dict[str, bytes], np.ndarray, np.ndarray]:
    """Files as MNIST and Fashion-MNIST have them, and what is in them."""
    random = np.random.default_rng(seed)
    pictures = random.integers(0, 256, (train + test, 28, 28), dtype=np.uint8)
    labels = random.integers(0, 10, train + test).astype(np.uint8)
    parts = ((slice(0, train), 0), (slice(train, None), 1))
    files = {IMAGES[k]: idx(pictures[part]) for part, k in parts} | {LABELS[k]: idx(labels[part]) for part, k in parts}
    return files, pictures, labels


def cifar_file() -> tuple[bytes, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    pictures, labels = random.integers(0, 256, (120, 32, 32, 3), dtype=np.uint8), random.integers(0, 10, 120)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for k, name in enumerate(arriving.BATCHES):
            part = slice(20 * k, 20 * k + 20)
            rows = [bytes([label]) + picture.transpose(2, 0, 1).tobytes()
                    for label, picture in zip(labels[part], pictures[part], strict=True)]  # fmt: skip
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            entry.size = sum(map(len, rows))
            archive.addfile(entry, io.BytesIO(b"".join(rows)))
    return packed.getvalue(), pictures, labels


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of fetched sets, empty."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "kept"))
    yield tmp_path / "kept"
    data._whole.cache_clear()


def replaced(name: str, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """`name` is to be had from this server alone."""
    monkeypatch.setitem(sources.SOURCES, name, tuple(files.source(file) for file in files.files))


def test_the_published_checksums_are_those_that_torchvision_knows() -> None:
    assert set(sources.SOURCES) == set(sources.WITHOUT) == set(ONLINE) == set(online.CLASSES)
    for name in ("mnist_full", "fashion"):
        known = getattr(torchvision.datasets, online.CLASSES[name])
        assert {source.name: source.md5 for source in sources.SOURCES[name]} == dict(known.resources)
        for source in sources.SOURCES[name]:
            assert list(source.addresses) == [place + source.name for place in known.mirrors]
    (cifar,) = sources.SOURCES["cifar10"]
    assert cifar.addresses[0].rsplit("/", 1)[0] == torchvision.datasets.CIFAR10.url.rsplit("/", 1)[0]


def test_a_set_is_fetched_kept_and_used(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, pictures, labels = mnist_files()
    with serving(made) as files:
        replaced("fashion", files, monkeypatch)
        with pytest.raises(InvalidInput, match="has to be fetched first"):
            CnnSpec(dataset="fashion")
        heard = run(fetch("fashion"))
        asked = len(files.asked)
        total = sum(map(len, made.values()))
        assert heard[-1].total == total
        assert [progress.done for progress in heard] == sorted(progress.done for progress in heard)
        moves = fetch("fashion")  # it is here: nothing to do
        with pytest.raises(StopIteration) as end:
            next(moves)
        assert end.value.value == {"name": "fashion", "bytes": total}
        assert len(files.asked) == asked == 4
    assert [file.name for file in kept.iterdir()] == ["fashion.npz"]
    found = online.read("fashion")
    np.testing.assert_array_equal(found[0], pictures)
    np.testing.assert_array_equal(found[1], labels)
    # torchvision reads the same numbers out of the same files.
    room = kept / "FashionMNIST" / "raw"
    room.mkdir(parents=True)
    for name, content in made.items():
        (room / name.removesuffix(".gz")).write_bytes(gzip.decompress(content))
    theirs = torchvision.datasets.FashionMNIST(str(kept), train=False)
    np.testing.assert_array_equal(theirs.data.numpy(), pictures[700:])
    np.testing.assert_array_equal(theirs.targets.numpy(), labels[700:])
    spec = CnnSpec(dataset="fashion", examples=100)
    loaded = data.load(spec)
    assert len(loaded.train_y) == 100
    by_bytes = {picture.tobytes(): label for picture, label in zip(pictures, labels, strict=True)}
    for picture, label in zip(loaded.test_x[:20], loaded.test_y[:20], strict=True):
        assert by_bytes[(picture[0] * 255).round().byte().numpy().tobytes()] == label


def test_cifar_is_read_without_unpacking_a_name(kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packed, pictures, labels = cifar_file()
    (tmp_path / CIFAR).write_bytes(packed)
    found = arriving.read("cifar10", tmp_path)
    np.testing.assert_array_equal(found[0], pictures)
    np.testing.assert_array_equal(found[1], labels)
    with serving({CIFAR: packed}) as files:
        replaced("cifar10", files, monkeypatch)
        run(fetch("cifar10"))
    np.testing.assert_array_equal(online.read("cifar10")[0], pictures)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (IMAGES[0], b"no gzip at all", "The files of fashion cannot be unpacked (Not a gzipped file"),
        (IMAGES[0], gzip.compress(b"\0\0\x08\x01" + bytes(8)), "train-images-idx3-ubyte.gz begins with 00 00 08 01"),
        (IMAGES[0], mnist_files()[0][IMAGES[0]][:-99], "cannot be unpacked (Compressed file ended"),
        (LABELS[1], idx(np.zeros(7, np.uint8)), "The files of fashion hold 1,000 pictures and 707 labels."),
        (LABELS[1], idx(np.full(300, 10, np.uint8)), "hold labels up to 10, and there are 10 classes."),
    ],
    ids=["no gzip", "one dimension", "cut off", "fewer labels", "an eleventh class"],
)  # fmt: skip
def test_files_of_another_form_are_refused_and_nothing_is_kept(
    name: str, content: bytes, words: str, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mnist_files()[0] | {name: content}
    with serving(made) as files:
        replaced("fashion", files, monkeypatch)
        with pytest.raises(FetchProblem) as problem:
            run(fetch("fashion"))
    assert words in str(problem.value)
    assert str(problem.value).endswith(sources.WITHOUT["fashion"])
    assert not online.is_here("fashion")
    assert list(kept.iterdir()) == []


def test_a_cancelled_download_ends_at_once_and_leaves_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = mnist_files()[0]
    with serving(made) as files:
        files.hangs.add(IMAGES[0])
        replaced("fashion", files, monkeypatch)
        moves = fetch("fashion")
        next(moves)
        wait_until(lambda: files.asked)
        room = keeping.room_of("fashion")
        wait_until(lambda: (room / IMAGES[0]).is_file())
        second = fetch("fashion")  # another session: it waits for the first rather than fetching all of it again
        waits = next(second)
        assert waits.text == "another session fetches it"
        assert waits.rest > 0
        began = time.perf_counter()
        moves.close()
        assert time.perf_counter() - began < 10
        assert list(kept.iterdir()) == []
        files.hangs.clear()
        files.let_go.set()
        run(second)  # the first is gone, so the second does it
        assert online.is_here("fashion")


def test_a_room_whose_worker_died_is_taken_over(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = keeping.room_of("fashion")
    room.mkdir(parents=True)
    (room / "left.bin").write_bytes(b"half")
    long_ago = time.time() - 1000
    for path in (room / "left.bin", room):
        os.utime(path, (long_ago, long_ago))
    with serving(mnist_files()[0]) as files:
        replaced("fashion", files, monkeypatch)
        run(fetch("fashion"))
    assert [file.name for file in kept.iterdir()] == ["fashion.npz"]


def test_without_a_network_it_is_said_within_seconds(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(mnist_files()[0]) as files:
        away = tuple(files.source(name, before=()) for name in files.files)
    monkeypatch.setitem(sources.SOURCES, "mnist_full", away)  # the server is gone
    assert main(["mnist_full"]) == 2
    words = "This machine could not reach 127.0.0.1: is it online? The 5,000 digits that came with dlviz work without."
    assert capsys.readouterr().err.strip() == f"dlviz: {words}"
    assert main(["mnist"]) == 2
    assert "must be one of mnist_full, fashion, cifar10" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "file" / "kept"))
    with pytest.raises(FetchProblem, match=r"Nothing can be written to .*Set DLVIZ_DATA to a folder that can"):
        run(fetch("fashion"))
