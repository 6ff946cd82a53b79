"""Which thread has a request."""

from __future__ import annotations

from typing import Final

from waitress.task import ThreadedTaskDispatcher

from colorsite.web_server.channel import Channel
from colorsite.web_server.parser import max_files_of

UPLOAD_THREADS: Final = 4
"""Two for each process that decodes: while one picture is decoded, the next is stored."""


class Dispatcher:
    """Uploads have threads of their own: however many wait there, pages are served.

    The interface is that of waitress' own dispatcher.
    """

    def __init__(self, threads: int) -> None:
        self._pages = ThreadedTaskDispatcher()
        self._pages.set_thread_count(threads)
        self._uploads = ThreadedTaskDispatcher()
        self._uploads.set_thread_count(UPLOAD_THREADS)

    def add_task(self, channel: Channel) -> None:
        request = channel.requests[0]
        # A file that came in parts is opened by a request without a body.
        may_be_long = request.has_body or request.command == "POST"
        is_upload = may_be_long and not request.error and max_files_of(request.path)
        (self._uploads if is_upload else self._pages).add_task(channel)

    def shutdown(self) -> None:
        for dispatcher in (self._uploads, self._pages):
            dispatcher.shutdown()
