"""Settings worth seeing, each with what to watch. A test tries every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset

PRESETS = (
    # --- one way of attending each ---
    Preset(
        "reverse",
        "Backwards: one head, one layer",
        "The pattern of the only head becomes a line from corner to corner; after 200 steps 99 % are right.",
        {"task": "reverse", "layers": 1, "heads": 1, "feed_forward": 0, "length": 16},
    ),
    Preset(
        "neighbours",
        "Two heads for two neighbours",
        "One head comes to look left, the other right; after 600 steps nine of ten answers are right.",
        {"task": "neighbours", "layers": 1, "heads": 2, "width": 16, "feed_forward": 0, "length": 12},
    ),
    Preset(
        "neighbours-one-head",
        "One head for two neighbours",
        "As wide, as many parameters, one row of weights for both: after 600 steps a fifth of the answers is wrong.",
        {"task": "neighbours", "layers": 1, "heads": 1, "width": 16, "feed_forward": 0, "length": 12},
        fails=True,
    ),
    Preset(
        "induction-only",
        "Attention alone",
        "Without any feed-forward network two layers still find the passage again: right for nine of ten in 400 steps.",
        {"feed_forward": 0},
    ),
    Preset(
        "one-layer",
        "One layer cannot do it",
        "Finding what followed the same letter takes two heads in a row; a single layer is stuck after 400 steps.",
        {"layers": 1},
        fails=True,
    ),
    # --- order ---
    Preset(
        "who",
        "Who does it to whom",
        "Cats love dogs, dogs love cats: the same words. With positions it is right within 100 steps.",
        {"task": "who", "layers": 1, "heads": 2, "width": 16},
    ),
    Preset(
        "who-blind",
        "The same without positions",
        "Half of the answers are right, as by tossing a coin, however long one waits: the order cannot be seen.",
        {"task": "who", "layers": 1, "heads": 2, "width": 16, "position": "none"},
        fails=True,
    ),
    Preset(
        "rope",
        "RoPE: positions as rotations",
        "Nothing is added to the tokens; queries and keys are turned. It finds the passage again within 400 steps.",
        {"position": "rope"},
    ),
    # --- masks ---
    Preset(
        "cheating",
        "Looking ahead",
        "Without the causal mask the answer stands in the next column: every letter is right, and nothing was learned.",
        {"mask": "none"},
        fails=True,
    ),
    Preset(
        "window",
        "A window of one",
        "Each digit sees itself and its two neighbours. That is all this task needs.",
        {"task": "neighbours", "layers": 1, "heads": 2, "width": 16, "length": 12, "mask": "window", "window": 1},
    ),
    # --- text and translation ---
    Preset(
        "text",
        "Write text",
        "Letters of the news, one by one. After 600 steps it is a nat better than the letters' frequencies.",
        {"task": "characters", "length": 32, "width": 48, "feed_forward": 96},
    ),
    Preset(
        "digit-words",
        "Number words to digits",
        "An encoder and a decoder: the cross-attention shows where each digit is read. Learned in 300 steps.",
        {"task": "digit_words"},
    ),
    Preset(
        "dates",
        "Dates to one form",
        "The year is written first, wherever it stood. After 500 steps nine of ten dates are wholly right.",
        {"task": "dates"},
    ),
    Preset(
        "pig-latin",
        "Pig Latin",
        "The beginning of a word goes to its end: see the cross-attention jump. Four of five after 600 steps.",
        {"task": "pig_latin"},
    ),
    # --- what keeps training steady ---
    Preset(
        "unscaled",
        "Without √d",
        "A head of 128 numbers whose scores are not divided: its rows are almost one-hot from the start.",
        {"task": "reverse", "layers": 1, "heads": 1, "width": 128, "length": 16, "scaled": False},
    ),
    Preset(
        "post-norm",
        "Deep, with the norm after the sum",
        "Four layers as in 2017, at three times the usual rate: textbooks warn, yet here it learns in 400 steps.",
        {"layers": 4, "norm": "post", "learning_rate": 0.01},
    ),
)
