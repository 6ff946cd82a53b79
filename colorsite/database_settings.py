"""How Django connects to the database of an address."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url

from colorsite.own_files import make_private_file

SQLITE_OPTIONS = {
    # Take the write lock at BEGIN: a read lock that is upgraded later fails at once when another process writes.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}

# The rows of one person lie scattered among everybody's. With PostgreSQL's own figure, which is for turning disks, it
# reads the whole table rather than an index of the owner's rows.
POSTGRES_OPTIONS = "-c random_page_cost=1.1"

# Seconds, and of tcp_user_timeout milliseconds, after which a server that has vanished without a word is away. libpq's
# own figures are those of the kernel: minutes for a new connection, hours for one that waits for a result.
POSTGRES_TIMEOUTS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def database_at(url: str) -> dict[str, Any]:
    database: dict[str, Any] = {
        **dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    }
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
        # SQLite gives its -wal and -shm the mode of the file itself.
        if database["NAME"] != ":memory:":
            make_private_file("DATABASE_URL", Path(database["NAME"]))
    if database["ENGINE"] == "django.db.backends.postgresql":
        database["OPTIONS"] = {**_postgres_options(url), **database.get("OPTIONS", {})}
    return database


def _postgres_options(url: str) -> dict[str, Any]:
    """Options of a connection would replace those of libpq's environment variables."""
    chosen: dict[str, Any] = dict(POSTGRES_TIMEOUTS)
    if "PGCONNECT_TIMEOUT" in os.environ:
        del chosen["connect_timeout"]
    if not _names_options(url):
        chosen["options"] = f"{POSTGRES_OPTIONS} {os.environ.get('PGOPTIONS', '')}".strip()
    return chosen


def _names_options(url: str) -> bool:
    """Also none, as poolers want it that refuse options."""
    return "options" in parse_qs(urlsplit(url).query, keep_blank_values=True)
