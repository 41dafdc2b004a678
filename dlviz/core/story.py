"""Story: a lab told in steps, each complete when the reader has done the thing.

A story is a Markdown file, `story.md` in the lab's folder:

    ## Two colours, one line

    Press Play. …

    done-when: dataset=xor and step>=200

A condition is a bare name (it happened, or is on) or `name op value`, with op one of = != < <= > >=;
several are joined by `and`. A name is looked up first among `HAPPENINGS`, then among the numbers of
the newest frame (`step`, `test_loss`, …), then among the settings of the lab's spec. Lists are
compared as a link writes them: `hidden_layers=none`, `features=x1,x2`; flags as `on` and `off`.
The page evaluates the same conditions in the browser; `Condition.met` is the reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a reader can do that is neither a number of a frame nor a setting. A closed list, so that the
# page knows every word a story may use.
HAPPENINGS = frozenset(
    {"playing", "edited", "scrubbed", "branched", "compared", "followed_back"}
    | {"pinned", "slid", "wiped", "dragged", "guessed"}
    | {"opened", "opened_confusion", "drew", "attributed", "randomized", "sanity"}
    | {"silenced", "covered", "attacked"}
    | {"typed", "sorted_units", "clamped"}
    | {"chose_head", "opened_pinned", "ablated", "bert_read"}
    | {"latent_walked", "latent_pinned", "manifold_shown", "interpolated", "slerped", "calculated", "traversed"}
    | {"resampled", "score_function", "sampled", "sample_picked", "sorted_errors", "denoised", "inpainted"}
    | {"thresholded", "left_out", "compressed", "beside_trained", "hole_visited"}
    | {"fake_pointed", "plane_pointed", "noise_pointed", "regime_tried", "regime_mended"}
    | {"fake_held", "fake_chosen", "own_points_drawn", "both_moved", "generator_moved", "discriminator_moved"}
    | {"player_opened", "curve_scrubbed", "gan_sample_chosen", "gan_history", "gan_history_scrubbed"}
    | {"gan_walked", "gan_slerped", "gan_walked_twice", "slowmotion", "sawbug", "sawpull", "followed", "tookstep"}
    | {"loss_misleads", "losses_compared", "loss_chosen", "d_alone", "logit_dragged"}
    | {"precision_opened", "ball_read", "collapse_mended"}
    | {"made_conditional", "class_asked", "class_mixed", "conditional_raced"}
    | {"node_picked", "messages_played", "attention_row", "graph_edited", "node_labelled", "graph_pasted"}
    | {"layers_compared", "scale_seen", "numbering_shuffled", "order_raced", "pair_compared", "wl_stepped"}
    | {"readout_compared", "batch_read", "atoms_explained", "molecule_drawn"}
    | {"depth_walked", "depth_trained", "bottleneck_seen"}
    | {
        "graph_chosen",
        "reach_shown",
        "embedding_layer",
        "pair_asked",
        "matrix_read",
        "matrix_stepped",
        "matrix_ordered",
    }
)

_CONDITION = re.compile(r"([a-z][a-z0-9_]*)\s*(?:(!=|<=|>=|=|<|>)\s*(\S+))?")
_COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Condition:
    """`name op value`: `Condition("step", ">=", 500.0)`. A bare name means `name = "on"`.

    `value` is a number where the text reads as one, else the text itself.
    """

    name: str
    op: str
    value: float | str

    def met(self, values: Mapping[str, Any]) -> bool:
        """Whether `values` (happenings, frame numbers and settings together) meet the condition.

        A name that is not there or has no value yet, or a text beside a number, does not meet it.
        """
        if values.get(self.name) is None:
            return False
        given = _plain(values[self.name])
        return type(given) is type(self.value) and bool(_COMPARE[self.op](given, self.value))


@dataclass(frozen=True)
class Step:
    """One step of a story: a heading, its text (Markdown), and what completes it (all must be met)."""

    title: str
    text: str
    done_when: tuple[Condition, ...]

    def done(self, values: Mapping[str, Any]) -> bool:
        return all(condition.met(values) for condition in self.done_when)

    def describe(self) -> dict[str, Any]:
        """The step as plain JSON, for the page."""
        conditions = [[c.name, c.op, c.value] for c in self.done_when]
        return {"title": self.title, "text": self.text, "done_when": conditions}


def parse(text: str) -> tuple[Step, ...]:
    """The steps of a story. Raises ValueError that names the step whose heading, text or condition is wrong."""
    _, *parts = re.split(r"^## +", text, flags=re.MULTILINE)
    if not parts:
        raise ValueError("A story needs at least one step, a line that starts with '## '.")
    return tuple(_step(part) for part in parts)


def read(folder: Path) -> tuple[Step, ...]:
    """The story of the lab in `folder`; empty when it tells none."""
    path = folder / "story.md"
    return parse(path.read_text(encoding="utf-8")) if path.exists() else ()


def _step(part: str) -> Step:
    title, _, rest = part.partition("\n")
    body, *conditions = re.split(r"^done-when:", rest, flags=re.MULTILINE)
    if len(conditions) != 1:
        raise ValueError(f"Story step {title!r} needs exactly one line 'done-when: …', found {len(conditions)}.")
    if not body.strip():
        raise ValueError(f"Story step {title!r} has no text.")
    return Step(title.strip(), body.strip(), tuple(_condition(title, c) for c in re.split(r"\s+and\s+", conditions[0])))


def _condition(title: str, text: str) -> Condition:
    found = _CONDITION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"Story step {title!r}: {text.strip()!r} is not a name, or 'name op value' (= != < <= > >=).")
    name, op, value = found.groups()
    return Condition(name, op or "=", "on" if op is None else _plain(value))


def _plain(value: Any) -> float | str:
    """A value as conditions compare it: numbers as float, flags as on and off, lists with commas or `none`."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return _plain(",".join(str(x) for x in value) or "none")
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)
