"""A connection of one client."""

from __future__ import annotations

import logging
import socket
import time
from collections import deque
from contextlib import closing, suppress
from typing import Final

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from colorsite.web_server.parser import RequestParser
from colorsite.web_server.waiting import Suspended, Task, Wait

logger = logging.getLogger(__name__)

LINGER_SECONDS: Final = 10


class RefusalTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers a request that Django is not to see."""

    def execute(self) -> None:
        self.channel.is_refused = True
        logger.info(
            'method=%s path="%s" status=%s client=%s: %s',
            getattr(self.request, "command", "?"),
            getattr(self.request, "request_uri", "?"),
            self.request.error.code,
            self.channel.addr[0],
            self.request.error.body,
        )
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]
    """waitress' channel, which lets a client that still sends read why it was refused.

    A socket that is closed with unread bytes resets the connection, and the response is lost (RFC
    9112, section 9.6).
    """

    parser_class = RequestParser
    task_class = Task
    error_task_class = RefusalTask
    request: RequestParser | None = None
    is_refused = False
    _lingers_until = 0.0

    def service(self) -> None:
        if self.requests[0].is_cut_off:
            self._serve_unheard(self.requests.pop())
            return
        self.requests[0].refuse_if_late()
        try:
            super().service()
        except Suspended as suspended:
            self.server.waiting.enter(self, suspended.wait)

    def resume(self, wait: Wait) -> None:
        """Have the request that was suspended worked on again."""
        if self.requests:
            self.requests[0].resume(wait.seconds)
            self.server.add_task(self)

    def _serve_unheard(self, request: RequestParser) -> None:
        """The client is gone, and what came of its file is kept."""
        try:
            environ = self.task_class(self, request).get_environment()
            with closing(self.server.application(environ, lambda *_: None)) as response:
                deque(response, maxlen=0)
        except Exception:
            logger.exception("What came before a line broke could not be kept: %s", request.path)
        finally:
            request.close()

    def received(self, data: bytes) -> bool:
        # What comes after the response is dropped.
        return True if self._lingers_until else bool(super().received(data))

    def handle_close(self) -> None:
        if self.is_refused and self.connected and not self._lingers_until:
            self._linger()
            return
        unfinished, self.request = self.request, None
        # Who fell silent may be sending the same again by now, over another line.
        has_hung_up = not self.will_close
        super().handle_close()
        if unfinished and has_hung_up and not self.requests and unfinished.end_here():
            self.requests.append(unfinished)
            self.server.add_task(self)

    def _linger(self) -> None:
        self._lingers_until = time.monotonic() + LINGER_SECONDS
        self.will_close = False
        with suppress(OSError):  # the client has closed it meanwhile
            self.socket.shutdown(socket.SHUT_WR)

    def readable(self) -> bool:
        if self._lingers_until and time.monotonic() > self._lingers_until:
            super().handle_close()
            return False
        return bool(super().readable())
