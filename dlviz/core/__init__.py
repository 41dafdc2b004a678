"""Contracts that every lab shares. Names no lab, no chart library, no page library."""
