"""Everybody's jobs for staff: what failed, and trying it again."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from gallery.api.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from gallery.api.links import Link
from gallery.api.pagination import NewestJobsPagination
from jobs.models import Job, JobQuerySet
from moderation import decisions
from moderation.api import filters
from moderation.api.decision_serializers import (
    JobOrderSerializer,
    JobsOrderSerializer,
    StaffSerializer,
)
from moderation.api.decisions import Decide, Decisions, DecisionsOfMany, DecisionsOfOne
from moderation.api.permissions import IsStaff, MayModerate
from moderation.subjects import describe, with_subject


class ModeratedJobSerializer(serializers.ModelSerializer[Job]):
    """A job as staff see it."""

    url = Link("api:moderated_job-detail")
    decisions_url = Link("api:moderated_job-decisions")
    about = serializers.SerializerMethodField(help_text="What it is about, in words.")
    owner = StaffSerializer(read_only=True)
    is_urgent = serializers.BooleanField(source="priority", read_only=True)
    error_text = serializers.CharField(source="error_message", read_only=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "url",
            "decisions_url",
            "kind",
            "about",
            "owner",
            "queue",
            "is_urgent",
            "state",
            "progress",
            "attempts_made",
            "error_code",
            "error_text",
            "queued_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_about(self, job: Job) -> str:
        return describe(job)


class Jobs(GenericAPIView[Job]):
    model = Job
    permission_classes = [IsStaff, MayModerate]
    serializer_class = ModeratedJobSerializer

    def get_queryset(self) -> JobQuerySet:
        return with_subject(Job.objects.all())


@extend_schema_view(get=extend_schema(parameters=[filters.ModeratedJobFilterSerializer]))
class JobList(Jobs, ListAPIView[Job]):
    """Everybody's jobs, also those that the site does for itself, newest first."""

    query_serializer = filters.ModeratedJobFilterSerializer
    pagination_class = NewestJobsPagination

    def get_queryset(self) -> JobQuerySet:
        return filters.jobs(self.request, super().get_queryset())


class JobDetail(Jobs, RetrieveAPIView[Job]):
    """One job, as staff see it."""


class OfJobs(Jobs, Decisions[Job]):
    decisions: ClassVar[dict[str, Decide]] = {
        "retry": decisions.retry_job,
        "cancel": decisions.cancel_job,
        "put_first": decisions.put_job_first,
    }


class JobDecisions(OfJobs, DecisionsOfOne[Job]):
    serializer_class = JobOrderSerializer  # type: ignore[assignment]  # of the request


class JobsDecisions(OfJobs, DecisionsOfMany[Job]):
    serializer_class = JobsOrderSerializer  # type: ignore[assignment]  # of the request
