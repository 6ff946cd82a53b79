"""What downloaded files are called: the uploader's name, with the suffix of what the file really is."""

from __future__ import annotations

from pathlib import PurePosixPath

from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery.models import Album, Photo


def original_name(photo: Photo) -> str:
    return _named(photo.original_name, "", photo.original)


def result_name(photo: Photo, colorization: Colorization) -> str:
    if colorization.result is None:
        raise ValueError("A colorization without a result has no file to be named.")
    return _named(photo.original_name, f"-{colorization.variant}", colorization.result)


def archive_name(album: Album) -> str:
    return f"{album.title.replace('/', '-')}.zip"


def _named(original_name: str, ending: str, file: StoredFile) -> str:
    suffix = PurePosixPath(str(file.name)).suffix
    return f"{PurePosixPath(original_name).stem}{ending}{suffix}"
