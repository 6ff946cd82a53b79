"""A bucket that is away, silent or refuses: one error for whoever wants a file, and soon."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from pytest_django import Settings

from filestore import services
from filestore.buckets import BucketStorage
from filestore.errors import StorageUnavailableError
from tests.factories import make_user
from tests.filestore.files import names_in_storage, store
from tests.s3 import use_server

NAME = "files/original/ab/abc.jpg"
MANY = [f"files/original/ab/{number}" for number in range(services.NAMES_PER_DELETION + 1)]
USES: list[Callable[[BucketStorage], object]] = [
    lambda storage: storage.save(NAME, ContentFile(b"a")),
    lambda storage: storage._save(NAME, ContentFile(b"a")),
    lambda storage: storage.exists(NAME),
    lambda storage: storage.delete(NAME),
    lambda storage: storage.delete_all([NAME]),
    lambda storage: storage.open_section(NAME, 0, 1),
    lambda storage: list(storage.all_files("files")),
    lambda storage: list(storage.discard_unfinished("files", datetime.now(UTC))),
    lambda storage: storage.check(),
]
use_cases = pytest.mark.parametrize(
    "use",
    USES,
    ids=["save", "write", "exists", "delete", "delete all", "open", "list", "discard", "check"],
)


class Requests:
    """What the bucket was asked, and how many times that was sent."""

    def __init__(self, storage: BucketStorage) -> None:
        self.names: list[str] = []
        self.sent = 0
        events = storage.connection.meta.client.meta.events
        events.register("before-call.s3", self._note)
        events.register("before-send.s3", self._count)

    def _note(self, model: Any, **_: object) -> None:
        self.names.append(model.name)

    def _count(self, **_: object) -> None:
        self.sent += 1


@use_cases
def test_a_server_that_is_away_is_told_by_one_error(
    s3_away: BucketStorage, use: Callable[[BucketStorage], object]
) -> None:
    with pytest.raises(StorageUnavailableError, match="Could not connect"):
        use(s3_away)


@use_cases
@pytest.mark.parametrize("status", [500, 503, 403])
def test_so_is_one_that_has_failed_or_refuses_the_keys(
    status: int,
    use: Callable[[BucketStorage], object],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(status) as port, pytest.raises(StorageUnavailableError):
        use(use_server(f"http://127.0.0.1:{port}", settings, tmp_path, monkeypatch))


@pytest.mark.parametrize("use", [USES[0], USES[5]], ids=["save", "open"])
def test_so_is_a_bucket_that_nobody_made(
    s3_storage: BucketStorage, use: Callable[[BucketStorage], object]
) -> None:
    s3_storage.connection.meta.client.delete_bucket(Bucket=s3_storage.bucket_name)
    with pytest.raises(StorageUnavailableError, match="NoSuchBucket"):
        use(s3_storage)


def test_a_file_that_is_not_there_is_another_matter(s3_storage: BucketStorage) -> None:
    with pytest.raises(FileNotFoundError):
        s3_storage.open_section(NAME, 0, 1)
    s3_storage.save(NAME, ContentFile(b"a"))
    with pytest.raises(OSError, match="InvalidRange") as caught:
        s3_storage.open_section(NAME, 1, 2)
    assert not isinstance(caught.value, StorageUnavailableError)


@contextmanager
def answering(status: int) -> Iterator[int]:
    """The port of a server that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            if super().parse_request():
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            return False  # one answer, and the line is closed

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def test_a_silent_server_is_not_waited_for_long(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        storage = use_server(address, settings, tmp_path, monkeypatch)
        assert storage.client_config.connect_timeout == 5
        assert storage.client_config.read_timeout == 20
        storage.client_config = storage.client_config.merge(Config(read_timeout=0.2))
        requests = Requests(storage)
        with pytest.raises(StorageUnavailableError, match="timeout"):
            storage.exists(NAME)
    assert requests.sent == 2


def test_the_way_of_addressing_stays(s3_storage: BucketStorage) -> None:
    assert s3_storage.client_config.s3 == {"addressing_style": "path"}


def test_many_files_are_deleted_by_few_requests(s3_storage: BucketStorage) -> None:
    for name in MANY[:3]:
        s3_storage.save(name, ContentFile(b"a"))
    requests = Requests(s3_storage)
    services.delete_bytes(MANY)
    assert requests.names == ["DeleteObjects", "DeleteObjects"]
    assert not names_in_storage()


@pytest.mark.django_db(transaction=True)
def test_an_owners_files_are_deleted_together(s3_storage: BucketStorage) -> None:
    owner = make_user()
    files = [store(owner) for _ in range(3)]
    requests = Requests(s3_storage)
    services.delete(files)
    assert requests.names == ["DeleteObjects"]
    assert not names_in_storage()


def test_a_server_that_does_not_take_such_a_request_is_asked_one_by_one(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with answering(HTTPStatus.BAD_REQUEST) as port:
        storage = use_server(f"http://127.0.0.1:{port}", settings, tmp_path, monkeypatch)
        requests = Requests(storage)
        services.delete_bytes(MANY[:2])
    assert requests.names == ["DeleteObjects", "DeleteObject", "DeleteObject"]
    assert all(name in caplog.text for name in MANY[:2])


def test_files_that_the_bucket_keeps_are_named(
    s3_storage: BucketStorage, caplog: pytest.LogCaptureFixture
) -> None:
    for name in MANY[:2]:
        s3_storage.save(name, ContentFile(b"a"))
    keep(s3_storage, MANY[0])
    services.delete_bytes(MANY[:2])
    assert names_in_storage() == {MANY[0]}
    assert f"{MANY[0]} could not be deleted: AccessDenied" in caplog.text


def keep(storage: BucketStorage, name: str) -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteObject",
        "Resource": f"arn:aws:s3:::{storage.bucket_name}/tintype/{name}",
    }
    storage.connection.meta.client.put_bucket_policy(
        Bucket=storage.bucket_name,
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def test_a_bucket_that_is_away_is_asked_once_not_for_each_file(
    s3_away: BucketStorage, caplog: pytest.LogCaptureFixture
) -> None:
    requests = Requests(s3_away)
    services.delete_bytes(MANY)
    assert requests.names == ["DeleteObjects"]
    assert "the sweep finds them" in caplog.text
