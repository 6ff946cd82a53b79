"""Requests that wait for something to happen: they hold no thread meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import Error, close_old_connections, connection
from waitress.task import WSGITask

from gallery.api.waiting import SUSPENSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from colorsite.web_server.channel import Channel
    from colorsite.web_server.parser import RequestParser

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS: Final = 0.5
MAX_WAITING: Final = 100
"""Each is looked after twice a second, by one query."""
MAX_WAITING_OF_ONE: Final = 10


@dataclass(frozen=True, eq=False)
class Wait:
    who: Hashable
    has_happened: Callable[[], bool]
    seconds: int
    until: float


class Suspended(BaseException):
    """Ends the work on a request without a response. waitress would answer any Exception."""

    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self.wait = wait


class WaitingRoom:
    """Looks, in a thread of its own, whether what requests wait for has happened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[Wait, Channel] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look_after_all, name="waiting", daemon=True)
        self._thread.start()

    def has_room_for(self, who: Hashable) -> bool:
        with self._lock:
            number = Counter(wait.who for wait in self._channels)[who]
            is_full = len(self._channels) >= MAX_WAITING or number >= MAX_WAITING_OF_ONE
            return not is_full and not self.is_closed

    @property
    def is_closed(self) -> bool:
        return self._closed.is_set()

    def __len__(self) -> int:
        return len(self._channels)

    def enter(self, channel: Channel, wait: Wait) -> None:
        """`channel.resume()` is called as soon as it has happened, or the time is over."""
        with self._lock:
            if not self.is_closed:
                self._channels[wait] = channel
                return
        channel.resume(wait)

    def close(self) -> None:
        """Who waits is answered at once."""
        self._closed.set()
        self._thread.join()

    def _look_after_all(self) -> None:
        while not self._closed.wait(LOOK_EVERY_SECONDS):
            self._resume(self._is_over)
        self._resume(lambda _: True)
        connection.close()

    def _resume(self, is_over: Callable[[Wait], bool]) -> None:
        with self._lock:
            waiting = list(self._channels)
        if waiting:
            close_old_connections()
        for wait in waiting:
            if is_over(wait):
                with self._lock:
                    channel = self._channels.pop(wait)
                channel.resume(wait)

    def _is_over(self, wait: Wait) -> bool:
        try:
            return time.monotonic() >= wait.until or wait.has_happened()
        except Error:
            # The request itself will tell.
            logger.exception("Nobody knows whether what a request waits for has happened")
            connection.close()
            return True


class Suspension:
    """What a view knows of the web server: see `gallery.api.waiting.Suspension`."""

    def __init__(self, room: WaitingRoom, waited: int | None) -> None:
        self._room = room
        self.waited = waited
        self.wait: Wait | None = None

    def suspend(self, who: Hashable, seconds: int, has_happened: Callable[[], bool]) -> bool:
        if not self._room.has_room_for(who):
            return False
        self.wait = Wait(who, has_happened, seconds, time.monotonic() + seconds)
        return True

    @property
    def is_closing(self) -> bool:
        return self._room.is_closed


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    channel: Channel
    request: RequestParser

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[SUSPENSION] = Suspension(self.channel.server.waiting, self.request.waited)
        return environ


def that_may_wait(application: WSGIApplication) -> WSGIApplication:
    """The response to a request that is to wait is dropped: it is asked again afterwards."""

    def respond(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = application(environ, start_response)
        wait: Wait | None = environ[SUSPENSION].wait
        if wait is None:
            return response
        if close := getattr(response, "close", None):
            close()
        raise Suspended(wait)

    return respond
