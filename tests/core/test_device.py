"""Devices: the choice, its override, the words for what cannot work, and running out of memory."""

from __future__ import annotations

import pytest
import torch

from dlviz.core import device
from dlviz.core.errors import InvalidInput, OutOfMemory

CPU = torch.device("cpu")


def pretend(monkeypatch: pytest.MonkeyPatch, *, accelerators: int = 0, mps: bool = False) -> None:
    """A machine with so many CUDA devices."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: accelerators > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: accelerators)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


def test_auto_takes_the_first_accelerator_and_else_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch)
    assert device.choose("auto") == CPU
    pretend(monkeypatch, mps=True)
    assert device.choose("auto") == torch.device("mps")
    pretend(monkeypatch, accelerators=2, mps=True)
    assert device.available() == ["cuda:0", "cuda:1", "mps", "cpu"]
    assert device.choose("auto") == torch.device("cuda:0")


def test_the_variable_overrides_the_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, accelerators=2)
    for word, chosen in (
        ("", "cuda:0"),
        ("auto", "cuda:0"),
        (" CPU ", "cpu"),
        ("cuda", "cuda:0"),
        ("cuda:1", "cuda:1"),
    ):
        monkeypatch.setenv("DLVIZ_DEVICE", word)
        assert device.choose() == torch.device(chosen)
    monkeypatch.delenv("DLVIZ_DEVICE")
    assert device.choose() == torch.device("cuda:0")


@pytest.mark.parametrize("word", ["gpu", "cuda:x", "cuda:-1", "cpu:0", "'; rm"])
def test_a_word_that_names_no_device_is_refused(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("DLVIZ_DEVICE", word)
    with pytest.raises(InvalidInput) as problem:
        device.choose()
    assert str(problem.value) == f"DLVIZ_DEVICE must be one of auto, cpu, cuda, cuda:N, mps. Got {word!r}. Try auto."


@pytest.mark.parametrize("word", ["cuda", "cuda:7", "mps"])
def test_a_device_that_is_not_here_is_refused(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    pretend(monkeypatch)
    with pytest.raises(InvalidInput) as problem:
        device.choose(word)
    assert str(problem.value) == f"device must be a device of this machine, which has cpu. Got {word!r}. Try cpu."


def test_the_state_of_the_processor_agrees_with_the_system() -> None:
    psutil = pytest.importorskip("psutil")
    state = device.state(CPU)
    assert state.device == "cpu"
    assert state.name
    assert state.threads == torch.get_num_threads()
    assert state.memory is not None
    assert 0 < state.memory <= psutil.virtual_memory().total * 1.01
    assert state.free is None or 0 < state.free <= state.memory
    assert f"{state.memory / 2**30:.1f} GiB" in str(state)


def test_threads_stay_within_the_cores() -> None:
    before = torch.get_num_threads()
    try:
        assert device.use_threads(1) == torch.get_num_threads() == 1
        assert device.use_threads(10_000) == device.cores()
        assert device.use_threads(0) == 1
    finally:
        torch.set_num_threads(before)


def test_mixed_precision_is_off_on_the_processor_and_on_where_bfloat16_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    with device.autocast(CPU):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: (8, 0))
    assert device.autocast_dtype(torch.device("cuda:0")) == torch.bfloat16
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: (7, 5))
    assert device.autocast_dtype(torch.device("cuda:0")) is None


def test_a_real_failure_to_allocate_becomes_words() -> None:
    words = r"Training needs more memory than there is on cpu: .*\. Try batch_size 16\."
    with pytest.raises(OutOfMemory, match=words), device.memory_guard(CPU, "Training", "batch_size 16"):
        torch.empty(2**60, dtype=torch.uint8)


@pytest.mark.parametrize(
    "problem",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
    ],
)
def test_every_way_to_run_out_is_known(problem: Exception) -> None:
    with pytest.raises(OutOfMemory) as words, device.memory_guard(CPU, "Probing", "fewer points"):
        raise problem
    assert words.value.__cause__ is problem


def test_other_errors_pass_untouched() -> None:
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"), device.memory_guard(CPU, "Training", "less"):
        torch.ones(2, 3) @ torch.ones(2, 3)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_real_accelerator() -> None:
    chosen = device.choose("cuda")
    state = device.state(chosen)
    assert state.memory == torch.cuda.get_device_properties(chosen).total_memory
    assert state.free is not None
    with device.autocast(chosen):
        product = torch.ones(8, 8, device=chosen) @ torch.ones(8, 8, device=chosen)
    assert product.dtype == (device.autocast_dtype(chosen) or torch.float32)
    with pytest.raises(OutOfMemory, match="Training needs"), device.memory_guard(chosen, "Training", "batch_size 16"):
        torch.empty(2**50, dtype=torch.uint8, device=chosen)
    assert torch.ones(2, device=chosen).sum().item() == 2
