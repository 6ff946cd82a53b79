"""Whether the web server can listen where it is told to, said in one sentence."""

from __future__ import annotations

import errno
import socket

from django.core.management.base import CommandError


def check_can_listen(host: str, port: int) -> None:
    """
    Raises:
        CommandError: what the operator has to change.
    """
    try:
        family = socket.getaddrinfo(host, port)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise CommandError(
            f"The web server cannot listen on {host}:{port} ({error.strerror}): {_remedy(error, port)}"
        ) from error


def _remedy(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"stop the program that does, or choose another port, for example PORT={port + 1}"
    if error.errno == errno.EACCES:
        return "choose a port from 1024, for example PORT=8000"
    return "write an address of this machine into HOST, for example HOST=127.0.0.1"
