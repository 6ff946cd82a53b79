"""Uploads and frames of films are decoded in processes of their own: `pool` keeps them, `process` is their program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DecodingTask:
    """A file to be read, and what the site asks of it.

    Attributes:
        source: the path of the upload.
        display, thumbnail, small: paths of what is shown of it, to be written.
        page: of a document, counted from 1; 0 is the file as it is.
        extracted: the path of the page's own file, which is to be written.
        min_side, max_pixels, max_film_seconds: limits of the site; the engine has limits of its own.
        moment: of a film that was accepted, a second: only its frame is written, as `display`.
    """

    source: str
    display: str
    thumbnail: str
    small: str
    min_side: int
    max_pixels: int
    max_film_seconds: float
    page: int = 0
    extracted: str = ""
    moment: float | None = None
