"""What textbooks say about GANs, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "starving",
        "A saturating generator loss starves when the discriminator is good.",
        "On the ring of 8, for three seeds: train the discriminator alone for 0, 100 and 400 steps against a generator "
        "that stands still, then measure the gradient of the generator's parameters under log(1 − D(G(z))) and under "
        "−log D(G(z)), both on the same fakes. Then train both for 400 steps with either loss and count modes.",
        _experiment("starving"),
    ),
    Claim(
        "ring",
        "The ring of 8 collapses with a plain GAN and is covered with WGAN-GP.",
        "Train on the ring of 8 for five seeds and 1,500 steps: the plain game with Adam's usual momentum of 0.9, "
        "the same with 0.5, and WGAN-GP with momentum 0.5 and three steps of the critic. Count the modes covered four "
        "times in the second half, and the good fakes.",
        _experiment("ring"),
    ),
    Claim(
        "blind",
        "The generator never sees the data: its gradient comes only through the discriminator.",
        "After 100 steps on the ring of 8, for three seeds, take the generator's gradient with the discriminator as it "
        "is, with another data set behind it, with its first layer cut (set to 0), and put together from the "
        "discriminator's slope at each fake and the generator's own derivative alone.",
        _experiment("blind"),
    ),
    Claim(
        "bug",
        "Updating the discriminator in the generator's step ruins the game.",
        "Train on the ring of 8 for three seeds and 2,000 steps, with the generator's step as it should be, and with "
        "the discriminator taking the same gradient in it. Compare modes covered, good fakes, and how well D tells "
        "real from fake.",
        _experiment("bug"),
    ),
    Claim(
        "smoothing",
        "Label smoothing steadies the discriminator.",
        "Train on the ring of 8 for five seeds and 600 steps, with labels of 1 and of 0.8 for real examples. Measure "
        "how sure D is of the real ones, the largest logit, how much its loss varies from one measurement to the "
        "next, and what the generator makes of it.",
        _experiment("smoothing"),
    ),
    Claim(
        "beside-vae",
        "A GAN's samples are sharper than a VAE's of equal training, and cover less.",
        "On digits of 8 × 8 cells train a GAN and a VAE whose maker has the same layers, for three seeds, until both "
        "have spent the same number of multiplications. Compare the energy of edges of 500 samples beside that of real "
        "pictures, and precision and recall in the features of a classifier.",
        _experiment("beside_vae"),
    ),
)
