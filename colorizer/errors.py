"""Why an uploaded file is refused, and why a colorization fails."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.db import models
from django.utils.translation import gettext, gettext_noop

from jobs import texts


class ErrorCode(models.TextChoices):
    """What can be wrong with a colorization, beside what can be wrong with any job."""

    UNREADABLE = "unreadable_photo", "The photo could not be read"
    UNREADABLE_FILM = "unreadable_film", "The film could not be read"
    WEIGHTS = "weights_unavailable", "The trained weights are missing or damaged"


class FilmError(BadRequest):
    """What was asked cannot be done with this film, or with some seconds of one."""

    code: str
    text: str

    def __init__(self) -> None:
        super().__init__(gettext(self.text))


class NotForFilmsError(FilmError):
    """What is done with the colors of photos was asked for a film."""

    code = "not_for_films"
    text = gettext_noop(
        "This is a film: only photos can be adjusted, be made into other formats, or have their colors taken."
    )


class NotForTrialsError(FilmError):
    """Some seconds of a film were to stand for all of it."""

    code = "not_for_trials"
    text = gettext_noop(
        "This version shows some seconds of the film. Color the whole film, then keep that version."
    )


class RefusalError(Exception):
    """What somebody sent is refused: `code` for programs, the message for the user.

    Attributes:
        text, params: the message in English, with named placeholders, see `jobs.texts`.
        status: for HTTP.
        retry_after: seconds after which the same may be taken; None where it never is.
    """

    def __init__(
        self,
        code: str,
        text: str,
        status: int = 400,
        retry_after: int | None = None,
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.status = status
        self.retry_after = retry_after
        self.params = params or {}

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """In the language of who reads it."""
        return texts.shown(self.text, self.params)


class UploadError(RefusalError):
    """A file that is refused."""


class GuidanceError(RefusalError):
    """Hints, or a reference photo, that cannot be used."""
