"""Data sets that are too large to hold in the hand: fetched on a click, trained on as a whole, seen piece by piece."""
