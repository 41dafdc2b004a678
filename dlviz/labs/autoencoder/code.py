"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

The functions that read, split and draw pictures are copied as they stand, so that they cannot differ; the network, the
objective and the training are written out for the one spec at hand, without what that spec does not use.
"""

from __future__ import annotations

import re

from dlviz.data.sources import NEEDS, pictures_of, source
from dlviz.labs.autoencoder import data, measuring, objective
from dlviz.labs.autoencoder.plan import KERNEL, PADDING, STRIDE, Row
from dlviz.labs.autoencoder.run import STEPS_BETWEEN
from dlviz.labs.autoencoder.spec import KINDS, AutoencoderSpec
from dlviz.training.parameters import MOMENTUM

OPTIMIZERS = {"adam": ("Adam", ""), "sgd": ("SGD", ""), "momentum": ("SGD", f", momentum={MOMENTUM}")}
ACTIVATIONS = {"relu": "nn.ReLU()", "tanh": "nn.Tanh()"}


def script(spec: AutoencoderSpec, steps: int = 2000) -> str:
    """A script without dlviz that trains this spec from step 0 for `steps` steps.

    It prints step, training loss and validation loss at step 0 and at every epoch's end that `AutoencoderRun` measures,
    as it measures them. Settings that were changed under way count as if they had held from the start.
    """
    body = "\n\n\n".join(part.strip("\n") for part in (_data(spec), _network(spec), _objective(spec), _training(spec)))
    return f"{_head(spec, steps, body)}\n\n{body}\n"


IMPORTS = (
    ("import colorsys", "import math", "from dataclasses import dataclass", "from functools import cache",
     "from importlib.util import find_spec", "from pathlib import Path"),
    ("import numpy as np", "import torch", "from torch import Generator, Tensor, nn"),
)  # fmt: skip


def _imports(body: str) -> str:
    """Those that the body needs, the standard library's first."""
    groups = [[line for line in group if re.search(rf"\b{line.split()[-1]}\b", body)] for group in IMPORTS]
    return "\n\n".join("\n".join(group) for group in groups)


def _head(spec: AutoencoderSpec, steps: int, body: str) -> str:
    own = {
        "variational": "BETA, WARMUP",
        "conditional": "BETA, WARMUP",
        "denoising": "NOISE",
        "sparse": "SPARSITY, TARGET_ACTIVITY",
    }
    values = {"BETA, WARMUP": f"{spec.beta!r}, {spec.warmup}", "NOISE": repr(spec.noise),
              "SPARSITY, TARGET_ACTIVITY": f"{spec.sparsity!r}, {spec.target_activity!r}"}  # fmt: skip
    extra = f"{own[spec.kind]} = {values[own[spec.kind]]}\n" if spec.kind in own else ""
    return f'''"""{KINDS[spec.kind]}, {spec.latent} numbers to a picture.

Needs {NEEDS[spec.dataset]}. Prints step, training loss, validation loss (nats a picture).
"""

from __future__ import annotations

{_imports(body)}

STEPS = {steps}
EXAMPLES, BATCH_SIZE, LATENT, SEED = {spec.examples}, {spec.batch_size}, {spec.latent}, {spec.seed}
{extra}torch.set_num_threads(1)  # sums in another order would print other last digits
'''


# --- the pictures --------------------------------------------------------------------------------

READ = """found = {name}()
train_x, train_y, held_x, held_y = found.train_x, found.train_y, found.validation_x, found.validation_y"""
DRAWN = """
drawn = draw(TEST + VALIDATION + MOST_TRAINING, 0)
x, y = torch.from_numpy(drawn.pictures), torch.from_numpy(drawn.labels)
train_x, train_y = x[TEST + VALIDATION :], y[TEST + VALIDATION :]
held_x, held_y = x[TEST : TEST + VALIDATION], y[TEST : TEST + VALIDATION]
"""
FACES = f"""
known = torch.from_numpy(faces()[0].copy())[:, None]
train_x, held_x = known[{sum(data.FACES_HELD_BACK)}:], known[{data.FACES_HELD_BACK[1]}:{sum(data.FACES_HELD_BACK)}]
train_x = torch.cat([train_x, train_x.flip(3)])  # each face and its mirror image
train_y, held_y = (torch.zeros(len(x), dtype=torch.long) for x in (train_x, held_x))
"""


def _data(spec: AutoencoderSpec) -> str:
    match spec.dataset:
        case "mnist":
            made = READ.format(name="mnist")
        case "digits":
            made = READ.format(name="small_digits")
        case "sprites":
            made = DRAWN
        case _:
            made = FACES
    if spec.leave_out != "none":
        out = spec.leave_out
        made += f"\nkeep, held = train_y != {out}, held_y != {out}  # a class that is never seen"
        made += "\ntrain_x, train_y, held_x, held_y = train_x[keep], train_y[keep], held_x[held], held_y[held]"
    made += "\nsome = balanced(train_y, min(EXAMPLES, len(train_y)))\ntrain_x, train_y = train_x[some], train_y[some]"
    head, *parts = pictures_of(spec.dataset)
    return "\n\n\n".join([f"# --- the pictures ---\n\n{head}", *parts, made.strip("\n")])


# --- the network ---------------------------------------------------------------------------------


def _module(row: Row, spec: AutoencoderSpec) -> str:
    given, after = row.input_shape[0], row.output_shape[0]
    match row.kind:
        case "flatten":
            return "nn.Flatten()"
        case "linear":
            return f"nn.Linear({given}, {after})"
        case "activation":
            return ACTIVATIONS[spec.activation]
        case "conv":
            return f"nn.Conv2d({given}, {after}, {KERNEL}, {STRIDE}, {PADDING})"
        case "unflatten":
            return f"nn.Unflatten(1, {row.output_shape})"
        case _:
            return f"nn.ConvTranspose2d({given}, {after}, {KERNEL}, {STRIDE}, {PADDING}, {row.extra})"


TOLD = """

    def told(self, values: Tensor, labels: Tensor) -> Tensor:
        return torch.cat([values, nn.functional.one_hot(labels, {told}).float()], 1)"""


def _network(spec: AutoencoderSpec) -> str:
    def sequence(part: str) -> str:
        lines = "".join(f"            {_module(row, spec)},\n" for row in spec.rows if row.part == part)
        return f"        self.{part} = nn.Sequential(\n{lines}        )"

    heads = "\n".join(f"        self.{row.name} = {_module(row, spec)}" for row in spec.rows if row.part == "code")
    name, extra = OPTIMIZERS[spec.optimizer]
    told = TOLD.format(told=spec.told) if spec.told else ""
    given = "self.told({}, labels)" if spec.told else "{}"
    mean = "self.mean(features).sigmoid()" if spec.kind == "sparse" else "self.mean(features)"
    code = f"{mean}, self.log_variance(features)" if spec.is_variational else mean
    shape = "tuple[Tensor, Tensor]" if spec.is_variational else "Tensor"
    return f"""
# --- the network ---


class Autoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
{sequence("encoder")}
{heads}
{sequence("decoder")}{told}

    def encode(self, x: Tensor, labels: Tensor) -> {shape}:
        features = {given.format("self.encoder(x)")}
        return {code}

    def decode(self, z: Tensor, labels: Tensor) -> Tensor:
        return self.decoder({given.format("z")})


torch.manual_seed(SEED)  # fixes the first weights
network = Autoencoder()
optimizer = torch.optim.{name}(network.parameters(), lr={spec.learning_rate!r}{extra})
"""


# --- the objective -------------------------------------------------------------------------------

ERRORS = {
    "bernoulli": 'each = nn.functional.binary_cross_entropy_with_logits(decoded, x, reduction="none")',
    "gaussian": "each = (decoded - x) ** 2 / 2",
}


def _objective(spec: AutoencoderSpec) -> str:
    parts = [f"""
# --- the objective ---


def reconstruction(decoded: Tensor, x: Tensor) -> Tensor:
    \"\"\"Of each picture, in nats.\"\"\"
    {ERRORS[spec.likelihood]}
    return each.flatten(1).sum(1)
"""]  # fmt: skip
    if spec.is_variational:
        parts.append(source(objective.divergence))
        rising = "BETA * min(1.0, step / WARMUP)" if spec.warmup else "BETA"
        parts.append(f"def beta_at(step: int) -> float:\n    return {rising}")
    if spec.kind == "sparse":
        parts.append(source(objective.inactivity))
    if spec.kind == "denoising":
        parts.append(source(objective.damaged))
    return "\n\n\n".join(part.strip("\n") for part in parts)


# --- training ------------------------------------------------------------------------------------

LOOP = """
# --- training ---

order_generator = Generator().manual_seed(SEED + 1)
{generators}steps_per_epoch = math.ceil(len(train_x) / BATCH_SIZE)


def loss_of(x: Tensor, labels: Tensor, step: int) -> Tensor:
{loss}


@torch.no_grad()
def measured(x: Tensor, labels: Tensor, step: int) -> float:
{measured}


def report(step: int) -> None:
    network.eval()
    parts = (train_x[:{sample}], train_y[:{sample}]), (held_x[:{sample}], held_y[:{sample}])
    print(step, *(measured(x, labels, step) for x, labels in parts), flush=True)
    network.train()


def train() -> None:
    step = epochs = 0
    report(step)
    while True:
        order = torch.randperm(len(train_x), generator=order_generator)
        for batch in order.split(BATCH_SIZE):
            if step == STEPS:
                return
            optimizer.zero_grad()
            loss_of(train_x[batch], train_y[batch], step).backward()
            optimizer.step()
            step += 1
        epochs += 1
        if epochs % math.ceil({between} / steps_per_epoch) == 0:
            report(step)


train()
"""


def _training(spec: AutoencoderSpec) -> str:
    generators = ""
    if spec.is_variational:
        generators += "epsilon_generator = Generator().manual_seed(SEED + 2)\n"
    if spec.kind == "denoising":
        generators += "noise_generator = Generator().manual_seed(SEED + 3)\n"
    return LOOP.format(generators=generators, loss=_loss(spec), measured=_measured(spec), sample=measuring.SAMPLE,
                       between=STEPS_BETWEEN)  # fmt: skip


def _loss(spec: AutoencoderSpec) -> str:
    if spec.is_variational:
        lines = ["mean, log_variance = network.encode(x, labels)",
                 "z = mean + (log_variance / 2).exp() * torch.randn(mean.shape, generator=epsilon_generator)",
                 "loss = reconstruction(network.decode(z, labels), x).mean()",
                 "return loss + beta_at(step) * divergence(mean, log_variance).sum(1).mean()"]  # fmt: skip
    else:
        given = "x"
        lines = []
        if spec.kind == "denoising":
            lines.append(f'given = damaged(x, "{spec.noise_kind}", NOISE, noise_generator)')
            given = "given"
        lines += [
            f"code = network.encode({given}, labels)",
            "loss = reconstruction(network.decode(code, labels), x).mean()",
        ]
        if spec.kind == "sparse":
            lines.append("return loss + SPARSITY * inactivity(code, TARGET_ACTIVITY)")
        else:
            lines.append("return loss")
    return "\n".join(f"    {line}" for line in lines)


def _measured(spec: AutoencoderSpec) -> str:
    """As `measuring` does it: in pieces, and of a VAE with the same ε every time."""
    size = measuring.BATCH
    if spec.is_variational:
        lines = [
            "epsilon = torch.randn(len(x), LATENT, generator=Generator().manual_seed(0))",
            "losses, codes = [], []",
            f"for part, label, some in zip(x.split({size}), labels.split({size}), epsilon.split({size}), strict=True):",
            "    mean, log_variance = network.encode(part, label)",
            "    losses.append(reconstruction(network.decode(mean + (log_variance / 2).exp() * some, label), part))",
            "    codes.append((mean, log_variance))",
            "mean, log_variance = (torch.cat(parts) for parts in zip(*codes, strict=True))",
            "kl = divergence(mean, log_variance).sum(1).mean().item()",
            "return torch.cat(losses).mean().item() + beta_at(step) * kl",
        ]
    else:
        added = " + SPARSITY * inactivity(torch.cat(codes), TARGET_ACTIVITY).item()" if spec.kind == "sparse" else ""
        lines = [
            "losses, codes = [], []",
            f"for part, label in zip(x.split({size}), labels.split({size}), strict=True):",
            "    codes.append(network.encode(part, label))",
            "    losses.append(reconstruction(network.decode(codes[-1], label), part))",
            f"return torch.cat(losses).mean().item(){added}",
        ]
    return "\n".join(f"    {line}" for line in lines)
