"""Why an uploaded file is refused, and why a colorization fails."""

from __future__ import annotations

from django.db import models


class ErrorCode(models.TextChoices):
    """What can be wrong with a colorization, beside what can be wrong with any job."""

    UNREADABLE = "unreadable_photo", "The photo could not be read"
    WEIGHTS = "weights_unavailable", "The trained weights are missing or damaged"


class UploadError(Exception):
    """A file that is refused: `code` for programs, the message for the user.

    Attributes:
        status: for HTTP.
        retry_after: seconds after which the same file may be taken; None where it never is.
    """

    def __init__(
        self, code: str, message: str, status: int = 400, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after
