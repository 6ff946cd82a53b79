"""The triggers, which are no part of migrations: SQLite makes tables anew, and a trigger would name what is gone.

`manage.py migrate` stops the counting before it changes anything, and starts it when all is as the models say.
Meanwhile no row of NOBODY is there, and so nobody relies on the numbers.
"""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from gallery.changes.counted import COUNTED
from gallery.changes.vendors import Vendor, sql_of
from gallery.models.changes import NOBODY, TABLE, LibraryChange

PREFIX: Final = "library_change_"


def is_migrated(connection: BaseDatabaseWrapper) -> bool:
    executor = MigrationExecutor(connection)
    is_recorded = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    tables = {model._meta.db_table for model in COUNTED} | {TABLE}
    return is_recorded and tables.issubset(connection.introspection.table_names())


def is_counting(connection: BaseDatabaseWrapper) -> bool:
    """By the triggers as they are defined here: their names have a digest of all definitions."""
    is_announced = LibraryChange.objects.using(connection.alias).filter(owner_id=NOBODY).exists()
    return is_announced and set(_existing(connection)) == set(_defined(sql_of(connection)))


def stop(connection: BaseDatabaseWrapper) -> None:
    if TABLE in connection.introspection.table_names():
        _execute(connection, f"DELETE FROM {TABLE} WHERE owner_id = {NOBODY}")
    for name in _existing(connection):
        _execute(connection, sql_of(connection).DROP % name)


def start(connection: BaseDatabaseWrapper) -> None:
    """The row of NOBODY comes last: with it all numbers are larger than they have ever been."""
    vendor = sql_of(connection)
    with transaction.atomic(connection.alias):
        for definition in _defined(vendor).values():
            _execute(connection, definition)
    users, values = User._meta.db_table, f"{vendor.START}, {vendor.NOW}"
    columns = f"INSERT INTO {TABLE} (owner_id, number, changed_at)"
    counted = f"SELECT owner_id FROM {TABLE}"
    _execute(connection, f"{columns} SELECT id, {values} FROM {users} WHERE id NOT IN ({counted})")
    _execute(connection, f"{columns} VALUES ({NOBODY}, {values})")


def _defined(vendor: Vendor) -> dict[str, str]:
    everything = "".join(sql for _name, sql in vendor.definitions(""))
    digest = hashlib.blake2b(everything.encode(), digest_size=4).hexdigest()
    return dict(vendor.definitions(f"{PREFIX}{digest}_"))


def _existing(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql_of(connection).EXISTING)
        return [name for (name,) in cursor.fetchall() if name.startswith(PREFIX)]


def _execute(connection: BaseDatabaseWrapper, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
