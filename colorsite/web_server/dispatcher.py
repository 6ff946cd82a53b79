"""Which thread has a request."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from waitress.task import ThreadedTaskDispatcher

from colorsite.web_server.channel import Channel
from colorsite.web_server.parser import RequestParser, is_stream, max_files_of

UPLOAD_THREADS: Final = 4
"""Two for each process that decodes: while one picture is decoded, the next is stored."""


class Dispatcher:
    """Uploads and streams of events have threads of their own: however many wait there, pages are served.

    The interface is that of waitress' own dispatcher.
    """

    def __init__(self, threads: int) -> None:
        self._pages = ThreadedTaskDispatcher()
        self._pages.set_thread_count(threads)
        self._uploads = ThreadedTaskDispatcher()
        self._uploads.set_thread_count(UPLOAD_THREADS)
        self._streams = ThreadedTaskDispatcher()
        # One more than there are streams: it tells the others that all are taken.
        self._streams.set_thread_count(settings.SSE_CONNECTIONS and settings.SSE_CONNECTIONS + 1)

    def add_task(self, channel: Channel) -> None:
        self._dispatcher_for(channel.requests[0]).add_task(channel)

    def _dispatcher_for(self, request: RequestParser) -> ThreadedTaskDispatcher:
        # A file that came in parts is opened by a request without a body.
        may_be_long = request.has_body or request.command == "POST"
        if may_be_long and not request.error and max_files_of(request.path):
            return self._uploads
        if settings.SSE_CONNECTIONS and is_stream(request.path):
            return self._streams
        return self._pages

    def shutdown(self) -> None:
        for dispatcher in (self._uploads, self._streams, self._pages):
            dispatcher.shutdown()
