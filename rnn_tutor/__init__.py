"""A terminal tutor for the mathematics of recurrent networks."""
