"""What a client may send: how much, and how slowly."""

from __future__ import annotations

import copy
import shutil
import tempfile
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, resolve
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error

from colorsite.web_server.refusals import Refusal
from filestore.upload_handler import max_files, takes_parts
from gallery.api.problems import ProblemCode

HEADER_SECONDS: Final = 20
QUEUE_SECONDS: Final = 30
"""Who has waited for a thread for so long is told to come back: the others wait less."""
BODY_SECONDS: Final = 30
"""From then on a body has to have come at MIN_BODY_RATE, on the average."""
MIN_BODY_RATE: Final = 2_000
"""Bytes a second."""
MAX_FRAMING_BYTES: Final = 2**14
MAX_FRAMING_SHARE: Final = 0.25
"""Of a body in chunks: what stands around it, which costs more time than the body itself."""
RESERVED_BYTES: Final = 2**28
"""Of the disk where bodies wait: strangers must not fill it up."""
CREDENTIALS: Final = ("COOKIE", "X_SESSION_TOKEN", "AUTHORIZATION")

CODES: Final = {
    HTTPStatus.REQUEST_TIMEOUT: ProblemCode.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ProblemCode.REQUEST_TOO_LARGE,
    HTTPStatus.UNAUTHORIZED: ProblemCode.NOT_AUTHENTICATED,
    HTTPStatus.SERVICE_UNAVAILABLE: ProblemCode.BUSY,
}


class RequestParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """waitress' parser with limits that depend on where a request goes and how long it takes."""

    command = path = ""
    error: Error | None = None
    completed = False
    is_cut_off = False
    waited: int | None = None
    """For how many seconds at most it was suspended."""

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(copy.copy(adj))
        self._started = time.monotonic()

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if not self.completed and self._is_too_slow():
            self._refuse(
                HTTPStatus.REQUEST_TIMEOUT,
                "The request came too slowly. Try again over a better connection.",
            )
        if self.chunked and self._is_mostly_framing():
            self._refuse(HTTPStatus.BAD_REQUEST, "The chunks of the request are too small.")
        if not self.completed and self.has_body and _is_disk_full():
            self._refuse(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "The site has no room for files at the moment. Try again later.",
            )
        if self.error:
            self._refuse_in_our_words(self.error)
        self._received_at = time.monotonic()
        return consumed

    def refuse_if_late(self) -> None:
        """For the thread that is to answer it at last."""
        if not self.error and time.monotonic() - self._received_at > QUEUE_SECONDS:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "The site is busy. Try again in a minute.")

    def resume(self, waited: int) -> None:
        """It was suspended, and is to be answered now."""
        self.waited = waited
        self._received_at = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(str(error)) from error
        self._check_framing()
        # As waitress tells Django: a path may begin with any number of slashes.
        self.path = "/" + self.path.lstrip("/") if self.path.startswith("/") else self.path
        files = max_files_of(self.path)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + files * settings.MAX_UPLOAD_BYTES
        # waitress refuses a body of so many bytes, at once or when that many chunks have come.
        self.adj.max_request_body_size = limit + 1
        if files and self.has_body and not any(name in self.headers for name in CREDENTIALS):
            self._refuse(HTTPStatus.UNAUTHORIZED, "Log in before you send files.")

    def _check_framing(self) -> None:
        """Where a body ends must be certain (RFC 9112, section 6)."""
        is_ambiguous = self.chunked and "CONTENT_LENGTH" in self.headers
        if is_ambiguous or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding cannot be used here")
        if not self.has_body:
            # waitress would wait for one.
            self.expect_continue = False

    def _is_mostly_framing(self) -> bool:
        content = len(self.body_rcv)
        framing = self.body_bytes_received - content
        return bool(framing > MAX_FRAMING_BYTES + MAX_FRAMING_SHARE * content)

    @property
    def has_body(self) -> bool:
        return bool(self.chunked or self.content_length)

    def _is_too_slow(self) -> bool:
        seconds = time.monotonic() - self._started
        if not self.headers_finished:
            return seconds > HEADER_SECONDS
        return seconds > BODY_SECONDS and self.body_bytes_received < MIN_BODY_RATE * seconds

    def end_here(self) -> bool:
        """The line broke: whether what has come of the body is worth a request of its own."""
        is_part = self.headers_finished and self.command == "PATCH" and _takes_parts(self.path)
        if not is_part or self.completed or not self.body_rcv:
            return False
        self.headers["CONTENT_LENGTH"] = str(len(self.body_rcv))
        self.completed = True
        self.is_cut_off = True
        return True

    def _refuse_in_our_words(self, error: Error) -> None:
        if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            limit = filesizeformat(self.adj.max_request_body_size - 1)
            self._refuse(error.code, f"The request is too large: at most {limit} are accepted.")
        elif not isinstance(error, Refusal):
            self._refuse(error.code, f"The request could not be read: {error.body.rstrip('.')}.")

    def _refuse(self, status: int, detail: str) -> None:
        known = HTTPStatus(status)
        self.error = Refusal(known, CODES.get(known, ProblemCode.PARSE_ERROR), detail, self.path)
        self.completed = True
        # Else waitress would ask for the body of a request that is refused.
        self.expect_continue = False


def _is_disk_full() -> bool:
    return shutil.disk_usage(tempfile.gettempdir()).free < RESERVED_BYTES


def max_files_of(path: str) -> int:
    """How many files a request to this path may carry."""
    view = _view_of(path)
    return max_files(view) if view else 0


def is_stream(path: str) -> bool:
    """Whether the response to a request to this path takes minutes."""
    return bool(getattr(getattr(_view_of(path), "cls", None), "is_stream", False))


def _takes_parts(path: str) -> bool:
    view = _view_of(path)
    return view is not None and takes_parts(view)


def _view_of(path: str) -> Callable[..., Any] | None:
    try:
        return resolve(path.encode("latin-1").decode()).func
    except (Resolver404, UnicodeDecodeError):
        return None
