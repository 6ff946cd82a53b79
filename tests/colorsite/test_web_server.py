"""The web server among clients that are slow, send too much, or break the protocol."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from typing import Any

import pytest
from django.conf import settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from colorsite.web_server import parser
from colorsite.web_server.dispatcher import UPLOAD_THREADS
from colorsite.wsgi import application
from filestore.models import Upload
from gallery import uploads
from gallery.models import Photo
from tests.api import address, token_of
from tests.factories import (
    begin_upload,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
    stored_files,
)
from tests.web_server import THREADS, serving
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 200
UPLOAD = "/api/v1/photos/"
TOO_LARGE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


@pytest.fixture
def port() -> Iterator[int]:
    with serving(application) as server:
        yield server.port


@contextmanager
def sent(port: int, content: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(content)
        yield client


def status(client: socket.socket) -> int:
    return int(client.makefile("rb").readline().split()[1])


def ask(port: int, method: str, path: str, **request: Any) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        client.request(method, path, **request)
        response = client.getresponse()
        return response.status, response.read()


def is_served(port: int) -> bool:
    return ask(port, "GET", "/healthz")[0] == 200


def form_of(content: bytes) -> bytes:
    return encode_multipart(BOUNDARY, {"image": make_upload(content)})


def headers_of(form: bytes, **more: str) -> dict[str, str]:
    return {"Content-Type": MULTIPART_CONTENT, "X-Session-Token": token_of(make_user()), **more}


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: a\r\n",
        b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na",
    ],
    ids=["headers", "bodies"],
)
def test_slow_requests_hold_nobody_up(port: int, beginning: bytes) -> None:
    with ExitStack() as slow:
        clients = [slow.enter_context(sent(port, beginning)) for _ in range(MANY)]
        assert is_served(port)
        clients[-1].sendall(b"\r\n" if b"GET" in beginning else b"aaaaaaaa")
        assert status(clients[-1]) in (200, 403)


def test_slow_downloads_hold_nobody_up(port: int) -> None:
    """The system keeps a few megabytes for each client, the web server has to keep the rest."""
    photo = make_photo(content=picture_bytes() + bytes(16_000_000))
    path = address("photo-original", photo)
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Session-Token: {token_of(photo.album.owner)}\r\n\r\n"
    with ExitStack() as slow:
        clients = [slow.enter_context(sent(port, head.encode())) for _ in range(THREADS + 1)]
        assert [status(client) for client in clients] == [200] * len(clients)
        assert is_served(port)


def test_uploads_leave_the_threads_of_pages_alone() -> None:
    gate = threading.Event()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["PATH_INFO"] == UPLOAD:
            gate.wait()
        start_response("200 OK", [])
        return [b"done"]

    upload = (
        f"POST {UPLOAD} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nCookie: a\r\n\r\na".encode()
    )
    with serving(application) as server, ExitStack() as uploads:
        clients = [
            uploads.enter_context(sent(server.port, upload)) for _ in range(UPLOAD_THREADS + 2)
        ]
        assert is_served(server.port)
        gate.set()
        assert [status(client) for client in clients] == [200] * len(clients)


def test_who_has_waited_too_long_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    all_busy, gate = threading.Barrier(THREADS + 1), threading.Event()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        all_busy.wait()
        gate.wait()
        start_response("200 OK", [])
        return [b"done"]

    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    with serving(application) as server, ExitStack() as clients:
        answered = [clients.enter_context(sent(server.port, request)) for _ in range(THREADS)]
        all_busy.wait()
        monkeypatch.setattr(parser, "QUEUE_SECONDS", -1)
        late = clients.enter_context(sent(server.port, request))
        gate.set()
        assert status(late) == 503
        assert {status(client) for client in answered} == {200}


def test_a_request_under_way_is_answered_before_the_end() -> None:
    begun, gate = threading.Event(), threading.Event()

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        begun.set()
        gate.wait()
        start_response("200 OK", [])
        return [b"done"]

    with (
        serving(application) as server,
        sent(server.port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n") as client,
    ):
        begun.wait()
        server.stop()
        gate.set()
        assert status(client) == 200


@pytest.mark.parametrize(
    ("path", "content_type"),
    [("/api/v1/albums/", "application/problem+json"), ("/", "text/plain")],
)
def test_a_body_without_files_is_refused_by_its_size(
    port: int, path: str, content_type: str
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {TOO_LARGE}\r\nExpect: 100-continue\r\n\r\n"
    with sent(port, head.encode()) as client:
        answer = client.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413")
    assert f"Content-Type: {content_type}" in answer
    assert "The request is too large: at most 1.0\xa0MB are accepted." in (
        answer if path == "/" else json.loads(answer.partition("\r\n\r\n")[2])["detail"]
    )


def test_who_sends_it_all_the_same_reads_why_it_was_refused(port: int) -> None:
    code, answer = ask(port, "POST", "/api/v1/albums/", body=bytes(20_000_000))
    assert (code, json.loads(answer)["code"]) == (413, "request_too_large")


def test_files_of_strangers_are_refused_unread(port: int) -> None:
    head = f"POST {UPLOAD} HTTP/1.1\r\nHost: a\r\nContent-Length: {10 * TOO_LARGE}\r\n\r\n"
    with sent(port, head.encode()) as client:
        assert status(client) == 401


def test_an_upload_in_chunks_is_accepted(port: int) -> None:
    form = form_of(picture_bytes())
    chunks = [form[:500], form[500:]]
    code, _ = ask(port, "POST", UPLOAD, body=iter(chunks), headers=headers_of(form))
    assert code == 201
    assert Photo.objects.count() == 1


def test_chunks_are_bounded_where_no_file_is_taken(port: int) -> None:
    with sent(port, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") as client:
        client.sendall(b"%x\r\n" % (2 * TOO_LARGE) + bytes(2 * TOO_LARGE))
        assert status(client) == 413


@pytest.mark.parametrize(
    "body",
    [b"1\r\nx\r\n" * 20_000, b"1;" + b"a" * 120_000, b"0\r\n" + b"X-Trailer: a\r\n" * 10_000],
)
@pytest.mark.parametrize("path", [UPLOAD, "/accounts/login/"])
def test_what_is_mostly_framing_is_refused(port: int, path: str, body: bytes) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nTransfer-Encoding: chunked\r\n\r\n"
    with sent(port, head.encode() + body) as client:
        assert status(client) == 400


def test_slashes_before_a_path_change_nothing(port: int) -> None:
    head = f"POST /{UPLOAD} HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n"
    with sent(port, head.encode()) as client:
        assert status(client) == 401


def test_a_file_over_the_limit_is_refused_in_the_words_of_the_api(port: int) -> None:
    form = form_of(bytes(settings.MAX_UPLOAD_BYTES + 1))
    code, answer = ask(port, "POST", UPLOAD, body=form, headers=headers_of(form))
    assert (code, json.loads(answer)["code"]) == (413, "file_too_large")


def test_the_disk_is_never_filled_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(picture_bytes())
    monkeypatch.setattr(parser, "RESERVED_BYTES", 2**62)
    head = f"POST {UPLOAD} HTTP/1.1\r\nHost: a\r\nCookie: a\r\nContent-Length: {len(form)}\r\n\r\n"
    with sent(port, head.encode() + form[:100]) as client:
        answer = client.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"Retry-After: 30" in answer
    assert is_served(port)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("HEADER_SECONDS", b"GET / HTTP/1.1\r\nHost: a\r\n"),
        ("BODY_SECONDS", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\na"),
    ],
)
def test_a_request_that_never_ends_is_ended(
    port: int, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, name, 0)
    monkeypatch.setattr(parser, "MIN_BODY_RATE", 10**9)
    with sent(port, content) as client:
        client.sendall(b"X-More: a\r\n")
        assert status(client) == 408


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"1" * 5000 + b"\r\n\r\n", 400),
        (b"GET http://[::1/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", 200),
        (b"GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
    ],
)
def test_a_broken_request_is_told_so(port: int, content: bytes, expected: int) -> None:
    with sent(port, content) as client:
        assert status(client) == expected


def test_requests_follow_each_other_on_one_connection(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        for method in ("GET", "HEAD", "GET"):
            client.request(method, "/healthz")
            response = client.getresponse()
            assert (response.status, bool(response.read())) == (200, method == "GET")


def test_a_path_cannot_forge_a_line_of_the_log(port: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "tintype.access")
    ask(port, "GET", '/%0Aforged"status=200')
    [line] = [record.getMessage() for record in caplog.records if record.name == "tintype.access"]
    assert line.startswith('method=GET path="/%0Aforged%22status=200" status=404 bytes=')


def part_of(upload: Upload, body: bytes, length: int, **more: str) -> bytes:
    """A request that sends a part of a file, or as much of it as `body`."""
    headers = {
        "Host": "localhost",
        "X-Session-Token": token_of(upload.owner),
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(upload.offset),
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(length),
        **more,
    }
    lines = [f"PATCH {address('upload-detail', upload)} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("number", [1, 100_000])
def test_what_came_of_a_file_before_the_line_broke_is_kept(port: int, number: int) -> None:
    content = picture_bytes() + bytes(200_000)
    upload = begin_upload(make_user(), content[:10], len(content))
    with sent(port, part_of(upload, content[10 : 10 + number], len(content) - 10)):
        pass
    wait_until(lambda: Upload.objects.get().offset == 10 + number, "what came is kept")
    upload.refresh_from_db()
    rest = content[10 + number :]
    with sent(port, part_of(upload, rest, len(rest))) as client:
        assert status(client) == 204
    assert list(uploads.add_upload(Upload.objects.get())[0]) == [Photo.objects.get()]


def test_what_came_of_a_part_with_a_checksum_is_not(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    upload = begin_upload(make_user(), bytes(10), 1000)
    checksum = {"Upload-Checksum": "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk="}
    caplog.set_level(logging.INFO)
    with sent(port, part_of(upload, b"abc", 990, **checksum)):
        pass
    wait_until(lambda: "status=460" in caplog.text, "it is refused")
    upload.refresh_from_db()
    assert upload.offset == 10
    assert len(stored_files()) == 1


def test_other_requests_that_break_off_are_not_served(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    user = make_user()
    caplog.set_level(logging.INFO)
    for method, path in (("POST", UPLOAD), ("POST", "/api/v1/uploads/"), ("PATCH", "/api/v1/me/")):
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
        with sent(port, f"{head}X-Session-Token: {token_of(user)}\r\n\r\nabc".encode()):
            pass
    assert is_served(port)
    assert "/api/v1/" not in caplog.text
