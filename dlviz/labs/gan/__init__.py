"""The GAN lab: two networks compete, and every move is visible."""

from dlviz.core.lab import Lab, Panel
from dlviz.labs.gan.presets import PRESETS
from dlviz.labs.gan.spec import GanSpec

_HERE = "dlviz.labs.gan"

LAB = Lab(
    slug="gan",
    title="GAN",
    topic="Generative models",
    sentence="Two networks compete: one makes examples of noise, one tells them from real ones. Every move is visible.",
    spec=GanSpec,
    run=f"{_HERE}.run:GanRun",
    stage="gan",
    thumbnail="gan",
    panels=(
        Panel(
            "turn",
            "One step",
            "The next step of training in slow motion: every sub-step with its numbers, before the run takes it.",
            probe=f"{_HERE}.turning:turn",
            component="ganturn",
        ),
        Panel(
            "losses",
            "Losses",
            "What each player pays under six losses, two settings trained beside each other, and what a loss tells.",
            probe=f"{_HERE}.comparing.training:losses",
            component="ganlosses",
        ),
        Panel(
            "collapse",
            "Collapse meter",
            "What fakes cover, how good and how varied they are, each score opened; what goes wrong and what mends it.",
            probe=f"{_HERE}.collapsing:collapse",
            component="gancollapse",
        ),
        Panel(
            "walk",
            "Walk",
            "From one noise to another: what the generator makes on the way, and what both judges say of it.",
            probe=f"{_HERE}.walking:walk",
            component="ganwalk",
        ),
        Panel(
            "conditional",
            "Conditional",
            "Both networks are told the class: ask for one, see who minds it, and what being told is worth.",
            probe=f"{_HERE}.conditioning.obeying:conditional",
            component="ganclasses",
        ),
        Panel(
            "samples",
            "Samples",
            "Fakes of new noise with what the discriminator says of them, as numbers.",
            probe=f"{_HERE}.probe:samples",
        ),
        Panel(
            "stage",
            "The moment",
            "Real and fake examples, the discriminator's map and the gradient of every fake, as numbers.",
            probe=f"{_HERE}.probe:stage",
        ),
        Panel(
            "weights",
            "Weights",
            "All parameters, from which the page computes both networks by itself.",
            probe=f"{_HERE}.probe:weights",
        ),
        Panel(
            "classifier",
            "Classifier",
            "A small network that reads pictures of this set, to say what the generator has made.",
            probe=f"{_HERE}.probe:classifier",
        ),
    ),
    claims=f"{_HERE}.claims:CLAIMS",
    presets=PRESETS,
    questions=f"{_HERE}.questions:QUESTIONS",
    code=f"{_HERE}.code:script",
    pretrain=f"{_HERE}.pretraining:pretrain",
    opening_steps=60,
    chapter=7,
)
