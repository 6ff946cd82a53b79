"""The admin site and its index: what was uploaded, what the workers do, which reports are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Final, TypeVar

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import BadRequest
from django.db import DataError, ProgrammingError
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.models import User
from colorsite import queue
from gallery.models import Album, Photo
from jobs.models import Job
from moderation.models import Report

NEWEST_REPORTS = 6
# What Django, its drivers and databases raise about a value in a lookup, such as ?created_at__year=10000
# or ?state__range=1. Django's lists expect some of them only.
UNUSABLE_VALUES: Final = (DataError, IndexError, OverflowError, ProgrammingError, ValueError)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Figure:
    """A count that leads to the list of what it counts."""

    label: str
    count: int
    url: str


def _url(model: str, **query: object) -> str:
    return reverse(f"admin:{model}_changelist", query=query)


def _past_week(field: str) -> dict[str, object]:
    """The very lookups behind Django's own filter "Past 7 days", so that the list shows it chosen."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return {f"{field}__gte": today - timedelta(days=7), f"{field}__lt": today + timedelta(days=1)}


def _people() -> list[Figure]:
    new = _past_week("date_joined")
    suspended = User.objects.filter(is_active=False)
    return [
        Figure("accounts", User.objects.count(), _url("accounts_user")),
        Figure("new in 7 days", User.objects.filter(**new).count(), _url("accounts_user", **new)),
        Figure("suspended", suspended.count(), _url("accounts_user", is_active__exact=0)),
    ]


def _albums() -> list[Figure]:
    public = {"visibility__exact": Album.Visibility.PUBLIC.value}
    return [
        Figure("albums", Album.objects.count(), _url("gallery_album")),
        Figure(
            "published", Album.objects.filter(**public).count(), _url("gallery_album", **public)
        ),
        Figure("hidden", _hidden(Album.objects.all()), _url("gallery_album", hidden="yes")),
    ]


def _photos() -> list[Figure]:
    new = _past_week("created_at")
    return [
        Figure("uploads", Photo.objects.count(), _url("gallery_photo")),
        Figure("new in 7 days", Photo.objects.filter(**new).count(), _url("gallery_photo", **new)),
        Figure("hidden", _hidden(Photo.objects.all()), _url("gallery_photo", hidden="yes")),
    ]


def _hidden(queryset: QuerySet[Any]) -> int:
    return queryset.exclude(hidden_at=None).count()


def _jobs() -> list[Figure]:
    rows = Job.objects.order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    return [
        Figure(
            state.label.lower(),
            counts.get(state, 0),
            _url("jobs_job", state__exact=state.value),
        )
        for state in Job.State
    ]


def _reports() -> list[Figure]:
    return [
        Figure("open", Report.objects.open().count(), _url("moderation_report", open="yes")),
        Figure("reports", Report.objects.count(), _url("moderation_report")),
    ]


SECTIONS: list[tuple[str, type[Model], Callable[[], list[Figure]]]] = [
    ("Reports", Report, _reports),
    ("People", User, _people),
    ("Photos", Photo, _photos),
    ("Albums", Album, _albums),
    ("Jobs", Job, _jobs),
]


def _refusing_unusable_values(view: View) -> View:
    """Lists take lookups and keys from the address and the form as they are."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
            raise BadRequest("There is no field without a name.")
        if not _is_asked_list(request):
            return view(request, *args, **kwargs)
        if any(name.endswith("regex") for name in request.GET):  # one can take hours
            raise BadRequest("Lists are not searched by patterns.")
        try:
            return view(request, *args, **kwargs)
        except UNUSABLE_VALUES as error:
            raise BadRequest("The filters or the selection cannot be used.") from error

    return respond  # type: ignore[return-value]


def _is_asked_list(request: HttpRequest) -> bool:
    """A list with filters or a selection: of a plain one, errors are ours."""
    match = request.resolver_match
    is_list = match is not None and str(match.url_name).endswith("_changelist")
    return is_list and bool(request.GET or request.POST)


class TintypeAdminSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = "Dashboard"
    # The site's own login: it counts failed attempts, and tells suspended people why.
    login = method_decorator(secure_admin_login)(AdminSite.login)

    def password_change(  # type: ignore[override]  # of a page that there is elsewhere
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Where everybody does: attempts are counted there, and the owner is told."""
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, {**self._dashboard(request), **(extra_context or {})})

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return super().admin_view(_refusing_unusable_values(view), cacheable)

    def get_urls(self) -> list[Any]:
        own = [path("queue/", self.admin_view(queue.queue_page), name="queue")]
        return own + super().get_urls()

    def _dashboard(self, request: HttpRequest) -> dict[str, Any]:
        sections = [
            (title, figures())
            for title, model, figures in SECTIONS
            if self._may_view(request, model)
        ]
        return {"sections": sections, "open_reports": self._open_reports(request)}

    def _open_reports(self, request: HttpRequest) -> QuerySet[Report]:
        if not self._may_view(request, Report):
            return Report.objects.none()
        return Report.objects.open().select_related("colorization__source__photo")[:NEWEST_REPORTS]

    def _may_view(self, request: HttpRequest, model: type[Model]) -> bool:
        return self.get_model_admin(model).has_view_permission(request)
