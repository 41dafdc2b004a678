"""What textbooks say about attention, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "order-blind",
        "Without positions, self-attention does not know the order of the words.",
        "Take networks of 1, 2 and 4 layers with chance weights in float32, shuffle 24 tokens, and compare what stands "
        "at each token with what stood there before, for each way of telling positions and without a mask; then once "
        "more without positions but with a causal mask.",
        _experiment("ordering"),
    ),
    Claim(
        "saturation",
        "Without dividing by √d the softmax saturates as the heads grow.",
        "Draw queries and keys of variance 1, 32 keys to a query, for d from 1 to 1,024, and measure the entropy of "
        "the rows of weights with and without √d; and train one layer to say a row of letters backwards with both, for "
        "three seeds and a head of 16 and of 128 numbers, and look at the loss after 30 and after 150 steps.",
        _experiment("saturating"),
    ),
    Claim(
        "several-heads",
        "Several heads do what one head of the same width cannot.",
        "At each digit of a row, is its left or its right neighbour larger? One layer of width 16, with one head or "
        "two of half the size, without and with a feed-forward network of 64 units, 600 steps, four seeds.",
        _experiment("heads"),
    ),
    Claim(
        "rescue",
        "Attention rescues the encoder–decoder where sentences are long.",
        "For three seeds, train two encoder–decoders of 48 GRU units to write rows of up to eight spelled digits as "
        "digits, one that hands on its last state alone and one that may also look back, 600 steps each. Count the "
        "rows that come out right to the last letter, by their length, up to lengths never trained on.",
        _experiment("rescuing"),
    ),
    Claim(
        "induction",
        "Induction heads appear when the loss drops.",
        "Train the two-layer network on passages that come again, for three seeds, and one of a single layer beside "
        "it. Every 25 steps measure the loss and, for each head, how much it looks at what followed the same letter "
        "before. See whether both move at the same time, and whether a single layer gets there.",
        _experiment("inducing"),
    ),
    Claim(
        "faster",
        "A Transformer learns faster than an LSTM on long sequences.",
        "On passages of 24 and of 64 tokens that come again, train a Transformer and an LSTM with about as many "
        "parameters, in turns, six seconds each, and compare the loss on sequences never trained on.",
        _experiment("racing"),
    ),
)
