"""Why a job that makes a file to take along fails."""

from __future__ import annotations

from django.db import models


class ErrorCode(models.TextChoices):
    """Beside `jobs.errors.ErrorCode`."""

    GONE = "gone", "What it was about was deleted"
