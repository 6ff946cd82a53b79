"""Colorizations, films and their segments, packs of small pictures, and the weights in use."""

from colorizer.models.colorizations import (
    HIGHEST_RATING,
    LOWEST_RATING,
    WEIGHTS_NAME_LENGTH,
    Adjustment,
    Colorization,
    ColorizationManager,
    ColorizationQuerySet,
    Guidance,
    Variant,
    version_of,
)
from colorizer.models.films import Film, FilmSegment
from colorizer.models.packs import PicturePack, PicturePackQuerySet
from colorizer.models.weights import CurrentWeights

__all__ = [
    "HIGHEST_RATING",
    "LOWEST_RATING",
    "WEIGHTS_NAME_LENGTH",
    "Adjustment",
    "Colorization",
    "ColorizationManager",
    "ColorizationQuerySet",
    "CurrentWeights",
    "Film",
    "FilmSegment",
    "Guidance",
    "PicturePack",
    "PicturePackQuerySet",
    "Variant",
    "version_of",
]
