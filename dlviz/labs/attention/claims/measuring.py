"""What the Attention lab's experiments share."""

from __future__ import annotations

SLICE = 6  # steps: about 50 ms of training, so that others get their turn between slices
