"""`manage.py prepare` makes a site ready, once: database, secret key, first administrator."""

from __future__ import annotations

import os
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
