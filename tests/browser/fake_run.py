"""A run that answers by the protocol of docs/architecture.md without training anything: step makes the numbers."""

from __future__ import annotations

import json
import math
import struct
import uuid
from typing import Any

import numpy as np

from dlviz.core import spec as specs
from dlviz.labs.playground.spec import PlaygroundSpec

DTYPES = {"float32": "f32", "int32": "i32", "uint8": "u8"}
STEPS_PER_EPOCH = 25
FULL_SPEED = 2000.0


def encode(kind: str, run: str, version: int, step: int, numbers: dict[str, Any], arrays: dict[str, Any]) -> bytes:
    """The envelope, written here independently of the engine's own encoder."""
    entries, chunks, offset = [], [], 0
    for name, value in arrays.items():
        array = np.ascontiguousarray(value)
        data = array.tobytes()
        entries.append({"name": name, "dtype": DTYPES[str(array.dtype)], "shape": list(array.shape), "offset": offset})
        padded = data + b"\0" * (-len(data) % 8)
        chunks.append(padded)
        offset += len(padded)
    header = {"kind": kind, "run": run, "version": version, "step": step, "numbers": numbers, "arrays": entries}
    text = json.dumps(header).encode()
    text += b" " * (-(4 + len(text)) % 8)
    return struct.pack("<I", len(text)) + text + b"".join(chunks)


def loss(step: int, share: float = 1.0) -> float:
    return share * (0.69 * math.exp(-step / 400) + 0.03 + 0.02 * math.exp(-step / 3000) * math.sin(step / 17))


class FakeRun:
    def __init__(self, name: str, family: dict[str, FakeRun], start: int = 0) -> None:
        self.name, self.family = name, family
        self.spec = specs.values(PlaygroundSpec())
        self.version, self.step, self.start = 1, float(start), start
        self.looking: int | None = None
        self.playing, self.speed, self.goal = False, None, None
        self.elapsed = 0.0
        self.marks: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        self.edited: list[dict[str, Any]] = []

    # ---- messages

    def opening(self) -> list[bytes]:
        return [self.scene(), self.frame()]

    def scene(self) -> bytes:
        link = specs.link("playground", specs.from_values(PlaygroundSpec, self.spec))
        numbers = {"spec": self.spec, "link": link, "features": ["x1", "x2"], "widths": [2, 4, 2, 2], "classes": 2,
                   "activations": ["tanh", "tanh"], "batch_norm": False, "problem": "classification",
                   "parameters": 28}  # fmt: skip
        rng = np.random.default_rng(0)
        points = rng.uniform(-5, 5, (200, 2)).astype(np.float32)
        targets = (np.hypot(*points.T) < 3).astype(np.float32)
        arrays = {"train_points": points[:100], "train_targets": targets[:100],
                  "test_points": points[100:], "test_targets": targets[100:]}  # fmt: skip
        return encode("scene", self.name, self.version, int(self.step), numbers, arrays)

    def frame(self) -> bytes:
        live = int(self.step)
        step = live if self.looking is None else self.looking
        columns = np.unique(np.linspace(0, live, min(live + 1, 400)).astype(int))
        curve = np.array([columns, [loss(s) for s in columns], [loss(s, 1.2) for s in columns]], dtype=np.float32)
        held = np.unique(np.concatenate([np.arange(0, live + 1, 50), [live]])).astype(np.int32)
        numbers = {
            "epoch": step / STEPS_PER_EPOCH, "steps_per_epoch": STEPS_PER_EPOCH, "playing": self.playing,
            "speed": self.speed, "rate": (self.speed or FULL_SPEED) if self.playing else 0.0,
            "elapsed": self.elapsed, "goal": self.goal, "device": "cpu", "live_step": live, "marks": self.marks,
            "train_loss": loss(step), "test_loss": loss(step, 1.2), "train_accuracy": 1 - loss(step) / 2,
            "test_accuracy": 1 - loss(step, 1.2) / 2, "curve_names": ["train_loss", "test_loss"],
        }  # fmt: skip
        rng = np.random.default_rng(1)
        drift = math.log1p(step) / 4
        arrays: dict[str, Any] = {}
        for i, (inputs, outputs) in enumerate([(2, 4), (4, 2), (2, 2)]):
            arrays[f"weight.{i}"] = (rng.normal(size=(outputs, inputs)) * (0.5 + drift)).astype(np.float32)
            arrays[f"bias.{i}"] = rng.normal(size=outputs).astype(np.float32)
        arrays |= {"grad_norm": np.array([0.1, 0.2, 0.3], np.float32), "slope": np.ones(6, np.float32),
                   "dropped": np.zeros(6, np.uint8), "curve": curve, "held": held}  # fmt: skip
        return encode("frame", self.name, self.version, step, numbers, arrays)

    def note(self, level: str, text: str, token: str | None = None, offers: list[Any] | None = None) -> bytes:
        numbers = {"level": level, "text": text, "token": token, "offers": offers or []}
        return encode("note", self.name, self.version, int(self.step), numbers, {})

    def reply(self, command: dict[str, Any], **answer: Any) -> list[bytes]:
        if "token" not in command:
            return []
        numbers = {"token": command["token"], "of": command["do"], **answer}
        return [encode("reply", self.name, self.version, int(self.step), numbers, {})]

    # ---- time

    def tick(self, seconds: float) -> list[bytes]:
        if not self.playing:
            return []
        self.step += seconds * (self.speed or FULL_SPEED)
        self.elapsed += seconds
        if self.goal is not None and self.step >= self.goal:
            self.step, self.playing, self.goal = float(self.goal), False, None
        return [self.frame()]

    # ---- commands

    def answer(self, command: dict[str, Any]) -> list[bytes]:
        self.heard.append(command)
        if command["do"] == "next":
            return []
        do = getattr(self, f"do_{command['do']}", None)
        if do is None:
            return [self.note("error", f"There is no command {command['do']}.", command.get("token"))]
        return do(command)

    def do_play(self, command: dict[str, Any]) -> list[bytes]:
        self.playing, self.looking = command["on"], None if command["on"] else self.looking
        self.goal = int(self.step) + command["steps"] if command.get("steps") else None
        return [*self.reply(command), self.frame()]

    def do_advance(self, command: dict[str, Any]) -> list[bytes]:
        self.playing, self.looking = False, None
        self.step = float(int(self.step) + command["steps"])
        self.elapsed += 0.001
        return [*self.reply(command), self.frame()]

    def do_reset(self, command: dict[str, Any]) -> list[bytes]:
        self.step, self.elapsed, self.playing, self.looking, self.marks = 0.0, 0.0, False, None, []
        self.version += 1
        return [*self.reply(command), self.scene(), self.frame()]

    def do_set(self, command: dict[str, Any]) -> list[bytes]:
        changes = command["changes"]
        if changes.get("learning_rate", 1) > 10:
            text = "PlaygroundSpec.learning_rate must be in [1e-05, 10]. Got 99. Try 10."
            return [self.note("error", text, command.get("token"))]
        self.spec.update(changes)
        self.version += 1
        if set(changes) - {"learning_rate"}:
            self.step, self.elapsed, self.marks = 0.0, 0.0, []
        else:
            self.marks.append({"step": int(self.step), "text": f"learning rate {changes['learning_rate']:g}"})
        return [*self.reply(command), self.scene(), self.frame()]

    def do_edit(self, command: dict[str, Any]) -> list[bytes]:
        self.edited.append(command)
        return [*self.reply(command), self.frame()]

    def do_speed(self, command: dict[str, Any]) -> list[bytes]:
        self.speed = command["steps_per_second"]
        return [*self.reply(command), self.frame()]

    def do_seek(self, command: dict[str, Any]) -> list[bytes]:
        self.playing = False
        step = command["step"]
        self.looking = None if step is None else min(int(self.step), round(step / 50) * 50)
        return [*self.reply(command), self.frame()]

    def do_branch(self, command: dict[str, Any]) -> list[bytes]:
        name = f"branch-{uuid.uuid4().hex[:8]}"
        self.family[name] = FakeRun(name, self.family, command["step"])
        self.family[name].elapsed = 0.5
        return self.reply(command, run=name)

    def do_keep(self, command: dict[str, Any]) -> list[bytes]:
        return self.reply(command)

    def do_code(self, command: dict[str, Any]) -> list[bytes]:
        return self.reply(command, text=CODE)

    def do_claim(self, command: dict[str, Any]) -> list[bytes]:
        rows = [
            {"model": "linear", "seed": seed, "test_accuracy": 0.51 + seed / 100, "separates": False} for seed in (1, 2)
        ] + [{"model": "one hidden layer of 4", "seed": 1, "test_accuracy": 0.98, "separates": True}]
        verdict = {"holds": "yes", "sentence": "A line stays at chance, four hidden units separate xor.", "rows": rows}
        progress = {"done": 1, "total": 3, "text": "training the linear model"}
        return [*self.reply(command, progress=progress), *self.reply(command, verdict=verdict)]


CODE = '''"""A small network."""
import torch
from torch import nn

LEARNING_RATE = 0.03  # per step


def build(inputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, 4), nn.Tanh(), nn.Linear(4, 2))
'''
