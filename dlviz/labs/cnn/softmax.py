"""The panel Softmax: from logits to probabilities, every step of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.cnn.measuring import logits

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

COOLEST, HOTTEST = 0.1, 10.0


def softmax(run: CnnRun, temperature: Any = 1.0) -> Trace:
    """The picture's logits z, e^((z − max z) / T), their share of the sum, and the entropy of the shares.

        p_k = e^((z_k − m) / T) / Σ_j e^((z_j − m) / T),  m = max z;  H = −Σ_k p_k ln p_k

    `logits`, `shifted` (z − m), `exponentials`, `probabilities` (class,), `entropy` in nats; computed in float64
    from the network's float32 logits. `state`: parameters and buffers of the network, and `picture`.
    Raises `InvalidInput` for a temperature outside 0.1 to 10.
    """
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not (
        COOLEST <= temperature <= HOTTEST
    ):  # fmt: skip
        raise InvalidInput("softmax.temperature", f"must be from {COOLEST:g} to {HOTTEST:g}", temperature, "1")
    given = logits(run.network, run.picture[None])[0].numpy().astype(np.float64)
    shifted = given - given.max()
    exponentials = np.exp(shifted / temperature)
    probabilities = exponentials / exponentials.sum()
    entropy = -(probabilities * np.log(np.where(probabilities > 0, probabilities, 1))).sum()
    arrays = {
        "logits": given.astype(np.float32),
        "shifted": shifted,
        "exponentials": exponentials,
        "probabilities": probabilities,
        "entropy": np.array(entropy),
    }
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("class",)) | {"entropy": ()}
    state = {name: value.detach().numpy().copy() for name, value in run.network.state_dict().items()}
    return Trace(arrays, dims, {"entropy": "nats"}, state | {"picture": run.picture.numpy().copy()})
