"""What somebody typed into a form and sent after their session had ended is kept, and given back after the login.

In the session of this browser, bounded, and never a password. Nothing is sent by itself: a page shows what was
typed, and a button sends it to the address that it was meant for.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from filestore.upload_handler import max_files

GetResponse = Callable[[HttpRequest], HttpResponse]

SESSION_KEY: Final = "interrupted_forms"
SAFE: Final = ("GET", "HEAD")
MAX_FORMS: Final = 3
MAX_BYTES: Final = 64 * 1024
# An anonymous session that has nothing but this.
SECONDS: Final = 3600
# These have forms of their own, with passwords and codes in them.
NOT_KEPT: Final = ("/accounts/", "/admin/", "/api/", "/_allauth/")
SECRETS: Final = ("password", "code", "credential", "secret", "token")
TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)


@dataclass(frozen=True)
class Field:
    name: str
    values: list[str]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()


def keep_what_was_typed(get_response: GetResponse) -> GetResponse:
    """Middleware: who is sent to the login page with a form finds it again after the login."""

    def respond(request: HttpRequest) -> HttpResponse:
        before = request.session.get(SESSION_KEY, {}) if request.method == "POST" else {}
        response = get_response(request)
        if _leads_to_login(response):
            return _to_login(request, response)
        if before and response.status_code < HTTPStatus.BAD_REQUEST:
            _forget(request, before)
        return response

    return respond


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A login in another tab changed the token of all forms: this one, from our own page, is given back.

    What other sites send is refused, and kept nowhere.
    """
    is_own = request.headers.get("Origin") == settings.SITE_URL
    key = _keep(request) if is_own and _may_be_kept(request) else None
    if key is None:
        return csrf_failure(request, reason)
    if _is_by_script(request):
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Redirect": _address(key)})
    return HttpResponseRedirect(_address(key))


@require_safe
def interrupted(request: HttpRequest, key: str) -> HttpResponse:
    """What was typed in this browser, and a button that sends it."""
    kept = request.session.get(SESSION_KEY, {}).get(key)
    if kept is None:
        raise Http404(_("Nothing is kept under this key."))
    fields = [Field(name, values) for name, values in kept["fields"]]
    context = {
        "action": kept["path"],
        "fields": fields,
        "shown": [field for field in fields if _is_for_eyes(field)],
        "had_files": kept["had_files"],
        "page": kept["page"],
    }
    return render(request, "interrupted.html", context)


def _leads_to_login(response: HttpResponse) -> bool:
    login = resolve_url(settings.LOGIN_URL)
    is_redirect = response.status_code == HttpResponseRedirect.status_code
    return is_redirect and urlsplit(response["Location"]).path == login


def _to_login(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Back to the form that was sent, or else to the page that it was on."""
    if request.path.startswith(NOT_KEPT) or (request.method in SAFE and not _is_by_script(request)):
        return response
    key = _keep(request) if request.method == "POST" and _may_be_kept(request) else None
    query = urlencode({REDIRECT_FIELD_NAME: _address(key) if key else _page(request)})
    address = f"{resolve_url(settings.LOGIN_URL)}?{query}"
    if _is_by_script(request):  # htmx would put the login page into a part of this one
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _may_be_kept(request: HttpRequest) -> bool:
    names = [name.lower() for name in request.POST if name != TOKEN]
    has_secret = any(secret in name for name in names for secret in SECRETS)
    is_upload = _is_by_script(request) and bool(
        request.FILES
    )  # the script has its files, and waits
    return not (request.path.startswith(NOT_KEPT) or has_secret or is_upload)


def _keep(request: HttpRequest) -> str | None:
    fields = [(name, values) for name, values in request.POST.lists() if name != TOKEN]
    kept: dict[str, Any] = {
        "path": request.get_full_path(),
        "fields": fields,
        "had_files": _has_files(request),
        "page": _page(request),
    }
    if len(json.dumps(kept)) > MAX_BYTES or not ratelimit.consume(request, action="interrupted"):
        return None
    key = secrets.token_urlsafe(8)
    forms = [*request.session.get(SESSION_KEY, {}).items(), (key, kept)]
    request.session[SESSION_KEY] = dict(forms[-MAX_FORMS:])
    if request.user.is_anonymous:
        request.session.set_expiry(SECONDS)
    return key


def _page(request: HttpRequest) -> str:
    """The page of this site that the form was on; the home page when the browser does not tell."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not address.startswith(f"{settings.SITE_URL}/"):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _forget(request: HttpRequest, before: dict[str, Any]) -> None:
    """What has been sent now."""
    path = request.get_full_path()
    sent = {key for key, kept in before.items() if kept["path"] == path}
    if sent:
        forms = request.session.get(SESSION_KEY, {})
        request.session[SESSION_KEY] = {key: forms[key] for key in forms if key not in sent}


def _has_files(request: HttpRequest) -> bool:
    """Those of strangers are not even read: it is known by where they were sent."""
    match = request.resolver_match
    return match is not None and max_files(match.func) > 0


def _is_by_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _is_for_eyes(field: Field) -> bool:
    """Keys of records tell nobody anything."""
    return any(value.strip() and not _is_key(value) for value in field.values)


def _is_key(value: str) -> bool:
    """Of one record, or of several with commas between them."""
    try:
        for key in value.rstrip(",").split(","):
            uuid.UUID(key)
    except ValueError:
        return False
    return True


def _address(key: str) -> str:
    return reverse("interrupted", args=[key])


urlpatterns = [path("continue/<str:key>/", interrupted, name="interrupted")]
