"""The panel ImageNet: a network that knows 1,000 classes, its answer, its maps, and what speaks for them."""
