"""The Autoencoder lab: squeeze, sample, walk the latent plane."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.autoencoder.presets import PRESETS
from dlviz.labs.autoencoder.spec import AutoencoderSpec

_HERE = "dlviz.labs.autoencoder"

LAB = Lab(
    slug="autoencoder",
    title="Autoencoder",
    topic="Generative models",
    sentence="Squeeze pictures into a few numbers and walk among those numbers, with every layer in view.",
    spec=AutoencoderSpec,
    run=f"{_HERE}.run:AutoencoderRun",
    stage="autoencoder",
    thumbnail="autoencoder",
    panels=(
        Panel(
            "interpolate",
            "Interpolate",
            "From one picture to another through the code and through the pixels, and a − b + c among pictures.",
            probe=f"{_HERE}.interpolating:interpolate",
            component="interpolate",
        ),
        Panel(
            "dimensions",
            "Dimensions",
            "Each number of the code by itself: what moving it does, how much it is used, what it follows.",
            probe=f"{_HERE}.dimensions:dimensions",
            component="dimensions",
        ),
        Panel(
            "reparameterization",
            "Reparameterization",
            "How a code is drawn so that a gradient can pass: z = μ + σ ε, with every number of it.",
            probe=f"{_HERE}.reparameterizing:reparameterization",
            component="reparameterization",
        ),
        Panel(
            "sample",
            "Sample",
            "Pictures that never were: decoded from draws of the prior, read by a classifier, held against real ones.",
            probe=f"{_HERE}.sampling:sample",
            component="samplegrid",
        ),
        Panel(
            "reconstructions",
            "Reconstructions",
            "Test pictures with what comes back of them, one of your own, and how the errors of all of them spread.",
            probe=f"{_HERE}.reconstructing:reconstructions",
            component="reconstructions",
        ),
        Panel(
            "denoise",
            "Denoise",
            "Damaged and covered pictures restored, measured in decibels, beside a blur and a median filter.",
            probe=f"{_HERE}.denoising:denoise",
            component="denoise",
        ),
        Panel(
            "anomalies",
            "Anomalies",
            "How well the error of a reconstruction tells pictures that were never trained on from those that were.",
            probe=f"{_HERE}.anomalies:anomalies",
            component="anomalies",
        ),
        Panel(
            "compression",
            "Compression",
            "How much of a picture survives a code of few numbers, in an autoencoder and in PCA.",
            probe=f"{_HERE}.compressing:compression",
            component="compression",
        ),
        Panel(
            "beside",
            "AE beside VAE",
            "An autoencoder and a VAE trained side by side: both planes of codes, what lies between the codes, and how "
            "much of it can be read.",
            probe=f"{_HERE}.beside.training:beside",
            component="aebesidevae",
            trained=False,
        ),
        Panel(
            "latent",
            "Latent codes",
            "Test pictures with their codes and what is decoded from these, as numbers.",
            probe=f"{_HERE}.probe:latent",
        ),
        Panel(
            "manifold",
            "Manifold",
            "What is decoded on a grid over the plane of codes, as numbers.",
            probe=f"{_HERE}.probe:manifold",
        ),
        Panel(
            "weights",
            "Weights",
            "All parameters, from which the page encodes and decodes by itself.",
            probe=f"{_HERE}.probe:weights",
        ),
        Panel(
            "album",
            "Test pictures",
            "Test pictures by their place, with their classes, their codes, and what is decoded from these.",
            probe=f"{_HERE}.probe:album",
        ),
        Panel(
            "classifier",
            "Classifier",
            "A small network that reads pictures of this set, to say how sure one can be of what was decoded.",
            probe=f"{_HERE}.probe:classifier",
        ),
    ),
    claims=f"{_HERE}.claims:CLAIMS",
    presets=PRESETS,
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    pretrain=f"{_HERE}.pretraining:pretrain",
    opening_steps=60,
    chapter=6,
)
