"""What textbooks say about convolutional networks, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "forgetting-eval",
        "Forgetting model.eval() changes the answers.",
        "For four seeds, train the default network for 110 steps, then read 500 test digits in evaluation mode and in "
        "training mode: mixed in batches of 50, sorted by class in batches of 50, and one at a time. Count the answers "
        "that differ from those of evaluation mode, and those that differ when the same batches are read once more.",
        _experiment("forgetting"),
    ),
    Claim(
        "batch-norm-tolerates",
        "Batch norm tolerates a ten times higher learning rate.",
        "For three seeds, train two blocks of 8 and 16 maps on digits of 8 × 8 by plain SGD for 220 steps, with batch "
        "norm and without, at learning rates 0.03, 0.1, 0.3, 1 and 3. A rate is tolerated where at least 80 % of "
        "the test digits come out right. Compare the highest tolerated rates.",
        _experiment("rates"),
    ),
    Claim(
        "cnn-beats-dense",
        "A convolutional network beats a dense one of the same size, and more so on shifted digits.",
        "For five seeds, train two blocks of 8 and 16 maps with a dense layer of 32, and a network with one hidden "
        "layer of as many parameters, on the same 3,500 digits for 330 steps of Adam. Read 1,000 others as they are "
        "and moved by three cells in four directions. Paired intervals, Student's t, 95 %.",
        _experiment("shifting"),
    ),
    Claim(
        "dropout-narrows-the-gap",
        "Dropout narrows the gap between training and test.",
        "For six seeds, train one block of 4 maps and two dense layers of 128 on 200 digits for 300 steps, without "
        "dropout and with half of the dense units left out of each step. Compare accuracy and cross-entropy on the "
        "training digits with those on 1,000 others. Paired intervals, Student's t, 95 %.",
        _experiment("dropout"),
    ),
    Claim(
        "augmentation-helps",
        "Augmentation helps where pictures are few.",
        "For five seeds, train two blocks on 500 digits, as they are and moved by up to two cells and turned by up to "
        "10 degrees anew each time: digits of 28 × 28 for 400 steps, and those of 8 × 8, where two cells are a quarter "
        "of the side, for 300. Compare the shares of test digits that come out right. Paired intervals, 95 %.",
        _experiment("augmentation"),
    ),
    Claim(
        "early-layers-edges",
        "Early layers look for edges.",
        "For four seeds, train two layers of 16 maps with 7 × 7 kernels on the digits for 200 steps, without batch "
        "norm and with it. Fit 648 Gabor functions, which differ in angle, wave length, width and place, to every "
        "kernel, height and phase free, and compare the share of its variance that the best one explains: with the "
        "same kernels before training, and with those of the second layer. Paired intervals, 95 %.",
        _experiment("edges"),
    ),
    Claim(
        "guided-backprop-survives",
        "Guided Backprop survives randomization where Grad-CAM does not.",
        "For four seeds, train three blocks on the coloured shapes for 300 steps and the default network on the digits "
        "for 110. Make the layers above the convolutions random, then all of them, and compare the maps of 12 test "
        "pictures with those of the trained network by Spearman's rank correlation, as Adebayo et al. did in 2018. A "
        "map survives where the correlation stays above 0.5. Paired intervals, 95 %.",
        _experiment("randomizing"),
    ),
)
