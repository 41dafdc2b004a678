"""What to do when training has left the numbers: where to go back to, and what to offer."""

from __future__ import annotations

from typing import Any

from dlviz.training.curve import Curve

# A loss past this many times its first value is on its way out: no place to go on from.
SOUND_LOSS = 2.0


def last_sound_step(curve: Curve) -> int:
    """The newest step measured before the loss left its first value far behind; 0 where nothing was measured."""
    losses = [(step, abs(values.get("train_loss", 0.0))) for step, values in curve.points]
    return max((step for step, loss in losses if loss <= SOUND_LOSS * losses[0][1]), default=0)


def ways_on(spec: Any) -> list[dict[str, Any]]:
    """Offers of a note, the best first: a label and the commands that carry it out."""
    offers: list[dict[str, Any]] = [{"label": "Start again from step 0", "commands": [{"do": "reset"}]}]
    rate = getattr(spec, "learning_rate", None)
    if rate is not None:
        halve = {"do": "set", "changes": {"learning_rate": float(f"{rate / 2:.3g}")}}
        go_on = {"label": "Halve the learning rate and go on", "commands": [halve, {"do": "play", "on": True}]}
        offers.insert(0, go_on)
    return offers
