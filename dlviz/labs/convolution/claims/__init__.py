"""What textbooks say about convolution, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "two-threes-see-a-five",
        "Two 3 × 3 convolutions see what a 5 × 5 sees, with fewer weights.",
        "Build both with random weights, take the gradient of one output cell with respect to the input and count the "
        "cells where it is not zero; the same for three 3 × 3 and one 7 × 7. Then ask what is lost: fit two 3 × 3 in a "
        "row, from 48 random starts, to six random 5 × 5 kernels and three named ones.",
        _experiment("stacking"),
    ),
    Claim(
        "commutes-with-translation",
        "Convolution commutes with translation.",
        "Cut two windows of 32 × 32 from a photograph, one three cells further down and right, send both through one, "
        "two and four 3 × 3 layers with random kernels, and compare the maps cell by cell where they show the same "
        "place. Five photographs, each kind of padding. Once more with a picture that comes in where it leaves.",
        _experiment("translation"),
    ),
    Claim(
        "stride-two-halves",
        "A stride of 2 halves the map.",
        "For kernels of 1 to 7 and every side from 8 to 64, with and without padding, compare the side that torch "
        "returns with half of the input's. Then move 60 digits by one to four cells and see whether the map moves "
        "with them.",
        _experiment("striding"),
    ),
    Claim(
        "pooling-tolerates-a-pixel",
        "Max pooling tolerates a shift of one pixel better than flattening does.",
        "For six splits of MNIST, fit a linear read-out in closed form on 2,500 digits and read 1,000 others as they "
        "are and moved by one pixel in four directions: from flattened pixels, pooled pixels, and maps of edges that "
        "are pooled or merely thinned out to as many numbers. Paired intervals, Student's t, 95 %.",
        _experiment("pooling"),
    ),
    Claim(
        "random-kernels-separate",
        "A network with random kernels still separates edges.",
        "For five seeds, read the direction of 1,000 noisy edges of random place and brightness, and the class of "
        "1,000 digits, with a linear read-out in closed form: from raw pixels, and behind convolution, ReLU and "
        "average pooling with 16 random 5 × 5 kernels, the same without ReLU, and with Sobel kernels instead.",
        _experiment("chance"),
    ),
    Claim(
        "learning-recovers-sobel",
        "A layer that learns from examples recovers the Sobel kernel.",
        "For three seeds, train a fresh 3 × 3 layer by SGD for 1,000 steps to answer as a hidden Sobel kernel does: on "
        "noise, on digits, on cuts from photographs and on flat grey. Measure how far its weights are from Sobel's, "
        "and how unequal the curvature of the loss is in different directions.",
        _experiment("recovering"),
    ),
)
