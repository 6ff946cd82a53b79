"""Reference photos: whose colors another photo is to have."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import chroma_of
from colorizer.engine.errors import N_, GrayReferenceError, PictureTooLargeError
from colorizer.engine.imageio.decoding import damage_named
from colorizer.engine.imageio.derivatives import on_white, pillow_image
from colorizer.engine.imageio.reading import read_picture

REFERENCE_SIDE: Final = 64
"""Pixels of the longer side at which the colors of a reference photo are counted."""
GRAY_BELOW: Final = 5.0
"""Root mean square of chroma, 8-bit units, as for photographs to train with: less is gray."""


def read_reference(path: Path) -> Image.Image:
    """The photo of any picture file, made small, since its colors are all that counts.

    Raises:
        UnreadablePictureError: see `read_picture`.
        GrayReferenceError: see `reference_chroma`.
        OSError: the file cannot be opened.
    """
    reference = pillow_image(on_white(read_picture(path), REFERENCE_SIDE))
    reference_chroma(reference)
    return reference


def png_of(reference: Image.Image) -> bytes:
    """For `reference_of_png`: what `read_reference` gave."""
    content = BytesIO()
    reference.convert("RGB").save(content, "PNG")
    return content.getvalue()


def reference_of_png(content: bytes) -> Image.Image:
    """One that was kept: a PNG of REFERENCE_SIDE pixels at most, as `read_reference` leaves it.

    Raises:
        UnreadablePictureError: it is none, or damaged.
    """
    with damage_named():
        reference = Image.open(BytesIO(content), formats=["PNG"])
        if max(reference.size) > REFERENCE_SIDE:
            raise PictureTooLargeError(
                "A reference is kept with %(most)d pixels on its longer side at most.",
                most=REFERENCE_SIDE,
            )
        reference.load()
    return reference


def reference_chroma(reference: Image.Image) -> NDArray[np.float32]:
    """2 x h x w, Cb and Cr in 8-bit units around 0, REFERENCE_SIDE at most.

    Raises:
        GrayReferenceError: its chroma is less than GRAY_BELOW.
        UnreadablePictureError: it is of a file that is damaged.
    """
    with damage_named():
        small = reference.convert("RGB")
    small.thumbnail((REFERENCE_SIDE, REFERENCE_SIDE), Image.Resampling.BOX)
    chroma = chroma_of(np.asarray(small, dtype=np.float32))
    if np.sqrt(np.square(chroma).sum(axis=0).mean()) < GRAY_BELOW:
        raise GrayReferenceError(
            N_("The reference photo is gray: it has no colors to take. Choose a photo in color.")
        )
    return chroma
