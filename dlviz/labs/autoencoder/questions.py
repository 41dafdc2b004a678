"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="parameters",
        text="Encoder 784–256–128, then a code of 2. How many parameters has the first layer?",
        options=(
            "200,704",
            "200,960",
            "784",
            "401,920",
        ),
        answer=1,
        because=(
            "These are the weights, 784 · 256; each of the 256 units has a bias as well.",
            "(784 + 1) · 256: a weight from each pixel and a bias, for each unit.",
            "That is how many numbers go in.",
            "That would be two such layers; the decoder's last one is (256 + 1) · 784.",
        ),
    ),
    Question(
        slug="bottleneck",
        text="An autoencoder is trained to give back its input. Why is that not pointless?",
        options=(
            "Because the decoder has other weights than the encoder.",
            "Because it is trained with noise.",
            "Because the picture must pass through fewer numbers than it has, so that only what is common can be kept.",
            "Because the labels teach it what matters.",
        ),
        answer=2,
        because=(
            "Other weights alone could still pass everything through.",
            "Only the denoising one is, and it needs no narrow waist for that reason.",
            "784 numbers through 2: what comes back is what the two numbers could tell.",
            "No label is used, except by the conditional one.",
        ),
        action="plain",
    ),
    Question(
        slug="kl",
        text="A picture has μ = 0 and σ = 1 for one number of its code. What does that number cost?",
        options=(
            "1 nat",
            "½ nat",
            "0 nats",
            "log 2π nats",
        ),
        answer=2,
        because=(
            "The cost is ½ (μ² + σ² − 1 − log σ²).",
            "½ would be μ = 1 and σ = 1.",
            "½ (0 + 1 − 1 − 0) = 0: it is the prior itself, and tells the decoder nothing.",
            "The constants of both normals cancel.",
        ),
        action="collapse",
    ),
    Question(
        slug="kl-far",
        text="And with μ = 2 and σ = 1?",
        options=(
            "2 nats",
            "4 nats",
            "1 nat",
            "0 nats",
        ),
        answer=0,
        because=(
            "½ (4 + 1 − 1 − 0) = 2.",
            "The square is halved.",
            "The mean counts with its square.",
            "Far from the prior is never free.",
        ),
    ),
    Question(
        slug="trick",
        text="Why is z written as μ + σ ε?",
        options=(
            "To make z larger.",
            "So that the chance comes from outside, and the gradient has a way through μ and σ.",
            "Because ε must be learned.",
            "To make the code sparse.",
        ),
        answer=1,
        because=(
            "On average z is μ, whatever ε does.",
            "∂z/∂μ = 1 and ∂z/∂σ = ε; a sample drawn as such has no derivative by what it was drawn from.",
            "ε has no parameters.",
            "Nothing of it is zero.",
        ),
    ),
    Question(
        slug="holes",
        text="Random codes are decoded by an autoencoder and by a VAE, with 16 numbers each. What is to be expected?",
        options=(
            "Both give training pictures.",
            "The VAE's reconstructions are sharper.",
            "The autoencoder cannot decode a code that it did not make.",
            "The autoencoder's are farther from anything it was shown: nothing made it fill the space between codes.",
        ),
        answer=3,
        because=(
            "Neither stores pictures.",
            "They are not: the noise on its codes costs sharpness.",
            "A decoder takes any numbers.",
            "In this lab 1.6 to 2.7 times as far as test pictures, the VAE's 1.1. With two numbers it hardly shows.",
        ),
        action="plain",
    ),
    Question(
        slug="beta",
        text="β is raised from 1 to 50. What happens to the code?",
        options=(
            "It carries more.",
            "Nothing: β belongs to the decoder.",
            "It is given up: each number becomes the prior, and the pictures come back as their mean.",
            "The pictures come back sharper.",
        ),
        answer=2,
        because=(
            "Every nat of it costs 50 nats of reconstruction now.",
            "β weighs the KL, which the encoder pays.",
            "A nat of KL must save 50 nats of reconstruction, which no number does.",
            "Less code, less detail.",
        ),
        action="collapse",
    ),
    Question(
        slug="pca",
        text="An autoencoder without any activation, trained for the squared error. What does it learn?",
        options=(
            "The principal components, in order.",
            "The mean picture.",
            "Better codes than PCA.",
            "A space that the first principal components span, but with axes of its own.",
        ),
        answer=3,
        because=(
            "Nothing makes its axes stand at right angles, or in order.",
            "That would be a code of no numbers.",
            "No linear map can do better, that is what PCA means.",
            "The smallest squared error that a linear map through k numbers can have belongs to that space.",
        ),
        action="linear",
    ),
    Question(
        slug="blur",
        text="Half of a digit, a 3 or an 8, is covered. A network trained by the squared error fills it in. How?",
        options=(
            "Something between both, in grey",
            "A 3 or an 8, by chance",
            "Nothing",
            "The likelier of both",
        ),
        answer=0,
        because=(
            "The mean of the answers has the least squared error, though nobody would write it.",
            "It answers the same each time.",
            "Black costs more than grey where white is possible.",
            "That would be right for the absolute error of a single cell, not for the squared one.",
        ),
        action="denoising",
    ),
    Question(
        slug="elbo",
        text="Reconstruction costs 140 nats and the KL 6. What is the ELBO?",
        options=(
            "146",
            "−134",
            "134",
            "−146",
        ),
        answer=3,
        because=(
            "That is what the loss is, with β = 1; the bound is its negative.",
            "The KL is a cost as well.",
            "Signs, twice.",
            "log p(x) ≥ −reconstruction − KL.",
        ),
    ),
    Question(
        slug="slerp",
        text="Two codes of 100 numbers from N(0, 1) are joined by a straight line. What is special about its middle?",
        options=(
            "It is nearer to the origin than almost any code that is drawn.",
            "It is the mean picture.",
            "It has the largest norm.",
            "Nothing.",
        ),
        answer=0,
        because=(
            "Norms lie near √100 = 10, that of the middle near 10/√2 ≈ 7.1: a place where no code lies.",
            "Not of the data: of the two codes.",
            "It has the smallest on the way.",
            "With two numbers, hardly anything; with a hundred, a lot.",
        ),
        action="wide",
    ),
    Question(
        slug="anomaly",
        text="A network that never saw a 1 gives ones back with a small error. Why?",
        options=(
            "A 1 is made of what other digits are made of, and has few pixels to get wrong.",
            "It has seen ones after all.",
            "The threshold is wrong.",
            "Ones are the mean of all digits.",
        ),
        answer=0,
        because=(
            "A stroke is part of a 4 or a 7; a small error says that a picture can be coded, not that it was known.",
            "The class was left out.",
            "A threshold does not change the error.",
            "The mean looks like a blurred 8.",
        ),
        action="stranger",
    ),
)
