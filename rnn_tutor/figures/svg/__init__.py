"""Figures as drawings, for paper and browsers."""
