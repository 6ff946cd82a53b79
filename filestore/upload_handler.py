"""What of an upload reaches the disk: parsing a form comes before any view could refuse it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Nobody has to log in to send a form, but to have a file stored."""
        if self.request is None or self.request.user.is_anonymous:
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Drop what is over the limit; the size still counts it, and upload validation refuses the file."""
        if start <= settings.MAX_UPLOAD_BYTES:
            super().receive_data_chunk(raw_data, start)
