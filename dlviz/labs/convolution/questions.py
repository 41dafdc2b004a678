"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="output-size",
        text="A picture of 28 × 28, a kernel of 5 × 5, stride 1, no padding. How large is the map?",
        options=("28 × 28", "23 × 23", "24 × 24", "26 × 26"),
        answer=2,
        because=(
            "The kernel would have to hang over the edge; that takes 2 cells of padding on every side.",
            "28 − 5 = 23 is how many steps it can make; it also stands somewhere before the first.",
            "28 − 5 + 1 = 24: the kernel's left edge can stand on cells 1 to 24.",
            "That is the size for a kernel of 3.",
        ),
    ),
    Question(
        slug="parameters",
        text="An RGB picture of 256 × 256 and 16 filters of 3 × 3, each with a bias. How many parameters are there?",
        options=("160", "448", "432", "Many millions; it depends on the size of the picture."),
        answer=1,
        because=(
            "(3 · 3 + 1) · 16 counts one channel; every filter has nine weights for each of the three.",
            "(3 · 3 · 3 + 1) · 16 = 448. The size of the picture does not enter: the weights are shared by all places.",
            "Nearly: these are the weights. The 16 biases are missing.",
            "So it is for a dense layer. Here the same weights are used at every place.",
        ),
        action="four-filters",
    ),
    Question(
        slug="ramp-laplacian",
        text="The picture is a ramp that gets evenly brighter to the right. What do Sobel and the Laplacian answer?",
        options=(
            "Both 0, since there is no edge.",
            "Both answer at the right side only, where it is brightest.",
            "Sobel 0, the Laplacian the same number everywhere.",
            "Sobel the same number everywhere, the Laplacian 0.",
        ),
        answer=3,
        because=(
            "Sobel does not look for edges but for differences, and a ramp has one at every place.",
            "Neither looks at brightness: adding a grey to the whole picture changes no answer.",
            "The other way round: the first difference of a ramp is its slope.",
            "A first difference of an even slope is that slope, and a second difference of it is nothing.",
        ),
        action="ramp-twice",
    ),
    Question(
        slug="dark-frame",
        text="You blur a photograph with padding same, and the answer gets a dark frame. Where does it come from?",
        options=(
            "The zeros of the padding are averaged in at the edge.",
            "The photograph is darker there.",
            "The blur has lost the edge cells.",
            "The weights at the edge of the kernel are smaller.",
        ),
        answer=0,
        because=(
            "At the corner of a 5 × 5 mean 16 of the 25 cells are zeros. Mirrored cells instead leave no frame.",
            "Choose Reflect as the padding: the same photograph, and no frame.",
            "Same gives back as many cells as there were.",
            "All 25 weights of this kernel are equal, and the same at every place.",
        ),
        action="dark-frame",
    ),
    Question(
        slug="dilation",
        text="A 3 × 3 kernel with dilation 3: how far does it reach, and how many weights has it?",
        options=(
            "Over 9 × 9 cells, with 81 weights.",
            "Over 7 × 7 cells, with 9 weights.",
            "Over 7 × 7 cells, with 49 weights.",
            "Over 3 × 3 cells, three times.",
        ),
        answer=1,
        because=(
            "Dilation spreads the taps and adds none; and from first to last it is 3 · (3 − 1) + 1 cells.",
            "3 · (3 − 1) + 1 = 7. Between its nine taps lie cells that it never looks at: hence the grid.",
            "That would be a 7 × 7 kernel. Here 40 of the 49 places are skipped.",
            "It looks at each place once, at cells that are three apart.",
        ),
        action="dilation-grid",
    ),
    Question(
        slug="turned",
        text="What deep learning calls convolution is a cross-correlation. What is the difference?",
        options=(
            "Convolution needs padding, cross-correlation none.",
            "Cross-correlation is linear, convolution is not.",
            "Convolution turns the kernel by half a turn before it slides.",
            "There is none: they are two names for the same sum.",
        ),
        answer=2,
        because=(
            "Either can be had with or without.",
            "Both are weighted sums, and so linear.",
            "A learned kernel comes out turned instead, and nothing is lost. For one that you write it matters.",
            "Only for kernels that half a turn does not change, such as a Gaussian.",
        ),
        action="convolution-turned",
    ),
    Question(
        slug="pooling-parameters",
        text="Max pooling by 2 with stride 2 over 64 maps. How many parameters does it learn?",
        options=("256", "64", "2", "0"),
        answer=3,
        because=(
            "2 · 2 · 64 would be a weight for every cell of every window; the largest is taken, not a weighted sum.",
            "There is no bias either.",
            "Size and stride are chosen, not learned.",
            "Taking the largest of four cells needs no weight, and so there is nothing to learn.",
        ),
        action="max-pooling",
    ),
    Question(
        slug="pooling-shift",
        text="The digit moves by one cell. What does max pooling by 2 with stride 2 answer?",
        options=(
            "Exactly the same as before.",
            "Something between: its numbers change, but by less than without pooling.",
            "The same map, moved by one cell.",
            "The same map, moved by half a cell.",
        ),
        answer=1,
        because=(
            "Only where the largest of a window stays in that window. It often leaves it.",
            "A largest cell that stays in its window hides the move, one that leaves it does not. See Claims.",
            "One cell of the pooled map is two of the input: it can only follow even moves.",
            "There is no half cell in a map.",
        ),
    ),
    Question(
        slug="checkerboard",
        text="A transposed convolution with stride 2 draws a checkerboard on even areas. Which kernel size avoids it?",
        options=("3", "4", "5", "None; stride 2 always does it."),
        answer=1,
        because=(
            "2 does not divide 3: in each direction cells are covered by one or by two places of the kernel in turn.",
            "2 divides 4: inside, every cell is covered by two places in each direction, and even stays even.",
            "2 does not divide 5: cells are covered by two or by three places in turn.",
            "It is the overlap that does it, and that is even if the stride divides the kernel.",
        ),
        action="checkerboard",
    ),
    Question(
        slug="separable",
        text="Three channels in, four maps out, 3 × 3, with biases. What does a depthwise separable layer save?",
        options=(
            "Nothing; it has two layers instead of one.",
            "It has 46 parameters instead of 112.",
            "It has 28 parameters instead of 112.",
            "It saves time, but not parameters.",
        ),
        answer=1,
        because=(
            "Two small ones. Space and channels are looked at one after the other.",
            "Depthwise 3 · (9 + 1) = 30, pointwise 4 · (3 + 1) = 16, against 4 · (27 + 1) = 112.",
            "That is one full filter. Every map needs weights for all channels, here 1 × 1.",
            "It saves both: a weight is a product at every place.",
        ),
        action="separable",
    ),
    Question(
        slug="flat-pairs",
        text="A layer is to learn Sobel from flat grey pictures. The loss falls to 0. What has it learned?",
        options=(
            "Sobel, since the loss is 0.",
            "Nothing; its weights did not move.",
            "That its weights, times the grey, and the bias make 0: Sobel is one of many kernels that do.",
            "The mean of all kernels.",
        ),
        answer=2,
        because=(
            "The loss says that its answers agree on these pictures, and they ask one question only.",
            "They did move, all nine by the same amount, until the answer was right.",
            "Grey pictures tell the sum of the weights and nothing else. Other pictures would tell more.",
            "It went to the nearest kernel that fits, from where it began.",
        ),
        action="learn-from-flat",
    ),
    Question(
        slug="noise-or-photos",
        text="From which training pictures does a layer find a hidden kernel in the fewest steps?",
        options=(
            "Photographs, because they show real edges.",
            "Noise, because its pixels have nothing to do with each other.",
            "Flat pictures, because they are the simplest.",
            "It makes no difference; the kernel is the same.",
        ),
        answer=1,
        because=(
            "Neighbours in a photograph are nearly equal, so weights can be exchanged at hardly any cost in loss.",
            "Every direction of the weights then matters alike, and one step length suits them all.",
            "They tell the sum of the weights only.",
            "The goal is the same, the way is not: noise makes the loss a round bowl, photographs a narrow valley.",
        ),
        action="learn-from-photos",
    ),
)
