"""What holds for every test: own files, no leftovers in the cache, cheap passwords."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import Settings

from tests.s3 import s3_server, s3_storage  # noqa: F401  (fixtures for every folder)

FOLDER = {"BACKEND": "filestore.storages.FolderStorage"}
PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


# A shell that starts the tests in the background has them, and all they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as on a real site: threads and worker processes can share it."""
    if connection.vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def _own_surroundings(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WEIGHTS_DIR = tmp_path / "weights"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The manifest of static files exists only after collectstatic.
    settings.STORAGES = {"default": FOLDER, "staticfiles": PLAIN_STATIC_FILES}
    # Rate limits are counted in the cache.
    cache.clear()


@pytest.fixture(scope="session")
def artistic_pth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _published_file("artistic", tmp_path_factory)


@pytest.fixture(scope="session")
def wide_pth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _published_file("wide", tmp_path_factory)


def _published_file(name: str, factory: pytest.TempPathFactory) -> Path:
    """As DeOldify publishes it; made in a process of its own, which gives its 2 GB back."""
    path = factory.mktemp("published") / f"{name}.pth"
    command = [
        sys.executable,
        "-m",
        "tests.colorizer.engine.deoldify.parity_weights",
        name,
        str(path),
    ]
    subprocess.run(command, cwd=Path(__file__).parent.parent, check=True)
    return path
