"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="same-weights",
        text="A sequence of 10 steps, then one of 200. How many more parameters does the recurrent layer need?",
        options=(
            "190 more.",
            "It depends on the hidden size.",
            "None.",
            "20 times as many.",
        ),
        answer=2,
        because=(
            "Nothing is added for a step.",
            "The hidden size fixes the number of parameters, the length does not touch it.",
            "The same matrices are used at every step; only the state goes on.",
            "A network with its own weights for every step would. This one uses the same ones.",
        ),
    ),
    Question(
        slug="lstm-parameters",
        text="An LSTM reads vectors of 16 numbers and has 64 units. How many parameters has the layer in torch?",
        options=(
            "15,744",
            "20,992",
            "20,736",
            "5,248",
        ),
        answer=1,
        because=(
            "That is three blocks: a GRU.",
            "4 · (64 · 16 + 64 · 64 + 2 · 64): four blocks, each with input weights, recurrent weights and two biases.",
            "That counts one bias a block. torch keeps two, one for the input and one for the state.",
            "That is one block: an RNN.",
        ),
    ),
    Question(
        slug="forget-gate",
        text="The forget gate of a unit is 1 and its input gate 0, for a hundred steps. What happens to its c?",
        options=(
            "It becomes 0.",
            "It grows by 1 each step.",
            "It is squashed towards 1 by tanh.",
            "It stays as it is.",
        ),
        answer=3,
        because=(
            "That is a forget gate of 0.",
            "Nothing is added while the input gate is shut.",
            "tanh stands between c and h, not between c and the next c.",
            "c' = 1 · c + 0 · g. The gradient goes back through it unchanged, too.",
        ),
        action="copy",
    ),
    Question(
        slug="decay",
        text="An RNN's gradient shrinks by the factor 0.8 a step. How much of it is left 30 steps back?",
        options=(
            "About 0.1 %",
            "About 24 %",
            "About 3 %",
            "80 %",
        ),
        answer=0,
        because=(
            "0.8 to the power of 30 is 0.00124.",
            "0.8 · 0.3: the factors multiply, they do not add.",
            "1/30 would be a decay like one over the distance; this one is exponential.",
            "That is one step back.",
        ),
        action="adding-rnn",
    ),
    Question(
        slug="clipping",
        text="A gradient is (3, 4). It is clipped at 1, once by norm and once by value. What comes out?",
        options=(
            "(0.6, 0.8) both times.",
            "(1, 1) both times.",
            "(0.6, 0.8) by norm, (1, 1) by value.",
            "(1, 1) by norm, (0.6, 0.8) by value.",
        ),
        answer=2,
        because=(
            "By value 3 and 4 both become 1, which is another direction.",
            "By norm the ratio 3 : 4 is kept.",
            "The norm is 5: everything is divided by it, and the direction stays. By value each number is cut alone.",
            "The other way round.",
        ),
        action="clipped",
    ),
    Question(
        slug="truncation",
        text="The gradient goes back 5 steps. A symbol must be kept for 10. Can the network learn to keep it?",
        options=(
            "Yes, since the state itself goes on.",
            "Yes, if the hidden size is large enough.",
            "Only with a GRU.",
            "Not from the gradient: it never reaches the symbol.",
        ),
        answer=3,
        because=(
            "It goes on, but nothing teaches it what to carry.",
            "More units keep more by chance, and are still not taught.",
            "The cut is the same for every cell.",
            "No weight hears that it should have kept it. What survives by chance may still be read out.",
        ),
        action="short-sight",
    ),
    Question(
        slug="both-directions",
        text="Why may a network that writes text, letter by letter, not read in both directions?",
        options=(
            "Gradients would run in a circle.",
            "What it is to say next would already have been read.",
            "It would have too many parameters.",
            "Text has only one direction.",
        ),
        answer=1,
        because=(
            "The two chains do not touch each other.",
            "The cell from the end has seen the next letter. It would copy it, and writing it has none to copy.",
            "Twice as many, which is no obstacle.",
            "Tagging text in both directions works well: there the whole of it is read before anything is said.",
        ),
        action="both-directions",
    ),
    Question(
        slug="many-to-one",
        text="In a network that answers once, after the last word, where does its error enter the chain?",
        options=(
            "At the last step, and from there back through every state.",
            "At every step alike.",
            "At the first step.",
            "Only at the words that decide.",
        ),
        answer=0,
        because=(
            "Every earlier word is reached through all states between: why long sentences are hard.",
            "That is many to many, with an answer at each step.",
            "The first step is the farthest away from it.",
            "Which words decide is what the gradient has to find out.",
        ),
        action="sentiment",
    ),
    Question(
        slug="gru",
        text="Which sentence about a GRU is wrong?",
        options=(
            "Its update gate mixes old state and candidate; their shares add up to 1.",
            "Its reset gate decides how much of the state the candidate sees.",
            "It keeps c and h apart.",
            "It has three blocks of weights where an LSTM has four.",
        ),
        answer=2,
        because=(
            "True: (1 − z) · n + z · h.",
            "True; in torch it multiplies after the recurrent product.",
            "There is only h. The LSTM has a second state, c, that no output gate hides.",
            "True: reset, update and candidate.",
        ),
    ),
    Question(
        slug="temperature",
        text="The logits of two letters are 2 and 0. At temperature 1 the first has 88 %. And at temperature 2?",
        options=(
            "88 %",
            "73 %",
            "98 %",
            "44 %",
        ),
        answer=1,
        because=(
            "The temperature divides the logits, so it does change them.",
            "1 / (1 + e⁻¹) = 0.73: divided by 2, the logits are 1 and 0.",
            "That is temperature 0.5: colder is surer.",
            "Probabilities are not halved; the logits are.",
        ),
    ),
    Question(
        slug="chance",
        text="A network must say one of four symbols and knows nothing. What is its loss in nats?",
        options=(
            "1.386",
            "0.25",
            "2",
            "4",
        ),
        answer=0,
        because=(
            "ln 4. Below it the network knows something, above it it is worse than guessing.",
            "That is the probability it gives to the right one.",
            "That is the same in bits.",
            "That is e to the power of it: the perplexity.",
        ),
        action="copy",
    ),
    Question(
        slug="open-tag",
        text="*Fish in the river swim*. What can a forward tagger know of *Fish* when it must answer?",
        options=(
            "That it is a noun, since *swim* is the verb.",
            "Nothing at all, not even the word.",
            "That it is a verb, since it stands first.",
            "Only that the sentence begins so: noun or verb is open.",
        ),
        answer=3,
        because=(
            "*swim* comes later: only a cell that reads from the end has seen it.",
            "It has read the word itself.",
            "An order begins with a verb, but not every sentence is an order.",
            "It answers before it reads on. Where the words before leave it open it is right about every second time.",
        ),
        action="both-directions",
    ),
)
