"""How a database becomes again as the migrations have left it, after a test that has committed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from gallery.models.changes import TABLE
from tests import ROOT


def migrate_sqlite(path: Path) -> None:
    """In a process of its own, as on a site: this one may have another database."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    own = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run(command, cwd=ROOT, env=own, check=True)


@contextmanager
def put_back_from_a_copy(folder: Path) -> Iterator[None]:
    """Rows come back from a copy, with what migrations have put there: a few milliseconds.

    Django would empty each table and make all permissions anew, which takes longer than most tests.
    """
    if connection.vendor == "sqlite":
        put_back = partial(_put_back_from_file, _copied_to_file(folder))
    else:
        put_back = partial(_put_back_from_schema, _copied_to_schema())
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: put_back())
        # What `serialized_rollback` would load before each test is there already.
        patch.delattr(connection, "_test_serialized_contents", raising=False)
        yield


def _tables() -> list[str]:
    """That which triggers write comes last."""
    names = sorted(connection.introspection.table_names(), key=TABLE.__eq__)
    return [connection.ops.quote_name(name) for name in names]


def _copied_to_file(folder: Path) -> Path:
    copy = folder / "migrated.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    return copy


def _put_back_from_file(copy: Path) -> None:
    """Page by page, also where threads and workers have it open.

    No number is given twice: browsers and other processes keep what they know by numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        numbers = cursor.fetchall()
        with closing(sqlite3.connect(copy)) as migrated:
            migrated.backup(connection.connection)
        cursor.execute("DELETE FROM sqlite_sequence")
        cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", numbers)


def _copied_to_schema() -> list[str]:
    filled = _filled_tables()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA migrated")
        for table in filled:
            cursor.execute(f"CREATE TABLE migrated.{table} AS TABLE {table}")
    return filled


def _put_back_from_schema(copied: list[str]) -> None:
    """PostgreSQL checks foreign keys at the end: the order of the tables does not matter."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _filled_tables():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        for table in copied:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM migrated.{table}")  # noqa: S608


def _filled_tables() -> list[str]:
    """Few of a hundred: PostgreSQL takes long to empty them all."""
    parts = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in _tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [table for (table,) in cursor.fetchall()]
