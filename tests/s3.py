"""A real S3 server, as a process of its own: moto keeps the files in its memory."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django import Settings

from filestore.buckets import BucketStorage
from filestore.storages import media_storage

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
START_SECONDS = 60


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    log = tmp_path_factory.mktemp("s3") / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "moto.server", "--port", "0"]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while not (address := ADDRESS.search(log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "The S3 server did not start."
        time.sleep(0.05)
    return address[0]


KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
"""Environment variables."""


@pytest.fixture
def s3_storage(
    s3_server: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BucketStorage:
    """The site keeps its files in an empty bucket, and so do worker processes (tests/worker.py)."""
    use_server(s3_server, settings, tmp_path, monkeypatch)
    return new_bucket()


@pytest.fixture
def s3_away(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BucketStorage:
    """Where the server of the bucket should be, nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return use_server(f"http://127.0.0.1:{port}", settings, tmp_path, monkeypatch)


def use_server(
    address: str, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> BucketStorage:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    for setting, own in bucket_settings(address, folder).items():
        setattr(settings, setting, own)
    return bucket()


def bucket_settings(server: str, folder: Path) -> dict[str, Any]:
    options = {
        "bucket_name": f"photos-{uuid.uuid4().hex}",
        "location": "tintype",
        "endpoint_url": server,
        "addressing_style": "path",
        "file_overwrite": False,
    }
    bucket = {"BACKEND": "filestore.buckets.BucketStorage", "OPTIONS": options}
    return {
        "DATA_DIR": folder / "data",
        "MEDIA_ROOT": "",
        "STORAGES": {**settings.STORAGES, "default": bucket},
    }


def new_bucket() -> BucketStorage:
    """That of the settings, which is not there yet."""
    storage = bucket()
    storage.connection.create_bucket(Bucket=storage.bucket_name)
    return storage


def bucket() -> BucketStorage:
    storage = media_storage()
    assert isinstance(storage, BucketStorage)
    return storage
