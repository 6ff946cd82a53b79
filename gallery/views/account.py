"""Taking everything along, and the end of an account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rates import limited
from gallery import archives, closing
from gallery.models import Archive
from gallery.views.requests import MemberRequest
from jobs.errors import TooManyJobsError


def exports_of(request: MemberRequest) -> list[Archive]:
    own = Archive.objects.editable_by(request.user).filter(content=Archive.Content.EVERYTHING)
    return list(own.select_related("job").with_parts())


@login_required
@limited("job")
@require_http_methods(["GET", "POST"])
def export(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            return redirect(archives.request_export(request.user))
        except TooManyJobsError as error:
            messages.error(request, error.message)
    context = {"exports": exports_of(request), "going": closing.belongings_of(request.user)}
    return render(request, "gallery/export.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def delete(request: MemberRequest) -> HttpResponse:
    """The page that says what goes. Of an account that is closed already: the page that offers to keep it."""
    user = request.user
    if request.method == "POST" and user.deletion_due_at is None:
        return close(request)
    if user.deletion_due_at is not None:
        made = [archive for archive in exports_of(request) if archive.expires_at]
        return render(request, "gallery/account_closed.html", {"exports": made})
    context = {
        "going": closing.belongings_of(user),
        "why_not": closing.why_not(user),
        "exports": exports_of(request),
        "days": closing.GRACE.days,
    }
    return render(request, "gallery/account_delete.html", context)


def close(request: MemberRequest) -> HttpResponse:
    user = request.user
    try:
        closing.close(user)
    except closing.CannotCloseError as error:
        messages.error(request, error.message)
        return redirect("gallery:account-delete")
    logout(request)
    text = _(
        "Your account is closed, and will be deleted on %(day)s. Log in before that day to keep it."
    )
    messages.success(request, text % {"day": date(user.deletion_due_at, "DATE_FORMAT")})
    return redirect("gallery:home")


@login_required
@require_POST
def keep(request: MemberRequest) -> HttpResponse:
    if closing.keep(request.user):
        messages.success(request, _("Welcome back. Everything is as it was."))
    return redirect("gallery:home")
