"""The same whole paths on PostgreSQL, with the queue in Redis: run again, where both answer."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.needs import POSTGRES_URL, REDIS_URL, redis_alone
from tests.postgres import TEMPLATE

TESTS = [
    "tests/gallery/test_pipeline.py",
    "tests/gallery/test_services.py",
    "tests/gallery/test_queries.py",
    "tests/gallery/test_deletion_races.py",
    "tests/gallery/test_upload_quota.py",
    "tests/gallery/test_upload_races.py",
    "tests/gallery/test_changes.py",
    "tests/gallery/test_changes_at_once.py",
    "tests/gallery/test_changes_migrated.py",
    "tests/gallery/api/test_unchanged.py",
    "tests/gallery/api/test_unchanged_writes.py",
    "tests/gallery/api/test_last_modified.py",
    "tests/gallery/api/test_conditional_races.py",
    "tests/gallery/api/test_idempotency_races.py",
]


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
def test_whole_paths_hold_on_postgres_and_redis(migrated_postgres: str) -> None:
    own = {"DATABASE_URL": POSTGRES_URL, "REDIS_URL": REDIS_URL, TEMPLATE: migrated_postgres}
    with redis_alone(REDIS_URL):
        outcome = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *TESTS],
            cwd=settings.BASE_DIR,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=False,
        )
    assert outcome.returncode == 0, outcome.stdout
