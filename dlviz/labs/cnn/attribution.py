"""Which cells of the picture speak for a class: one method a call, on a copy of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn.baselines import baseline_of
from dlviz.labs.cnn.explaining import COMPLETE, METHODS, Score, explain, note, own_copy, particulars
from dlviz.labs.cnn.measuring import logits
from dlviz.labs.cnn.picture import mask_of
from dlviz.labs.cnn.sanity import (
    inside_share,
    layers_from_the_top,
    make_random,
    points_inside,
    rank_correlation,
    sizes,
)

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun
    from dlviz.labs.cnn.spec import CnnSpec

MOST_STEPS = 256


def attribution(
    run: CnnRun,
    method: str = "saliency",
    target: Any = None,
    minus: Any = None,
    input: Any = None,
    baseline: str = "black",
    steps: int = 32,
    randomized: int = 0,
) -> Trace:
    """What each cell of the picture contributes to f(x): the logit of `target`, less that of `minus` if given.

    `target` and `minus`: a class by its index or its name; no `target`: the one that the run answers. `input`: a
    picture in the place of the run's, (height, width) or (channel, height, width) in [0, 1]. `randomized`: how many
    layers are made random first, from the top down.

    `input`, `baseline`, `attribution` (channel, height, width); `logits` (class,) of the network that is explained,
    whose parameters are the `state`. Single numbers: `target`, `minus` (−1: none), `milliseconds`, `score` f(x),
    `score_baseline` f(baseline), `total` Σ attribution; `completeness_gap` = total − (f(x) − f(baseline)) of
    Integrated Gradients and DeepLift; `rank_correlation` with the map of the network that is not randomized. Where
    the test picture's mask is known: `mask` (height, width), `inside_share`, `points_inside`.
    Raises `InvalidInput` for a method, a class, a picture or a number that cannot be.
    """
    spec = run.spec
    picture = run.picture.clone() if input is None else _read(spec, input)
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
        raise InvalidInput("attribution.steps", f"must be a whole number from 1 to {MOST_STEPS}", steps, "32")
    answered = logits(run.network, picture[None])[0]
    a = int(answered.argmax()) if target is None else _class(spec, "target", target)
    b = None if minus is None else _class(spec, "minus", minus)
    if a == b:
        raise InvalidInput(
            "attribution.minus", "must be another class than the target", spec.classes[a], "leaving it out"
        )
    start = baseline_of(baseline, picture, run.pictures.train_x, spec.seed)
    network = own_copy(run.network)
    make_random(network, spec, randomized)
    score = Score(network, a, b)
    explained = explain(score, particulars(spec), picture, start, method, steps)
    found = explained.attribution
    with torch.no_grad():
        both = network(torch.stack([picture, start]))
        scores = score(torch.stack([picture, start]))[:, 0].tolist()
    numbers = {
        "milliseconds": explained.milliseconds,
        "score": scores[0],
        "score_baseline": scores[1],
        "total": found.double().sum().item(),
    }
    if method in COMPLETE:
        numbers["completeness_gap"] = numbers["total"] - (scores[0] - scores[1])
    if randomized:
        plain = Score(own_copy(run.network), a, b)
        first = explain(plain, particulars(spec), picture, start, method, steps).attribution
        numbers["rank_correlation"] = rank_correlation(sizes(found), sizes(first))
    maps = {"input": picture, "baseline": start, "attribution": found}
    mask = mask_of(run.spec, run.pictures) if input is None else None
    if mask is not None:
        maps["mask"] = mask
        numbers["inside_share"] = inside_share(found, mask)
        numbers["points_inside"] = float(points_inside(found, mask))
    arrays = {name: value.numpy().copy() for name, value in maps.items()}
    arrays |= {"logits": (both[0] if randomized else answered).numpy().copy()}
    arrays |= {"target": np.array(a, np.int32), "minus": np.array(-1 if b is None else b, np.int32)}
    arrays |= {name: np.array(value, np.float32) for name, value in numbers.items()}
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ())
    dims |= {name: ("channel", "height", "width")[-maps[name].ndim :] for name in maps} | {"logits": ("class",)}
    words = {"method": method, "note": note(spec, method), "layers": [g[0] for g in layers_from_the_top(spec)]}
    state = {name: value.numpy().copy() for name, value in network.state_dict().items()}
    state |= {name: np.array(value if isinstance(value, list) else [value]) for name, value in words.items()}
    return Trace(arrays, dims, {"attribution": METHODS[method][1], "milliseconds": "ms"}, state)


def _class(spec: CnnSpec, what: str, given: Any) -> int:
    """A class by its index or its name."""
    if isinstance(given, str) and given in spec.classes:
        return spec.classes.index(given)
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < spec.class_count:
        return given
    rule = f"must be a class, {', '.join(spec.classes)}, or its index from 0"
    raise InvalidInput(f"attribution.{what}", rule, given, spec.classes[0])


def _read(spec: CnnSpec, given: Any) -> Tensor:
    """A picture of one's own, (channel, height, width) float32; a grey one serves for every channel."""
    shape = spec.picture_shape
    wanted = " × ".join(map(str, shape))
    try:
        array = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        raise InvalidInput(
            "attribution.input", f"must be numbers, {wanted}", type(given).__name__, "a picture"
        ) from None
    array = array[None] if array.ndim == 2 else array
    if array.ndim != 3 or array.shape[1:] != shape[1:] or array.shape[0] not in (1, shape[0]):
        got = " × ".join(map(str, array.shape)) or "one number"
        raise InvalidInput("attribution.input", f"must be {wanted}", got, f"a picture of {shape[1]} × {shape[2]} cells")
    if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
        got = "values that are not numbers" if not np.isfinite(array).all() else f"{array.min():g} to {array.max():g}"
        raise InvalidInput("attribution.input", "must lie in [0, 1]", got, "dividing bytes by 255")
    return torch.from_numpy(np.broadcast_to(array, shape).copy())
