"""What textbooks say about autoencoders, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "holes",
        "An autoencoder's latent space has holes where a VAE's does not.",
        "Train both on digits of 8 × 8 cells with codes of 2 and of 16 numbers, for three seeds. Decode codes drawn "
        "from N(0, 1), and evenly over the range of each one's codes. Measure how far what comes out is from the "
        "nearest training picture, beside how far test pictures are, and how much of it a classifier is sure of.",
        _experiment("holes"),
    ),
    Claim(
        "disentangling",
        "A higher β disentangles the factors, and blurs.",
        "Train a VAE of six numbers on sprites of which place, size, hue and turn are known, for β of 0.1, 1, 5 and "
        "20 and two seeds. Measure how much more the best number of the code knows about each factor than the second "
        "best (the mutual information gap), the squared error, and the energy of edges beside that of the pictures.",
        _experiment("disentangling"),
    ),
    Claim(
        "beats-pca",
        "A nonlinear autoencoder beats PCA with a code of the same size.",
        "On digits of 8 × 8 cells compress the test pictures to 2, 4, 8 and 16 numbers: by PCA of the training "
        "pictures, and by an autoencoder with a hidden layer of 64 units, 1,500 steps, three seeds. Compare errors.",
        _experiment("compressing"),
    ),
    Claim(
        "linear-pca",
        "A linear autoencoder finds the subspace of PCA.",
        "Train an autoencoder without any activation on digits of 8 × 8 cells for the squared error, with 2 and with 4 "
        "numbers to a code, three seeds. After 2,500 and after 3,500 steps measure the error beside that of PCA and "
        "the largest angle between the subspace that it decodes into and that of PCA.",
        _experiment("linear"),
    ),
    Claim(
        "two-answers",
        "The squared error blurs where two answers are possible.",
        "Train a network to say the lower half of a digit from its upper half, by the squared error, for three seeds. "
        "Beside it a case in the clear: a bar that stands left or right by chance, with the same input for both. "
        "Compare edges of answers and of true pictures, and the answer with the mean of both bars.",
        _experiment("averaging"),
    ),
    Claim(
        "collapse",
        "Too high a β makes numbers of the code collapse.",
        "On digits of 8 × 8 cells train VAEs of eight numbers, for β from 0.1 to 16 and two seeds. Count the numbers "
        "that are in use (their mean varies by more than 0.01 over pictures) and watch KL and squared error.",
        _experiment("collapsing"),
    ),
    Claim(
        "denoising",
        "A denoising autoencoder learns what the data are like; an overcomplete plain one only copies.",
        "On digits of 8 × 8 cells train autoencoders with a code of 128 numbers, twice as many as there are cells: a "
        "linear one, a plain one with hidden layers and a denoising one, three seeds. Show them test digits, damaged "
        "digits and digits whose cells are shuffled, and measure what comes back; then read digits from 50 codes.",
        _experiment("copying"),
    ),
)
