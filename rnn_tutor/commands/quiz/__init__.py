"""Exercises as questions of quiz systems: Moodle XML, and QTI."""
