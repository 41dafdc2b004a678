"""The Autoencoder lab: squeeze, sample, walk the latent plane."""

from dlviz.core.lab import Lab, Panel
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
    panels=(
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
    chapter=6,
    thumbnail="autoencoder",
)
