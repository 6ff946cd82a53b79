"""Listen until told to stop, and then let the requests that are under way be answered."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from colorsite.web_server.channel import Channel
from colorsite.web_server.dispatcher import Dispatcher
from colorsite.web_server.waiting import WaitingRoom, that_may_wait

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STOP_SECONDS: Final = 10
OPEN_FILES: Final = 8192
"""A connection needs up to three: the socket, the body and the response that wait on the disk."""

LIMITS: Final[dict[str, Any]] = {
    "connection_limit": 2000,
    # Seconds in which a client neither sends nor takes a byte.
    "channel_timeout": 60,
    "cleanup_interval": 5,
    "max_request_header_size": 32 * 1024,
    "recv_bytes": 2**14,
    # More than so much of a body, or of a response, waits on the disk.
    "inbuf_overflow": 2**16,
    "outbuf_overflow": 2**18,
    # What a slow client has yet to take waits on the disk, and keeps no thread.
    "outbuf_high_watermark": 2**30,
    "asyncore_use_poll": True,
    # Django asks how many proxies to trust.
    "clear_untrusted_proxy_headers": False,
    "log_socket_errors": False,
    "ident": "",
}


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    channel_class = Channel
    waiting: WaitingRoom

    def stop_listening(self) -> None:
        self.accepting = False
        self.del_channel()
        self.socket.close()


class WebServer:
    """Serves a WSGI application on all addresses that a host name has.

    Args:
        threads: how many requests are worked on at the same time, beside uploads.

    Raises:
        OSError: it cannot listen there.
    """

    def __init__(self, application: WSGIApplication, host: str, port: int, threads: int) -> None:
        _allow_open_files()
        settings = Adjustments(host=host, port=port, threads=threads, **LIMITS)
        self._connections: dict[int, Any] = {}
        self._dispatcher = Dispatcher(threads)
        self._is_stopping = False
        self._servers = [
            Server(
                that_may_wait(_without_body_of_head(application)),
                self._connections,
                dispatcher=self._dispatcher,
                adj=settings,
                sockinfo=address,
            )
            for address in settings.listen
        ]
        self.waiting = WaitingRoom()
        for server in self._servers:
            server.waiting = self.waiting

    @property
    def port(self) -> int:
        """The one it listens on, also when any was asked for."""
        return int(self._servers[0].effective_port)

    def run(self) -> None:
        """Serve until `stop`; then requests under way have STOP_SECONDS to be answered."""
        while not self._is_stopping:
            self._serve_once()
        for server in self._servers:
            server.stop_listening()
        self.waiting.close()
        end = time.monotonic() + STOP_SECONDS
        while self._is_answering() and time.monotonic() < end:
            self._serve_once()
        self._dispatcher.shutdown()

    def stop(self) -> None:
        """Let `run` return: to be called from a signal handler or another thread."""
        self._is_stopping = True
        for server in self._servers:
            server.pull_trigger()

    def _serve_once(self) -> None:
        wasyncore.loop(timeout=1, use_poll=True, map=self._connections, count=1)

    def _is_answering(self) -> bool:
        return any(
            channel.requests or channel.total_outbufs_len
            for server in self._servers
            for channel in server.active_channels.values()
        )


def _without_body_of_head(application: WSGIApplication) -> WSGIApplication:
    """Django leaves it to the web server to drop the body, and waitress to the application."""

    def respond(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return response
        if close := getattr(response, "close", None):
            close()
        return []

    return respond


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
