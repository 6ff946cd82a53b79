"""A POST that is sent again with the same Idempotency-Key is answered as the first one was.

As draft-ietf-httpapi-idempotency-key-header-07 has it. What was refused changed nothing: it is not kept, and the
same key may be sent again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPMethod
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import is_success

from accounts.models import User
from gallery.api.permissions import current_user
from gallery.api.problems import IdempotencyInProgress, IdempotencyKeyReused
from gallery.api.responses import ResponseKnownError
from gallery.idempotency_keys import KEPT_FOR
from gallery.models import IdempotentRequest
from gallery.moments import database_time
from jobs import services as jobs

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
# Whoever worked on it was killed. If not, it is one of the two that commits: the answer is kept with what was done.
ABANDONED_AFTER: Final = timedelta(minutes=2)
VISIBLE_ASCII: Final = re.compile("[!-~]{1,255}")
KEPT_HEADERS: Final = (
    "Content-Type",
    "ETag",
    "Location",
    "Retry-After",
    "Upload-Expires",
    "Upload-Offset",
)


def claim(request: Request) -> IdempotentRequest | None:
    """The record of a request that is to be worked on now; None without a key, or from nobody.

    Raises:
        ResponseKnownError: it has been worked on.
        IdempotencyInProgress: it is being worked on.
        IdempotencyKeyReused: the key was sent with another request.
        ValidationError: the key is none.
    """
    if request.method != HTTPMethod.POST or HEADER not in request.headers:
        return None
    if request.user.is_anonymous:
        return None
    key = request.headers[HEADER]
    if not VISIBLE_ASCII.fullmatch(key):
        text = gettext("The key has to be 1 to 255 visible ASCII characters.")
        raise ValidationError({HEADER: [text]})
    fingerprint = _fingerprint(request)
    record, is_ours = _record(current_user(request), key, fingerprint)
    if is_ours:
        return record
    if record.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if record.status is None:
        raise IdempotencyInProgress
    raise ResponseKnownError(_replayed(record))


def _replayed(record: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(record.body, status=record.status, headers=record.headers)
    response[REPLAYED] = "true"
    return response


def settle(record: IdempotentRequest, response: HttpResponseBase) -> bool:
    """Keep what is answered, unless the request was refused; False when the key is another request's by now."""
    if not is_success(response.status_code):
        release(record)
        return True
    if isinstance(response, Response):
        response.render()
    kept = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = response.content.decode() if isinstance(response, HttpResponse) else ""
    mine = IdempotentRequest.objects.filter(pk=record.pk)
    return bool(mine.update(status=response.status_code, headers=kept, body=body))


def release(record: IdempotentRequest) -> None:
    """Let the key be used again."""
    record.delete()


def _record(owner: User, key: str, fingerprint: str) -> tuple[IdempotentRequest, bool]:
    """The record of the key, and whether it was made now: of several that ask for it, one makes it."""
    now = database_time()
    known = IdempotentRequest.objects.filter(owner=owner, key=key)
    is_abandoned = Q(status=None, created_at__lt=now - ABANDONED_AFTER)
    known.filter(Q(created_at__lt=now - KEPT_FOR) | is_abandoned).delete()
    try:
        return known.get_or_create(owner=owner, key=key, defaults={"fingerprint": fingerprint})
    except IntegrityError as error:
        raise jobs.gone(User) from error


def _fingerprint(request: Request) -> str:
    content_type = (request.content_type or "").partition(";")[0].strip().lower()
    parts = [request.method, request.path, content_type, *_headers(request), *_body(request)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _headers(request: Request) -> Iterator[list[str]]:
    """Those of tus say what its body is, which is not read twice."""
    yield from sorted([name, text] for name, text in request.headers.items() if _is_of_tus(name))


def _is_of_tus(name: str) -> bool:
    return name.lower().startswith("upload-")


def _body(request: Request) -> Iterator[Any]:
    """What it means: boundaries of parts and spaces in JSON make no difference."""
    data = request.data
    if isinstance(data, QueryDict):
        for name, values in sorted(data.lists()):
            yield [name, *(_value(value) for value in values)]
    elif hasattr(data, "read"):
        yield request.META.get("CONTENT_LENGTH")
    else:
        yield json.dumps(data, sort_keys=True)


def _value(value: str | UploadedFile[bytes]) -> Any:
    if isinstance(value, str):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, value.size, digest.hexdigest()]
