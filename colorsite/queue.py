"""The staff page of the queue: clusters, running, queued and failed jobs, and the actions on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jobs import clusters, counters
from jobs.models import Job, JobQuerySet, Queue, WorkerCluster
from jobs.queue_depth import Depth, depths
from moderation.subjects import describe, with_subject

State = Job.State
JOBS_SHOWN = 50
LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Cluster:
    record: WorkerCluster
    running: int
    is_silent: bool


@dataclass(frozen=True)
class ShownQueue:
    depth: Depth
    leases_lost: int


@dataclass(frozen=True)
class ShownJob:
    job: Job
    subject: str


@require_http_methods(["GET", "POST"])
def queue_page(request: HttpRequest) -> HttpResponse:
    if not _job_admin().has_view_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        _act(request)
        return redirect("admin:queue")
    return TemplateResponse(
        request, "admin/queue.html", {**admin.site.each_context(request), **_context(request)}
    )


def _job_admin() -> admin.ModelAdmin[Job]:
    return admin.site.get_model_admin(Job)


@transaction.atomic
def _act(request: HttpRequest) -> None:
    """The actions of the list of jobs, with their permissions, messages and entries in the log."""
    action = _job_admin().get_actions(request).get(request.POST.get("action", ""))
    if action is None:
        raise PermissionDenied
    function = action[0]
    function(_job_admin(), request, _chosen_jobs(request))


def _chosen_jobs(request: HttpRequest) -> JobQuerySet:
    if code := request.POST.get("error_code"):
        return _failed().filter(error_code=code)
    try:
        return Job.objects.filter(pk=request.POST["job"])
    except (KeyError, ValidationError) as error:
        raise BadRequest("Name a job or an error code.") from error


def _context(request: HttpRequest) -> dict[str, Any]:
    found = _clusters()
    waiting = depths()
    alive = {cluster.record.queue for cluster in found if not cluster.is_silent}
    losses = leases_lost()
    return {
        "title": "Queue",
        "clusters": found,
        "queues": [ShownQueue(depth, round(losses.get(depth.queue, 0))) for depth in waiting],
        "stranded": [d for d in waiting if d.queued and d.queue not in alive],
        "can_act": "cancel" in _job_admin().get_actions(request),
        "running": _shown(_in_state(State.RUNNING).order_by("started_at")),
        "queued": _shown(_in_state(State.QUEUED).order_by("-priority", "queued_at")),
        "failed": _shown(_failed().order_by("-finished_at")),
        "failures": _failed().order_by().values_list("error_code").annotate(Count("pk")),
    }


def _clusters() -> list[Cluster]:
    records = WorkerCluster.objects.annotate(number_running=Count("running"))
    return [Cluster(one, one.number_running, clusters.is_silent(one)) for one in records]


def leases_lost() -> Mapping[str, float]:
    """By queue, since the site was made."""
    return {labels["queue"]: value for labels, value in counters.read("lease_losses")}


def _in_state(state: Job.State) -> JobQuerySet:
    """Of every queue: they are named as in `open_jobs`."""
    return Job.objects.filter(queue__in=Queue.values, state=state)


def _failed() -> JobQuerySet:
    return _in_state(State.FAILED).filter(finished_at__gte=timezone.now() - LATELY).asked_for()


def _shown(jobs: JobQuerySet) -> list[ShownJob]:
    with_details = with_subject(jobs).select_related("cluster")[:JOBS_SHOWN]
    return [ShownJob(job, describe(job)) for job in with_details]
