"""Measures of colorized pictures against the real ones."""
