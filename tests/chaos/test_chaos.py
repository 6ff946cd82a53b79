"""The short form of `make chaos`: see there for what goes wrong and what must be true at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import nullcontext

import psutil
import pytest
from django.conf import settings

from tests.chaos.surroundings import REDIS_URL, database_name
from tests.needs import redis_alone
from tests.postgres import TEMPLATE, administrator
from tests.worker import wait_until

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "tests.chaos"]
SHORT = ["--jobs=12", "--archives=4", "--users=3", "--workers=1", "--trouble-seconds=12"]
ENDED_BY_SIGTERM = 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("database", "broker"),
    [
        ("sqlite", "orm"),
        pytest.param("postgres", "orm", marks=pytest.mark.postgres),
        pytest.param("postgres", "redis", marks=[pytest.mark.postgres, pytest.mark.redis]),
    ],
)
def test_no_job_is_lost_whatever_happens_to_its_workers(
    database: str, broker: str, request: pytest.FixtureRequest
) -> None:
    own = dict(os.environ)
    if database == "postgres":
        own[TEMPLATE] = request.getfixturevalue("migrated_postgres")
    with redis_alone(REDIS_URL) if broker == "redis" else nullcontext():
        run = subprocess.run(
            [*COMMAND, "--database", database, "--broker", broker, *SHORT],
            cwd=settings.BASE_DIR,
            env=own,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr


def processes_of(run: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(run.pid).children(recursive=True)


def are_working(processes: list[psutil.Process]) -> bool:
    return any("qcluster" in process.cmdline() for process in processes)


@pytest.mark.postgres
def test_ended_by_sigterm_it_leaves_no_workers_and_no_database(migrated_postgres: str) -> None:
    own = {**os.environ, TEMPLATE: migrated_postgres}
    command = [*COMMAND, "--database", "postgres", *SHORT]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=own) as run:
        wait_until(lambda: are_working(processes_of(run)), "workers")
        family = processes_of(run)
        run.terminate()
        assert run.wait() == ENDED_BY_SIGTERM
    wait_until(lambda: not any(map(psutil.Process.is_running, family)), "the end of the workers")
    with administrator() as connection:
        found = connection.execute(
            "SELECT FROM pg_database WHERE datname = %s", [database_name(run.pid)]
        )
        assert found.rowcount == 0
