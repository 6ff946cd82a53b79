"""Why people get no file to download."""

from __future__ import annotations

from http import HTTPStatus

from django.db import models
from django.utils.translation import gettext_noop

from colorizer.errors import RefusalError


class ErrorCode(models.TextChoices):
    """Why a job that makes one fails, beside `jobs.errors.ErrorCode`."""

    GONE = "gone", "What it was about was deleted"


class NothingToDownloadError(RefusalError):
    """A zip file would be empty."""

    NO_PHOTOS = gettext_noop("There is nothing to download: the album has no photos.")
    NOT_COLORED = gettext_noop(
        "There is nothing to download: none of these photos has been colored. Choose the originals."
    )

    def __init__(self, text: str) -> None:
        super().__init__("nothing_to_download", text, HTTPStatus.CONFLICT)
