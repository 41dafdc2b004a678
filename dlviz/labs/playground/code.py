"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

The functions that make the points are copied from `data.py` as they stand, so that they cannot differ;
the rest is written out for the one spec at hand, without what that spec does not use.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from dlviz.labs.playground import data
from dlviz.labs.playground.data import HALF_WIDTH, SETS, SURFACES
from dlviz.labs.playground.model import LEAKY_SLOPE
from dlviz.labs.playground.run import MOMENTUM
from dlviz.labs.playground.spec import OWN_POINTS_LENGTH, PlaygroundSpec

MODULES = {
    "relu": "nn.ReLU()",
    "leaky_relu": f"nn.LeakyReLU({LEAKY_SLOPE})",
    "gelu": "nn.GELU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "sine": "Sine()",
    "linear": "nn.Identity()",
}
EXPRESSIONS = {
    "x1": "x1", "x2": "x2", "x1_squared": "x1 * x1", "x2_squared": "x2 * x2", "x1x2": "x1 * x2",
    "sin_x1": "torch.sin(x1)", "sin_x2": "torch.sin(x2)",
}  # fmt: skip


def script(spec: PlaygroundSpec, steps: int = 2000) -> str:
    """A script that needs torch alone and trains this spec from step 0 for `steps` steps.

    It prints step, training loss and test loss at step 0 and after every epoch, as `PlaygroundRun`
    measures them. Settings that were changed under way count as if they had held from the start.
    """
    parts = [_head(spec, steps), _points(spec), _network(spec), _training(spec)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(spec: PlaygroundSpec, steps: int) -> str:
    shape = " → ".join(str(n) for n in (len(spec.features), *spec.hidden_layers, spec.outputs))
    what = spec.dataset if spec.problem == "classification" else spec.surface
    needs_math = "math." in _sources(spec)
    return f'''
"""A network {shape} learns {what}. Needs torch only; prints step, training loss, test loss."""

{"import math" + chr(10) * 2 if needs_math else ""}import torch
from torch import Generator, Tensor, nn

STEPS = {steps}
SEED = {spec.seed}
BATCH_SIZE = {spec.batch_size}
LEARNING_RATE = {spec.learning_rate!r}

torch.set_num_threads(1)  # so small a network is faster on one
'''


# --- points --------------------------------------------------------------------------------------


def _maker(spec: PlaygroundSpec) -> Callable[..., Any] | None:
    """The function of data.py that makes the points, or None for a person's own."""
    if spec.problem == "regression":
        return SURFACES[spec.surface]
    return SETS.get(spec.dataset)


def _sources(spec: PlaygroundSpec) -> str:
    """The source of that function and of those it calls, in the order of data.py."""
    maker = _maker(spec)
    if maker is None:
        return ""
    needed = {maker.__name__} | ({"_uniform"} if spec.problem == "regression" else set())
    own = [found for _, found in inspect.getmembers(data, inspect.isfunction) if found.__module__ == data.__name__]
    named = [found for found in own if found.__name__ != "<lambda>"]
    names = [found.__name__ for found in sorted(named, key=lambda found: found.__code__.co_firstlineno)]
    while True:
        called = {name for name in names for one in needed if f"{name}(" in _body(one)}
        if called <= needed:
            break
        needed |= called
    text = "\n\n".join(inspect.getsource(getattr(data, name)) for name in names if name in needed)
    return f"HALF_WIDTH = {HALF_WIDTH}\n\n\n{text}" if "HALF_WIDTH" in text else text


def _body(name: str) -> str:
    return inspect.getsource(getattr(data, name)).partition("\n")[2]


def _points(spec: PlaygroundSpec) -> str:
    lines = ["generator = Generator().manual_seed(SEED)"]
    if spec.problem == "regression":
        lines += [f"x = _uniform({spec.samples}, generator)", f"y = {spec.surface}(x)"]
        lines += [f"x = x + _uniform({spec.samples}, generator) * {spec.noise!r} / 100  # the noise moves the points"]
    elif spec.dataset == "own":
        lines += _embedded(spec)
    else:
        maker = f"{spec.dataset}({spec.samples}, {spec.classes}, {spec.noise!r} / 100, generator)"
        lines += [f"x, y = {maker}  # points, classes, noise"]
    share = f"{spec.train_share} / 100"
    if spec.problem == "classification" and spec.dataset == "own":
        lines += [f"in_training = torch.rand({OWN_POINTS_LENGTH // 5}, generator=generator)[: len(x)] < {share}",
                  "train, test = in_training.nonzero()[:, 0], (~in_training).nonzero()[:, 0]"]  # fmt: skip
    else:
        lines += ["order = torch.randperm(len(x), generator=generator)",
                  f"train, test = order.tensor_split([round(len(x) * {share})])"]  # fmt: skip
    expressions = ", ".join(EXPRESSIONS[name] for name in spec.features)
    sources = _sources(spec)
    return f'''
# --- the points ---

{sources or chr(10)}

def features(x: Tensor) -> Tensor:
    """What the network is given of each point."""
    x1, x2 = x[:, 0], x[:, 1]
    return torch.stack([{expressions}], dim=1)


{chr(10).join(lines)}
train_inputs, train_targets = features(x[train]), y[train]
test_inputs, test_targets = features(x[test]), y[test]
'''


def _embedded(spec: PlaygroundSpec) -> list[str]:
    """A person's own points, written into the script; numpy's shortest digits that give the same float32."""
    x, y = data.decode_points(spec.own_points, spec.classes)
    rows = [f"[{a!s}, {b!s}, {c}]" for (a, b), c in zip(x.numpy(), y.tolist(), strict=True)]
    table = [f"    {', '.join(rows[start : start + 4])}," for start in range(0, len(rows), 4)]
    split = "x, y = table[:, :2], table[:, 2].long()"
    return ["table = torch.tensor([  # x1, x2, class", *table, "]).reshape(-1, 3)", split]


# --- network -------------------------------------------------------------------------------------

SINE = """
class Sine(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sin(x)
"""

DROPOUT = '''
class Dropout(nn.Module):
    """nn.Dropout with a generator of its own, so that the same seed drops the same units."""

    generator = Generator().manual_seed(SEED + 2)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.rand(x.shape, generator=self.generator) >= {rate!r}
        return x * keep / (1 - {rate!r})
'''

SQUARED_ERROR = """

def criterion(output: Tensor, target: Tensor) -> Tensor:
    return nn.functional.mse_loss(output[:, 0], target)

"""


def _network(spec: PlaygroundSpec) -> str:
    widths = (len(spec.features), *spec.hidden_layers, spec.outputs)
    rows = []
    for i, (n_in, n_out) in enumerate(pairwise(widths)):
        row = [f"nn.Linear({n_in}, {n_out})"]
        if i < len(spec.hidden_layers):
            row += [f"nn.BatchNorm1d({n_out})"] if spec.batch_norm else []
            row += [MODULES[spec.layer_activations[i]]]
            row += ["Dropout()"] if spec.dropout > 0 else []
        rows.append("    " + ", ".join(row) + ",")
    classes = [SINE] if "sine" in spec.layer_activations else []
    classes += [DROPOUT.format(rate=spec.dropout)] if spec.dropout > 0 and spec.hidden_layers else []
    newline = "\n"
    return f"""
# --- the network ---

{"".join(text + newline + newline for text in classes).lstrip()}torch.manual_seed(SEED)  # fixes the first weights
network = nn.Sequential(
{newline.join(rows)}
)
{_criterion(spec)}
optimizer = {_optimizer(spec)}
"""


def _criterion(spec: PlaygroundSpec) -> str:
    if spec.problem == "classification":
        return "criterion = nn.CrossEntropyLoss()"
    return SQUARED_ERROR


def _optimizer(spec: PlaygroundSpec) -> str:
    name, extra = {
        "sgd": ("SGD", ""),
        "momentum": ("SGD", f", momentum={MOMENTUM}"),
        "rmsprop": ("RMSprop", ""),
        "adam": ("Adam", ""),
        "adamw": ("AdamW", ", weight_decay=0.0"),
    }[spec.optimizer]
    return f"torch.optim.{name}(network.parameters(), lr=LEARNING_RATE{extra})"


# --- training ------------------------------------------------------------------------------------


def _training(spec: PlaygroundSpec) -> str:
    before, after = _penalty(spec)
    weights = "weights = [p for p in network.parameters() if p.ndim == 2]  # the penalty leaves biases alone\n"
    uses_weights = bool(before or after)
    lone = "        if len(inputs) == 1:\n            continue  # one point has no variance to normalise by\n"
    penalty = f"PENALTY_RATE = {spec.regularization_rate!r}\n{weights}" if uses_weights else ""
    return f"""
# --- training ---

{penalty}order_generator = Generator().manual_seed(SEED + 1)


def mean_loss(inputs: Tensor, targets: Tensor) -> float:
    network.eval()
    with torch.no_grad():
        loss = criterion(network(inputs), targets).item() if len(inputs) else float("nan")
    network.train()
    return loss


def report(step: int) -> None:
    print(step, mean_loss(train_inputs, train_targets), mean_loss(test_inputs, test_targets), flush=True)


step = 0
report(step)
while step < STEPS:
    order = torch.randperm(len(train_inputs), generator=order_generator)  # one epoch
    batches = zip(train_inputs[order].split(BATCH_SIZE), train_targets[order].split(BATCH_SIZE), strict=True)
    for inputs, targets in batches:
{lone if spec.batch_norm else ""}        if step == STEPS:
            break
        optimizer.zero_grad()
        criterion(network(inputs), targets).backward()
{before}        optimizer.step()
{after}        step += 1
    else:
        report(step)
"""


def _penalty(spec: PlaygroundSpec) -> tuple[str, str]:
    """What regularization does before the optimizer's step, and after it."""
    match spec.regularization, spec.optimizer, spec.l1_method:
        case "l2", "adamw", _:
            inner, after = "weight.mul_(1 - LEARNING_RATE * PENALTY_RATE)  # decay apart from the gradient", False
        case "l2", _, _:
            inner, after = "weight.grad.add_(weight, alpha=PENALTY_RATE)", False
        case "l1", _, "subgradient":
            inner, after = "weight.grad.add_(weight.sign(), alpha=PENALTY_RATE)", False
        case "l1", _, _:
            inner = "weight.copy_(nn.functional.softshrink(weight, LEARNING_RATE * PENALTY_RATE))  # stops at zero"
            after = True
        case _:
            return "", ""
    text = f"        with torch.no_grad():\n            for weight in weights:\n                {inner}\n"
    return ("", text) if after else (text, "")
