"""Notebooks -> exercises: read as data, translated into the language, and never executed."""
