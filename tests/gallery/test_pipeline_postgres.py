"""The same whole paths on PostgreSQL, with the queue in Redis: run again, where both answer."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
import redis
from django.conf import settings

DATABASE_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@localhost:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://localhost:6379/15")

TESTS = [
    "tests/jobs/test_pipeline_worker.py",
    "tests/gallery/test_services.py",
    "tests/gallery/test_queries.py",
]


@pytest.fixture
def _servers() -> None:
    try:
        psycopg.connect(DATABASE_URL, connect_timeout=3).close()
        redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except (psycopg.OperationalError, redis.ConnectionError) as error:
        pytest.skip(
            f"PostgreSQL ({DATABASE_URL}) and Redis ({REDIS_URL}) are not both there: {error}"
        )


@pytest.mark.slow
@pytest.mark.usefixtures("_servers")
def test_whole_paths_hold_on_postgres_and_redis() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *TESTS],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": DATABASE_URL, "REDIS_URL": REDIS_URL},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout
