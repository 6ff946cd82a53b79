"""A database, a queue and folders for one run, told to all processes by environment variables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.needs import POSTGRES_URL
from tests.postgres import create_database, drop_database

REDIS_URL = os.environ.get("CHAOS_REDIS_URL", "redis://localhost:6379/14")


@contextmanager
def surroundings(
    folder: Path, database: str, broker: str = "orm", workers: int = 2
) -> Iterator[None]:
    on_postgres = database == "postgres"
    with _postgres(database_name(os.getpid())) if on_postgres else _sqlite(folder) as url:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tests.chaos.settings",
            DATABASE_URL=url,
            REDIS_URL=_empty_redis() if broker == "redis" else "",
            DATA_DIR=str(folder),
            MEDIA_STORAGE=str(folder / "media"),
            WEIGHTS_DIR=str(folder / "weights"),
            SECRET_KEY="a key for one run of the chaos test only",
            WORKERS=str(workers),
            FILE_WORKERS="1",
            DRAIN_SECONDS="5",
            LOG_LEVEL="INFO",
            OMP_NUM_THREADS="1",
        )
        yield


def database_name(pid: int) -> str:
    """Of the run in a process, on PostgreSQL."""
    return f"tintype_chaos_{pid}"


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder}/chaos.sqlite3"


@contextmanager
def _postgres(name: str) -> Iterator[str]:
    try:
        create_database(name)
        yield POSTGRES_URL.rpartition("/")[0] + f"/{name}"
    finally:
        drop_database(name)


def _empty_redis() -> str:
    redis.from_url(REDIS_URL).flushdb()
    return REDIS_URL
