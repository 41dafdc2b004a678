"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="sides",
        text="28 × 28, then twice a 3 × 3 convolution without padding and 2 × 2 pooling. How large are the last maps?",
        options=("7 × 7", "6 × 6", "5 × 5", "4 × 4"),
        answer=2,
        because=(
            "That is with padding same: 28, 14, 7.",
            "12 / 2 = 6 would need a map of 12; the second convolution is given 13 and leaves 11.",
            "28 − 2 = 26, half of it 13, 13 − 2 = 11, and half of that 5: the odd row and column are left out.",
            "Pooling takes windows of two cells: of 11 cells it makes five, not four.",
        ),
        action="without-padding",
    ),
    Question(
        slug="parameters",
        text="Where does a small convolutional network with one dense layer of 128 keep most of its parameters?",
        options=(
            "In the first dense layer, behind the flattened maps.",
            "In the convolutions, since there are so many maps.",
            "In batch norm.",
            "In the pooling layers.",
        ),
        answer=0,
        because=(
            "1,600 numbers, each with a weight to each of 128 units: 204,928 of 225,034 parameters.",
            "A kernel is used at every place of the map: 64 filters over 32 maps take 18,496 numbers.",
            "It learns two numbers a map.",
            "There is nothing to learn in taking the largest of four cells.",
        ),
        action="without-padding",
    ),
    Question(
        slug="second-block",
        text="How many weights has one 3 × 3 filter of the second block, if the first block makes 16 maps?",
        options=("9", "25", "16", "144"),
        answer=3,
        because=(
            "That is one of its slices. It has one for each map it is given.",
            "A 5 × 5 kernel over a single map would have as many.",
            "One weight a map is a 1 × 1 convolution.",
            "3 · 3 · 16 = 144, and one bias: a filter reaches through all maps before it.",
        ),
    ),
    Question(
        slug="two-in-a-row",
        text="VGG puts two 3 × 3 convolutions in a row. What does a cell behind the second one see of the picture?",
        options=("3 × 3 cells", "5 × 5 cells", "6 × 6 cells", "9 × 9 cells"),
        answer=1,
        because=(
            "So it is behind the first.",
            "It sees 3 × 3 cells of the first map, and those see one cell further on each side.",
            "The two windows overlap; each further 3 × 3 adds one cell on each side.",
            "The sides do not multiply: without a stride each layer adds 2.",
        ),
        action="tiny-vgg",
    ),
    Question(
        slug="overfitting",
        text="All training pictures are right, one test picture in four is wrong. What has happened?",
        options=(
            "The learning rate is too high.",
            "The network is too small.",
            "It fits pictures it has seen, by more than what they share with others.",
            "The test pictures are harder.",
        ),
        answer=2,
        because=(
            "Then the training pictures would not come out right either.",
            "It is large enough to fit every picture that it was given.",
            "Fifty digits do not show what all sevens have in common. More pictures would, or moved and turned ones.",
            "Training and test pictures were drawn from the same heap.",
        ),
        action="fifty-pictures",
    ),
    Question(
        slug="eval",
        text="You forget model.eval() before you test a network with batch norm and dropout. What changes?",
        options=(
            "The weights, because testing trains on.",
            "The answers: they depend on chance and on the other pictures of the batch.",
            "Nothing; eval() only saves memory.",
            "Only the speed.",
        ),
        answer=1,
        because=(
            "Without a step of the optimizer no weight moves, though batch norm's running means do.",
            "Dropout leaves out other units each time, and batch norm normalises by the batch at hand. See Claims.",
            "That is torch.no_grad(). The two are independent of each other.",
            "Both modes do nearly the same work.",
        ),
    ),
    Question(
        slug="dead",
        text="With a learning rate of 1 the loss of ten classes stays near 2.3. What is the network doing?",
        options=(
            "It learns, but slowly.",
            "It jumps about the minimum.",
            "It overfits.",
            "It answers the same to every picture.",
        ),
        answer=3,
        because=(
            "The units behind the first steps are dead: no gradient comes through, so waiting does not help.",
            "Then the loss would jump about too. 2.3 is the logarithm of ten, the loss of knowing nothing.",
            "An overfitted network has a low training loss. Here it is as high as the other.",
            "Every unit of its dense layer gives 0 for every picture; what is left are the biases of the output.",
        ),
        action="rate-too-high",
    ),
    Question(
        slug="softmax",
        text="You add 5 to all ten logits. What happens to the probabilities?",
        options=(
            "Nothing.",
            "All grow.",
            "The largest grows, the others shrink.",
            "They come nearer to each other.",
        ),
        answer=0,
        because=(
            "Each exponential is multiplied by e⁵, and so is their sum: the shares are the same.",
            "They sum to 1, before and after.",
            "That is what multiplying does, by more than 1.",
            "That is what dividing does, by a temperature above 1.",
        ),
    ),
)
