"""The panel Molecules: which atoms speak for an answer, over the whole set, and molecules that a person draws."""
