"""The short form of `make chaos`: see there for what goes wrong and what must hold."""

from __future__ import annotations

import subprocess
import sys
from contextlib import nullcontext

import pytest
from django.conf import settings

from tests.chaos.surroundings import REDIS_URL
from tests.needs import redis_alone

COMMAND = [sys.executable, "-m", "tests.chaos"]
SHORT = ["--jobs", "16", "--users", "3", "--trouble-seconds", "15"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database", "broker"),
    [
        ("sqlite", "orm"),
        pytest.param("postgres", "orm", marks=pytest.mark.postgres),
        pytest.param("postgres", "redis", marks=[pytest.mark.postgres, pytest.mark.redis]),
    ],
)
def test_no_job_is_lost_whatever_happens_to_its_workers(database: str, broker: str) -> None:
    with redis_alone(REDIS_URL) if broker == "redis" else nullcontext():
        run = subprocess.run(
            [*COMMAND, "--database", database, "--broker", broker, *SHORT],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
