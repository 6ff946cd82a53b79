"""Changes of jobs as server-sent events. Each stream keeps a thread, so that their number is bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.contrib.auth import get_user
from django.utils import translation
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from gallery import job_feed
from gallery.api.job_serializers import represented
from gallery.api.permissions import current_user
from gallery.api.problems import StreamsOff, StreamsTaken
from gallery.api.waiting import suspension_of
from jobs.changes import Cursor, any_since

MEDIA_TYPE: Final = "text/event-stream"
LOOK_EVERY_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 15.0
"""Proxies close what is silent for long, and a client that is gone is noticed."""
LONGEST_SECONDS: Final = 300.0
"""Then the client comes again; that it still may is looked at with each heartbeat, too."""


class _Places:
    """How many streams this process may keep open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    def take(self) -> bool:
        with self._lock:
            is_free = self._taken < settings.SSE_CONNECTIONS
            self._taken += is_free
        return is_free

    def give_back(self) -> None:
        with self._lock:
            self._taken -= 1


_places = _Places()


def open_stream(request: Request, cursor: Cursor) -> EventStream:
    """
    Raises:
        StreamsOff: nobody gets one here.
        StreamsTaken: others have them all.
    """
    if not settings.SSE_CONNECTIONS:
        raise StreamsOff
    if not _places.take():
        raise StreamsTaken
    return EventStream(request, cursor)


def may_go_on(request: Request, owner: User) -> bool:
    """Whether who asked is still logged in: the same credentials are looked at once more."""
    asked = request._request  # noqa: SLF001  (Django's own)
    asked.session = asked.session.__class__(asked.session.session_key)
    asked.user = get_user(asked)
    again = Request(asked, authenticators=APIView().get_authenticators())
    try:
        user = again.user
    except APIException:
        return False
    return user.pk == owner.pk and user.is_active and user.deletion_due_at is None


class EventStream:
    """The content of a response; it has taken a place, which `close` gives back."""

    def __init__(self, request: Request, cursor: Cursor) -> None:
        self._request = request
        self._owner = current_user(request)
        self._cursor = cursor
        self._language = translation.get_language()
        self._suspension = suspension_of(request)

    def __iter__(self) -> Iterator[bytes]:
        # An id without data is kept by the client, who comes back with it.
        yield f"id: {self._cursor}\n\n".encode()
        said, end = time.monotonic(), time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < end and not (self._suspension and self._suspension.is_closing):
            if any_since(self._owner, self._cursor):
                said = time.monotonic()
                yield self._event()
            elif time.monotonic() - said >= HEARTBEAT_SECONDS:
                if not may_go_on(self._request, self._owner):
                    return
                said = time.monotonic()
                yield b":\n\n"
            else:
                time.sleep(LOOK_EVERY_SECONDS)

    def _event(self) -> bytes:
        feed = job_feed.since(self._owner, self._cursor)
        self._cursor = feed.cursor
        with translation.override(self._language):
            data = JSONRenderer().render(represented(feed, self._request))
        return b"event: jobs\nid: %s\ndata: %s\n\n" % (str(self._cursor).encode(), data)

    def close(self) -> None:
        _places.give_back()
