"""dlviz: train small deep networks live, open every number, change anything, take the code away."""

__version__ = "0.1.0"
