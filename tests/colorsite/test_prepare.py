"""`manage.py prepare` makes a site ready, once: database, secret key, first administrator."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from colorsite.environment import BASE_DIR
from tests.colorsite.test_make_run import free_port


def prepare(folder: Path, **variables: str) -> str:
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / "var"),
        "PORT": str(free_port()),
        **variables,
    }
    command = [sys.executable, "manage.py", "prepare"]
    response = subprocess.run(
        command,
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return response.stdout


def test_the_administrators_password_is_printed_once(tmp_path: Path) -> None:
    first = prepare(tmp_path, ADMIN_EMAIL="me@example.org")

    assert "First administrator: me@example.org with the password " in first
    assert "shown only this once" in first
    assert prepare(tmp_path) == ""


def test_it_makes_database_and_secret_key(tmp_path: Path) -> None:
    prepare(tmp_path)

    assert (tmp_path / "var/db.sqlite3").stat().st_size > 0
    assert (tmp_path / "var/secret_key").exists()


def modes(folder: Path) -> set[str]:
    return {oct(path.stat().st_mode & 0o777) for path in folder.iterdir() if path.is_file()}


def test_database_and_key_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert modes(tmp_path / "var") == {"0o600"}
    for path in (tmp_path / "var").iterdir():
        if path.is_file():
            path.chmod(0o644)
    prepare(tmp_path)
    assert modes(tmp_path / "var") == {"0o600"}


def test_what_sqlite_writes_beside_its_file_is_as_private(tmp_path: Path) -> None:
    code = """
import os; os.umask(0)
import django; django.setup()
from django.db import connection
connection.cursor().execute("CREATE TABLE t (x)")
folder = connection.settings_dict["NAME"].rpartition("/")[0]
for name in sorted(name for name in os.listdir(folder) if name.startswith("db")):
    print(name, oct(os.stat(f"{folder}/{name}").st_mode & 0o777))
"""
    variables = {"DJANGO_SETTINGS_MODULE": "colorsite.settings", "DATA_DIR": str(tmp_path)}
    output = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = ("db.sqlite3", "db.sqlite3-shm", "db.sqlite3-wal")
    assert output.splitlines() == [f"{name} 0o600" for name in names]


def test_the_administrator_need_not_confirm_the_address(tmp_path: Path) -> None:
    prepare(tmp_path, ADMIN_EMAIL="Me@example.org")
    database = sqlite3.connect(tmp_path / "var/db.sqlite3")
    rows = database.execute("SELECT email, verified FROM account_emailaddress").fetchall()
    assert rows == [("me@example.org", 1)]
