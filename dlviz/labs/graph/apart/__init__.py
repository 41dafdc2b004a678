"""Which graphs a network can tell apart: pairs of graphs, colour refinement, and networks of random weights."""
