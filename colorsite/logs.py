"""Log lines carry the ids of request, user, job and cluster, where they are known."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from jobs.log_context import bound, current

HEADER: Final = "X-Request-ID"
# Of a share, in the addresses of pages and API; and what opens an account whose password is reset.
LINK: Final = re.compile(r"(/(?:s|shared|reset/key)/)[-\w%]+")
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

GetResponse = Callable[[HttpRequest], HttpResponse]

access = logging.getLogger("tintype.access")


class Secrets(logging.Filter):
    """Takes the secret out of addresses under a link, whoever logs them: the line is for operators, the link is not."""

    def filter(self, record: logging.LogRecord) -> bool:
        text, found = LINK.subn(r"\1…", record.getMessage())
        if found:
            record.msg, record.args = text, ()
        return True


class Ids(logging.Filter):
    """Gives records the field `ids`: name=value, each with a space before it."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs responses like 404 when the middleware is through, but with the request.
        of_request = getattr(getattr(record, "request", None), "log_ids", {})
        ids = {**of_request, **current()}
        record.ids = "".join(f" {name}={value}" for name, value in ids.items() if str(value or ""))
        return True


class UserOf:
    """The id of a request's user, as soon as it is known; no query is made for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __str__(self) -> str:
        user = self._request.__dict__.get("user")
        if isinstance(user, SimpleLazyObject):
            user = self._request.__dict__.get("_cached_user")  # Django's own cache of it
        return str(getattr(user, "pk", None) or "")


def _log_access(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    # The address as it was sent: decoded, a line break in it would forge a line of the log.
    path = request.META.get("REQUEST_URI") or request.get_full_path()
    access.info(
        'method=%s path="%s" status=%s bytes=%s ms=%.0f client=%s',
        request.method,
        path.replace('"', "%22"),
        response.status_code,
        response.get("Content-Length", "-"),
        1000 * seconds,
        request.META.get("REMOTE_ADDR", "-"),
    )


def request_ids(get_response: GetResponse) -> GetResponse:
    """Middleware: each request has an id and a line in the log.

    A proxy's id is taken over, so that its log and ours can be read side by side.
    """

    def with_ids(request: HttpRequest) -> HttpResponse:
        sent = request.headers.get(HEADER, "")
        request_id = sent if WELL_FORMED.fullmatch(sent) else uuid.uuid4().hex[:16]
        request.log_ids = {"request": request_id, "user": UserOf(request)}  # type: ignore[attr-defined]
        with bound(**request.log_ids):  # type: ignore[attr-defined]
            begin = time.perf_counter()
            response = get_response(request)
            _log_access(request, response, time.perf_counter() - begin)
        response[HEADER] = request_id
        return response

    return with_ids
