"""Plain mode: the whole tutor line by line, for screen readers and bad lines."""
