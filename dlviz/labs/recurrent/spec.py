"""Every setting of the Recurrent lab: the task, the network, its training, and the sequence one looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from dlviz.core import fields
from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Flag, Range, Text
from dlviz.core.spec import Checked

TASKS = {
    "characters": "Write text",
    "sentiment": "Friendly or not",
    "tagging": "Parts of speech",
    "dates": "Dates to one form",
    "digit_words": "Number words to digits",
    "weather": "Temperatures",
    "sines": "Sine waves",
    "copy": "Copy after a delay",
    "adding": "Add two numbers",
    "brackets": "Count brackets",
    "parity": "Odd or even",
}
PATTERNS = {"sentiment": "last", "adding": "last", "dates": "decoder", "digit_words": "decoder"}
# What is said at a step may depend on what comes later only where it is all there from the beginning.
READ_WHOLE = ("sentiment", "tagging", "brackets", "parity", "adding", "copy")
OF_TOKENS = tuple(task for task in TASKS if task not in ("weather", "sines", "adding"))
CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
GATES = {"rnn": 1, "lstm": 4, "gru": 3}  # how many times hidden_size the rows of a weight matrix are
OWN_TEXT_LENGTH = 20_000
READING_LENGTH = 400
FEWEST = 20  # characters of a text that anything can be learned from


@dataclass(frozen=True)
class RecurrentSpec(Checked):
    """Task, network and training of the Recurrent lab. Frozen; an instance that exists is legal."""

    # --- the task --------------------------------------------------------------------------------------
    task: Annotated[
        str,
        Choice(tuple(TASKS), tuple(TASKS.values()), role="structure", label="Task", help="What the network is to do."),
    ] = "characters"
    text: Annotated[
        str,
        Choice(
            ("python", "manual", "news", "brackets", "own"),
            ("Python code", "A manual", "News", "Nested brackets", "Your own"),
            role="data",
            label="Text",
            help="What it learns to write.",
        ),
    ] = "python"
    own_text: Annotated[
        str, Text(OWN_TEXT_LENGTH, role="data", label="Your text", help="A text of your own to learn from.")
    ] = ""
    lag: Annotated[
        int,
        Range(4, 200, whole=True, role="data", label="Length", unit="steps",
              help="How long the sequences are; in the copy task, how long the symbols must be kept."),
    ] = 20  # fmt: skip
    examples: Annotated[int, fields.training_sequences(5000)] = 2000
    # --- the network -----------------------------------------------------------------------------------
    cell: Annotated[
        str,
        Choice(tuple(CELLS), tuple(CELLS.values()), role="structure", label="Cell", help="What is repeated each step."),
    ] = "lstm"
    layers: Annotated[
        int, Range(1, 3, whole=True, role="structure", label="Layers", help="Each reads what the one below it says.")
    ] = 1
    hidden_size: Annotated[
        int,
        Range(1, 256, whole=True, log=True, role="structure", label="Hidden size", unit="units",
              help="Numbers in the state of a layer."),
    ] = 64  # fmt: skip
    embedding_size: Annotated[
        int,
        Range(1, 64, whole=True, log=True, role="structure", label="Embedding", unit="numbers",
              help="Numbers that stand for a letter or a word; they are learned too."),
    ] = 16  # fmt: skip
    bidirectional: Annotated[
        bool, Flag(role="structure", label="Both directions", help="A second cell reads the sequence from its end.")
    ] = False
    dropout: Annotated[
        float,
        Range(0, 0.9, role="live", label="Dropout",
              help="The chance that a number is left out, between layers and before the answer."),
    ] = 0.0  # fmt: skip
    forget_bias: Annotated[
        float,
        Range(-5, 5, role="structure", label="Forget bias",
              help="What the forget gate's bias begins with: 1 lets a new LSTM keep what it has."),
    ] = 1.0  # fmt: skip
    initial: Annotated[
        str,
        Choice(("uniform", "orthogonal"), ("Uniform", "Orthogonal"), role="structure", label="First weights",
               help="Of the recurrent matrices: uniform as torch draws them, or a rotation times the gain."),
    ] = "uniform"  # fmt: skip
    gain: Annotated[
        float,
        Range(0.1, 3, log=True, role="structure", label="Gain",
              help="What the rotation is multiplied with: below 1 a signal fades, above 1 it may explode."),
    ] = 1.0  # fmt: skip
    # --- training --------------------------------------------------------------------------------------
    batch_size: Annotated[int, fields.SEQUENCES_A_STEP] = 16
    truncation: Annotated[
        int,
        Range(1, 200, whole=True, role="live", label="Gradient goes back", unit="steps",
              help="Backpropagation through time stops after so many steps; the state itself goes on."),
    ] = 50  # fmt: skip
    optimizer: Annotated[str, fields.OPTIMIZER] = "adam"
    learning_rate: Annotated[float, fields.LEARNING_RATE] = 0.005
    clipping: Annotated[
        str,
        Choice(("none", "norm", "value"), ("None", "By norm", "By value"), role="live", label="Clip the gradient",
               help="By norm shortens it and keeps its direction; by value cuts each number for itself."),
    ] = "norm"  # fmt: skip
    clip_at: Annotated[
        float,
        Range(1e-3, 100, log=True, role="live", label="Clip at", help="The largest norm, or the largest number."),
    ] = 1.0
    seed: Annotated[int, fields.seed("the data drawn, the first weights, the order of the batches and dropout")] = 1
    # --- what one looks at -------------------------------------------------------------------------------
    example: Annotated[int, fields.HELD_BACK_SEQUENCE] = 0
    reading: Annotated[str, fields.own_sequence(READING_LENGTH)] = ""
    writes: Annotated[
        bool,
        Flag(role="view", label="Goes on by itself",
             help="After the sequence the network reads what it has just said, letter by letter."),
    ] = False  # fmt: skip

    def conflicts(self) -> Iterator[tuple[str, InvalidInput]]:
        """Fields that are each legal but do not go together, each with the control that causes it."""
        name = type(self).__name__
        if self.bidirectional and self.task not in READ_WHOLE:
            whole = ", ".join(TASKS[task] for task in READ_WHOLE)
            rule = f"goes only with tasks whose sequence is there to its end ({whole})"
            yield "bidirectional", InvalidInput(f"{name}.bidirectional", rule, TASKS[self.task], "one direction")
        if self.text == "own" and self.task == "characters" and len(self.own_text.strip()) < FEWEST:
            given = f"{len(self.own_text.strip())} characters" if self.own_text.strip() else "no text"
            rule = f"must have at least {FEWEST} characters to learn from"
            attempt = "pasting a page of a book, or choosing a text"
            yield "own_text", InvalidInput(f"{name}.own_text", rule, given, attempt)
        if self.reading and self.task not in OF_TOKENS:
            rule = "goes only with tasks that read letters or words"
            yield "reading", InvalidInput(f"{name}.reading", rule, TASKS[self.task], "leaving it empty")
        if self.writes and not self.streams:
            rule = "goes only with a text, where what comes next is the answer"
            yield "writes", InvalidInput(f"{name}.writes", rule, TASKS[self.task], "leaving it off")

    @property
    def pattern(self) -> str:
        """`every`, `last` or `decoder`: where answers are asked for."""
        return PATTERNS.get(self.task, "every")

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def streams(self) -> bool:
        """Whether the data are one long text, read on from step to step."""
        return self.task == "characters"
