"""Why an uploaded file is refused."""

from __future__ import annotations


class UploadError(Exception):
    """A file that is refused: `code` for programs, the message for the user."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
