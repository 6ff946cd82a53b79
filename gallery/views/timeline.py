"""One's photos by the date they were taken."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import queries
from gallery import timeline as timelines
from gallery.views.requests import MemberRequest


@login_required
@require_safe
def timeline(request: MemberRequest) -> HttpResponse:
    groups = timelines.groups(request.user)
    # Counted already: the paginator asks for nothing more.
    pages = Paginator(range(groups[-1].end if groups else 0), timelines.PHOTOS_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    begin = max(0, page.start_index() - 1)
    shown = timelines.page(request.user, groups, begin, page.end_index())
    context = {
        "page": page,
        "all_decades": timelines.decades(groups),
        "decades": timelines.decades(shown),
        "shown": {group.decade for group in shown},
        "can_edit": True,
        "has_open_jobs": any(queries.any_open(group.photos) for group in shown),
    }
    return render(request, "gallery/timeline.html", context)
