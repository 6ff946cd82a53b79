"""A line between a client and the site's own web server that breaks again and again."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from django.contrib.staticfiles.handlers import StaticFilesHandler

from colorsite.wsgi import application
from tests.web_server import serving

MEGABYTES = int(os.environ.get("TUS_MEGABYTES", "3"))
CUTS = int(os.environ.get("TUS_CUTS", "5"))
BYTES_BETWEEN_CUTS = MEGABYTES * 1_000_000 // (CUTS + 3)


class CutLine:
    """Hands on what a client sends, and breaks the line each time that so much has come, a few times."""

    def __init__(self, port: int, most_cuts: int, bytes_between: int) -> None:
        self._port = port
        self._most_cuts, self._bytes_between = most_cuts, bytes_between
        self._budget = bytes_between
        self.cuts = 0
        self.sent = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", self._port))
                threading.Thread(target=self._send, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(client, server), daemon=True).start()

    def _send(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(2**14):
                self._budget -= len(data)
                self.sent += len(data)
                if self._budget <= 0 and self.cuts < self._most_cuts:
                    self._budget = self._bytes_between
                    self.cuts += 1
                    break
                server.sendall(data)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(2**14):
                client.sendall(data)


@contextmanager
def cut_line(cuts: int = CUTS, bytes_between: int = BYTES_BETWEEN_CUTS) -> Iterator[CutLine]:
    """To the site, whose pages have their static files for a browser."""
    site = StaticFilesHandler(application)  # type: ignore[arg-type]  # takes any application
    with serving(site) as server, closing(CutLine(server.port, cuts, bytes_between)) as line:
        yield line
