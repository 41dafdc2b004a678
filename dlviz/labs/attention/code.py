"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

The functions that make the data, the network and the loss are copied as they stand, so that they cannot differ; the
training is written out for the one spec at hand, without what that spec does not use.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from dlviz.core import spec as specs
from dlviz.data import sequences, texts, translations
from dlviz.labs.attention import layers, masks, measuring, model, position
from dlviz.labs.attention.run import STEPS_BETWEEN
from dlviz.labs.attention.spec import MOST_TOKENS, TASKS, AttentionSpec
from dlviz.labs.attention.tasks import latin, puzzles, text
from dlviz.training import answers
from dlviz.training.parameters import MOMENTUM

# What a script of the task copies (its module, constants, functions), and how it then makes the data.
DATA: dict[str, tuple[Any, tuple[str, ...], tuple[Callable[..., Any], ...], str]] = {
    "repeats": (puzzles, ("HELD_BACK", "LETTERS"), (puzzles.repeats, puzzles._task),
                "repeats(spec.examples, spec.length, generator)"),
    "reverse": (puzzles, ("HELD_BACK", "LETTERS"), (puzzles.reverse, puzzles._task),
                "reverse(spec.examples, spec.length, generator)"),
    "neighbours": (puzzles, ("HELD_BACK", "DIGITS", "SIDES"), (puzzles.neighbours, puzzles._task),
                   "neighbours(spec.examples, spec.length, generator)"),
    "who": (puzzles, ("HELD_BACK", "ROLES", "NOUNS", "VERBS", "BEFORE", "BETWEEN"), (puzzles.who, puzzles._task),
            "who(spec.examples, generator)"),
    "digit_words": (translations, ("HELD_BACK", "BEGIN", "END", "UNITS", "TENS", "LARGEST"),
                    (translations.digit_words, translations.in_words, translations.translation),
                    "digit_words(spec.examples, generator)"),
    "dates": (translations, ("HELD_BACK", "BEGIN", "END", "MONTHS", "SHORT", "YEARS"),
              (translations.dates, translations.translation), "dates(spec.examples, generator)"),
    "pig_latin": (latin, ("VOWELS", "SHORTEST", "LONGEST"),
                  (latin.pig_latin, latin.latin, latin.words, translations.translation),
                  "pig_latin(spec.examples, generator)"),
    "characters": (text, ("TRAIN", "VALIDATION"), (text.characters, text.pieces), "characters(spec.text, spec.length)"),
}  # fmt: skip
SHARED = (sequences.Sequences, sequences.Task, sequences.split, sequences.padded, sequences.pick, sequences.whole,
          sequences.entropy)  # fmt: skip


def script(spec: AttentionSpec, steps: int = 600) -> str:
    """A script without dlviz that trains this spec from step 0 for `steps` steps.

    It prints step, training loss and validation loss at step 0 and at every epoch's end that `AttentionRun` measures,
    as it measures them. Settings that were changed under way count as if they had held from the start.
    """
    parts = [_head(spec, steps), _data(spec), _network(spec), _training(spec)]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(spec: AttentionSpec, steps: int) -> str:
    left_out = {"text", "example", "reading", "clip_at", "optimizer"} - (
        {"text"} if spec.task == "characters" else set()
    )
    values = {name: value for name, value in specs.values(spec).items() if name not in left_out}
    settings = "\n".join(f"    {name}={value!r}," for name, value in (values | {"masked": spec.masked}).items())
    return f'''
"""{TASKS[spec.task]}: a Transformer learns it.

Needs {"torch and gensim" if _reads_news(spec) else "torch"}. Prints step, training loss, validation loss.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

STEPS = {steps}
spec = SimpleNamespace(
{settings}
)
torch.set_num_threads(1)  # sums in another order would print other last digits
'''


# --- the data ------------------------------------------------------------------------------------

BESIDE = '''
def beside(package: str, file: str, words: str) -> Path:
    """A file that comes inside a package."""
    return Path(find_spec(package).origin).parent / file
'''
# A text is read as `dlviz.data.texts` reads it; of the two that are files, one comes with dlviz.
READERS: dict[str, Callable[[], str]] = {
    "python": texts._python, "manual": texts._manual, "news": texts._news, "brackets": texts._brackets,
}  # fmt: skip


def _reads_news(spec: AttentionSpec) -> bool:
    return spec.task == "pig_latin" or (spec.task == "characters" and spec.text == "news")


def _data(spec: AttentionSpec) -> str:
    module, constants, functions, made = DATA[spec.task]
    known = {name: getattr(module, name) for name in constants}
    if spec.task == "pig_latin":
        known |= {name: getattr(translations, name) for name in ("HELD_BACK", "BEGIN", "END")}
    sources = [_bare(thing) for thing in SHARED]
    if spec.task in ("characters", "pig_latin"):
        name = spec.text if spec.task == "characters" else "news"
        known |= {"RARE": texts.RARE, "LONG": texts.LONG}
        sources += [BESIDE.strip(), _shipped(name)]
    sources += [_bare(function) for function in functions]
    constants_text = "\n".join(f"{name} = {value!r}" for name, value in known.items())
    head = (
        f"# --- the data ---\n\nIGNORED = {sequences.IGNORED}\n"
        f'Pattern = Literal["every", "last", "decoder"]\n{constants_text}'
    )
    return "\n\n\n".join([head, *sources, f"generator = Generator().manual_seed(spec.seed)\ntask = {made}"])


def _shipped(name: str) -> str:
    """`texts.shipped` for the one text that is read."""
    reader = READERS[name]
    whole = _bare(texts.shipped.__wrapped__)
    whole = re.sub(r"text = normal\(\{.*\}\[name\]\(\)\)\[:LONGEST\]",
                   f"text = normal({reader.__name__}())[:{texts.LONGEST}]", whole)  # fmt: skip
    source = _bare(reader)
    if name == "python":
        source = source.replace('(ASSETS / "python.txt")', 'Path("python.txt")')
    return "\n\n\n".join([_bare(texts.normal), source, whole])


def _bare(thing: Any) -> str:
    """A function or a class as it stands, without the names of the modules that stand in one file here."""
    source = inspect.getsource(thing).strip("\n")
    return re.sub(r"(?<![\w.])(?:position|masks|translations)\.(?=[a-z])", "", source)


# --- the network ---------------------------------------------------------------------------------


def _network(spec: AttentionSpec) -> str:
    kind = model.Translator if spec.pattern == "decoder" else model.Reader
    things: list[Any] = [masks.hidden, masks.of_spec, masks.of_padding, masks.read]
    placing: dict[str, list[Any]] = {"sinusoidal": [position.sinusoidal], "rope": [position.rotated],
                                     "alibi": [position.slopes, position.distance_bias]}  # fmt: skip
    things += placing.get(spec.position, [])
    things += [layers.Tap, layers.Attention, layers.FeedForward, layers.Added, layers.Block, model.Stack, kind]
    name = {"adam": "Adam", "sgd": "SGD", "momentum": "SGD"}[spec.optimizer]
    extra = f", momentum={MOMENTUM}" if spec.optimizer == "momentum" else ""
    sources = "\n\n\n".join(_bare(thing) for thing in things)
    return f"""
# --- the network ---

BASE = {position.BASE}
MOST_TOKENS = {MOST_TOKENS}
EMBEDDING_SPREAD = {model.EMBEDDING_SPREAD}
BEGIN_ID = {translations.BEGIN_ID}  # the token that a decoder reads first


{sources}


torch.manual_seed(spec.seed)  # fixes the first weights
network = {kind.__name__}(spec, task)
for module in network.modules():
    if isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=EMBEDDING_SPREAD)
optimizer = torch.optim.{name}(network.parameters(), lr={spec.learning_rate!r}{extra})
"""


# --- training ------------------------------------------------------------------------------------

LOOP = """
order_generator = Generator().manual_seed(spec.seed + 1)
{dropping}steps_per_epoch = math.ceil(len(task.train) / spec.batch_size)


def report(step: int) -> None:
    network.eval()
    with torch.no_grad():
        found = []
        for part in (task.train, task.validation):
            some = sample(part)
            found.append(float(loss_between(answers_of(network, some), some.targets, task)))
    network.train()
    print(step, *found, flush=True)


def train() -> None:
    step = epochs = 0
    report(step)
    while True:
        order = torch.randperm(len(task.train), generator=order_generator)
        for batch in order.split(spec.batch_size):
            if step == STEPS:
                return
            optimizer.zero_grad()
{seeding}            loss = loss_of(network, task, task.train[batch])
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), {clip_at!r})
            optimizer.step()
            step += 1
        epochs += 1
        if epochs % math.ceil({between} / steps_per_epoch) == 0:
            report(step)


train()
"""


def _training(spec: AttentionSpec) -> str:
    things: list[Any] = [answers.loss_between, answers.sample]
    things += [translations.shifted] if spec.pattern == "decoder" else []
    things += [measuring.answers_of, measuring.loss_of]
    sources = "\n\n\n".join(_bare(thing) for thing in things)
    absent = "Reader" if spec.pattern == "decoder" else "Translator"
    seeding = "            torch.manual_seed(int(torch.randint(2**31, (), generator=dropout_generator)))\n"
    dropping = "dropout_generator = Generator().manual_seed(spec.seed + 2)\n"
    loop = LOOP.format(between=STEPS_BETWEEN, clip_at=spec.clip_at, seeding=seeding if spec.dropout else "",
                       dropping=dropping if spec.dropout else "")  # fmt: skip
    return f"""
# --- training ---

STEPS_MEASURED = {answers.STEPS_MEASURED}


class {absent}:
    \"\"\"Not used here: a function below asks which of the two a network is.\"\"\"


{sources}

{loop}"""
