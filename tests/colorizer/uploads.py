"""What the tests of uploads share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import UploadedFile

from colorizer.engine.imageio.formats import FORMATS
from colorizer.errors import UploadError
from colorizer.uploads import DecodedUpload, blank_document, decoded_pages

# Pillow has names of its own for two formats.
PILLOW_NAMES = {name: name.upper() for name in FORMATS} | {"HEIC": "HEIF"}


@contextmanager
def decoded_upload(file: UploadedFile[bytes]) -> Iterator[DecodedUpload]:
    """A file with one picture; its temporary files are gone afterwards."""
    with decoded_pages(file, most=1) as pictures:
        picture = next(pictures, None)
        if picture is None:
            raise blank_document()
        yield picture


def refusal_of(upload: UploadedFile[bytes]) -> UploadError:
    with pytest.raises(UploadError) as refusal, decoded_upload(upload):
        pass
    return refusal.value


def accepted_size(upload: UploadedFile[bytes]) -> tuple[int, int]:
    with decoded_upload(upload) as decoded:
        return decoded.width, decoded.height
