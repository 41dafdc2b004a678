"""Losses beside each other: what each player pays, two trainings at the same seed, and whether a loss tells how good
the fakes are."""
