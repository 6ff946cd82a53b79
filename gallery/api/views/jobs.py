"""Work of all kinds: what is done, what waits and where in line, what came of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from gallery import job_feed, queries, work
from gallery.api import event_stream
from gallery.api.generics import ApiView, GenericAPIView, ListAPIView
from gallery.api.job_serializers import (
    CancelledJobsSerializer,
    ChangesSerializer,
    ChangesSinceSerializer,
    JobFilterSerializer,
    JobSerializer,
    JobWithAttemptsSerializer,
    RetriedJobsSerializer,
    represented,
)
from gallery.api.pagination import NewestJobsPagination
from gallery.api.permissions import accessible, current_user
from gallery.api.problems import AlreadyFinished, InvalidCursor, NotRetryable
from gallery.api.responses import accepted, pollable
from gallery.api.throttles import count_jobs
from gallery.api.views.media import IgnoreAccept
from gallery.api.waiting import PREFER, WAITED, when_changed, when_happened
from gallery.work import Row
from jobs import services
from jobs.changes import Cursor, CursorError, any_since, latest
from jobs.models import Job, JobQuerySet

ESTIMATES: Final = ("jobs_ahead", "estimated_wait_seconds", "estimated_seconds_left")
"""What takes queries of its own."""
LAST_EVENT_ID: Final = OpenApiParameter(
    "Last-Event-ID", location=OpenApiParameter.HEADER, description="A cursor; goes before since."
)


@extend_schema_view(get=extend_schema(parameters=[JobFilterSerializer]))
class JobList(ListAPIView[Job]):
    """Your jobs of all kinds, newest first."""

    serializer_class = JobSerializer
    query_serializer = JobFilterSerializer
    pagination_class = NewestJobsPagination
    owner_path = "pk"

    def get_queryset(self) -> JobQuerySet:
        filters = JobFilterSerializer(data=self.request.query_params)
        filters.is_valid(raise_exception=True)
        asked = {name: value for name, value in filters.validated_data.items() if value}
        return queries.own_jobs(current_user(self.request)).filter(**asked)

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        jobs = super().paginate_queryset(queryset) or []
        self.is_lasting = all(job.is_finished for job in jobs)
        if not self.wants(*ESTIMATES):
            return [Row(job) for job in jobs]
        return work.rows_of(current_user(self.request), jobs)


class JobView(GenericAPIView[Job]):
    serializer_class = JobWithAttemptsSerializer

    def get_queryset(self) -> JobQuerySet:
        found = queries.kept_jobs(accessible(Job.objects.all(), self.request))
        return found.select_related(
            "colorization", "adjustment__colorization", "archive", "download"
        )

    def described(self, job: Job | None = None) -> BaseSerializer[Any]:
        """As it was read, or else as it is now."""
        shown = job or self.get_object()
        return self.get_serializer(work.row_of(shown) if self.wants(*ESTIMATES) else Row(shown))


class JobDetail(JobView):
    """One job. Ask again after Retry-After seconds while it is queued or running."""

    response_headers = WAITED
    owner_path = "owner_id"

    @extend_schema(parameters=[PREFER])
    def get(self, request: Request, pk: UUID) -> Response:
        job = self.get_object()
        return when_changed(request, pollable(self.described(job)), job)


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


class JobsCancel(ApiView):
    """Stop all your jobs that are queued or running."""

    @extend_schema(request=None, responses=CancelledJobsSerializer)
    def post(self, request: Request) -> Response:
        return Response({"cancelled": work.cancel_all(current_user(request))})


class JobsRetry(ApiView):
    """Queue your jobs again that failed in the last day: up to 500, as far as you may have more open ones."""

    @extend_schema(request=None, responses=RetriedJobsSerializer)
    def post(self, request: Request) -> Response:
        owner = current_user(request)
        chosen = work.to_retry(owner)
        count_jobs(request, len(chosen))
        retried, left = work.retry_some(owner, chosen)
        return Response({"retried": retried, "left": left})


class JobChanges(ApiView):
    """What changed of your jobs since a cursor, and how these jobs are now. Without a cursor, where to begin."""

    query_serializer = ChangesSinceSerializer
    response_headers = WAITED

    @extend_schema(parameters=[ChangesSinceSerializer, PREFER], responses=ChangesSerializer)
    def get(self, request: Request) -> Response:
        owner = current_user(request)
        asked = ChangesSinceSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        if "since" not in asked.validated_data:
            return Response(represented(job_feed.beginning(owner), request))
        cursor = parsed(asked.validated_data["since"])
        feed = job_feed.since(owner, cursor)
        response = Response(represented(feed, request))
        is_due = bool(feed.changes)
        return when_happened(request, response, lambda: any_since(owner, cursor), is_due=is_due)


class JobEvents(ApiView):
    """The same as server-sent events, where the site has them switched on. A stream ends after 5 minutes."""

    query_serializer = ChangesSinceSerializer
    content_negotiation_class = IgnoreAccept
    is_stream = True
    problems = {"GET": (404, 503)}

    @extend_schema(
        parameters=[ChangesSinceSerializer, LAST_EVENT_ID],
        responses={(200, event_stream.MEDIA_TYPE): str},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        asked = ChangesSinceSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        last = request.headers.get("Last-Event-ID") or asked.validated_data.get("since")
        cursor = parsed(last) if last else latest(current_user(request))
        stream = event_stream.open_stream(request, cursor)
        headers = {"X-Accel-Buffering": "no"}
        return StreamingHttpResponse(stream, content_type=event_stream.MEDIA_TYPE, headers=headers)


def parsed(cursor: str) -> Cursor:
    try:
        return Cursor.parse(cursor)
    except CursorError as error:
        raise InvalidCursor from error
