"""Measurements of speed and memory; one command each, a table on standard output."""
