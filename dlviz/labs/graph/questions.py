"""Check yourself: questions that this lab can answer on the screen."""

from __future__ import annotations

from dlviz.core.lab import Question

QUESTIONS = (
    Question(
        slug="hops",
        text="A network has three layers of message passing. How far away can what happens still change a node's "
        "embedding?",
        options=("One step.", "Two steps.", "Three steps.", "Any number of steps."),
        answer=2,
        because=(
            "That is what one layer hears.",
            "Two layers hear the neighbours of the neighbours.",
            "Each layer carries what a node has heard one step on. Turn on Reach in the drawing.",
            "A node further away than there are layers has no path that is short enough.",
        ),
    ),
    Question(
        slug="own",
        text="A layer computes A X W, and no node has a self-loop. Which features of node 0 are in its own output?",
        options=(
            "None: only its neighbours' features.",
            "Its own and its neighbours'.",
            "Only its own.",
            "All nodes' features.",
        ),
        answer=0,
        because=(
            "The diagonal of A is 0, so row 0 takes nothing of node 0. I + A mends it.",
            "That needs a 1 on the diagonal: a self-loop.",
            "That would be X W, without the graph.",
            "One layer hears neighbours only.",
        ),
        action="naive",
    ),
    Question(
        slug="coefficient",
        text="In a GCN, node 0 has 16 neighbours and node 11 only one, which is node 0. With what factor does the "
        "message from 11 arrive at 0?",
        options=("1 / 16", "1 / √(17 · 2) ≈ 0.171", "1 / √(16 · 1) = 0.25", "1 / 17"),
        answer=1,
        because=(
            "That would be the mean, without self-loops.",
            "Both degrees count the self-loop: 16 + 1 and 1 + 1.",
            "The self-loops are missing: GCN adds them before it counts.",
            "That would be the mean with the self-loop.",
        ),
    ),
    Question(
        slug="count",
        text="All nodes have the same feature, 1. One has 2 neighbours, another 9. What does the mean of the messages "
        "tell of it?",
        options=("2 and 9.", "1/2 and 1/9.", "That 9 is larger than 2.", "Nothing: it is 1 for both."),
        answer=3,
        because=(
            "That is the sum.",
            "Dividing by the count only leaves the mean of what is sent.",
            "The mean has no trace of how many there were.",
            "The mean of equal messages is that message. The sum is 2 and 9.",
        ),
        action="counting",
    ),
    Question(
        slug="largest",
        text="The neighbours of u send {a, a, b}, those of v send {a, b}. Which of sum, mean and largest give u and v "
        "the same?",
        options=("Sum and mean.", "Mean.", "The largest.", "All three."),
        answer=2,
        because=(
            "2a + b is not a + b, and (2a + b) / 3 is not (a + b) / 2.",
            "(2a + b) / 3 is not (a + b) / 2: the shares differ. {a, a, b, b} it could not tell from {a, b}.",
            "The largest of a, a, b is that of a, b: how often one comes has no effect.",
            "The sum and the mean differ here.",
        ),
    ),
    Question(
        slug="softmax",
        text="A node of a GAT has 4 neighbours and itself. What do its attention weights sum to, for each head?",
        options=("1", "4", "5", "To the number of heads."),
        answer=0,
        because=(
            "They are a softmax over all that send to this node.",
            "A sum over neighbours is what a layer without normalization takes.",
            "Five numbers, which sum to 1.",
            "Every head has a softmax of its own.",
        ),
        action="gat",
    ),
    Question(
        slug="shuffle",
        text="You renumber the nodes at random. What changes?",
        options=(
            "The output of every node.",
            "The adjacency matrix, and the order of the rows of the output; each node's own row stays.",
            "Nothing, not even the matrix.",
            "Only the loss.",
        ),
        answer=1,
        because=(
            "A sum over neighbours does not ask for their numbers.",
            "P A Pᵀ is another matrix, and the output is P times the old one: equivariance.",
            "Rows and columns of the matrix move with the numbers.",
            "The loss is a sum over nodes, which stays.",
        ),
    ),
    Question(
        slug="transformer",
        text="Which graph does a Transformer without positions and without a mask pass its messages along?",
        options=("A path.", "A tree.", "None, it has no messages.", "The complete graph: every token to every token."),
        answer=3,
        because=(
            "A recurrent network goes along a path.",
            "Nothing in attention builds a tree.",
            "Values, weighed by attention and summed, are messages.",
            "Every query looks at every key. What tells the tokens' order are the positions alone.",
        ),
    ),
    Question(
        slug="smooth",
        text="The normalised adjacency of a connected graph with self-loops is applied again and again. Where do the "
        "features of the nodes go?",
        options=(
            "To √d times one and the same vector.",
            "To 0.",
            "To infinity.",
            "Each node to its own class.",
        ),
        answer=0,
        because=(
            "√d is the eigenvector of the largest eigenvalue, 1; everything else dies away as its eigenvalue to the k.",
            "The largest eigenvalue is 1, so something stays.",
            "Without normalization: the largest eigenvalue of A is larger than 1.",
            "Classes are what is lost on the way.",
        ),
        action="deep",
    ),
    Question(
        slug="wl",
        text="A hexagon, and two triangles side by side: all nodes have the same feature. Can message passing tell the "
        "two graphs apart?",
        options=(
            "Yes, by the sum.",
            "No: every node has two neighbours that look like itself, in every round.",
            "Yes, with three layers or more.",
            "Yes, with attention.",
        ),
        answer=1,
        because=(
            "Six nodes in both, each hears 2 equal messages: the sums are equal too.",
            "The Weisfeiler–Lehman test gives all twelve nodes one colour, and no message passing sees more.",
            "No number of layers helps: nothing ever differs.",
            "A softmax over equal scores is even.",
        ),
    ),
    Question(
        slug="batch",
        text="Two molecules of 17 and 13 atoms go through a network at once. What is the adjacency of this batch?",
        options=(
            "Their mean.",
            "17 × 13.",
            "30 × 30, with both matrices along the diagonal and zeros elsewhere.",
            "17 × 17, the second filled up with zeros.",
        ),
        answer=2,
        because=(
            "They are not of the same size.",
            "That would join the atoms of one with those of the other.",
            "No edge leads from one to the other: each is computed as if alone. A vector says which atom is of which.",
            "Nothing is filled up: one large graph of two parts.",
        ),
        action="molecules",
    ),
    Question(
        slug="double",
        text="Two copies of a molecule are taken as one graph. What happens to the readout?",
        options=(
            "The sum stays, the mean doubles.",
            "All three stay.",
            "All three double.",
            "The sum doubles; mean and largest stay.",
        ),
        answer=3,
        because=(
            "The other way round.",
            "The sum counts the nodes.",
            "The mean is divided by twice as many.",
            "What grows with a graph is best read by a sum, what does not by a mean.",
        ),
    ),
)
