"""The short form of `make chaos`: see there for what goes wrong and what must hold."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest
import redis
from django.conf import settings

from tests.chaos.surroundings import POSTGRES_URL, REDIS_URL, administrator

SHORT = ["--jobs", "16", "--users", "3", "--trouble-seconds", "15"]


def skip_without_server(database: str, broker: str) -> None:
    try:
        if database == "postgres":
            administrator().close()
        if broker == "redis":
            redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except (psycopg.OperationalError, redis.ConnectionError) as error:
        pytest.skip(f"PostgreSQL ({POSTGRES_URL}) or Redis ({REDIS_URL}) is not there: {error}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database", "broker"), [("sqlite", "orm"), ("postgres", "orm"), ("postgres", "redis")]
)
def test_no_job_is_lost_whatever_happens_to_its_workers(database: str, broker: str) -> None:
    skip_without_server(database, broker)
    run = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--database", database, "--broker", broker, *SHORT],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
