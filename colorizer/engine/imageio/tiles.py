"""A picture as tiles, to be zoomed into: no more of it is sent than is seen."""

from __future__ import annotations

from pathlib import Path

from colorizer.engine.imageio.derivatives import QUALITY, WHITE, image_of
from colorizer.engine.imageio.reading import Picture


def write_tiles(picture: Picture, path: Path, side: int, overlap: int) -> None:
    """Write a Deep Zoom pyramid: "NAME_files/LEVEL/X_Y.jpeg" in a zip file that is not compressed.

    Level 0 is one pixel; each is twice as large as the one before, and the last has all of the picture.

    Args:
        picture: of any depth, with or without alpha, which is put on white. It is not changed.
        path: ends in ".zip".
        side: of a tile, in pixels, without the overlap.
        overlap: pixels that a tile has of each neighbor, so that no seams are seen.

    Raises:
        OSError: the file cannot be written.
    """
    image = image_of(picture)
    if picture.alpha is not None:
        image = image.flatten(background=[WHITE])
    image.dzsave(
        str(path),
        layout="dz",
        container="zip",
        compression=0,
        tile_size=side,
        overlap=overlap,
        suffix=f".jpeg[Q={QUALITY},optimize_coding,keep=none]",
        skip_blanks=-1,
    )
