"""Figures in characters, for terminals and plain text."""
