"""Weights files beside the bundled ones: fetched, installed, verified, and chosen for a variant.

Torch is loaded only by what opens a weights file; the choice for a variant is made without it.
"""
