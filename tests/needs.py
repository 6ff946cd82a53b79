"""What some tests need that not every machine has: their markers, and why a test cannot run here."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
import pytest
import redis
from filelock import FileLock

from tests import ROOT

POSTGRES_URL: Final = os.environ.get(
    "TEST_POSTGRES_URL", "postgres://postgres@localhost:5432/postgres"
)
REDIS_URL: Final = os.environ.get("TEST_REDIS_URL", "redis://localhost:6379/15")
WORKERS_REDIS_URL: Final = f"{REDIS_URL.rpartition('/')[0]}/13"
"""For tests that need not wait until a whole run on the other is over."""
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM: Final = next(filter(None, map(shutil.which, BROWSERS)), None)
PATIENCE_SECONDS = 3


@lru_cache
def _postgres() -> str:
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=PATIENCE_SECONDS).close()
    except psycopg.OperationalError:
        return f"PostgreSQL does not answer (TEST_POSTGRES_URL={POSTGRES_URL})"
    return ""


@lru_cache
def _redis() -> str:
    try:
        redis.from_url(REDIS_URL, socket_connect_timeout=PATIENCE_SECONDS).ping()
    except redis.ConnectionError:
        return f"Redis does not answer (TEST_REDIS_URL={REDIS_URL})"
    return ""


@contextmanager
def redis_alone(url: str) -> Iterator[None]:
    """Tests empty the database that they use: other runs on this machine wait for it."""
    with FileLock(Path(tempfile.gettempdir()) / f"{quote(url, safe='')}.lock"):
        yield


def _chromium() -> str:
    return "" if CHROMIUM else "Chromium is not installed (apt-get install chromium-headless-shell)"


def _shared(path: str) -> str:
    return "" if (ROOT.parent / "shared" / path).exists() else f"there is no ../shared/{path}"


MISSING: Final[dict[str, Callable[..., str]]] = {
    "postgres": _postgres,
    "redis": _redis,
    "browser": _chromium,
    "shared": _shared,
}
"""By marker: asked with the marker's arguments, what is missing, or nothing."""


def missing(item: pytest.Item) -> str:
    """What the markers of a test ask for that is not here."""
    needs = (marker for marker in item.iter_markers() if marker.name in MISSING)
    return ", ".join(filter(None, (MISSING[need.name](*need.args) for need in needs)))
