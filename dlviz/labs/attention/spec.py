"""Every setting of the Attention lab: the task, the Transformer, its training, and the sequence one looks at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Coded, Flag, Range
from dlviz.core.spec import Checked

TASKS = {
    "repeats": "A passage comes again",
    "characters": "Write text",
    "reverse": "Say it backwards",
    "who": "Who does it to whom",
    "neighbours": "Compare two neighbours",
    "digit_words": "Number words to digits",
    "dates": "Dates to one form",
    "pig_latin": "Pig Latin",
}
TRANSLATIONS = ("digit_words", "dates", "pig_latin")
# What comes next is the answer: whoever may look ahead has only to copy it.
FORETELLING = ("repeats", "characters")
POSITIONS = {
    "none": "None", "sinusoidal": "Sinusoidal", "learned": "Learned", "rope": "RoPE", "alibi": "ALiBi",
}  # fmt: skip
MASKS = {"fitting": "As the task needs", "none": "None", "causal": "Causal", "window": "Window", "drawn": "Drawn"}
MOST_TOKENS = 64  # of a sequence; a grid of them is 4,096 cells
READING_LENGTH = 400
DRAWN_LENGTH = 1_100  # characters of a drawn mask: its side, a point, and a bit for each of 64 × 64 cells in hex


@dataclass(frozen=True)
class AttentionSpec(Checked):
    """Task, network and training of the Attention lab. Frozen; an instance that exists is legal."""

    # --- the task --------------------------------------------------------------------------------------
    task: Annotated[
        str,
        Choice(tuple(TASKS), tuple(TASKS.values()), role="structure", label="Task", help="What the network is to do."),
    ] = "repeats"
    text: Annotated[
        str,
        Choice(("python", "manual", "news", "brackets"), ("Python code", "A manual", "News", "Nested brackets"),
               role="data", label="Text", help="What it learns to write."),
    ] = "news"  # fmt: skip
    length: Annotated[
        int,
        Range(3, MOST_TOKENS, whole=True, role="data", label="Length", unit="tokens",
              help="How long the sequences are. Translations are as long as they are."),
    ] = 24  # fmt: skip
    examples: Annotated[int, fields.training_sequences(8000)] = 4000
    # --- the network -----------------------------------------------------------------------------------
    layers: Annotated[
        int,
        Range(1, 4, whole=True, role="structure", label="Layers", help="Blocks of attention and feed-forward."),
    ] = 2
    heads: Annotated[
        int,
        Range(1, 8, whole=True, role="structure", label="Heads", help="Attentions side by side in a layer."),
    ] = 4
    width: Annotated[
        int,
        Range(2, 128, whole=True, log=True, role="structure", label="Width d", unit="numbers",
              help="Numbers that stand for a token, from the embedding to the last layer."),
    ] = 32  # fmt: skip
    feed_forward: Annotated[
        int,
        Range(0, 512, whole=True, role="structure", label="Feed-forward", unit="units",
              help="Units of the small network after each attention; 0 leaves it out."),
    ] = 64  # fmt: skip
    position: Annotated[
        str,
        Choice(tuple(POSITIONS), tuple(POSITIONS.values()), role="structure", label="Positions",
               help="How the network is told where a token stands."),
    ] = "learned"  # fmt: skip
    mask: Annotated[
        str,
        Choice(tuple(MASKS), tuple(MASKS.values()), role="structure", label="Mask",
               help="Which tokens a token may look at. A decoder never looks ahead."),
    ] = "fitting"  # fmt: skip
    window: Annotated[
        int,
        Range(0, 63, whole=True, role="structure", label="Window", unit="tokens",
              help="How far a token sees to either side where the mask is a window."),
    ] = 3  # fmt: skip
    drawn: Annotated[
        str,
        Coded(DRAWN_LENGTH, r"(\d{1,2}\.[0-9a-f]*)?", role="structure", label="Drawn mask",
              help="A mask drawn by hand: its side, and the hidden cells as bits."),
    ] = ""  # fmt: skip
    scaled: Annotated[
        bool,
        Flag(role="structure", label="Divide by √d",
             help="Scores are divided by the square root of a head's width before the softmax."),
    ] = True  # fmt: skip
    norm: Annotated[
        str,
        Choice(("pre", "post", "none"), ("Before", "After", "None"), role="structure", label="Layer norm",
               help="Before each part, as today; after the sum, as in the paper of 2017; or not at all."),
    ] = "pre"  # fmt: skip
    dropout: Annotated[
        float,
        Range(0, 0.9, role="live", label="Dropout",
              help="The chance that a number is left out of what a part adds."),
    ] = 0.0  # fmt: skip
    # --- training --------------------------------------------------------------------------------------
    batch_size: Annotated[int, fields.SEQUENCES_A_STEP] = 32
    optimizer: Annotated[str, fields.OPTIMIZER] = "adam"
    learning_rate: Annotated[float, fields.LEARNING_RATE] = 0.003
    clip_at: Annotated[
        float,
        Range(1e-3, 100, log=True, role="live", label="Clip at norm",
              help="A longer gradient is shortened to this, its direction kept."),
    ] = 1.0  # fmt: skip
    seed: Annotated[int, fields.seed("the data drawn, the first weights, the order of the batches and dropout")] = 1
    # --- what one looks at -------------------------------------------------------------------------------
    example: Annotated[int, fields.HELD_BACK_SEQUENCE] = 0
    reading: Annotated[str, fields.own_sequence(READING_LENGTH)] = ""

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        name = type(self).__name__
        if self.width % self.heads:
            fitting = [str(n) for n in range(1, 9) if self.width % n == 0]
            rule = f"must divide the width {self.width} into equal parts"
            yield "heads", InvalidInput(f"{name}.heads", rule, self.heads, " or ".join(fitting))
        elif self.position == "rope" and (self.width // self.heads) % 2:
            rule = f"turns numbers in pairs, so a head's width (here {self.width}/{self.heads}) must be even"
            yield "position", InvalidInput(f"{name}.position", rule, f"{self.width // self.heads} numbers",
                                           f"a width of {2 * self.width}")  # fmt: skip
        if self.mask == "drawn" and not self.drawn:
            rule = "needs a mask that somebody has drawn"
            yield "mask", InvalidInput(f"{name}.mask", rule, "none drawn", "drawing one in the panel Masks")
        if self.drawn and not _is_whole(self.drawn):
            rule = f"must be a side from 1 to {MOST_TOKENS}, a point, and a bit for each cell in hex"
            yield "drawn", InvalidInput(f"{name}.drawn", rule, self.drawn[:20], "leaving it out")

    @property
    def pattern(self) -> str:
        """`every` (an answer at each token) or `decoder` (a sequence of another length)."""
        return "decoder" if self.task in TRANSLATIONS else "every"

    @property
    def masked(self) -> str:
        """The mask that really applies: what `fitting` comes to."""
        return self.mask if self.mask != "fitting" else "causal" if self.task in FORETELLING else "none"


def _is_whole(drawn: str) -> bool:
    side, _, bits = drawn.partition(".")
    return side.isdigit() and 1 <= int(side) <= MOST_TOKENS and len(bits) == math.ceil(int(side) ** 2 / 4)
