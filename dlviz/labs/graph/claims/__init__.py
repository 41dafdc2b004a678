"""What textbooks say about graph networks, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from functools import partial

from dlviz.core.lab import Claim, experiment_in

_experiment = partial(experiment_in, __name__)

CLAIMS = (
    Claim(
        "karate",
        "A GCN separates the two factions of the karate club from one labelled member of each.",
        "Train the GCN of two layers for 200 steps with one told member of each faction: the two leaders, for five "
        "seeds of the weights; and two members drawn at random, ten times. Count the right answers for the 32 others, "
        "beside always naming the larger faction.",
        _experiment("factions"),
    ),
    Claim(
        "own",
        "Without self-loops a layer loses a node's own features.",
        "On karate without training, for five seeds, change one node's features and measure how far its own output "
        "moves, after one layer and after two: A X W, with self-loops, GCN, GraphSAGE. Then let nodes of a random "
        "graph be labelled by nothing but their own feature, and train each of them with one layer.",
        _experiment("own_features"),
    ),
    Claim(
        "norms",
        "Without normalization the size of an embedding follows the degree of its node.",
        "On karate, Les Misérables and a random graph, for five seeds of random weights and no activation: the rank "
        "correlation of a node's degree with the norm of its embedding after one, two and three layers, for A X W "
        "with self-loops, for GCN and for the mean; with the same features for all, and with one-hot identities.",
        _experiment("sizes"),
    ),
    Claim(
        "counting",
        "The mean cannot count neighbours and the sum can.",
        "On a random graph of 200 nodes whose features are all the same, tell half of the nodes whether they have more "
        "neighbours than the median, and train a GIN of one layer with the sum, the mean and the largest, for five "
        "seeds. Measure the accuracy for the other half, and how far apart the embeddings lie.",
        _experiment("counting"),
    ),
    Claim(
        "multiplicity",
        "The largest ignores how often a message comes.",
        "Nodes whose neighbours are either {a, b} or {a, a, b}: train a GIN of one layer to tell which, with the sum, "
        "the mean and the largest, for five seeds. Then the same for {a, b} and {a, a, b, b}, which the mean should "
        "not tell apart either.",
        _experiment("multiplicity"),
    ),
    Claim(
        "smoothing",
        "Six or more GCN layers over-smooth the karate club.",
        "Train GCNs of 1, 2, 4, 6, 8, 12 and 16 layers of 8 features with one told member of each faction, for five "
        "seeds and 200 steps. Measure the accuracy for the others, and the mean distance between two embeddings "
        "divided by their mean norm, before and after training.",
        _experiment("smoothing"),
    ),
    Claim(
        "attention",
        "Attention weighs neighbours unevenly: it finds those that matter.",
        "Two tasks for a GAT of one layer and a head, five seeds: nodes whose class is the feature of the one "
        "neighbour "
        "that is marked, among five; and the karate club. Measure how far the attention of a node is from even, as the "
        "share of the entropy log d that is missing, and the accuracy beside a GCN's.",
        _experiment("attention"),
    ),
    Claim(
        "permutation",
        "Renumbering the nodes renumbers the output, and changes nothing else.",
        "Train each of the six layers on karate for 50 steps, renumber the nodes ten times at random, and compare the "
        "renumbered output with the output for the renumbered graph: the largest difference, in single and in double "
        "precision. Of MUTAG, the same for a whole graph's answer.",
        _experiment("permutation"),
    ),
)
