"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="row-sum",
        text="A causal head looks at 24 tokens. What do the first 10 weights of row 10 add up to?",
        options=(
            "10/24",
            "1, as all that row 10 may see lies in them.",
            "It depends on the head.",
            "√10",
        ),
        answer=1,
        because=(
            "The softmax is taken over what is not hidden; the hidden cells are exactly 0.",
            "The softmax makes every row add up to 1, and cells 11 to 24 are hidden, so 0.",
            "How it is shared out depends on the head, the sum does not.",
            "√d divides the scores before the softmax; it never touches the sum.",
        ),
    ),
    Question(
        slug="parameters",
        text="Self-attention of width 32 with biases. How many parameters does it have with 4 heads, how many with 8?",
        options=(
            "4,224 and 8,448",
            "16,896 and 33,792",
            "4,224 and 4,224",
            "1,056 and 1,056",
        ),
        answer=2,
        because=(
            "More heads are narrower heads: 32/4 = 8 numbers each, 32/8 = 4.",
            "That would be four and eight full attentions; the heads share the width.",
            "Four matrices of 32 × 32 and four biases, 4·(32² + 32), into however many heads they are cut.",
            "That is one of the four: queries, keys, values and output each have as many.",
        ),
    ),
    Question(
        slug="why-scale",
        text="Queries and keys have independent numbers of variance 1. Why are the scores divided by √d?",
        options=(
            "The variance of q · k is d, and large scores make the softmax put all on one key.",
            "So that the rows add up to 1.",
            "To keep the values small.",
            "The gradient of a product needs it.",
        ),
        answer=0,
        because=(
            "A sum of d independent products of variance 1 has variance d; divided by √d it is 1 again, whatever d is.",
            "The softmax does that with any scores.",
            "Values are not scaled; the weights mix them.",
            "There is no such rule. But a saturated softmax has almost no gradient: that is what it is about.",
        ),
        action="unscaled",
    ),
    Question(
        slug="order-blind",
        text="No positions, no mask. The words of a sentence are shuffled. What happens to what the network computes?",
        options=(
            "Nothing sensible: it falls apart.",
            "It changes a little.",
            "Only the first layer notices.",
            "Each word keeps its numbers; they only stand in another place.",
        ),
        answer=3,
        because=(
            "It computes exactly the same for each word.",
            "By rounding only, a millionth.",
            "No layer can: every one treats the words as a set.",
            "Self-attention is permutation-equivariant: it sees a set of words. Positions make it a sequence.",
        ),
        action="who-blind",
    ),
    Question(
        slug="cheating",
        text="A network foretells the next letter. Trained without a causal mask it has a loss of almost 0. Good?",
        options=(
            "Yes: bidirectional networks are better.",
            "No: it copies the answer from the next column, which will not be there when it has to write.",
            "Yes, as long as the validation loss is as low.",
            "No: the loss cannot be right.",
        ),
        answer=1,
        because=(
            "Where the whole text is there from the start, yes. Here the next letter is what is asked.",
            "Each place looks one to the right, where its answer stands. When it writes there is nothing to the right.",
            "The held-back sequences have their answers in the next column too.",
            "It is right, for a question that nobody will ask.",
        ),
        action="cheating",
    ),
    Question(
        slug="two-layers",
        text="Why does it take two layers to find out how a passage went on the last time?",
        options=(
            "One layer has too few parameters.",
            "Two layers have twice as many heads.",
            "A head must find the place after the same letter, and a place must first know what stood before it.",
            "The feed-forward network of the first layer counts.",
        ),
        answer=2,
        because=(
            "A wider single layer does not get there either.",
            "One layer with eight heads does not get there.",
            "The first layer tells each place what stood before it, the second looks for that: an induction head.",
            "It works without any feed-forward network, too.",
        ),
        action="one-layer",
    ),
    Question(
        slug="quadratic",
        text="A sequence becomes four times as long. What happens to the number of cells in the patterns of attention?",
        options=(
            "16 times as many.",
            "4 times as many.",
            "As many: the width is the same.",
            "8 times as many.",
        ),
        answer=0,
        because=(
            "Each token looks at each: n² cells a head and layer.",
            "That is how the other parts of the network grow.",
            "The width fixes the parameters; the cells come from pairs of tokens.",
            "n² grows with the square of four.",
        ),
    ),
    Question(
        slug="heads-two",
        text="Is the left or the right neighbour larger? Why do two heads do better than one of twice the size?",
        options=(
            "They have more parameters.",
            "They see farther.",
            "Two heads are an average of two networks.",
            "One head has one row of weights: it can only mix the two neighbours.",
        ),
        answer=3,
        because=(
            "They have exactly as many.",
            "Every head sees the whole sequence.",
            "Their outputs stand side by side and are mixed by W_O; nothing is averaged.",
            "Mixed half and half, 3 left of 7 and 7 left of 3 are the same. Two heads hand over both, apart.",
        ),
        action="neighbours",
    ),
    Question(
        slug="cross-attention",
        text="In a translator, where do queries, keys and values of the cross-attention come from?",
        options=(
            "All from the decoder.",
            "Queries from the decoder, keys and values from the encoder.",
            "Queries from the encoder, keys and values from the decoder.",
            "Queries and keys from the encoder, values from the decoder.",
        ),
        answer=1,
        because=(
            "That is its masked self-attention.",
            "The one that writes asks; what was read answers.",
            "Then what is read would ask what was written.",
            "A weight says how much of the value at the key's place is taken: the two stand at the same tokens.",
        ),
        action="digit-words",
    ),
    Question(
        slug="all-hidden",
        text="A mask hides every key from a query. What does an honest implementation give that query?",
        options=(
            "NaN: the softmax divides 0 by 0.",
            "An even mixture of all values.",
            "Nothing: weights of 0, so only the bias of W_O is added.",
            "The value at its own place.",
        ),
        answer=2,
        because=(
            "That is what −∞ in every score gives if nobody looks after it, and one NaN spreads to everything.",
            "That is what a very large negative number instead of −∞ gives, and it shows what was to be hidden.",
            "Here such a row is 0 and its gradient too; the panel Masks shows it.",
            "It is hidden like all others.",
        ),
    ),
    Question(
        slug="residual",
        text="All heads and feed-forward networks are switched off. What do the answers depend on?",
        options=(
            "On nothing: all are alike.",
            "On the order of the tokens only.",
            "On the token at the same place and where it stands, nothing else.",
            "On all tokens, evenly.",
        ),
        answer=2,
        because=(
            "The embedding still flows through to the answers.",
            "The place is added, where positions are added; but the token too.",
            "The residual stream carries them past every part. Only attention moves things between places.",
            "Without attention nothing moves from one place to another.",
        ),
    ),
    Question(
        slug="kv-cache",
        text="A network writes 100 tokens, one after the other. What does a cache of keys and values save?",
        options=(
            "Computing the keys and values of all earlier tokens again at each step.",
            "The softmax.",
            "Memory.",
            "The feed-forward network of the new token.",
        ),
        answer=0,
        because=(
            "They never change, since no token sees a later one. So each step needs one new row instead of all.",
            "The new row still has its own.",
            "It costs memory: 2 · layers · tokens · width numbers.",
            "The new token needs its own; those of the earlier ones are saved.",
        ),
    ),
)
