"""A web server for one file, with the troubles that a line and a server may make, and a proxy."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FileServer(ThreadingHTTPServer):
    """Serves `content` under every path, but "/page" and "/moved/...".

    Attributes:
        ranges: the Range header of each request so far, "" where there was none.
        breaks: after how many bytes each of the next answers breaks off.
        chunk_pause: seconds between chunks of 64 KiB.
    """

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _FileHandler)
        self.content = content
        self.has_validator = True
        self.has_length = True
        self.chunk_pause = 0.0
        self.breaks: list[int] = []
        self.ranges: list[str] = []

    def handle_error(self, *args: Any) -> None:
        """Clients that are gone in the middle of an answer are part of the tests."""

    def address(self, path: str = "/weights.pth") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()}"'


class _FileHandler(BaseHTTPRequestHandler):
    server: FileServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.ranges.append(wanted)
        self.close_connection = True
        if self.path == "/missing":
            self.send_error(404)
        elif self.path == "/page":
            self._answer(200, b"<html>Log in</html>", {"Content-Type": "text/html; charset=utf-8"})
        elif self.path.startswith("/moved"):
            self._answer(302, b"", {"Location": self.path.removeprefix("/moved")})
        else:
            self._send_file(wanted)

    def _send_file(self, wanted: str) -> None:
        content = self.server.content
        headers = {"Content-Type": "application/octet-stream"}
        if self.server.has_validator:
            headers["ETag"] = self.server.etag
        span = re.fullmatch(r"bytes=(\d+)-", wanted)
        if not span or self.headers.get("If-Range") != self.server.etag:
            return self._answer(200, content, headers)
        start = int(span[1])
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return self._answer(206, content[start:], headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.server.has_length:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        end = self.server.breaks.pop(0) if body and self.server.breaks else len(body)
        for start in range(0, end, 2**16):
            self.wfile.write(body[start : min(start + 2**16, end)])
            time.sleep(self.server.chunk_pause)

    def log_message(self, *args: Any) -> None:
        """Requests are kept in `ranges`."""


class _ProxyHandler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        self.server.asked_for.append(self.path)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(self.path) as response:
            self.send_response(response.status)
            for name in ("Content-Type", "Content-Length"):
                self.send_header(name, response.headers[name])
            self.end_headers()
            self.wfile.write(response.read())

    def log_message(self, *args: Any) -> None:
        """Requests are kept in `asked_for`."""


class Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _ProxyHandler)
        self.asked_for: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def dead_address() -> str:
    """An address of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}/weights.pth"
