"""How a database becomes again as the migrations have left it, after a test that has committed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from tests import ROOT


def migrate_sqlite(path: Path) -> None:
    """In a process of its own, as on a site: this one may have another database."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    own = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run(command, cwd=ROOT, env=own, check=True)


@contextmanager
def put_back_from_a_copy(folder: Path) -> Iterator[None]:
    """SQLite's rows come back from a copy, with what migrations have put there: a few milliseconds.

    Django would empty each table and make all permissions anew, which takes longer than most tests.
    """
    copy = str(folder / "migrated.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [copy])
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: put_back(copy))
        # What `serialized_rollback` would load before each test is there already.
        patch.delattr(connection, "_test_serialized_contents", raising=False)
        yield


def put_back(copy: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ATTACH %s AS migrated", [copy])
        with connection.constraint_checks_disabled(), transaction.atomic():
            for table in map(connection.ops.quote_name, connection.introspection.table_names()):
                cursor.execute(f"DELETE FROM main.{table}")  # noqa: S608  (names of our tables)
                written = _written_columns(table)
                cursor.execute(
                    f"INSERT INTO main.{table} ({written}) SELECT {written} FROM migrated.{table}"  # noqa: S608
                )
        cursor.execute("DETACH migrated")


def _written_columns(table: str) -> str:
    """Those that the database does not generate from others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM pragma_table_info({table})")  # noqa: S608
        return ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
