"""Colorizes black-and-white pictures: the engine, and the records and jobs of a site."""

__version__ = "0.1.0"
