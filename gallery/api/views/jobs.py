"""Work of all kinds: what is done, what waits and where in line, what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from gallery import queries, work
from gallery.api.generics import GenericAPIView, ListAPIView
from gallery.api.job_serializers import (
    JobFilterSerializer,
    JobSerializer,
    JobWithAttemptsSerializer,
)
from gallery.api.pagination import NewestJobsPagination
from gallery.api.permissions import accessible, current_user
from gallery.api.problems import AlreadyFinished, NotRetryable
from gallery.api.responses import accepted, pollable
from jobs import services
from jobs.models import Job, JobQuerySet


@extend_schema_view(get=extend_schema(parameters=[JobFilterSerializer]))
class JobList(ListAPIView[Job]):
    """Your jobs of all kinds, newest first."""

    serializer_class = JobSerializer
    query_serializer = JobFilterSerializer
    pagination_class = NewestJobsPagination

    def get_queryset(self) -> JobQuerySet:
        filters = JobFilterSerializer(data=self.request.query_params)
        filters.is_valid(raise_exception=True)
        asked = {name: value for name, value in filters.validated_data.items() if value}
        return queries.own_jobs(current_user(self.request)).filter(**asked)

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        jobs = super().paginate_queryset(queryset) or []
        return work.rows_of(current_user(self.request), jobs)


class JobView(GenericAPIView[Job]):
    serializer_class = JobWithAttemptsSerializer

    def get_queryset(self) -> JobQuerySet:
        return queries.kept_jobs(accessible(Job.objects.all(), self.request))

    def described(self) -> BaseSerializer[Any]:
        """As it is now."""
        return self.get_serializer(work.row_of(self.get_object()))


class JobDetail(JobView):
    """One job. Ask again after Retry-After seconds while it is queued or running."""

    def get(self, request: Request, pk: UUID) -> Response:
        return pollable(self.described())


class JobCancel(JobView):
    """Stop a job that is queued or running."""

    @extend_schema(request=None)
    def post(self, request: Request, pk: UUID) -> Response:
        if not services.cancel(self.get_object()):
            raise AlreadyFinished
        return pollable(self.described())


class JobRetry(JobView):
    """Queue a job again that failed or was cancelled. It goes before your others."""

    throttle_scope = "job"

    @extend_schema(request=None, responses={202: JobWithAttemptsSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        if not services.retry_own(self.get_object(), goes_first=True):
            raise NotRetryable
        return accepted(self.described())
