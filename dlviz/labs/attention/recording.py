"""What flows through a network while it reads: every `Tap` by name, attached for a while and always released."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from torch import Tensor, nn

from dlviz.labs.attention.layers import Tap

Change = Callable[[Tensor], Tensor]


@contextmanager
def recording(network: nn.Module) -> Iterator[dict[str, Tensor]]:
    """A dict that fills with what the network's taps see, `core.blocks.0.attention.part.weights` and the like.

    Of several passes the last one stays.
    """
    seen: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(module: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
            seen[name] = output

        return hook

    handles = [module.register_forward_hook(keep(name)) for name, module in taps(network)]
    try:
        yield seen
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def changing(network: nn.Module, changes: dict[str, Change]) -> Iterator[None]:
    """For a while, what flows through the named taps is changed: a head silenced, a pattern made even.

    Raises KeyError for a tap that is not there.
    """
    known = dict(taps(network))
    handles = []
    try:
        for name, change in changes.items():
            handles.append(known[name].register_forward_hook(partial(_changed, change)))
        yield
    finally:
        for handle in handles:
            handle.remove()


def _changed(change: Change, module: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> Tensor:
    return change(output)


def taps(network: nn.Module) -> Iterator[tuple[str, Tap]]:
    """Every tap of a network with its name."""
    return ((name, module) for name, module in network.named_modules() if isinstance(module, Tap))
