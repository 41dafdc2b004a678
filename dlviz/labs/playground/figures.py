"""The Playground's traces as pictures that are read when paused. A figure changes nothing it is given."""

from __future__ import annotations

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.figures import field
from dlviz.figures.palette import LIGHT, Theme
from dlviz.figures.view import View


def surface(trace: Trace, theme: Theme = LIGHT) -> View:
    """The output as a landscape with the training points on it."""
    _needs_plane(trace)
    output, many = trace["output"], len(trace["output"]) > 2
    x, y = trace["train_points"], trace["train_targets"]
    colors = theme.categorical
    if many:
        # Height is how sure the network is; a step scale gives each class its colour.
        z, of, n = output.max(0), output.argmax(0).astype(float), len(output)
        scale = [(edge, colors[i]) for i in range(n) for edge in (i / n, (i + 1) / n)]
        title, limits = "probability of the likeliest class", (-0.5, n - 0.5)
        figure = field.landscape(trace["x1"], trace["x2"], z, title, scale, limits, of, theme, showscale=False)
        field.add_points(figure, x, np.full(len(x), 1.02), [colors[int(c)] for c in y], theme, "training point")
        said = f"the likeliest of {n} classes, and how likely it is"
    else:
        classes = len(output) == 2
        z = _signed(trace)[0]
        title = "p(class 1) − p(class 0)" if classes else "output"
        limit = 1.0 if classes else max(1.0, float(np.abs(z).max()))
        scale = theme.diverging_scale()
        figure = field.landscape(trace["x1"], trace["x2"], z, title, scale, (-limit, limit), theme=theme)
        heights = y * 2 - 1 if classes else y
        field.add_points(figure, x, heights, [colors[int(h > 0)] for h in heights], theme, "training point")
        said = title
    return View(
        figure,
        f"A landscape over the plane: {said}, from {z.min():.2f} to {z.max():.2f}, with {len(x)} training points.",
        "Turn it by dragging. Points lie at their targets: where the landscape passes through them, it has learned.",
        f"Playground, probe surface, step {int(trace.state['step'])}",
    )


def _needs_plane(trace: Trace) -> None:
    if trace["output"].ndim != 3:
        rule = "must be over the plane to be drawn"
        raise InvalidInput("The trace", rule, trace.dims["output"], "the probe without input")


def _signed(trace: Trace) -> np.ndarray:
    """Outputs for the diverging scale: p(1) - p(0) of two classes, each class's p of more, or the number."""
    output = trace["output"]
    return output[1:] - output[:1] if len(output) == 2 else output
