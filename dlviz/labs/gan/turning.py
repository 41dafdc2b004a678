"""The next step of training, taken by a copy and kept open: what each move sees, makes, learns and changes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from dlviz.core.trace import Trace
from dlviz.labs.gan.game import Move
from dlviz.labs.gan.model import Gan, Player
from dlviz.labs.gan.probe import MOST_SIDE, example_axes, middles, trace
from dlviz.labs.gan.weighing import layers_of, state_of
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun

MOST_EXAMPLES = 512
ONE = ("batch",)  # axes of one number an example
# What there is of a move of the discriminator but its examples, and its axes.
OF_D: dict[str, tuple[str, ...]] = {
    "d_z": ("batch", "unit"), "d_labels": ONE, "d_real_logits": ONE, "d_fake_logits": ONE, "d_real_after": ONE,
    "d_fake_after": ONE, "slopes": ONE, "d_loss": (), "d_penalty": (), "d_gradient_norm": (), "d_batch": (),
    "d_layer_gradients": ("layer",), "d_layer_changes": ("layer",), "d_change": (), "d_largest": (), "d_clipped": (),
    "d_map_before": ("height", "width"), "d_map_after": ("height", "width"),
}  # fmt: skip
OF_G = {
    "g_z": ("batch", "unit"), "g_labels": ONE, "g_logits": ONE, "g_logits_after": ONE, "g_loss": (),
    "g_gradient_norm": (), "g_layer_gradients": ("layer",), "g_layer_changes": ("layer",), "g_change": (),
    "g_largest": (), "g_map": ("height", "width"), "bug_gradient_norm": (), "bug_layer_gradients": ("layer",),
    "bug_layer_changes": ("layer",), "bug_change": (), "bug_largest": (), "bug_logits": ONE,
    "bug_map": ("height", "width"),
}  # fmt: skip


def turn(run: GanRun, examples: int = MOST_EXAMPLES, side: int = 32, follow: int = 0, parameters: bool = True) -> Trace:
    """The next step of training, taken by a copy: what each move sees, makes and changes.

    For each move of the discriminator, in turn (axis `step`): `real` and `d_fakes` (step, batch, …), made of `d_z`;
    told `d_labels`; where there is instance noise `real_seen` and `d_fakes_seen`; `d_real_logits`, `d_fake_logits`
    (step, batch) and `d_real_after`, `d_fake_after`: D's outputs of the same after its move; with a gradient penalty
    `between` and `slopes`; `d_loss`, `d_penalty`, `d_gradient_norm`, `d_change` (norm of what the weights changed by),
    `d_largest` (of one weight), `d_clipped` (how many weights lie at ± clip), `d_batch` (step,): how many examples;
    `d_layer_gradients`, `d_layer_changes` (step, layer): norms, layers with parameters; in the plane `d_map_before`
    and `d_map_after` (step, height, width): D over ±1.5, rows from above, at the middles of `side` cells, told the
    class of the example number `follow` of the batch.

    Of the generator's move the same without the axis `step`: `g_fakes`, `g_logits`, `g_gradient`: ∂ loss / ∂ fake,
    `g_moved`: what the same noise becomes after it, `g_logits_after`: what the same D says of these. Where D is changed
    in it too, the same names with `bug_`; `bug_logits`: D's outputs of `g_fakes` after that.

    Who does not move is left out. Examples are as the networks see them, the first `examples` of a batch; a batch that
    is smaller than another of the same step ends in not-a-number (labels: −1). Outputs are those of training mode;
    maps, `before` and `after` (what the noise shown becomes before and after the step) are not. `state/`: parameters
    before, `after/<name>` as well after it. Raises `InvalidInput`, and `Diverged` where the step would.
    """
    count = whole("turn.examples", examples, 1, MOST_EXAMPLES)
    side = whole("turn.side", side, 2, MOST_SIDE)
    follow = whole("turn.follow", follow, 0, MOST_EXAMPLES - 1)
    other = copy.deepcopy(run, {id(run.real): run.real, id(run.shown): run.shown})
    judged: list[dict[str, Tensor]] = []
    made: dict[str, Tensor] = {}
    standing = copy.deepcopy(other.network)
    for move in other.moves():
        if move.real_logits is not None:
            judged.append(_of_discriminator(other, standing, move, count, side, follow))
        else:
            made = _of_generator(other, standing, move, count, side, follow)
        standing = copy.deepcopy(other.network)
    axes = example_axes(run)
    found = {name: _together([each[name] for each in judged]) for name in (judged[0] if judged else {})}
    dims: dict[str, tuple[str, ...]] = {name: ("step", *OF_D.get(name, axes)) for name in found}
    found |= made
    dims |= {name: OF_G.get(name, axes) for name in made}
    for name, of in (("before", run), ("after", other)):
        with evaluating(of.network):
            found[name], dims[name] = of.network.generator(run.shown.z, run.shown.labels), axes
    state = state_of(run.network) | {f"after/{k}": v for k, v in state_of(other.network).items()} if parameters else {}
    return trace(found, dims, state)


def _of_discriminator(run: GanRun, standing: Gan, move: Move, count: int, side: int, follow: int) -> dict[str, Tensor]:
    assert move.real is not None
    assert move.real_logits is not None
    spec, player = run.spec, run.network.discriminator
    real_seen, fake_seen = move.seen
    found = {
        "real": move.real[:count], "d_fakes": move.fake[:count], "d_z": move.z[:count], "d_labels": move.labels,
        "d_real_logits": move.real_logits, "d_fake_logits": move.fake_logits,
        "d_real_after": _judged(player, real_seen, move.labels),
        "d_fake_after": _judged(player, fake_seen, move.labels),
        "d_loss": torch.tensor(move.loss), "d_penalty": torch.tensor(move.penalty),
        "d_gradient_norm": torch.tensor(move.gradient_norm), "d_batch": torch.tensor(len(move.real)),
    }  # fmt: skip
    if spec.instance_noise:
        found |= {"real_seen": real_seen[:count], "d_fakes_seen": fake_seen[:count]}
    if move.between is not None and move.slopes is not None:
        found |= {"between": move.between[:count], "slopes": move.slopes}
    found |= {f"d_{name}": values for name, values in _learned(standing.discriminator, player).items()}
    if spec.loss == "wgan":
        with torch.no_grad():
            at_edge = [(p.abs() >= spec.clip * (1 - 1e-6)).sum() for p in player.parameters()]
        found["d_clipped"] = torch.stack(at_edge).sum()
    if spec.is_planar:
        told = _told(move, follow)
        found["d_map_before"] = _map(standing.discriminator, side, told)
        found["d_map_after"] = _map(player, side, told)
    return found


def _of_generator(run: GanRun, standing: Gan, move: Move, count: int, side: int, follow: int) -> dict[str, Tensor]:
    assert move.fake_gradient is not None
    spec, network = run.spec, run.network
    (seen,) = move.seen
    with torch.no_grad():
        moved = copy.deepcopy(network.generator)(move.z, move.labels)
    found = {
        "g_fakes": move.fake[:count], "g_z": move.z[:count], "g_labels": move.labels, "g_logits": move.fake_logits,
        "g_gradient": move.fake_gradient[:count], "g_loss": torch.tensor(move.loss),
        "g_gradient_norm": torch.tensor(move.gradient_norm), "g_moved": moved[:count],
        "g_logits_after": _judged(standing.discriminator, seen - move.fake + moved, move.labels),
    }  # fmt: skip
    if spec.instance_noise:
        found["g_seen"] = seen[:count]
    found |= {f"g_{name}": values for name, values in _learned(standing.generator, network.generator).items()}
    told = _told(move, follow)
    if spec.is_planar:
        found["g_map"] = _map(standing.discriminator, side, told)
    if spec.update_both:
        learned = _learned(standing.discriminator, network.discriminator)
        found |= {f"bug_{name}": values for name, values in learned.items()}
        found["bug_gradient_norm"] = learned["layer_gradients"].norm()
        found["bug_logits"] = _judged(network.discriminator, seen, move.labels)
        if spec.is_planar:
            found["bug_map"] = _map(network.discriminator, side, told)
    return found


def _learned(before: nn.Module, after: nn.Module) -> dict[str, Tensor]:
    """Norms of the gradients and of the changes of each layer with parameters, of all changes, and the largest one."""
    gradients, changes, largest = [], [], []
    old = layers_of(before)
    for name, layer in layers_of(after).items():
        pairs = [
            (p.detach(), q.detach(), q.grad) for p, q in zip(old[name].parameters(), layer.parameters(), strict=True)
        ]
        if not pairs:
            continue
        gradients.append(_norm([g for _, _, g in pairs if g is not None]))
        changes.append(_norm([q - p for p, q, _ in pairs]))
        largest.append(max((q - p).abs().max() for p, q, _ in pairs))
    change = torch.stack(changes)
    return {"layer_gradients": torch.stack(gradients), "layer_changes": change, "change": change.norm(),
            "largest": torch.stack(largest).max()}  # fmt: skip


def _norm(tensors: list[Tensor]) -> Tensor:
    return torch.cat([each.flatten() for each in tensors]).norm() if tensors else torch.zeros(())


def _judged(player: Player, x: Tensor, labels: Tensor) -> Tensor:
    """Outputs in training mode; by a copy, since a batch normalization keeps what it meets there."""
    with torch.no_grad():
        outputs: Tensor = copy.deepcopy(player)(x, labels)[:, 0]
    return outputs


def _map(player: Player, side: int, told: int) -> Tensor:
    at = middles(side)
    places = torch.stack(torch.meshgrid(at.flip(0), at, indexing="ij")[::-1], 2).reshape(-1, 2)
    with evaluating(player):
        return player(places, torch.full((len(places),), told)).reshape(side, side)


def _told(move: Move, follow: int) -> int:
    return int(move.labels[min(follow, len(move.labels) - 1)])


def _together(values: list[Tensor]) -> Tensor:
    """Stack; the last batch of an epoch may be smaller, and is filled up."""
    if values[0].ndim == 0 or len({len(each) for each in values}) == 1:
        return torch.stack(values)
    longest = max(len(each) for each in values)
    filler = float("nan") if values[0].is_floating_point() else -1
    return torch.stack(
        [torch.cat([each, each.new_full((longest - len(each), *each.shape[1:]), filler)]) for each in values]
    )
