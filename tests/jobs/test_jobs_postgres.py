"""The promises of records and webhooks once more on PostgreSQL, where it answers: it locks rows, SQLite a file."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings

from tests.needs import POSTGRES_URL
from tests.postgres import TEMPLATE

TESTS = [
    "tests/jobs/test_transitions.py",
    "tests/jobs/test_state_machine.py",
    "tests/jobs/test_concurrency.py",
    "tests/jobs/test_lease.py",
    "tests/jobs/test_scheduling.py",
    "tests/jobs/test_changes.py",
    "tests/webhooks/test_deliveries.py",
    "tests/webhooks/test_races.py",
]


@pytest.fixture
def url() -> str:
    """Of a database that is not there yet: the tests make one, named after this process."""
    try:
        psycopg.connect(POSTGRES_URL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        pytest.skip(f"PostgreSQL ({POSTGRES_URL}) is not there: {error}")
    return POSTGRES_URL.rpartition("/")[0] + f"/jobs_{os.getpid()}"


@pytest.mark.slow
def test_records_stay_true_on_postgres(url: str, migrated_postgres: str) -> None:
    own = {"DATABASE_URL": url, "REDIS_URL": "", TEMPLATE: migrated_postgres}
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *TESTS],
        cwd=settings.BASE_DIR,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout
