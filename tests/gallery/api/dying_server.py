"""A web server with a process for each request, which is killed where the request says. It tells its port.

`Die-At: keeping` is before its answer is kept, `Die-At: answering` after that, before anything of it is sent.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable
from socketserver import ForkingMixIn
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

from django.db import connection

from colorsite.wsgi import application
from gallery.models import IdempotentRequest


class Server(ForkingMixIn, WSGIServer):
    pass


def dying(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    where = environ.pop("HTTP_DIE_AT")
    if where == "keeping":
        connection.execute_wrappers.append(die_before_it_is_kept)
    response: Iterable[bytes] = application(environ, start_response)
    die()
    return response


def die_before_it_is_kept(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    table = IdempotentRequest._meta.db_table
    if sql.startswith(f'UPDATE "{table}"'):
        die()
    return execute(sql, params, many, context)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with make_server("127.0.0.1", 0, dying, Server) as server:
        sys.stdout.write(f"{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()
