"""What textbooks say about small networks, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "xor-needs-a-hidden-layer",
        "A linear model cannot separate xor; one hidden layer can.",
        "For five seeds, train a network without hidden layers and one with a hidden layer of eight tanh units on the "
        "same xor points, 1,000 steps of Adam each. Beside them, search every direction for the best line there is.",
        _experiment("separation"),
    ),
    Claim(
        "sigmoid-loses-the-gradient",
        "A deep sigmoid network loses its gradient on the way back; ReLU keeps it.",
        "For four seeds, build six hidden layers of eight units on the circle: sigmoid with torch's first weights, "
        "ReLU with torch's first weights, and ReLU with He's. Compare the gradient of the first layer with that of the "
        "last, before training and after 1,200 steps of SGD, and count the test points that come out right.",
        _experiment("depth"),
    ),
    Claim(
        "leaky-relu-recovers",
        "A ReLU network whose units have died recovers with leaky ReLU.",
        "For six seeds, kill a ReLU network on the circle with 300 steps at a learning rate of 3. Then go on from the "
        "same weights at 0.3 for 1,200 steps, once with ReLU and once with leaky ReLU, and compare.",
        _experiment("dying"),
    ),
    Claim(
        "l1-makes-exact-zeros",
        "L1 makes weights exactly zero where L2 only shrinks them.",
        "For three seeds, train a hidden layer of eight on the circle with all seven features, 1,500 steps of SGD: "
        "without a penalty, with L2, with L1 by the plain subgradient, and with L1 by the proximal step. Count the "
        "weights that are exactly zero.",
        _experiment("sparsity"),
    ),
    Claim(
        "larger-networks-overfit",
        "A larger network overfits noisy data, and L2 narrows the gap between training and test.",
        "For eight seeds, train on 60 noisy xor points, 800 steps of Adam: three hidden units; three layers of eight; "
        "and the same three layers with L2 of 0.03. The gap is test loss minus training loss, on 340 test points; the "
        "interval is Student's t, 95 %, for the difference between two networks on the same points.",
        _experiment("overfitting"),
    ),
)
