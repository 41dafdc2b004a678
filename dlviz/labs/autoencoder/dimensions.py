"""Each number of the code: what moving it does, how much it is used, what it follows; and its principal directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.disentangling import scores
from dlviz.labs.autoencoder.measuring import LEAST_SPREAD, SAMPLE
from dlviz.labs.autoencoder.probe import PICTURE, state_of, trace
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

MOST_ROWS = 32  # numbers that are traversed
FEWEST_COLUMNS, MOST_COLUMNS = 2, 31
REACH = 3.0  # standard deviations of the prior to either side


def dimensions(
    run: AutoencoderRun, columns: Any = 11, label: Any = None, traversal: bool = True, parameters: bool = True
) -> Trace:
    """The numbers of the code, of which test pictures' codes as last measured are the sample.

    `order` (unit,): from the most used to the least, by mean KL where there is one, else by spread; `kl`, `spread`
    (unit,) as in `measuring`, `collapsed` (unit,): 1 where the spread is below 0.01. `codes` (point, unit), `truth`
    (point,): the sample. `center` (unit,), `directions` (direction, unit): its mean and principal directions, of the
    two signs that with a positive peak; `singular` (direction,): singular values of the centred codes; `share`
    (direction,): of their variance, s² / Σ s².

    `values` (unit, step): where each of the first 32 of `order` is put, evenly from −3 to 3 standard deviations of the
    prior for a VAE, else over the range of the sample; `traversal` (unit, step, channel, height, width): the decoded
    pictures with it there and the other numbers as in the picture on screen. A conditional network is told `label`, or
    the class of that picture. Left out without `traversal`.

    Of sprites, whose factors are known, `correlation` and `information` (unit, feature), `entropy`, `gap` (feature,),
    `mig` () and `follows` (unit,), see `disentangling`. Raises `InvalidInput`.
    """
    spec, network = run.spec, run.network
    columns = whole("dimensions.columns", columns, FEWEST_COLUMNS, MOST_COLUMNS)
    measured = run.measured()
    codes = measured.mean
    used = measured.dimension_kl if spec.is_variational else measured.dimension_spread
    order = used.argsort(descending=True, stable=True)
    singular, directions = principal(codes)
    total = singular.square().sum()
    found = {"order": order, "kl": measured.dimension_kl, "spread": measured.dimension_spread,
             "collapsed": (measured.dimension_spread < LEAST_SPREAD).to(torch.uint8), "codes": codes,
             "truth": run.data.pictures.test_y[: len(codes)], "center": measured.center, "directions": directions,
             "singular": singular, "share": singular.square() / total.clamp_min(1e-30)}  # fmt: skip
    if traversal:
        pixels, own = run.picture.batch
        told = own if label is None else torch.tensor([whole("dimensions.label", label, 0, len(spec.classes) - 1)])
        rows = order[:MOST_ROWS]
        with evaluating(network):
            code = network.encode(pixels, own).mean[0]
            values = torch.stack([places(codes[:, at], columns, spec.is_variational) for at in rows])
            z = moved(code, rows, values)
            decoded = network.pictures(network.decode(z, told.expand(len(z))))
        found |= {"values": values, "traversal": decoded.unflatten(0, values.shape)}
    if run.data.factors is not None:
        told_of = scores(codes.numpy(), run.data.factors[:SAMPLE].numpy())
        found |= {name: torch.as_tensor(getattr(told_of, name))
                  for name in ("correlation", "information", "entropy", "gap", "follows", "mig")}  # fmt: skip
    return trace(found, DIMS, state_of(network) if parameters else {})


DIMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("order", "kl", "spread", "collapsed", "center", "follows"), ("unit",)),
    **dict.fromkeys(("singular", "share"), ("direction",)),
    **dict.fromkeys(("correlation", "information"), ("unit", "feature")),
    **dict.fromkeys(("entropy", "gap"), ("feature",)),
    "codes": ("point", "unit"), "truth": ("point",), "directions": ("direction", "unit"), "values": ("unit", "step"),
    "traversal": ("unit", "step", *PICTURE[1:]), "mig": (),
}  # fmt: skip


def principal(codes: Tensor) -> tuple[Tensor, Tensor]:
    """Singular values of centred codes (n, latent), largest first, and their directions (min(n, latent), latent)."""
    centred = codes.double() - codes.double().mean(0)
    _, singular, directions = torch.linalg.svd(centred, full_matrices=False)
    peak = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    return singular.float(), (directions * peak.sign()).float()


def places(codes: Tensor, columns: int, is_variational: bool) -> Tensor:
    """Where one number of the code, whose values are (n,), is put in turn, (columns,)."""
    low, high = (-REACH, REACH) if is_variational else (float(codes.min()), float(codes.max()))
    return torch.linspace(low, high, columns)


def moved(code: Tensor, rows: Tensor, values: Tensor) -> Tensor:
    """Codes (rows · columns, latent): `code` (latent,) with one number after the other put to its `values`."""
    z = code.repeat(*values.shape, 1)
    z[torch.arange(len(rows))[:, None], torch.arange(values.shape[1])[None], rows[:, None]] = values
    return z.flatten(0, 1)
