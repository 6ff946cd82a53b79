"""The site as a web server calls it, and what no request may lead to."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

from django.core.signals import got_request_exception
from jsonschema_rs import ValidationError

from colorsite.wsgi import application
from tests.conformance import Sent, check
from tests.fuzz.drawing import Drawn

SLOW_SECONDS: Final = 10
OVERRIDE: Final = "X_HTTP_METHOD_OVERRIDE"
"""With it, the answer is that of another operation."""


@dataclass
class Findings:
    """How much went wrong, and how often each status came."""

    failures: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    slowest: float = 0

    def count(self, status: int, seconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.slowest = max(self.slowest, seconds)


class Site:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._traceback = ""
        got_request_exception.connect(self._remember)

    def _remember(self, **kwargs: object) -> None:
        self._traceback = traceback.format_exc()

    def send(self, drawn: Drawn, again: str) -> int:
        """The status of the answer.

        Args:
            again: how the same request can be sent once more.
        """
        self._traceback = ""
        began = time.perf_counter()
        try:
            sent = _call(drawn)
        except Exception:  # noqa: BLE001  (what leaves the application is what is looked for)
            sent = Sent(drawn.method, drawn.path, drawn.query, 500, {}, b"")
            self._traceback = traceback.format_exc()
        seconds = time.perf_counter() - began
        self._findings.count(sent.status, seconds)
        if fault := fault_of(sent, seconds) or not_described(sent, drawn.headers):
            self._findings.failures += 1
            text = f"{fault}: {again}\n{drawn!r:.3000}\n{self._traceback[-3000:]}\n"
            print(text, flush=True)  # noqa: T201
        return sent.status


def _call(drawn: Drawn) -> Sent:
    answer: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], error: object = None) -> None:
        answer.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))

    response = application(_environ(drawn), start_response)
    try:
        content = b"".join(response)
    finally:
        response.close()
    is_head = drawn.method == "HEAD"  # of which a web server sends no body
    content = b"" if is_head else content
    return Sent(drawn.method, drawn.path, drawn.query, content=content, **answer)


def _environ(drawn: Drawn) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": drawn.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": drawn.path,
        "QUERY_STRING": drawn.query,
        "CONTENT_TYPE": drawn.content_type,
        "CONTENT_LENGTH": str(len(drawn.body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(drawn.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **{f"HTTP_{name}": value for name, value in drawn.headers.items()},
    }


def fault_of(sent: Sent, seconds: float) -> str:
    """What is wrong with an answer, whatever it is about, or nothing."""
    content_type = sent.headers.get("Content-Type", "")
    if sent.status >= 500:
        return f"{sent.status}"
    if seconds > SLOW_SECONDS:
        return f"{seconds:.0f} s"
    is_of_api = sent.path.startswith(("/api/", "/_allauth/"))
    if sent.status >= 400 and is_of_api and "json" not in content_type:
        return f"{sent.status} as {content_type or 'nothing'}"
    return ""


def not_described(sent: Sent, headers: Mapping[str, str]) -> str:
    """Why an answer of the API is not as its description says, or nothing."""
    if OVERRIDE in headers:
        return ""
    try:
        check(sent)
    except (AssertionError, ValidationError, ValueError) as error:
        return str(error)
    return ""
