"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="linear-xor",
        text="On xor, a network without hidden layers stays near 50 % accuracy however long it trains. Why?",
        options=(
            "Its learning rate is too low.",
            "Its border is one straight line, and no line separates xor.",
            "It has too few training points.",
            "Its weights started badly; another seed would do it.",
        ),
        answer=1,
        because=(
            "A higher rate changes how fast the line moves, not that it is a line.",
            "Softmax of a weighted sum of x₁ and x₂ changes sides along one straight line; xor needs two.",
            "More points of the same four squares change nothing: the line still cuts through both classes.",
            "The loss of a linear model is convex: every start leads to the same lowest loss, about ln 2, a guess.",
        ),
        action="linear-on-xor",
    ),
    Question(
        slug="linear-deep",
        text="Six hidden layers, all with the linear activation. Which borders between two classes can it draw?",
        options=(
            "Any border, it is deep.",
            "One straight line.",
            "A circle, but not a spiral.",
            "Six lines, one a layer.",
        ),
        answer=1,
        because=(
            "Depth helps only with a nonlinearity between the layers.",
            "A linear map of a linear map is a linear map, so six layers are worth one.",
            "A circle needs a squared term, and products of weight matrices never square the inputs.",
            "Each layer turns and stretches the plane as a whole; their product is one matrix and one line.",
        ),
    ),
    Question(
        slug="right-feature",
        text="Circle data, no hidden layer. Which inputs let the network separate the classes?",
        options=("x₁ and x₂", "x₁² and x₂²", "sin x₁ and x₁x₂", "None; a hidden layer is needed."),
        answer=1,
        because=(
            "With these the border is a straight line, and a line cannot enclose the middle.",
            "w₁x₁² + w₂x₂² + b = 0 is an ellipse: in these features the circle's border is a straight line.",
            "Neither grows with the distance from the middle, which is all that tells the classes apart.",
            "A feature that already bends does the work that a hidden layer would have to learn.",
        ),
        action="circle-squared",
    ),
    Question(
        slug="gap",
        text="The training loss keeps falling while the test loss has begun to rise. What is happening?",
        options=(
            "The learning rate is too low.",
            "The network is too small for the data.",
            "The network is learning the noise of the training points.",
            "The test points come from another distribution.",
        ),
        answer=2,
        because=(
            "A low rate slows both losses; it does not part them.",
            "A network that is too small has a high loss on both sets.",
            "What it now learns is true of these points only, so it makes new points worse. This is overfitting.",
            "Here both are drawn from one distribution and shuffled; the gap grows all the same.",
        ),
        action="overfitting-noise",
    ),
    Question(
        slug="rate-too-high",
        text="With the learning rate far too high the loss explodes. What does one step do wrong?",
        options=(
            "It goes in the wrong direction.",
            "It goes in the right direction but past the valley, to a place that is steeper.",
            "It sees too few points.",
            "It rounds the weights.",
        ),
        answer=1,
        because=(
            "The negative gradient is downhill at the point where it is measured, whatever the rate.",
            "A gradient speaks for its neighbourhood; from higher up the other wall the next step is longer still.",
            "The batch size is the same as in runs that learn well.",
            "Numbers have about seven digits here, at any rate.",
        ),
        action="rate-too-high",
    ),
    Question(
        slug="dead-relu",
        text="A ReLU unit gives 0 for every training point. What does gradient descent do with its incoming weights?",
        options=(
            "It moves them until the unit is active again.",
            "It makes them larger.",
            "Nothing: their gradient is exactly zero.",
            "It sets them to zero.",
        ),
        answer=2,
        because=(
            "To move them it would need a gradient, and the slope of ReLU is 0 wherever the unit is off.",
            "Their gradient is a multiple of the slope, which is 0.",
            "∂L/∂w = ∂L/∂a · f′(z) · x and f′(z) = 0 at every point. Leaky ReLU keeps a slope of 0.01 there.",
            "Only regularization pulls them towards zero; the loss does not touch them.",
        ),
        action="dead-relu",
    ),
    Question(
        slug="sigmoid-depth",
        text="Why do the first layers of a network with six sigmoid layers hardly learn?",
        options=(
            "The sigmoid's slope is at most ¼, and going back through six layers multiplies six such slopes.",
            "The sigmoid gives only positive numbers, so the weights cannot become negative.",
            "Deep networks need more data.",
            "The sigmoid is too slow to compute.",
        ),
        answer=0,
        because=(
            "¼ to the power of six is 0.0002, and the first weights, below 1, shrink it further.",
            "The weights may have any sign; only the outputs are positive.",
            "Give it four times the points: the first layer's gradient stays as small.",
            "Computing time does not change what a step does.",
        ),
        action="sigmoid-six-deep",
    ),
    Question(
        slug="l1-l2",
        text="After long training with regularization, which of the two leaves many weights at exactly zero?",
        options=(
            "L2, because it is the stronger one.",
            "L1 with a proximal step, which sets a weight to zero when the pull is larger than the weight.",
            "Both do.",
            "Neither; weights never become exactly zero.",
        ),
        answer=1,
        because=(
            "The pull of L2 is proportional to the weight: it fades as the weight shrinks and never arrives.",
            "The pull of L1 is the same for small and large weights, and the proximal step stops it at zero.",
            "L2 makes weights small, not zero. Count them.",
            "Nearly true of plain subgradient steps: weights jump over zero. The proximal step stops there.",
        ),
    ),
    Question(
        slug="dropout-curve",
        text="With dropout on, the loss of a training batch, units dropped, is often above the test loss. Why?",
        options=(
            "The test points are easier.",
            "In training a part of the units is switched off; for the test all units work.",
            "Dropout adds noise to the labels.",
            "The test loss leaves regularization out.",
        ),
        answer=1,
        because=(
            "Both sets are drawn alike.",
            "A loss in training mode is that of a crippled network. This lab shows both losses with all units on.",
            "Labels stay as they are; units are dropped.",
            "Neither loss shown here contains the regularization term.",
        ),
        action="dropout",
    ),
    Question(
        slug="chance-loss",
        text="Eight classes. What cross-entropy has a network that gives each class the same probability?",
        options=("1/8 = 0.125", "0.5", "ln 8 ≈ 2.08", "8"),
        answer=2,
        because=(
            "That is the probability it gives the true class; the loss is minus its logarithm.",
            "No logarithm of 1/8 gives that.",
            "−ln(1/8) = ln 8 ≈ 2.08. A loss above this is worse than not looking at the points at all.",
            "The loss grows with the logarithm of the number of classes, not with the number.",
        ),
        action="eight-blobs",
    ),
    Question(
        slug="batch-size",
        text="You change the batch size from 100 to 1 at the same learning rate. How does the loss curve change?",
        options=(
            "It becomes smoother.",
            "It jitters more, and one epoch has many more steps.",
            "Nothing changes; the gradient is the same.",
            "Training becomes a linear model.",
        ),
        answer=1,
        because=(
            "Averaging over 100 points smooths; one point alone does not.",
            "The gradient of one point is a noisy estimate of the gradient of all, and each point makes a step.",
            "It is the same on average, not at each step.",
            "The batch size does not change what the network can compute.",
        ),
    ),
    Question(
        slug="same-weights",
        text="You type equal weights into two hidden units: incoming, bias, outgoing. What does training do?",
        options=(
            "They become different, because each has its own gradient.",
            "They stay equal, and count as one unit.",
            "One of them dies.",
            "Training stops with an error.",
        ),
        answer=1,
        because=(
            "Their gradients are computed from equal numbers, so they are equal too.",
            "Equal weights get equal gradients at every step (without dropout), which is why first weights are random.",
            "Nothing in the arithmetic prefers one of the two.",
            "It is a legal state, only a wasteful one.",
        ),
    ),
)
