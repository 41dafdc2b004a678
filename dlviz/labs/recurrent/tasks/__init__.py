"""The tasks of the Recurrent lab: sequences in, answers out."""
