"""Which mistake a wrong answer shows: the known mistakes with their values, and what is said of one that fits."""
