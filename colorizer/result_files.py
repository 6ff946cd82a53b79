"""The files of a result: the picture in full, and what is shown of it. Loads libvips: workers only."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from colorizer.engine.imageio.derivatives import display_jpeg, small_webp, thumbnail_webp
from colorizer.engine.imageio.formats import format_of
from colorizer.engine.imageio.provenance import PROGRAM, Provenance
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.version import __version__
from colorizer.guiding import guide_of
from colorizer.models import Colorization
from colorizer.picture_files import add_picture
from filestore.models import StoredFile
from filestore.services import NewFiles


def provenance_of(colorization: Colorization) -> Provenance:
    """What made a result that is there, for files that are made of it."""
    guide = guide_of(colorization)
    return Provenance(
        PROGRAM,
        __version__,
        colorization.variant,
        colorization.weights_name,
        colorization.weights_sha256,
        cast("int", colorization.used_render_factor),
        len(guide.hints),
        bool(guide.reference),
    )


def add_result(colorization: Colorization, result: Path, files: NewFiles) -> StoredFile:
    picture = read_picture(result)
    return add_picture(
        files,
        owner=colorization.source.owner,
        purpose=StoredFile.Purpose.RESULT,
        content=result,
        format=format_of(result),
        shown={
            StoredFile.Purpose.PREVIEW: display_jpeg(picture),
            StoredFile.Purpose.THUMBNAIL: thumbnail_webp(picture),
            StoredFile.Purpose.SMALL: small_webp(picture),
        },
    )
