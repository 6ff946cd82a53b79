"""Colour for black-and-white pictures: the engine, and what a site makes of it."""

__version__ = "0.1.0"
