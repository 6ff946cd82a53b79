"""What of an upload reaches the disk: parsing a form comes before any view could refuse it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(number: int, *, in_parts: bool = False) -> Callable[[View], View]:
    """Marks a view, or the class of one: its requests may carry files, up to so many.

    Args:
        in_parts: what came of a PATCH before the line broke is worth keeping.
    """

    def mark(view: View) -> View:
        view.max_files = number  # type: ignore[attr-defined]
        view.takes_parts = in_parts  # type: ignore[attr-defined]
        return view

    return mark


def max_files(view: Callable[..., Any]) -> int:
    """How many files the requests of a view may carry; others are refused before they are read."""
    number: int = getattr(_marked(view), "max_files", 0)
    return number


def takes_parts(view: Callable[..., Any]) -> bool:
    """Whether a view is to see a PATCH whose body has not come to its end."""
    return bool(getattr(_marked(view), "takes_parts", False))


def _marked(view: Callable[..., Any]) -> Any:
    return getattr(view, "cls", view)  # of a REST framework's view, the class


class BoundedUploadHandler(TemporaryFileUploadHandler):
    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody has to log in to send a form, but to have a file stored."""
        if self.request is None or self.request.user.is_anonymous:
            raise SkipFile
        # The temporary file would end like this name, which may be longer than a disk allows.
        super().new_file(field_name, "upload", *args, **kwargs)
        self.file.name = file_name

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Drop what is over the limit; the size still counts it, and upload validation refuses the file."""
        if start <= settings.MAX_UPLOAD_BYTES:
            super().receive_data_chunk(raw_data, start)
