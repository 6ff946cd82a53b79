"""Webhooks once more on PostgreSQL, where it answers: it locks rows, SQLite a file."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.needs import POSTGRES_URL


@pytest.mark.slow
@pytest.mark.postgres
def test_deliveries_are_told_once_on_postgres() -> None:
    url = POSTGRES_URL.rpartition("/")[0] + f"/webhooks_{os.getpid()}"
    tests = ["tests/webhooks/test_deliveries.py", "tests/webhooks/test_races.py"]
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "REDIS_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout
