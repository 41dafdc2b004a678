"""The run as a plain PyTorch script: what a student takes home. It prints the same losses to the digit.

The functions that make the data, the network and the loss are copied as they stand, so that they cannot differ; the
training is written out for the one spec at hand, without what that spec does not use.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from dlviz.core import spec as specs
from dlviz.data import sequences, texts, translations
from dlviz.labs.recurrent import learning, measuring, model
from dlviz.labs.recurrent.run import STEPS_BETWEEN
from dlviz.labs.recurrent.spec import TASKS, RecurrentSpec
from dlviz.labs.recurrent.tasks import characters, sentiment, series, tagging, toys
from dlviz.training import answers
from dlviz.training.parameters import MOMENTUM

# What a script of the task copies: functions and classes, and the constants they use.
DATA: dict[str, tuple[Any, tuple[str, ...], tuple[Callable[..., Any], ...]]] = {
    "characters": (
        characters, ("WINDOW", "TRAIN", "VALIDATION"),
        (texts.normal, characters._windows),
    ),
    "sentiment": (
        sentiment, ("HELD_BACK", "RATED", "WORDS", "THINGS", "FILLERS", "CLASSES"),
        (sentiment.sentiment, sentiment.sentence, sentiment._clause),
    ),
    "tagging": (
        tagging, ("HELD_BACK", "TAGS", "EITHER", "WORDS", "TAG_OF"),
        (tagging.tagging, tagging.sentence, tagging._sentence, tagging._rest, tagging._thing, tagging._maybe),
    ),
    "dates": (
        translations, ("HELD_BACK", "BEGIN", "END", "MONTHS", "SHORT", "YEARS"),
        (translations.dates, translations.translation),
    ),
    "digit_words": (
        translations, ("HELD_BACK", "BEGIN", "END", "UNITS", "TENS", "LARGEST"),
        (translations.digit_words, translations.in_words, translations.translation),
    ),
    "weather": (
        series, ("TEST_YEAR", "VALIDATION_YEAR"),
        (series.temperatures, series.weather, series._windows, series._pairs),
    ),
    "sines": (series, ("HELD_BACK", "PERIODS", "NOISE"), (series.sines, series._pairs)),
    "copy": (toys, ("SYMBOLS", "REMEMBERED", "BLANK", "GO", "HELD_BACK"), (toys.copy, toys._task)),
    "adding": (toys, ("HELD_BACK",), (toys.adding, toys._task)),
    "brackets": (toys, ("HELD_BACK", "DEEPEST"), (toys.brackets, toys._task)),
    "parity": (toys, ("HELD_BACK",), (toys.parity, toys._task)),
}  # fmt: skip
OPTIMIZERS = {"adam": ("Adam", ""), "sgd": ("SGD", ""), "momentum": ("SGD", f", momentum={MOMENTUM}")}
SHARED = (sequences.Sequences, sequences.Task, sequences.split, sequences.padded, sequences.pick, sequences.whole,
          sequences.entropy)  # fmt: skip


def script(spec: RecurrentSpec, steps: int = 600) -> str:
    """A script without dlviz that trains this spec from step 0 for `steps` steps.

    It prints step, training loss and validation loss at step 0 and at every epoch's end that `RecurrentRun` measures,
    as it measures them. Settings that were changed under way count as if they had held from the start.
    """
    parts = [_head(spec, steps), _data(spec), _network(spec), _training(spec)]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(spec: RecurrentSpec, steps: int) -> str:
    needs = {"weather": "torch and vega-datasets", "sentiment": "torch and vaderSentiment"}.get(spec.task, "torch")
    if spec.task == "characters" and spec.text == "news":
        needs = "torch and gensim"
    return f'''
"""{TASKS[spec.task]}: a recurrent network learns it.

Needs {needs}. Prints step, training loss, validation loss.
"""

from __future__ import annotations

import calendar
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

STEPS = {steps}
spec = SimpleNamespace(
{_settings(spec)}
)
torch.set_num_threads(1)  # sums in another order would print other last digits
'''


def _settings(spec: RecurrentSpec) -> str:
    left_out = {"text", "own_text", "example", "reading", "writes", "clipping", "clip_at", "optimizer"}
    values = {name: value for name, value in specs.values(spec).items() if name not in left_out}
    values["directions"] = spec.directions
    return "\n".join(f"    {name}={value!r}," for name, value in values.items())


# --- the data ------------------------------------------------------------------------------------

TEXTS = {
    "python": 'text = normal(Path("python.txt").read_text(encoding="utf-8"))  # assets/recurrent/python.txt of dlviz',
    "manual": """from pydoc_data import topics

text = normal("\\n\\n".join(text for _, text in sorted(topics.topics.items())))""",
    "news": """news = Path(find_spec("gensim").origin).parent / "test/test_data/lee_background.cor"
text = normal(news.read_text(encoding="utf-8"))""",
    "brackets": "{source}\n\n\ntext = normal(_brackets())",
}

CHARACTERS = """
vocabulary = tuple(sorted(set(text)))
ids = {letter: at for at, letter in enumerate(vocabulary)}
coded = torch.tensor([ids[letter] for letter in text])
first, second = int(len(coded) * TRAIN), int(len(coded) * (TRAIN + VALIDATION))
stream = coded[:first]
chance = entropy(stream, len(vocabulary))
train, validation, test = (_windows(part) for part in (stream, coded[first - 1 : second], coded[second - 1 :]))
task = Task("every", vocabulary, vocabulary, train, validation, test, chance, "", stream=stream)
"""

RARE = f"""
text = text[:{texts.LONGEST}]
if len(text) >= {texts.LONG}:
    rare = {{letter for letter in set(text) if text.count(letter) < {texts.RARE}}}
    text = "".join(letter for letter in text if letter not in rare)
"""

BESIDE = '''
def beside(package: str, file: str, words: str) -> Path:
    """A file that comes inside a package."""
    return Path(find_spec(package).origin).parent / file
'''


def _data(spec: RecurrentSpec) -> str:
    module, constants, functions = DATA[spec.task]
    known = "\n".join(f"{name} = {getattr(module, name)!r}" for name in constants)
    shared = "\n\n\n".join(_bare(thing) for thing in SHARED)
    own = "\n\n\n".join(_bare(function) for function in functions)
    head = (
        f'# --- the data ---\n\nIGNORED = {sequences.IGNORED}\nPattern = Literal["every", "last", "decoder"]\n{known}'
    )
    if spec.task == "characters":
        made = f"{_text(spec)}\n{'' if spec.text == 'own' else RARE.strip()}\n{CHARACTERS.strip()}"
    elif spec.task == "sentiment":
        own = f"{BESIDE.strip()}\n\n\n{_bare(sentiment.lexicon)}\n\n\n{own}"
        made = "task = sentiment(spec, Generator().manual_seed(spec.seed))"
    else:
        maker = functions[1 if spec.task == "weather" else 0].__name__
        given = "spec.examples" if spec.pattern == "decoder" else "spec"
        made = f"task = {maker}({given}, Generator().manual_seed(spec.seed))"
    return f"{head}\n\n\n{shared}\n\n\n{own}\n\n\n{made}"


def _text(spec: RecurrentSpec) -> str:
    if spec.text == "own":
        return f"text = normal({spec.own_text!r})"
    source = _bare(texts._brackets)
    return TEXTS[spec.text].replace("{source}", source)


def _bare(thing: Any) -> str:
    """A function or a class as it stands."""
    return inspect.getsource(thing).strip("\n")


# --- the network ---------------------------------------------------------------------------------


def _network(spec: RecurrentSpec) -> str:
    translates = spec.pattern == "decoder"
    things: list[Any] = [model._core, model.run_through, model.Translator if translates else model.Reader]
    things += [] if translates else [model.last_hidden]
    name, extra = {"adam": ("Adam", ""), "sgd": ("SGD", ""), "momentum": ("SGD", f", momentum={MOMENTUM}")}[
        spec.optimizer
    ]
    sources = "\n\n\n".join(_bare(thing) for thing in things)
    return f"""
# --- the network ---

CELLS = {{"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}}
State = Tensor | tuple[Tensor, Tensor] | None
BEGIN = 0  # the token that a decoder reads first


{sources}


torch.manual_seed(spec.seed)  # fixes the first weights
network = {"Translator" if translates else "Reader"}(spec, task)
optimizer = torch.optim.{name}(network.parameters(), lr=spec.learning_rate{extra})
"""


# --- training ------------------------------------------------------------------------------------

STREAM = """
streams = max(1, min(spec.batch_size, len(task.stream) // 2))
length = max(2, len(task.stream) // streams)
text = task.stream[: length * streams].reshape(streams, length)  # pieces that are read side by side
steps_per_epoch = math.ceil((length - 1) / spec.truncation)
state = None


def epoch():
    \"\"\"The text from its beginning, a piece at a time; the state goes on, the gradient does not.\"\"\"
    global state
    state = None
    for at in range(0, length - 1, spec.truncation):
        end = min(at + spec.truncation, length - 1)
{seeding}        answers, state = network(text[:, at:end], None, state)
        state = detached(state)
        yield loss_between(answers, text[:, at + 1 : end + 1], task)
"""

BATCHES = """
order_generator = Generator().manual_seed(spec.seed + 1)
steps_per_epoch = math.ceil(len(task.train) / spec.batch_size)


def epoch():
    \"\"\"All training sequences once, in another order each time.\"\"\"
    order = torch.randperm(len(task.train), generator=order_generator)
    for batch in order.split(spec.batch_size):
{seeding}        yield loss_of(network, task, task.train[batch], spec.truncation)
"""

DROPPING = """
dropout_generator = Generator().manual_seed(spec.seed + 2)
"""

LOOP = """

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
    epochs_between = math.ceil({between} / steps_per_epoch)
    report(step)
    while True:
        batches = epoch()
        while True:
            if step == STEPS:
                return
            optimizer.zero_grad()
            loss = next(batches, None)
            if loss is None:
                break
            loss.backward()
{clipping}            optimizer.step()
            step += 1
        epochs += 1
        if epochs % epochs_between == 0:
            report(step)


train()
"""


def _training(spec: RecurrentSpec) -> str:
    things: list[Any] = [answers.loss_between, learning.detached]
    if spec.pattern == "decoder":
        things += [translations.shifted]
    if not spec.streams:
        things += [learning.loss_of, learning.cut_answers]
    things += [answers.sample, measuring.answers_of]
    sources = "\n\n\n".join(_bare(thing) for thing in things)
    absent = "Reader" if spec.pattern == "decoder" else "Translator"
    clipping = {
        "none": "",
        "norm": f"            nn.utils.clip_grad_norm_(network.parameters(), {spec.clip_at!r})\n",
        "value": f"            nn.utils.clip_grad_value_(network.parameters(), {spec.clip_at!r})\n",
    }[spec.clipping]
    seeding = "        torch.manual_seed(int(torch.randint(2**31, (), generator=dropout_generator)))\n"
    loop = LOOP.format(between=STEPS_BETWEEN, clipping=clipping)
    epoch = (STREAM if spec.streams else BATCHES).replace("{seeding}", seeding if spec.dropout else "")
    return f"""
# --- training ---

STEPS_MEASURED = {answers.STEPS_MEASURED}


class {absent}:
    \"\"\"Not used here: the functions below ask which of the two a network is.\"\"\"


{sources}

{DROPPING if spec.dropout else ""}{epoch}{loop}"""
