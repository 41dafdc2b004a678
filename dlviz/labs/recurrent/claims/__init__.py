"""What textbooks say about recurrent networks, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "lstm-keeps",
        "An LSTM keeps what an RNN loses.",
        "For three seeds, train an RNN and an LSTM of 24 units to add two marked numbers among 8 and among 30, for 400 "
        "and 800 steps of Adam at a rate that suits each. Always answering 1 leaves an error of 0.167. A task is "
        "learned where less than a fifth of that is left on numbers never trained on.",
        _experiment("keeping"),
    ),
    Claim(
        "gru-three-quarters",
        "A GRU has three quarters of an LSTM's parameters.",
        "Count the parameters of torch's own layers for 12 sizes in three forms: one layer, two, and both directions; "
        "then those of whole networks that also have an embedding and an output layer, as the text task does.",
        _experiment("counting"),
    ),
    Claim(
        "forget-bias",
        "A forget bias of 1 helps an LSTM early on.",
        "For four seeds, begin with a forget bias of 0, 1 and 3. Train 80 steps on text, and 400 on copying four "
        "symbols after eight blanks. Compare the losses on what was held back, paired by the seed.",
        _experiment("forgetting"),
    ),
    Claim(
        "clipping-rescues",
        "Clipping by norm rescues a run that explodes; clipping by value turns its direction.",
        "For three seeds, train an RNN with recurrent weights twice a rotation to add two numbers among 50, 150 steps "
        "of SGD: without clipping, by norm at 1 and by value at 0.1. A run is lost when a number is no longer finite. "
        "At each step that is clipped, measure the cosine between the gradient before and after.",
        _experiment("clipping"),
    ),
    Claim(
        "both-directions",
        "A tagger that reads in both directions is better where the clue comes later.",
        "For four seeds, train an LSTM of 32 units and one of two directions of 16 for 200 steps on the same tagged "
        "sentences. Compare, on 400 others, the words whose tag the words before leave open, and all other words.",
        _experiment("directions"),
    ),
    Claim(
        "handing-over",
        "Handing only the last state to the next layer is an error that shows itself.",
        "For three seeds, train two stacked LSTMs to tell friendly sentences, once handing all states of the first to "
        "the second, once only the last ones, (sentence, unit), which torch takes for one long sequence. "
        "Read 400 others in two orders, and count the answers that change with the neighbours.",
        _experiment("handing"),
    ),
)
