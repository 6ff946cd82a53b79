"""Jobs as clients see them: whatever they are about, they are followed in one way."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from colorizer.models import version_of
from gallery.api.job_state_serializers import (
    COLORIZATION_ERRORS,
    ErrorCodeField,
    JobStateSerializer,
)
from gallery.api.links import JobLink
from gallery.job_feed import Feed
from gallery.work import Row
from jobs import kinds
from jobs.models import Attempt, Job, JobEvent

SUBJECTS: Final = ("colorization", "archive", "download")
"""What a job may be about, one at most; each has an address of its own. Adjusting is about a colorization."""


class JobFilterSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Job.State.choices, default="")
    kind = serializers.ChoiceField(
        [(kind.name, kind.name) for kind in kinds.all_kinds() if not kind.is_background],
        default="",
    )


class SubjectSerializer(serializers.Serializer[Any]):
    """What a job is about."""

    type = serializers.ChoiceField(SUBJECTS)
    url = serializers.URLField()


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try at a job."""

    error_text = serializers.CharField(source="error_message", read_only=True)

    class Meta:
        model = Attempt
        fields = ["number", "outcome", "started_at", "finished_at", "error_code", "error_text"]
        read_only_fields = fields


class JobSerializer(JobStateSerializer):
    """A job: what it is about, how far it is, and how long it may still take."""

    id = serializers.UUIDField(source="job.id", read_only=True)
    url = JobLink("api:job-detail")
    kind = serializers.CharField(source="job.kind", read_only=True)
    subject = serializers.SerializerMethodField()
    error_code = ErrorCodeField(COLORIZATION_ERRORS)
    jobs_ahead = serializers.IntegerField(
        source="wait.jobs_ahead",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="Null unless it is queued.",
    )
    estimated_wait_seconds = serializers.IntegerField(
        source="wait.seconds",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="Null unless it is queued, or when nothing is known yet.",
    )
    estimated_seconds_left = serializers.IntegerField(
        source="left",
        read_only=True,
        allow_null=True,
        help_text="Null unless it is running and has made some progress.",
    )

    @extend_schema_field(SubjectSerializer(allow_null=True))
    def get_subject(self, row: Row) -> dict[str, str] | None:
        for name in SUBJECTS:
            record = version_of(row.job) if name == "colorization" else getattr(row.job, name, None)
            if record:
                address = reverse(
                    f"api:{name}-detail", args=[record.pk], request=self.context["request"]
                )
                return {"type": name, "url": address}
        return None


class JobWithAttemptsSerializer(JobSerializer):
    """With its history, which takes a query: for single jobs only."""

    attempts = AttemptSerializer(source="job.attempts", many=True, read_only=True)


class CancelledJobsSerializer(serializers.Serializer[Any]):
    cancelled = serializers.IntegerField()


class RetriedJobsSerializer(serializers.Serializer[Any]):
    retried = serializers.IntegerField()
    left = serializers.IntegerField(
        help_text="More than 500, or for which you have too many open jobs."
    )


class ChangesSinceSerializer(serializers.Serializer[Any]):
    since = serializers.CharField(
        required=False, help_text="The cursor of an answer. Without it, you get the first cursor."
    )


class ChangeSerializer(serializers.ModelSerializer[JobEvent]):
    """A job came into a state."""

    job = serializers.UUIDField(source="job_id", read_only=True)
    changed_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = JobEvent
        fields = ["job", "state", "attempt", "changed_at"]
        read_only_fields = fields


class ChangesSerializer(serializers.Serializer[Any]):
    changes = ChangeSerializer(many=True, help_text="The oldest first.")
    jobs = JobSerializer(
        many=True, help_text="These jobs as they are now, without those that lie in the trash."
    )
    cursor = serializers.CharField(help_text="For the next request.")
    has_more = serializers.BooleanField(help_text="There are more: ask again at once.")


def represented(feed: Feed, request: Request) -> dict[str, Any]:
    return dict(ChangesSerializer(feed, context={"request": request}).data)
