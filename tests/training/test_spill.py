"""What is written down can be read again, whole, by another process."""

import torch

from dlviz.training.run import Snapshot
from dlviz.training.spill import Spill
from dlviz.training.timeline import Timeline


def timeline(steps):
    kept = Timeline()
    for step in steps:
        tensors = {"w": torch.randn(3, 2), "g": torch.Generator().manual_seed(step).get_state(), "none": torch.empty(0)}
        kept.keep(Snapshot(step, tensors, {"spec": {"x": step}}), elapsed=step / 10)
    return kept


def same(a, b):
    assert a.steps() == b.steps()
    for one, other in zip(a.moments(), b.moments(), strict=True):
        assert one.elapsed == other.elapsed
        assert one.snapshot.plain == other.snapshot.plain
        assert one.snapshot.tensors.keys() == other.snapshot.tensors.keys()
        for name, tensor in one.snapshot.tensors.items():
            assert torch.equal(tensor, other.snapshot.tensors[name])


def test_reading_is_the_inverse_of_writing(tmp_path):
    written = timeline([0, 1, 7])
    assert Spill(tmp_path / "r").write(written, {"speed": None})
    read, state = Spill(tmp_path / "r").read()
    same(read, written)
    assert state == {"speed": None}


def test_what_is_no_longer_held_goes_and_what_is_there_stays(tmp_path):
    spill = Spill(tmp_path)
    first = timeline([0, 1, 7])
    spill.write(first, {})
    untouched = (tmp_path / "0.safetensors").stat().st_mtime_ns
    first.keep(Snapshot(9, {"w": torch.ones(1)}, {}))
    part = first.until(0)
    part.keep(first.latest().snapshot)
    spill.write(part, {"n": 2})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0.safetensors", "9.safetensors", "state.json"]
    assert (tmp_path / "0.safetensors").stat().st_mtime_ns == untouched


def test_a_replaced_moment_is_written_again(tmp_path):
    spill, kept = Spill(tmp_path), timeline([0])
    spill.write(kept, {})
    kept.keep(Snapshot(0, {"w": torch.tensor([5.0])}, {}))
    spill.write(kept, {})
    assert Spill(tmp_path).read()[0].latest().snapshot.tensors["w"].item() == 5.0


def test_with_little_time_the_newest_is_there_first(tmp_path):
    spill, kept = Spill(tmp_path), timeline(range(20))
    assert not spill.write(kept, {}, seconds=0)
    assert Spill(tmp_path).read()[0].steps() == [19]
    while not spill.write(kept, {}, seconds=0.001):
        pass
    same(Spill(tmp_path).read()[0], kept)


def test_nothing_written_is_nothing_read_and_removing_removes(tmp_path):
    spill = Spill(tmp_path / "r")
    assert spill.read() is None
    spill.remove()  # nothing there: nothing to do
    spill.write(timeline([0]), {})
    spill.remove()
    assert not (tmp_path / "r").exists()
