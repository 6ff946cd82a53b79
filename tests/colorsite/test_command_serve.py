"""manage.py serve, as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from filestore.storages import media_storage
from tests.worker import PATIENCE_SECONDS, wait_until, worker_environment

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

LONG_AGO = time.time() - 3 * 24 * 3600


@contextmanager
def running_server(folder: Path) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **worker_environment(folder), "PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture(params=["folder", "bucket"])
def temporary(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where uploads are received: with a bucket, a folder that no other host sees."""
    if request.param == "bucket":
        request.getfixturevalue("s3_storage")
    folder = media_storage().temporary_location
    folder.mkdir(parents=True)
    return folder


def test_what_a_killed_server_left_on_this_host_is_removed_without_workers(
    temporary: Path, tmp_path: Path
) -> None:
    left, young = temporary / "tmp1.upload", temporary / "tmp2.upload"
    for path in (left, young):
        path.write_bytes(b"half of a film")
    os.utime(left, (LONG_AGO, LONG_AGO))
    with running_server(tmp_path / "data"):
        wait_until(lambda: not left.exists(), "the removal of what was left")
    assert young.exists()


def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env={**os.environ, **worker_environment(tmp_path / "data"), "PORT": port},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr
    assert "choose another port, for example PORT=" in ended.stderr
    assert "Traceback" not in ended.stderr
