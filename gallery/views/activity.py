"""What is being done for a person, and what was done lately: photos and zip files alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models.functions import Now
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import queries
from gallery.views.requests import MemberRequest
from jobs import wait_estimates
from jobs.models import Job

JOBS_PER_PAGE: Final = 50
LATELY: Final = timedelta(days=1)


@login_required
@require_safe
def activity(request: MemberRequest) -> HttpResponse:
    """The page, or only the part that htmx polls while something is open."""
    jobs = queries.own_jobs(request.user)
    running = jobs.filter(state=Job.State.RUNNING).order_by("started_at", "pk")
    # In the order in which they will be begun.
    queued = jobs.filter(state=Job.State.QUEUED).order_by("-priority", "queued_at", "pk")
    finished = jobs.filter(finished_at__gte=Now() - LATELY).order_by("-finished_at", "pk")
    waiting = Paginator(queued, JOBS_PER_PAGE).get_page(1)
    last = queued.reverse().first()
    context = {
        "running": running,
        "waiting": waiting,
        "more": waiting.paginator.count - len(waiting),
        "wait": last and wait_estimates.wait_of(last),
        "page": Paginator(finished, JOBS_PER_PAGE).get_page(request.GET.get("page")),
    }
    part = request.GET.get("part") == "jobs"
    return render(request, "gallery/_activity.html" if part else "gallery/activity.html", context)
