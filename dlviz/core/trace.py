"""Trace: named arrays with named dimensions, the only thing a probe returns and a figure reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

# A closed list, so that two labs never call one axis by two names.
AXES = frozenset(
    "batch step token head query key channel height width unit layer node edge feature class".split()
    + ["input", "output", "point", "kernel_height", "kernel_width", "direction"]
)


@dataclass(frozen=True)
class Trace:
    """Arrays by name, the axes of each, units where there are any, and the parameters they came from.

    `dims["maps"] == ("unit", "height", "width")` names the axes of `arrays["maps"]`; `state` holds
    parameters, so that anyone can recompute the arrays. Raises ValueError for an axis outside `AXES`
    or a count of names that is not the array's number of dimensions.
    """

    arrays: Mapping[str, np.ndarray]
    dims: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, array in self.arrays.items():
            names = self.dims.get(name)
            if names is None or len(names) != array.ndim:
                raise ValueError(f"Trace array {name!r} has shape {array.shape} but dims {names}.")
            unknown = set(names) - AXES
            if unknown:
                raise ValueError(f"Trace array {name!r} names unknown axes {sorted(unknown)}; known: {sorted(AXES)}.")

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def save(self, path: Path) -> None:
        """Write an .npz: arrays by name, `dims/<name>`, `unit/<name>`, parameters under `state/<name>`."""
        plain = dict(self.arrays)
        plain.update({f"dims/{name}": np.array(names) for name, names in self.dims.items()})
        plain.update({f"unit/{name}": np.array(unit) for name, unit in self.units.items()})
        plain.update({f"state/{name}": array for name, array in self.state.items()})
        with path.open("wb") as file:  # a file object, so that numpy does not append a second suffix
            np.savez_compressed(file, **plain)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Trace:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            plain = {name: file[name] for name in file.files}
        return cls(
            arrays={n: a for n, a in plain.items() if "/" not in n},
            dims={n[5:]: tuple(str(x) for x in a) for n, a in plain.items() if n.startswith("dims/")},
            units={n[5:]: str(a) for n, a in plain.items() if n.startswith("unit/")},
            state={n[6:]: a for n, a in plain.items() if n.startswith("state/")},
        )
