"""Settings worth seeing, each with what to watch. A test tries every one and checks what its line promises."""

from __future__ import annotations

from dlviz.core.lab import Preset

PRESETS = (
    # --- kinds ---
    Preset(
        "plain",
        "The plain autoencoder",
        "The same network without the cloud: the codes go where they like, and spread far beyond ±3.",
        {"kind": "plain"},
    ),
    Preset(
        "linear",
        "A straight line through pictures",
        "No activation, squared error, four numbers: after 2,000 steps it is as good as PCA, and no better.",
        {
            "dataset": "digits",
            "kind": "plain",
            "activation": "linear",
            "hidden": (),
            "latent": 4,
            "likelihood": "gaussian",
            "learning_rate": 0.01,
            "batch_size": 256,
        },
    ),
    Preset(
        "stacked",
        "A deep one",
        "Four layers each way, 1,024 to 32 units, two numbers in the waist.",
        {"kind": "plain", "hidden": (512, 256, 128, 32), "activation": "relu", "learning_rate": 0.001},
    ),
    Preset(
        "denoising",
        "Undo the damage",
        "It sees digits with noise of 0.4 and is asked for the clean ones. 32 numbers; watch Denoise.",
        {"kind": "denoising", "latent": 32, "activation": "relu"},
    ),
    Preset(
        "sparse",
        "Few at a time",
        "64 numbers between 0 and 1, of which a picture should use about 5 %: in 600 steps it is down to 9 %.",
        {"kind": "sparse", "latent": 64, "hidden": (), "activation": "relu", "sparsity": 30.0},
    ),
    Preset(
        "conditional",
        "Told the class",
        "Encoder and decoder know the digit, so the plane is free for style: slant and width, for every digit alike.",
        {"kind": "conditional"},
    ),
    Preset(
        "convolutional",
        "With convolutions",
        "21,000 parameters instead of 469,000. Two numbers are few for it; with 16 it is as good as the dense one.",
        {"network": "convolutional", "latent": 16, "activation": "relu"},
    ),
    # --- the objective ---
    Preset(
        "wide",
        "Sixteen numbers",
        "With room for sixteen numbers the VAE uses most of them, and the digits come back sharper.",
        {"latent": 16},
    ),
    Preset(
        "collapse",
        "Too much pressure",
        "β = 50: within 300 steps every number has collapsed, and all pictures come back as their mean.",
        {"beta": 50.0, "latent": 4},
        fails=True,
    ),
    Preset(
        "warmup",
        "Pressure that grows",
        "The same code of eight with β = 3, once it has been allowed to learn for 1,500 steps.",
        {"dataset": "digits", "hidden": (64,), "latent": 8, "beta": 3.0, "warmup": 1500, "learning_rate": 0.003},
    ),
    Preset(
        "mean-squares",
        "Squared error",
        "Half the squared distance, not cross-entropy: the KL weighs more beside it, and the codes draw together.",
        {"likelihood": "gaussian"},
    ),
    # --- other pictures ---
    Preset(
        "sprites",
        "Known factors",
        "Place, size, hue and turn of every sprite are known: see in Dimensions which number follows which.",
        {"dataset": "sprites", "latent": 6, "hidden": (256,), "beta": 4.0, "activation": "relu"},
    ),
    Preset(
        "faces",
        "A hundred faces",
        "70 faces and their mirror images are few: training error falls, that of new faces stops. Still it smiles.",
        {"dataset": "faces", "latent": 8, "likelihood": "gaussian", "batch_size": 20, "beta": 0.1},
    ),
    Preset(
        "stranger",
        "It has never seen a 3",
        "Threes are left out of training. In Anomalies they come back with a larger error than the others.",
        {"leave_out": "3", "kind": "plain", "latent": 8},
    ),
    # --- what fails ---
    Preset(
        "one-number",
        "One number for a digit",
        "A single number: ten digits on a line. Neighbours on it must look alike, and some are torn apart.",
        {"latent": 1},
    ),
    Preset(
        "few-pictures",
        "Ten pictures",
        "With ten pictures to train on it learns them by heart: the training loss falls, the validation loss rises.",
        {"examples": 10, "batch_size": 10},
        fails=True,
    ),
    Preset(
        "diverging",
        "A rate too high",
        "SGD with a rate of 1 on a loss that is summed over pixels: it diverges at once.",
        {"optimizer": "sgd", "learning_rate": 1.0, "likelihood": "gaussian", "activation": "relu"},
        fails=True,
    ),
)
