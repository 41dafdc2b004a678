"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="never-sees",
        text="The generator never sees a real example. What does it learn from?",
        options=(
            "From the labels of the real examples.",
            "From the discriminator's output alone, as a number.",
            "From the slope of the discriminator at each fake: which way the fake would look more real.",
            "From the distance to the nearest real example.",
        ),
        answer=2,
        because=(
            "Nobody shows it labels; a conditional one is told which class to make, and no example of it.",
            "A number alone would not say which way to go; its derivative does.",
            "That slope is passed back through the generator's own layers. Cut the discriminator and nothing is left.",
            "That would need the real examples. The collapse meter measures it, the generator does not.",
        ),
    ),
    Question(
        slug="half",
        text="At the end D(x) = D(G(z)) = ½ everywhere. What is the value of the game?",
        options=("−2 log 2 ≈ −1.39", "0", "−log 2 ≈ −0.69", "½"),
        answer=0,
        because=(
            "log ½ for the real ones and log ½ for the fakes.",
            "0 would be a discriminator that is always right and sure of it.",
            "That is one of the two terms.",
            "½ is what D says; the value is made of logarithms of it.",
        ),
    ),
    Question(
        slug="saturates",
        text="D gives a fake the odds 0.01. How large is the slope of the generator's loss by D's logit: minimax, and "
        "non-saturating?",
        options=("0.99 and 0.01", "0.01 and 0.01", "0.5 and 0.5", "0.01 and 0.99"),
        answer=3,
        because=(
            "The other way round: where D is sure of a fake, log(1 − D) is flat.",
            "Only minimax is flat there.",
            "That is where D says ½.",
            "D(G(z)) for minimax, 1 − D(G(z)) for the other. The panel Losses draws both.",
        ),
    ),
    Question(
        slug="starves",
        text="Minimax leaves a hundredth of the gradient. Why may the generator learn all the same with Adam?",
        options=(
            "Adam adds the missing gradient from the discriminator.",
            "Adam divides a gradient by its usual size, so a small one makes a step as large.",
            "Adam has a higher learning rate.",
            "It cannot: without a gradient nothing moves.",
        ),
        answer=1,
        because=(
            "It knows nothing of where a gradient comes from.",
            "A gradient that is a hundredth everywhere becomes the same step; plain gradient descent would stand.",
            "The rate is what one sets; the division is what matters.",
            "It is small, not zero. See the claim about starving.",
        ),
    ),
    Question(
        slug="collapse",
        text="All fakes lie on one of eight modes and look perfect. Which score tells?",
        options=("Precision", "The generator's loss", "Recall", "D's accuracy"),
        answer=2,
        because=(
            "Precision asks whether fakes look real. They do.",
            "It may be low or high; it only compares the two players.",
            "Seven eighths of what is real have no fakes near them.",
            "D may be fooled or not, whatever part of the data the fakes imitate.",
        ),
        action="momentum",
    ),
    Question(
        slug="loss-falls",
        text="The generator's loss rises for a thousand steps. What does that say about its fakes?",
        options=(
            "They get worse.",
            "Nothing by itself: the discriminator has learned as well.",
            "They get better.",
            "The learning rate is too high.",
        ),
        answer=1,
        because=(
            "They may; the loss cannot tell.",
            "It is measured with a ruler that changes. Compare it with the Fréchet distance in the panel Losses.",
            "They may; the loss cannot tell.",
            "That shows in jumps, if at all.",
        ),
    ),
    Question(
        slug="transposed",
        text="A transposed convolution with kernel 4, stride 2 and padding 1 is given 7 × 7 cells. What comes out?",
        options=("14 × 14", "7 × 7", "3 × 3", "16 × 16"),
        answer=0,
        because=(
            "(7 − 1) · 2 − 2 · 1 + 4 = 14: it doubles each side.",
            "That would be stride 1 with other padding.",
            "That is about what the convolution of the same numbers gives.",
            "Without padding it would be 16.",
        ),
        action="dcgan",
    ),
    Question(
        slug="thread",
        text="The noise has one number and the data lie on eight islands. Why are there always fakes between them?",
        options=(
            "The discriminator is too weak.",
            "The learning rate is too high.",
            "Eight islands need eight numbers.",
            "The generator is continuous: it maps a line to one connected thread.",
        ),
        answer=3,
        because=(
            "A perfect one would still see the thread.",
            "It does not depend on it.",
            "One number can reach all eight, but not jump.",
            "It can go from island to island quickly, so that few fakes lie between, but it cannot tear.",
        ),
        action="thread",
    ),
    Question(
        slug="critic",
        text="Why is a WGAN's discriminator called a critic and has no accuracy?",
        options=(
            "It is trained less.",
            "Its output is a height that means something only in differences: there is no ½ above which it says real.",
            "It does not see real examples.",
            "Its output is a probability of more than two classes.",
        ),
        answer=1,
        because=(
            "It is usually trained more: several steps for one of the generator.",
            "Only how far real ones are above fakes counts, so it has no verdicts that could be right or wrong.",
            "It does; the generator does not.",
            "It is one number.",
        ),
        action="penalty",
    ),
    Question(
        slug="batch-norm",
        text="In a conditional GAN the class comes as one-hot numbers beside the noise. What do its weights do in the "
        "first layer?",
        options=(
            "They add to each unit a number that depends on the class only: another bias for each class.",
            "They choose which units are switched off.",
            "They scale the noise.",
            "They choose another network for each class.",
        ),
        answer=0,
        because=(
            "One-hot times a matrix is one of its columns, whatever the noise is.",
            "That may follow behind a ReLU; the layer itself only adds.",
            "Scaling would be a product of class and noise; here they are summed.",
            "All later weights are shared by all classes.",
        ),
        action="asked",
    ),
)
