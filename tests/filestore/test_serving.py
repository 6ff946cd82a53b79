"""Files over HTTP: whole, in part, or not again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponseBase
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.request import Request

from accounts.models import User
from filestore.models import StoredFile
from filestore.serving import serve
from filestore.storages import MediaStorage
from tests.filestore.files import store

CONTENT = bytes(range(200))
SIZE = len(CONTENT)


@pytest.fixture(autouse=True)
def _connections_stay_open() -> Iterator[None]:
    """A response that is closed ends a request, and with it the test's transaction: not here."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture
def file(owner: User) -> StoredFile:
    return store(owner, CONTENT)


@pytest.fixture
def file_anywhere(storage: MediaStorage, owner: User) -> StoredFile:
    """In a folder, then in a bucket: for what depends on where the bytes lie."""
    return store(owner, CONTENT)


def get(
    file: StoredFile, method: str = "get", download_as: str = "", **headers: str
) -> HttpResponseBase:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = getattr(RequestFactory(), method)("/", headers=named)
    return serve(request, file, download_as)


def content_of(response: HttpResponseBase) -> bytes:
    """What is sent. The response is closed, as the server does."""
    sent = b"".join(iter(response))
    response.close()
    return bytes(sent)


def test_a_file_is_served_as_what_it_is(file_anywhere: StoredFile) -> None:
    response = get(file_anywhere)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["ETag"] == f'"{file_anywhere.sha256}"'
    assert not response.has_header("Content-Disposition")
    assert content_of(response) == CONTENT


def test_a_download_has_a_name(file: StoredFile) -> None:
    response = get(file, download_as='Oma "1931".jpg')
    assert response["Content-Disposition"] == 'attachment; filename="Oma \\"1931\\".jpg"'
    response.close()


def test_head_tells_the_same_without_the_content(file_anywhere: StoredFile) -> None:
    whole, head = get(file_anywhere), get(file_anywhere, "head")
    whole.close()
    assert (head.status_code, content_of(head)) == (200, b"")
    assert dict(head.items()) == dict(whole.items())


def test_head_has_no_part(file: StoredFile) -> None:
    head = get(file, "head", Range="bytes=0-7")
    assert (head.status_code, head["Content-Length"]) == (200, str(SIZE))


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-7", 0, 8),
        ("bytes=8-8", 8, 9),
        ("bytes=190-", 190, 200),
        ("bytes=-8", 192, 200),
        ("bytes=-1000", 0, 200),
        ("bytes=190-1000", 190, 200),
        ("bytes=0-", 0, 200),
    ],
)
def test_a_part_is_served_by_itself(file: StoredFile, asked: str, start: int, stop: int) -> None:
    response = get(file, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert response["Content-Length"] == str(stop - start)
    assert response["Content-Type"] == "image/jpeg"
    assert content_of(response) == CONTENT[start:stop]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 7}", "bytes=-0"])
def test_a_part_behind_the_end_cannot_be_had(file: StoredFile, asked: str) -> None:
    response = get(file, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert content_of(response) == b""


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-7,20-27",
        "bytes=7-0",
        "bytes=",
        "bytes=a-b",
        "pages=1-2",
        "0-7",
        "bytes=--8",
    ],
)
def test_what_is_not_one_range_gets_the_whole(file: StoredFile, asked: str) -> None:
    response = get(file, Range=asked)
    assert response.status_code == 200
    assert content_of(response) == CONTENT


ENDS = st.one_of(st.none(), st.integers(0, SIZE + 50))


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # a stored file never changes
)
@given(first=ENDS, last=ENDS)
def test_any_range_is_what_the_standard_says(
    file_anywhere: StoredFile, first: int | None, last: int | None
) -> None:
    ends = ["" if end is None else str(end) for end in (first, last)]
    response = get(file_anywhere, Range=f"bytes={'-'.join(ends)}")
    expected = _by_the_standard(first, last)
    if expected is None:
        assert (response.status_code, content_of(response)) == (200, CONTENT)
    elif not expected:
        assert (response.status_code, content_of(response)) == (416, b"")
    else:
        positions = f"bytes {expected[0]}-{expected[-1]}/{SIZE}"
        assert (response.status_code, response["Content-Range"]) == (206, positions)
        assert content_of(response) == bytes(expected)


def _by_the_standard(first: int | None, last: int | None) -> list[int] | None:
    """RFC 9110, 14.1.2: positions that are asked for, empty when there are none; None for what is no range."""
    if first is None:
        return None if last is None else list(range(SIZE))[SIZE - min(last, SIZE) :]
    if last is not None and last < first:
        return None
    return [n for n in range(SIZE) if first <= n and (last is None or n <= last)]


def test_what_a_browser_has_is_not_sent_again(file: StoredFile) -> None:
    first = get(file)
    first.close()
    for kept in (
        {"If_None_Match": first["ETag"]},
        {"If_None_Match": f'"another", W/{first["ETag"]}'},
        {"If_Modified_Since": first["Last-Modified"]},
    ):
        again = get(file, Range="bytes=0-7", **kept)
        assert (again.status_code, content_of(again)) == (304, b"")
        for name in ("ETag", "Last-Modified", "Cache-Control"):
            assert again[name] == first[name]


def test_another_file_is_sent(file: StoredFile) -> None:
    response = get(file, If_None_Match='"another"')
    assert (response.status_code, content_of(response)) == (200, CONTENT)


def test_a_precondition_that_fails_stops_the_request(file: StoredFile) -> None:
    assert get(file, If_Match='"another"').status_code == 412


@pytest.mark.parametrize("name", ["ETag", "Last-Modified"])
def test_a_part_continues_what_a_client_has(file: StoredFile, name: str) -> None:
    first = get(file)
    first.close()
    response = get(file, Range="bytes=100-", If_Range=first[name])
    assert (response.status_code, content_of(response)) == (206, CONTENT[100:])


@pytest.mark.parametrize(
    "kept", ['"another"', "W/{etag}", "Mon, 02 Jan 2006 15:04:05 GMT", "neither"]
)
def test_who_has_a_part_of_another_file_gets_the_whole(file: StoredFile, kept: str) -> None:
    response = get(file, Range="bytes=100-", If_Range=kept.format(etag=f'"{file.sha256}"'))
    assert (response.status_code, content_of(response)) == (200, CONTENT)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_lost_file_is_not_found_and_the_operator_is_told(
    file_anywhere: StoredFile, storage: MediaStorage, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    storage.delete(str(file_anywhere.name))
    with pytest.raises(Http404), caplog.at_level(logging.ERROR):
        get(file_anywhere, method)
    assert f"is lost: {file_anywhere.name}" in caplog.text


def test_a_file_that_was_just_deleted_is_no_error(
    file: StoredFile, storage: MediaStorage, caplog: pytest.LogCaptureFixture
) -> None:
    storage.delete(str(file.name))
    StoredFile.objects.all().delete()
    with pytest.raises(Http404), caplog.at_level(logging.WARNING):
        get(file)
    assert not caplog.text


def test_the_api_serves_the_same(file: StoredFile) -> None:
    request: HttpRequest = Request(RequestFactory().get("/", headers={"Range": "bytes=0-7"}))
    response = serve(request, file)
    assert (response.status_code, content_of(response)) == (206, CONTENT[:8])


def test_a_client_that_leaves_lets_go_of_the_file(file_anywhere: StoredFile) -> None:
    response: Any = get(file_anywhere)
    section = response.file_to_stream
    # That of the bucket's answer, or the file in the folder.
    source = getattr(section._stream, "_raw_stream", section._stream)
    assert not source.closed
    response.close()
    assert section.closed
    assert source.closed
