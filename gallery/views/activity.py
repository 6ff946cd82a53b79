"""My work: what is being done for a person, and what was done lately, photos and zip files alike."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import rates
from accounts.rates import limited
from gallery import queries, work
from gallery.views.requests import MemberRequest
from jobs import services as jobs
from jobs.errors import TooManyJobsError
from jobs.models import Job, JobQuerySet

JOBS_PER_PAGE: Final = 50


@login_required
@require_safe
def activity(request: MemberRequest) -> HttpResponse:
    """The page, or only the part that htmx polls while something is open."""
    owner = request.user
    waiting = page_of(request, "waiting", work.waiting(owner))
    context = {
        "running": work.running(owner),
        "waiting": work.in_line(owner, waiting),
        "waiting_page": waiting,
        "seconds": work.seconds_until_all_are_done(owner),
        "failed": page_of(request, "failed", work.failed(owner)),
        "page": page_of(request, "page", work.finished(owner)),
        "is_part": request.GET.get("part") == "jobs",
    }
    template = "gallery/_activity.html" if context["is_part"] else "gallery/activity.html"
    return render(request, template, context)


def page_of(request: MemberRequest, name: str, found: JobQuerySet) -> Page[Any]:
    return Paginator(found, JOBS_PER_PAGE).get_page(request.GET.get(name))


def own_job(request: MemberRequest, pk: uuid.UUID) -> Job:
    return get_object_or_404(queries.own_jobs(request.user), pk=pk)


@login_required
@require_POST
def cancel(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    if not jobs.cancel(own_job(request, pk)):
        messages.info(request, _("It finished before it could be cancelled."))
    return redirect("gallery:activity")


@login_required
@limited("job")
@require_POST
def retry(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """By hand, so it goes before the others of its owner."""
    try:
        if not jobs.retry_own(own_job(request, pk), goes_first=True):
            messages.info(request, _("It is being tried again already."))
    except TooManyJobsError as error:
        messages.error(request, error.message)
    return redirect("gallery:activity")


@login_required
@require_POST
def retry_all(request: MemberRequest) -> HttpResponse:
    chosen = work.to_retry(request.user)
    rates.consume(request, "job", len(chosen))
    number, left = work.retry_some(request.user, chosen)
    if number:
        text = ngettext(
            "%(count)s job is in queue again.", "%(count)s jobs are in queue again.", number
        )
        messages.success(request, text % {"count": number})
    if left:
        text = ngettext(
            "%(count)s job has to wait. Try again when some of the others are done.",
            "%(count)s jobs have to wait. Try again when some of the others are done.",
            left,
        )
        messages.error(request, text % {"count": left})
    return redirect("gallery:activity")


@login_required
@require_POST
def cancel_all(request: MemberRequest) -> HttpResponse:
    number = work.cancel_all(request.user)
    text = ngettext("%(count)s job is cancelled.", "%(count)s jobs are cancelled.", number)
    messages.success(request, text % {"count": number})
    return redirect("gallery:activity")
