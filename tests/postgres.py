"""PostgreSQL as the migrations leave it: made once a run, for all databases that its tests start with."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import psycopg
from filelock import FileLock
from psycopg import sql

from tests import ROOT
from tests.needs import POSTGRES_URL

TEMPLATE: Final = "TEST_POSTGRES_TEMPLATE"
"""The environment variable that tells processes of a test which database to copy."""
RUN: Final = "TEST_RUN"
"""Of the processes of pytest-xdist: the one that has started them."""


def administrator() -> psycopg.Connection:
    return psycopg.connect(POSTGRES_URL, autocommit=True, connect_timeout=60)


def create_database(name: str) -> None:
    """Migrated where the environment names a database to copy, else empty."""
    template = os.environ.get(TEMPLATE, "template1")
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with administrator() as connection:
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(name: str) -> None:
    command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with administrator() as connection:
        connection.execute(command.format(sql.Identifier(name)))


def migrated_template() -> str:
    """The name of this run's, made by whichever process comes first."""
    name, made = _name(), _mark()
    with FileLock(f"{made}.lock"):
        if not made.exists():
            made.touch()
            create_database(name)
            own = {**os.environ, "DATABASE_URL": f"{POSTGRES_URL.rpartition('/')[0]}/{name}"}
            command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(command, cwd=ROOT, env=own, check=True)
    return name


def drop_template() -> None:
    if _mark().exists():
        drop_database(_name())
        _mark().unlink()
        Path(f"{_mark()}.lock").unlink(missing_ok=True)


def _name() -> str:
    return f"tintype_migrated_{os.environ[RUN]}"


def _mark() -> Path:
    """There as long as the database is."""
    return Path(tempfile.gettempdir()) / _name()
