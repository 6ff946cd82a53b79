"""Why a file is not taken in."""

from __future__ import annotations


class UploadError(Exception):
    """A file that cannot be taken in: `code` for programs, the message for the user."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
