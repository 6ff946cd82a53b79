"""What the tests of uploads share."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import UploadedFile

from colorizer.engine.imageio.formats import FORMATS
from colorizer.errors import UploadError
from colorizer.uploads import decoded_upload

# Pillow has names of its own for two formats.
PILLOW_NAMES = {name: name.upper() for name in FORMATS} | {"HEIC": "HEIF"}


def refusal_of(upload: UploadedFile[bytes]) -> UploadError:
    with pytest.raises(UploadError) as refusal, decoded_upload(upload):
        pass
    return refusal.value


def accepted_size(upload: UploadedFile[bytes]) -> tuple[int, int]:
    with decoded_upload(upload) as decoded:
        return decoded.width, decoded.height
