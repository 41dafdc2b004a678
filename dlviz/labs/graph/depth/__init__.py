"""Depth: what many layers do to nodes (they grow alike), and what a narrow way does to what comes from far."""
