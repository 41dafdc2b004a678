"""A GAN that is told classes: whether it makes what it is asked for, and what being told is worth."""
