"""Where models run. The only file that names the kinds of accelerator there are.

`DLVIZ_DEVICE` overrides the choice: `auto` (or nothing), `cpu`, `cuda`, `cuda:1`, `mps`.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from dlviz.core.errors import InvalidInput, OutOfMemory

VARIABLE = "DLVIZ_DEVICE"
GIB = 1024**3

# What torch says when memory runs out, where it raises a plain RuntimeError for it.
OUT_OF_MEMORY = re.compile(r"out of memory|can't allocate memory|not enough memory", re.IGNORECASE)


def available() -> list[str]:
    """The devices of this machine by torch's names, the one `auto` takes first: `["cuda:0", "cpu"]`."""
    found = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def choose(wanted: str | None = None) -> torch.device:
    """The device to run on: `wanted`, else what `DLVIZ_DEVICE` says, else the first of `available()`.

    Raises `InvalidInput` for a word that names no device, or a device that this machine lacks.
    """
    source = "device" if wanted is not None else VARIABLE
    word = (wanted if wanted is not None else os.environ.get(VARIABLE, "")).strip().lower()
    here = available()
    if word in ("", "auto"):
        return torch.device(here[0])
    if not re.fullmatch(r"cpu|mps|cuda(:\d{1,3})?", word):
        raise InvalidInput(source, "must be one of auto, cpu, cuda, cuda:N, mps", word, "auto")
    full = "cuda:0" if word == "cuda" else word
    if full not in here:
        raise InvalidInput(source, f"must be a device of this machine, which has {', '.join(here)}", word, here[0])
    return torch.device(full)


@dataclass(frozen=True)
class DeviceState:
    """What a person wants to know of a device: `memory` and `free` in bytes, None where nobody can say."""

    device: str
    name: str
    memory: int | None
    free: int | None
    threads: int
    autocast: str

    def __str__(self) -> str:
        size = "" if self.memory is None else f", {self.memory / GIB:.1f} GiB"
        free = "" if self.free is None else f" ({self.free / GIB:.1f} free)"
        return f"{self.device}: {self.name}{size}{free}"


def state(device: torch.device) -> DeviceState:
    """Name, memory, free memory, threads and autocast type of `device`, now."""
    memory: int | None
    free: int | None
    if device.type == "cuda":
        free, memory = torch.cuda.mem_get_info(device)
        name = torch.cuda.get_device_name(device)
    elif device.type == "mps":
        memory = int(torch.mps.recommended_max_memory())
        free = memory - torch.mps.driver_allocated_memory()
        name = f"Apple {platform.machine()}"
    else:
        memory, free = host_memory()
        name = _processor()
    dtype = autocast_dtype(device)
    label = "off" if dtype is None else str(dtype).removeprefix("torch.")
    return DeviceState(str(device), name, memory, free, torch.get_num_threads(), label)


def cores() -> int:
    """Processor cores this process may use; a container may have fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_threads(count: int = 1) -> int:
    """Let torch use so many threads inside one operation, at most `cores()`; returns the number taken.

    One is right for the small networks here: two bring them no speed, and take a core from the page.
    """
    taken = max(1, min(count, cores()))
    torch.set_num_threads(taken)
    return taken


def autocast_dtype(device: torch.device) -> torch.dtype | None:
    """The type that mixed precision uses on `device`, or None where it is left off.

    bfloat16 has the range of float32, so no loss scaling is needed; float16 has not, and is not used.
    On the CPU small models gain nothing, and a curve there must be the same on every machine.
    """
    if device.type == "cuda" and torch.cuda.get_device_capability(device) >= (8, 0):
        return torch.bfloat16
    return None


def autocast(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Mixed precision where `autocast_dtype` says so, else nothing: `with autocast(device): loss = …`."""
    dtype = autocast_dtype(device)
    if dtype is None:
        return contextlib.nullcontext()
    return torch.autocast(device.type, dtype=dtype)


@contextlib.contextmanager
def memory_guard(device: torch.device, doing: str, smaller: str) -> Iterator[None]:
    """Turn "out of memory" into words: `with memory_guard(device, "Training", "batch_size 16"): …`.

    Raises `OutOfMemory`, after handing cached memory back; any other error passes untouched.
    """
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError, RuntimeError) as problem:
        known = isinstance(problem, MemoryError | torch.OutOfMemoryError)
        if not known and not OUT_OF_MEMORY.search(str(problem)):
            raise
        release(device)
        raise OutOfMemory(doing, str(state(device)), smaller) from problem


def release(device: torch.device) -> None:
    """Hand memory that torch keeps in reserve back to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def host_memory() -> tuple[int | None, int | None]:
    """Bytes of main memory and bytes free, the limit of a container counted; None where nobody can say."""
    names = getattr(os, "sysconf_names", {})
    page = os.sysconf("SC_PAGE_SIZE") if "SC_PAGE_SIZE" in names else 0
    memory = page * os.sysconf("SC_PHYS_PAGES") if "SC_PHYS_PAGES" in names else None
    available_line = re.search(r"MemAvailable:\s+(\d+) kB", _text("/proc/meminfo"))
    free = int(available_line[1]) * 1024 if available_line else None
    limit, used = _text("/sys/fs/cgroup/memory.max"), _text("/sys/fs/cgroup/memory.current")
    if limit.isdigit() and used.isdigit() and memory is not None and int(limit) < memory:
        memory = int(limit)
        free = min(free if free is not None else memory, memory - int(used))
    return memory, free


def _processor() -> str:
    line = re.search(r"model name\s*:\s*(.+)", _text("/proc/cpuinfo"))
    return line[1].strip() if line else platform.processor() or platform.machine()


def _text(path: str) -> str:
    """The text of a file that only some systems have."""
    file = Path(path)
    return file.read_text(errors="replace").strip() if file.is_file() else ""
