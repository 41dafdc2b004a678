"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

What makes points and reads pictures is copied as it stands; the networks, the losses and the game are written out for
the one spec at hand, without what that spec does not use.
"""

from __future__ import annotations

import re

from dlviz.data import placing
from dlviz.data.sources import NEEDS, pictures_of, source
from dlviz.labs.gan import data, model
from dlviz.labs.gan.code_of_game import game, losses
from dlviz.labs.gan.plan import HALF_WIDTH, SLOPE, Row
from dlviz.labs.gan.spec import LOSSES, GanSpec

IMPORTS = (
    ("import colorsys", "import math", "from dataclasses import dataclass", "from functools import cache",
     "from importlib.util import find_spec", "from pathlib import Path"),
    ("import numpy as np", "import torch", "from torch import Generator, Tensor, nn",
     "from torch.nn.functional import logsigmoid", "from torch.nn.functional import softplus",
     "from torch.nn.utils import parametrizations"),
)  # fmt: skip


def script(spec: GanSpec, steps: int = 2000) -> str:
    """A script without dlviz that trains this spec from step 0 for `steps` steps.

    It prints step and both losses at step 0 and at every epoch's end that `GanRun` measures, as it measures them.
    Settings that were changed under way count as if they had held from the start.
    """
    body = "\n\n\n".join(part.strip("\n") for part in (_data(spec), _networks(spec), losses(spec), game(spec)))
    return f"{_head(spec, steps, body)}\n\n{body}\n"


def _imports(body: str) -> str:
    """Those that the body needs, the standard library's first."""
    groups = [[line for line in group if re.search(rf"\b{line.split()[-1]}\b", body)] for group in IMPORTS]
    return "\n\n".join("\n".join(group) for group in groups if group)


def _head(spec: GanSpec, steps: int, body: str) -> str:
    kind = "DCGAN" if spec.network == "dcgan" else "GAN"
    needs = "torch" if spec.is_planar else NEEDS[spec.dataset]
    return f'''"""{kind}, loss: {LOSSES[spec.loss]}.

Needs {needs}. Prints step, the discriminator's loss, the generator's loss on held-back examples.
"""

from __future__ import annotations

{_imports(body)}

STEPS = {steps}
EXAMPLES, BATCH_SIZE, NOISE, SEED = {spec.examples}, {spec.batch_size}, {spec.noise_dimensions}, {spec.seed}
torch.set_num_threads(1)  # sums in another order would print other last digits
'''


# --- what is real --------------------------------------------------------------------------------

MIXED = """
CENTERS = torch.tensor({centers})
SPREAD = {spread!r}


def draw(count: int) -> tuple[Tensor, Tensor]:
    labels = torch.arange(count) % len(CENTERS)  # every mode its share
    return CENTERS[labels] + SPREAD * torch.randn(count, 2, generator=chance), labels
"""
OWN = """
DRAWN = torch.tensor({points})


def draw(count: int) -> tuple[Tensor, Tensor]:
    points = DRAWN[torch.arange(count) % len(DRAWN)] + {spread!r} * torch.randn(count, 2, generator=chance)
    return points, torch.zeros(count, dtype=torch.long)
"""
CURVED = """
{source}


def draw(count: int) -> tuple[Tensor, Tensor]:
    return {name}(count, chance), torch.zeros(count, dtype=torch.long)
"""
READ = """
found = {name}()
some = balanced(found.train_y, min(EXAMPLES, len(found.train_y)))
x, y = 2 * found.train_x[some] - 1, found.train_y[some]
held_x, held_y = 2 * found.test_x[:{held}] - 1, found.test_y[:{held}]
"""
DRAWN = """
drawn = draw({held} + MOST_TRAINING, 0)
pictures, labels = torch.from_numpy(drawn.pictures), torch.from_numpy(drawn.labels)
some = {held} + balanced(labels[{held}:], min(EXAMPLES, len(labels) - {held}))
x, y = 2 * pictures[some] - 1, labels[some]
held_x, held_y = 2 * pictures[:{held}] - 1, labels[:{held}]
"""


def _data(spec: GanSpec) -> str:
    if spec.is_planar:
        if spec.dataset in data.MIXTURES:
            centers, spread = data.MIXTURES[spec.dataset]
            drawing = MIXED.format(centers=centers.tolist(), spread=spread)
        elif spec.dataset == "own":
            points = placing.decode(spec.own_points, HALF_WIDTH, "GanSpec.own_points")
            drawing = OWN.format(points=points, spread=data.DRAWN_SPREAD)
        else:
            curve = data.CURVES[spec.dataset]
            drawing = CURVED.format(source=source(curve), name=curve.__name__)
        held = f"x, y = draw(EXAMPLES)\nheld_x, held_y = draw({data.HELD_BACK})"
        parts = ["chance = Generator().manual_seed(SEED)", drawing, held]
    else:
        made = DRAWN if spec.dataset == "sprites" else READ
        name = {"mnist": "mnist", "digits": "small_digits"}.get(spec.dataset, "")
        parts = [*pictures_of(spec.dataset), made.format(name=name, held=data.HELD_BACK)]
    head, *rest = (part.strip("\n") for part in parts)
    return "\n\n\n".join([f"# --- what is real ---\n\n{head}", *rest])


# --- the networks --------------------------------------------------------------------------------


def _module(row: Row) -> str:
    channels = f"{row.input_shape[0]}, {row.output_shape[0]}"
    bias = "" if row.bias else ", bias=False"
    match row.kind:
        case "linear":
            return f"nn.Linear({channels}{bias})"
        case "conv":
            return f"nn.Conv2d({channels}, {row.kernel}, {row.stride}, {row.padding}{bias})"
        case "transposed":
            return f"nn.ConvTranspose2d({channels}, {row.kernel}, {row.stride}, {row.padding}{bias})"
        case "norm":
            return f"nn.BatchNorm{1 if len(row.input_shape) == 1 else 2}d({row.input_shape[0]})"
        case "flatten":
            return "nn.Flatten()"
        case "unflatten":
            return f"nn.Unflatten(1, {row.output_shape})"
        case "relu":
            return "nn.ReLU()"
        case "leaky":
            return f"nn.LeakyReLU({SLOPE})"
        case _:
            return "nn.Tanh()"


PLAYER = """
class {name}(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
{layers}        )

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return {answer}
"""
TOLD = """
def told(x: Tensor, labels: Tensor) -> Tensor:
    classes = nn.functional.one_hot(labels, {told}).float()
    {spread}return torch.cat([x, classes], 1)
"""
SPREAD = "if x.ndim == 4:\n        classes = classes[:, :, None, None].expand(-1, -1, *x.shape[2:])\n    "
NORMALIZED = """
for module in discriminator.layers:
    if isinstance(module, nn.Linear | nn.Conv2d):
        parametrizations.spectral_norm(module)
"""
BUILT = """
torch.manual_seed(SEED)  # fixes the first weights
generator = {generator}()
discriminator = Discriminator()
"""


def _networks(spec: GanSpec) -> str:
    is_convolutional = spec.network == "dcgan"
    parts = ["# --- the networks ---"]
    if spec.told:
        parts.append(TOLD.format(told=spec.told, spread=SPREAD if is_convolutional else ""))
    for name in ("generator", "discriminator"):
        rows = [row for row in spec.rows if row.part == name]
        given = "x"
        if spec.told and not is_convolutional and rows[0].kind == "flatten":
            rows, given = rows[1:], "x.flatten(1)"
        given = f"told({given}, labels)" if spec.told else given
        answer = f"self.layers({given})" + ("[:, 0]" if name == "discriminator" else "")
        layers = "".join(f"            {_module(row)},\n" for row in rows)
        title = "Maker" if name == "generator" else "Discriminator"  # torch has a Generator, of chance
        parts.append(PLAYER.format(name=title, layers=layers, answer=answer))
    built = BUILT.format(generator="Maker").strip("\n")
    if is_convolutional:
        begin = source(model._begin_small).replace("_begin_small", "begin_small")
        parts.append(begin.replace("FIRST_SPREAD", repr(model.FIRST_SPREAD)))
        built += "\nnn.ModuleList([generator, discriminator]).apply(begin_small)"
    if spec.spectral_norm:
        built += "\n" + NORMALIZED.strip("\n")
    return "\n\n\n".join(part.strip("\n") for part in [*parts, f"{built}\n{_optimizers(spec)}"])


def _optimizers(spec: GanSpec) -> str:
    rates = f"{spec.learning_rate!r}", f"{spec.learning_rate!r} * {spec.rate_ratio!r}"
    name, extra = {
        "adam": ("Adam", f", betas=({spec.beta1!r}, 0.999)"),
        "momentum": ("SGD", f", momentum={spec.beta1!r}"),
        "sgd": ("SGD", ""),
    }[spec.optimizer]
    return "\n".join(
        f"{player}_optimizer = torch.optim.{name}({player}.parameters(), lr={rate}{extra})"
        for player, rate in zip(("generator", "discriminator"), rates, strict=True)
    )
