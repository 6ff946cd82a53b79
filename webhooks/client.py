"""Sends one request to an address that somebody else chose, and reads as little of the answer as there is to know."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

from jobs.errors import JobFailedError
from webhooks import targets
from webhooks.errors import ErrorCode
from webhooks.targets import Target

CONNECT_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = 10.0


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float = TOTAL_SECONDS) -> int:
    """Returns the status of the answer, whatever it is. No redirect is followed, no proxy asked.

    Args:
        seconds: for all that comes once the line is there.

    Raises:
        JobFailedError: there is none.
    """
    target = targets.resolve(url)
    try:
        with _connect(target) as line, _Deadline(line, seconds):
            return _ask(target, line, body, headers)
    except ssl.SSLCertVerificationError as error:
        raise JobFailedError(
            ErrorCode.NOT_TRUSTED,
            "The certificate of the address is not good: %(reason)s",
            reason=error.verify_message,
        ) from error
    except (OSError, HTTPException, ValueError) as error:
        raise JobFailedError(
            ErrorCode.UNREACHABLE, "The address could not be reached, or took too long to answer."
        ) from error


def _connect(target: Target) -> socket.socket:
    """To the addresses that were checked: the name is not asked for again."""
    refused: OSError = OSError("The host has no address.")
    for address in target.addresses:
        try:
            line = socket.create_connection(
                (str(address), target.port), timeout=CONNECT_SECONDS / len(target.addresses)
            )
        except OSError as error:
            refused = error
        else:
            return _encrypted(line, target.host) if target.scheme == "https" else line
    raise refused


def _encrypted(line: socket.socket, host: str) -> ssl.SSLSocket:
    """The certificate has to be that of the name. The handshake comes later, within the deadline."""
    context = ssl.create_default_context()
    return context.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)


class _Deadline:
    """Whoever answers a byte at a time keeps every single wait short: after so many seconds the line is cut."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        line.settimeout(seconds)
        # Not SSLSocket's own, which is not made for another thread.
        self._timer = threading.Timer(seconds, _cut, [line])
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # the other side may be faster
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _ask(target: Target, line: socket.socket, body: bytes, headers: Mapping[str, str]) -> int:
    if isinstance(line, ssl.SSLSocket):
        line.do_handshake()
        connection: HTTPConnection = HTTPSConnection(target.host, target.port, context=line.context)
    else:
        connection = HTTPConnection(target.host, target.port)
    # With a line of its own it makes none.
    connection.sock = line
    connection.auto_open = 0
    connection.request("POST", target.path, body, dict(headers))
    return connection.getresponse().status
