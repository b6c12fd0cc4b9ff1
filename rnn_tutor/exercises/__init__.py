"""Exercises: from a file to a question with numbers to a verdict."""
