"""Tasks of the Attention lab."""
