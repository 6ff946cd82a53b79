"""The staff page of the queue: clusters, what runs, waits and failed, with what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from colorizer import clusters
from colorizer.models import Colorization, ColorizationQuerySet, WorkerCluster
from colorizer.queue_depth import depths

State = Colorization.State
JOBS_SHOWN = 50
LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Cluster:
    record: WorkerCluster
    running: int
    is_silent: bool


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


def _job_admin() -> admin.ModelAdmin[Colorization]:
    return admin.site.get_model_admin(Colorization)


def _act(request: HttpRequest) -> None:
    """The actions of the list of jobs, with their rights, messages and entries in the log."""
    action = _job_admin().get_actions(request).get(request.POST.get("action", ""))
    if action is None:
        raise PermissionDenied
    function = action[0]
    function(_job_admin(), request, _chosen_jobs(request))


def _chosen_jobs(request: HttpRequest) -> ColorizationQuerySet:
    if code := request.POST.get("error_code"):
        return _failed().filter(error_code=code)
    try:
        return Colorization.objects.filter(pk=request.POST["job"])
    except (KeyError, ValidationError) as error:
        raise BadRequest("Name a job or an error code.") from error


def _context(request: HttpRequest) -> dict[str, Any]:
    found = [
        Cluster(record, record.number_running, clusters.is_silent(record))
        for record in WorkerCluster.objects.annotate(number_running=Count("running"))
    ]
    waiting = depths()
    alive = {cluster.record.queue for cluster in found if not cluster.is_silent}
    return {
        "title": "Queue",
        "clusters": found,
        "depths": waiting,
        "stranded": [d for d in waiting if d.queued and d.queue not in alive],
        "can_act": "cancel" in _job_admin().get_actions(request),
        "running": _shown(Colorization.objects.filter(state=State.RUNNING).order_by("started_at")),
        "queued": _shown(
            Colorization.objects.filter(state=State.QUEUED).order_by("-priority", "queued_at")
        ),
        "failed": _shown(_failed().order_by("-finished_at")),
        "failures": _failed().order_by().values_list("error_code").annotate(Count("pk")),
    }


def _failed() -> ColorizationQuerySet:
    return Colorization.objects.filter(state=State.FAILED, finished_at__gte=timezone.now() - LATELY)


def _shown(jobs: ColorizationQuerySet) -> Iterable[Colorization]:
    return jobs.select_related("photo__album__owner", "cluster")[:JOBS_SHOWN]
