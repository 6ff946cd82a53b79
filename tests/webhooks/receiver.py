"""A server that gets messages of webhooks, and answers as a test wants."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Message:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def payload(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    def is_signed_by(self, secret: str) -> bool:
        """As the specification says, by hand."""
        timestamp = self.headers["Webhook-Timestamp"]
        assert abs(time.time() - int(timestamp)) < 600
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.headers['Webhook-Id']}.{timestamp}.".encode() + self.body
        digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{digest}" in self.headers["Webhook-Signature"].split(" ")


class Receiver(ThreadingHTTPServer):
    """
    Attributes:
        statuses: of the next answers; after them 204.
        messages: what has come.
    """

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses: list[int] = []
        self.messages: list[Message] = []
        self.pause = 0.0
        self.scheme = "https" if context else "http"
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *args: Any) -> None:
        """Clients that give up are part of the tests."""

    def address(self, path: str = "/hook?key=1", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(Message(self.path, dict(self.headers), body))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        head = f"HTTP/1.1 {status} Answer\r\nLocation: {self.server.address('/elsewhere')}\r\n"
        for character in head + "Content-Length: 0\r\n\r\n":
            self.wfile.write(character.encode())
            time.sleep(self.server.pause)

    def log_message(self, *args: Any) -> None:
        """Requests are kept in `messages`."""
