"""The site's own web server, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from colorsite.web_server.server import WebServer

THREADS = 2


@contextmanager
def serving(application: Callable[..., Any]) -> Iterator[WebServer]:
    server = WebServer(application, "127.0.0.1", 0, THREADS)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
