"""What the API tells of the job of a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rest_framework import serializers

from colorizer.errors import ErrorCode as ColorizerErrorCode
from gallery.api.representing import ListedSerializer
from gallery.errors import ErrorCode
from jobs.errors import ErrorCode as JobErrorCode
from jobs.models import Job

JOB_ERRORS: Final = [*JobErrorCode.choices, *ErrorCode.choices]
COLORIZATION_ERRORS: Final = [*ColorizerErrorCode.choices, *JOB_ERRORS]
"""Also of what is made of a colorization: files to download, other colors."""

JOB_FIELDS: Final = [
    "state",
    "progress",
    "attempt",
    "error_code",
    "error_text",
    "queued_at",
    "started_at",
    "finished_at",
    "duration_seconds",
]


class ErrorCodeField(serializers.ChoiceField):
    """Why the job of a record failed."""

    def __init__(self, choices: Sequence[tuple[str, str]], source: str = "job.error_code") -> None:
        super().__init__(
            choices,
            source=source,
            read_only=True,
            allow_blank=True,
            help_text="Blank unless it failed.",
        )


class JobStateSerializer(ListedSerializer):
    """State and progress of the job of a record."""

    state = serializers.ChoiceField(Job.State.choices, source="job.state", read_only=True)
    progress = serializers.IntegerField(
        source="job.progress", read_only=True, min_value=0, max_value=100, help_text="Percent."
    )
    attempt = serializers.IntegerField(
        source="job.attempts_made", read_only=True, help_text="0 until a worker starts it."
    )
    error_code = ErrorCodeField(JOB_ERRORS)
    error_text = serializers.CharField(source="job.error_message", read_only=True)
    queued_at = serializers.DateTimeField(source="job.queued_at", read_only=True)
    started_at = serializers.DateTimeField(source="job.started_at", read_only=True, allow_null=True)
    finished_at = serializers.DateTimeField(
        source="job.finished_at", read_only=True, allow_null=True
    )
    duration_seconds = serializers.SerializerMethodField(
        help_text="From start to end of the last attempt."
    )

    def get_duration_seconds(self, record: Any) -> float | None:
        duration = record.job.duration
        return duration.total_seconds() if duration else None
