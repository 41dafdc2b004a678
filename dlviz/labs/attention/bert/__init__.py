"""The real BERT: a trained encoder that comes with pip, opened head by head."""
