"""An autoencoder and a variational one, trained side by side on the same pictures, and the holes in their codes."""
