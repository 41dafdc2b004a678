"""Graphs: what one is, as text, from text, laid out, and the ones that the Graph lab knows by name."""
