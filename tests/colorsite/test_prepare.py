"""`manage.py prepare` makes a site ready, once: database, secret key, first administrator."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from colorsite.environment import BASE_DIR
from colorsite.listening import check_can_listen
from tests.colorsite.test_make_run import free_port

pytestmark = pytest.mark.slow


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


def modes(folder: Path) -> set[str]:
    return {oct(path.stat().st_mode & 0o777) for path in folder.iterdir() if path.is_file()}


def administrators(folder: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        return database.execute("SELECT email, verified FROM account_emailaddress").fetchall()


def test_it_makes_database_key_and_administrator_once(tmp_path: Path) -> None:
    """The second time finds files that others could read."""
    folder = tmp_path / "var"
    first = prepare(tmp_path, ADMIN_EMAIL="Me@example.org")
    assert "First administrator: Me@example.org with the password " in first
    assert "shown only this once" in first
    assert (folder / "db.sqlite3").stat().st_size > 0
    assert (folder / "secret_key").exists()
    assert administrators(folder) == [("me@example.org", 1)]
    assert modes(folder) == {"0o600"}
    for path in folder.iterdir():
        if path.is_file():
            path.chmod(0o644)
    assert prepare(tmp_path) == ""
    assert modes(folder) == {"0o600"}
    assert administrators(folder) == [("me@example.org", 1)]


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


@pytest.mark.parametrize("host", ["::1", "::"])
def test_the_site_may_listen_on_an_address_of_ipv6(host: str) -> None:
    try:
        listener = socket.create_server((host, 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with closing(listener):
        port = listener.getsockname()[1]
        with pytest.raises(CommandError, match=f"cannot listen on {host}:{port}"):
            check_can_listen(host, port)
    check_can_listen(host, port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_that_is_not_of_this_machine_is_not_taken_for_a_busy_port(host: str) -> None:
    with pytest.raises(CommandError, match=r"cannot listen on .* into HOST, for example"):
        check_can_listen(host, 8000)
