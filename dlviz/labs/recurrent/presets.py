"""Settings worth seeing, each with what to watch. A test tries every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset

PRESETS = (
    # --- the four patterns: one answer a step, one answer in all, another length, text from a single letter ---
    Preset(
        "tagging",
        "Many to many: parts of speech",
        "An answer at each step, with the words before it only: after 200 steps more than nine of ten tags are right.",
        {"task": "tagging", "hidden_size": 32},
    ),
    Preset(
        "sentiment",
        "Many to one: friendly or not",
        "One answer after the last word; what follows *but* decides, and *not* turns it round. Right within 300 steps.",
        {"task": "sentiment", "hidden_size": 32},
    ),
    Preset(
        "dates",
        "Many to many of another length: dates",
        "An encoder reads the date, a decoder writes it anew; after 500 steps most are written without a mistake.",
        {"task": "dates", "hidden_size": 96, "learning_rate": 0.01, "batch_size": 32},
    ),
    Preset(
        "brackets-text",
        "One to many: text with nested brackets",
        "Start it with one bracket and let it write. After 300 steps it closes brackets with the right kind.",
        {"text": "brackets", "hidden_size": 48, "learning_rate": 0.01, "reading": "(", "writes": True},
    ),
    # --- memory ---
    Preset(
        "copy",
        "Copy after a delay",
        "Four symbols, ten blanks, then say them. Nothing seems to happen for some hundred steps; then it finds out.",
        {"task": "copy", "lag": 10, "hidden_size": 32, "learning_rate": 0.01, "truncation": 200, "forget_bias": 3.0},
    ),
    Preset(
        "adding",
        "Add two numbers of thirty",
        "An LSTM learns within 800 steps which two of thirty numbers are marked; always saying 1 leaves 0.167.",
        {"task": "adding", "lag": 30, "hidden_size": 24, "learning_rate": 0.01, "truncation": 200, "batch_size": 32,
         "examples": 3000},
    ),
    Preset(
        "adding-rnn",
        "The same with an RNN",
        "A plain RNN of the same size stays near the error of guessing, however long one waits.",
        {"task": "adding", "cell": "rnn", "lag": 30, "hidden_size": 24, "learning_rate": 0.005, "truncation": 200,
         "batch_size": 32, "examples": 3000},
        fails=True,
    ),
    Preset(
        "short-sight",
        "A gradient of five steps",
        "The gradient ends five steps back, the delay is ten. What is kept is kept by chance: half is right.",
        {"task": "copy", "lag": 10, "hidden_size": 32, "learning_rate": 0.01, "truncation": 5, "forget_bias": 3.0},
        fails=True,
    ),
    # --- machines with few states ---
    Preset(
        "parity",
        "Two states: odd or even",
        "Eight units of a plain RNN become a switch: one bit flips all that follows. All right after 250 steps.",
        {"task": "parity", "cell": "rnn", "hidden_size": 8, "learning_rate": 0.02},
    ),
    Preset(
        "depth",
        "A counter: open brackets",
        "The cell state counts up and down. Sort the units by depth in *Gates* and find the one that does it.",
        {"task": "brackets", "hidden_size": 16, "learning_rate": 0.01},
    ),
    # --- gradients ---
    Preset(
        "exploding",
        "A run that explodes",
        "Recurrent weights of twice a rotation, no clipping: the norm of the gradient grows until the run is lost.",
        {"task": "adding", "cell": "rnn", "lag": 50, "hidden_size": 24, "initial": "orthogonal", "gain": 2.0,
         "optimizer": "sgd", "learning_rate": 0.05, "truncation": 200, "clipping": "none"},
        fails=True,
    ),
    Preset(
        "clipped",
        "The same, clipped by norm",
        "Norms of thousands are cut to 1, direction kept. The run survives; learning is another matter.",
        {"task": "adding", "cell": "rnn", "lag": 50, "hidden_size": 24, "initial": "orthogonal", "gain": 2.0,
         "optimizer": "sgd", "learning_rate": 0.05, "truncation": 200, "clipping": "norm"},
    ),
    # --- more ---
    Preset(
        "both-directions",
        "Reading from both ends",
        "The clue may come later (*fish in the river swim*): a second cell reads from the end.",
        {"task": "tagging", "bidirectional": True, "hidden_size": 16},
    ),
    Preset(
        "digit-words",
        "three hundred and five",
        "Number words to digits, letter by letter; after 500 steps nine of ten are written without a mistake.",
        {"task": "digit_words", "learning_rate": 0.01, "batch_size": 32},
    ),
    Preset(
        "sines",
        "Sine waves",
        "The first steps tell period and phase; from then on the next value is nearly known.",
        {"task": "sines", "lag": 60, "hidden_size": 16, "learning_rate": 0.01},
    ),
    Preset(
        "weather",
        "Tomorrow's temperature",
        "Hard to beat: saying that tomorrow is as warm as today is hardly worse than the network after 300 steps.",
        {"task": "weather", "lag": 30, "hidden_size": 16},
    ),
)  # fmt: skip
